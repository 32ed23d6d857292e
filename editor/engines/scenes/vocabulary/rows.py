"""Rows of the vocabulary: what is known of a word, whoever asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BackdropKind = Literal["sweep", "wall", "view"]
"""How a backdrop meets the ground: it is the ground running up, a wall on it, or far beyond its end."""


Sizes = tuple[float, float]
"""Centimetres of a product's longer side, from and to."""


@dataclass(frozen=True)
class Pairing:
    """Words that go with another, the best first; "" among stands or air means none."""

    surfaces: tuple[str, ...] = ()
    backdrops: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    airs: tuple[str, ...] = ()
    palettes: tuple[str, ...] = ()


def goes_with(
    *,
    surfaces: str = "",
    backdrops: str = "",
    stands: str = "",
    props: str = "",
    lights: str = "",
    palettes: str = "",
) -> Pairing:
    """Return a pairing from words divided by blanks; "-" stands for none."""
    return Pairing(
        surfaces=split_words(surfaces),
        backdrops=split_words(backdrops),
        stands=split_words(stands),
        props=split_words(props),
        lights=split_words(lights),
        palettes=split_words(palettes),
    )


def split_words(words: str) -> tuple[str, ...]:
    """Return words divided by blanks; "-" becomes ""."""
    return tuple("" if word == "-" else word for word in words.split())


@dataclass(frozen=True)
class Word:
    """A word of which nothing is known but what it looks like."""

    description: str


@dataclass(frozen=True)
class Surface(Word):
    """What the product stands on.

    wide: land that goes on to the horizon; others end behind the product as a table does. is_sheet: it can
    run up behind the product; before others a colour is a wall's. paintable: it may have any colour.
    contact: how dark the line is where a product touches it, a share of the usual; less on what mirrors.
    for_clothes: whether anybody would lay clothes on it. beyond: the backdrop that it is where another
    surface lies before it: boards in the snow lie before a snowy landscape. metric: the product's centimetres
    for which its grain is drawn as large as it is, 0 for what has no grain. sizes: of the products that it
    suits.
    """

    wide: bool = False
    is_sheet: bool = False
    paintable: bool = False
    contact: float = 1.0
    for_clothes: bool = True
    beyond: str = ""
    metric: float = 20.0
    sizes: Sizes = (0.3, 1000.0)
    pairing: Pairing = field(default_factory=Pairing)


@dataclass(frozen=True)
class Backdrop(Word):
    """What is behind the product.

    distance: y of the wall, or where a view begins, in metres of the set. plain: nothing but a colour.
    paintable: it may have any colour. is_wall_of_a_kind: a colour said of the wall or the background is its
    own. under_the_sky: a landscape that has a sky already. has_peg: there is room for a peg, and what hangs
    there hangs on it; before others from a rail. for_clothes: clothes hang before it, where else they lie.
    metric: the product's centimetres for which its bricks or tiles are drawn as large as they are. sizes: of
    the products that it suits.
    """

    kind: BackdropKind = "wall"
    distance: float = 1.9
    plain: bool = False
    paintable: bool = False
    is_wall_of_a_kind: bool = False
    under_the_sky: bool = False
    has_peg: bool = False
    for_clothes: bool = False
    metric: float = 0.0
    sizes: Sizes = (0.3, 1000.0)
    pairing: Pairing = field(default_factory=Pairing)


@dataclass(frozen=True)
class Stand(Word):
    """What lifts the product. height: metres of the set from the ground to its top.

    sizes: of the products that it suits. floats: there is nothing, and the product touches nothing.
    """

    height: float
    paintable: bool = False
    sizes: Sizes = (0.3, 60.0)
    floats: bool = False


@dataclass(frozen=True)
class Prop(Word):
    """What is around the product.

    paintable: it takes a colour that was said of nothing in particular. metallic: it takes such a finish.
    counted: "a" before it means one. airborne: it may be about a product that hangs; the ground, where all
    others stand, is out of sight then. cm: how long such a thing is, 0 for shapes, which have no size of
    their own.
    """

    paintable: bool = False
    metallic: bool = False
    counted: bool = True
    airborne: bool = False
    cm: float = 0.0

    @property
    def sizes(self) -> Sizes:
        """The products that it may stand beside: of what is large enough to be seen there."""
        return (0.3, max(40.0, 12 * self.cm)) if self.cm else (0.3, 1000.0)


@dataclass(frozen=True)
class Sky:
    """The sky at an hour: its colours high up and at the horizon, its clouds', how bright it looks.

    level: of the horizon; 1 is as bright as white paper in the main light. dark: whether lamps are lit.
    """

    zenith: str
    middle: str
    horizon: str
    cloud: str
    level: float
    dark: bool = False


DAY = Sky("#3f8ae0", "#7fb8f0", "#d5e9fa", "#ffffff", 1.15)


@dataclass(frozen=True)
class Light(Word):
    """A light rig. for_the_dark: it leaves a dark backdrop dark. is_hard: it throws clear shadows.

    glows: what shines in it is bright beside all else, and its light spreads in the lens.
    """

    for_the_dark: bool = False
    is_hard: bool = False
    sky: Sky = DAY
    glows: bool = False


@dataclass(frozen=True)
class Camera(Word):
    """A camera: horizon above the product's foot, focal length (both in shorter sides of the picture),
    and the share of the picture's width and height that the product may fill."""

    drop: float
    length: float
    wide: float
    high: float


@dataclass(frozen=True)
class Scheme:
    """Colours as #rrggbb: of what is stood on, of what is behind, of a stand, and of props."""

    surface: str
    backdrop: str
    stand: str
    accents: tuple[str, ...]

    def of(self, role: str) -> str:
        """Return the colour for surface, backdrop or stand; the first accent for anything else."""
        return {"surface": self.surface, "backdrop": self.backdrop, "stand": self.stand}.get(
            role, self.accents[0]
        )


@dataclass(frozen=True)
class Palette(Word):
    """Colours that go together. hues: what it cannot be without; an unwanted colour near one rules it out."""

    hues: tuple[str, ...] = ()
    schemes: tuple[Scheme, ...] = ()
