"""TIFF: what a file's tags say, which page is its picture, whether it is read, and its samples.

`tags` and `pages` serve the web process at the door, where nothing but the standard library is
loaded; `segments` and `samples` unpack and scale in the imaging process.
"""
