"""The studio's own commands."""
