"""The filmstrip: the photos on the desk, how each goes, and how they leave it and come back."""
