"""No page and no letter has a word that is not in the catalogues, but what people typed and names of things.

The pages are those of tests/pages, of a studio with something of everything in it.
"""

import io
import json
import logging
import re
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from accounts.emails import messages
from accounts.models import User
from tests.pages import inventory

from . import pages, pseudo

SEED = Path(__file__).parents[1] / "pages" / "seed.py"
BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
# They say that they are English.
IN_ENGLISH = ("/api/", "/moving-here/")
# Of each row of the desk: pages that are like all others of their kind.
ALIKE = re.compile(r"_(history|delete)$")
SHOWN_ALL_THE_SAME = {"admin:accounts_user_delete", "admin:auth_group_delete", "admin:editor_photo_history"}
# What people typed, in the seed; names of files, brands, formats, units, queues and machines; marks of rows.
NAMES = re.compile(
    "|".join(
        [
            r"(thrown away |failed |short |at work |done |empty |gathering |going |stopped )?"
            r"(Winter/\d?/?)?Sommerkleid[\w./-]*( \d\.jpg)?",
            r"Winter(/words.txt)?",
            r"[\w.+-]+@[\w.-]+",
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8}\b",
            r"(lamps/)?lamp-\d\.jpg|of a take\.jpg|the-same\.MAIN\.jpg|(amazon|zalando|gs1)/[\w.-]+",
            r"(photos|results)/../[0-9a-f]+\.\w+",
            r"Alexandra Wolkenstein-Hohenlohe von und zu|\b(Olga|AW)\b|^(Bbob|O(?= ?$))",
            r"For the catalogue of the whole of next winter(, and then some)?",
            r"While the winter catalogue is made",
            r"A marketplace of our own|a-market-of-our-own-with-a-long-key|White, for everybody|Shop import",
            r"a-machine-with-a-long-name\.shop\.example|2001:db8:1:2::",
            r"Mozilla/5\.0 \(X11; Linux x86_64\)",
            r"Deutsch|English|Español|Français|Italiano|Português",
            r"\b(Sweep|Amazon|Zalando|PicWish|Remove Background|Google Merchant)\b",
            r"\b(Mercado Libre|TikTok Shop)\b",
            r"\b(AliExpress|Etsy|eBay|OTTO|Shopify|Walmart|GS1( Austria)?|Temu|Trendyol)\b",
            r"\b(Django|Pillow|Blender|Python|OpenVINO|SQLite)\b|\b[\da-f.]+\.[\d.]+\.[\da-f.]+\b",
            r"\b(JPE?G|PNG|WebP|AVIF|PSD|TIFF|DPI|API|SKU|ASIN|GTIN-14|px|[MkG]?B|cm|s|jpg|png|webp|avif|tiff|psd)\b",
            r"\b([Qq]uick|[Rr]ender|(int8|bf16|f32)( \d+\.\d+)?|NETWORK_PRECISION)\b",
            r"\b(Administrator|Quota manager|Support|Standard|Unlimited)\b",
            # Django's alternative text of its icon of a switch.
            r"^(True|False)$",
            # The audit log is kept as it was written.
            r"123,456 credits:",
            r"\{n\}|\{folder\}|\{variant\}",
        ]
    )
)
WORDS = re.compile(r"[A-Za-z]{2}")
# A number as English has it and German does not.
ENGLISH_NUMBER = re.compile(r"\d,\d{3}(?! %)|(?<![\d.])\d+\.\d{1,2}(?![\d.])")
# What stands there as it was taken from elsewhere: a key, where a marketplace's word was read, a folder.
AS_IT_IS = re.compile(r"\bguides?\b|\bhelp\b|policy|quoted by|^[a-z0-9-]+$|^[\w-]{8}$|^/[\w/-]+/media$")


@pytest.fixture
def ids(db: None) -> Any:
    """The rows that addresses name, as the seed prints them."""
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(SEED.read_text(), str(SEED), "exec"), {"__name__": "seed"})  # noqa: S102 - it is ours
    return json.loads(said.getvalue().splitlines()[-1])


def list_sights() -> list[inventory.Sight]:
    """The pages, each address once for each person who sees it."""
    found: dict[Any, inventory.Sight] = {}
    for sight in (*inventory.SIGHTS, *inventory.desk()):
        alike = ALIKE.search(sight.name) and sight.name not in SHOWN_ALL_THE_SAME
        if not alike and not sight.path.startswith(IN_ENGLISH):
            found.setdefault((sight.path, sight.who, bool(sight.form)), sight)
    return list(found.values())


def list_unmarked(page: str) -> list[str]:
    found = []
    for place, text in pages.read(page):
        left = " ".join(NAMES.sub("", BRACKETS.sub(" ", text).strip()).split())
        if (WORDS.search(left) and not AS_IT_IS.search(left)) or ENGLISH_NUMBER.search(left):
            found.append(f"{place}: {left}")
    return found


def test_every_word_of_every_page_is_in_the_catalogues(ids: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    clients = {who: Client(headers={"accept-language": "de"}) for who in ("", *ids["sessions"])}
    for who, session in ids["sessions"].items():
        clients[who].cookies[ids["cookie"]] = session
    unmarked: dict[str, str] = {}
    with pseudo.speak():
        for sight in list_sights():
            path, client = sight.path.format_map(ids), clients[sight.who]
            answer = client.post(path, sight.form) if sight.form else client.get(path)
            for words in list_unmarked(answer.content.decode()):
                unmarked.setdefault(words, sight.name)
    assert unmarked == {}


def test_what_is_not_marked_is_seen() -> None:
    page = '<p title="A title">⟦Said ⟧ 1,234 <b>left out</b></p><code>run</code>'
    page += '<input type="reset" value="Anew">'
    assert list_unmarked(page) == ["p@title: A title", "p: 1,234", "b: left out", "input@value: Anew"]


LETTERS = sorted(path.stem for path in (Path(settings.BASE_DIR) / "templates/accounts/emails").glob("*.txt"))
# All that letters are written with. Names of people are not carried to others; addresses are as they are.
WRITTEN = {
    "user": User(email="alice@example.com", name="Olga"),
    "until": datetime(2026, 12, 24, 12, tzinfo=UTC),
    "what": "a passkey was added",
    **dict.fromkeys(("link", "page", "sign_in", "reset"), "https://studio.shop.example/a/b-c"),
}
ADDRESS = re.compile(r"https?://[\w.:/-]+")


@pytest.mark.parametrize("letter", LETTERS)
def test_every_word_of_every_letter_is_in_the_catalogues(letter: str, mailoutbox: list[Any]) -> None:
    with pseudo.speak():
        messages.send("somebody@shop.example", "A new password for Sweep", letter, WRITTEN, "de")
    (sent,) = mailoutbox
    page = "\n".join(f"<p>{line}</p>" for line in (sent.subject, *sent.body.splitlines()))
    ((html, _),) = sent.alternatives
    assert BRACKETS.search(page)
    assert list_unmarked(ADDRESS.sub("", page) + ADDRESS.sub("", html)) == []


def test_every_letters_subject_is_in_the_catalogues() -> None:
    source = Path(messages.__file__).read_text()
    subjects = re.findall(r'gettext_noop\("([^"]+)"\)', source)
    assert len(subjects) >= len(LETTERS)
    with pseudo.speak(), translation.override("de"):
        assert [one for one in subjects if not BRACKETS.search(gettext(one))] == []
