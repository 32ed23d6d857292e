"""Scattering: many small things over the ground: a handful of meshes, instanced in thousands of places."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from . import meshes
from .stage import Build

Heights = NDArray[np.float64]


@dataclass
class Places:
    """Where instances stand: points (N, 3) in metres, turns (N, 3) in radians, sizes (N,) as factors."""

    points: Heights
    turns: Heights
    sizes: Heights

    def keep(self, which: NDArray[np.bool_]) -> Places:
        """Return those that are marked."""
        return Places(self.points[which], self.turns[which], self.sizes[which])


def dice(build: Build) -> np.random.Generator:
    """Return a generator of arrays that follows the build's own dice."""
    return np.random.default_rng(build.rng.getrandbits(32))


def over_ground(
    build: Build,
    count: int,
    *,
    near: float = -3.0,
    far: float = 6.0,
    margin: float = 0.15,
    thinning: float = 1.0,
    tilt: float = 0.15,
    spread: float = 0.35,
) -> Places:
    """Return places over what is seen of the ground, fewer to the square metre the further away.

    near, far: y; what is nearer than the picture's lower edge is left out. thinning: 0 even over the
    ground, 1 falls with distance, 2 even over the picture. tilt: radians from upright. spread: of sizes.
    """
    rolled = dice(build)
    if build.lies:
        seen = build.view_at(0)
        x = rolled.uniform(seen.left - margin, seen.right + margin, count)
        y = rolled.uniform(seen.bottom - margin, seen.top + margin, count)
    else:
        low = max(near, _lower_edge(build) - margin)
        rows = np.linspace(low, far, 400)
        away = build.frame.distance + rows
        wide = np.array([build.view_at(float(row)).width for row in rows]) + 2 * margin
        density = np.cumsum(wide / away**thinning)
        y = np.interp(rolled.uniform(density[0], density[-1], count), density, rows)
        left = np.interp(y, rows, [build.view_at(float(row)).left for row in rows]) - margin
        right = np.interp(y, rows, [build.view_at(float(row)).right for row in rows]) + margin
        x = left + (right - left) * rolled.random(count)
    turns = np.stack(
        [rolled.normal(0, tilt, count), rolled.normal(0, tilt, count), rolled.uniform(0, 2 * math.pi, count)],
        -1,
    )
    sizes = np.exp(rolled.normal(0, spread, count)).clip(0.4, 2.2)
    return Places(np.stack([x, y, np.zeros(count)], -1), turns, sizes)


def headroom(build: Build, points: Heights, margin: float = 0.04) -> Heights:
    """Return how high things at points (N, 3) may be without hiding the product from the camera, (N,).

    Nothing may stand before it: its pixels are laid over the picture last. Infinite where nothing is hidden.
    """
    if build.lies:
        # Seen from above it lies on all that grows; what is below it, it covers.
        return np.full(len(points), np.inf)
    distance, above = build.frame.distance, build.frame.camera_height
    before = np.maximum(-points[:, 1], 0.0)
    half = (build.frame.size[0] / 2 + margin) * (1 - before / distance)
    room = build.foot_z + above * before / distance
    hides = (np.abs(points[:, 0]) < half) & (points[:, 1] < 0.3 * build.foot_depth)
    return np.where(hides, room, np.inf)


def clear_of_foot(build: Build, places: Places, margin: float = 0.02) -> Places:
    """Return the places that are not under the product's base, nor inside the stand that is to come."""
    if build.foot_z:
        margin += 0.12
    x, y = places.points[:, 0], places.points[:, 1]
    if build.lies:
        return places
    across = (x - build.foot_x) / (build.foot_width / 2 + margin)
    along = (y - build.foot_depth / 2) / (build.foot_depth / 2 + margin)
    return places.keep(np.hypot(across, along) > 1)


def raise_to_ground(places: Places, height: Callable[[Heights, Heights], Heights]) -> Places:
    """Return the places moved up to the ground's height(x, y)."""
    points = places.points.copy()
    points[:, 2] += height(points[:, 0], points[:, 1])
    return Places(points, places.turns, places.sizes)


def scatter_instances(
    build: Build, prototypes: Sequence[Any], places: Places, shader: Any | None = None
) -> Any:
    """Instance prototypes (mesh data, of about one metre or their own size) at places, by turns.

    shader: their material, where they have none yet. Returns the object that carries the instances.
    """
    collection = bpy.data.collections.new("prototypes")
    for data in prototypes:
        if shader is not None:
            data.materials.clear()
            data.materials.append(shader.material)
        collection.objects.link(bpy.data.objects.new(data.name, data))
    cloud = bpy.data.meshes.new("places")
    count = len(places.points)
    cloud.vertices.add(count)
    cloud.vertices.foreach_set("co", np.ascontiguousarray(places.points, np.float32).ravel())
    turn = cloud.attributes.new("turn", "FLOAT_VECTOR", "POINT")
    turn.data.foreach_set("vector", np.ascontiguousarray(places.turns, np.float32).ravel())
    size = cloud.attributes.new("size", "FLOAT", "POINT")
    size.data.foreach_set("value", np.ascontiguousarray(places.sizes, np.float32))
    pick = cloud.attributes.new("pick", "INT", "POINT")
    pick.data.foreach_set("value", np.arange(count, dtype=np.int32) * 7919 % len(prototypes))
    cloud.update()
    thing = meshes.place(build, cloud, smooth=False)
    modifier = thing.modifiers.new("scattered", "NODES")
    modifier.node_group = _instancer(collection)
    return thing


def _instancer(collection: Any) -> Any:
    """Return a geometry node group that puts the collection's objects on points by turn, size and pick."""
    group = bpy.data.node_groups.new("instances", "GeometryNodeTree")
    group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    begin, end = group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")
    source = group.nodes.new("GeometryNodeCollectionInfo")
    source.inputs["Collection"].default_value = collection
    source.inputs["Separate Children"].default_value = True
    source.inputs["Reset Children"].default_value = True
    put = group.nodes.new("GeometryNodeInstanceOnPoints")
    put.inputs["Pick Instance"].default_value = True
    link = group.links.new
    for name, kind, target in (
        ("turn", "FLOAT_VECTOR", "Rotation"),
        ("size", "FLOAT", "Scale"),
        ("pick", "INT", "Instance Index"),
    ):
        attribute = group.nodes.new("GeometryNodeInputNamedAttribute")
        attribute.data_type = kind
        attribute.inputs["Name"].default_value = name
        socket = next(output for output in attribute.outputs if output.enabled)
        if name == "turn":
            euler = group.nodes.new("FunctionNodeEulerToRotation")
            link(socket, euler.inputs[0])
            socket = euler.outputs[0]
        link(socket, put.inputs[target])
    link(begin.outputs[0], put.inputs["Points"])
    link(source.outputs[0], put.inputs["Instance"])
    link(put.outputs[0], end.inputs[0])
    return group


def _lower_edge(build: Build) -> float:
    """Return the y of the ground at the picture's lower edge."""
    axis = build.foot_z + build.frame.camera_height
    below = build.frame.height * (1 - build.frame.horizon)
    return max(axis * build.frame.lens / max(below, 1.0), 0.05) - build.frame.distance
