"""Statements of origin: read and written."""
