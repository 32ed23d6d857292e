"""What the commands of the tools share: exit codes, a picture after the other, files kept apart, options.

A command is what a tool's module declares by `add_arguments(parser)` and carries out by
`run_command(asked, parser)`, which returns an exit code.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from editor.engines import errors

DONE, FAILED, USAGE, NOTHING_FOUND = 0, 1, 2, 3

FORMATS = ("png", "jpg", "webp")
SIZES = ("full", "preview", "small", "medium", "large")

Work = Callable[[Path, Path], None]


def add_format(parser: argparse.ArgumentParser) -> None:
    """Take the format of the picture that is written."""
    parser.add_argument("--format", choices=FORMATS, help="else by the output's name")


def add_size(parser: argparse.ArgumentParser) -> None:
    """Take the size of the picture that is written."""
    parser.add_argument("--size", choices=SIZES, default="full", help="longest side: 256, 512, 1024, 2048")


def add_canvas(parser: argparse.ArgumentParser, what: str) -> None:
    """Take how what is cut out lies on its canvas, as tools.canvas.CanvasOptions has it."""
    parser.add_argument("--crop", action="store_true", help=f"cut the canvas to the {what}")
    parser.add_argument(
        "--margin",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="with --crop: room on each side, as a share of the canvas, 0 to 0.45",
    )
    parser.add_argument(
        "--margin-of",
        choices=("canvas", "subject"),
        default="canvas",
        help="what the margin is a share of: the canvas's width and height, or the subject's longer side",
    )
    parser.add_argument("--square", action="store_true", help="make the canvas square")
    parser.add_argument("--mask", metavar="OUT", help="write the mask as well")
    add_format(parser)
    add_size(parser)
    add_finish(parser, "instead of --crop, --margin, --square and --size")


def add_finish(parser: argparse.ArgumentParser, why: str) -> None:
    """Take a finish, as a file."""
    parser.add_argument(
        "--finish", metavar="FILE", help=f"frame, light, shadow and ground as JSON (docs/finishes.md), {why}"
    )


def read_finish(path: str, format: str) -> dict[str, Any]:
    """Return the finish in a file, the picture's format as it is to be. Raises InvalidOptions, OSError."""
    try:
        finish = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as exc:
        raise errors.InvalidOptions(f"{path} holds no JSON") from exc
    if not isinstance(finish, dict):
        raise errors.InvalidOptions(f"{path} holds no finish: an object is expected")
    return {**finish, "format": format}


def read_canvas(asked: argparse.Namespace, parser: argparse.ArgumentParser, format: str) -> dict[str, Any]:
    """Return what add_canvas took as options of a tool."""
    outputs = "both" if asked.mask else "image"
    if asked.finish:
        if asked.crop or asked.margin or asked.square or asked.size != "full":
            parser.error("--finish takes the place of --crop, --margin, --square and --size")
        return {"finish": read_finish(asked.finish, format), "outputs": outputs}
    if asked.margin and not asked.crop:
        parser.error("--margin goes with --crop")
    return {
        "crop": asked.crop,
        "margin": asked.margin,
        "margin_of": asked.margin_of,
        "square": asked.square,
        "format": format,
        "size": asked.size,
        "outputs": outputs,
    }


def add_background(parser: argparse.ArgumentParser) -> None:
    """Take what a picture is laid on."""
    parser.add_argument("--background", metavar="COLOUR|FILE", help="lay the subject on this")


def read_background(wanted: str | None) -> dict[str, str]:
    """Return the option for a colour or, where a file of that name exists, a picture."""
    if not wanted:
        return {}
    return {"background_path": wanted} if Path(wanted).is_file() else {"background": wanted}


def choose_format(target: Path, *, into_folder: bool = False) -> str:
    """Return the format that the output's name asks for; png if it has no say. Raises InvalidOptions."""
    suffix = "" if into_folder else target.suffix.lower().removeprefix(".")
    suffix = "jpg" if suffix in ("jpeg", "jfif") else suffix
    if suffix not in ("", *FORMATS):
        raise errors.InvalidOptions(f"the output can be png, jpg or webp, not {suffix}")
    return suffix or "png"


def keep_apart(sources: Sequence[Path], targets: Sequence[Path]) -> None:
    """Raise InvalidOptions where a result would be written over a source, or over another result."""
    taken = {source.resolve() for source in sources}
    for target in targets:
        if target.resolve() in taken:
            raise errors.InvalidOptions(
                f"{target} would be written over a picture of the same name. Choose another output"
            )
        taken.add(target.resolve())


def work_through(sources: list[Path], targets: list[Path], work: Work) -> int:
    """Do the work on each source, going on past failures; return the worst exit code."""
    from tqdm import tqdm

    code = DONE
    pairs = list(zip(sources, targets, strict=True))
    with tqdm(pairs, unit="picture", disable=len(pairs) == 1 or not sys.stderr.isatty()) as bar:
        for source, path in bar:
            try:
                work(source, path)
            except (errors.WeightsMissing, errors.InvalidOptions):
                # They would fail every other picture too.
                raise
            except errors.NothingFound as exc:
                bar.clear()
                complain(f"{source}: {exc}")
                code = code or NOTHING_FOUND
            except errors.EngineError as exc:
                bar.clear()
                code = complain(f"{source}: {exc}")
            except OSError as exc:
                bar.clear()
                code = complain(f"{exc.filename or source}: {exc.strerror or exc}")
    return code


def say(text: object) -> None:
    """Print what a command was asked for."""
    print(text)


def complain(line: str) -> int:
    """Say on stderr what went wrong, and return the exit code for it."""
    print(f"python -m editor.engines: {line}", file=sys.stderr)
    return FAILED
