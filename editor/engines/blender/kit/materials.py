"""Materials that finishes and pieces share: stone, plaster and paint, cloth."""

from __future__ import annotations

from typing import Any

from .shaders import Shader


def veined_marble(
    base: str,
    vein: str,
    *,
    scale: float = 1.0,
    gloss: float = 0.12,
    turn: float = 0.5,
    bold: float = 0.0,
) -> Shader:
    """Return polished marble: clouds, a few broad soft veins and many hair-thin ones.

    A vein is where noise passes a level, on a place that was itself pushed about by noise. bold: 0 to 1, how
    much it is shot through with healed cracks as well, whose veins are to be seen in what mirrors.
    """
    s = Shader("marble")
    where = s.stretch((scale, scale * 1.7, scale), turn=(0.2, 0.1, turn))
    bent = s.wander(0.55, 0.9, place=where, detail=6)
    fine = s.wander(0.3, 2.4, place=where, detail=8)
    clouds = s.noise(1.6, 6, place=bent)

    def vein_of(scale: float, place: Any, width: float, detail: float) -> Any:
        away = s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(scale, detail, place=place), 0.5))
        return s.span(away, 0.0, width, 1.0, 0.0)

    broad = s.math("MULTIPLY", vein_of(0.9, bent, 0.07, 3), s.span(s.noise(1.1, 2, place=where), 0.42, 0.66))
    hair = s.math("MULTIPLY", vein_of(1.9, fine, 0.014, 4), s.span(s.noise(1.7, 2, place=bent), 0.4, 0.7))
    ground = s.vary(base, clouds, 0.07)
    colour = s.mix(s.math("MULTIPLY", broad, 0.42), ground, vein)
    colour = s.mix(s.math("MULTIPLY", hair, 0.7), colour, vein)
    if bold:
        cracked = s.wander(0.16, 5.0, place=s.stretch((1, 0.6, 1), place=bent), detail=6)
        away = s.cells(1.15, feature="DISTANCE_TO_EDGE", place=cracked)
        width = s.span(s.noise(3.1, 3, place=fine), 0.3, 0.75, 0.004, 0.045)
        crack = s.math("SUBTRACT", 1.0, s.math("DIVIDE", away, width), clamp=True)
        some = s.span(s.noise(1.4, 3, place=fine), 0.36, 0.6)
        colour = s.mix(s.math("MULTIPLY", s.math("MULTIPLY", crack, some), bold), colour, vein)
    s.principled(
        colour=colour,
        roughness=s.span(clouds, 0.2, 0.8, gloss, gloss + 0.08),
        specular=0.5 - 0.2 * bold,
    )
    return s


def cast_concrete(base: str) -> Shader:
    """Return concrete cast smooth: clouds of damp, pores, the faint marks of the trowel."""
    s = Shader("concrete")
    clouds = s.noise(1.3, 7, roughness=0.6, distortion=0.4)
    blotches = s.noise(6, 6, roughness=0.65)
    pores = s.span(s.cells(26, Randomness=1.0), 0.03, 0.09)
    few = s.span(s.noise(5, 2), 0.5, 0.62)
    holes = s.math("SUBTRACT", 1.0, s.math("MULTIPLY", s.math("SUBTRACT", 1.0, pores), few))
    shade = s.mix(0.45, clouds, blotches)
    colour = s.mix(holes, "#6f6c68", s.vary(base, shade, 0.2))
    height = s.math("ADD", s.math("MULTIPLY", holes, 0.6), s.math("MULTIPLY", s.noise(60, 5), 0.12))
    s.principled(
        colour=colour, roughness=s.span(blotches, 0.3, 0.7, 0.55, 0.8), normal=s.bump(height, 0.35, 0.006)
    )
    return s


def lime_plaster(base: str) -> Shader:
    """Return lime plaster, laid on in overlapping strokes."""
    s = Shader("plaster")
    strokes = s.noise(2.2, 6, distortion=1.6, place=s.stretch((1, 1.4, 1.4)))
    grain = s.noise(45, 6, roughness=0.7)
    height = s.math("ADD", strokes, s.math("MULTIPLY", grain, 0.2))
    s.principled(
        colour=s.vary(base, strokes, 0.06),
        roughness=0.88,
        specular=0.2,
        normal=s.bump(height, 0.35, 0.015),
    )
    return s


def hewn_stone(base: str) -> Shader:
    """Return stone as it was split: grains and bands, pits, no polish."""
    s = Shader("hewn stone")
    clouds = s.noise(2.3, 8, roughness=0.6, distortion=0.3)
    grain = s.noise(38, 8, roughness=0.75)
    bands = s.noise(1.6, 5, place=s.stretch((0.6, 0.6, 4), turn=(0.25, 0.1, 0)))
    tone = s.mix(0.4, s.mix(0.5, clouds, bands), grain)
    height = s.math("ADD", s.math("MULTIPLY", grain, 0.35), s.noise(9, 9, roughness=0.7))
    s.principled(
        colour=s.vary(base, tone, 0.3), roughness=0.88, specular=0.25, normal=s.bump(height, 0.55, 0.016)
    )
    return s


def woven_linen(colour: str, *, threads: float = 150, gaps: float = 0.25) -> Shader:
    """Return linen: warp and weft, each thread of its own thickness and tone.

    threads: about half of how many there are to a metre. gaps: how dark it is between them.
    """
    s = Shader("linen")
    uneven = s.wander(0.006, 26, detail=4)
    warp = s.waves(threads / 6.3, axis="X", place=uneven)
    weft = s.waves(threads / 6.3, axis="Y", place=uneven)
    slubs_x = s.noise(7, 5, roughness=0.7, place=s.stretch((16, 1.2, 16)))
    slubs_y = s.noise(7, 5, roughness=0.7, place=s.stretch((1.2, 16, 16)))
    weave = s.math("MAXIMUM", warp, weft)
    tone = s.mix(0.5, slubs_x, slubs_y)
    # What lies between threads is dark: a denoiser that knows the colours keeps them apart.
    between = s.math("MULTIPLY", s.span(weave, 0.3, 0.9, 1.0, 0.0), gaps)
    s.principled(
        colour=s.mix(between, s.vary(colour, tone, 0.16), "#8d8377", blend="MULTIPLY"),
        roughness=0.92,
        specular=0.15,
        sheen=0.25,
        normal=s.bump(s.math("ADD", weave, s.math("MULTIPLY", tone, 0.8)), 0.35, 0.006),
    )
    return s


def satin(colour: str) -> Shader:
    """Return satin: long soft highlights across the threads."""
    s = Shader("satin")
    fine = s.noise(180, 2, place=s.stretch((1, 0.06, 1)))
    s.principled(
        colour=colour,
        roughness=0.34,
        specular=0.6,
        sheen=0.35,
        normal=s.bump(fine, 0.05, 0.003),
    )
    return s


def velvet_pile(colour: str) -> Shader:
    """Return velvet: dark seen along the pile, bright against it, brushed in patches."""
    s = Shader("velvet")
    brushed = s.noise(2.2, 5, distortion=1.2)
    s.principled(
        colour=s.vary(colour, brushed, 0.25),
        roughness=0.9,
        specular=0.1,
        sheen=1.0,
        normal=s.bump(s.noise(220, 3), 0.25, 0.004),
    )
    return s


def wall_paint(colour: str) -> Shader:
    """Return wall paint: matte, with the roller's faint texture."""
    s = Shader("paint")
    s.principled(
        colour=s.vary(colour, s.noise(1.2, 4), 0.025),
        roughness=0.85,
        specular=0.2,
        normal=s.bump(s.noise(110, 4), 0.1, 0.004),
    )
    return s
