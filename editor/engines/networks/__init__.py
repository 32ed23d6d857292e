"""Networks: a model file in, arrays out. What the arrays mean for a picture is decided elsewhere."""
