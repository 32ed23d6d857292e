"""A recipe over many files without the studio: what goes in, what is made already, the table at the end."""
