"""Passwords that the studio makes up: strong, and easy to read off a screen and type."""

import secrets

# No letter that looks like another one or like a digit.
CONSONANTS = "bdfghjkmnprstvwz"
VOWELS = "aeiou"
GROUPS = 4


def readable_password() -> str:
    """Return a password such as "tobak-mirun-fesov-kadip": 66 bits of chance in four groups."""
    return "-".join(
        "".join(secrets.choice(letters) for letters in (CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS))
        for _ in range(GROUPS)
    )
