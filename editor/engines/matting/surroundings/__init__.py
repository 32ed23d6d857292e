"""What is around a product and came along with it: the place that it stands on, lines that meet it."""
