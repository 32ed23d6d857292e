"""How well places are told from products: what place.py judges by, fitted on one half, judged on the other.

    python -m bench.places [FOLDER …] [--each N] [--drawn N] [--based N] [--keep]

FOLDER: as bench.matte has it. Products stand on the grounds of bench.hard_cases and on bench.matte's, and
ones that bring their own base along (bench.own_bases) on plain and hard ones. Each part of each matte is a
place or the product's by its true alpha. Prints how many places are found and how many products' parts are
taken for one, of the half that was not fitted on. --keep: writes place.json beside the module.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import alpha_matte, areas, multi_pass
from editor.engines.matting.surroundings import lines, place
from editor.engines.matting.surroundings import parts as matte_parts
from editor.engines.networks import isnet
from editor.engines.tools import dispatch

from . import confidence_cases, hard_cases, matte, own_bases
from .confidence_cases import Case, Product

PLACE, PRODUCT = 0.3, 0.7
"""Mean of the true alpha up to which a part is a place, and from which on the product's."""

AGAINST = 1.7
"""So many times a product's part counts in the fit: better a podium kept than a foot lost."""

RIDGE = 1.0
ROUNDS = 50
LOOKED_AT = 0.1
"""Parts of less chance by measures alone are not looked at for the fit."""


@dataclass(frozen=True)
class Part:
    """A part of a matte: its share of it, its measures, what a look claims of it, its true alpha."""

    name: str
    half: int
    share: float
    measures: dict[str, float]
    claim: float | None
    truth: float


def main() -> int:
    """Fit on half 0, print how half 1 is judged; 1 where hardly a place is found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--drawn", type=int, default=30)
    parser.add_argument("--based", type=int, default=27)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    dispatch.warm()
    products = confidence_cases.read_products(asked.folders) + confidence_cases.draw_products(asked.drawn)
    cases = [*hard_cases.cases(products, asked.each)]
    cases += own_bases.cases(asked.based, asked.each, hard_cases.ALL_GROUNDS)
    cases += [case for folder in asked.folders for case in plain_cases(folder)]
    fit, parts = learn([(case, *look(case)) for case in cases])
    describe(fit, [part for part in parts if part.half == 1])
    if asked.keep:
        keep(fit, len(parts))
    return 0


def plain_cases(folder: Path) -> Iterator[Case]:
    """Stand a folder's products on bench.matte's grounds, which hold no place."""
    names = sorted(path.stem for path in folder.glob("*.png"))
    for made in matte.paste_products(folder):
        name, ground = made.name.split(", ")
        product = Product(name, np.zeros((1, 1, 4), np.float32), names.index(name) % 2)
        yield Case(product, ground, made.rgb, made.alpha)


def look(case: Case) -> tuple[types.Image, types.Alpha]:
    """Return a case as the network sees it, and the matte that place.py is asked about."""
    square = isnet.squeeze(case.rgb)
    seen = isnet.segmenter().subject(square)
    if alpha_matte.is_empty(seen) or multi_pass.is_doubtful(seen):
        seen = multi_pass.merge_looks(square, seen).seen
    return square, lines.take_away(square, seen)


def learn(looked: Sequence[tuple[Case, types.Image, types.Alpha]]) -> tuple[place.Fit, list[Part]]:
    """Return what half 0 teaches, and the parts of both halves."""
    scenes = []
    for case, square, seen in looked:
        scene = matte_parts.part(square, seen)
        if scene is not None:
            scenes.append((case, square, scene, matte_parts.measure(scene), truths(case, scene)))
    drafts = [
        Part(case.product.name, case.product.half, share, one, None, truth)
        for case, _, scene, measures, true in scenes
        for share, one, truth in zip(shares(scene), measures, true, strict=True)
    ]
    draft = regress([part for part in drafts if part.half == 0])
    parts = []
    for case, square, scene, measures, true in scenes:
        suspected = np.array(
            [False, *(place.is_open(one) and place.weigh(one, None, draft) > LOOKED_AT for one in measures)]
        )
        rest = place.find_rest(scene, suspected)
        claims: list[float | None] = [None] * scene.count
        if suspected.any() and rest.any():
            shown = place.look_at(square, scene, rest)
            claims = shown.parts if shown.rest > place.KNOWN else claims
        rows = zip(shares(scene), measures, claims, true, suspected[1:], strict=True)
        for share, one, claim, truth, asked in rows:
            found = claim if asked else None
            parts.append(Part(case.product.name, case.product.half, share, one, found, truth))
    return add_look(draft, [part for part in parts if part.half == 0]), parts


def shares(scene: matte_parts.Scene) -> list[float]:
    """Return each part's share of the matte."""
    sizes = np.bincount(scene.parts.ravel(), minlength=scene.count + 1)[1:]
    return [float(size) / float(scene.subject.sum()) for size in sizes]


def truths(case: Case, scene: matte_parts.Scene) -> list[float]:
    """Return the mean of the true alpha in each part."""
    size = scene.subject.shape
    true = np.asarray(Image.fromarray(case.alpha).resize(size, Image.Resampling.BOX))
    same = ndimage.minimum_filter(scene.parts, 3) == ndimage.maximum_filter(scene.parts, 3)
    return [float(mean) for mean in areas.average(true, np.where(same, scene.parts, 0), scene.count)[1:]]


def _sort(parts: Sequence[Part]) -> tuple[list[Part], NDArray[np.float64], NDArray[np.float64]]:
    """Return the parts that are one thing or the other, which are places, and how much each counts."""
    known = [part for part in parts if not PLACE < part.truth < PRODUCT]
    target = np.array([part.truth < 0.5 for part in known], float)
    shares = np.array([part.share for part in known])
    return known, target, np.sqrt(shares / 0.1) * np.where(target > 0, 1, AGAINST)


def regress(parts: Sequence[Part]) -> place.Fit:
    """Return the ridge-regularised logistic regression on the measures, by Newton's steps."""
    known, target, counts = _sort(parts)
    table = np.array([[part.measures[name] for name in matte_parts.MEASURES] for part in known])
    mean, wide = table.mean(axis=0), table.std(axis=0) + 1e-6
    near = np.clip((table - mean) / wide, -place.FARTHEST, place.FARTHEST)
    terms = np.c_[np.ones(len(table)), near]
    weights = _newton(terms, np.zeros(len(table)), target, counts)
    named = zip(matte_parts.MEASURES, mean, wide, weights[1:], strict=True)
    return place.Fit({n: (float(m), float(s), float(w)) for n, m, s, w in named}, float(weights[0]), 0.0)


def add_look(draft: place.Fit, parts: Sequence[Part]) -> place.Fit:
    """Return the regression with what the look adds to its odds, of the parts that were looked at."""
    known, target, counts = _sort([part for part in parts if part.claim is not None])
    chances = np.array([place.weigh(part.measures, None, draft) for part in known])
    odds = np.log(chances / (1 - chances))
    claims = np.array([part.claim or 0.0 for part in known])
    denied = _newton((1 - 2 * claims)[:, None], odds, target, counts)[0]
    return place.Fit(draft.terms, draft.offset, float(denied))


def _newton(
    terms: NDArray[np.float64],
    odds: NDArray[np.float64],
    target: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> NDArray[np.float64]:
    weights = np.zeros(terms.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(odds + terms @ weights, -30, 30)))
        slope = terms.T @ (counts * (target - chance)) - ridge @ weights
        bend = (terms * (counts * chance * (1 - chance))[:, None]).T @ terms + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def describe(fit: place.Fit, parts: Sequence[Part]) -> None:
    """Print how many places are found, and how many parts of products are taken for one."""
    known, target, _ = _sort(parts)
    for what, use_look in (("measures alone", False), ("with the look", True)):
        chances = np.array(
            [place.weigh(part.measures, part.claim if use_look else None, fit) for part in known]
        )
        limits = [place.UNSHOWN if not use_look or part.claim is None else place.PLACE for part in known]
        gone = (chances > np.array(limits)) & [place.is_open(part.measures) for part in known]
        print(
            f"{what:15} places found {int(gone[target > 0].sum())} of {int(target.sum())},"
            f" products' parts lost {int(gone[target == 0].sum())} of {int((target == 0).sum())}"
        )


def keep(fit: place.Fit, count: int) -> None:
    """Write what was fitted beside the module that reads it."""
    document = {
        "command": "python -m bench.places FOLDER --keep",
        "fitted_on": f"half 0 of {count} parts of mattes",
        "measures": {
            name: {"mean": round(mean, 5), "spread": round(wide, 5), "weight": round(weight, 5)}
            for name, (mean, wide, weight) in fit.terms.items()
        },
        "offset": round(fit.offset, 5),
        "denied": round(fit.denied, 5),
    }
    place.NUMBERS.write_text(json.dumps(document, indent=2) + "\n", "ascii")


if __name__ == "__main__":
    raise SystemExit(main())
