"""What a service made, fetched and judged by its header before anybody decodes it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from editor.engines.errors import EngineError
from editor.engines.io import formats

from . import fetch as fetching
from .contract import Job, Watch
from .deadline import TimeIsUp
from .errors import BadAnswer, Busy, DeadlinePassed, Expired, RemoteError, Troubled, Unreached
from .ssrf_guard import Forbidden, NotReached

MOST_BYTES = 40 * 1024 * 1024
MEGABYTE = 1024 * 1024
GONE = frozenset({403, 404, 410})

PNG_ALONE = frozenset({"PNG"})
OF_THE_WEB = frozenset({"PNG", "JPEG", "WEBP"})

# How a file of a kind ends that has not been cut short, within so many of its last bytes.
ENDINGS = {"PNG": b"IEND", "JPEG": b"\xff\xd9"}
LAST_BYTES = 4096


@dataclass(frozen=True)
class Expected:
    """What a picture must be: of these kinds, of this size in pixels where one is given, transparent."""

    kinds: frozenset[str]
    size: tuple[int, int] | None = None
    has_alpha: bool = False


def expect_result(job: Job) -> Expected:
    """Return what a service must make of a job. Raises OSError, and EngineError for an odd source."""
    if job.tool == "scene":
        return Expected(OF_THE_WEB)
    with job.source.open("rb") as file:
        header = formats.probe(file)
    size = header.width, header.height
    if job.tool == "erase":
        return Expected(OF_THE_WEB, size)
    return Expected(PNG_ALONE, size, has_alpha=True)


def check_result(path: Path, wanted: Expected, title: str) -> None:
    """Judge a picture of the service `title` by its header. Raises BadAnswer."""
    with path.open("rb") as file:
        try:
            kind = formats.sniff(file)
            header = formats.probe(file)
            picture = formats.open_picture(file, kind) if wanted.has_alpha else None
        except EngineError as exc:
            raise BadAnswer(f"{title} answered with something that is not a picture we take: {exc}") from exc
        if kind.plugin not in wanted.kinds:
            names = " or ".join(sorted(wanted.kinds))
            raise BadAnswer(f"{title} made a {kind.plugin} where a {names} was asked for. Try again later.")
        if wanted.size not in (None, (header.width, header.height)):
            width, height = wanted.size or (0, 0)
            raise BadAnswer(
                f"{title} made a picture of {header.width} × {header.height} pixels of one that has "
                f"{width} × {height}. Try again later."
            )
        if picture and not ("A" in picture.getbands() or "transparency" in picture.info):
            raise BadAnswer(f"{title} made a picture that is not transparent. Try again later.")


def is_whole(path: Path) -> bool:
    """Return whether a picture file has the end that its kind has. Raises EngineError for no picture."""
    with path.open("rb") as file:
        kind = formats.sniff(file).plugin
        file.seek(0)
        start = file.read(12)
        size = path.stat().st_size
        file.seek(max(0, size - LAST_BYTES))
        end = file.read()
    if kind == "WEBP":
        return size >= 8 + int.from_bytes(start[4:8], "little")
    return ENDINGS.get(kind, b"") in end


def fetch(
    address: str,
    path: Path,
    *,
    wanted: Expected,
    title: str,
    seconds: float,
    allowed: Collection[str],
    watch: Watch,
) -> None:
    """Fetch the picture behind an address that the service `title` gave, and check it.

    seconds: for all of it. allowed: see ssrf_guard.resolve_public. Raises RemoteError, OSError, and what
    watch raises.
    """
    try:
        fetching.fetch(address, path, max_bytes=MOST_BYTES, seconds=seconds, allowed=allowed, watch=watch)
        whole = is_whole(path)
    except (fetching.OverLimit, NotReached) as exc:
        raise _trouble(exc, title) from exc
    except EngineError as exc:
        raise BadAnswer(f"{title} answered with something that is not a picture we take: {exc}") from exc
    except DeadlinePassed as exc:
        if not isinstance(exc.__cause__, TimeIsUp):
            raise  # the caller's watch says so, of the task itself
        raise Unreached(f"{title} did not hand its picture over in time. Try again later.") from exc
    if not whole:
        raise Unreached(f"The picture of {title} came only in part. Try again in a few minutes.")
    check_result(path, wanted, title)


def _trouble(exc: fetching.OverLimit | NotReached, title: str) -> RemoteError:
    """Return the error for a picture that was not got."""
    if isinstance(exc, fetching.OverLimit):
        return BadAnswer(f"{title} made a picture of over {MOST_BYTES // MEGABYTE} MB. Try a smaller photo.")
    if isinstance(exc, Forbidden):
        return BadAnswer(
            f"{title} gave an address of its picture that the studio does not go to. "
            "Tell the person who runs the studio."
        )
    if isinstance(exc, fetching.Answered):
        if exc.status in GONE:
            return Expired(f"The address of the picture that {title} made has expired. Try again.")
        if exc.status == 429:
            return Busy(f"{title} is asked too often right now. Try again in a minute.")
        if exc.status >= 500:
            return Troubled(f"{title} has trouble on its side ({exc.status}). Try again in a few minutes.")
        return BadAnswer(f"{title} did not hand its picture over ({exc.status}). Try again later.")
    return Unreached(f"{title} does not hand its picture over. Try again in a few minutes.")
