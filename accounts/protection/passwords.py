"""Passwords that the studio makes up: strong, and easy to read off a screen and type."""

import secrets

# No letter that looks like another one or like a digit.
CONSONANTS = "bdfghjkmnprstvwz"
VOWELS = "aeiou"
GROUPS = 4


def make_password() -> str:
    """Return a password such as "TobakMirunFesovKadip": 66 bits of chance in four groups.

    Letters alone: a double click marks all of it in every terminal, where a hyphen ends a word in some.
    """
    pattern = (CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS)
    return "".join("".join(map(secrets.choice, pattern)).title() for _ in range(GROUPS))
