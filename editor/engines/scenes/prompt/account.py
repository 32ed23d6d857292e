"""The account of a set: of what was said, what it shows as said, what only nearly, and what not at all.

It is drawn up from the very plan that is rendered: words that another word has pushed out, or that a set
cannot have at the same time, are not shown, whatever they were taken for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import BACKDROPS, LIGHTS, PROPS, SURFACES

from .colours import make_vivid, measure_distance
from .themes import THEMES, Theme

ALIKE = 0.12
"""How far two colours may be from each other (1.7 is black from white) and still be the one that was said."""

LEAST_WARMTH = 0.2
LEAST_BLUR, NEAR_BLUR = 0.8, 0.12
GIVEN_UP = ", given up for later words"
WIDER = {
    "sun": ("blinds", "leaf-shadows", "noon", "golden", "sunset", "morning"),
    "window": ("morning", "blinds"),
    "golden": ("sunset",),
}
"""Lights that others are a kind of: sun through blinds is sunlight."""

PIECES = ("surface", "backdrop", "stand", "prop")


class Verdict(IntEnum):
    """How far a picture shows what was said."""

    MISSING = 0
    NEAR = 1
    SHOWN = 2


@dataclass(frozen=True)
class Claim:
    """What a word says is in the plan. what: a role, a field of the plan, theme, colour, finish or hue.

    denied: it is not to be there.
    """

    what: str
    value: str = ""
    colour: str = ""
    finish: str = ""
    denied: bool = False


@dataclass(frozen=True)
class Account:
    """What a set shows of a prompt, in plain words: as said, nearly (with what stands there), not."""

    shown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, list[str]]:
        """Return it as JSON can hold it."""
        return {"shown": [*self.shown], "near": [*self.near], "not_shown": [*self.missing]}

    def lines(self) -> list[str]:
        """Return it as lines for a terminal."""
        lists = {"shown": self.shown, "shown nearly": self.near, "not shown": self.missing}
        return [f"{name}: {', '.join(words)}" for name, words in lists.items() if words]


def judge(claims: Iterable[Claim], plan: SetPlan, *, near: bool, pose: str = "") -> Verdict:
    """Return how far a plan shows what words claim. near: the vocabulary has only something like it."""
    found = min((judge_claim(claim, plan, pose) for claim in claims), default=Verdict.SHOWN)
    return min(found, Verdict.NEAR) if near else found


def judge_claim(claim: Claim, plan: SetPlan, pose: str = "") -> Verdict:
    """Return how far a plan shows one claim. pose: how the product will be, where that is known."""
    if claim.denied:
        return _judge_denial(claim, plan, pose)
    if claim.what in PIECES:
        return _judge_piece(claim, plan, pose)
    if claim.what == "theme":
        return _judge_theme(THEMES[claim.value], plan, pose)
    if claim.what in ("colour", "finish", "hue"):
        return _judge_look(claim, plan, pose)
    return _judge_field(claim.what, claim.value, plan)


def list_pieces(plan: SetPlan, pose: str = "") -> dict[str, tuple[Piece, ...]]:
    """Return the pieces that are built, by role: what lies has nothing behind it, what hangs no ground."""
    pose = pose or plan.pose or ("lie" if plan.camera == "top" else "")
    lies, hangs = pose == "lie", pose == "hang"
    return {
        "surface": () if hangs and BACKDROPS[plan.backdrop.name].has_peg else (plan.surface,),
        "backdrop": () if lies else (plan.backdrop,),
        "stand": () if lies or hangs or plan.stand is None else (plan.stand,),
        "prop": tuple(prop for prop in plan.props if not hangs or PROPS[prop.name].airborne),
    }


def _judge_piece(claim: Claim, plan: SetPlan, pose: str) -> Verdict:
    pieces = list_pieces(plan, pose)
    there = [piece for piece in pieces[claim.what] if claim.value in ("", piece.name)]
    if not there:
        return _judge_elsewhere(claim, pieces, plan)
    if claim.colour and not any(_has_colour(piece, claim.colour, plan) for piece in there):
        return Verdict.NEAR
    return (
        Verdict.NEAR
        if claim.finish and not any(piece.finish == claim.finish for piece in there)
        else (Verdict.SHOWN)
    )


def _judge_elsewhere(claim: Claim, pieces: dict[str, tuple[Piece, ...]], plan: SetPlan) -> Verdict:
    """Judge a piece that is not in its role: snow lies beyond the boards on it, and a view has its sky."""
    behind = [piece.name for piece in pieces["backdrop"]]
    if claim.what == "surface" and SURFACES[claim.value].beyond in behind:
        return Verdict.SHOWN
    if (
        claim.what == "backdrop"
        and claim.value == "sky"
        and any(BACKDROPS[one].under_the_sky for one in behind)
    ):
        return Verdict.SHOWN
    if claim.what == "backdrop" and claim.value in ("", "wall", "sweep") and claim.colour and not behind:
        # Of what is seen straight from above the ground is the background.
        return Verdict.SHOWN if _has_colour(pieces["surface"][0], claim.colour, plan) else Verdict.MISSING
    if claim.what == "backdrop" and claim.value == "gradient" and behind == ["wall"]:
        return Verdict.NEAR
    if claim.what == "backdrop" and claim.value == "bokeh" and plan.blur >= LEAST_BLUR:
        return Verdict.NEAR
    if any(claim.value == piece.name for others in pieces.values() for piece in others):
        return Verdict.NEAR
    return Verdict.MISSING


def _has_colour(piece: Piece, colour: str, plan: SetPlan) -> bool:
    return (bool(piece.colour) and measure_distance(piece.colour, colour) < ALIKE) or _shines(colour, plan)


def _shines(colour: str, plan: SetPlan) -> bool:
    return any(measure_distance(hue, make_vivid(colour)) < ALIKE for hue in plan.hues)


def _judge_theme(theme: Theme, plan: SetPlan, pose: str) -> Verdict:
    pieces = list_pieces(plan, pose)
    names = {role: {piece.name for piece in found} for role, found in pieces.items()}
    ground = bool(names["surface"] & set(theme.surfaces))
    behind = bool(names["backdrop"] & set(theme.backdrops))
    if theme.kind == "place":
        if theme.near:
            return Verdict.NEAR if ground or behind else Verdict.MISSING
        return Verdict.SHOWN if behind else Verdict.NEAR if ground else Verdict.MISSING
    around = bool(names["prop"] & set(theme.props)) or (theme.sparse and not names["prop"])
    lit = plan.light in theme.lights
    agree = sum((ground, behind, around, lit, plan.palette in theme.palettes, bool(plan.air in theme.airs)))
    return Verdict.SHOWN if agree >= 2 else Verdict.NEAR if agree else Verdict.MISSING


def _judge_look(claim: Claim, plan: SetPlan, pose: str) -> Verdict:
    pieces = [piece for found in list_pieces(plan, pose).values() for piece in found]
    if claim.what == "finish":
        return Verdict.SHOWN if any(piece.finish == claim.value for piece in pieces) else Verdict.MISSING
    if claim.what == "hue":
        return Verdict.SHOWN if _shines(claim.value, plan) or claim.value in plan.hues else Verdict.MISSING
    return (
        Verdict.SHOWN if any(_has_colour(piece, claim.value, plan) for piece in pieces) else Verdict.MISSING
    )


def _judge_field(name: str, value: str, plan: SetPlan) -> Verdict:
    if name == "warmth":
        return (
            Verdict.SHOWN
            if plan.warmth * float(value) > LEAST_WARMTH * abs(float(value))
            else Verdict.MISSING
        )
    if name == "blur":
        return Verdict.SHOWN if abs(plan.blur - float(value)) < NEAR_BLUR else Verdict.MISSING
    if name in ("copy_space", "aspect"):
        # The picture's frame has it, not its set; what asks for the one may ask for the other.
        return Verdict.SHOWN
    if getattr(plan, name) == value or (name == "light" and plan.light in WIDER.get(value, ())):
        return Verdict.SHOWN
    soft = name == "light" and value == "softbox" and not LIGHTS[plan.light].is_hard
    return Verdict.SHOWN if soft else Verdict.MISSING


def _judge_denial(claim: Claim, plan: SetPlan, pose: str) -> Verdict:
    pieces = list_pieces(plan, pose)
    if claim.what in PIECES:
        there = any(piece.name == claim.value for piece in pieces[claim.what])
    elif claim.what == "colour":
        there = any(
            piece.colour and measure_distance(piece.colour, claim.value) < ALIKE
            for found in pieces.values()
            for piece in found
        )
    elif claim.what == "finish":
        there = any(piece.finish == claim.value for found in pieces.values() for piece in found)
    elif claim.what == "theme":
        there = False
    else:
        there = getattr(plan, claim.what, "") == claim.value
    return Verdict.MISSING if there else Verdict.SHOWN


def describe_stand_in(claims: Sequence[Claim], plan: SetPlan, pose: str = "") -> str:
    """Return what stands in a picture where only something like the claim is: "counter before kitchen"."""
    if any(claim.what == "theme" for claim in claims):
        pieces = list_pieces(plan, pose)
        names = [piece.name.replace("-", " ") for role in ("surface", "backdrop") for piece in pieces[role]]
        return " before ".join(names)
    named = [claim for claim in claims if claim.what in PIECES]
    there = list_pieces(plan, pose)
    for claim in named:
        for piece in there[claim.what]:
            if piece.name == claim.value:
                return piece.name.replace("-", " ")
    return ""
