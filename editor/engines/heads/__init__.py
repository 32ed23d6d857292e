"""Heads: where they are in a picture, and what of the picture's alpha is head, or is people."""
