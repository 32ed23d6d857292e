"""What sets are built with: the stage, shapes, light, materials. Registers nothing and knows no piece."""
