"""remove.bg's v1.0: one call whose answer is the picture's bytes or JSON, and the account behind a key."""
