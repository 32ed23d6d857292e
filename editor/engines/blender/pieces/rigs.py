"""Light rigs: how a photographer would light the set. Lamps are aimed at the product."""

from __future__ import annotations

import math
from typing import Any

from editor.engines.blender.kit import gobos
from editor.engines.blender.kit.lamps import (
    COOL,
    DAYLIGHT,
    TUNGSTEN,
    UNMETERED,
    WARM,
    area,
    dome,
    sky,
    spot,
    sun,
)
from editor.engines.blender.kit.registry import light
from editor.engines.blender.kit.shaders import Colour, linear
from editor.engines.blender.kit.stage import Build

NEUTRAL = "Khronos PBR Neutral"
"""The view transform of even studio light: colours come out as they were asked for. Others get AgX."""

DARK = 0.85
"""The meter that a flat lay has at least: there is no lit distance to tell it from a hole."""

SHADE = 0.1
"""Reflectance of what is behind in a dark set, for which its pool of light is set."""

NAMED = 0.95
"""The meter of light whose colours were named: they are to be seen, not guessed at in the dark."""


def _aim(build: Build) -> tuple[float, float, float]:
    if build.lies:
        return 0.0, 0.0, 0.0
    return 0.0, 0.1, build.foot_z + 0.45 * build.frame.size[1]


def _point_from(build: Build, side: float, height: float, distance: float) -> tuple[float, float, float]:
    """Return a point seen from the product at `side` degrees from the camera's back, `height` degrees up."""
    up, across = math.radians(height), math.radians(side * build.key_side)
    x, y, z = _aim(build)
    return (
        x + distance * math.cos(up) * math.sin(across),
        y - distance * math.cos(up) * math.cos(across),
        z + distance * math.sin(up),
    )


def key_light(
    build: Build,
    side: float,
    height: float,
    size: float | tuple[float, float],
    watts: float,
    colour: Colour = DAYLIGHT,
    *,
    distance: float = 3.2,
) -> Any:
    """Hang the main light `side` degrees towards build.key_side from the camera's back."""
    jitter = build.rng.uniform(-7, 7)
    return area(
        build,
        _point_from(build, side + jitter, height + jitter / 2, distance),
        _aim(build),
        size,
        watts,
        colour,
    )


def overhead(build: Build) -> None:
    """Hang a soft box over a dark flat lay: without it nothing is seen of the ground but black."""
    if build.meter >= DARK:
        return
    side = 1.1 * build.key_side
    area(build, (side, 0.9, 2.6), (-0.3 * side, -0.2, 0), 1.6, 45, DAYLIGHT, mirrored=False)
    build.meter = DARK


def light_wall(build: Build, watts: float, colour: Colour = DAYLIGHT) -> None:
    """Throw a pool of light on what is behind: in the dark a product stands out from it by that alone."""
    if build.lies or build.on_wall or build.backdrop.kind == "view" or build.plan.backdrop.name == "gradient":
        return
    # Black paint throws hardly anything back, and needs the more light to be seen at all.
    red, green, blue, _ = linear(build.plan.backdrop.colour or build.scheme.backdrop)
    watts *= min(6.0, max(0.5, SHADE / max(0.2126 * red + 0.7152 * green + 0.0722 * blue, 1e-3)))
    seen = build.view_at(build.far)
    side = -0.16 * seen.width * build.key_side
    at = (side, build.far - 1.05, max(0.05, build.foot_z - 0.1))
    to = (0.5 * side, build.far, build.foot_z + 0.62 * build.frame.size[1])
    # A card would throw back far more of it than the wall does: it is put out while light is metered.
    area(build, at, to, (0.9, 0.35), watts, colour, mirrored=False)[UNMETERED] = True


@light("softbox")
def softbox(build: Build) -> None:
    dome(build, "#ffffff", 0.32)
    key_light(build, 58, 44, 1.9, 230)
    key_light(build, -70, 20, (1.2, 2.2), 45, COOL, distance=3.6)
    # From above and a little behind: the shadow comes forward and the product is seen to stand.
    key_light(build, 168, 62, 1.2, 85)
    build.meter, build.transform = 1.0, NEUTRAL


@light("high-key")
def high_key(build: Build) -> None:
    dome(build, "#ffffff", 0.55)
    # From above and a little behind: the shadow comes forward and the product is seen to stand.
    key_light(build, 165, 68, 1.5, 190, "#ffffff")
    key_light(build, 45, 50, 2.6, 150, "#ffffff")
    key_light(build, -50, 40, 2.6, 90, "#ffffff")
    build.meter, build.transform = 1.5, NEUTRAL


@light("low-key")
def low_key(build: Build) -> None:
    dome(build, "#c9d4e6", 0.06)
    key_light(build, 78, 36, (0.8, 1.8), 190, WARM, distance=2.6)
    key_light(build, -120, 35, (0.4, 1.8), 90, COOL, distance=2.8)
    # Low, from behind and over the wall: what lies about has an edge, and its ground a sheen.
    key_light(build, 172, 40, (1.8, 0.8), 70, "#e9eefb", distance=2.9)
    light_wall(build, 16, "#e6e4e2")
    build.meter = 0.9


@light("sun")
def bright_sun(build: Build) -> None:
    dome(build, "#cfe0f5", 0.55)
    sun(
        build,
        42 + build.rng.uniform(-4, 6),
        52 * build.key_side + build.rng.uniform(-12, 12),
        4.6,
        "#fff1dc",
        width=0.7,
    )
    build.meter = 0.95


@light("window")
def window(build: Build) -> None:
    dome(build, "#eef3f8", 0.22)
    key_light(build, 86, 24, (1.7, 2.3), 300, "#fbfbff", distance=3.0)
    key_light(build, -80, 15, 2.4, 28, WARM, distance=3.6)
    key_light(build, 150, 60, 1.0, 45, "#fbfbff")
    build.meter, build.transform = 1.0, NEUTRAL


@light("blinds")
def blinds(build: Build) -> None:
    dome(build, "#dfe6ee", 0.34)
    sun(build, 33 + build.rng.uniform(-3, 3), 58 * build.key_side, 6.2, "#ffe9c9", width=0.45)
    gobos.slats(build, 33, 58 * build.key_side)
    build.meter = 0.9


@light("leaf-shadows")
def leaf_shadows(build: Build) -> None:
    dome(build, "#e4ebf2", 0.42)
    side = 55 * build.key_side
    sun(build, 38, side, 5.6, "#fff0d8", width=0.9)
    gobos.leaves(build, 38, side)
    build.meter, build.transform = 0.85, NEUTRAL


@light("morning")
def morning(build: Build) -> None:
    sky(build, 14, 75 * build.key_side, strength=0.16, haze=2.0)
    sun(build, 16, 68 * build.key_side, 2.6, "#ffdcb5", width=3.0)
    build.meter = 1.0


@light("noon")
def noon(build: Build) -> None:
    sky(build, 58, 68 * build.key_side, strength=0.12)
    sun(build, 58, 68 * build.key_side + build.rng.uniform(-15, 15), 4.4, "#fff6e8", width=0.6)
    build.meter = 1.05


@light("golden")
def golden(build: Build) -> None:
    sky(build, 7, 110 * build.key_side, strength=0.22, haze=3.5)
    sun(build, 13, 112 * build.key_side + build.rng.uniform(-10, 10), 4.6, "#ffb469", width=1.4)
    build.meter = 0.85


@light("sunset")
def sunset(build: Build) -> None:
    sky(build, 3, 140 * build.key_side, strength=0.3, haze=5.0)
    sun(build, 8, 138 * build.key_side, 3.8, "#ff7a3c", width=2.0)
    key_light(build, -40, 30, 2.5, 12, "#c6a9d8")
    build.meter = 0.7


@light("dusk")
def dusk(build: Build) -> None:
    dome(build, "#5f7fc0", 0.5, ground="#2a3350")
    key_light(build, 70, 35, 2.0, 60, "#a9bfff")
    key_light(build, -100, 20, 0.8, 25, TUNGSTEN)
    build.meter = 0.5


@light("night")
def night(build: Build) -> None:
    dome(build, "#22305c", 0.16)
    key_light(build, 65, 50, 1.0, 120, "#b9caff")
    key_light(build, -110, 30, 0.7, 40, "#7f9bff")
    build.meter = 0.4


@light("overcast")
def overcast(build: Build) -> None:
    dome(build, "#e9eef4", 1.0, ground="#8d8f90")
    key_light(build, 30, 70, 4.0, 60, "#f2f5fa", distance=4.5)
    build.meter = 1.0


@light("spot")
def from_above(build: Build) -> None:
    dome(build, "#dfe5f0", 0.05)
    x, y, z = _aim(build)
    spot(
        build,
        (0.5 * build.key_side, y - 0.9, z + 3.0),
        (x, y, z - 0.2),
        620,
        "#fff3e2",
        angle=0.52,
        blend=0.7,
        radius=0.12,
    )
    key_light(build, -115, 40, (0.4, 1.6), 30, COOL)
    # Over the camera: what is of metal has something to mirror.
    key_light(build, 25, 62, 1.8, 24)
    light_wall(build, 10, "#fff3e2")
    build.meter, build.transform = 0.85, NEUTRAL


@light("rim")
def rim(build: Build) -> None:
    dome(build, "#cfd9ea", 0.05)
    key_light(build, 148, 35, (0.5, 2.0), 190, "#f4f7ff", distance=2.6)
    key_light(build, -148, 30, (0.5, 2.0), 150, "#f4f7ff", distance=2.6)
    key_light(build, 20, 55, 1.6, 40)
    light_wall(build, 12, COOL)
    build.meter = 0.6


@light("candle")
def candle(build: Build) -> None:
    # As a camera set to lamp light sees candles: warm, but white things are not orange.
    dome(build, "#4a3c36", 0.14)
    key_light(build, 75, 12, 0.5, 70, "#ffbf8a", distance=2.2)
    key_light(build, -95, 16, 0.35, 30, "#ffb078", distance=2.4)
    build.meter = 0.5


@light("neon")
def neon(build: Build) -> None:
    first, second = build.rng.choice((("#ff2fa8", "#25b8ff"), ("#a437ff", "#19e0d0"), ("#ff4d5e", "#4d6bff")))
    if not build.plan.hues:
        dome(build, "#1c1838", 0.1)
        key_light(build, 82, 22, (0.5, 2.2), 150, first, distance=2.4)
        key_light(build, -82, 22, (0.5, 2.2), 150, second, distance=2.4)
        key_light(build, 10, 60, 1.5, 14)
        build.meter = 0.6
        return
    # Gels of the colours that were named hang before all lamps (blender/gels.py). Between two of them a light
    # all round would be of neither.
    several = len(build.plan.hues) > 1
    dome(build, "#ffffff", 0.05 if several else 0.2)
    key_light(build, 72, 26, (1.0, 2.4), 220, "#ffffff", distance=2.6)
    key_light(build, -72, 26, (1.0, 2.4), 220, "#ffffff", distance=2.6)
    if not several:
        key_light(build, 10, 60, 1.5, 14)
    build.meter, build.transform = NAMED, NEUTRAL
