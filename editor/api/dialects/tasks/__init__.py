"""The task endpoints of the seeds 000 to 003: an order, its task, and asking how that goes."""
