"""Lines and edges through a hole: where they enter, which ends are one line's, what they look like."""
