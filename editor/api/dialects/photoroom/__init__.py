"""Photoroom's words: a background removed, and the frame, ground and shadow of its image editing."""
