"""The commands: an account, a key, credits, a plan."""
