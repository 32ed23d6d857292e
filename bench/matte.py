"""What each step of the matte earns: the score with everything, then without each step in turn.

    python -m bench.matte [FOLDER] [--rounds N]

FOLDER holds products as RGBA PNG files, whose alpha is the truth, and photos to stand behind them in
FOLDER/backgrounds. Each product is laid on white, on a grey sweep with a soft shadow, and on each of
the photos, saved as JPEG, and its alpha estimated. Without a folder the products are drawn here:
simple things in pale, dark and striped finishes, before scikit-image's textures.

IoU: overlap of alpha > 0.5 with the truth (higher is better). MAE: mean error of alpha in
thousandths. Edge: the same within 6 pixels of the outline, 0..1. Halo: mean error of the colour where
the truth is between 0.05 and 0.95 (all three: lower is better). Drop: the most that one picture lost
beside the bare network. Further: how often more than one look was taken.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte, edge_refinement, foreground_estimation, multi_pass
from editor.engines.networks import isnet
from editor.engines.tools import dispatch

Plane = NDArray[np.float32]

JPEG_QUALITY = 95
MARGIN = 0.12
BAND = 13
DRAWN_SIDE = 900
BARE = alpha_matte.Steps(
    looks=False,
    ground=False,
    lines=False,
    place=False,
    enclosed=False,
    sharp=False,
    solid=False,
    edges=False,
    clear=False,
)

WAYS = {
    "everything": alpha_matte.ALL,
    "no further looks": replace(alpha_matte.ALL, looks=False),
    "no ground": replace(alpha_matte.ALL, ground=False),
    "lines kept": replace(alpha_matte.ALL, lines=False),
    "place kept": replace(alpha_matte.ALL, place=False),
    "enclosed as seen": replace(alpha_matte.ALL, enclosed=False),
    "nothing clear": replace(alpha_matte.ALL, clear=False),
    "not sharpened": replace(alpha_matte.ALL, sharp=False),
    "no solid": replace(alpha_matte.ALL, solid=False),
    "no edges": replace(alpha_matte.ALL, edges=False),
    "bare network": BARE,
}


@dataclass(frozen=True)
class Case:
    """A photo, the true alpha (H, W) and the true colour (H, W, 3) in 0..1."""

    name: str
    rgb: NDArray[np.uint8]
    alpha: Plane
    colour: Plane


@dataclass(frozen=True)
class Score:
    overlap: float
    error: float
    edge: float
    halo: float


def main() -> int:
    """Print the tables; 1 where everything together is no better than the bare network."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="of the timing")
    asked = parser.parse_args()
    if asked.folder is None:
        print("no folder of products given: drawing some")
        cases = list(draw_products())
    else:
        cases = list(paste_products(asked.folder))
    if not cases:
        print(f"there is no PNG in {asked.folder}", file=sys.stderr)
        return 1
    dispatch.warm()
    scores: dict[str, list[Score]] = {name: [] for name in WAYS}
    further = 0
    for case in cases:
        picture = pictures.Picture(case.rgb, None, "JPEG")
        line = f"{case.name:38}"
        for name, steps in WAYS.items():
            made = alpha_matte.judge(picture, steps)
            score = score_case(case, made.alpha)
            scores[name].append(score)
            if steps is alpha_matte.ALL:
                further += made.further
                line += f" {'further looks' if made.further else '':14}"
            if steps in (alpha_matte.ALL, BARE):
                line += f" IoU {score.overlap:.4f}  edge {score.edge:.4f}  halo {score.halo:.4f}  "
        print(line, flush=True)
    table(scores)
    print(f"further looks were taken at {further} of {len(cases)}")
    timings(cases[: min(8, len(cases))], asked.rounds)
    return 0 if mean(scores["everything"], "overlap") > mean(scores["bare network"], "overlap") else 1


def table(scores: dict[str, list[Score]]) -> None:
    print(f"\n{'':20}    IoU   worst     MAE    edge    halo    drop")
    for name, rows in scores.items():
        drop = max(b.overlap - r.overlap for b, r in zip(scores["bare network"], rows, strict=True))
        print(
            f"{name:20} {mean(rows, 'overlap'):.4f}  {min(r.overlap for r in rows):.4f}"
            f"  {mean(rows, 'error'):6.2f}  {mean(rows, 'edge'):.4f}  {mean(rows, 'halo'):.4f}  {drop:.4f}"
        )


def mean(rows: list[Score], field: str) -> float:
    return statistics.mean(getattr(row, field) for row in rows)


def timings(cases: list[Case], rounds: int) -> None:
    """Print the median seconds of each step, in this process, warm."""
    seconds: dict[str, list[float]] = {}
    for case in cases:
        square = isnet.squeeze(case.rgb)
        seen = isnet.segmenter().subject(square)
        fused = multi_pass.merge_looks(square, seen).seen
        alpha = edge_refinement.refine(square, fused, case.rgb)
        steps: dict[str, Callable[[], object]] = {
            "bare network": partial(isnet.segmenter().subject, case.rgb),
            "doubt": partial(multi_pass.is_doubtful, seen),
            "further looks": partial(multi_pass.merge_looks, square, seen),
            "solid": partial(alpha_matte.decide_inside, fused),
            "edges": partial(edge_refinement.refine, square, fused, case.rgb),
            "colours": partial(foreground_estimation.purify, case.rgb, alpha),
        }
        for _ in range(rounds):
            for name, step in steps.items():
                started = time.perf_counter()
                step()
                seconds.setdefault(name, []).append(time.perf_counter() - started)
    height, width = cases[0].alpha.shape
    print(f"\nmedian seconds per step, {len(cases)} photos, the first of {width}x{height}")
    print("   ".join(f"{name} {statistics.median(times):.3f}" for name, times in seconds.items()))


def score_case(case: Case, alpha: Plane | None) -> Score:
    """Score an alpha; one that found nothing is all 0."""
    guess = np.zeros_like(case.alpha) if alpha is None else alpha
    true = case.alpha > 0.5
    error = np.abs(guess - case.alpha)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (BAND, BAND))
    solid = true.astype(np.uint8)
    band = cv2.dilate(solid, disc) != cv2.erode(solid, disc)
    soft = (case.alpha > 0.05) & (case.alpha < 0.95) & (guess > 0.02)
    halo = 0.0
    if soft.any():
        pure = foreground_estimation.purify(case.rgb, guess)
        halo = float(np.abs(pure[soft] / np.float32(255) - case.colour[soft]).mean())
    return Score(
        overlap(case.alpha, alpha),
        float(1000 * error.mean()),
        float(error[band].mean()),
        halo,
    )


def overlap(truth: Plane, alpha: Plane | None) -> float:
    """Return the IoU of alpha > 0.5 with the truth's; 0 where nothing was found."""
    if alpha is None:
        return 0.0
    found, true = alpha > 0.5, truth > 0.5
    return int((found & true).sum()) / max(1, int((found | true).sum()))


def paste_products(folder: Path) -> Iterator[Case]:
    """Every product of a folder before every background."""
    photos = {
        path.stem: np.asarray(Image.open(path).convert("RGB"))
        for path in sorted((folder / "backgrounds").glob("*.jpg"))
    }
    for path in sorted(folder.glob("*.png")):
        product = Image.open(path).convert("RGBA")
        gap = int(max(product.size) * MARGIN)
        canvas = Image.new("RGBA", (product.width + 2 * gap, product.height + 2 * gap))
        canvas.paste(product, (gap, gap))
        yield from before_all(path.stem, np.asarray(canvas, np.float32) / np.float32(255), photos)


def draw_products() -> Iterator[Case]:
    """Things drawn here, each before every background."""
    photos = {name: np.asarray(getattr(skimage.data, name)()) for name in ("brick", "grass")}
    photos = {name: np.asarray(Image.fromarray(photo).convert("RGB")) for name, photo in photos.items()}
    finishes = {
        "white": ((232, 230, 226), None),
        "dark": ((40, 42, 60), None),
        "striped": ((236, 238, 240), (40, 90, 200)),
    }
    for thing in ("box", "mug", "ring", "letters"):
        for finish, (colour, stripes) in finishes.items():
            yield from before_all(f"{thing} {finish}", product(thing, colour, stripes), photos)


def product(thing: str, colour: tuple[int, int, int], stripes: tuple[int, int, int] | None) -> Plane:
    """Draw a thing lit from above left at four times its size, shrunk: RGBA (H, W, 4) in 0..1."""
    side = 4 * DRAWN_SIDE
    shape = Image.new("L", (side, side))
    pen = ImageDraw.Draw(shape)
    at = side / 100
    if thing == "box":
        pen.polygon(
            [
                (30 * at, 25 * at),
                (60 * at, 20 * at),
                (72 * at, 26 * at),
                (72 * at, 78 * at),
                (60 * at, 82 * at),
                (30 * at, 77 * at),
            ],
            fill=255,
        )
    elif thing == "mug":
        pen.ellipse((55 * at, 38 * at, 80 * at, 66 * at), outline=255, width=round(5 * at))
        pen.rounded_rectangle((25 * at, 28 * at, 63 * at, 76 * at), 5 * at, fill=255)
    elif thing == "ring":
        pen.ellipse((25 * at, 25 * at, 75 * at, 75 * at), outline=255, width=round(9 * at))
    else:
        for left in (18, 42, 66):
            pen.ellipse((left * at, 38 * at, (left + 17) * at, 62 * at), outline=255, width=round(4 * at))
            pen.rectangle(((left + 13) * at, 22 * at, (left + 17) * at, 62 * at), fill=255)
    rows, columns = np.mgrid[:DRAWN_SIDE, :DRAWN_SIDE].astype(np.float32) / DRAWN_SIDE
    paint = np.broadcast_to(np.array(colour, np.float32), (DRAWN_SIDE, DRAWN_SIDE, 3))
    if stripes:
        every = (np.sin(60 * (columns + 0.3 * rows)) > 0.3)[..., np.newaxis]
        paint = np.where(every, np.array(stripes, np.float32), paint)
    alpha = np.asarray(shape.resize((DRAWN_SIDE, DRAWN_SIDE), Image.Resampling.BOX), np.float32) / 255
    # Light falls off to the lower right, and towards the outline as on a rounded body.
    body = cv2.GaussianBlur(alpha, (0, 0), DRAWN_SIDE / 40)
    light = (1.04 - 0.16 * (rows + columns) / 2) * (0.86 + 0.14 * body)
    painted = np.clip(paint * light[..., np.newaxis] / 255, 0, 1)
    return np.dstack([painted, alpha]).astype(np.float32)


def before_all(name: str, rgba: Plane, photos: dict[str, NDArray[np.uint8]]) -> Iterator[Case]:
    """Lay one product on white, on a sweep with its shadow, and on each photo."""
    colour, alpha = np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3])
    height, width = alpha.shape
    shade = np.linspace(0.93, 0.78, height, dtype=np.float32)[:, None, None] * np.ones(
        (1, width, 3), np.float32
    )
    shadow = cv2.GaussianBlur(np.roll(alpha, height // 40, axis=0), (0, 0), height / 50)
    grounds: dict[str, Plane] = {
        "white": np.ones((height, width, 3), np.float32),
        "studio": shade * (1 - 0.35 * shadow[..., None]),
    }
    for photo_name, photo in photos.items():
        fitted = Image.fromarray(photo).resize((width, height), Image.Resampling.LANCZOS)
        grounds[photo_name] = np.asarray(fitted, np.float32) / np.float32(255)
    for ground_name, ground in grounds.items():
        blend = colour * alpha[..., None] + ground * (1 - alpha[..., None])
        yield Case(f"{name}, {ground_name}", as_jpeg(blend), alpha, colour)


def as_jpeg(photo: Plane) -> NDArray[np.uint8]:
    """Return the photo as it comes back from a JPEG file."""
    file = io.BytesIO()
    Image.fromarray((photo * 255 + 0.5).astype(np.uint8)).save(file, "JPEG", quality=JPEG_QUALITY)
    return np.array(Image.open(file))


if __name__ == "__main__":
    sys.exit(main())
