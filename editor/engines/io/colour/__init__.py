"""Colour: what a file says of its colours, and the way from them to sRGB."""
