"""Moving here from another service: what to change, and what a sample call would be answered. It orders
nothing."""
