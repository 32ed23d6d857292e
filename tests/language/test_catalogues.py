"""Catalogues are compiled at set-up: once, again when their source has another time, and never by halves."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from web.language.catalogues import compile_catalogues

HEAD = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + 'msgid "Photo"\nmsgstr "Foto"\n')
    return path


def read(source: Path) -> gettext.GNUTranslations:
    with source.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(source: Path) -> None:
    assert compile_catalogues(source.parents[2]) == [source.with_suffix(".mo")]
    assert read(source).gettext("Photo") == "Foto"
    assert compile_catalogues(source.parents[2]) == []

    source.write_text(HEAD + 'msgid "Photo"\nmsgstr "Bild"\n')
    # Older than what was made of the other, as after a step back to an earlier release.
    os.utime(source, (1, 1))
    assert compile_catalogues(source.parents[2]) == [source.with_suffix(".mo")]
    assert read(source).gettext("Photo") == "Bild"


def test_what_cannot_be_read_leaves_the_old_one_and_no_piece_of_a_new_one(source: Path) -> None:
    compile_catalogues(source.parents[2])
    source.write_text(HEAD + 'msgid "Photo"\nmsgstr "Bild"\n<<<<<<< mine\n')
    os.utime(source, (1, 1))
    with pytest.raises(PoFileError):
        compile_catalogues(source.parents[2])
    assert read(source).gettext("Photo") == "Foto"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
