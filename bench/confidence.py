"""Confidence: of the cutouts that the engine calls so and so sure, how many are right.

    python -m bench.confidence FOLDER… [--each N] [--drawn N] [--all] [--keep]

FOLDER holds products as RGBA PNG files, whose alpha is the truth, and may hold photos to stand behind them in
FOLDER/backgrounds, as for bench.matte; things drawn here join them. Each is laid on --each grounds of some
twenty kinds (bench/confidence_cases.py), those drawn on a third as many, cut out, and compared: a cutout is
right from an overlap (IoU) of 0.97 on.
Every other product is of the first half. --keep fits the confidence on the one half and writes
editor/engines/matting/confidence.json. What is printed, ten bins, is of the other half, on whose products
nothing was fitted; with --all of both, for folders on which nothing was.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte, confidence
from editor.engines.tools import dispatch

from . import confidence_cases, matte

WANTED = 0.95
"""Of the cutouts that are called sure so many are to be right."""

BINS = 10
HELD = 2.0
"""Weights are held towards 0 by their squares, times this: few products taught them."""

WRONG = 1.5
"""How many times a wrong cutout counts, beside a right one: to be called sure and be wrong is worse than
not to be called sure, and other products are harder than those at hand."""

STEPS = 60

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """A case's measures, {} where nothing was found; its overlap with the truth, and its half, 0 or 1."""

    name: str
    measures: dict[str, float]
    overlap: float
    half: int


def main() -> int:
    """Print the table; 1 where too few of those called sure are right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=14, help="grounds for each product of the folders")
    parser.add_argument("--drawn", type=int, default=40, help="things drawn here")
    parser.add_argument("--all", action="store_true", help="report on both halves")
    parser.add_argument("--keep", action="store_true", help="fit, and write it into the engine")
    asked = parser.parse_args()
    dispatch.warm()
    judged = judge_all(asked.folders, asked.drawn, asked.each)
    if asked.keep:
        taught = [one for one in judged if one.half == 0 and one.measures]
        keep(taught, f"{' '.join(folder.name for folder in asked.folders)} and {asked.drawn} drawn things")
    return report([one for one in judged if asked.all or one.half == 1])


def judge_all(folders: list[Path], drawn: int, each: int) -> list[Judged]:
    """Cut every case out, and say what came of it, a line each."""
    photos = confidence_cases.read_photos(folders)
    judged = []
    for case in chain(
        confidence_cases.cases(confidence_cases.read_products(folders), photos, each),
        confidence_cases.cases(confidence_cases.draw_products(drawn), photos, -(-each // 3)),
    ):
        made = alpha_matte.judge(pictures.Picture(case.rgb, None, "JPEG"))
        overlap = matte.overlap(case.alpha, made.alpha)
        name = f"{case.product.name}, {case.ground}"
        judged.append(Judged(name, dict(made.measures), overlap, case.product.half))
        print(f"{judged[-1].name:44} IoU {overlap:.4f}  confidence {made.confidence:.3f}", flush=True)
    return judged


def report(judged: list[Judged]) -> int:
    """Print the bins and what is called sure."""
    sure = np.array([confidence.weigh(one.measures) if one.measures else 0.0 for one in judged])
    right = np.array([one.overlap >= confidence.RIGHT for one in judged])
    print("\nconfidence   cutouts   right")
    for number in range(BINS):
        least, most = number / BINS, (number + 1) / BINS
        inside = (sure >= least) & ((sure < most) | (number == BINS - 1))
        share = f"{100 * right[inside].mean():5.1f} %" if inside.any() else "    –"
        print(f"{least:.1f} to {most:.1f} {inside.sum():9d}  {share}")
    called = sure >= confidence.SURE
    good = float(right[called].mean()) if called.any() else 1.0
    print(
        f"\n{called.sum()} of {len(judged)} are called sure ({confidence.SURE} and more); "
        f"{100 * good:.1f} % of those are right (wanted: {100 * WANTED:.0f} %), "
        f"and {100 * right.mean():.1f} % of all."
    )
    for one, chance in sorted(zip(judged, sure, strict=True), key=lambda pair: -pair[1]):
        if chance >= confidence.SURE and one.overlap < confidence.RIGHT:
            print(f"called sure and wrong: {one.name}, {chance:.3f}, IoU {one.overlap:.3f}")
    return 0 if good >= WANTED else 1


def keep(judged: list[Judged], products: str) -> None:
    """Fit the regression on what was judged, and write it."""
    values = np.array([[one.measures[name] for name in confidence.MEASURES] for one in judged])
    right = np.array([one.overlap >= confidence.RIGHT for one in judged], np.float64)
    means, spreads = values.mean(axis=0), values.std(axis=0) + 1e-9
    offset, weights = fit((values - means) / spreads, right)
    document = {
        "what": "How likely a cutout is right (IoU 0.97), see confidence.py: a logistic regression. "
        f"Fitted by `python -m bench.confidence FOLDER --keep` on {len(judged)} pictures: half of the "
        f"products of {products}, on {len(confidence_cases.PLAIN)} kinds of plain ground and on photos.",
        "offset": round(float(offset), 4),
        "measures": {
            name: {"mean": round(mean, 4), "spread": round(spread, 4), "weight": round(weight, 4)}
            for name, mean, spread, weight in zip(
                confidence.MEASURES, means.tolist(), spreads.tolist(), weights.tolist(), strict=True
            )
        },
    }
    confidence.NUMBERS.write_text(json.dumps(document, indent=1) + "\n", "ascii")
    confidence.read_fit.cache_clear()


def fit(values: Numbers, right: Numbers) -> tuple[float, Numbers]:
    """Return the offset and the weights of the odds that a row of values is right, by Newton's steps."""
    rows = np.column_stack([np.ones(len(values)), values])
    held = HELD * np.eye(rows.shape[1])
    held[0, 0] = 1e-6
    counts = np.where(right, 1.0, WRONG)
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (counts * (right - chances)) - held @ weights
        curve = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + held
        weights += np.linalg.solve(curve, slope)
    return float(weights[0]), weights[1:]


if __name__ == "__main__":
    sys.exit(main())
