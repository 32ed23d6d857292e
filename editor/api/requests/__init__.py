"""What a call brings: its body, parameters by any of their names, pictures, and whether it came before.

Only names and values are the API's here; what they mean for a tool is that tool's form to say (editor/forms).
"""
