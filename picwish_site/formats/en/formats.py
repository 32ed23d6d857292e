"""How moments read where a page does not say it by itself, as at the admin's desk."""

DATETIME_FORMAT = "j M Y, H:i"
DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
