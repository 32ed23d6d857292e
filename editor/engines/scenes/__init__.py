"""Sets as data: what there is to build with, the scenes composed from it, how a product stands in them.

Nothing here loads Blender: editor/engines/blender builds what a SetPlan says, in a process of its own.
"""
