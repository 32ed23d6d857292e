"""What grows, as meshes: leaves, blades, stems and blossoms, coloured point by point.

All of it shares one kind of material, whose colour is the mesh's own "tone": red, green, blue (linear) and,
as alpha, how much light passes through.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import meshes
from .shaders import Shader, linear

Points = NDArray[np.float64]
UP = np.array([0.0, 0.0, 1.0])
Tone = tuple[str, str, float]
"""A colour at the base, one at the tip, and the share of light that passes through."""


def leafy(name: str = "leaves", *, gloss: float = 0.45, hue: float = 0.03, value: float = 0.3) -> Shader:
    """Return the material of growth: each instance a little other in hue and in lightness (shares)."""
    s = Shader(name)
    tone = s.node("Attribute", attribute_name="tone")
    random = s.node("ObjectInfo").outputs["Random"]
    again = s.node("TexWhiteNoise", {"W": random}, noise_dimensions="1D").outputs[0]
    changed = s.node(
        "HueSaturation",
        {
            "Hue": s.span(random, 0, 1, 0.5 - hue, 0.5 + hue),
            "Value": s.span(again, 0, 1, 1 - value, 1 + value),
            "Color": tone.outputs["Color"],
        },
    ).outputs[0]
    veins = s.noise(30, 3)
    body = s.node(
        "BsdfPrincipled",
        {
            "Base Color": changed,
            "Roughness": gloss,
            "Specular IOR Level": 0.35,
            "Normal": s.bump(veins, 0.08, 0.003),
        },
    )
    # Light that passes through a leaf comes out yellower and more saturated.
    passed = s.node(
        "HueSaturation", {"Hue": 0.49, "Saturation": 1.25, "Value": 1.35, "Color": changed}
    ).outputs[0]
    through = s.node("BsdfTranslucent", {"Color": passed})
    mix = s.node("MixShader", {0: tone.outputs["Alpha"]})
    s.tree.links.new(body.outputs[0], mix.inputs[1])
    s.tree.links.new(through.outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    return s


class Sprig:
    """A mesh in the making, of strips, tubes and leaves, each with its tone."""

    def __init__(self) -> None:
        self._points: list[Points] = []
        self._faces: list[NDArray[np.int64]] = []
        self._tones: list[Points] = []
        self._count = 0

    def data(self, name: str, shader: Shader | None = None) -> Any:
        """Return it as mesh data with smooth faces."""
        points, faces = np.concatenate(self._points), np.concatenate(self._faces)
        data = meshes.quads(name, points, faces)
        tones = data.attributes.new("tone", "FLOAT_COLOR", "POINT")
        tones.data.foreach_set("color", np.ascontiguousarray(np.concatenate(self._tones), np.float32).ravel())
        data.polygons.foreach_set("use_smooth", np.ones(len(faces), np.bool_))
        if shader is not None:
            data.materials.append(shader.material)
        return data

    def tip(self, angle: float, heading: float) -> None:
        """Tip all that is there by an angle about the origin towards a heading (radians)."""
        c, s = math.cos(angle), math.sin(angle)
        ahead = np.array([math.cos(heading), math.sin(heading), 0.0])
        aside = np.array([-math.sin(heading), math.cos(heading), 0.0])
        along = np.stack([ahead, aside, UP])
        turned = np.stack([c * ahead - s * UP, aside, s * ahead + c * UP])
        self._points = [points @ along.T @ turned for points in self._points]

    def lattice(self, points: Points, tones: Points, *, closed: bool = False) -> None:
        """Add surfaces through points (…, rows, columns, 3) with tones (…, rows, columns, 4)."""
        rows, columns = points.shape[-3:-1]
        many = points.reshape(-1, rows, columns, 3).shape[0]
        last = columns if closed else columns - 1
        row, column = np.meshgrid(np.arange(rows - 1), np.arange(last), indexing="ij")
        after = (column + 1) % columns
        first, second = row * columns + column, row * columns + after
        faces = np.stack([first, second, second + columns, first + columns], -1).reshape(1, -1, 4)
        faces = faces + (np.arange(many) * rows * columns)[:, None, None]
        self._points.append(points.reshape(-1, 3))
        self._faces.append(faces.reshape(-1, 4) + self._count)
        self._tones.append(np.broadcast_to(tones, (*points.shape[:-1], 4)).reshape(-1, 4))
        self._count += many * rows * columns

    def leaf(
        self,
        root: Any,
        heading: Any,
        length: Any,
        width: Any,
        tone: Tone | Sequence[Tone],
        *,
        rise: Any = 0.6,
        droop: Any = 0.8,
        fold: Any = 0.25,
        roll: Any = 0.0,
        steps: int = 6,
        form: float = 0.85,
        blunt: float = 1.0,
    ) -> None:
        """Add a leaf from root (3,) towards heading (radians about z); or n of them: root (n, 3), else (n,).

        rise: its angle above the ground at the root, droop: how far it bends down to its tip (radians);
        fold: how deep its midrib lies; roll: turned about its own length; form: below 1 it is widest beyond
        its middle, above 1 before it; blunt: below 1 its ends are rounder, as a petal's are.
        """
        share = np.linspace(0, 1, steps + 1)
        root = np.atleast_2d(np.asarray(root, float))
        heading, length, width, rise, droop, fold, roll = (
            np.broadcast_to(np.asarray(value, float), (len(root),))[:, None]
            for value in (heading, length, width, rise, droop, fold, roll)
        )
        angle = rise - droop * share
        ahead, aside = _headings(heading)
        spine = _spine(root, ahead, angle[:, :-1], length / steps)
        half = 0.5 * width * np.sin(np.pi * np.clip(share, 0.02, 0.985) ** form) ** blunt
        half[:, 0] = 0.06 * width[:, 0]
        normal = -np.sin(angle)[..., None] * ahead + np.cos(angle)[..., None] * UP
        turned, edge = roll[..., None], half[..., None]
        side = np.cos(turned) * aside + np.sin(turned) * normal
        above = -np.sin(turned) * aside + np.cos(turned) * normal
        raised = fold[..., None] * edge * above
        self.lattice(
            np.stack([spine - edge * side + raised, spine, spine + edge * side + raised], 2),
            _tones(tone, share, 3),
        )

    def blade(
        self,
        root: Any,
        heading: Any,
        height: Any,
        width: Any,
        bend: Any,
        tone: Tone | Sequence[Tone],
        steps: int = 4,
    ) -> None:
        """Add a blade of grass that rises from root and bends over by `bend` radians; or n, as for leaf."""
        share = np.linspace(0, 1, steps + 1)
        root = np.atleast_2d(np.asarray(root, float))
        heading, height, width, bend = (
            np.broadcast_to(np.asarray(value, float), (len(root),))[:, None]
            for value in (heading, height, width, bend)
        )
        angle = math.pi / 2 - 0.15 - bend * share**1.4
        ahead, aside = _headings(heading)
        spine = _spine(root, ahead, angle[:, 1:], height / steps)
        edge = (0.5 * width * (1 - share**1.8))[..., None] * aside
        self.lattice(np.stack([spine - edge, spine + edge], 2), _tones(tone, share, 2))

    def stem(self, path: Points, radius: float | Points, tone: Tone, *, sides: int = 6) -> None:
        """Add a round stem along path (n, 3) of a radius, or one for each point."""
        path = np.asarray(path, float)
        way = np.gradient(path, axis=0)
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
        helper = np.where(np.abs(way[:, 2:3]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
        first = np.cross(way, helper)
        first /= np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-9)
        second = np.cross(way, first)
        turns = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        reach = np.broadcast_to(np.asarray(radius, float), (len(path),))[:, None, None]
        ring = np.cos(turns)[None, :, None] * first[:, None] + np.sin(turns)[None, :, None] * second[:, None]
        self.lattice(
            path[:, None] + reach * ring, _tones(tone, np.linspace(0, 1, len(path)), sides), closed=True
        )

    def round(
        self, middle: Sequence[float], radius: float, tone: Tone, *, squash: float = 1.0, sides: int = 10
    ) -> None:
        """Add a ball, flattened by squash; its tone runs from its underside up."""
        polar = np.linspace(-np.pi / 2, np.pi / 2, max(5, sides // 2 + 1))
        turns = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        ring = np.stack([np.cos(turns), np.sin(turns), np.zeros(sides)], -1)
        points = radius * (
            np.cos(polar)[:, None, None] * ring + np.sin(polar)[:, None, None] * [0, 0, squash]
        )
        self.lattice(
            points + np.asarray(middle, float),
            _tones(tone, np.linspace(0, 1, len(polar)), sides),
            closed=True,
        )


def _headings(heading: Points) -> tuple[Points, Points]:
    """Return ahead and aside (n, 1, 3) of headings (n, 1)."""
    zero = np.zeros_like(heading)
    cos, sin = np.cos(heading), np.sin(heading)
    return np.stack([cos, sin, zero], -1), np.stack([-sin, cos, zero], -1)


def _spine(root: Points, ahead: Points, angle: Points, step: Points) -> Points:
    """Return the points (n, steps + 1, 3) that steps at angles (n, steps) above the ground lead to."""
    begin = np.zeros((len(root), 1))
    along = np.concatenate([begin, np.cumsum(np.cos(angle) * step, 1)], 1)
    up = np.concatenate([begin, np.cumsum(np.sin(angle) * step, 1)], 1)
    return root[:, None] + along[..., None] * ahead + up[..., None] * UP


def _tones(tone: Tone | Sequence[Tone], share: Points, columns: int) -> Points:
    """Return tones (…, rows, columns, 4) that run from base to tip; one first axis for a list of them."""
    if not isinstance(tone, tuple):
        return np.stack([_tones(one, share, columns) for one in tone])
    base, tip = np.array(linear(tone[0])), np.array(linear(tone[1]))
    colours = base + (tip - base) * share[:, None]
    colours[:, 3] = tone[2]
    return np.repeat(colours[:, None], columns, 1)


def solid(colour: str) -> Points:
    """Return a tone (4,) that no light passes through."""
    return np.array([*linear(colour)[:3], 0.0])


def arc(length: float, rise: float, droop: float, heading: float, steps: int = 12) -> Points:
    """Return a path (steps + 1, 3) from the origin that rises at `rise` radians and bends down by droop."""
    angle = rise - droop * np.linspace(0, 1, steps)
    along = np.concatenate([[0.0], np.cumsum(np.cos(angle))]) * length / steps
    up = np.concatenate([[0.0], np.cumsum(np.sin(angle))]) * length / steps
    return np.stack([along * math.cos(heading), along * math.sin(heading), up], -1)
