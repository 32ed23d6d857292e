"""What marketplaces ask of product pictures, as data: each rule with where it was read, and when.

Rules change. The table that is shipped is markets.json; an admin may keep another row under the same key.
Loads no arrays: pages list it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish
from editor.engines.limits import STUDIO
from editor.engines.options import Options, check_choice, check_flag, check_number, check_whole

from .recipe import FORMATS

TABLE = Path(__file__).with_name("markets.json")

GROUNDS = ("", "white", "light", "white or clear")
"""Of what is no product: any; 255,255,255; light, neutral and opaque; white, or see-through."""
NAMES = {
    "": re.compile(r"(?s).+"),
    # ASIN, UPC, EAN or SKU, then the variant: no spaces and no dashes.
    "amazon": re.compile(
        r"[A-Za-z0-9_]+\.(MAIN|PT\d\d|SWCH|IN\d\d|PS0[1-6]|TOPP|BOTT|LEFT|RGHT|FRNT|BACK|SIDE|PAIR|FACT|INGR|EEGL)"
        r"\.[a-z]+"
    ),
    "gtin": re.compile(r"\d{14}(_\d{1,2})?\.[a-z]+"),
    "gs1": re.compile(r"\d{14}_[A-Z]\d[A-Z0-9]\d[A-Z0-9_]*\.[a-z]+"),
    "plain": re.compile(r"[A-Za-z0-9._-]+"),
}
"""How a file may be called, by the rule's word."""

MOST_TEXT = 400
MOST_BYTES = 1000 * 2**20
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Market(Options):
    """What one marketplace asks of one kind of picture. Raises InvalidOptions, naming the option.

    key: short, as files say it. name, kind: for people.
    ground: one of GROUNDS.
    least, good, most: width and height in pixels, 0 for none; a picture of the good size is what is made.
    least_longest, most_longest: of the longer side. most_megapixels: of the whole, 0 for any.
    ratios: wide and high, those that are taken; none for any. The first goes with the good size.
    fill: the least, the one to aim at and the most of the frame that the product takes, across or down,
    whichever is more; zeros for any.
    formats: those taken, the best one first. most_bytes: of the file, 0 for any. least_dpi: pixels per inch.
    clipping_path: whether it has to have one. names: one of NAMES. name_pattern: what fits it.
    forbidden: what must not be in the picture, for people: nobody measures that.
    official: whether it is the marketplace's own word. source, date: where it was read, and when (ISO).
    """

    key: str = ""
    name: str = ""
    kind: str = ""
    ground: str = ""
    least: tuple[int, int] = (0, 0)
    good: tuple[int, int] = (0, 0)
    most: tuple[int, int] = (0, 0)
    least_longest: int = 0
    most_longest: int = 0
    most_megapixels: float = 0.0
    ratios: tuple[tuple[float, float], ...] = ()
    fill: tuple[float, float, float] = (0.0, 0.0, 0.0)
    formats: tuple[str, ...] = ("jpg",)
    most_bytes: int = 0
    least_dpi: int = 0
    clipping_path: bool = False
    names: str = ""
    name_pattern: str = "{stem}.{ext}"
    forbidden: str = ""
    official: bool = False
    source: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not KEY.fullmatch(self.key):
            raise InvalidOptions("key must be at most 40 small letters, digits and dashes, such as amazon.")
        for name in ("name", "kind", "name_pattern", "forbidden", "source", "date"):
            value = getattr(self, name)
            if not isinstance(value, str) or len(value) > MOST_TEXT or not value.isprintable():
                raise InvalidOptions(f"{name} must be a line of at most {MOST_TEXT} characters.")
        if not self.name.strip():
            raise InvalidOptions("name must say which marketplace this is.")
        check_choice("ground", self.ground, GROUNDS, quoted=True)
        check_choice("names", self.names, NAMES, quoted=True)
        check_flag("clipping_path", self.clipping_path)
        check_flag("official", self.official)
        self._check_sizes()
        self._check_shape()
        formats = _check_row("formats", self.formats, range(1, len(FORMATS) + 1))
        for one in formats:
            check_choice("formats", one, FORMATS, quoted=True)
        object.__setattr__(self, "formats", formats)
        check_whole("most_bytes", self.most_bytes, 0, MOST_BYTES)
        check_whole("least_dpi", self.least_dpi, 0, 1200)
        _check_date(self.date)

    def _check_sizes(self) -> None:
        for name in ("least", "good", "most"):
            pair = _check_row(name, getattr(self, name), range(2, 3))
            for side in pair:
                check_whole(name, side, 0, STUDIO.side)
            object.__setattr__(self, name, pair)
        for name in ("least_longest", "most_longest"):
            check_whole(name, getattr(self, name), 0, STUDIO.side)
        check_number("most_megapixels", self.most_megapixels, 0, 1000)
        if bool(self.good[0]) != bool(self.good[1]):
            raise InvalidOptions("good must be a width and a height, or 0 and 0.")
        for below, above in (("least", "good"), ("least", "most"), ("good", "most")):
            for less, more in zip(getattr(self, below), getattr(self, above), strict=True):
                if more and less > more:
                    raise InvalidOptions(f"{below} must not be more than {above}.")
        if self.most_longest and max(self.least_longest, *self.good) > self.most_longest:
            raise InvalidOptions("most_longest must not be less than least_longest or good.")

    def _check_shape(self) -> None:
        ratios = tuple(_check_row("ratios", one, range(2, 3)) for one in _check_row("ratios", self.ratios))
        for ratio in ratios:
            for number in ratio:
                check_number("ratios", number, 0.01, 100_000)
        object.__setattr__(self, "ratios", ratios)
        fill = _check_row("fill", self.fill, range(3, 4))
        for share in fill:
            check_number("fill", share, 0, 1)
        if sorted(fill) != list(fill) or (fill[2] and fill[1] < 0.05):
            raise InvalidOptions(
                "fill must be the least, the one to aim at (from 0.05) and the most, rising."
            )
        object.__setattr__(self, "fill", fill)

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Return the marketplace in a JSON object; what is absent at its default. Raises InvalidOptions."""
        if not isinstance(options, Mapping):
            raise InvalidOptions("A marketplace must be a JSON object.")
        return super().from_dict(options)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that from_dict takes, without what is at its default."""
        found = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default:
                found[one.name] = _to_lists(value)
        return found

    @property
    def frame(self) -> tuple[int, int]:
        """Width and height of the picture that is made for it, 0 and 0 where it does not matter."""
        return self.good if self.good[0] else self.least

    @property
    def title(self) -> str:
        """What people read: the marketplace and the kind of picture."""
        return f"{self.name}, {self.kind}" if self.kind else self.name


def apply_market(finish: Finish, market: Market) -> Finish:
    """Return a finish whose size, fill and ground are what a marketplace asks for.

    Light, turn, alignment and share stay. Where all that is no product has to be white, so does the floor:
    its shadow is left out.
    """
    changed: dict[str, Any] = {}
    width, height = market.frame
    aim = market.fill[1] if market.fill[2] else 0.0
    if width and height:
        changed |= {"canvas": "exact", "width": width, "height": height, "scaling": "fit", "size": "full"}
        if finish.canvas != "exact" or finish.margin_of == "px" or aim:
            changed |= {"reference": "subject", "margin_of": "canvas", "margins": _margins(aim or 0.9)}
    if market.ground:
        changed["background"] = "#ffffff"
    if market.ground == "white":
        changed["shadow"] = ""
    return replace(finish, **changed)


def uses_backdrop(market: Market | None) -> bool:
    """Say whether a picture may stand behind the product there."""
    return market is None or not market.ground


def check_name(name: str, market: Market) -> bool:
    """Say whether a file may be called so there."""
    return NAMES[market.names].fullmatch(name) is not None


def read_table(path: Path = TABLE) -> dict[str, Market]:
    """Return the marketplaces of a table by their keys, in its order. Raises InvalidOptions, OSError."""
    rows = [Market.from_dict(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    return {row.key: row for row in rows}


def _margins(share: float) -> tuple[float, float, float, float]:
    margin = round((1 - share) / 2, 6)
    return margin, margin, margin, margin


def _check_row(name: str, value: object, lengths: range = range(13)) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or len(value) not in lengths:
        count = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
        raise InvalidOptions(f"{name} must be a list of {count}.")
    return tuple(value)


def _check_date(text: str) -> None:
    try:
        _ = date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise InvalidOptions(f"date must be a day such as 2026-11-30, not '{text[:20]}'.") from exc


def _to_lists(value: object) -> Any:
    return [_to_lists(one) for one in value] if isinstance(value, tuple) else value


MARKETS = read_table()
"""The table that is shipped, by its keys."""
