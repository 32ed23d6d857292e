"""The product in the set: unseen by the camera, but there for shadow, bounced light and reflection.

Its pixels are laid over the picture afterwards, so no lens, denoiser or light touches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.scenes.ground_contact import even_columns, smooth_relief

from .kit import meshes
from .kit.finishes import finish_material
from .kit.shaders import Shader
from .kit.stage import HANG_GAP, Build

Heights = NDArray[np.float64]
LIE_HEIGHT = 0.012
"""How far a lying product's edge is above the ground: cloth is that thick."""

SOLE = 0.014
"""A column that ends less than this many metres above its ground stands on it."""

MARK = "product"
"""A property of the objects that stand for the product."""


@dataclass(frozen=True)
class Cutout:
    """The product's picture (RGBA file), its depth (h, w) and where it meets the ground (lift, W)."""

    picture: Path
    depth: NDArray[np.float32]
    lift: NDArray[np.float32]

    @classmethod
    def read(cls, picture: str, shape: str) -> Cutout:
        """Read the picture's path and the shape file (npz with depth and lift)."""
        with np.load(shape) as arrays:
            return cls(Path(picture), arrays["depth"], arrays["lift"])


def stand_product(build: Build, cutout: Cutout) -> Any:
    """Put the product into the set; return the node whose Strength is 1 ÷ the exposure's factor."""
    image = bpy.data.images.get("product") or bpy.data.images.load(str(cutout.picture))
    image.name = "product"
    rows, columns = cutout.depth.shape
    depth = cutout.depth
    if build.pose == "stand":
        front, back, depth = _shape_upright(build, cutout)
    else:
        front, back = _shape_flat(build, cutout)
        if build.pose == "hang":
            _hang_up(build, cutout)
    shader, glow = _skin(image)
    card = meshes.lattice(build, front, shader)
    _map_picture(card.data, rows, columns)
    body = meshes.place(build, _close_mesh(front, back, _inner_cells(depth > 0)), None)
    body.data.materials.append(_solid_skin(image).material)
    _map_picture(body.data, rows, columns, twice=True)
    for thing in (card, body):
        thing.visible_camera = False
        thing[MARK] = True
    # Where light is mirrored the picture itself is seen, not the coarse body.
    body.visible_glossy = False
    card.visible_shadow = True
    return glow


def _corners(build: Build, shape: tuple[int, ...]) -> tuple[Heights, Heights]:
    """Return x and height above the lowest pixel, in metres, of the corners of the product's box."""
    rows, columns = shape
    width, height = build.frame.size
    x = np.linspace(-width / 2, width / 2, columns)
    up = np.linspace(height, 0, rows)
    across, along = np.meshgrid(x, up)
    return across, along


def _shape_upright(build: Build, cutout: Cutout) -> tuple[Heights, Heights, NDArray[np.float32]]:
    """Return the front and back of the product (rows, columns, 3), each column where it meets the ground.

    With them comes its depth, let down to the ground: light must not pass below it.

    A pixel of a column further back is drawn out along its ray, so that seen from the camera the
    product is exactly its picture, while shadow and reflection begin where each part stands.
    """
    frame = build.frame
    x, up = _corners(build, cutout.depth.shape)
    lift = np.interp(
        np.linspace(0, 1, cutout.depth.shape[1]), np.linspace(0, 1, len(cutout.lift)), cutout.lift
    )
    height, distance = max(frame.camera_height, 0.02), frame.distance
    behind = np.minimum([frame.behind(rise) for rise in lift], max(0.9 * build.foot_width, 0.12))
    factor = 1 + behind / distance
    front = np.stack(
        [
            x * factor,
            np.broadcast_to(behind, x.shape),
            build.foot_z + height - (height - up) * factor,
        ],
        -1,
    )
    depth = cutout.depth.copy()
    lowest = depth.shape[0] - 1 - np.argmax(depth[::-1] > 0, 0)
    for column, row in enumerate(lowest):
        if depth[row, column] > 0 and up[row, column] - lift[column] < SOLE:
            under = min(row + 1, depth.shape[0] - 1)
            front[under:, column, 2] = build.foot_z
            depth[under, column] = depth[row, column]
    back = front.copy()
    back[..., 1] += 2 * depth
    return front, back, depth


def round_front(build: Build, cutout: Cutout) -> Any:
    """Return the mesh of the product's front, rounded as its body is, that the camera sees as its picture."""
    frame, solid = build.frame, cutout.depth > 0
    depth = smooth_relief(cutout.depth)
    x, up = _corners(build, depth.shape)
    if build.lies:
        y, z = up - frame.size[1] / 2, LIE_HEIGHT + 0.25 * depth
        factor = (frame.distance - z) / frame.distance
        points = np.stack([x * factor, y * factor, z], -1)
    else:
        front: Heights | float = 0.0
        if build.pose == "stand":
            front = even_columns(_shape_upright(build, cutout)[0][..., 1])
        y = front + float(depth.max()) - depth
        factor, eye = 1 + y / frame.distance, max(frame.camera_height, 0.02)
        points = np.stack([x * factor, y, build.foot_z + eye - (eye - up) * factor], -1)
    some = solid[:-1, :-1] | solid[1:, :-1] | solid[:-1, 1:] | solid[1:, 1:]
    number = np.arange(solid.size).reshape(solid.shape)
    corners = np.stack([number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]], -1)[some]
    return meshes.quads("front", points.reshape(-1, 3), corners)


def _shape_flat(build: Build, cutout: Cutout) -> tuple[Heights, Heights]:
    """Return top and underside of a product that lies on the ground or hangs before the wall."""
    x, up = _corners(build, cutout.depth.shape)
    if build.lies:
        y = up - build.frame.size[1] / 2
        top = np.stack([x, y, LIE_HEIGHT + 0.25 * cutout.depth], -1)
        under = np.stack([x, y, np.full_like(x, 0.001)], -1)
        return top, under
    z = build.foot_z + up
    front = np.stack([x, -0.15 * cutout.depth, z], -1)
    back = np.stack([x, 0.2 * cutout.depth, z], -1)
    return front, back


def _hang_up(build: Build, cutout: Cutout) -> None:
    """Hang the product up above its middle: by a wire from a peg in the wall, or a rail before a view."""
    rows, columns = cutout.depth.shape
    solid = cutout.depth > 0
    top = float(np.argmax(solid.any(1)))
    middle = solid[:, round(0.47 * columns) : round(0.53 * columns) + 1].any(1)
    if middle.any():
        top = float(np.argmax(middle))
    z = build.foot_z + build.frame.size[1] * (1 - top / max(1, rows - 1))
    brass = finish_material("gold", "#b08d57", asked=True)
    radius = 0.028
    turns = np.linspace(-0.5 * np.pi, np.pi, 28)
    bow = [(radius * np.cos(turn), 0.02, z + 0.09 + radius * np.sin(turn)) for turn in turns]
    # The wire comes up from behind the product, and its bow lies over the peg.
    meshes.tube(build, [(0, 0.02, z - 0.06), (0, 0.02, z + 0.05), *bow], 0.0055, brass)
    if build.on_wall:
        peg = z + 0.09 + radius - 0.014
        meshes.drum(build, 0.011, 0.13, brass, at=(0, HANG_GAP, peg), turn=(np.pi / 2, 0, 0), bevel=0.003)
        meshes.drum(build, 0.03, 0.012, brass, at=(0, HANG_GAP, peg), turn=(np.pi / 2, 0, 0), bevel=0.003)
    else:
        seen = build.view_at(0.02)
        rail = [(x, 0.02, z + 0.09 + radius - 0.02) for x in (seen.left - 0.5, seen.right + 0.5)]
        meshes.tube(build, rail, 0.014, finish_material("wood", "", asked=False))


def _inner_cells(solid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a body's cells without the outermost but at the foot: their steps stay in the card's shadow."""
    padded = np.pad(solid, 1)
    return solid & padded[1:-1, :-2] & padded[1:-1, 2:] & padded[:-2, 1:-1]


def _close_mesh(front: Heights, back: Heights, inside: NDArray[np.bool_]) -> Any:
    """Return a closed mesh between two lattices where all four corners of a cell are inside."""
    rows, columns = inside.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    full = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:] & inside[1:, 1:]
    corners = np.stack([number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]], -1)[full]
    behind = corners[:, ::-1] + rows * columns
    edges = np.concatenate([corners[:, [k, (k + 1) % 4]] for k in range(4)])
    # An edge that no neighbour shares in the other direction is the outline: a wall goes there.
    key = edges[:, 0] * (rows * columns) + edges[:, 1]
    other = edges[:, 1] * (rows * columns) + edges[:, 0]
    rim = edges[~np.isin(key, other)]
    walls = np.stack([rim[:, 1], rim[:, 0], rim[:, 0] + rows * columns, rim[:, 1] + rows * columns], 1)
    points = np.concatenate([front.reshape(-1, 3), back.reshape(-1, 3)])
    return meshes.quads("product", points, np.concatenate([corners, behind, walls]))


def _map_picture(data: Any, rows: int, columns: int, *, twice: bool = False) -> None:
    """Map the product's picture onto a lattice's corners, front and back alike."""
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(1, 0, rows))
    places = np.stack([u, v], -1).reshape(-1, 2)
    if twice:
        places = np.concatenate([places, places])
    corners = np.empty(len(data.loops), np.int32)
    data.loops.foreach_get("vertex_index", corners)
    layer = data.uv_layers.new(name="product")
    layer.data.foreach_set("uv", np.ascontiguousarray(places[corners], np.float32).ravel())


def _skin(image: Any) -> tuple[Shader, Any]:
    """Return the material of the picture: cut by its alpha, in mirrors as bright as it will be laid over."""
    s = Shader("product")
    texture = _picture(s, image)
    light_path = s.node("LightPath")
    matte = s.node("BsdfDiffuse", {"Color": texture.outputs[0]})
    glow = s.node("Emission", {"Color": texture.outputs[0], "Strength": 1.0})
    seen = s.node("MixShader", {0: light_path.outputs["Is Glossy Ray"]})
    s.tree.links.new(matte.outputs[0], seen.inputs[1])
    s.tree.links.new(glow.outputs[0], seen.inputs[2])
    cut = s.node("MixShader", {0: texture.outputs[1]})
    s.tree.links.new(s.node("BsdfTransparent").outputs[0], cut.inputs[1])
    s.tree.links.new(seen.outputs[0], cut.inputs[2])
    s.finish(cut.outputs[0])
    # It lights nothing: only what mirrors it sees it.
    s.material.cycles.emission_sampling = "NONE"
    return s, glow


def _solid_skin(image: Any) -> Shader:
    s = Shader("product body")
    s.principled(colour=_picture(s, image).outputs[0], roughness=0.7, specular=0.2)
    return s


def _picture(s: Shader, image: Any) -> Any:
    return s.node(
        "TexImage", {0: s.node("UVMap", uv_map="product").outputs[0]}, image=image, extension="CLIP"
    )
