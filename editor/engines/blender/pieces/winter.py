"""Snow and ice."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, meshes, relief, scatter, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.growth import leafy
from editor.engines.blender.kit.registry import backdrop, prop, stand, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import shore


def snow_material(colour: str = "#eef3fa") -> Shader:
    """Return fresh snow: soft, bluish in its depth, crystals that glint here and there."""
    s = Shader("snow")
    grains = s.noise(150, 3, roughness=0.7)
    crust = s.noise(9, 7, roughness=0.6)
    cells = s.cells(330, output="Color")
    glint = s.math("GREATER_THAN", s.axes(cells)[0], 0.985)
    height = s.math("ADD", s.math("MULTIPLY", crust, 0.7), s.math("MULTIPLY", grains, 0.22))
    bumped = s.bump(height, 0.55, 0.02)
    s.principled(
        colour=s.vary(colour, crust, 0.03),
        roughness=s.span(glint, 0, 1, 0.75, 0.12),
        specular=0.4,
        normal=s.bump(s.axes(cells)[1], 0.25, 0.004, on=bumped),
        subsurface=0.25,
        subsurface_radius=0.06,
    )
    return s


@surface("snow")
def snow(build: Build, piece: Piece) -> None:
    # A meter makes snow grey: photographers give it more.
    build.gain = 1.5 if build.lies else 1.35
    # From straight above only steeper, smaller drifts show.
    drifts = shore.mounds(build, 0.08, 2.4) if build.lies else shore.mounds(build, 0.05, 0.9)
    lay_ground(build, snow_material(piece.colour or "#eef3fa"), drifts, cells=200)


@surface("ice")
def ice(build: Build, piece: Piece) -> None:
    """A frozen lake: clear, dark below, cracked in white sheets, hoar on it in patches."""
    s = Shader("ice")
    # Cracks go down into the ice: looked at along the view they are seen again, fainter and shifted.
    view = s.node("NewGeometry").outputs["Incoming"]
    cracks: Any = 0.0
    # What lies deeper is seen less sharply, and every pattern costs each of the picture's light paths.
    for depth, strength, scale, width, detail in (
        (0.0, 0.9, 0.9, 0.012, 4), (0.0, 0.9, 2.3, 0.008, 4), (0.07, 0.45, 0.9, 0.02, 2),
    ):  # fmt: skip
        shift = s.node("VectorMath", {0: view, "Scale": -depth}, operation="SCALE").outputs[0]
        where = s.vector("ADD", s.place, shift)
        bent = s.wander(0.35, 1.6, place=where, detail=detail)
        line = s.span(s.cells(scale, feature="DISTANCE_TO_EDGE", place=bent), 0.0, width, 1.0, 0.0)
        some = s.span(s.noise(0.8, 2, place=where), 0.36, 0.6)
        cracks = s.math("MAXIMUM", cracks, s.math("MULTIPLY", s.math("MULTIPLY", line, some), strength))
    clouds = s.noise(1.3, 5, roughness=0.62, distortion=0.6)
    bubbles = s.span(s.cells(28, place=s.wander(0.1, 5)), 0.05, 0.11, 0.35, 0.0)
    hoar = s.span(s.noise(2.1, 6, roughness=0.65), 0.52, 0.7)
    deep = s.ramp(clouds, ((0.25, "#4f86a3"), (0.5, piece.colour or "#8fbdd0"), (0.78, "#d3e7ee")))
    colour = s.mix(cracks, s.mix(bubbles, deep, "#eaf5f9"), "#f5fafc")
    colour = s.mix(s.math("MULTIPLY", hoar, 0.7), colour, "#eff5f9")
    rough = s.math("ADD", s.span(hoar, 0, 1, 0.06, 0.5), s.math("MULTIPLY", cracks, 0.15))
    ripple = s.math("ADD", s.noise(5, 5), s.math("MULTIPLY", cracks, -0.4))
    s.principled(
        colour=colour,
        roughness=rough,
        ior=1.31,
        specular=0.6,
        normal=s.bump(ripple, 0.14, 0.02),
    )
    lay_ground(build, s)


@backdrop("snowfield")
def snowfield(build: Build, piece: Piece) -> None:
    """Hills under snow, firs white on one side, haze between them."""
    vista.sky(build, clouds=0.6)
    low = vista.level(build)
    seed = build.rng.randint(0, 999)
    rise = build.view_at(40.0).top - low

    def heights(x: Any, y: Any) -> Any:
        hills = relief.layers(x * 0.05, y * 0.05, seed, count=3, roughness=0.4)
        return (
            relief.step(y, 2.5, 36.0) * rise * (0.22 + 0.26 * hills)
            + 0.03 * relief.layers(x * 0.5, y * 0.5, seed + 1, count=2)
            - 0.05
        )

    s = Shader("snow hills")
    body = s.node(
        "BsdfDiffuse", {"Color": piece.colour or "#e8eef6", "Normal": s.bump(s.noise(1.5, 6), 0.25, 0.1)}
    )
    vista.finish_in_haze(build, s, body.outputs[0], 10.0, 70.0, 0.6)
    vista.land(build, s, heights, near=2.0, cells=(140, 110))
    rolled = scatter.dice(build)
    count = 120
    y = 6.5 + 36.0 * rolled.random(count) ** 1.2
    seen = [build.view_at(float(far)) for far in y]
    x = np.array([one.left - 1 + (one.width + 2) * rolled.random() for one in seen])
    # Woods leave clearings, and the middle of the picture open to the distance.
    stands = relief.noise(x * 0.18, y * 0.1, seed + 9) + 1.3 * np.abs(x) / np.array(
        [one.width for one in seen]
    )
    size = (1.1 + 0.055 * y) * rolled.uniform(0.6, 1.35, count)
    places = scatter.Places(
        np.stack([x, y, low + heights(x, y) - 0.05], -1),
        np.stack(
            [rolled.normal(0, 0.02, count), rolled.normal(0, 0.02, count), rolled.uniform(0, 6.3, count)], -1
        ),
        size,
    ).keep(stands > 0.12)
    scatter.scatter_instances(
        build,
        [foliage.conifer(build, snowy=True) for _ in range(3)],
        places,
        leafy("firs", gloss=0.7, value=0.25),
    )


def clear_ice(name: str = "ice", *, milky: float = 0.35) -> Shader:
    """Return ice to look through: cracks and small bubbles in it, its faces melted a little."""
    s = Shader(name)
    random = s.node("ObjectInfo").outputs["Random"]
    where = s.vector(
        "ADD",
        s.place,
        s.node("CombineXYZ", {0: s.math("MULTIPLY", random, 17.0), 1: random, 2: random}).outputs[0],
    )
    waves = s.noise(7, 3, place=where)
    veins = s.span(
        s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(3.2, 5, distortion=0.8, place=where), 0.5)),
        0.0,
        0.035,
        1.0,
        0.0,
    )
    cloud = s.math("MULTIPLY", s.span(s.noise(4.5, 5, roughness=0.6, place=where), 0.45, 0.75), milky)
    white = s.math("MAXIMUM", cloud, s.math("MULTIPLY", veins, 0.5 * milky + 0.15))
    normal = s.bump(waves, 0.35, 0.03)
    clear = s.node("BsdfGlass", {"Color": "#eef8fb", "Roughness": 0.04, "IOR": 1.31, "Normal": normal})
    milk = s.node("BsdfPrincipled", {"Base Color": "#eaf4f9", "Roughness": 0.3, "Normal": normal})
    body = s.node("MixShader", {0: white})
    s.tree.links.new(clear.outputs[0], body.inputs[1])
    s.tree.links.new(milk.outputs[0], body.inputs[2])
    path = s.node("LightPath")
    straight = s.math("MAXIMUM", path.outputs["Is Shadow Ray"], path.outputs["Is Diffuse Ray"])
    through = s.node("MixShader", {0: straight})
    s.tree.links.new(body.outputs[0], through.inputs[1])
    s.tree.links.new(s.node("BsdfTransparent", {"Color": "#c4dde6"}).outputs[0], through.inputs[2])
    s.finish(through.outputs[0])
    return s


@stand("ice-block")
def ice_block(build: Build, piece: Piece) -> None:
    side = max(1.35 * build.foot_width + 0.1, 1.1 * build.frame.size[0], 0.55)
    deep = max(1.4 * build.foot_depth, 0.6 * build.frame.size[0], 0.42)
    middle = (build.foot_x, build.foot_depth / 2, 0)
    turn = build.rng.uniform(-0.1, 0.1)
    meshes.block(build, (side, deep, build.foot_z), clear_ice(), at=middle, turn=(0, 0, turn), bevel=0.025)
    build.take(build.foot_x, build.foot_depth / 2, 0.6 * side + 0.05)


@prop("ice-cubes")
def ice_cubes(build: Build, piece: Piece) -> None:
    """Ice cubes, some leaning on others, edges melted round."""
    shader = clear_ice(milky=0.5)
    rng = build.rng
    for spot in build.spots(piece.count or rng.randint(4, 7), 0.085, spread=0.2, depth=(-0.4, 0.5)):
        side = 1.35 * spot.size
        tip = (rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05), spot.turn)
        meshes.block(
            build,
            (side, side * rng.uniform(0.85, 1.0), side * rng.uniform(0.85, 1.0)),
            shader,
            at=spot.at,
            turn=tip,
            bevel=0.16 * side,
        )
