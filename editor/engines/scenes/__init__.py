"""Scenes as data: the vocabulary, plans written in it, where a product stands in them. Loads no Blender.

editor/engines/blender builds what a SetPlan says, in a process of its own.
"""
