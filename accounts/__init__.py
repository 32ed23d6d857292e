"""People: who may sign in, who may do how much, and what of it was used. It knows nobody who builds on it:
what others keep for people is registered with belongings.py, their tools with tool_labels.py."""
