"""Fit the two linear measures of editor/engines/networks/headness.py: which parts of a beast are its head?

    python -m bench.headness FOLDER [FOLDER …] [--keep]

The folders hold photos named as ImageNet's are: those of animals that head_outlines.txt beside this file
names, with the heads outlined by hand in percent of the photo's width and height (several of a photo with a
bar between them), and any number of things, whose numbers are above the animals'. Each beast is looked at as
the engine looks at a subject, and once more closely, mirrored, so that portraits are learnt as well. First
each cell is judged by itself (ridge regression), then with what is around it (logistic regression,
heads/head_map.py), both on photos that were held out (five folds). Prints how well the outlines are found;
--keep writes the weights into the engine.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from editor.engines.heads import head_map
from editor.engines.io import pictures
from editor.engines.networks import headness, isnet
from editor.engines.networks.weights import ISNET, need

OUTLINES = Path(__file__).with_name("head_outlines.txt")
LOOK_SIDE = 1280
MATTE_SIDE = 512
FOLDS = 5
LAST_ANIMAL = 2_514_041
CELLS_OF_A_BEAST, CELLS_OF_A_THING = 220, 50
THING_WEIGHT = 0.4, 0.25
"""What a thing counts beside a beast, in either measure."""
RIDGE, CONTEXT_RIDGE, ROUNDS = 2.0, 1e-3, 8
CLOSER = 1.15, 1.9
"""Sides of the closer look, in the head's own."""

Rows = NDArray[np.float64]
Plane = NDArray[np.float32]
Outline = list[tuple[float, float]]


@dataclass(frozen=True)
class Look:
    """One look at a photo: its features, the share of each cell that is subject, and that is head."""

    name: str
    features: NDArray[np.float16]
    share: Plane
    head: Plane
    thing: bool

    @property
    def own(self) -> NDArray[np.bool_]:
        return np.asarray(self.share > head_map.OWN)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--keep", action="store_true", help="write the weights into the engine")
    asked = parser.parse_args()
    outlines = read_outlines()
    paths = [path for folder in asked.folders for path in sorted(folder.glob("n[0-9]*"))]
    looks = [look for path in paths for look in look_at(path, outlines.get(path.stem))]
    cells, context, overlaps = fit(looks)
    print(f"{len(overlaps)} looks held out: overlap {overlaps.mean():.3f}, median {np.median(overlaps):.3f}")
    if asked.keep:
        keep(cells, context, looks)


def fit(looks: Sequence[Look]) -> tuple[tuple[Plane, float], tuple[Plane, float], Rows]:
    """Return both measures and how well each beast's outline was found by measures that had not seen it."""
    names = sorted({look.name for look in looks})
    folds = dict(zip(np.random.default_rng(0).permutation(names), range(len(names)), strict=True))
    held = {look.name: folds[look.name] % FOLDS for look in looks}
    sums = [gather([look for look in looks if held[look.name] == fold]) for fold in range(FOLDS)]
    every = [sum(part) for part in zip(*sums, strict=True)]
    seen = []
    for look in looks:
        rest = [all_of - own for all_of, own in zip(every, sums[held[look.name]], strict=True)]
        weights, offset = solve_ridge(*rest)
        likeness = np.tensordot(weights, look.features.astype(np.float32), 1) + offset
        seen.append(headness.HeadMap(likeness.astype(np.float32), look.share, (0, 0, 1, 1)))
    told = [head_map.describe_cells(one) for one in seen]
    found = []
    for fold in range(FOLDS):
        pairs = [(look, tell) for look, tell in zip(looks, told, strict=True) if held[look.name] != fold]
        weights, offset = fit_context(pairs)
        for look, tell in zip(looks, told, strict=True):
            if held[look.name] == fold and not look.thing:
                chances = 1 / (1 + np.exp(-(np.tensordot(weights, tell, 1) + offset)))
                found.append(measure_overlap(look, chances > head_map.CUT))
    return solve_ridge(*every), fit_context(list(zip(looks, told, strict=True))), np.array(found)


def read_outlines(path: Path = OUTLINES) -> dict[str, list[Outline]]:
    """Return the outlines of heads by the names of the photos, in shares of a photo's sides."""
    outlines = {}
    for line in path.read_text("ascii").splitlines():
        name, _, rest = line.partition(":")
        if rest:
            outlines[name] = [
                [(float(x) / 100, float(y) / 100) for x, y in (pair.split(",") for pair in one.split())]
                for one in rest.split("|")
            ]
    return outlines


def look_at(path: Path, outlines: list[Outline] | None) -> Iterator[Look]:
    """Yield the looks at a photo: none at a beast without an outline, one at a thing, two at others."""
    thing = int(path.name[1:9]) > LAST_ANIMAL
    if not outlines and not thing:
        return
    picture = Image.fromarray(pictures.read(path).rgb)
    picture.thumbnail((LOOK_SIDE, LOOK_SIDE))
    rgb = np.asarray(picture)
    seen = isnet.segmenter(MATTE_SIDE).subject(rgb)
    alpha = np.asarray(Image.fromarray(seen).resize(picture.size))
    frame = headness.frame_subject(alpha)
    if frame is None:
        return
    head = draw(outlines or [], picture.size)
    whole = look_into(path.stem, rgb, alpha, head, frame, thing)
    if whole is None:
        return
    yield whole
    inside = (head > 0.5) & (alpha > head_map.OWN)
    if not thing and inside.any():
        closer = frame_closer(inside, zlib.crc32(path.stem.encode()))
        near = look_into(path.stem, rgb, alpha, head, closer, thing, mirrored=True)
        if near is not None:
            yield near


def look_into(
    name: str,
    rgb: NDArray[np.uint8],
    alpha: Plane,
    head: Plane,
    frame: headness.Frame,
    thing: bool,
    *,
    mirrored: bool = False,
) -> Look | None:
    left, top, right, bottom = frame
    parts = [plane[top:bottom, left:right] for plane in (rgb, alpha, head)]
    if mirrored:
        parts = [plane[:, ::-1] for plane in parts]
    features = headness.extract_features(np.ascontiguousarray(parts[0]))
    if features is None:
        raise SystemExit("This edition of the network gives no features.")
    size = (headness.CELLS, headness.CELLS)
    share, own = (
        np.asarray(Image.fromarray(np.ascontiguousarray(part)).resize(size, Image.Resampling.BOX))
        for part in parts[1:]
    )
    if (share > head_map.OWN).sum() < 2 * head_map.LEAST_CELLS:
        return None
    return Look(name, features.astype(np.float16), share, own, thing)


def frame_closer(inside: NDArray[np.bool_], seed: int) -> headness.Frame:
    """Return a look at a head with a little around it, most of it below."""
    dice = np.random.default_rng(seed)
    rows, columns = np.nonzero(inside)
    wide, high = float(np.ptp(columns) + 1), float(np.ptp(rows) + 1)
    half = max(wide, high) * dice.uniform(*CLOSER) / 2
    x = float(columns.mean()) + dice.uniform(-0.15, 0.15) * wide
    y = float(rows.mean()) + dice.uniform(0, 0.25) * high
    height, width = inside.shape
    left, top = max(0, int(x - half)), max(0, int(y - half))
    return left, top, min(width, max(left + 2, int(x + half))), min(height, max(top + 2, int(y + half)))


def draw(outlines: Sequence[Outline], size: tuple[int, int]) -> Plane:
    sheet = Image.new("L", size)
    pen = ImageDraw.Draw(sheet)
    for outline in outlines:
        pen.polygon([(x * size[0], y * size[1]) for x, y in outline], fill=255)
    return np.asarray(np.asarray(sheet) / 255, np.float32)


def gather(looks: Sequence[Look]) -> tuple[Rows, Rows, float]:
    """Return cells' products of features, those of features with what is wanted, and cells' weight."""
    width = headness.CHANNELS + 1
    products, wanted, weight = np.zeros((width, width)), np.zeros(width), 0.0
    for look in looks:
        dice = np.random.default_rng(zlib.crc32(look.name.encode()))
        cells = np.argwhere(look.own)
        most = CELLS_OF_A_THING if look.thing else CELLS_OF_A_BEAST
        cells = cells[dice.choice(len(cells), min(most, len(cells)), replace=False)]
        rows = np.c_[look.features[:, cells[:, 0], cells[:, 1]].T, np.ones(len(cells))].astype(np.float32)
        share = (THING_WEIGHT[0] if look.thing else 1.0) / len(cells)
        products += share * (rows.T @ rows)
        wanted += share * (rows.T @ (2 * look.head[cells[:, 0], cells[:, 1]] - 1))
        weight += share * len(cells)
    return products, wanted, weight


def solve_ridge(products: Rows, wanted: Rows, weight: float) -> tuple[Plane, float]:
    """Return the weights and the offset of least squares with a ridge, for raw features."""
    mean, level = products[-1, :-1] / weight, wanted[-1] / weight
    spread = products[:-1, :-1] / weight - np.outer(mean, mean)
    scale = np.sqrt(np.maximum(np.diag(spread), 0)) + 1e-3
    alike = spread / np.outer(scale, scale) + RIDGE * np.eye(len(scale))
    weights = np.linalg.solve(alike, (wanted[:-1] / weight - mean * level) / scale) / scale
    return weights.astype(np.float32), float(level - mean @ weights)


def fit_context(pairs: Sequence[tuple[Look, Plane]]) -> tuple[Plane, float]:
    """Return the weights and the offset of a logistic regression, by Newton's steps."""
    rows = np.concatenate([tell[:, look.own].T for look, tell in pairs]).astype(np.float64)
    wanted = np.concatenate([look.head[look.own] > 0.5 for look, _ in pairs]).astype(np.float64)
    share = np.concatenate(
        [
            np.full(int(look.own.sum()), (THING_WEIGHT[1] if look.thing else 1.0) / look.own.sum())
            for look, _ in pairs
        ]
    )
    share /= share.sum()
    mean, scale = rows.mean(0), rows.std(0) + 1e-4
    rows = np.c_[(rows - mean) / scale, np.ones(len(rows))]
    ridge = CONTEXT_RIDGE * np.eye(rows.shape[1])
    ridge[-1, -1] = 0
    solved = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-rows @ solved))
        slope = rows.T @ (share * (chances - wanted)) + ridge @ solved
        bend = (rows * (share * chances * (1 - chances) + 1e-9)[:, None]).T @ rows + ridge
        solved -= np.linalg.solve(bend, slope)
    weights = solved[:-1] / scale
    return weights.astype(np.float32), float(solved[-1] - mean @ weights)


def measure_overlap(look: Look, head: NDArray[np.bool_]) -> float:
    outline = look.head > 0.5
    either = float((look.share * (head | outline)).sum())
    return float((look.share * (head & outline)).sum()) / max(either, 1e-3)


def keep(cells: tuple[Plane, float], context: tuple[Plane, float], looks: Sequence[Look]) -> None:
    """Write the measures, and how they came to be, into the engine, four digits each."""
    beasts = len({look.name for look in looks if not look.thing})
    things = len({look.name for look in looks if look.thing})
    document = {
        "what": "Two linear measures, see headness.py and heads/head_map.py: which cells of ISNet's features "
        "are a beast's head, by themselves and with what is around them. Fitted by `python -m bench.headness "
        f"FOLDER --keep` on {beasts} photos of ImageNet's animals whose heads were outlined by hand "
        f"(bench/head_outlines.txt) and {things} of its things.",
        "isnet": need(ISNET).edition.sha256,
    } | {
        name: {"offset": round(offset, 5), "weights": [float(f"{weight:.4g}") for weight in weights]}
        for name, (weights, offset) in (("cells", cells), ("context", context))
    }
    headness.MEASURES.write_text(json.dumps(document, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    main()
