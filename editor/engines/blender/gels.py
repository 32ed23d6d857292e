"""Gels: the colour that warm, cool or named light gives to a rig's lamps, its world and what glows behind."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from .kit.shaders import linear
from .kit.stage import Build

Gain = tuple[float, float, float]
PLAIN: Gain = (1.0, 1.0, 1.0)

WARMEST = 1.15
"""Stops by which red rises, and blue falls, at a warmth of 1."""

DEEPEST = 0.12
"""What a gel lets through of the colours that it holds back, beside what it lets through best."""

WORLD, GLOW = 0.8, 0.55
"""How much of the gel the light all round has, and what glows by itself: a sky, a room, a town at night."""

DARKER = 0.6
"""How far a deep gel darkens the set: light of one colour looks less bright than white light."""


def warm_gain(warmth: float) -> Gain:
    """Return what a warmth of -1 to 1 multiplies linear red, green and blue with."""
    return 2 ** (WARMEST * warmth), 2 ** (0.12 * warmth), 2 ** (-WARMEST * warmth)


def gel_gain(colour: str) -> Gain:
    """Return what a gel of a colour (#rrggbb) multiplies linear red, green and blue with; 1 on average."""
    channels = linear(colour)[:3]
    most = max(channels)
    if most <= 0:
        return PLAIN
    passed = [DEEPEST + (1 - DEEPEST) * channel / most for channel in channels]
    mean = sum(passed) / 3
    return passed[0] / mean, passed[1] / mean, passed[2] / mean


def apply_gels(build: Build, lamps: Sequence[Any]) -> None:
    """Give a rig's lamps, the world and what is shown to glow the warmth and colours that the plan asks for.

    Of several colours the main light has the first and the lamps across from it the second.
    """
    plan = build.plan
    warm = warm_gain(plan.warmth)
    gains = [_times(gel_gain(hue), warm) for hue in plan.hues] or [warm]
    for number, lamp in enumerate(lamps):
        gain = gains[_choose_gel(build, lamp, number, len(gains))]
        lamp.data.color = _times(tuple(lamp.data.color), gain)
    mean = (
        sum(gain[0] for gain in gains) / len(gains),
        sum(gain[1] for gain in gains) / len(gains),
        sum(gain[2] for gain in gains) / len(gains),
    )
    if build.scene.world is not None:
        _tint(build.scene.world.node_tree, build.scene.world.node_tree.nodes, _soften(mean, WORLD))
    for socket, _ in build.exposure_sockets:
        _tint(socket.id_data, [socket.node], _soften(mean, GLOW))
    if plan.hues:
        seen = 0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2]
        build.gain *= min(1.0, seen / (sum(mean) / 3)) ** DARKER


def _choose_gel(build: Build, lamp: Any, number: int, count: int) -> int:
    """Return which of the gels a lamp has: the key side's the first, the other side's the second."""
    if count == 1:
        return 0
    side = lamp.location[0] * build.key_side
    if abs(side) > 0.3:
        return 0 if side > 0 else 1
    return number % count


def _times(one: Sequence[float], other: Sequence[float]) -> Gain:
    return one[0] * other[0], one[1] * other[1], one[2] * other[2]


def _soften(gain: Gain, share: float) -> Gain:
    return gain[0] ** share, gain[1] ** share, gain[2] ** share


def _tint(tree: Any, nodes: Iterable[Any], gain: Gain) -> None:
    """Multiply the colour of each background or emission among the nodes, whatever feeds it."""
    if math.dist(gain, PLAIN) < 1e-6:
        return
    for node in list(nodes):
        if node.bl_idname not in ("ShaderNodeBackground", "ShaderNodeEmission"):
            continue
        socket = node.inputs["Color"]
        mixed = tree.nodes.new("ShaderNodeMix")
        mixed.data_type, mixed.blend_type, mixed.clamp_result = "RGBA", "MULTIPLY", False
        mixed.inputs[0].default_value = 1.0
        if socket.is_linked:
            tree.links.new(socket.links[0].from_socket, mixed.inputs[6])
        else:
            mixed.inputs[6].default_value = socket.default_value
        mixed.inputs[7].default_value = (*gain, 1.0)
        tree.links.new(mixed.outputs[2], socket)
