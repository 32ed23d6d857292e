"""Seed 004: the picture comes as the answer to the one call that asks for it."""
