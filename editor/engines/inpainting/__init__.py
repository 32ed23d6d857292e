"""Holes filled from their surroundings; every pixel outside the mask stays as it is, bit for bit."""
