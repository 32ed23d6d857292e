"""Whole fruit and tomatoes: bodies turned from a profile, with what makes each of them known."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

STALK: Tone = ("#4a3a22", "#6d5a34", 0.0)
GREEN: Tone = ("#3a5f2a", "#6f9440", 0.25)


@dataclass(frozen=True)
class Fruit:
    """How a fruit is shaped and coloured, its radius 1.

    tall: its height beside its width. taper: how much narrower it is at its top. top, low: how deep it is
    dented there, below 0 a nipple. skin, blush: its colour, and the one that lies over it in `patches` as
    streaks from the top or as a cheek. lies: on its side. stalk: its length. sepals: small leaves at its top.
    rough: how deep its skin's dimples are.
    """

    skin: str
    blush: str = ""
    patches: str = ""
    size: float = 0.16
    many: tuple[int, int] = (3, 5)
    tall: float = 0.9
    taper: float = 0.0
    top: float = 0.0
    low: float = 0.0
    lies: bool = False
    stalk: float = 0.0
    leaf: bool = False
    sepals: int = 0
    gloss: float = 0.3
    rough: float = 0.0
    fuzz: float = 0.0
    lobes: int = 0


FRUIT = {
    "apples": Fruit(
        "#a81a26",
        "#d99a45",
        "streaks",
        tall=0.96,
        taper=0.12,
        top=0.24,
        low=0.1,
        stalk=0.4,
        leaf=True,
        gloss=0.2,
    ),
    "pears": Fruit(
        "#b5b94a",
        "#c77a3a",
        "cheek",
        size=0.15,
        tall=1.25,
        taper=0.52,
        top=0.06,
        low=0.08,
        stalk=0.5,
        gloss=0.34,
    ),
    "peaches": Fruit(
        "#f2b06a",
        "#cf4a44",
        "cheek",
        tall=0.93,
        top=0.16,
        low=0.02,
        gloss=0.75,
        fuzz=0.7,
        leaf=True,
        lobes=1,
    ),
    "plums": Fruit("#3a2148", "#8f6a9a", "cheek", size=0.11, many=(4, 6), tall=1.05, top=0.1, gloss=0.42),
    "mangoes": Fruit(
        "#e3a32e", "#c8452f", "cheek", size=0.18, many=(2, 3), tall=1.35, taper=0.2, lies=True, gloss=0.32
    ),
    "tomatoes": Fruit(
        "#c4241a",
        "#d9572a",
        "streaks",
        size=0.14,
        tall=0.78,
        top=0.12,
        low=0.04,
        sepals=5,
        stalk=0.28,
        gloss=0.12,
        lobes=5,
    ),
    "pomegranates": Fruit(
        "#a82436", "#d08a5a", "cheek", size=0.17, many=(2, 3), tall=0.95, sepals=6, gloss=0.34, rough=0.1
    ),
    "whole-citrus": Fruit("#f08a1d", tall=0.95, top=0.05, gloss=0.38, rough=0.35, leaf=True),
    "figs": Fruit("#4a2a4f", "#7d8a4a", "streaks", size=0.11, many=(4, 5), tall=1.1, taper=0.45, top=-0.16),
}

LEMON = replace(FRUIT["whole-citrus"], tall=1.18, top=-0.16, low=-0.1, lies=True, size=0.13)


def profile(fruit: Fruit, radius: float) -> list[tuple[float, float]]:
    """Return a fruit's outline from its lower end up, its middle at height 0."""
    turns = np.linspace(-np.pi / 2, np.pi / 2, 49)
    c, s = np.cos(turns), np.sin(turns)
    wide = radius * c**0.9 * (1 - fruit.taper * np.clip((s + 0.35) / 1.35, 0, 1) ** 1.1)
    tip = np.exp(-((c / 0.34) ** 2))
    high = radius * fruit.tall * (s - np.where(s > 0, fruit.top, -fruit.low) * tip)
    wide[0] = wide[-1] = 0.0
    return [(float(x), float(z)) for x, z in zip(wide, high, strict=True)]


def skin(fruit: Fruit, colour: str, radius: float, shift: float) -> Shader:
    """Return a fruit's skin. colour: instead of its own. shift: so that no two are alike."""
    s = Shader("skin")
    base = s.vary(colour or fruit.skin, s.noise(4, 4, place=s.stretch(move=(shift, 0, 0))), 0.14)
    if fruit.blush and not colour:
        x, _, z = s.axes()
        if fruit.patches == "streaks":
            streaks = s.noise(11, 5, place=s.stretch((1, 1, 0.16), move=(shift, shift, 0)))
            near_top = s.span(z, -0.6 * radius, 0.9 * radius, -0.24, 0.12)
            share = s.span(s.math("ADD", streaks, near_top), 0.5, 0.78, 0.0, 0.75)
        else:
            cloudy = s.noise(1.6 / radius, 3, place=s.stretch(move=(shift, 0, shift)))
            side = s.math("ADD", s.math("MULTIPLY", x, 0.5 / radius), cloudy)
            share = s.span(side, 0.3, 0.85, 0.0, 0.85)
        base = s.mix(share, base, fruit.blush)
    fine = s.cells(75) if fruit.rough else s.noise(60, 3)
    s.principled(
        colour=base,
        roughness=fruit.gloss,
        sheen=fruit.fuzz,
        normal=s.bump(fine, fruit.rough or 0.05, 0.006),
        subsurface=0.1,
        subsurface_radius=0.03,
    )
    return s


def put_fruit(build: Build, spot: Spot, fruit: Fruit, colour: str = "") -> None:
    """Lay one fruit at a spot, its stalk and leaves with it."""
    rng, radius = build.rng, spot.size
    outline = profile(fruit, radius)
    shader = skin(fruit, colour, radius, rng.uniform(0, 30))
    lowest = -min(z for _, z in outline)
    if fruit.lies:
        turn = (0.0, math.pi / 2 - 0.1, spot.turn)
        meshes.lathe(build, outline, shader, at=(spot.x, spot.y, 0.985 * radius), turn=turn)
        return
    tilt = 0.0 if build.lies else rng.uniform(-0.16, 0.16)
    turn = (tilt, rng.uniform(-0.12, 0.12), spot.turn)
    body = meshes.lathe(build, outline, shader, at=(spot.x, spot.y, 0.97 * lowest), turn=turn)
    if fruit.lobes:
        _cleave(body, fruit.lobes, radius)
    top = radius * fruit.tall * (1 - fruit.top - 0.02)
    sprig = Sprig()
    if fruit.stalk:
        bend = rng.uniform(-0.3, 0.3)
        share = np.linspace(0, 1, 7)
        path = np.stack(
            [bend * radius * fruit.stalk * share**2, 0 * share, top + radius * fruit.stalk * share], -1
        )
        sprig.stem(path, radius * np.linspace(0.055, 0.04, 7), GREEN if fruit.sepals else STALK)
    for number in range(fruit.sepals):
        heading = number * 2 * math.pi / fruit.sepals
        if fruit.stalk:  # a calyx that lies on it; a crown stands up
            sprig.leaf(
                (0, 0, top + 0.03 * radius),
                heading,
                0.62 * radius,
                0.17 * radius,
                GREEN,
                rise=0.25,
                droop=0.55,
            )
        else:
            root = (0.13 * radius * math.cos(heading), 0.13 * radius * math.sin(heading), 0.94 * top)
            tone: Tone = (fruit.skin, fruit.blush, 0.0)
            sprig.leaf(root, heading, 0.4 * radius, 0.22 * radius, tone, rise=1.35, droop=0.5)
    if fruit.leaf:
        sprig.leaf(
            (0, 0, top + 0.5 * radius * fruit.stalk),
            rng.uniform(0, 6.3),
            0.8 * radius,
            0.36 * radius,
            GREEN,
            rise=0.5,
            droop=0.9,
        )
    if fruit.stalk or fruit.leaf or fruit.sepals:
        meshes.place(
            build,
            sprig.data("stalk", leafy("stalk", hue=0.01, value=0.1)),
            at=(spot.x, spot.y, 0.97 * lowest),
            turn=turn,
        )


def _cleave(body: object, lobes: int, radius: float) -> None:
    """Press grooves into a turned body from its top down: one as a peach has it, or a tomato's ribs."""
    data = body.data  # type: ignore[attr-defined]
    points = np.empty(3 * len(data.vertices), np.float32)
    data.vertices.foreach_get("co", points)
    spots = points.reshape(-1, 3)
    around = np.arctan2(spots[:, 1], spots[:, 0])
    if lobes == 1:
        groove = 0.12 * np.exp(-(((around + np.pi / 2) / 0.22) ** 2))
    else:
        groove = 0.05 * (1 - np.abs(np.cos(around * lobes / 2))) ** 2
    high = np.clip(spots[:, 2] / radius + 0.75, 0, 1)
    spots[:, :2] *= (1 - groove * high)[:, None]
    data.vertices.foreach_set("co", spots.ravel())
    data.update()


def _lay_all(build: Build, piece: Piece, fruit: Fruit) -> None:
    for spot in build.spots(
        piece.count or build.rng.randint(*fruit.many),
        fruit.size,
        spread=0.1,
        behind=True,
        depth=(-0.25, 0.65),
    ):
        put_fruit(build, spot, fruit, piece.colour)


def _register_all() -> None:
    for name, fruit in FRUIT.items():

        def lay(build: Build, piece: Piece, fruit: Fruit = fruit) -> None:
            _lay_all(build, piece, fruit)

        if name != "whole-citrus":
            prop(name)(lay)


_register_all()


@prop("whole-citrus")
def whole_citrus(build: Build, piece: Piece) -> None:
    """Oranges, or lemons and limes where the colour is theirs: those are longer, with a nipple."""
    _lay_all(build, piece, LEMON if is_lemon(piece.colour) else FRUIT["whole-citrus"])


def is_lemon(colour: str) -> bool:
    """Whether a citrus fruit of this colour is long: yellow or green ones are."""
    if not colour:
        return False
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return green > 0.72 * red and blue < 0.75 * green
