"""A copy of all that the studio has of a person: asked for by them alone, made by a worker, kept for days."""
