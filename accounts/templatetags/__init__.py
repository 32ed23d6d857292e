"""What templates may ask about people: what is left to them, and this installation's cookies."""
