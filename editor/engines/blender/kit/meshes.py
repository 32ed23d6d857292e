"""Bodies to build with: each function makes one object, puts it into the set and returns it.

Sizes in metres of the set, turns in radians. Edges are rounded: nothing real has razor edges.
Every function takes the build, a shader, and where to put the object: at (x, y, z) is the middle of its
underside, turn its rotation about x, y and z.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import bmesh
import bpy
import numpy as np
from numpy.typing import NDArray

from . import relief
from .shaders import Shader
from .stage import Build

Point = Sequence[float]
Heights = NDArray[np.float64]
HERE = (0.0, 0.0, 0.0)


def place(
    build: Build,
    data: Any,
    shader: Shader | None = None,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    smooth: bool = True,
) -> Any:
    """Put mesh or curve data into the set as a new object; the same data may be placed many times."""
    thing = bpy.data.objects.new(data.name, data)
    thing.location, thing.rotation_euler = at, turn
    if shader is not None:
        data.materials.clear()
        data.materials.append(shader.material)
    if smooth and isinstance(data, bpy.types.Mesh):
        data.polygons.foreach_set("use_smooth", np.ones(len(data.polygons), np.bool_))
    build.scene.collection.objects.link(thing)
    return thing


def mesh(name: str, points: Any, faces: Any) -> Any:
    """Return mesh data of points (N, 3) and faces (lists of indices, anticlockwise seen from outside)."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(np.asarray(points, float).tolist(), [], [list(map(int, face)) for face in faces])
    data.update()
    return data


def block(
    build: Build, size: Point, shader: Shader, *, at: Point = HERE, turn: Point = HERE, bevel: float = 0.012
) -> Any:
    """A box of size (x, y, z)."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    points = [(sx * x, sy * y, sz * z) for sz in (0, 1) for sy in (-1, 1) for sx in (-1, 1)]
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    thing = place(build, mesh("block", points, faces), shader, at=at, turn=turn)
    return round_edges(thing, min(bevel, 0.45 * min(size)))


def round_edges(thing: Any, width: float, segments: int = 3) -> Any:
    """Round an object's edges; flat faces stay flat. Return it."""
    modifier = thing.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments = width, segments
    modifier.limit_method, modifier.angle_limit = "ANGLE", math.radians(35)
    modifier.harden_normals = True
    return thing


def lathe(
    build: Build,
    profile: Sequence[tuple[float, float]],
    shader: Shader,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    segments: int = 96,
) -> Any:
    """A body turned about z from (radius, height) points, from the bottom up its outside."""
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.stack([np.cos(angles), np.sin(angles)], 1)
    points = [(radius * x, radius * y, height) for radius, height in profile for x, y in around]
    faces: list[Sequence[int]] = []
    for ring in range(len(profile) - 1):
        low, high = ring * segments, (ring + 1) * segments
        for k in range(segments):
            after = (k + 1) % segments
            faces.append((low + k, low + after, high + after, high + k))
    if profile[0][0] > 1e-6:
        faces.append(tuple(reversed(range(segments))))
    if profile[-1][0] > 1e-6:
        faces.append(tuple(range((len(profile) - 1) * segments, len(profile) * segments)))
    data = mesh("lathe", points, faces)
    thing = place(build, data, shader, at=at, turn=turn)
    # Flat caps and sharp steps stay crisp while the round side is smooth.
    data.set_sharp_from_angle(angle=math.radians(40))
    return thing


def round_corners(
    outline: Sequence[tuple[float, float]], radius: float, steps: int = 5
) -> list[tuple[float, float]]:
    """Return an open outline (a lathe's profile) with its inner corners rounded."""
    result = [outline[0]]
    for before, corner, after in zip(outline, outline[1:], outline[2:], strict=False):
        into = np.subtract(before, corner)
        out = np.subtract(after, corner)
        long_in, long_out = float(np.hypot(*into)), float(np.hypot(*out))
        reach = min(radius, 0.49 * long_in, 0.49 * long_out)
        start = np.add(corner, into / max(long_in, 1e-9) * reach)
        end = np.add(corner, out / max(long_out, 1e-9) * reach)
        for share in np.linspace(0, 1, steps + 1):
            point = (1 - share) ** 2 * start + 2 * share * (1 - share) * np.array(corner) + share**2 * end
            result.append((float(point[0]), float(point[1])))
    result.append(outline[-1])
    return result


def drum(
    build: Build,
    radius: float,
    height: float,
    shader: Shader,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    bevel: float = 0.012,
) -> Any:
    """A cylinder."""
    bevel = min(bevel, 0.45 * height, 0.45 * radius)
    outline = round_corners([(0.0, 0.0), (radius, 0.0), (radius, height), (0.0, height)], bevel)
    return lathe(build, outline, shader, at=at, turn=turn)


def cone(
    build: Build, radius: float, height: float, shader: Shader, *, at: Point = HERE, turn: Point = HERE
) -> Any:
    outline = round_corners([(0.0, 0.0), (radius, 0.0), (0.006, height), (0.0, height)], 0.012)
    return lathe(build, outline, shader, at=at, turn=turn)


def ball(
    build: Build, radius: float, shader: Shader, *, at: Point = HERE, segments: int = 64, squash: float = 1.0
) -> Any:
    """A sphere that stands on `at`; squash < 1 flattens it."""
    turns = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    profile = [(float(radius * np.cos(t)), float(radius * squash * (1 + np.sin(t)))) for t in turns]
    profile[0], profile[-1] = (0.0, profile[0][1]), (0.0, profile[-1][1])
    return lathe(build, profile, shader, at=at, segments=segments)


def ring(
    build: Build,
    radius: float,
    thickness: float,
    shader: Shader,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    segments: int = 96,
) -> Any:
    """A torus standing upright, facing the camera; radius is to the middle of its tube."""
    around = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    points = [(radius * math.cos(a), 0.0, radius * math.sin(a) + radius + thickness) for a in around]
    return tube(build, points, thickness, shader, at=at, turn=turn, closed=True)


def tube(
    build: Build,
    points: Iterable[Point],
    radius: float,
    shader: Shader,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    closed: bool = False,
    taper: Sequence[float] | None = None,
) -> Any:
    """A round tube along points; taper multiplies its radius at each of them."""
    curve = bpy.data.curves.new("tube", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution = "3D", radius, 5
    curve.use_fill_caps = True
    places = [tuple(map(float, point)) for point in points]
    spline = curve.splines.new("POLY")
    spline.points.add(len(places) - 1)
    for number, (target, spot) in enumerate(zip(spline.points, places, strict=True)):
        target.co = (*spot, 1.0)
        if taper is not None:
            target.radius = taper[number]
    spline.use_cyclic_u, spline.use_smooth = closed, True
    return place(build, curve, shader, at=at, turn=turn)


def cutting(
    build: Build,
    outlines: Sequence[Sequence[tuple[float, float]]],
    depth: float,
    shader: Shader,
    *,
    at: Point = HERE,
    turn: Point = HERE,
    bevel: float = 0.008,
) -> Any:
    """A flat shape cut from a sheet, standing upright: outlines of (x, z), inner ones are holes.

    It faces the camera and is `depth` thick, half before `at` and half behind.
    """
    curve = bpy.data.curves.new("cutting", "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    bevel = min(bevel, 0.45 * depth)
    curve.extrude, curve.bevel_depth, curve.bevel_resolution = depth / 2 - bevel, bevel, 2
    # The bevel would otherwise make the shape larger.
    curve.offset = -bevel
    for outline in outlines:
        spline = curve.splines.new("POLY")
        spline.points.add(len(outline) - 1)
        for target, (x, z) in zip(spline.points, outline, strict=True):
            target.co = (x, z, 0.0, 1.0)
        spline.use_cyclic_u = True
    return place(build, curve, shader, at=at, turn=(turn[0] + math.pi / 2, turn[1], turn[2]))


def sheet(
    build: Build,
    size: tuple[float, float],
    cells: tuple[int, int],
    shader: Shader,
    heights: Callable[[Heights, Heights], Heights] | None = None,
    *,
    at: Point = HERE,
    turn: Point = HERE,
) -> Any:
    """A sheet of size (x, y) in the plane, raised by heights(x, y) at its cells' corners."""
    across, along = np.meshgrid(
        np.linspace(-size[0] / 2, size[0] / 2, cells[0] + 1),
        np.linspace(-size[1] / 2, size[1] / 2, cells[1] + 1),
    )
    up = np.zeros_like(across) if heights is None else heights(across, along)
    return lattice(build, np.stack([across, along, up], -1), shader, at=at, turn=turn)


def lattice(
    build: Build, points: Heights, shader: Shader | None, *, at: Point = HERE, turn: Point = HERE
) -> Any:
    """A surface through points (rows, columns, 3); seen from outside rows go up, columns to the right."""
    rows, columns = points.shape[:2]
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None]).ravel()
    faces = np.stack([first, first + 1, first + columns + 1, first + columns], 1)
    return place(build, quads("sheet", points.reshape(-1, 3), faces), shader, at=at, turn=turn)


def quads(name: str, points: Heights, faces: NDArray[np.int64]) -> Any:
    """Return mesh data of points (N, 3) and four-cornered faces (M, 4), quick for large ones."""
    data = bpy.data.meshes.new(name)
    data.vertices.add(len(points))
    data.vertices.foreach_set("co", np.ascontiguousarray(points, np.float32).ravel())
    data.loops.add(faces.size)
    data.loops.foreach_set("vertex_index", np.ascontiguousarray(faces, np.int32).ravel())
    data.polygons.add(len(faces))
    data.polygons.foreach_set("loop_start", np.arange(0, faces.size, 4, dtype=np.int32))
    data.update(calc_edges=True)
    return data


def lump(
    build: Build,
    radius: float,
    shader: Shader,
    *,
    at: Point = HERE,
    squash: float = 0.7,
    roughness: float = 0.3,
    seed: int = 0,
    fineness: int = 4,
) -> Any:
    """A rounded stone, squashed and dented by noise; fineness is how often its faces are divided."""
    body = bmesh.new()
    bmesh.ops.create_icosphere(body, subdivisions=fineness, radius=1.0)
    places = np.array([vertex.co[:] for vertex in body.verts])
    x, y, z = places.T
    swell = 1 + roughness * relief.layers(x * 0.9 + z * 0.7, y * 0.9 - z * 0.6, seed, count=4, roughness=0.45)
    places = places * swell[:, None] * radius
    places[:, 2] = places[:, 2] * squash
    places[:, 2] -= places[:, 2].min()
    for vertex, spot in zip(body.verts, places, strict=True):
        vertex.co = spot
    data = bpy.data.meshes.new("lump")
    body.to_mesh(data)
    body.free()
    return place(build, data, shader, at=at, turn=(0, 0, seed % 7))
