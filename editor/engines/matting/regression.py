"""Regressions of ours, as they lie in JSON: of each measure mean, spread and weight, and numbers besides."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from editor.engines.errors import WeightsDamaged

Terms = Mapping[str, tuple[float, float, float]]


def read(path: Path, measures: Collection[str], *others: str) -> tuple[Terms, list[float]]:
    """Return mean, spread and weight of each measure, and what else was fitted, by these names.

    Raises WeightsDamaged unless all is there, finite, and no spread is 0.
    """
    try:
        document = json.loads(path.read_text("ascii"))
        terms = {
            name: (float(term["mean"]), float(term["spread"]), float(term["weight"]))
            for name, term in document["measures"].items()
        }
        numbers = [float(document[name]) for name in others]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise WeightsDamaged(WeightsDamaged.own.format(path.name)) from exc
    known = [*numbers, *(number for term in terms.values() for number in term)]
    spread = all(term[1] > 0 for term in terms.values())
    if set(terms) != set(measures) or not spread or not np.isfinite(known).all():
        raise WeightsDamaged(WeightsDamaged.own.format(path.name))
    return terms, numbers
