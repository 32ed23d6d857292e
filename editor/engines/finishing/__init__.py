"""What is cut out becomes a picture to hand over: framed, lit, on its ground. Data and arithmetic alone."""
