"""The whole studio saved as a folder of plain files while work goes on, and believed by its hashes alone."""
