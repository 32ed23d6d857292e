"""Scenes to choose by number: each a plan with a name, and what else looks well in its place.

A new scene of known words is one Template here. Its number stays for ever.
"""
