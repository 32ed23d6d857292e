"""The archive of a run: one ZIP, made while it is sent, a folder for each marketplace and the manifest."""

import logging
from collections.abc import Generator, Iterable

from django.core.files.storage import default_storage
from zipstream import ZIP_STORED, ZipStream

from editor.engines.catalogue import manifest, naming
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.manifest import Line
from editor.files.downloads import CHUNK
from editor.files.zip_archives import MISSING_NOTE
from editor.models import Run, RunFile, RunItem

logger = logging.getLogger(__name__)


def write_archive(run: Run, market: str | None = None) -> Generator[bytes]:
    """Return a ZIP of a run's files and its manifests, piece by piece, the first at once.

    market: key of the marketplace whose files alone are wanted, "" for those of none, None for all.

    Asks the database now and then no more, so any thread may read on: files.zip_archives.send_parts does.
    """
    lines, stored = list_lines(run)
    if market is not None:
        lines = [line for line in lines if line.market == market or not line.file]
        stored = {line.file: stored[line.file] for line in lines if line.file}
    recipe = engine.Recipe.from_dict(run.data)
    return pack(lines, stored, recipe, run.recipe_number)


def list_lines(run: Run) -> tuple[list[Line], dict[str, str]]:
    """Return a run's lines of the manifest, and each file's name in storage by its path in the archive."""
    lines: list[Line] = []
    stored: dict[str, str] = {}
    taken: set[str] = set()
    items = run.items.order_by("number").prefetch_related("files")
    for item in items.iterator(chunk_size=500):
        files = sorted(item.files.all(), key=lambda file: file.number)
        for file in files:
            path = keep_apart(file.path, taken)
            stored[path] = str(file.file.name)
            lines.append(describe_file(item, file, path))
        if not files:
            message = item.message or f"Nothing was made of it: {item.get_state_display()}."
            lines.append(Line(item.name, item.sha256, message=message))
    return lines, stored


def describe_file(item: RunItem, file: RunFile, path: str) -> Line:
    """Return a file's line of the manifest."""
    return Line(
        item.name,
        item.sha256,
        path,
        file.sha256,
        file.market,
        file.format,
        file.width,
        file.height,
        file.bytes,
        file.verdict,
        item.message,
        file.checks,
    )


def keep_apart(path: str, taken: set[str]) -> str:
    """Return a path that no other has: of a run that was half run again, old names may meet new ones."""
    stem, dot, ending = path.rpartition(".")
    number, found = 1, path
    while naming.fold_case(found) in taken:
        number += 1
        found = f"{stem}-{number}{dot}{ending}"
    taken.add(naming.fold_case(found))
    return found


def pack(
    lines: list[Line], stored: dict[str, str], recipe: engine.Recipe, recipe_number: int
) -> Generator[bytes]:
    """Yield the archive's bytes. Files that are gone from storage are named in MISSING.txt."""
    # Pictures are compressed already: packing them again costs time and gains nothing.
    stream = ZipStream(compress_type=ZIP_STORED)
    missing: list[str] = []
    for path, name in stored.items():
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            logger.error("The stored file %s is missing (wanted for a run's archive).", name)
            missing.append(path)
            continue
        with file:
            stream.add(file.chunks(CHUNK), path)
            yield from stream.file()
    for name, text in list_texts(lines, missing, recipe, recipe_number):
        stream.add(text.encode(), name)
    yield from stream.finalize()


def list_texts(
    lines: list[Line], missing: list[str], recipe: engine.Recipe, recipe_number: int
) -> Iterable[tuple[str, str]]:
    """Yield what goes along with the pictures: name and text."""
    yield manifest.CSV_NAME, manifest.write_csv(lines, recipe, recipe_number)
    yield manifest.JSON_NAME, manifest.write_json(lines, recipe, recipe_number)
    if missing:
        yield "MISSING.txt", MISSING_NOTE + "\n".join(missing) + "\n"
