"""Alpha and foreground of what stands out: how far each pixel is subject, and its colour without the ground.

Whose head or which tool it is for is not known here.
"""
