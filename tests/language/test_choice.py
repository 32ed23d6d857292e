"""Which language an answer has, and what stays as machines read it whatever that is."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.utils import translation

from accounts.fields import AddressField
from accounts.models import User
from editor.files import uploads
from editor.models import Task
from web.language.sentences import say_numbers, tell

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
# What browsers and drawings read as numbers; words of people may have a comma.
NUMBERS = re.compile(
    r'\b(style|data-[a-z-]+|value|min|max|step|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|d)="([^"]*\d,\d[^"]*)"'
)


def heading(client: Client, **headers: str) -> str:
    page = client.get("/account/sign-in/", **headers).content.decode()
    found = re.search(r"<h1[^>]*>([^<]*)</h1>", page)
    assert found
    return found[1].strip()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("de", "Anmelden"),
        ("pt-BR", "Entrar"),
        ("ja", "サインイン"),
        ("zh-CN", "登录"),
        ("ko,nl;q=0.5", "Sign in"),
        ("not a language;;q", "Sign in"),
    ],
)
def test_a_browser_is_answered_in_its_language(client: Client, asked: str, said: str) -> None:
    assert heading(client, HTTP_ACCEPT_LANGUAGE=asked) == said


@pytest.mark.django_db
def test_what_was_chosen_for_a_browser_is_kept_and_one_that_is_not_spoken_is_not(client: Client) -> None:
    client.post("/language/", {"language": "fr", "next": "/account/sign-in/"})
    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "fr"
    french = heading(client, **GERMAN)
    client.post("/language/", {"language": "tlh", "next": "/account/sign-in/"})
    assert heading(client, **GERMAN) == french != "Anmelden"


@pytest.mark.django_db
def test_languages_go_by_their_own_names(client: Client) -> None:
    page = client.get("/account/sign-in/", **GERMAN).content.decode()
    assert [name for _, name in django_settings.LANGUAGES if f">{name}</button>" not in page] == []


def test_a_person_s_language_goes_before_the_browser_s(alice: User, alice_client: Client) -> None:
    assert alice_client.post("/account/language/", {"language": "ja"}).status_code == 302
    page = alice_client.get("/account/usage/", **GERMAN)
    assert page["Content-Language"] == "ja"
    assert '<html lang="ja">' in page.content.decode()


def test_a_field_says_its_errors_in_the_reader_s_language() -> None:
    field = AddressField()
    with translation.override("de"):
        assert str(field.label) == "E-Mail"
        assert str(field.error_messages["required"]) != "Enter your e-mail address."


def test_rows_and_fields_go_by_the_reader_s_words_at_the_desk() -> None:
    names = Task._meta.verbose_name_plural, Task._meta.get_field("state").verbose_name
    with translation.override("de"):
        assert [str(name) for name in names] == ["Aufgaben", "Zustand"]
    with translation.override("en"):
        assert [str(name) for name in names] == ["tasks", "state"]


def test_a_program_gets_english_whatever_it_asks_for(client: Client) -> None:
    answers = [client.get("/v1/account", HTTP_ACCEPT_LANGUAGE=asked).content for asked in ("en", "de", "ja")]
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    "path", ["/account/usage/", "/editor/", "/editor/?tool=scene", "/catalogue/recipes/new/"]
)
def test_numbers_for_machines_have_no_comma(alice_client: Client, path: str) -> None:
    answer = alice_client.get(path, **GERMAN)
    assert answer.status_code == 200
    assert answer["Content-Language"] == "de"
    assert NUMBERS.findall(answer.content.decode()) == []


def test_a_sentence_that_was_kept_in_english_is_told_with_its_values() -> None:
    with translation.override("de"):
        said = tell("Scene is not in your plan. Ask the studio's admin for it.")
        assert said.startswith("Szene ")
        assert "plan" not in said
        assert tell("Nobody ever wrote such a sentence.") == "Nobody ever wrote such a sentence."
    assert tell("Cutout") == "Cutout"


def test_what_such_a_sentence_counts_and_where_one_ends_with_another_is_told_too() -> None:
    with translation.override("de"):
        assert (
            tell("1 picture and 1,200 originals brought back.") == "1 Bild und 1.200 Originale zurückgeholt."
        )
        assert tell("158 pictures moved to the trash.").startswith("158 Bilder in den Papierkorb")
        credits = tell("This costs 2 credits and you have 1 credit. Ask the studio's admin for more.")
        assert credits.startswith("Das kostet 2 Credits, und Sie haben 1 Credit. ")
        room = tell(f"Your plan keeps 3 photos, and you have them. {uploads.MAKE_ROOM}")
        assert room.startswith("Ihr Tarif bewahrt 3 Fotos auf, und so viele haben Sie. Löschen Sie")


def test_numbers_in_such_a_sentence_are_as_the_language_writes_them() -> None:
    times = "int8 0.11 s, float16 0.20 s"
    said = f"The network runs in int8: a small look takes {times}. NETWORK_PRECISION overrules."
    with translation.override("de"):
        assert "int8 0,11 s, float16 0,20 s" in tell(said)
    with translation.override("ja"):
        assert times in tell(said)
    with translation.override("de"):
        said = [say_numbers(one) for one in ("12.3", "1,000,000", "7", "1.4.5", "a.b 2.jpg", "x 3.5")]
    assert said == ["12,3", "1.000.000", "7", "1.4.5", "a.b 2.jpg", "x 3,5"]


@pytest.mark.parametrize("language", [code for code, _ in django_settings.LANGUAGES])
def test_the_script_s_words_are_those_of_the_language(client: Client, language: str) -> None:
    with translation.override(language):
        page = client.get("/account/sign-in/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
    address = re.search(r'src="(/words[^"]+|[^"]*words[^"]*\.js)"', page)
    assert address
    script = client.get(address[1])
    assert "immutable" in script["Cache-Control"]
    assert b"ngettext" in script.content


def test_a_letter_is_in_the_language_of_who_gets_it(
    alice: User, bob: User, client: Client, settings: Any
) -> None:
    backend = "django.tasks.backends.immediate.ImmediateBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": settings.MESSAGE_QUEUES}}
    alice.language = "de"
    alice.save()
    for person in (alice, bob):
        client.post("/account/password-reset/", {"email": person.email}, HTTP_ACCEPT_LANGUAGE="fr")
    assert "Passwort" in mail.outbox[0].subject
    assert "mot de passe" in mail.outbox[1].subject
