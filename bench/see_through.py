"""What is clear lets the new ground through, and what is opaque stays so: glass with its exact alpha.

    python -m bench.see_through FOLDER [--each N] [--half 0|1] [--sheet FILE] [--tones [FOLDER …]]

FOLDER: what bench.glassware rendered. Each thing stands on `each` grounds of every kind in turn. Prints, by
kind of thing and of ground, the mean error of alpha (0..1) where there is a thing, with everything and
without see-through parts, and at how many there are some; of opaque ones, how many lose more than LOST of
themselves. Halves: 0 to fit on, 1 to judge by. --sheet: those that are seen through, on magenta.

--tones: instead, opaque things, and products of more folders, dyed and laid on a plain ground of their very
hue, lighter or of more colour, with their true outline: how many would be seen through.
"""

from __future__ import annotations

import argparse
import statistics
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte
from editor.engines.matting.see_through import backdrop, parts
from editor.engines.tools import dispatch

from . import confidence_cases, hard_cases
from .confidence_cases import Case, Pixels, Plane, Product

STAND_ON = ("colour", "table", "white", "own colour", "colour", "hard shadow", "boards", "studio")
LOST = 0.05
WAYS = {"opaque": replace(alpha_matte.ALL, clear=False), "everything": alpha_matte.ALL}
TONE_SIDE = 512
DYES = ((1, 0.75, 0.78), (0.7, 0.85, 1), (0.95, 0.85, 0.6))
TONES = (
    *((dark, 0.0) for dark in (0.6, 0.72, 0.82, 0.9, 0.95)),
    *((dark, 0.3) for dark in (0.72, 0.82, 0.9, 1.0)),
    *((dark, 0.7) for dark in (0.8, 0.9, 1.0, 1.1)),
    (1.0, 1.5),
)
"""By how much a thing is darker than its ground, and how much more colour the ground has."""

Row = dict[str, tuple[float, float]]


def main() -> int:
    """Print the table; 1 where something opaque is lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=2, help="grounds of each")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--tones", nargs="*", type=Path)
    asked = parser.parse_args()
    if asked.tones is not None:
        return count_tones(read_things(asked.folder), asked.tones)
    dispatch.warm()
    rows: dict[str, list[Row]] = {}
    seen: list[tuple[float, Case, Plane]] = []
    for case in cases(read_things(asked.folder), asked.each):
        if asked.half not in (None, case.product.half):
            continue
        row: Row = {}
        thing = case.alpha > 0.02
        for way, steps in WAYS.items():
            made = alpha_matte.judge(pictures.Picture(case.rgb, None, "JPEG"), steps)
            alpha = np.zeros_like(case.alpha) if made.alpha is None else made.alpha
            error = float(np.abs(alpha - case.alpha)[thing].mean())
            row[way] = error, float((case.alpha - alpha)[case.alpha > 0.98].clip(0).sum() / thing.sum())
            if made.clear:
                seen.append((error, case, alpha))
        kind = "opaque" if case.product.name.startswith("opaque") else "glass"
        rows.setdefault(f"{kind}, {case.ground}", []).append(row)
        rows.setdefault(kind, []).append(row)
        before, after = row["opaque"], row["everything"]
        print(f"{case.product.name:14} {case.ground:12} {before[0]:.3f} -> {after[0]:.3f}", flush=True)
    for kind, some in sorted(rows.items()):
        print(f"{kind:22} {len(some):3}  " + "  ".join(describe(way, some) for way in WAYS), end="  ")
        print(f"seen through {sum(one['opaque'] != one['everything'] for one in some)}")
    if asked.sheet and seen:
        hard_cases.draw_sheet(sorted(seen, key=lambda one: -one[0])[:12]).save(asked.sheet)
    lost = sum(one["everything"][1] > one["opaque"][1] + LOST for one in rows.get("opaque", []))
    print(f"opaque things that lose more than {LOST} of themselves: {lost}")
    return int(lost > 0)


def describe(way: str, rows: list[Row]) -> str:
    """Return the mean error of alpha where there is a thing."""
    return f"{way} {statistics.mean(one[way][0] for one in rows):.3f}"


def read_things(folder: Path) -> list[Product]:
    """Return what was rendered, trimmed to what is seen of it."""
    things = []
    for path in sorted(folder.glob("*.png"), key=lambda one: one.stem.rsplit("-")[-1]):
        picture = Image.open(path).convert("RGBA")
        picture = picture.crop(picture.getchannel("A").point(lambda level: 255 * (level > 12)).getbbox())
        half = int(path.stem.rsplit("-")[-1]) // 6 % 2
        things.append(Product(path.stem, np.asarray(picture, np.float32) / np.float32(255), half))
    return things


def cases(things: list[Product], each: int) -> Iterator[Case]:
    """Stand every thing on `each` grounds, of every kind in turn."""
    for place, thing in enumerate(things):
        draw = np.random.default_rng(zlib.crc32(f"see through {thing.name}".encode()))
        for turn in range(each):
            kind = STAND_ON[(place * each + place // len(STAND_ON) + turn) % len(STAND_ON)]
            yield confidence_cases.lay(thing, kind, {}, draw, hard_cases.ALL_GROUNDS)


def count_tones(things: list[Product], folders: list[Path]) -> int:
    """Print how many opaque things would be seen through on a ground of their very hue; 1 where over 2 %."""
    opaque = [thing for thing in things if thing.name.startswith("opaque")]
    judged = passed = 0
    for thing in opaque + confidence_cases.read_products(folders):
        for photo, outline in tone(thing):
            behind = backdrop.survey(photo, outline)
            judged += behind is not None
            passed += behind is not None and parts.find(behind) is not None
    print(f"of {judged} opaque things on a ground of their very hue {passed} would be seen through")
    return int(passed > 0.02 * judged)


def tone(thing: Product) -> Iterator[tuple[Pixels, Plane]]:
    """Yield a thing dyed, on grounds of its hue, and its outline, TONE_SIDE pixels a side."""
    picture = Image.fromarray((thing.rgba * 255).astype(np.uint8))
    picture.thumbnail((TONE_SIDE * 3 // 4, TONE_SIDE * 3 // 4))
    canvas = Image.new("RGBA", (TONE_SIDE, TONE_SIDE))
    canvas.paste(picture, ((TONE_SIDE - picture.width) // 2, (TONE_SIDE - picture.height) // 2))
    rgba = np.asarray(canvas, np.float32) / np.float32(255)
    alpha = rgba[..., 3]
    light = np.linspace(1.03, 0.95, TONE_SIDE, dtype=np.float32)[:, None, None]
    noise = np.random.default_rng(0).normal(0, 0.004, (TONE_SIDE, TONE_SIDE, 3))
    for dye in DYES:
        colours = rgba[..., :3] * np.array(dye, np.float32)
        own = np.median(colours[alpha > 0.5], axis=0)
        for dark, more in TONES:
            ground = np.clip((own + more * (own - own.mean())) / dark, 0.02, 0.98)
            made = colours * alpha[..., None] + ground * light * (1 - alpha[..., None])
            photo = np.clip(made + noise, 0, 1) * 255
            yield photo.astype(np.uint8), (alpha > 0.08).astype(np.float32)


if __name__ == "__main__":
    raise SystemExit(main())
