"""PNG: damaged files that browsers show are read, and small files are written quickly."""
