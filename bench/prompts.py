"""Scenes in words: what is in the picture of what was said, measured, and sheets to look at.

    python -m bench.prompts --sheet OUT.png [--size 320] [--seed N] [--take N …] [--photo CUTOUT]
                            [--relight 0.6] [--size-cm N]

Every prompt of bench/prompts.txt is read, rendered small and measured beside what its line asks for:

    prompt | mark, mark …

blue/red>=1.25   mean blue ÷ red of the picture outside the product
hue:pink>=0.5    percent of the picture outside the product that is saturated and of this colour
bright>=0.5, dark<=0.3   mean brightness outside the product, 0 to 1
empty:left<=0.06 mean contrast between neighbours in the third of the picture on that side

Of each prompt the stand and every kind of prop are to cover 0.3 % of the picture, counted in a pass of its
own; what the picture's edge cuts counts only where a good deal of it is in the picture.

Printed are the figures, what the tool says it shows, shows nearly and does not show, and the seconds. The
sheet has a tile a prompt; those that miss a mark have a red frame. 1 where a mark is missed.
"""

from __future__ import annotations

import argparse
import colorsys
import re
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from editor.engines import types
from editor.engines.errors import EngineError
from editor.engines.io import pictures
from editor.engines.scenes import prompt
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.prompt.colours import COLOURS, apply_tone
from editor.engines.scenes.sight import LEAST_SEEN, measure_share
from editor.engines.scenes.vocabulary import STANDS
from editor.engines.tools import scene

from .scenes import sample

LIST = Path(__file__).with_name("prompts.txt")
MARK = re.compile(r"(?P<what>[a-z/]+)(?::(?P<of>[a-z-]+))?(?P<sign>[<>]=)(?P<limit>[\d.]+)\Z")
NEAR_HUE, LEAST_CHROMA = 0.07, 0.25
"""How far round the circle of hues a colour is still called the same, and how saturated it must be."""

COLUMNS, CAPTION = 4, 64


@dataclass(frozen=True)
class Row:
    """A prompt and the marks that its picture is held against."""

    text: str
    marks: tuple[str, ...]


def read_rows() -> list[Row]:
    """Return the list's prompts."""
    rows = []
    for line in LIST.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, marks = line.partition("|")
            rows.append(Row(text.strip(), tuple(mark.strip() for mark in marks.split(",") if mark.strip())))
    return rows


def main() -> int:
    """Print the table and write the sheet; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sheet", type=Path, required=True)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--take", nargs="+", type=int, help="only these lines, counted from 1")
    parser.add_argument("--photo", type=Path)
    parser.add_argument("--size-cm", type=float)
    parser.add_argument("--relight", type=float, default=0.6)
    asked = parser.parse_args()
    rows = read_rows()
    chosen = asked.take or range(1, len(rows) + 1)
    tiles, missed = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        product = scene.Product.of(pictures.read(asked.photo or sample(Path(scratch))))
        for number in chosen:
            row = rows[number - 1]
            picture, failed = judge(number, row, product, asked)
            missed += bool(failed)
            tiles.append(caption(picture, f"{number}. {row.text}", asked.size, failed=bool(failed)))
            paste(tiles).save(asked.sheet)
    print(f"\n{missed} of {len(tiles)} miss a mark")
    return int(missed > 0)


def judge(
    number: int, row: Row, product: scene.Product, asked: argparse.Namespace
) -> tuple[types.Image, list[str]]:
    """Render a prompt, print how it did, and return its picture and the marks that it misses."""
    began, size, seed = time.monotonic(), asked.size, asked.seed
    try:
        understood = prompt.understand(row.text)
    except EngineError as error:
        print(f"{number:3} {row.text}\n      refused: {error}", flush=True)
        return np.full((size, size, 3), 90, np.uint8), ["refused"]
    options = SceneOptions(
        plan=understood.plan(seed).to_dict(),
        seed=seed,
        size=size,
        aspect=understood.aspect or "1:1",
        copy_space=understood.copy_space,
        relight=asked.relight,
        size_cm=asked.size_cm,
    )
    with tempfile.TemporaryDirectory() as folder:
        (made,), index = render(product, options, Path(folder))
        frame = scene.plan_take(product, options, 1, Path(folder))["frame"]
    outside = mask_outside(product, scene.framing.Frame(**frame), made.shape[:2])
    found = {mark: measure(mark, made, outside) for mark in row.marks}
    failed = [mark for mark, (_, met) in found.items() if not met]
    told = ", ".join(
        f"{mark} is {value:.2f}{'' if met else ' MISSED'}" for mark, (value, met) in found.items()
    )
    if hidden := list_hidden(understood.plan(seed), index, outside):
        failed.append("hidden")
        told = ", ".join(filter(None, [told, f"HIDDEN: {', '.join(hidden)}"]))
    print(f"{number:3} {row.text}  ({time.monotonic() - began:.1f} s)\n      {told}", flush=True)
    for line in understood.account(understood.plan(seed)).lines():
        print(f"      {line}", flush=True)
    return made, failed


def render(
    product: scene.Product, options: SceneOptions, folder: Path
) -> tuple[list[types.Image], NDArray[np.uint8]]:
    """Return the take of a scene, and which of its pieces is seen at each pixel."""
    path = folder / "index.npy"
    plan_take = scene.plan_take
    with mock.patch.object(scene, "plan_take", lambda *asked: plan_take(*asked) | {"index": str(path)}):
        made = scene.make_takes(product, options, folder)
    return made, np.load(path)


def list_hidden(plan: SetPlan, index: NDArray[np.uint8], outside: NDArray[np.bool_]) -> list[str]:
    """Return the stand and props of a plan that cover too little of the picture, with their percent."""
    size = index.shape[1], index.shape[0]
    free = np.asarray(Image.fromarray(outside).resize(size, Image.Resampling.NEAREST))
    stand = plan.stand.name if plan.stand and not STANDS[plan.stand.name].floats else ""
    named = [stand, *(prop.name for prop in plan.props)]
    shares = {name: measure_share((index == number) & free) for number, name in enumerate(named, 1) if name}
    return [f"{name} {share:.2f} %" for name, share in shares.items() if share < LEAST_SEEN]


def mask_outside(
    product: scene.Product, frame: scene.framing.Frame, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Return where a picture does not show the product."""
    left, top, right, bottom = frame.box
    inside = Image.new("L", (shape[1], shape[0]))
    alpha = Image.fromarray((product.alpha * 255).astype(np.uint8)).resize((right - left, bottom - top))
    inside.paste(alpha, (left, top))
    return np.asarray(inside) < 8


def measure(mark: str, picture: types.Image, outside: NDArray[np.bool_]) -> tuple[float, bool]:
    """Return what a mark asks for as measured, and whether it is met."""
    match = MARK.match(mark)
    if match is None:
        raise ValueError(f"{LIST.name}: “{mark}” is no mark")
    seen = picture[outside].astype(np.float64) / 255
    what, of, limit = match["what"], match["of"] or "", float(match["limit"])
    if what == "blue/red":
        value = float(seen[:, 2].mean() / max(seen[:, 0].mean(), 1e-6))
    elif what == "hue":
        value = share_of_hue(seen, apply_tone(COLOURS[of], "neon"))
    elif what == "empty":
        value = measure_contrast(picture, outside, of)
    else:
        value = float(seen.mean())
    return value, value >= limit if match["sign"] == ">=" else value <= limit


def share_of_hue(seen: NDArray[np.float64], colour: str) -> float:
    """Return the percent of pixels (n, 3) that are saturated and of a colour's hue."""
    wanted = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]
    most, least = seen.max(1), seen.min(1)
    chroma = most - least
    red, green, blue = seen.T
    with np.errstate(divide="ignore", invalid="ignore"):
        hue = (
            np.select(
                [most == red, most == green],
                [(green - blue) / chroma % 6, (blue - red) / chroma + 2],
                (red - green) / chroma + 4,
            )
            / 6
        )
    apart = np.abs((hue - wanted + 0.5) % 1 - 0.5)
    return float(100 * ((chroma > LEAST_CHROMA) & (apart < NEAR_HUE)).mean())


def measure_contrast(picture: types.Image, outside: NDArray[np.bool_], side: str) -> float:
    """Return the mean step between neighbouring pixels in the third of a picture on a side."""
    grey = picture.mean(-1) / 255
    height, width = grey.shape
    across = {"left": slice(0, width // 3), "right": slice(width - width // 3, width)}.get(side, slice(None))
    down = slice(0, height // 3) if side == "top" else slice(None)
    part, free = grey[down, across], outside[down, across]
    steps = np.abs(np.diff(part, axis=1))[free[:, 1:] & free[:, :-1]]
    return float(steps.mean()) if free.mean() > 0.9 and steps.size else 1.0


def caption(picture: types.Image, text: str, size: int, *, failed: bool) -> Image.Image:
    """Return a picture as a square tile with its prompt below."""
    tile = Image.new("RGB", (size, size + CAPTION), "#b00020" if failed else "white")
    made = Image.fromarray(picture)
    made.thumbnail((size - 6, size - 6))
    tile.paste(made, ((size - made.width) // 2, (size - made.height) // 2))
    draw = ImageDraw.Draw(tile)
    draw.rectangle((0, size, size, size + CAPTION), fill="white")
    lines = textwrap.wrap(text, max(12, size // 7))[:4]
    draw.multiline_text((4, size + 2), "\n".join(lines), fill="black", font=ImageFont.load_default(12))
    return tile


def paste(tiles: list[Image.Image]) -> Image.Image:
    """Return tiles as one sheet."""
    wide, high = tiles[0].size
    columns = min(COLUMNS, len(tiles))
    page = Image.new("RGB", (wide * columns, high * -(-len(tiles) // columns)), "white")
    for place, tile in enumerate(tiles):
        page.paste(tile, (place % columns * wide, place // columns * high))
    return page


if __name__ == "__main__":
    sys.exit(main())
