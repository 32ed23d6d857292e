"""A cutout in hand: what is kept of it, so that a stroke that corrects it costs its neighbourhood alone."""
