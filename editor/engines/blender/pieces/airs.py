"""What is in the air: snow, mist, rain, dust, smoke, fireflies. Flat and sparse: volumes would be noise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.registry import air
from editor.engines.blender.kit.shaders import Shader, linear
from editor.engines.blender.kit.stage import Build

THICKER = 2.2
"""Smoke or mist whose colour was named, beside the usual."""


def _scatter_floating(
    build: Build,
    shader: Shader,
    count: int,
    size: tuple[float, float],
    *,
    drawn: float = 1.0,
    near: float = 0.3,
) -> None:
    """Hang small balls in the air behind the product, and a few before it at the picture's sides."""
    half = build.frame.size[0] / 2
    # Many small bodies as one mesh: an object each would take seconds.
    points: list[np.ndarray] = []
    faces: list[np.ndarray] = []
    shape = _ball(drawn)
    for _ in range(count):
        y = build.rng.uniform(build.foot_depth + near, 5.0)
        if build.rng.random() < 0.18:
            y = build.rng.uniform(-0.45, -0.1) * build.frame.distance
        seen = build.view_at(y)
        x, z = (
            build.rng.uniform(seen.left, seen.right),
            build.rng.uniform(max(seen.bottom, 0.02), max(seen.top, 0.3)),
        )
        nearer = build.frame.distance / (build.frame.distance + y)
        if y < 0 and abs(x) * nearer < half + 0.1:
            continue
        faces.append(shape[1] + len(points) * len(shape[0]))
        points.append(shape[0] * build.rng.uniform(*size) + (x, y, z))
    if points:
        thing = meshes.place(
            build, meshes.quads("floating", np.concatenate(points), np.concatenate(faces)), shader
        )
        thing.visible_shadow = False


def _ball(drawn: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a coarse unit ball of quads, drawn out along z."""
    rings, turns = 5, 8
    height = np.linspace(-math.pi / 2, math.pi / 2, rings + 1)
    around = np.linspace(0, 2 * math.pi, turns, endpoint=False)
    points = np.array(
        [
            [math.cos(h) * math.cos(a), math.cos(h) * math.sin(a), math.sin(h) * drawn]
            for h in height
            for a in around
        ]
    )
    faces = [
        (r * turns + k, r * turns + (k + 1) % turns, (r + 1) * turns + (k + 1) % turns, (r + 1) * turns + k)
        for r in range(rings)
        for k in range(turns)
    ]
    return points, np.array(faces)


@air("snowfall")
def snowfall(build: Build) -> None:
    s = Shader("flake")
    tint = build.plan.air_colour
    s.principled(colour=tint or "#ffffff", roughness=0.9, emission=tint or "#eaf2ff", strength=0.25)
    _scatter_floating(build, s, 420, (0.004, 0.012))


@air("dust")
def dust(build: Build) -> None:
    s = Shader("dust")
    tint = build.plan.air_colour
    s.principled(colour=tint or "#fff3dd", roughness=1.0, emission=tint or "#ffe9c4", strength=0.6)
    _scatter_floating(build, s, 110, (0.0015, 0.004))


@air("fireflies")
def fireflies(build: Build) -> None:
    s = Shader("firefly")
    s.glow(build.plan.air_colour or "#ffe08a", 12.0)
    s.material.cycles.emission_sampling = "NONE"
    _scatter_floating(build, s, 60, (0.004, 0.008))


@air("rain")
def rain(build: Build) -> None:
    s = Shader("rain")
    tint = build.plan.air_colour or "#dfe8f2"
    s.principled(colour=tint, roughness=0.2, alpha=0.35, emission=tint, strength=0.2)
    _scatter_floating(build, s, 340, (0.0018, 0.0028), drawn=26.0)


def _billows(build: Build, s: Shader, colour: str, scale: float, move: tuple[float, float, float]) -> Any:
    """Return how dense curling smoke is (0 to 1), and its colour: bright to the main light, dark behind it.

    Where it is denser than a step further towards the light, light falls on it.
    """
    curled = s.wander(0.55, 1.1, place=s.stretch((1, 1, 0.75), move=move), detail=4)

    def density(place: Any) -> Any:
        return s.noise(scale, 6, roughness=0.56, distortion=0.35, place=place)

    cloud = density(curled)
    nearer = density(s.vector("ADD", curled, (0.16 * build.key_side, 0.0, 0.12)))
    lit = s.span(s.math("SUBTRACT", cloud, nearer), -0.16, 0.2)
    base = linear(colour)[:3]
    dark, bright = tuple(0.3 * c for c in base), tuple(c + 0.35 * (1 - c) for c in base)
    return cloud, s.mix(lit, (*dark, 1.0), (*bright, 1.0))


def _veils(
    build: Build, colour: str, thickest: float, top: float, scale: float, *, lit: bool = False
) -> None:
    """Hang sheets of cloud behind the product, thicker with every step back; lit: from a side."""
    if build.lies:
        return
    named = build.plan.air_colour
    # A colour that was named is to be seen before whatever is behind it.
    colour, thickest = named or colour, min(0.85, thickest * THICKER) if named else thickest
    for number, y in enumerate((0.7, 1.3, 2.2, 3.6)):
        depth = build.foot_depth + y
        if build.backdrop.kind != "view" and depth > build.far - 0.1:
            break
        s = Shader("veil")
        _, _, z = s.axes()
        move = (number * 3.7, 0, build.rng.random() * 9)
        if lit:
            cloud, tone = _billows(build, s, colour, scale, move)
            shape = s.span(cloud, 0.36, 0.76)
        else:
            cloud = s.noise(scale, 4, distortion=0.6, place=s.stretch((1, 1, 1.8), move=move))
            shape, tone = s.span(cloud, 0.25, 0.8), colour
        shape = s.math("MULTIPLY", shape, s.span(z, 0.0, top, 1.0, 0.0))
        clear = s.node("BsdfTransparent")
        white = s.node("BsdfTranslucent", {"Color": tone})
        glow = s.node("Emission", {"Color": tone, "Strength": (0.5 if lit else 0.3) if named else 0.12})
        both = s.node("AddShader")
        s.tree.links.new(white.outputs[0], both.inputs[0])
        s.tree.links.new(glow.outputs[0], both.inputs[1])
        mix = s.node("MixShader", {0: s.math("MULTIPLY", shape, thickest)})
        s.tree.links.new(clear.outputs[0], mix.inputs[1])
        s.tree.links.new(both.outputs[0], mix.inputs[2])
        s.finish(mix.outputs[0])
        seen = build.view_at(depth)
        wide = 1.2 * max(abs(seen.left), abs(seen.right))
        points = np.array(
            [[[-wide, depth, 0.001], [wide, depth, 0.001]], [[-wide, depth, top], [wide, depth, top]]]
        )
        veil = meshes.lattice(build, points, s)
        veil.visible_shadow = False


@air("mist")
def mist(build: Build) -> None:
    _veils(build, "#eef2f5", 0.3, max(0.5, 0.55 * build.view_at(1.0).top), 1.1)


@air("smoke")
def smoke(build: Build) -> None:
    _veils(build, "#d9dade", 0.36, max(1.2, 1.3 * build.view_at(1.0).top), 1.5, lit=True)
