"""A photo's cutout as it is corrected stroke after stroke: pixels, screen copy and packed file, tile by tile.

All strokes count each time, upon what the photo was cut out as: so the same strokes lead to the same file,
whatever was painted between. What is as it was the last time is neither coloured, scaled nor packed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engines import tiles, types
from editor.engines.io import alpha_kernels, compose, formats, pictures, resampling
from editor.engines.io.png.bands import BandedPng
from editor.engines.matting import foreground_estimation, stroke_correction
from editor.engines.matting.strokes import Stroke
from editor.engines.tiles import Tile, Tiles, Window

SCREEN_SIDE = 2048
"""Pixels of the longer side of the copy that screens show."""

MOST_STEPS = 12
"""So many of the last states are kept, for strokes that are taken back."""


@dataclass(frozen=True)
class State:
    """What strokes make of a cutout: the tiles of its alpha and of its colours that are others."""

    strokes: tuple[Stroke, ...] = ()
    alpha: Tiles = field(default_factory=dict)
    colours: Tiles = field(default_factory=dict)

    def list_tiles(self) -> set[Tile]:
        """Return the tiles that may be others than before any stroke."""
        return {*self.alpha, *self.colours}


@dataclass(frozen=True)
class Patch:
    """What of a screen copy is new: windows of it, and their pixels (h, w, 4), not weighed by alpha."""

    windows: list[Window]
    pixels: list[NDArray[np.uint8]]


class KeptCutout:
    """A photo and what was cut out of it, in the state in which strokes left it last.

    rgb, alpha: the photo's colours, and its subject's alpha before any stroke. colours: the subject's own
    below that. clear: the photo's own alpha, None where it is opaque. cleans: whether colours follow
    the alpha.
    """

    def __init__(
        self,
        picture: pictures.Picture,
        alpha: types.Alpha,
        colours: types.Image,
        *,
        cleans: bool = True,
    ) -> None:
        self.rgb, self.clear, self.density = picture.rgb, picture.alpha, picture.density
        self.opacity = picture.opacity
        self.alpha, self.colours, self.cleans = alpha, colours, cleans
        # Where the photo is see-through itself its colour is the subject's own already.
        self.own = alpha if self.clear is None else np.where(self.clear < 1, np.float32(1), alpha)
        self.height, self.width = alpha.shape
        self.whole: Window = (slice(0, self.height), slice(0, self.width))
        self.size = formats.fit_size(self.width, self.height, SCREEN_SIDE)
        self.now = State()
        self.steps = [self.now]
        # The file's rows as they were packed last, and which of them are others by now.
        self.packed: BandedPng | None = None
        self.loose: set[tuple[int, int]] = set()
        self.grey = pictures.to_bytes(alpha)
        self.screen = self._scale(self.whole)

    @property
    def bytes(self) -> int:
        """What is held in memory beside alpha and colours, once its file was packed."""
        kept = self.rgb.nbytes + self.grey.nbytes + self.screen.nbytes
        parts = chain.from_iterable((*step.alpha.values(), *step.colours.values()) for step in self.steps)
        kept += sum({id(part): part.nbytes for part in parts}.values())
        return kept + (self.packed.held if self.packed else 0)

    def correct(self, strokes: Sequence[Stroke], report: types.Report = types.ignore_progress) -> Patch:
        """Have all these strokes, and no others, correct the cutout. Return what screens must show anew.

        report may stop it: then all is as it was.
        """
        before, after = self.now, self._solve(tuple(strokes), report)
        stale = {
            tile for tile in before.list_tiles() | after.list_tiles() if self._differs(tile, before, after)
        }
        self.now = after
        for tile in stale:
            window = tiles.widen(tiles.cut(tile), 0, self.whole)
            self.grey[window] = self._read(window)[..., 3]
        self.loose |= {(tile[0] * tiles.SIDE, min((tile[0] + 1) * tiles.SIDE, self.height)) for tile in stale}
        windows = [self._find_on_screen(tiles.widen(group, 0, self.whole)) for group in tiles.group(stale)]
        for window in windows:
            self.screen[window] = self._scale(window)
        made = [np.ascontiguousarray(self.screen[window]) for window in windows]
        return Patch(windows, [join(*pictures.unweigh(part)) for part in made])

    def write(self, path: Path) -> int:
        """Write the cutout as it is now, a PNG at the photo's full size, and return its bytes."""
        if self.packed is None:
            self.packed = BandedPng(self.width, self.height, self._read_rows)
        else:
            self.packed = self.packed.change(self._read_rows, self.loose)
        self.loose = set()
        return self.packed.write(path, self.density)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of the subject."""
        return not bool((self.grey > 127.5 * self.opacity).any())

    @property
    def box(self) -> compose.Box:
        """The box around all that is visible."""
        return compose.visible_box(self.grey > 255 * compose.VISIBLE)

    # -- What it is made of --------------------------------------------------------------------------

    def _solve(self, strokes: tuple[Stroke, ...], report: types.Report) -> State:
        """Return the state that strokes lead to, from the nearest that is kept."""
        kept = [step for step in self.steps if step.strokes == strokes[: len(step.strokes)]]
        state = max(kept, key=lambda step: len(step.strokes))
        for count in range(len(state.strokes) + 1, len(strokes) + 1):
            alpha = stroke_correction.change(self.rgb, self.alpha, state.alpha, strokes[:count])
            report(0.3)
            colours = self._clean(alpha, state) if self.cleans else {}
            state = State(strokes[:count], state.alpha | alpha, state.colours | colours)
            report(0.4)
            self.steps = [self.steps[0], *self.steps[1:][1 - MOST_STEPS :], state]
        return state

    def _clean(self, alpha: Tiles, state: State) -> Tiles:
        """Return the tiles of colours that are others below these tiles of alpha."""
        before, changed = self._own(state.alpha), self._own(alpha)
        return foreground_estimation.purify_tiles(
            self.rgb, (self.own, before), changed, (self.colours, state.colours)
        )

    def _own(self, alpha: Tiles) -> Tiles:
        if self.clear is None:
            return alpha
        return {
            tile: np.where(self.clear[tiles.cut(tile)] < 1, np.float32(1), part)
            for tile, part in alpha.items()
        }

    def _differs(self, tile: Tile, one: State, other: State) -> bool:
        if one.alpha.get(tile) is other.alpha.get(tile) and one.colours.get(tile) is other.colours.get(tile):
            return False
        window = tiles.widen(tiles.cut(tile), 0, self.whole)
        return not np.array_equal(self._read(window, one), self._read(window, other))

    def _read(self, window: Window, state: State | None = None) -> NDArray[np.uint8]:
        """Return a window of the cutout (h, w, 4), as a file holds it."""
        state = state or self.now
        colours, alpha = self.colours[window], self.alpha[window]
        made = join(colours, alpha)
        for tile in tiles.list_within(window):
            if tile in state.alpha or tile in state.colours:
                edges = tiles.find_edges(tile, window)
                part, own = tiles.within(edges, window), tiles.within(edges, tiles.cut(tile))
                made[part] = join(
                    state.colours[tile][own] if tile in state.colours else colours[part],
                    state.alpha[tile][own] if tile in state.alpha else alpha[part],
                )
        return made

    def _read_rows(self, first: int, last: int) -> NDArray[np.uint8]:
        return self._read((slice(first, last), slice(0, self.width)))

    # -- Its copy for screens ------------------------------------------------------------------------

    def _find_on_screen(self, window: Window) -> Window:
        """Return the window of the screen copy that shows any of a window of the cutout."""
        if self.size == (self.width, self.height):
            return window
        made = []
        for part, length, count in zip(window, self.alpha.shape, reversed(self.size), strict=True):
            scale = length / count
            first = int(part.start / scale - resampling.LOBES) - 1
            last = int(part.stop / scale + resampling.LOBES) + 2
            made.append(slice(max(0, first), min(count, last)))
        return made[0], made[1]

    def _scale(self, window: Window) -> NDArray[np.uint8]:
        """Return a window of the screen copy (h, w, 4), its colours weighed by alpha."""
        if self.size == (self.width, self.height):
            return self._weigh(window[1].start, window[0].start, window[1].stop, window[0].stop)
        rows, columns = window if window != self.whole else (slice(0, self.size[1]), slice(0, self.size[0]))
        part = columns.start, rows.start, columns.stop, rows.stop
        return resampling.resize_part(self._weigh, (self.width, self.height), self.size, part)

    def _weigh(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.uint8]:
        made = self._read((slice(top, bottom), slice(left, right)))
        alpha = made[..., 3].astype(np.float32) * np.float32(1 / 255)
        return pictures.weigh(made[..., :3], alpha)


def join(colours: types.Image, alpha: types.Alpha) -> NDArray[np.uint8]:
    """Return colours and alpha (h, w, 4) as a file holds them: black where nothing is to be seen."""
    made = np.empty((*alpha.shape, 4), np.uint8)
    alpha_kernels.join(colours, alpha, made, 0, len(made))
    return made
