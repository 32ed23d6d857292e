"""What lets the ground shine through: glass, veils and lenses before a ground that is nearly plain."""
