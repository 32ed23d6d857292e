"""What a picture says of its origin: read from photos, told of what is made of them, and nothing besides."""
