"""Holes filled from their surroundings, once rim and shadow are in them and see-through marks off."""
