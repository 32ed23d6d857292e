"""manage.py messages: bring the catalogues of all languages up to what templates, Python and scripts say.

It asks for GNU gettext, which only who works on the words needs. What a catalogue has stays; what is no
longer said goes; what is new waits untranslated.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

from editor.engines.catalogue.markets import MARKETS
from editor.engines.catalogue.naming import PRESETS
from editor.engines.scenes.templates import catalogue
from editor.engines.scenes.vocabulary import PROPS
from web.language import borrowed
from web.language.choice import ENGLISH
from web.language.names import NAMES
from web.language.spoken import list_acts, list_spoken

# What xgettext reads of the rooms that bear no marks; it goes away again.
SPOKEN = (Path("web") / "spoken_messages").with_suffix(".py")
# Forms of a number, and the rule which is which, where it is not "one, or another".
PLURALS = {"fr": (2, "n > 1"), "ja": (1, "0"), "zh_Hans": (1, "0")}
LEFT_OUT = ["tests/*", "bench/*", "findings/*", "var/*", "node_modules/*", "docs/*"]


class Command(makemessages.Command):
    help = "Update locale/*/LC_MESSAGES/*.po"
    # An old translation beside a new sentence says something else: no guesses.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        options |= {
            "locale": [folder_of(code) for code, _ in settings.LANGUAGES if code != ENGLISH],
            "ignore_patterns": LEFT_OUT,
            "no_location": True,
            "add_location": None,
            "no_wrap": True,
            "no_obsolete": True,
            "extensions": None,
        }
        path = settings.BASE_DIR / SPOKEN
        path.write_text(write_spoken())
        try:
            super().handle(*args, **{**options, "domain": "django", "extensions": ["html", "txt", "py"]})
            super().handle(*args, **{**options, "domain": "djangojs"})
        finally:
            path.unlink()
        for file in settings.LOCALE_PATHS[0].rglob("*.po"):
            file.write_text(write_head(file.read_text(), file.parts[-3]))


def folder_of(code: str) -> str:
    """Return how gettext's folders call a language: "zh-hans" is zh_Hans."""
    language, _, script = code.partition("-")
    return f"{language}_{script.capitalize()}" if script else language


def write_spoken() -> str:
    """Return a module with every sentence that bears no mark, and the names that rows and fields go by."""
    messages = dict.fromkeys(
        [
            *list_spoken(),
            *list_acts(),
            *NAMES,
            *list_scenes(),
            *list_props(),
            *list_markets(),
            *borrowed.MESSAGES,
        ]
    )
    lines = [f"gettext_noop({message!r})\n" for message in messages]
    return "".join(lines + [f"ngettext({one!r}, {many!r}, 2)\n" for one, many in borrowed.PLURALS])


def list_scenes() -> list[str]:
    """Return what the shipped scenes, and the kinds of them, are called."""
    templates = catalogue.TEMPLATES.values()
    return [*(each.name for each in templates), *dict.fromkeys(each.category for each in templates)]


def list_props() -> list[str]:
    """Return what the things are called that stand in a scene, as a take's note says which cannot be seen."""
    return [name.replace("-", " ") for name in PROPS]


def list_markets() -> list[str]:
    """Return what the shipped marketplaces are called, and patterns of files' names."""
    titles = [market.title for market in MARKETS.values() if market.kind]
    return [*titles, *(words for words, _ in PRESETS.values())]


def write_head(text: str, language: str) -> str:
    """Return a catalogue with a head that changes only when its words do."""
    _, _, entries = text.partition("\n\n")
    count, rule = PLURALS.get(language, (2, "n != 1"))
    entries = re.sub(rf'^msgstr\[{count}\] ""\n', "", entries, flags=re.MULTILINE)
    head = ['msgid ""', 'msgstr ""', '"Project-Id-Version: Sweep\\n"', f'"Language: {language}\\n"']
    head += ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"']
    head += ['"Content-Transfer-Encoding: 8bit\\n"']
    head += [f'"Plural-Forms: nplurals={count}; plural=({rule});\\n"']
    return "\n".join(head) + "\n\n" + entries
