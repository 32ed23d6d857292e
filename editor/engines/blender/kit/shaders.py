"""Materials as node trees, written top down: each method adds a node and returns the socket it feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import bpy

Colour = str | tuple[float, float, float, float]
"""#rrggbb in sRGB, or linear red, green, blue, alpha."""


def linear(colour: Colour) -> tuple[float, float, float, float]:
    """Return a colour as Blender takes it: linear red, green, blue, 1."""
    if not isinstance(colour, str):
        return colour
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return (red, green, blue, 1.0)


@contextmanager
def finer(grain: float) -> Iterator[None]:
    """Draw all patterns of the materials that are made meanwhile so many times finer."""
    Shader.grain = grain
    try:
        yield
    finally:
        Shader.grain = 1.0


class Shader:
    """A material under construction. A value where a socket could be is a constant.

    >>> s = Shader("clay")
    >>> grain = s.noise(scale=40)
    >>> s.principled(colour="#c8754f", roughness=0.9, normal=s.bump(grain, 0.1))
    >>> mesh = meshes.drum(build, 0.3, 0.1, s)

    Textures sit in the object's own space (metres of the set), so keep objects at scale 1.
    """

    grain = 1.0
    """How much finer all patterns are than they are drawn, see `finer`."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.tree = self.material.node_tree
        self.tree.nodes.clear()
        self.output = self.tree.nodes.new("ShaderNodeOutputMaterial")
        self._place: Any = None

    def node(self, kind: str, inputs: dict[str | int, Any] | None = None, **settings: Any) -> Any:
        """Add a node of Blender's class ShaderNode<kind>, its properties and its inputs set."""
        made = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            setattr(made, name, value)
        for key, value in (inputs or {}).items():
            self.feed(made.inputs[key], value)
        return made

    def feed(self, socket: Any, value: Any) -> None:
        """Connect a socket to an input, or set the input to a constant; None leaves it alone."""
        if value is None:
            return
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, str) and socket.type == "RGBA":
            socket.default_value = linear(value)
        else:
            socket.default_value = value

    # -- Where ----------------------------------------------------------------------------------

    @property
    def place(self) -> Any:
        """The point in the object's space, (x, y, z) in metres of the set."""
        if self._place is None:
            self._place = self.node("TexCoord").outputs["Object"]
            if self.grain != 1.0:
                scale = (self.grain, self.grain, self.grain)
                self._place = self.node("Mapping", {"Vector": self._place, "Scale": scale}).outputs[0]
        return self._place

    def stretch(
        self,
        scale: Sequence[float] = (1, 1, 1),
        *,
        turn: Sequence[float] = (0, 0, 0),
        move: Sequence[float] = (0, 0, 0),
        place: Any = None,
    ) -> Any:
        """Return the place moved, turned (radians) and scaled."""
        inputs: dict[str | int, Any] = {
            "Vector": place or self.place,
            "Scale": scale,
            "Rotation": turn,
            "Location": move,
        }
        return self.node("Mapping", inputs).outputs[0]

    def wander(self, amount: float, scale: float, *, place: Any = None, detail: float = 3) -> Any:
        """Return the place pushed about by noise: nothing then runs along a straight line."""
        where = place or self.place
        push = self.node("TexNoise", {"Vector": where, "Scale": scale, "Detail": detail}).outputs["Color"]
        centred = self.vector("SUBTRACT", push, (0.5, 0.5, 0.5))
        scaled = self.node("VectorMath", {0: centred, "Scale": amount}, operation="SCALE").outputs[0]
        return self.vector("ADD", where, scaled)

    def axes(self, place: Any = None) -> tuple[Any, Any, Any]:
        """Return x, y and z of a place as sockets."""
        split = self.node("SeparateXYZ", {0: place or self.place})
        return split.outputs[0], split.outputs[1], split.outputs[2]

    # -- Patterns (each returns a grey value 0..1) ------------------------------------------------

    def noise(
        self,
        scale: float = 5,
        detail: float = 4,
        *,
        roughness: float = 0.5,
        distortion: float = 0,
        place: Any = None,
    ) -> Any:
        """Return soft, cloudy noise; detail is how many finer layers lie on it."""
        inputs: dict[str | int, Any] = {
            "Vector": place or self.place,
            "Scale": scale,
            "Detail": detail,
            "Roughness": roughness,
            "Distortion": distortion,
        }
        return self.node("TexNoise", inputs).outputs[0]

    def cells(
        self,
        scale: float = 5,
        *,
        feature: str = "F1",
        output: str = "Distance",
        place: Any = None,
        **more: Any,
    ) -> Any:
        """Return Voronoi cells: feature F1, F2, SMOOTH_F1, DISTANCE_TO_EDGE; output Distance or Color."""
        inputs: dict[str | int, Any] = {"Vector": place or self.place, "Scale": scale}
        inputs.update(more)
        return self.node("TexVoronoi", inputs, feature=feature).outputs[output]

    def waves(
        self, scale: float = 5, *, distortion: float = 0, axis: str = "X", place: Any = None, **more: Any
    ) -> Any:
        """Return parallel bands along an axis, bent by distortion."""
        inputs: dict[str | int, Any] = {
            "Vector": place or self.place,
            "Scale": scale,
            "Distortion": distortion,
        }
        inputs.update(more)
        return self.node("TexWave", inputs, bands_direction=axis).outputs["Factor"]

    # -- Arithmetic ---------------------------------------------------------------------------

    def math(self, operation: str, a: Any, b: Any = None, *, clamp: bool = False) -> Any:
        """Return a Math node's result: ADD, MULTIPLY, POWER, GREATER_THAN, ABSOLUTE, …"""
        return self.node("Math", {0: a, 1: b}, operation=operation, use_clamp=clamp).outputs[0]

    def vector(self, operation: str, a: Any, b: Any = None) -> Any:
        return self.node("VectorMath", {0: a, 1: b}, operation=operation).outputs[0]

    def span(self, value: Any, low: float, high: float, to_low: float = 0, to_high: float = 1) -> Any:
        """Return value mapped smoothly from low..high to to_low..to_high, clamped."""
        inputs: dict[str | int, Any] = {0: value, 1: low, 2: high, 3: to_low, 4: to_high}
        return self.node("MapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def ramp(self, value: Any, stops: Sequence[tuple[float, Colour]], *, smooth: bool = True) -> Any:
        """Return the colour at value on a ramp of (position 0..1, colour), rising."""
        made = self.node("ValToRGB", {0: value})
        made.color_ramp.interpolation = "EASE" if smooth else "LINEAR"
        elements = made.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position, element.color = position, linear(colour)
        return made.outputs[0]

    def mix(self, share: Any, a: Any, b: Any, *, blend: str = "MIX") -> Any:
        """Return colour a where share is 0 and b where it is 1; blend as MIX, MULTIPLY, OVERLAY, …"""
        made = self.node("Mix", data_type="RGBA", blend_type=blend)
        self.feed(made.inputs[0], share)
        self.feed(made.inputs[6], a)
        self.feed(made.inputs[7], b)
        return made.outputs[2]

    def vary(self, colour: Colour, value: Any, amount: float = 0.1) -> Any:
        """Return the colour, lighter and darker by amount (share) as value goes from 0 to 1."""
        base = linear(colour)
        dark = tuple(c * (1 - amount) for c in base[:3])
        light = tuple(min(1.0, c * (1 + amount)) for c in base[:3])
        return self.mix(value, (*dark, 1.0), (*light, 1.0))

    def bump(self, height: Any, strength: float = 0.3, distance: float = 0.01, *, on: Any = None) -> Any:
        """Return a normal bent as if the surface were raised by height (0..1) times distance (metres)."""
        inputs: dict[str | int, Any] = {
            "Strength": strength,
            "Distance": distance,
            "Height": height,
            "Normal": on,
        }
        return self.node("Bump", inputs).outputs[0]

    # -- What it is made of -----------------------------------------------------------------------

    def principled(
        self,
        *,
        colour: Any = "#cccccc",
        roughness: Any = 0.6,
        metallic: Any = 0.0,
        normal: Any = None,
        specular: float = 0.5,
        ior: float = 1.5,
        alpha: Any = None,
        transmission: float = 0.0,
        coat: Any = 0.0,
        coat_roughness: float = 0.05,
        sheen: float = 0.0,
        subsurface: float = 0.0,
        subsurface_radius: float = 0.05,
        emission: Any = None,
        strength: Any = 0.0,
    ) -> Any:
        """Finish the material with Blender's Principled BSDF, and return its node."""
        inputs: dict[str | int, Any] = {
            "Base Color": colour,
            "Roughness": roughness,
            "Metallic": metallic,
            "Normal": normal,
            "Specular IOR Level": specular,
            "IOR": ior,
            "Alpha": alpha,
            "Transmission Weight": transmission,
            "Coat Weight": coat,
            "Coat Roughness": coat_roughness,
            "Sheen Weight": sheen,
            "Subsurface Weight": subsurface,
            "Subsurface Scale": subsurface_radius,
            "Emission Color": emission,
            "Emission Strength": strength,
        }
        made = self.node("BsdfPrincipled", inputs)
        self.finish(made.outputs[0])
        return made

    def glow(self, colour: Any, strength: Any = 1.0) -> Any:
        """Finish the material as pure light of its own, such as a distant sky."""
        made = self.node("Emission", {"Color": colour, "Strength": strength})
        self.finish(made.outputs[0])
        return made

    def finish(self, surface: Any) -> None:
        """Make a shader socket the material's surface."""
        self.tree.links.new(surface, self.output.inputs["Surface"])
