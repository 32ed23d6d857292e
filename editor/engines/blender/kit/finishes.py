"""Finishes: the materials of simple bodies, one for each of the vocabulary's finishes."""

from __future__ import annotations

from collections.abc import Callable

from editor.engines.scenes.plan import Piece

from .materials import cast_concrete, veined_marble, woven_linen
from .shaders import Shader
from .stage import Build


def piece_material(
    build: Build, piece: Piece, number: int = 0, *, role: str = "prop", usual: str = "matte"
) -> Shader:
    """Return the material of a simple body, by the piece's finish and colour, or the palette's."""
    colour = piece.colour or (build.accent(number) if role == "prop" else build.scheme.of(role))
    return finish_material(piece.finish or usual, colour, asked=bool(piece.colour))


def finish_material(finish: str, colour: str, *, asked: bool = False) -> Shader:
    """Return a finish in a colour; materials with a colour of their own keep it unless one was asked for."""
    return FINISHES[finish](colour, asked)


def matte(colour: str, asked: bool = True) -> Shader:
    s = Shader("matte")
    grain = s.noise(90, 3)
    s.principled(
        colour=s.vary(colour, s.noise(2.5, 3), 0.04),
        roughness=0.72,
        specular=0.35,
        normal=s.bump(grain, 0.06, 0.004),
    )
    return s


def gloss(colour: str, asked: bool = True) -> Shader:
    s = Shader("gloss")
    s.principled(colour=colour, roughness=0.22, coat=0.6, coat_roughness=0.06)
    return s


def _metal(usual: str) -> Callable[[str, bool], Shader]:
    def metal(colour: str, asked: bool) -> Shader:
        s = Shader("metal")
        smudges = s.span(s.noise(6, 5), 0.3, 0.7, 0.14, 0.24)
        s.principled(colour=colour if asked else usual, metallic=1.0, roughness=smudges)
        return s

    return metal


def glass(colour: str, asked: bool) -> Shader:
    """Clear glass; light passes straight through to the shadow, since caustics would be noise."""
    s = Shader("glass")
    tint = colour if asked else "#f4fbfa"
    body = s.node("BsdfGlass", {"Color": tint, "Roughness": 0.02, "IOR": 1.45})
    clear = s.node("BsdfTransparent", {"Color": tint})
    through = s.node("LightPath")
    straight = s.math("MAXIMUM", through.outputs["Is Shadow Ray"], through.outputs["Is Diffuse Ray"])
    mix = s.node("MixShader", {0: straight})
    s.tree.links.new(body.outputs[0], mix.inputs[1])
    s.tree.links.new(clear.outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    return s


def wood(colour: str, asked: bool) -> Shader:
    s = Shader("wood")
    wander = s.wander(0.05, 3, place=s.stretch((1, 6, 6)))
    grain = s.waves(2.2, distortion=6, axis="Y", place=wander, Detail=3.0)
    fibre = s.noise(60, 4, place=s.stretch((1, 12, 12)))
    base = colour if asked else "#b98d5f"
    s.principled(
        colour=s.vary(base, s.mix(0.5, grain, fibre), 0.28),
        roughness=0.55,
        normal=s.bump(fibre, 0.12, 0.004),
    )
    return s


def marble(colour: str, asked: bool) -> Shader:
    return veined_marble(colour if asked else "#efedea", "#8f8d90")


def stone(colour: str, asked: bool) -> Shader:
    s = Shader("stone")
    rough = s.noise(7, 8, roughness=0.65)
    s.principled(
        colour=s.vary(colour if asked else "#a39b8f", rough, 0.3),
        roughness=0.85,
        normal=s.bump(s.noise(22, 8, roughness=0.7), 0.5, 0.02),
    )
    return s


def concrete(colour: str, asked: bool) -> Shader:
    return cast_concrete(colour if asked else "#b3b0ab")


def velvet(colour: str, asked: bool) -> Shader:
    s = Shader("velvet")
    s.principled(colour=s.vary(colour, s.noise(5, 5), 0.15), roughness=0.95, sheen=1.0, specular=0.1)
    return s


def fabric(colour: str, asked: bool) -> Shader:
    return woven_linen(colour)


def paper(colour: str, asked: bool) -> Shader:
    s = Shader("paper")
    fibre = s.noise(160, 4, roughness=0.7)
    s.principled(colour=colour, roughness=0.9, specular=0.2, normal=s.bump(fibre, 0.1, 0.003))
    return s


def wicker(colour: str, asked: bool) -> Shader:
    s = Shader("wicker")
    weave = s.math("MULTIPLY", s.waves(9, axis="X"), s.waves(14, axis="Z"))
    base = colour if asked else "#b88f5c"
    s.principled(colour=s.vary(base, weave, 0.35), roughness=0.7, normal=s.bump(weave, 0.8, 0.02))
    return s


FINISHES: dict[str, Callable[[str, bool], Shader]] = {
    "": matte,
    "matte": matte,
    "gloss": gloss,
    "gold": _metal("#e3b968"),
    "silver": _metal("#d9d9db"),
    "copper": _metal("#d98a66"),
    "glass": glass,
    "wood": wood,
    "marble": marble,
    "stone": stone,
    "concrete": concrete,
    "velvet": velvet,
    "fabric": fabric,
    "paper": paper,
    "wicker": wicker,
}
