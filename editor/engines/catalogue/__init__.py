"""Catalogues: recipes, marketplaces, names, checks and the files that go out, as data and arithmetic."""
