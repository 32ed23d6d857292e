"""Files to arrays and back, at the edge: sRGB uint8 and alpha float32 inside, every format outside.

Nothing here knows what a picture shows.
"""
