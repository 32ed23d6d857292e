"""What goes into a run: files, archives, tables. What cannot be read is kept as a line with its reason."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import PurePosixPath
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction

from accounts.models import User
from editor.engines import errors
from editor.engines.catalogue import sources, tables
from editor.engines.limits import STUDIO
from editor.files import uploads
from editor.files.large_uploads import MOST_ARCHIVE_BYTES
from editor.models import Photo, Recipe, Run, RunItem
from editor.work import orders, recipes

from .errors import RunRefused
from .gather import MOST_ITEMS, Gathered, State, check_open, clean_path, count, describe_double
from .tables import add_table, lay_table

__all__ = ["Gathered", "add_archive", "add_files", "add_table", "add_upload", "create"]

MOST_UNPACKED_BYTES = 2 * 2**30
"""Of a ZIP, which is unpacked while somebody waits."""
NOT_THE_FILES_FAULT = frozenset({"disk_full", "storage_full", "too_many_photos"})
TABLE_ENDINGS = (".csv", ".tsv")


def create(owner: User, recipe: Recipe, name: str = "") -> Run:
    """Begin a run of a recipe, to which photos are added next. Raises RunRefused."""
    try:
        data = recipes.read(recipe).to_dict()
    except recipes.RecipeRefused as exc:
        raise RunRefused(exc.sentence) from exc
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    return Run.objects.create(
        owner=owner,
        recipe=recipe,
        recipe_number=recipe.number,
        data=data,
        backdrop=recipe.backdrop,
        name=(name or recipe.name)[:120],
    )


def add_files(run: Run, files: Sequence[UploadedFile], paths: Sequence[str] = ()) -> Iterator[Gathered]:
    """Add files, each by what its name says that it is, and yield what came of each.

    paths: theirs in the folder that they came in, where told. Raises as add_upload, add_archive and add_table
    do; what came by then stays.
    """
    told = paths if len(paths) == len(files) else [""] * len(files)
    # What a table says of photos is laid beside those that are there: it comes last.
    for upload, path in sorted(zip(files, told, strict=True), key=lambda one: is_table(one[0].name)):
        # By their bytes, office documents are ZIPs too.
        if (upload.name or "").lower().endswith(".zip"):
            yield add_archive(run, upload)
        elif is_table(upload.name):
            yield add_table(run, upload)
        else:
            yield count([add_upload(run, upload, path)])


def is_table(name: str | None) -> bool:
    return (name or "").lower().endswith(TABLE_ENDINGS)


def add_upload(run: Run, upload: UploadedFile, path: str) -> RunItem:
    """Add one file. path: in the folder that it came in. What is no photo is added with its reason.

    Raises RunRefused where the run takes no more, UploadRefused where the studio has no room for any photo;
    then nothing is kept.
    """
    return add_hashed(run, upload, clean_path(path or upload.name or ""), hash_upload(upload))


def add_hashed(run: Run, upload: UploadedFile, name: str, digest: str) -> RunItem:
    """Add one file whose name is clean and whose bytes are hashed, as add_upload."""
    with transaction.atomic():
        number = check_open(run)
        twin = run.items.filter(sha256=digest).exclude(state=State.UNREADABLE).order_by("number").first()
        if twin is not None:
            return run.items.create(
                number=number,
                name=name,
                sha256=digest,
                photo=twin.photo,
                state=State.DOUBLE,
                message=describe_double(twin),
            )
    item = RunItem(run=run, name=name, sha256=digest)
    received = None
    try:
        item.photo = find_photo(run.owner, digest)
        if item.photo is None:
            # Off the desk, which hundreds would flood.
            item.photo = received = uploads.receive(run.owner, upload, on_desk=False)
    except uploads.UploadRefused as exc:
        if exc.code in NOT_THE_FILES_FAULT:
            raise
        # Which photo this is matters no more, and the next of these bytes is told why it is none as well.
        item.state, item.message = State.UNREADABLE, exc.sentence[:300]
    try:
        with transaction.atomic():
            item.number = check_open(run)
            item.save()
    except RunRefused:
        if received is not None:
            orders.delete_photo(received)
        raise
    return item


def find_photo(owner: User, digest: str) -> Photo | None:
    """Return a photo of the same bytes that a run of this person brought before; its cutout is paid for."""
    known = RunItem.objects.owned_by(owner).filter(sha256=digest, photo__owner=owner, photo__trashed_at=None)
    item = known.exclude(photo__file="").select_related("photo").first()
    return item.photo if item else None


def hash_upload(upload: UploadedFile) -> str:
    """Return the SHA-256 of an upload's bytes, which are read from their beginning and then again."""
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


# -- Archives ------------------------------------------------------------------------------------------


def add_archive(run: Run, upload: UploadedFile) -> Gathered:
    """Add the files of a ZIP, and lay the table in it, if there is one, beside them.

    It is judged before it is unpacked, and taken as a whole or not at all: raises RunRefused. UploadRefused
    where the studio has no room; what was added by then stays.
    """
    check_open(run)
    if (upload.size or 0) > MOST_ARCHIVE_BYTES:
        raise RunRefused(
            f"This ZIP has {(upload.size or 0) / 2**30:.1f} GB; at most {MOST_ARCHIVE_BYTES // 2**30} GB are "
            "taken at once. Add the folder itself, or pack it in parts."
        )
    left = MOST_ITEMS - run.items.count()
    try:
        archive, entries = sources.open_archive(
            cast(Any, upload.file), most_entries=max(1, left), most_bytes=MOST_UNPACKED_BYTES
        )
    except errors.InvalidOptions as exc:
        raise RunRefused(str(exc)) from exc
    if not uploads.has_room_for(sum(entry.file_size for entry in entries)):
        raise uploads.UploadRefused("disk_full", uploads.DISK_IS_FULL, status=507)
    items: list[RunItem] = []
    found_tables: list[tuple[str, bytes]] = []
    notes: list[str] = []
    with archive:
        for entry in entries:
            name = clean_path(sources.check_entry_name(entry.filename))
            if entry.file_size > STUDIO.bytes:
                items.append(add_unreadable(run, name, sources.say_too_large(entry.file_size)))
                continue
            # Storage on the same disk takes such a file over, and copies no byte.
            with closing(TemporaryUploadedFile(PurePosixPath(name).name, "", entry.file_size, None)) as file:
                try:
                    digest = write_all(file, sources.read_entry(archive, entry))
                except errors.InvalidOptions as exc:
                    items.append(add_unreadable(run, name, str(exc)))
                    continue
                file.seek(0)
                if is_table(name):
                    found_tables.append((name, file.read(tables.MOST_TABLE_BYTES + 1)))
                else:
                    items.append(add_hashed(run, file, name, digest))
    if not items and not found_tables:
        raise RunRefused("There is no photo in this ZIP. Choose another.")
    if len(found_tables) > 1:
        names = " and ".join(name for name, _ in found_tables[:2])
        notes.append(f"There are several tables in it, {names} among them. Add the right one by itself.")
    elif found_tables:
        name, data = found_tables[0]
        try:
            notes += lay_table(run, data).notes
        except RunRefused as exc:
            notes.append(f"{name}: {exc.sentence}")
    return count(items, notes)


def write_all(file: TemporaryUploadedFile, chunks: Iterable[bytes]) -> str:
    """Write chunks into a file. Return their SHA-256."""
    digest = hashlib.sha256()
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
    file.flush()
    return digest.hexdigest()


def add_unreadable(run: Run, name: str, reason: str) -> RunItem:
    with transaction.atomic():
        number = check_open(run)
        return run.items.create(number=number, name=name, state=State.UNREADABLE, message=reason[:300])
