"""Scenes as a job and as a command: a picture file in, the takes' files out."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image as PillowImage

from editor.engines import types
from editor.engines.io import outputs, pictures
from editor.engines.io.provenance import reading, statement, xmp
from editor.engines.scenes.options import PROVENANCES, SceneOptions
from editor.engines.scenes.templates import catalogue

from . import commands, scene


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Build the scene for the picture file `source`; write the takes and thumbnails into `folder`.

    Of each take that is done take-1.json (and -2) says so at once. options: as scenes.options.SceneOptions.
    Raises EngineError, see errors.py.
    """
    started = time.monotonic()
    chosen = SceneOptions.from_dict(options)
    product = scene.Product.of(pictures.read(source))
    if chosen.seconds is not None:
        chosen = replace(chosen, seconds=chosen.seconds - (time.monotonic() - started))
    report(0.02)
    written: list[types.Output] = []
    packet = describe_origin(source, chosen)

    def finished(number: int, rgb: types.Image, gave_way: dict[str, Any]) -> None:
        image = PillowImage.fromarray(rgb)
        files = outputs.write_result(image, folder, chosen.format, number=number, xmp=packet)
        written.extend(files)
        _note(folder, number, files, gave_way)

    with tempfile.TemporaryDirectory(prefix="set-", dir=folder) as scratch:
        scaled = partial(_report_share, report)
        scene.make_takes(product, chosen, Path(scratch), scaled, early=folder, finished=finished)
    return written


def describe_origin(source: str, options: SceneOptions) -> bytes:
    """Return what takes say of their origin, as XMP; nothing where they are to say nothing.

    A product in a set is one element of several: the set is computed, and no model was trained for it.
    """
    if options.provenance == "none":
        return b""
    product = reading.read(options.photo_path or source)
    place = statement.RENDERED if options.backdrop_path is None else reading.read(options.backdrop_path)
    return xmp.make_packet(statement.join_elements(product, [place]))


def _report_share(report: types.Report, share: float) -> None:
    report(0.02 + 0.97 * share)


def _note(folder: Path, number: int, files: list[types.Output], gave_way: dict[str, Any]) -> None:
    """Say that a take is done, in a file that is there whole or not at all: others wait for it."""
    path = folder / f"take-{number}.json"
    told = {"outputs": [asdict(one) for one in files], "gave_way": gave_way}
    path.with_suffix(".part").write_text(json.dumps(told))
    path.with_suffix(".part").replace(path)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the command line may ask of a scene."""
    parser.add_argument("input", nargs="?", help="a cutout with alpha; a photo is cut out first")
    parser.add_argument("output", nargs="?", help="with two takes the second is OUTPUT-2")
    parser.add_argument("--scene", type=int, metavar="N", help="a scene's number")
    parser.add_argument("--prompt", metavar="TEXT", help="the scene in words")
    parser.add_argument("--negative", metavar="TEXT", default="", help="what should not be in it")
    parser.add_argument("--backdrop", metavar="FILE", help="a photo to stand in")
    parser.add_argument("--floor", type=float, default=0.8, help="where its ground is, share of its height")
    parser.add_argument("--reflection", type=float, default=0.0, help="with --backdrop: 0 to 1")
    parser.add_argument("--seed", type=int, default=0, help="another number gives another take")
    parser.add_argument("--takes", type=int, default=1, help="1 or 2")
    parser.add_argument("--size", type=int, default=1024, help="the longer side in pixels")
    parser.add_argument("--aspect", default="", help="1:1, 4:5, 9:16, 16:9; else the source's")
    parser.add_argument("--place", metavar="X,Y,SCALE", help="the foot, and the longer side; shares")
    parser.add_argument("--copy", default="", metavar="SIDE", help="leave room left, right or top")
    parser.add_argument("--pose", default="", help="stand, lie or hang; else by the outline")
    parser.add_argument("--match", action="store_true", help="tint the product to the set's light")
    parser.add_argument(
        "--provenance", choices=PROVENANCES, default="none", help="what the file says of its origin"
    )
    parser.add_argument("--relight", type=float, default=0.0, help="0 to 1: the set's light on the product")
    parser.add_argument("--size-cm", type=float, help="the product's longer side, for the size of all else")
    parser.add_argument("--list", action="store_true", help="print the scenes")
    parser.add_argument("--explain", action="store_true", help="print what the words were understood as")


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Put a cutout into a set built for it: a scene of the list, one in words, or a photo of your own."""
    if asked.list:
        for template in catalogue.TEMPLATES.values():
            commands.say(f"{template.number}  {template.category:<20} {template.name}")
        return commands.DONE
    if asked.explain:
        from editor.engines.scenes import prompt

        if asked.prompt is None:
            parser.error("--explain goes with --prompt TEXT")
        understood = prompt.understand(asked.prompt, asked.negative)
        account = understood.account(understood.plan(asked.seed))
        commands.say("\n".join([*understood.lines(), *account.lines()]))
        return commands.DONE
    if not asked.input or not asked.output:
        parser.error("scene needs an input and an output")
    if sum(wanted is not None for wanted in (asked.scene, asked.prompt, asked.backdrop)) != 1:
        parser.error("choose --scene N, --prompt TEXT or --backdrop FILE: one of them")
    target = Path(asked.output)
    format = commands.choose_format(target)
    options = SceneOptions.from_dict(_asked_options(asked, format))
    product = scene.Product.of(pictures.read(asked.input))
    packet = describe_origin(asked.input, options)
    with tempfile.TemporaryDirectory(prefix="set-") as scratch, _progress() as report:
        made = scene.make_takes(product, options, Path(scratch), report)
    for number, rgb in enumerate(made, 1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        pictures.save(PillowImage.fromarray(rgb), path, format=format, xmp=packet)
    return commands.DONE


def _asked_options(asked: argparse.Namespace, format: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "seed": asked.seed,
        "takes": asked.takes,
        "size": asked.size,
        "aspect": asked.aspect,
        "copy_space": asked.copy,
        "match": asked.match,
        "relight": asked.relight,
        "size_cm": asked.size_cm,
        "pose": asked.pose,
        "format": format,
        "provenance": asked.provenance,
    }
    if asked.place:
        options["place"] = asked.place.split(",")
    if asked.prompt is not None:
        from editor.engines.scenes import prompt

        understood = prompt.understand(asked.prompt, asked.negative)
        options["plan"] = understood.plan(asked.seed).to_dict()
        options["aspect"] = asked.aspect or understood.aspect
        options["copy_space"] = asked.copy or understood.copy_space
    elif asked.backdrop:
        options |= {"backdrop_path": asked.backdrop, "floor": asked.floor, "reflection": asked.reflection}
    else:
        options |= {"scene": asked.scene, "negative_prompt": asked.negative}
    return options


@contextlib.contextmanager
def _progress() -> Iterator[types.Report]:
    from tqdm import tqdm

    with tqdm(total=100, unit="%", disable=not sys.stderr.isatty()) as bar:

        def heard(share: float) -> None:
            bar.update(max(0, int(100 * share) - bar.n))

        yield heard
