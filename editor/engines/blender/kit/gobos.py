"""Gobos: what stands before a lamp to throw a shadow: the slats of a blind, a branch, a window frame."""

from __future__ import annotations

import math

import numpy as np
from mathutils import Matrix, Vector

from . import meshes
from .shaders import Shader
from .stage import Build

AWAY = 3.4
"""Metres from the product to the gobo: near enough for the shadow's shape, far enough to soften it."""


def _card() -> Shader:
    s = Shader("gobo")
    s.principled(colour="#202020", roughness=1.0, specular=0.0)
    return s


def _turn_to_sun(
    build: Build, thing: object, height: float, side: float, *, shift: tuple[float, float] = (0, 0)
) -> None:
    """Turn a thing made in the x-z plane so that it faces the sun at these degrees, AWAY from the product."""
    up, across = math.radians(height), math.radians(side)
    to_sun = Vector((math.cos(up) * math.sin(across), -math.cos(up) * math.cos(across), math.sin(up)))
    right = Vector((0, 0, 1)).cross(to_sun).normalized()
    above = to_sun.cross(right)
    middle = Vector((0, 0.6, build.foot_z + 0.5)) if not build.lies else Vector((0, 0, 0))
    place = middle + to_sun * AWAY + right * shift[0] + above * shift[1]
    frame = Matrix((right, -to_sun, above)).transposed().to_4x4()
    frame.translation = place
    thing.matrix_world = frame @ thing.matrix_basis  # type: ignore[attr-defined]
    for ray in ("visible_camera", "visible_glossy", "visible_diffuse"):
        setattr(thing, ray, False)


def slats(build: Build, height: float, side: float) -> None:
    """Hang a half-open blind before the sun."""
    shader = _card()
    pitch = build.rng.uniform(0.15, 0.2)
    for number in range(-22, 23):
        slat = meshes.block(build, (7.0, 0.004, pitch * 0.52), shader, at=(0, 0, 0), bevel=0.001)
        _turn_to_sun(build, slat, height, side, shift=(0, number * pitch))
    cord = meshes.block(build, (0.05, 0.004, 8.0), shader, bevel=0.001)
    _turn_to_sun(build, cord, height, side, shift=(build.rng.uniform(-0.7, 0.7), -4))


def leaves(build: Build, height: float, side: float) -> None:
    """Hold branches of pinnate leaves before the sun."""
    shader = _card()
    rng = build.rng
    for number in range(4):
        bend = rng.uniform(-0.35, 0.35)
        stem, blades = _frond(rng.uniform(1.5, 2.1), bend, rng.uniform(0.3, 0.42), rng.randint(11, 15))
        root = (rng.uniform(0.2, 0.95) * (-1 if number % 2 else 1), rng.uniform(-1.1, -0.2))
        turn = rng.uniform(-0.8, 0.8) + (0.5 if number % 2 else -0.5)
        for outline in blades:
            blade = meshes.cutting(build, [_rotate(outline, turn)], 0.003, shader, bevel=0.001)
            _turn_to_sun(build, blade, height, side, shift=root)
        twig = meshes.tube(build, [(x, 0, z) for x, z in _rotate(stem, turn)], 0.012, shader)
        _turn_to_sun(build, twig, height, side, shift=root)


def panes(build: Build, height: float, side: float) -> None:
    """Put a window frame of two by three panes into a dark wall before the sun."""
    rng = build.rng
    wide, high, bar = rng.uniform(1.0, 1.25), rng.uniform(1.6, 1.9), 0.055
    outer = [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)]
    holes = []
    for column in range(2):
        for row in range(3):
            left = -wide / 2 + column * (wide + bar) / 2
            low = -high / 2 + row * (high + bar) / 3
            right, top = left + (wide - bar) / 2, low + (high - 2 * bar) / 3
            holes.append([(left, low), (right, low), (right, top), (left, top)])
    wall = meshes.cutting(build, [outer, *holes], 0.02, _card(), bevel=0.001)
    aside = rng.uniform(-0.25, 0.25)
    _turn_to_sun(build, wall, height, side, shift=(aside, rng.uniform(-0.1, 0.2)))


Outline = list[tuple[float, float]]


def _frond(length: float, bend: float, blade: float, pairs: int) -> tuple[Outline, list[Outline]]:
    """Return a stem and its blades as outlines in the plane."""
    share = np.linspace(0, 1, 24)
    x, z = bend * length * share**2, length * share
    stem = [(float(a), float(b)) for a, b in zip(x, z, strict=True)]
    blades = []
    for pair in range(pairs):
        at = 0.18 + 0.82 * pair / pairs
        root = (float(np.interp(at, share, x)), float(np.interp(at, share, z)))
        size = blade * length * (0.55 + 0.45 * math.sin(math.pi * min(1.0, at + 0.1)))
        for side in (-1, 1):
            lean = side * (0.95 - 0.45 * at) + math.atan2(2 * bend * at, 1)
            blades.append([(root[0] + a, root[1] + b) for a, b in _rotate(_leaf(size, 0.1 * size), -lean)])
    return stem, blades


def _leaf(length: float, width: float) -> Outline:
    share = np.linspace(0, 1, 14)
    half = width * np.sin(np.pi * share**0.8)
    right = [(float(w), float(length * t)) for w, t in zip(half, share, strict=True)]
    return right + [(-x, z) for x, z in reversed(right[1:-1])]


def _rotate(outline: Outline, angle: float) -> Outline:
    c, s = math.cos(angle), math.sin(angle)
    return [(x * c - z * s, x * s + z * c) for x, z in outline]
