"""Every language says all: nothing untranslated or guessed, each value and tag in place, nothing over-long.

It reads the catalogues alone, and nothing of the database.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"
FILES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
LANGUAGES = {"de", "fr", "es", "it", "pt", "ja", "zh_Hans"}
# Languages whose characters are words: they need no more room than English.
DENSE = {"ja", "zh_Hans"}
HELD = re.compile(r"%\(\w+\)[sd]|\{\{?[\w:]*\}?\}|%%|%[sd](?![a-z])|</?[a-z][^<>]*>|&\w+;")
SHORT = 20


def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return each form beside the English that it stands for."""
    if isinstance(message.id, tuple):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        return [
            (message.id[min(at, 1)] if len(forms) > 1 else message.id[1], said)
            for at, said in enumerate(forms)
        ]
    return [(message.id, str(message.string))]


def held(text: str) -> Counter[str]:
    return Counter(HELD.findall(text))


def test_every_language_has_both_catalogues() -> None:
    assert {path.parts[-3] for path in FILES} == LANGUAGES
    assert len(FILES) == 2 * len(LANGUAGES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_nothing_is_untranslated_or_a_guess(path: Path) -> None:
    assert [message.id for message in messages(path) if message.fuzzy] == []
    assert [english for one in messages(path) for english, said in pairs(one) if not said.strip()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_values_and_tags_stay(path: Path) -> None:
    wrong = []
    for message in messages(path):
        wanted = [held(one) for one in (message.id if isinstance(message.id, tuple) else (message.id,))]
        wrong += [said for _, said in pairs(message) if held(said) not in wanted]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_short_words_stay_short(path: Path) -> None:
    """Buttons, labels and badges: 1.8 times the English and 6 characters are room enough."""
    if path.parts[-3] in DENSE:
        return
    long = [
        (english, said)
        for message in messages(path)
        for english, said in pairs(message)
        if len(english) < SHORT and len(said) > 1.8 * len(english) + 6
    ]
    assert long == []
