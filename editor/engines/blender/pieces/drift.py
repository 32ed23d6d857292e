"""What drifts down or bursts: petals and leaves in the air, powder in a cloud; a shelf to stand on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.finishes import finish_material
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import air, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece
from editor.engines.scenes.true_size import TYPICAL

from . import wood

PINK: Tone = ("#e8a0ae", "#f7d3d8", 0.35)
GREENS: tuple[Tone, ...] = (("#3f6b2f", "#86ad4f", 0.35), ("#4f7f3a", "#a3bf62", 0.35))
AUTUMN: tuple[Tone, ...] = (("#a8521c", "#e09a3a", 0.35), ("#8a3a1a", "#cf5f2a", 0.35))


SMALLEST_SHARE = 0.22
"""Of what drifts beside a product of the usual size: smaller is not seen as anything."""


def _drift(build: Build, kinds: list[Any], shader: Shader, count: int, size: tuple[float, float]) -> None:
    """Let flat things tumble in the air beside and behind the product, a few of them near."""
    rolled = scatter.dice(build)
    half = build.frame.size[0] / 2
    points, sizes = [], []
    # A petal is as large beside a car as it is: there are more of them, not larger ones.
    share = min(max(TYPICAL / build.size_cm, SMALLEST_SHARE), 1.5) if build.size_cm else 1.0
    count, size = round(count * min(1 / share, 2.5)), (size[0] * share, size[1] * share)
    for number in range(count):
        y = (
            rolled.uniform(build.foot_depth + 0.15, 1.5)
            if number % 5
            else rolled.uniform(-0.4, -0.15) * build.frame.distance
        )
        if build.lies:
            seen = build.view_at(0)
            x, y, z = (
                rolled.uniform(seen.left, seen.right),
                rolled.uniform(seen.bottom, seen.top),
                rolled.uniform(0.01, 0.3),
            )
            if abs(x) < half + 0.06 and abs(y) < build.frame.size[1] / 2 + 0.06:
                continue
        else:
            seen = build.view_at(y)
            x, z = (
                rolled.uniform(seen.left, seen.right),
                rolled.uniform(max(seen.bottom, 0.08), max(seen.top, 0.4)),
            )
            nearer = build.frame.distance / (build.frame.distance + y)
            if (y < build.foot_depth + 0.3 and abs(x) * nearer < half + 0.1) or build.in_copy_space(x, seen):
                continue
        points.append((x, y, z))
        sizes.append(rolled.uniform(*size))
    if points:
        turns = rolled.uniform(0, 2 * math.pi, (len(points), 3))
        scatter.scatter_instances(
            build, kinds, scatter.Places(np.array(points), turns, np.array(sizes)), shader
        )


def _blade(tone: Tone, wide: float, *, form: float, blunt: float, droop: float) -> Any:
    sprig = Sprig()
    sprig.leaf(
        (-0.5, 0, 0), 0.0, 1.0, wide, tone, rise=0.3, droop=droop, fold=0.35, steps=10, form=form, blunt=blunt
    )
    return sprig.data("drifting")


@air("falling-petals")
def falling_petals(build: Build) -> None:
    colour = build.plan.air_colour
    tone: Tone = (colour, colour, 0.35) if colour else PINK
    kinds = [
        _blade(tone, wide, form=0.75, blunt=0.5, droop=droop)
        for wide, droop in ((0.85, -0.5), (0.75, 0.6), (0.95, -0.9))
    ]
    _drift(build, kinds, leafy("petals", gloss=0.55, hue=0.008, value=0.06), 42, (0.06, 0.1))


@air("falling-leaves")
def falling_leaves(build: Build) -> None:
    colour = build.plan.air_colour
    autumn = build.plan.surface.name in ("leaves", "forest-floor") or build.plan.palette == "earth"
    tones: tuple[Tone, ...] = ((colour, colour, 0.35),) if colour else AUTUMN if autumn else GREENS
    kinds = [
        _blade(tone, wide, form=0.9, blunt=1.0, droop=droop)
        for tone in tones
        for wide, droop in ((0.45, 0.8), (0.52, -0.7))
    ]
    _drift(build, kinds, leafy("drifting leaves", gloss=0.45, hue=0.02, value=0.15), 34, (0.1, 0.17))


def _brightest(build: Build) -> str:
    """Return an accent that is bright enough for powder, chalk's where none is: black would be soot."""
    accents = [build.accent(number) for number in range(len(build.scheme.accents))]
    bright = [accent for accent in accents if max(int(accent[at : at + 2], 16) for at in (1, 3, 5)) > 120]
    return bright[0] if bright else "#d8d2c8"


@air("powder")
def powder(build: Build) -> None:
    """A burst of powder: puffs behind the product, thick in their middle, specks thrown far."""
    if build.lies:
        return
    rng = build.rng
    colour = build.plan.air_colour or _brightest(build)
    seen = build.view_at(build.foot_depth + 0.5)
    middle = 0.5 * build.frame.size[1] + build.foot_z
    for number in range(26):
        turn, away = rng.uniform(0, 6.3), 0.62 * min(seen.width / 2, seen.top) * math.sqrt(rng.random())
        s = Shader("puff")
        facing = s.node("LayerWeight", {"Blend": 0.5}).outputs["Facing"]
        billow = s.noise(5.5, 6, roughness=0.6, place=s.stretch(move=(number * 3.1, 0, 0)))
        core = s.math("SUBTRACT", 1.0, facing)
        share = s.math("MULTIPLY", s.span(core, 0.12, 0.75), s.span(billow, 0.34, 0.66))
        body = s.node("BsdfDiffuse", {"Color": s.vary(colour, billow, 0.25)})
        glow = s.node("Emission", {"Color": colour, "Strength": 0.12})
        both = s.node("AddShader")
        s.tree.links.new(body.outputs[0], both.inputs[0])
        s.tree.links.new(glow.outputs[0], both.inputs[1])
        mix = s.node("MixShader", {0: s.math("MULTIPLY", share, 0.85)})
        s.tree.links.new(s.node("BsdfTransparent").outputs[0], mix.inputs[1])
        s.tree.links.new(both.outputs[0], mix.inputs[2])
        s.finish(mix.outputs[0])
        at = (
            away * math.cos(turn),
            build.foot_depth + 0.35 + 0.1 * rng.random(),
            middle + 0.8 * away * math.sin(turn),
        )
        puff = meshes.lump(
            build, rng.uniform(0.1, 0.26), s, at=at, squash=0.95, roughness=0.22, seed=number, fineness=4
        )
        puff.visible_shadow = False
    speck = Shader("speck")
    speck.principled(colour=colour, roughness=1.0)
    sprig = Sprig()
    sprig.round((0, 0, 0), 1.0, (colour, colour, 0.0), sides=6)
    rolled = scatter.dice(build)
    far, way = 0.95 * seen.width / 2 * rolled.random(420) ** 0.6, rolled.uniform(0, 6.3, 420)
    points = np.stack(
        [far * np.cos(way), np.full(420, build.foot_depth + 0.3), middle + 0.8 * far * np.sin(way)], -1
    )
    keep = points[:, 2] > 0.02
    places = scatter.Places(points, np.zeros((420, 3)), 0.003 + 0.008 * rolled.random(420) ** 2).keep(keep)
    scatter.scatter_instances(build, [sprig.data("speck")], places, speck)


@stand("shelf")
def shelf(build: Build, piece: Piece) -> None:
    """A board that is fixed to the wall, as wide as the picture, on brackets; below it is the wall's foot.

    In a room whose wall is far behind, it is the top of a low cupboard instead, for nothing would hold it.
    """
    top = build.foot_z
    shader = (
        finish_material(piece.finish, piece.colour)
        if piece.finish and piece.finish != "wood"
        else (
            finish_material("matte", piece.colour, asked=True)
            if piece.colour
            else wood.solid_wood(wood.OAK, gloss=0.45)
        )
    )
    front, back = -0.16, build.foot_depth + 0.34
    build.ledge = front, back
    seen = build.view_at(front)
    wide = 1.06 * (seen.right - seen.left)
    middle = (seen.left + seen.right) / 2
    meshes.block(
        build, (wide, back - front, 0.055), shader, at=(middle, (front + back) / 2, top - 0.055), bevel=0.008
    )
    if build.backdrop.kind == "view":
        _cupboard(build, (middle, wide), (front + 0.03, back), top - 0.055)
        return
    plank = meshes.block(
        build,
        (wide, 0.06, 2.2),
        finish_material("matte", build.scheme.of("backdrop"), asked=True),
        at=(middle, back + 0.03, top - 2.1),
        bevel=0.002,
    )
    plank.hide_render = True
    metal = finish_material("matte", "#26231f", asked=True)
    for place in (-0.32, 0.32):
        x = middle + place * wide
        meshes.block(
            build,
            (0.035, 0.9 * (back - front), 0.03),
            metal,
            at=(x, (front + back) / 2, top - 0.09),
            bevel=0.006,
        )
        brace = [(x, front + 0.12, top - 0.075), (x, back - 0.02, top - 0.34)]
        meshes.tube(build, brace, 0.014, metal)
        meshes.block(build, (0.035, 0.02, 0.32), metal, at=(x, back - 0.01, top - 0.38), bevel=0.005)


def _cupboard(build: Build, across: tuple[float, float], along: tuple[float, float], top: float) -> None:
    """Doors of painted wood below a board: across is its middle and its width, along its front and back."""
    (middle, wide), (front, back) = across, along
    paint = finish_material("matte", build.rng.choice(("#eae6df", "#dfe2dc", "#cfd3cd")), asked=True)
    meshes.block(build, (wide, back - front, top + 1.0), paint, at=(middle, (front + back) / 2, -1.0))
    door = 0.62
    for number in range(-6, 7):
        x = (number + 0.5) * door
        size = (door - 0.012, 0.02, top + 0.9)
        meshes.block(build, size, paint, at=(x, front - 0.008, -0.93), bevel=0.004)
