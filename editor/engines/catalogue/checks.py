"""Checks of what is handed over, measured on the file's own bytes, decoded again.

What is measured is said beside what was asked, so that nobody has to believe a colour. That a check is passed
says what was measured, not that a marketplace takes the picture.
"""

from __future__ import annotations

import io
import warnings
from pathlib import PurePath

import numpy as np
from PIL import Image, ImageCms
from scipy import ndimage

from editor.engines import types
from editor.engines.io import compose
from editor.engines.io.colour import icc_profiles

from . import encoding
from .markets import Market, check_name
from .press import path_reading
from .verdicts import Check, Verdict

LIGHT, NEUTRAL = 230, 10
"""The least level of a light ground's darkest channel, and how far its channels may lie apart."""
RATIO_OFF = 0.005
"""How far a ratio may be off, as a share of it: whole pixels cannot always have it."""
FILL_OFF = 0.005
MOST_POINTS, LEAST_AGREEMENT = 600, 0.995
EDGE = np.array([(0, 1, 0), (1, 1, 1), (0, 1, 0)], bool)
"""What is no further than a pixel from a product is its edge, and nobody's ground."""

PLUGINS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "TIFF": "tiff", "PSD": "psd"}


def find_ground(mask: types.Alpha) -> types.Mask:
    """Return what lies further than a pixel from all that is visible of a product, (H, W)."""
    return ~ndimage.binary_dilation(mask > compose.VISIBLE, EDGE)


def check_file(
    data: bytes,
    name: str,
    *,
    format: str,
    mask: types.Alpha,
    market: Market | None,
    white: bool,
    dpi: int = 0,
    with_path: bool = False,
) -> list[Check]:
    """Return the checks of a file's bytes.

    name: how it is called, of its path the last part. format: the one that was asked for. mask: where the
    product is, on the same canvas. white: whether its ground has to be white, whatever a marketplace asks.
    dpi: pixels per inch that were asked for, 0 for any. with_path: whether it has to have a clipping path.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            found = PLUGINS.get(picture.format or "", str(picture.format).lower())
            density = picture.info.get("dpi") or path_reading.read_density(picture)
            icc = picture.info.get("icc_profile")
            rgba = np.asarray(picture.convert("RGBA"))
            path = path_reading.read(picture) if with_path else None
    checks = [
        _check_suffix(name, found),
        _check_format(found, (format,) if market is None else market.formats),
        _check_profile(icc),
        *_check_density(density, max(dpi, market.least_dpi if market else 0)),
    ]
    if rgba.shape[:2] == mask.shape:
        checks += _check_ground(rgba, mask, market, white)
        checks.append(_check_edge(mask))
        checks += [_check_path(path, mask)] if with_path else []
    else:
        size = f"{mask.shape[1]} x {mask.shape[0]} px"
        checks.append(_judge("pixels", False, f"{rgba.shape[1]} x {rgba.shape[0]} px", size))
    if market is not None:
        checks += check_frame(mask, market)
        checks += _check_bytes(len(data), market)
        if market.names:
            checks.append(
                _judge(
                    "name", check_name(PurePath(name).name, market), PurePath(name).name, _say_name(market)
                )
            )
    return checks


def check_frame(mask: types.Alpha, market: Market) -> list[Check]:
    """Return the checks of a picture's size, shape, and how much of it the product fills."""
    height, width = mask.shape
    made = f"{width} x {height} px"
    megapixels = width * height / 1e6
    longest = max(width, height)
    rules = [
        (
            width >= market.least[0] and height >= market.least[1],
            any(market.least),
            f"at least {_say(market.least)}",
        ),
        (
            longest >= market.least_longest,
            market.least_longest,
            f"longer side at least {market.least_longest} px",
        ),
        (
            all(side <= most for side, most in zip((width, height), market.most, strict=True) if most),
            any(market.most),
            f"at most {_say(market.most)}",
        ),
        (
            longest <= market.most_longest,
            market.most_longest,
            f"longer side at most {market.most_longest} px",
        ),
        (
            megapixels <= market.most_megapixels,
            market.most_megapixels,
            f"at most {market.most_megapixels:g} megapixels",
        ),
    ]
    asked = [words for _, is_asked, words in rules if is_asked]
    checks = []
    if asked:
        fits = all(fits for fits, is_asked, _ in rules if is_asked)
        checks.append(_judge("pixels", fits, made, ", ".join(asked)))
    if market.ratios:
        fits = any(abs(width / height / (wide / high) - 1) <= RATIO_OFF for wide, high in market.ratios)
        asked_ratios = " or ".join(f"{wide:g}:{high:g}" for wide, high in market.ratios)
        checks.append(_judge("ratio", fits, f"{width}:{height}", asked_ratios))
    if market.fill[2]:
        least, _, most = market.fill
        fill = measure_fill(mask)
        fits = least - FILL_OFF <= fill <= most + FILL_OFF
        checks.append(_judge("fill", fits, f"{fill:.1%}", f"{least:.0%} to {most:.0%}"))
    return checks


def measure_fill(mask: types.Alpha) -> float:
    """Return how much of the frame a product takes, across or down, whichever is more; 0 for none."""
    if not (mask > compose.VISIBLE).any():
        return 0.0
    left, top, right, bottom = compose.subject_box(mask)
    return max((right - left) / mask.shape[1], (bottom - top) / mask.shape[0])


def _check_ground(rgba: types.Image, mask: types.Alpha, market: Market | None, white: bool) -> list[Check]:
    asked = market.ground if market else ""
    ground = find_ground(mask)
    pixels = rgba[ground]
    checks = []
    clear = float(np.mean(rgba[..., 3] < 255))
    if asked in ("white", "light"):
        checks.append(_judge("opaque", clear == 0, f"{_floor(clear)} see-through", "0.000 %"))
    if asked == "white" or (white and not clear) or (asked == "white or clear" and not clear):
        share = float(np.mean((pixels[:, :3] == 255).all(axis=1))) if len(pixels) else 1.0
        checks.append(_judge("white", share == 1, f"{_floor(share)} of {len(pixels)} px", "100.000 %"))
    elif asked == "light" and len(pixels):
        darkest, widest = pixels[:, :3].min(), int(np.ptp(pixels[:, :3].astype(np.int16), axis=1).max())
        fits = bool(darkest >= LIGHT and widest <= NEUTRAL)
        measured = f"darkest {darkest}, channels {widest} apart"
        checks.append(_judge("light", fits, measured, f"at least {LIGHT}, at most {NEUTRAL} apart"))
    return checks


def _check_edge(mask: types.Alpha) -> Check:
    seen = mask > compose.VISIBLE
    count = int(seen[0].sum() + seen[-1].sum() + seen[1:-1, 0].sum() + seen[1:-1, -1].sum())
    return _judge("edge", count == 0, f"{count} px on the edge", "0 px")


def _check_path(path: path_reading.ReadPath | None, mask: types.Alpha) -> Check:
    asked = f"one, closed, under {MOST_POINTS} points, {LEAST_AGREEMENT:.1%} as the product"
    if path is None:
        return _judge("path", False, "none, or several", asked)
    agreement = path.measure_agreement(mask)
    fits = path.closed and path.points < MOST_POINTS and agreement >= LEAST_AGREEMENT
    state = "closed" if path.closed else "open"
    return _judge("path", fits, f"{state}, {path.points} points, {agreement:.1%} as the product", asked)


def _check_bytes(size: int, market: Market) -> list[Check]:
    if not market.most_bytes:
        return []
    asked = f"at most {market.most_bytes / 2**20:g} MB"
    return [_judge("bytes", size <= market.most_bytes, f"{size / 2**20:.2f} MB", asked)]


def _check_format(found: str, taken: tuple[str, ...]) -> Check:
    return _judge("format", found in taken, found, " or ".join(taken))


def _check_suffix(name: str, found: str) -> Check:
    suffix = PurePath(name).suffix.lower()
    allowed = encoding.SUFFIXES.get(found, ())
    return _judge("suffix", suffix in allowed, f"{suffix or 'none'}, content {found}", " or ".join(allowed))


def _check_profile(icc: bytes | None) -> Check:
    if not icc:
        return _judge("profile", True, "none, which is read as sRGB", "sRGB")
    if icc_profiles.build_transform(icc, "RGB") is None:
        return _judge("profile", True, "sRGB", "sRGB")
    try:
        name = ImageCms.getProfileName(ImageCms.ImageCmsProfile(io.BytesIO(icc))).strip()
    except (ImageCms.PyCMSError, OSError):
        name = "damaged"
    return _judge("profile", False, name, "sRGB")


def _check_density(density: tuple[float, float] | None, asked: int) -> list[Check]:
    if not asked:
        return []
    least = float(min(density)) if density else 0.0
    return [_judge("density", least >= asked - 0.5, f"{least:.0f} ppi", f"at least {asked} ppi")]


def _judge(key: str, fits: bool, measured: str, asked: str) -> Check:
    return Check(key, Verdict.PASSED if fits else Verdict.NOT_MET, measured, asked)


def _floor(share: float) -> str:
    """Return a share that is never rounded up to all, nor down to nothing."""
    if 0 < share < 0.00001:
        return "0.001 %"
    return f"{int(share * 100_000) / 1000:.3f} %"


def _say(size: tuple[int, int]) -> str:
    width, height = size
    if width and height:
        return f"{width} x {height} px"
    return f"{width} px wide" if width else f"{height} px high"


def _say_name(market: Market) -> str:
    return {
        "amazon": "ASIN or SKU, a dot, the variant such as MAIN or PT01; no spaces, no dashes",
        "gtin": "a GTIN of 14 digits",
        "gs1": "a GTIN of 14 digits and the view, such as 04012345678901_C1C1",
        "plain": "no umlauts, spaces or special characters",
    }[market.names]
