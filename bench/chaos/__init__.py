"""Chaos: a grown studio under load while its parts are killed, cut off and filled up; and then its books."""
