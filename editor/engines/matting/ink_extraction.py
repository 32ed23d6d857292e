"""Ink extraction: a seal or a signature off its paper, the ink alone, as transparent as it was applied.

The page is estimated around every pixel, so shadows and yellowed paper drop out. What absorbs light
beyond it is ink, by Beer and Lambert's law: densities of several inks add up, and are taken apart by
non-negative least squares (colour deconvolution: Ruifrok, Johnston, Anal. Quant. Cytol. Histol. 2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.errors import NothingFound, UnsuitableContent

Densities = NDArray[np.float32]

PAGE_SIDE = 512
"""Longer side in pixels at which the page and its inks are looked for."""

PAGE_WINDOW = 0.11
"""Side of the window in which the page's own colour shows somewhere, as a share of the longer side."""

DARKEST_PAGE = 70
"""Grey level of the page under which nothing can be told from it."""

LEAST_PAGE = 0.35
"""Share of the picture that must be plain page; in a photo of something else less of it is."""

INK = 0.18
"""Optical density from which on a pixel is ink for certain: it takes a sixth of the light."""

LEAST_INK = 2e-4
COLOURED = 0.22
"""How unequal the densities of red, green and blue are, by which a coloured ink is told from black."""

THICK = 0.018
"""Half a stroke's width, as a share of the longer side: pens and stamps draw thinner, but for solid seals."""
THICK_SHARE = 0.015
"""Share of the picture that is so far inside of what is dark, from which on it has to be printed evenly."""
UNEVEN, UNEVEN_HUED, HUED = 0.385, 0.34, 0.06
"""How much the density there may vary, in its mean, and how much where hues do, too. Patchy solid seals had
0.22 to 0.34 and 0.02, products before white and faces before a wall 0.35 to 0.78, those below 0.385 with
hues of 0.07 to 0.33."""

HUE_REACH = 0.012
"""Standard deviation, as a share of the longer side, over which the hue of an ink is taken where it lies."""

LINE = 0.25
"""Straight lines longer than this share of the picture are the paper's, not the pen's."""

NOTHING = "No stamp or signature was found. Photograph it closer, on light paper."


class NotOnPaper(UnsuitableContent):
    """The picture is no page with ink on it."""

    sentence = (
        "This does not look like ink on paper. Photograph the stamp or signature on light paper, filling "
        "the picture."
    )


class DarkPaper(UnsuitableContent):
    """The page is too dark."""

    sentence = "The paper is too dark to lift ink from. Use light paper, or more light."


@dataclass(frozen=True)
class Ink:
    """One ink: what it takes of red, green and blue where it is fully laid on (3,), and its colour."""

    density: Densities
    colour: NDArray[np.float32]


def extract_ink(rgb: types.Image) -> tuple[types.Image, types.Alpha]:
    """Return the ink's colours (H, W, 3) and how much of it covers each pixel (H, W).

    Coloured inks are taken where there are any: what is black then is print below the seal.
    Raises NothingFound, NotOnPaper, DarkPaper.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, PAGE_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BOX), np.float32)
    page = _page(small)
    if float(np.median(page)) < DARKEST_PAGE:
        raise DarkPaper
    noise = _check(small, page)
    _check_evenness(small, page)
    wide = np.stack([_enlarge(page[..., channel], width, height) for channel in range(3)], axis=-1)
    densities = _remove_lines(_densities(rgb.astype(np.float32), wide))
    # Noise in what is dark has every hue: an ink's colour is that of its surroundings together.
    calm = np.where(densities > 0, ndimage.gaussian_filter(densities, (1.5, 1.5, 0)), np.float32(0))
    inks = _inks(densities, calm, noise)
    amounts = _amounts(densities, [ink.density for ink in inks])
    chosen = _choose_inks(inks, amounts)
    covered = np.clip(np.stack([amounts[..., i] for i in chosen], axis=-1), 0, None)
    # From density to coverage: a full layer of ink lets exp(-density) of the page through.
    strength = np.stack([1 - np.exp(-_strength(inks[i]) * covered[..., n]) for n, i in enumerate(chosen)], -1)
    full = np.array([1 - np.exp(-_strength(inks[i])) for i in chosen], np.float32)
    alphas = np.clip(strength / full, 0, 1)
    total = np.clip(alphas.sum(axis=-1), 0, 1)
    # Paper has a grain, and a camera noise that tells more in the shade; below it a veil over
    # everything would be all that shows.
    shade = float(np.median(page)) / wide.mean(axis=-1)
    faint = np.maximum(np.float32(0.03), np.float32(2 * noise) * np.maximum(shade, 1)).astype(np.float32)
    alpha = total * np.clip((total - faint) / faint, 0, 1)
    # Where print is denser than the seal that is said to lie on it, the seal is the print's own fringe.
    own = covered.sum(axis=-1)
    alpha *= np.clip((own / np.maximum(amounts.sum(axis=-1), np.float32(1e-6)) - 0.2) / 0.2, 0, 1)
    if float((alpha > 0.5).mean()) < LEAST_INK:
        raise NothingFound(NOTHING)
    weights = alphas + np.float32(1e-6)
    weights /= weights.sum(axis=-1, keepdims=True)
    hued = np.stack(
        [_local_colours(densities, alphas[..., n], inks[i]) for n, i in enumerate(chosen)], axis=-2
    )
    colours = (weights[..., np.newaxis] * hued).sum(axis=-2)
    return np.clip(colours + 0.5, 0, 255).astype(np.uint8), alpha.astype(np.float32)


def _page(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the page's colour (h, w, 3) behind the ink: what is bright around each pixel, smoothed."""
    height, width = small.shape[:2]
    # Ranking is dear and the page is smooth: it is looked for in a third of the size.
    size = (max(1, width // 3), max(1, height // 3))
    calm = np.stack([_shrink(ndimage.median_filter(small[..., c], 3), size) for c in range(3)], axis=-1)
    window = max(3, round(PAGE_WINDOW * max(size))) // 2 * 2 + 1
    # A shadow's border is sharper than the window, so the page may be darker than what is around it.
    bright = ndimage.percentile_filter(calm, 80, size=(window, window, 1))
    closed = ndimage.grey_closing(calm, size=(window, window, 1))
    page = ndimage.gaussian_filter(np.minimum(bright, closed), (window / 6, window / 6, 0))
    return np.stack([np.maximum(_enlarge(page[..., c], width, height), 1) for c in range(3)], axis=-1)


def _check(small: NDArray[np.float32], page: NDArray[np.float32]) -> float:
    """Return the paper's grain as a density. Raises NotOnPaper."""
    densities = _densities(small, page).mean(axis=-1)
    # Half of a page with ink on it is page at least, so its own spread shows below the median.
    middle = float(np.median(densities))
    grain = 1.4826 * float(np.median(np.abs(densities - middle)))
    plain = float((densities < max(0.06, middle + 3 * grain)).mean())
    if plain < LEAST_PAGE or grain > 0.08 or middle > 0.12:
        raise NotOnPaper
    return max(0.01, grain)


def _check_evenness(small: NDArray[np.float32], page: NDArray[np.float32]) -> None:
    """Raise NotOnPaper where what is dark is broad and shaded, as things are and printing is not."""
    densities = np.stack(
        [ndimage.gaussian_filter(plane, 1) for plane in np.moveaxis(_densities(small, page), -1, 0)], axis=-1
    )
    inside = ndimage.distance_transform_edt(densities.max(axis=-1) > INK) > THICK * max(small.shape[:2])
    if float(inside.mean()) < THICK_SHARE:
        return
    strength = np.linalg.norm(densities[inside], axis=1)
    hues = float(np.sqrt((densities[inside] / strength[:, np.newaxis]).var(axis=0).sum()))
    uneven = float(strength.std() / strength.mean())
    if uneven > UNEVEN or (uneven > UNEVEN_HUED and hues > HUED):
        raise NotOnPaper


def _local_colours(densities: Densities, share: NDArray[np.floating], ink: Ink) -> NDArray[np.float32]:
    """Return the colour (H, W, 3) that an ink has around each pixel, laid on as fully as all of it.

    Two inks that let the same light through best, red and orange, are taken apart by no other means.
    """
    reach = max(1.5, HUE_REACH * max(share.shape))
    # What is laid on well tells a hue; at an edge the page does too.
    weight = (share**2)[..., np.newaxis] * densities
    sums = np.stack([ndimage.gaussian_filter(weight[..., c], reach, truncate=3) for c in range(3)], axis=-1)
    length = np.linalg.norm(sums, axis=-1, keepdims=True)
    full = float(np.linalg.norm(ink.density))
    local = np.where(length > 1e-3, sums / np.maximum(length, 1e-6) * full, ink.density)
    return (255 * np.exp(-local)).astype(np.float32)


def _densities(rgb: NDArray[np.float32], page: NDArray[np.float32]) -> Densities:
    """Return the optical densities (H, W, 3) of a picture over its page."""
    return np.maximum(0, np.log(page / np.maximum(rgb, 1.0))).astype(np.float32)


def _remove_lines(densities: Densities) -> Densities:
    """Return the densities without ruled lines: what is straight, thin and pale right across the page."""
    height, width = densities.shape[:2]
    grey = densities.max(axis=-1)
    result = densities
    runs = (((1, max(3, round(LINE * width))), (3, 1)), ((max(3, round(LINE * height)), 1), (1, 3)))
    for shape, across in runs:
        # A line is never quite level: it may move by a pixel or two on its way.
        thick = ndimage.grey_dilation(grey, size=across)
        run = ndimage.grey_erosion(thick, size=shape)
        line = np.minimum(ndimage.grey_dilation(run, size=shape), grey)
        strong = line > 0.03
        if not strong.any() or float(strong.mean()) > 0.3:
            continue
        # Where ink crosses the line it is denser than the line is elsewhere.
        level = float(np.median(line[strong]))
        own = strong & (grey < 1.6 * level + 0.05)
        result = np.where(own[..., np.newaxis], np.float32(0), result)
        grey = np.where(own, np.float32(0), grey)
    return result


def _inks(densities: Densities, calm: Densities, noise: float) -> list[Ink]:
    """Return the inks on the page, coloured ones and black, by the directions their densities take.

    calm: the densities without noise, which tell the colours; the others tell how strong they are.
    """
    certain = (calm.max(axis=-1) > max(0.6 * INK, 3 * noise)) & (densities.max(axis=-1) > max(INK, 4 * noise))
    count = int(np.count_nonzero(certain))
    if count < LEAST_INK * certain.size:
        raise NothingFound(NOTHING)
    step = max(1, count // 40_000)
    samples, sharp = calm[certain][::step], densities[certain][::step]
    colourful = np.ptp(samples, axis=1) / samples.max(axis=1)
    lets_through = np.argmin(samples, axis=1)
    members = [(colourful > COLOURED) & (lets_through == channel) for channel in range(3)]
    inks = []
    for member in [*members, colourful <= COLOURED]:
        if np.count_nonzero(member) < max(20, 0.02 * len(samples)):
            continue
        strength = np.linalg.norm(samples[member], axis=1)
        dense = strength >= np.percentile(strength, 50)
        direction = np.median(samples[member][dense] / strength[dense, np.newaxis], axis=0)
        direction /= np.linalg.norm(direction)
        density = direction * np.percentile(np.linalg.norm(sharp[member], axis=1), 85)
        inks.append(Ink(density.astype(np.float32), (255 * np.exp(-density)).astype(np.float32)))
    if not inks:
        raise NothingFound(NOTHING)
    return inks


def _choose_inks(inks: list[Ink], amounts: NDArray[np.float32]) -> list[int]:
    """Return which inks are the stamp's: the coloured ones, else the black one."""
    laid = [float((amounts[..., i] > 0.4).mean()) for i in range(len(inks))]
    coloured = [i for i, ink in enumerate(inks) if float(np.ptp(ink.density) / ink.density.max()) > COLOURED]
    found = [i for i in coloured if laid[i] > LEAST_INK and laid[i] > 0.05 * max(laid)]
    return found or list(range(len(inks)))


def _amounts(densities: Densities, inks: list[Densities]) -> NDArray[np.float32]:
    """Return how much of each ink (H, W, inks) lies on each pixel, 1 = a full layer; never negative."""
    flat = densities.reshape(-1, 3)
    kept = np.linalg.lstsq(np.stack(inks, 1), flat.T, rcond=None)[0].T.astype(np.float32)
    for _ in range(len(inks) - 1):
        negative = kept < 0
        if not negative.any():
            break
        kept = np.where(negative, np.float32(0), kept)
        # What an ink cannot take back is shared among the others: projected once more on those.
        for row in np.unique(negative, axis=0):
            if not row.any() or row.all():
                continue
            those = (negative == row).all(axis=1)
            others = [i for i, gone in enumerate(row) if not gone]
            matrix = np.stack([inks[i] for i in others], 1)
            kept[np.ix_(those, others)] = np.linalg.lstsq(matrix, flat[those].T, rcond=None)[0].T
    return np.maximum(kept, 0).reshape(*densities.shape[:2], len(inks)).astype(np.float32)


def _strength(ink: Ink) -> float:
    return float(ink.density.max())


def _shrink(plane: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.array(Image.fromarray(plane).resize(size, Image.Resampling.BOX))


def _enlarge(plane: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    return np.array(Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC))
