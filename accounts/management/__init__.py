"""Commands about people and credits, each what staff could do at the desk."""
