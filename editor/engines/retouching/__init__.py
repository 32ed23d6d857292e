"""A cutout in hand: what is kept of it, so that each stroke that corrects it costs its neighbourhood alone."""
