"""Bytes in and out of storage: uploads, downloads, renders, archives, signed addresses."""
