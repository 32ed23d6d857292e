"""Heads, people and faces of a folder of photos, as a contact sheet and a table.

    python -m bench.heads FOLDER [--sheet FILE] [--people]

Each photo is shown with its heads ringed, as the page shows them, and with what the tool cuts, on
green; with --people also what is left of it as people only. Seconds are of one warm run: faces of the
whole picture, and the whole of the tool from pixels to pixels.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from editor.engines.errors import EngineError, NothingFound
from editor.engines.finishing.render import Rendering
from editor.engines.heads import detection, people_matte
from editor.engines.io import compose, pictures
from editor.engines.tools import head

GREEN = (40, 170, 70)
CELL = 420
ACROSS = 4


def main() -> int:
    """Print the table and write the sheet; 1 where a photo cannot be read or worked on."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheet", type=Path, default=Path("heads.png"))
    parser.add_argument("--people", action="store_true")
    asked = parser.parse_args()
    paths = sorted(path for path in asked.folder.iterdir() if path.is_file())
    pairs: list[Image.Image] = []
    code = 0
    print(f"{'':32}  faces s  tool s  found")
    for path in paths:
        try:
            picture = pictures.read(path)
        except EngineError as exc:
            print(f"{path.name[:32]:32}  {exc}")
            continue
        try:
            line, pair = show(picture, asked.people)
        except EngineError as exc:
            print(f"{path.name[:32]:32}  failed: {exc}", file=sys.stderr)
            code = 1
            continue
        print(f"{path.name[:32]:32}  {line}", flush=True)
        ImageDraw.Draw(pair).text(
            (6, CELL - 16), f"{path.name}   {line}", fill="white", stroke_width=2, stroke_fill="black"
        )
        pairs.append(pair)
    if pairs:
        sheet(pairs).save(asked.sheet)
        print(f"written: {asked.sheet}")
    return code


def show(picture: pictures.Picture, with_people: bool) -> tuple[str, Image.Image]:
    """Return a photo's line of the table and its row of the sheet."""
    rgb = compose.flatten(picture)
    detection.find_human_heads(reduce(rgb))
    seconds, _ = time_call(lambda: detection.find_human_heads(reduce(rgb)))
    found = detection.find_heads(picture)
    took, made = time_call(lambda: cut(picture))
    cells = [draw_rings(rgb, found), on_green(rgb, None if made is None else made.mask)]
    if with_people:
        cells.append(on_green(rgb, people_matte.estimate(picture)))
    row = Image.new("RGB", (CELL * len(cells), CELL), (60, 60, 60))
    for place, cell in enumerate(cells):
        cell.thumbnail((CELL, CELL))
        row.paste(cell, (place * CELL, 0))
    kinds = " ".join(f"{one.kind} {one.score:.2f}" for one in found) or "none"
    return f"{seconds:7.2f} {took:7.2f}  {kinds}", row


def cut(picture: pictures.Picture) -> Rendering | None:
    try:
        return head.cut(picture)
    except NothingFound:
        return None


def reduce(rgb: np.ndarray) -> np.ndarray:
    small = Image.fromarray(rgb)
    small.thumbnail((detection.LOOK_SIDE, detection.LOOK_SIDE))
    return np.asarray(small)


def time_call[Result](work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def draw_rings(rgb: np.ndarray, found: list[detection.Head]) -> Image.Image:
    """Return the photo with an ellipse around each head."""
    picture = Image.fromarray(rgb)
    pen = ImageDraw.Draw(picture)
    angles = np.linspace(0, 2 * np.pi, 73)
    for one in found:
        across, along = one.radii[0] * np.cos(angles), one.radii[1] * np.sin(angles)
        x = one.centre[0] + across * np.cos(one.angle) - along * np.sin(one.angle)
        y = one.centre[1] + across * np.sin(one.angle) + along * np.cos(one.angle)
        pen.line(
            list(zip(x.tolist(), y.tolist(), strict=True)),
            fill=(255, 60, 40),
            width=max(2, picture.width // 200),
        )
    return picture


def on_green(rgb: np.ndarray, mask: np.ndarray | None) -> Image.Image:
    """Return the photo on green where the mask is 0; darkened where there is no mask."""
    if mask is None:
        return Image.fromarray(rgb // 4)
    return Image.fromarray(compose.lay_over(rgb, mask, GREEN))


def sheet(rows: list[Image.Image]) -> Image.Image:
    columns = max(1, ACROSS * 2 * CELL // rows[0].width // 2)
    lines = -(-len(rows) // columns)
    result = Image.new("RGB", (columns * rows[0].width, lines * CELL))
    for place, row in enumerate(rows):
        result.paste(row, (place % columns * row.width, place // columns * CELL))
    return result


if __name__ == "__main__":
    sys.exit(main())
