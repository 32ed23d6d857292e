"""A statement of origin: what kind of source a picture has, who made it, and whose it is.

The kinds are IPTC's Digital Source Type NewsCodes (http://cv.iptc.org/newscodes/digitalsourcetype/, as
released on 23 October 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"

CAPTURED = frozenset(
    {"digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "compositeCapture"}
)
"""Kinds of what was all taken of real life."""
GENERATED = frozenset(
    {"trainedAlgorithmicMedia", "compositeSynthetic", "compositeWithTrainedAlgorithmicMedia"}
)
"""Kinds that a generative model had a part in."""
OTHERS = frozenset(
    {
        "algorithmicMedia",
        "algorithmicallyEnhanced",
        "composite",
        "dataDrivenMedia",
        "digitalCreation",
        "humanEdits",
        "screenCapture",
        "virtualRecording",
        # Retired, and still in files.
        "digitalArt",
        "minorHumanEdits",
        "softwareImage",
    }
)
KINDS = CAPTURED | GENERATED | OTHERS

MOST_CREATORS, MOST_LETTERS = 8, 500


@dataclass(frozen=True)
class Statement:
    """What is said of a picture's origin; "" and no creators where nothing is.

    kind: one of KINDS. rights: the copyright notice. credit: the line that its supplier asks for.
    """

    kind: str = ""
    creators: tuple[str, ...] = ()
    rights: str = ""
    credit: str = ""

    def __bool__(self) -> bool:
        return self != Statement()


def read_kind(address: str) -> str:
    """Return the kind that an address of the vocabulary, or its bare name, stands for; "" for any other."""
    name = address.strip().replace("https://", "http://").removeprefix(SCHEME).removeprefix("digsrctype:")
    return name if name in KINDS else ""


def tidy(text: str) -> str:
    """Return a stranger's words as one line of ordinary letters."""
    plain = "".join(one if one.isprintable() else " " for one in text[: 4 * MOST_LETTERS])
    return " ".join(plain.split())[:MOST_LETTERS]


def join_elements(product: Statement, others: Sequence[Statement]) -> Statement:
    """Return what is true of a product among other pictures: its own words, the kind of them together."""
    kinds = {one.kind for one in (product, *others)}
    if kinds & GENERATED:
        kind = "compositeSynthetic"
    elif kinds <= CAPTURED:
        kind = "compositeCapture"
    else:
        kind = "composite"
    return replace(product, kind=kind)


RENDERED = Statement(kind="algorithmicMedia")
"""What a scene says of the set that it stands in: it is computed, by rules and not by a trained model."""
