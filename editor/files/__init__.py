"""Bytes in and out of storage: uploads, downloads, conversions, archives, signed addresses."""
