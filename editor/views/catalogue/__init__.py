"""The catalogue: recipes, as they are made, looked at, shared and sent."""
