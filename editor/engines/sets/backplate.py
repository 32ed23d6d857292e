"""A photo of the brand's own as a scene: the product stands on it, with the shadow it would throw there."""
