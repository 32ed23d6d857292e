"""The files that a recipe makes of one photo: rendered, written, checked; repaired where that can be."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from scipy import ndimage

from editor.engines import types
from editor.engines.finishing import frame, layers, shadow
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.measures import measure_pictures
from editor.engines.finishing.proposals import Measures
from editor.engines.finishing.render import Rendering, render
from editor.engines.io import compose, pictures, words
from editor.engines.io.colour.description import Density
from editor.engines.io.pictures import Picture
from editor.engines.io.provenance import iim, reading, statement, xmp
from editor.engines.io.provenance.credentials import Signing
from editor.engines.io.provenance.statement import Statement

from . import checks, encoding, scales
from .markets import Market, apply_market, uses_backdrop
from .press import psd_file
from .recipe import FileSpec, Recipe
from .verdicts import Check, Verdict, find_worst

WHITE = (255, 255, 255)
SMALLER = (0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of the quality that are tried where a file is too large, the best one that fits is kept."""
FRAMING = {"pixels", "ratio", "fill"}


@dataclass(frozen=True)
class Delivered:
    """One file that was handed over. path: where it was written. verdict: the worst of its checks."""

    path: Path
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    verdict: Verdict
    checks: tuple[Check, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it, its path by the name alone."""
        return {
            "name": self.path.name,
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "verdict": str(self.verdict),
            "checks": [one.to_dict() for one in self.checks],
        }


@dataclass(frozen=True)
class Order:
    """One file to make of a photo. path: its folder and name in the archive, by which it is checked."""

    spec: FileSpec
    market: Market | None
    path: str


class Delivery:
    """One photo's cutout on its way to files: decoded once, rendered once for all that share a frame."""

    def __init__(
        self,
        cutout: Path,
        finish: Finish,
        backdrop: Path | None = None,
        *,
        origin: Statement | None = None,
        signing: Signing | None = None,
    ) -> None:
        """cutout: the bare one's file. finish: the recipe's, as it was resolved for this photo.

        origin: what its photo says of its own, where that goes along. signing: what files are signed with, if
        anything. Raises what pictures.read raises.
        """
        picture = pictures.read(cutout)
        self._rgb = picture.rgb
        alpha = picture.alpha
        self._alpha = np.ones(picture.rgb.shape[:2], np.float32) if alpha is None else alpha
        self._density: Density | None = picture.density
        self._finish = finish
        self._backdrop = backdrop
        self._origin = origin
        self._signing = signing
        self._turned_from: float | None = None
        self._outline: frame.Points | None = None
        self._key: Finish | None = None
        self._made: Rendering | None = None
        self._behind: Path | None = None

    def follow(self, recipe: Recipe, measures: Measures | None = None, photo: Path | None = None) -> Measures:
        """Have the finish follow what a recipe has measured on the product, and return that.

        measures: what was measured before. photo: what the cutout was cut out of. Raises what pictures.read
        raises.
        """
        if measures is None:
            measures = measure_pictures(Picture(self._rgb, self._alpha, "png"), photo)
        before, self._finish = self._finish, recipe.follow(self._finish, measures)
        if recipe.same_scale:
            self._turned_from = before.rotation
        return measures

    def make(self, orders: list[Order], folder: Path) -> list[Delivered]:
        """Write a file for each order into `folder`, and return them in the same order.

        Raises EngineError and OSError.
        """
        made = dict(self.make_each(orders, folder))
        return [made[number] for number in range(len(orders))]

    def make_each(self, orders: list[Order], folder: Path) -> Iterator[tuple[int, Delivered]]:
        """Make the files, those of one frame one after another, and yield the number of each from 0."""
        frames = [self._choose_finish(order) for order in orders]
        for number in sorted(range(len(orders)), key=lambda number: repr(frames[number])):
            suffix = PurePath(orders[number].path).suffix or f".{orders[number].spec.format}"
            yield number, self._make_one(orders[number], folder / f"file-{number + 1}{suffix}")

    def _choose_finish(self, order: Order) -> Finish:
        finish = self._finish
        if order.market is not None and order.spec.frame == "market":
            finish = apply_market(finish, order.market)
        if order.spec.format == "jpg":
            finish = replace(finish, background=_lay_on_white(finish.background))
        # The format is the file's, and what is rendered is the same for all of them.
        return replace(finish, format="png", share=self._find_share(finish))

    def _find_share(self, finish: Finish) -> float:
        """Return the share by which a product that is turned upright is as large as its set's scale has it.

        That scale was found by the products as they lean.
        """
        if self._turned_from in (None, finish.rotation) or finish.scaling not in ("fit", "fill"):
            return finish.share
        if self._outline is None:
            self._outline = frame.find_outline(self._alpha)
        size = self._alpha.shape[1], self._alpha.shape[0]
        whole = replace(finish, share=1.0, enlarge=True)
        leaning = frame.place(self._outline, size, replace(whole, rotation=self._turned_from)).scale
        upright = frame.place(self._outline, size, whole).scale
        return min(1.0, max(scales.LEAST_SHARE, finish.share * leaning / upright))

    def _choose_backdrop(self, order: Order) -> Path | None:
        return self._backdrop if order.spec.frame == "recipe" or uses_backdrop(order.market) else None

    def _make_one(self, order: Order, path: Path) -> Delivered:
        finish, backdrop = self._choose_finish(order), self._choose_backdrop(order)
        made, finish, mended = self._frame(order, finish, backdrop)
        spec, market = order.spec, order.market
        rgb, white = _find_white(made, finish, backdrop)
        dpi = max(spec.dpi, market.least_dpi if market and not spec.dpi else 0)
        density = (float(dpi), float(dpi)) if dpi else self._density

        behind = [reading.read(backdrop)] if backdrop and (self._origin or self._signing) else []
        origin = statement.join_elements(self._origin, behind) if self._origin and behind else self._origin
        with_path = spec.clipping_path or (market is not None and market.clipping_path)

        def write(quality: int) -> None:
            if spec.format == "psd":
                # It has no place for a signature.
                self._write_layers(
                    path, finish, backdrop, white, with_path=with_path, density=density, origin=origin
                )
                return
            encoding.encode(
                path,
                rgb,
                made.alpha,
                format=spec.format,
                quality=quality,
                density=density,
                white=white,
                outline=made.mask if with_path else None,
                origin=origin,
            )
            if self._signing is not None:
                self._signing.sign(path, spec.format, behind)

        write(spec.quality)
        if market is not None and market.most_bytes and path.stat().st_size > market.most_bytes:
            mended |= _shrink(path, spec, market, write)
        data = path.read_bytes()
        results = checks.check_file(
            data,
            order.path,
            format=spec.format,
            mask=made.mask,
            market=market,
            white=white is not None and not finish.shadow,
            dpi=spec.dpi,
            with_path=with_path,
        )
        results = [
            replace(one, verdict=Verdict.REPAIRED)
            if one.key in mended and one.verdict == Verdict.PASSED
            else one
            for one in results
        ]
        height, width = made.mask.shape
        return Delivered(
            path,
            spec.format,
            width,
            height,
            len(data),
            hashlib.sha256(data).hexdigest(),
            find_worst(results),
            tuple(results),
        )

    def _frame(
        self, order: Order, finish: Finish, backdrop: Path | None
    ) -> tuple[Rendering, Finish, set[str]]:
        """Return the picture in a frame that its market takes, if there is one, its finish, and what was
        repaired.
        """
        made = self._render(finish, backdrop)
        if order.market is None:
            return made, finish, set()
        lacking = _find_lacking(made, order.market)
        mended: set[str] = set()
        if lacking and order.spec.frame == "recipe":
            tried = replace(
                apply_market(finish, order.market), background=finish.background, shadow=finish.shadow
            )
            other = self._render(tried, backdrop)
            still = _find_lacking(other, order.market)
            if len(still) < len(lacking):
                made, finish, mended, lacking = other, tried, lacking - still, still
        if "fill" in lacking and made.placement.smaller and finish.share == 1 and finish.canvas == "exact":
            size = _tighten(made, order.market)
            if size is not None:
                tried = replace(finish, width=size[0], height=size[1])
                other = self._render(tried, backdrop)
                still = _find_lacking(other, order.market)
                if len(still) < len(lacking):
                    made, finish, mended = other, tried, mended | (lacking - still)
        return made, finish, mended

    def _write_layers(
        self,
        path: Path,
        finish: Finish,
        backdrop: Path | None,
        white: types.Mask | None,
        *,
        with_path: bool,
        density: Density | None,
        origin: Statement | None,
    ) -> None:
        """Write product, shadow and ground apart. white: where nothing of the product is to be left."""
        bare = render(self._rgb, self._alpha, replace(finish, background="", shadow="", format="png"))
        mask = bare.mask if white is None else np.where(white, np.float32(0), bare.mask)
        ground = layers.paint_ground(finish, backdrop, bare)
        cast = shadow.cast(bare.rgb, bare.mask, finish)
        psd_file.write_psd(
            path,
            bare.rgb,
            mask,
            cast,
            ground=ground,
            with_path=with_path,
            density=density,
            xmp=xmp.make_packet(origin) if origin else b"",
            iptc=iim.make_values(origin) if origin else b"",
        )

    def _render(self, finish: Finish, backdrop: Path | None) -> Rendering:
        """Return a cutout as a finish asks; the last one is kept."""
        if self._made is None or (self._key, self._behind) != (finish, backdrop):
            self._made = None
            self._made = render(self._rgb, self._alpha, finish, backdrop)
            self._key, self._behind = finish, backdrop
        return self._made


def deliver(
    cutout: Path,
    folder: Path,
    spec: FileSpec,
    market: Market | None,
    finish: Finish,
    *,
    path: str,
    backdrop: Path | None = None,
) -> Delivered:
    """Make one file of a bare cutout's file; Delivery makes several of one photo in less time."""
    return Delivery(cutout, finish, backdrop).make([Order(spec, market, path)], folder)[0]


RING = 0.12
"""Opacity that rings stay below: 0.065 at a corner, enlarged four to seven times."""
NEARLY_WHITE = 251


def _lay_on_white(background: str) -> str:
    """Return a colour that a jpg can have: opaque, white where none is asked for."""
    if not background:
        return "#ffffff"
    colour, alpha = words.parse_colour_alpha(background)
    red, green, blue = compose.blend(colour, alpha, WHITE)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _find_white(
    made: Rendering, finish: Finish, backdrop: Path | None
) -> tuple[types.Image, types.Mask | None]:
    """Return a picture's colours, and where they have to stay white; None where the ground is not.

    What is too faint to be seen of a product, further than a pixel from what is not, is white as well.
    """
    if made.alpha is not None or backdrop or not finish.background:
        return made.rgb, None
    if words.parse_colour_alpha(finish.background) != (WHITE, 1.0):
        return made.rgb, None
    # What is faint and hardly off white is nobody's to see: a pale product's soft outline, enlarged.
    unseen = (made.mask < RING) & (made.rgb >= NEARLY_WHITE).all(axis=2)
    ground = checks.find_ground(np.where(unseen, np.float32(0), _leave_rings(made.mask)))
    if finish.shadow:
        return made.rgb, ground & (made.rgb == 255).all(axis=2)
    rgb = made.rgb.copy()
    rgb[ground] = 255
    return rgb, ground


def _leave_rings(mask: types.Alpha) -> types.Alpha:
    """Return a mask without areas that are faint all over: rings that Lanczos's filter leaves around an
    enlarged outline, no product."""
    numbered, count = ndimage.label(mask > compose.VISIBLE)
    most = ndimage.maximum(mask, numbered, np.arange(count + 1))
    return np.where(np.asarray(most)[numbered] < RING, np.float32(0), mask)


def _find_lacking(made: Rendering, market: Market) -> set[str]:
    found = checks.check_frame(made.mask, market)
    return {one.key for one in found if one.verdict == Verdict.NOT_MET and one.key in FRAMING}


def _tighten(made: Rendering, market: Market) -> tuple[int, int] | None:
    """Return a smaller canvas of the same shape which a product that may not be enlarged fills.

    None where it would be less than a market takes.
    """
    fill = checks.measure_fill(made.mask)
    height, width = made.mask.shape
    least = max(market.least[0] / width, market.least[1] / height, market.least_longest / max(width, height))
    factor = max(fill / market.fill[1], least)
    if factor >= 1 or fill / factor < market.fill[0] - checks.FILL_OFF:
        return None
    return math.ceil(width * factor), math.ceil(height * factor)


def _shrink(path: Path, spec: FileSpec, market: Market, write: Any) -> set[str]:
    """Write a file anew until it is no larger than a market takes; return what was repaired."""
    usual = spec.quality or encoding.USUAL_QUALITY.get(spec.format, 0)
    for share in SMALLER if usual else ():
        quality = max(encoding.LEAST_QUALITY, round(usual * share))
        write(quality)
        if path.stat().st_size <= market.most_bytes:
            return {"bytes"}
        if quality == encoding.LEAST_QUALITY:
            break
    write(spec.quality)
    return set()
