"""The gallery: what was made, found, looked at, taken away and deleted; and the trash."""
