"""What CONTRIBUTING lists is all that an addition takes: each list is followed in a copy of the tree."""
