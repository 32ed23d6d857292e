"""A task's row: who holds it, whose turn it is, how it ends. One conditional update decides each."""
