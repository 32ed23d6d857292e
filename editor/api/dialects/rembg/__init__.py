"""rembg's server: a picture in the body or behind an address, and its cutout or mask as the answer."""
