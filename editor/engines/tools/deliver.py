"""The files of a catalogue's recipe, all of one photo at once: cutout in, files and their checks out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from editor.engines import types
from editor.engines.catalogue.delivery import Delivery, Order
from editor.engines.catalogue.markets import Market
from editor.engines.catalogue.recipe import FileSpec, Recipe
from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.proposals import Measures
from editor.engines.io import outputs, pictures
from editor.engines.io.provenance import reading
from editor.engines.io.provenance.credentials import Signing
from editor.engines.io.provenance.statement import Statement

KNOWN = {"recipe", "finish", "files", "backdrop_path", "photo_path", "measures", "identity_path"}
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 320, 80


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write into `folder` all files of one photo, a thumbnail of the first, and the facts.

    source: the bare cutout's file. options: `recipe`, of which the finish is; `finish`, as it was resolved
    for this photo; `files`, a list of objects: a file's own words as FileSpec has them, `market` the whole
    row as Market.to_dict has it or none, `path` its folder and name in the archive; `backdrop_path`, a
    picture's file, or none; `photo_path`, the photo that was cut out, for what the recipe has measured and
    said of its origin; `measures`, what was measured before, as Measures.to_dict has it, or none;
    `identity_path`, the folder of the key that files are signed with, where the recipe asks for that.
    The files are of kind "image", numbered from 1 as in `files`; the facts are {"files": […]} in the same
    order, each as Delivered.to_dict has it, and `measures` where the recipe asks for any. Raises EngineError.
    """
    if unknown := sorted(set(options) - KNOWN):
        raise InvalidOptions(f"There is no option {', '.join(unknown)}.")
    orders = read_orders(options.get("files"))
    recipe = Recipe.from_dict(options.get("recipe") or {})
    backdrop, photo = (
        Path(path) if (path := options.get(name)) else None for name in ("backdrop_path", "photo_path")
    )
    finish = Finish.from_dict(options.get("finish") or {})
    said = reading.read(photo) if photo else Statement()
    delivery = Delivery(
        Path(source),
        finish,
        backdrop,
        origin=said if recipe.provenance == "source" else None,
        signing=Signing(Path(options["identity_path"]), said) if recipe.credentials else None,
    )
    found: dict[str, Any] = {}
    if recipe.needs_measures:
        kept = Measures.from_dict(options.get("measures") or {})
        found["measures"] = delivery.follow(recipe, kept, photo).to_dict()
    report(0.1)
    made = {}
    for number, one in delivery.make_each(orders, folder):
        made[number] = one
        report(0.1 + 0.85 * len(made) / len(orders))
    files = [
        types.Output("image", str(one.path), one.width, one.height, one.format, one.bytes, number=number + 1)
        for number, one in sorted(made.items())
    ]
    first = made[0]
    files.append(write_thumbnail(first.path, folder / "thumbnail.webp"))
    found["files"] = [made[number].to_dict() for number in range(len(orders))]
    files.append(outputs.write_facts(found, folder, first.width, first.height))
    return files


def read_orders(files: object) -> list[Order]:
    """Return what is to be made, from a JSON list. Raises InvalidOptions."""
    if not isinstance(files, list) or not files or not all(isinstance(one, Mapping) for one in files):
        raise InvalidOptions("files must be a list of objects, and not empty.")
    orders = []
    for one in files:
        read = dict(one)
        market, path = read.pop("market", None), read.pop("path", "")
        row = Market.from_dict(market) if isinstance(market, Mapping) else None
        spec = FileSpec.from_dict(read | ({"market": row.key} if row else {}))
        orders.append(Order(spec, row, str(path) or f"file.{spec.format}"))
    return orders


def write_thumbnail(source: Path, path: Path) -> types.Output:
    """Write a small WebP of a file that was made."""
    with Image.open(source) as opened:
        opened.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
        picture = opened.convert("RGBA" if "A" in opened.getbands() else "RGB")
    small = pictures.shrink(picture, THUMBNAIL_SIDE)
    return outputs.write_picture(small, path, "thumbnail", THUMBNAIL_QUALITY)
