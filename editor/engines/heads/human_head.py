"""The shape of a human head: which pixels of a person are face, ears and hair, and not neck or clothes.

A pixel is hair, skin or something else by its colour, and each of the three belongs to a head in
other places: skin within the face's outline and at the ears, hair wherever it can hang, other
things (hats, scarves) above the brows. What the two say is spread along the picture's own edges
by a random walk. Lengths are in units of the face's height, measured on its mesh in three
dimensions, so that a face seen from the side counts as large as one from the front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import colour_mixtures, random_walker
from editor.engines.networks import face_detection

from . import long_hair, piece
from .shape import HeadShape

FOREHEAD, CHIN = 10, 152
SIDES = (234, 454)
LOBES = (132, 361)
BROWS = (105, 334)
JAW = (132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361)
MUTTON = (149, 176, 148, 152, 377, 400, 378, 18, 17)  # the chin below the lip, where beards grow

REACH = 1.95
"""Half the side of the square that holds a head with its hair, in face heights about the skull's centre."""

# What of a person is head. On how many photos these were set is not recorded.
TRUST, JAW_TRUST, SURE_TRUST = 0.06, 6, 20.0
"""How much a pixel's place and colour count beside the picture's edges; so many times more under the jaw,
whose line is the mesh's, since skin goes on below it with hardly an edge; and what is sure."""
BALD = 0.5
"""A chance of hair below which what lies under the jaw is taken for neck."""
OPAQUE = 0.9
"""Alpha from which on a pixel may teach the colours of hair and clothes."""
LIKE_HAIR = 3
"""How many times likelier than any colour a pixel of the chest must be as hair, not to teach clothes."""
BEARDED = 0.6
"""Mean chance of hair at the chin from which on there is a beard, which goes on below the jaw."""
THROAT, BESIDE = 0.3, 0.6
"""Half the width of the throat below the jaw, where nothing hangs, and how likely hair is beside it."""
PLAIN_CROWN, PLAIN_BODY = 0.28, 0.85
"""Shares of the crown that might be skin, and of the body that might be hair or skin, from which on somebody
is of one colour."""
DRAPED, UNLIKE_SKIN = 0.75, 9.0
"""The share of body and of throat that must have the colours of what is around the face, folds of other tones
counted, for a cloth that goes on below; and how far those folds' hue is from skin's, in Lab's a and b. Set on
twelve veils and five people with open hair, one of them in black with a hand at her chin."""
BROAD, SHOULDER, OWN = 1.45, 0.85, 0.9
"""How broad a neighbour's body is and how far below their skull's centre it begins, and from which distance
on what lies there is theirs."""


@dataclass(frozen=True)
class HumanHead:
    """A head's own frame in pixels of some picture.

    centre: of the skull. unit: the face's height. angle: radians by which the head is tilted, 0 =
    upright, clockwise. points: (468, 2), the mesh.
    """

    centre: tuple[float, float]
    unit: float
    angle: float
    points: NDArray[np.float32]

    @property
    def square(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom of a box around the head and all its hair; may exceed the picture."""
        x, y = self.centre
        half = REACH * self.unit
        # Hair hangs further down than it stands up.
        y += 0.25 * self.unit
        return round(x - half), round(y - half), round(x + half), round(y + half)

    def to_crop(self, left: float, top: float, scale: float) -> HumanHead:
        """Return the frame in a picture cut at left, top and then scaled."""
        offset = np.array([left, top], np.float32)
        x, y = self.centre
        return HumanHead(
            ((x - left) * scale, (y - top) * scale),
            self.unit * scale,
            self.angle,
            (self.points - offset) * np.float32(scale),
        )

    def choose_pixels(
        self, rgb: types.Image, matte: types.Alpha, others: Sequence[HeadShape] = ()
    ) -> types.Alpha:
        """Return how far each pixel belongs to the head, as HeadShape has it; others: human ones count."""
        return choose_pixels(rgb, matte, self, [other for other in others if isinstance(other, HumanHead)])

    def straighten(self) -> HumanHead:
        """Return the frame of the body below: tilted a third as far, from the nearest quarter turn."""
        quarter = np.pi / 2
        base = round(self.angle / quarter) * quarter
        return replace(self, angle=float(base + (self.angle - base) / 3))

    def axes(self, height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return (H, W) each: how far right and how far down of the skull's centre a pixel lies, in units."""
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        x, y = columns - np.float32(self.centre[0]), rows - np.float32(self.centre[1])
        cosine, sine = np.float32(np.cos(self.angle)), np.float32(np.sin(self.angle))
        unit = np.float32(self.unit)
        return (x * cosine + y * sine) / unit, (y * cosine - x * sine) / unit

    def place(self, index: int) -> tuple[float, float]:
        """Return where a point of the mesh lies, right and down of the skull's centre, in units."""
        x, y = self.points[index] - np.array(self.centre, np.float32)
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        return float(x * cosine + y * sine) / self.unit, float(y * cosine - x * sine) / self.unit


def measure_head(mesh: face_detection.Mesh) -> HumanHead:
    """Return the frame of the head that wears a face.

    The skull's centre lies behind the face: against the direction it looks in, and a little up.
    """
    points = mesh.points
    up = points[CHIN] - points[FOREHEAD]
    across = points[SIDES[1]] - points[SIDES[0]]
    unit = max(float(np.linalg.norm(up)), 1.15 * float(np.linalg.norm(across)), 1.0)
    normal = np.cross(across, up)
    normal /= max(float(np.linalg.norm(normal)), 1e-6)
    # z grows away from the camera: the face looks towards it, whatever the sign of the product.
    if normal[2] > 0:
        normal = -normal
    eyes = points[face_detection.OUTER_EYES[1], :2] - points[face_detection.OUTER_EYES[0], :2]
    angle = float(np.arctan2(eyes[1], eyes[0]))
    down = up[:2] / max(float(np.linalg.norm(up)), 1e-6)
    middle = points[list(face_detection.OVAL), :2].mean(axis=0)
    centre = middle - 0.42 * unit * normal[:2] - 0.16 * unit * down
    return HumanHead((float(centre[0]), float(centre[1])), unit, angle, points[:, :2].copy())


def choose_pixels(
    rgb: types.Image, matte: types.Alpha, head: HumanHead, others: Sequence[HumanHead] = ()
) -> types.Alpha:
    """Return (H, W) float32 in 0..1: how far each pixel belongs to the head, matte not yet applied.

    rgb: a picture cut to about head.square, at about shape.WORK_UNIT. matte: its subjects. others: heads
    nearby, which keep what is nearer to them.
    """
    height, width = matte.shape
    zones = _Zones(head, height, width)
    colours = colour_mixtures.to_lab(rgb)
    found = _classify_materials(colours, matte, zones)
    prior = (
        found.hair * zones.hair(found, matte)
        + found.skin * (zones.hair(found, matte) if found.plain else zones.skin())
        + found.body * zones.body()
        + found.other * zones.other()
    )
    own = _nearness(head, others, height, width)
    prior = np.clip(prior * own, 0, 1)
    trust = (TRUST * matte).astype(np.float32)
    trust[zones.under & (found.hair < BALD)] *= JAW_TRUST
    core = zones.core() & (matte > 0.5) & (own > 0.5)
    prior[core], trust[core] = 1.0, SURE_TRUST
    away = zones.away() | (own < 0.5)
    prior[away], trust[away] = 0.0, SURE_TRUST
    result = random_walker.solve(colours, prior.astype(np.float32), trust, matte)
    return piece.tidy(result, matte, core, head.unit)


@dataclass(frozen=True)
class _Materials:
    """(H, W) float32 each, together 1: the chances that a pixel is hair, skin, clothes, or what else.

    alike: 0..1, the share of the body that has the hair's colours; 0 where none of it is seen (bodiless).
    plain: face, crown and body have the same colours, as on plush and in drawings.
    """

    hair: NDArray[np.float32]
    skin: NDArray[np.float32]
    body: NDArray[np.float32]
    other: NDArray[np.float32]
    alike: float
    bodiless: bool = False
    plain: bool = False


class _Zones:
    """Where on a head each material belongs, as (H, W) arrays of a chance."""

    def __init__(self, head: HumanHead, height: int, width: int) -> None:
        body = head.straighten()
        self.head = head
        self.right, self.down = head.axes(height, width)
        self.side, self.low = body.axes(height, width)
        self.face = _fill_outline(head, face_detection.OVAL, height, width)
        self.beard = _fill_outline(head, MUTTON, height, width)
        self.lobe = max(head.place(index)[1] for index in LOBES)
        self.brow = min(head.place(index)[1] for index in BROWS)
        self.chin = body.place(CHIN)
        self.depth = ndimage.distance_transform_edt(self.face) / np.float32(head.unit)
        self.beyond = ndimage.distance_transform_edt(~self.face) / np.float32(head.unit)
        self.upper = _smoothstep(self.lobe - self.down, 0.05)
        # Under the jaw, between the ears: the neck, and the chest below it.
        jaw = head.points[list(JAW)]
        drop = np.array([-np.sin(body.angle), np.cos(body.angle)], np.float32) * head.unit * 3
        outline = [tuple(point) for point in jaw] + [tuple(point + drop) for point in jaw[::-1]]
        self.under = _polygon(outline, height, width) & ~self.face

    def skin(self) -> NDArray[np.float32]:
        """Face, ears, and a bald scalp."""
        scalp = _ellipse(self.right, self.down + 0.04, 0.60, 0.80)
        ears = np.zeros_like(self.right)
        for index in SIDES:
            x, y = self.head.place(index)
            ears = np.maximum(ears, _ellipse(self.right - x, self.down - y, 0.17, 0.27))
        return np.maximum(
            _smoothstep(self.depth - self.beyond, 0.02), np.maximum(scalp, ears) * self.upper * 0.9
        )

    def other(self) -> NDArray[np.float32]:
        """Glasses and masks on the face; hats and scarves above the brows; a little beside them."""
        hat = _ellipse(self.right, self.down + 0.15, 1.15, 1.15) * _smoothstep(self.brow - self.down, 0.15)
        beside = _ellipse(self.right, self.down, 0.75, 0.85) * self.upper
        return np.maximum(self.face, np.maximum(0.85 * hat, 0.7 * beside)).astype(np.float32)

    def body(self) -> NDArray[np.float32]:
        """What looks like the clothes is the head's only where it covers the face or the crown."""
        hat = _ellipse(self.right, self.down + 0.15, 0.8, 0.8) * _smoothstep(self.brow - self.down, 0.15)
        return np.maximum(self.face, 0.6 * hat).astype(np.float32)

    def hair(self, found: _Materials, matte: types.Alpha) -> NDArray[np.float32]:
        """Wherever it can stand or hang; hardly under the jaw without a beard or what wraps the face."""
        crown = _ellipse(self.right, self.down + 0.05, 1.35, 1.35)
        sides = self._sides()
        seen = found.hair * matte
        bearded = bool(self.beard.any()) and float(found.hair[self.beard].mean()) > BEARDED
        alike = None if found.bodiless else found.alike
        if found.plain or long_hair.is_wrapped(sides, seen, alike, bearded=bearded):
            below = throat = 0.9 * long_hair.measure_wrap(sides)
        else:
            below = 0.85 * long_hair.measure_hang(sides, seen, found.alike)
            # A beard hangs where hair beside it does not; hair that is drawn before the neck, at its sides.
            beside = _smoothstep(np.abs(self.side - self.chin[0]) - THROAT, 0.08)
            reach = 0.9 * _smoothstep(self.chin[1] + 0.45 - self.low, 0.2)
            throat = reach if bearded else np.minimum(below, 0.12 + BESIDE * beside)
        chance = np.where(self.down < self.lobe, crown, below)
        chance = np.where(self.under, throat, chance)
        return np.maximum(chance, self.face).astype(np.float32)

    def _sides(self) -> long_hair.Sides:
        return long_hair.Sides(
            self.side, self.low, self.down, self.under, self.face, self.lobe, self.chin[1], self.head.unit
        )

    def core(self) -> types.Mask:
        """Surely head: the face, and the skull above the brows close behind it."""
        skull = (_ellipse(self.right, self.down, 0.42, 0.55) > 0.5) & (self.down < self.brow)
        return (self.face & (self.depth > 0.015)) | skull

    def away(self) -> types.Mask:
        """Surely not: the throat close under the jaw's middle would be beard, so from the collar on."""
        collar = self.under & (np.abs(self.side - self.chin[0]) < 0.3) & (self.low > self.chin[1] + 0.5)
        far = (self.low > 2.1) | (np.abs(self.side) > 1.7) | (self.low < -1.6)
        return collar | far

    def scalp(self) -> types.Mask:
        """Where hair is learnt: around and above the face."""
        around = _ellipse(self.right, self.down + 0.04, 0.66, 0.80) > 0.5
        return around & (self.down < self.lobe) & (self.beyond > 0.05)

    def cheeks(self) -> types.Mask:
        """Where skin is learnt: well inside the face, below the hair's fringe."""
        return self.face & (self.depth > 0.07) & (self.down > self.brow + 0.06)

    def throat(self) -> types.Mask:
        """Close below the jaw, between the ears."""
        return self.under & (self.low < self.chin[1] + long_hair.THROAT)

    def trunk(self) -> types.Mask:
        """Where clothes and neck are learnt: below the chin and at the shoulders."""
        chest = (self.low > self.chin[1] + 0.35) & (np.abs(self.side - self.chin[0]) < 0.35)
        shoulders = (self.low > self.chin[1] + 0.75) & (np.abs(self.side) > 0.9)
        return chest | shoulders


def _classify_materials(colours: colour_mixtures.Colours, matte: types.Alpha, zones: _Zones) -> _Materials:
    """Return what each pixel is, by colours learnt where each material is most likely."""
    full = matte > OPAQUE
    unknown = np.float32(colour_mixtures.ANY_COLOUR)
    skin_model = colour_mixtures.fit_mixture(colours[zones.cheeks()], 3)
    hair_model = colour_mixtures.fit_mixture(colours[zones.scalp() & full], 4)
    skin = np.zeros_like(matte) if skin_model is None else skin_model.density(colours)
    hair = np.zeros_like(matte) if hair_model is None else hair_model.density(colours)
    trunk = zones.trunk() & full
    # Long hair lies on the chest too: what looks like hair there teaches nothing about clothes.
    like_hair = hair > np.maximum(skin, LIKE_HAIR * unknown)
    alike = float(like_hair[trunk].mean()) if trunk.any() else 0.0
    body_model = colour_mixtures.fit_mixture(colours[trunk & ~like_hair], 4)
    body = np.zeros_like(matte) if body_model is None else body_model.density(colours)
    total = skin + hair + body + unknown
    bodiless = not trunk.any()
    own = (hair + skin) / total
    bald = (skin / np.maximum(hair + skin, 1e-6))[zones.scalp() & full]
    plain = not bodiless and bool(len(bald)) and float(bald.mean()) >= PLAIN_CROWN
    plain = plain and float(own[trunk].mean()) >= PLAIN_BODY
    found = _Materials(hair / total, skin / total, body / total, unknown / total, alike, bodiless, plain)
    throat = zones.throat() & (matte > 0.5)
    if _is_draped(colours, found, throat, zones.cheeks()):
        found = replace(found, hair=found.hair + found.body, body=np.zeros_like(matte))
    return found


def _is_draped(
    colours: colour_mixtures.Colours, found: _Materials, throat: types.Mask, cheeks: types.Mask
) -> bool:
    """Whether a cloth goes from around the face on over throat and body, whose folds only seem other clothes.

    A hand before a dark collar is beside dark hair what folds are: not in its hue.
    """
    folds = throat & (found.body > np.maximum(found.hair, found.skin))
    if found.alike < DRAPED or not folds.any() or not cheeks.any():
        return False
    if float((found.hair + found.body)[throat].mean()) < DRAPED:
        return False
    apart = np.median(colours[folds], axis=0) - np.median(colours[cheeks], axis=0)
    return float(np.hypot(apart[1], apart[2])) >= UNLIKE_SKIN


def _nearness(head: HumanHead, others: Sequence[HumanHead], height: int, width: int) -> NDArray[np.float32]:
    """Return (H, W): 1 where the head is nearer than any other, in units of each, 0 where it is not.

    Nor is what is further away and lies where another's body is: a neighbour's jacket.
    """
    result = np.ones((height, width), np.float32)
    own = np.hypot(*head.axes(height, width))
    for other in others:
        result = np.minimum(result, _smoothstep(np.hypot(*other.axes(height, width)) - own, 0.1))
        side, low = other.straighten().axes(height, width)
        body = _smoothstep(BROAD - np.abs(side), 0.1) * _smoothstep(low - SHOULDER, 0.1)
        result = np.minimum(result, 1 - body * _smoothstep(own - OWN, 0.05))
    return result


def _fill_outline(head: HumanHead, indices: Sequence[int], height: int, width: int) -> types.Mask:
    return _polygon([tuple(point) for point in head.points[list(indices)]], height, width)


def _polygon(outline: Sequence[tuple[float, ...]], height: int, width: int) -> types.Mask:
    sheet = Image.new("1", (width, height))
    ImageDraw.Draw(sheet).polygon([(float(x), float(y)) for x, y in outline], fill=1)
    return np.array(sheet)


def _ellipse(
    right: NDArray[np.float32], down: NDArray[np.float32], across: float, along: float
) -> NDArray[np.float32]:
    """Return 1 inside an ellipse about the origin, 0 outside, over a tenth of its radius."""
    return _smoothstep(1 - np.hypot(right / across, down / along), 0.1)


def _smoothstep(value: NDArray[Any], width: float) -> NDArray[np.float32]:
    """Return 0 below -width, 1 above width, smooth between."""
    share = np.clip(value / (2 * width) + 0.5, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
