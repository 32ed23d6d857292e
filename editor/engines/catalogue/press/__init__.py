"""Files for print and master data: outlines as paths, TIFF and PSD as Photoshop and GIMP open them."""
