"""The ground of a set: a sheet, a sweep, a table or land to the horizon, as the backdrop asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import meshes
from .shaders import Shader
from .stage import FAR, Build

Heights = NDArray[np.float64]
Relief = Callable[[Heights, Heights], Heights]

NEAR = 0.72
"""How far before the product the ground begins, as a share of the camera's distance."""

FLAT = "flat"
"""Where a point of a bent sheet lay before it was bent, in metres along it: an attribute of its mesh."""


def lay_ground(
    build: Build, shader: Shader, relief: Relief | None = None, *, cells: int = 0, curve: float = 0.7
) -> Any:
    """Lay the ground in a material, as far as the backdrop asks, and return its object.

    relief(x, y) raises it, in metres; it is calmed under the product's base. cells: how many along the
    nearer side, by default enough for the relief. Before a "sweep" the ground runs up in a curve of
    that radius; before a view a table ends beyond the product, land goes on to the horizon.
    """
    fine = cells or (260 if relief else 2)
    near = -NEAR * build.frame.distance
    if build.lies:
        return _sheet(build, shader, relief, fine)
    if build.backdrop.kind == "sweep":
        return _sweep(build, shader, relief, near, curve, fine)
    if build.backdrop.kind == "wall":
        return _land(build, shader, relief, near, build.far + 0.3, fine)
    if build.is_land:
        _land(build, shader, relief, near, 6.0, fine)
        return _land(build, shader, None, 6.0, FAR, 2)
    return _table(build, shader, relief, near, fine)


def _sheet(build: Build, shader: Shader, relief: Relief | None, fine: int) -> Any:
    """Lay a square under a product that lies, larger than what is seen."""
    seen = build.view_at(0)
    half = 0.8 * max(seen.width, seen.height)
    steps = np.linspace(-half, half, fine + 1)
    x, y = np.meshgrid(steps + (seen.left + seen.right) / 2, steps + (seen.bottom + seen.top) / 2)
    return meshes.lattice(build, _raise_points(build, np.stack([x, y, np.zeros_like(x)], -1), relief), shader)


def _land(build: Build, shader: Shader, relief: Relief | None, near: float, far: float, fine: int) -> Any:
    rows = np.linspace(0, 1, fine + 1)
    # Rows lie closer where the camera is near, so that cells look alike in the picture.
    y = near + (far - near) * (rows**1.6 if fine > 2 else rows)
    x = np.linspace(-1, 1, fine + 1) * _reach(build, far)
    across, along = np.meshgrid(x, y)
    points = np.stack([across, along, np.zeros_like(across)], -1)
    return meshes.lattice(build, _raise_points(build, points, relief), shader)


def _table(build: Build, shader: Shader, relief: Relief | None, near: float, fine: int) -> Any:
    """Lay a table's top that ends behind the product in a rounded edge."""
    depth = max(0.75, build.foot_depth + 0.35)
    top = _land(build, shader, relief, near, depth, fine)
    edge = 0.02
    turns = np.linspace(0, np.pi / 2, 6)
    y = np.concatenate([depth + edge * np.sin(turns), [depth + edge]])[:, None]
    z = np.concatenate([edge * (np.cos(turns) - 1), [-0.3]])[:, None]
    x = (np.linspace(-1, 1, 3) * _reach(build, depth))[None]
    meshes.lattice(build, np.stack(np.broadcast_arrays(x, y, z), -1), shader)
    return top


def _sweep(build: Build, shader: Shader, relief: Relief | None, near: float, curve: float, fine: int) -> Any:
    """Lay a sheet that runs along the floor, up in a quarter of a circle, and up the wall."""
    steps = max(fine, 96)
    top = build.view_at(build.far).top + 1.5
    floor = build.far - curve - near
    along = np.linspace(0, floor + curve * np.pi / 2 + max(top - curve, 0.5), steps + 1)
    angle = np.clip((along - floor) / curve, 0, np.pi / 2)
    y = np.where(along < floor, near + along, near + floor + curve * np.sin(angle))
    z = np.where(along < floor, 0.0, curve * (1 - np.cos(angle)))
    z = z + np.maximum(0.0, along - floor - curve * np.pi / 2)
    x = np.linspace(-1, 1, (max(fine, 8) if relief else 8) + 1) * _reach(build, build.far)
    points = np.stack(np.broadcast_arrays(x[None], y[:, None], z[:, None]), -1)
    if relief is not None:
        # Along the sheet's own length, so that folds go on up the wall.
        raised = relief(points[..., 0], np.broadcast_to((along + near)[:, None], points.shape[:2]))
        if build.calm_ground:
            raised = raised * build.calm(points[..., 0], points[..., 1])
        points[..., 1] -= raised * np.sin(angle)[:, None]
        points[..., 2] += raised * np.cos(angle)[:, None]
    thing = meshes.lattice(build, points, shader)
    _unroll(thing, shader, np.stack(np.broadcast_arrays(x[None], (along + near)[:, None], 0.0), -1))
    return thing


def _unroll(thing: Any, shader: Shader, flat: Heights) -> None:
    """Draw a material on a sheet as it was before it was bent: threads and cane run on up the wall."""
    place = thing.data.attributes.new(FLAT, "FLOAT_VECTOR", "POINT")
    place.data.foreach_set("vector", np.ascontiguousarray(flat, np.float32).ravel())
    there = shader.node("Attribute", attribute_name=FLAT, attribute_type="GEOMETRY").outputs["Vector"]
    for link in list(shader.tree.links):
        if link.from_node.bl_idname == "ShaderNodeTexCoord" and link.from_socket.name == "Object":
            shader.tree.links.new(there, link.to_socket)


def _reach(build: Build, y: float) -> float:
    """Return half the width of a sheet that fills the picture at y, and a little more for its light."""
    seen = build.view_at(y)
    return max(abs(seen.left), abs(seen.right)) * 1.15 + 0.5


def _raise_points(build: Build, points: Heights, relief: Relief | None) -> Heights:
    if relief is None:
        return points
    x, y = points[..., 0], points[..., 1]
    height = relief(x, y)
    points[..., 2] += height * build.calm(x, y) if build.calm_ground else height
    return points
