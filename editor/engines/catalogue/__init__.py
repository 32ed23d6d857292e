"""Catalogues: recipes, marketplaces, names, checks and the files that go out. Data and arithmetic, no Django."""
