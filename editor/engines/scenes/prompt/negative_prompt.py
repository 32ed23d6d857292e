"""Negative prompts: what is taken out of a set that is there already, such as a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from editor.engines.errors import InvalidOptions
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import LIGHTS

from .chunking import split_phrases
from .defaults import PAINTABLE_SURFACES, PLAIN_BACKDROPS
from .interpretation import Reading
from .language.tagging import tag
from .modifiers import bind
from .understanding import LONGEST_PROMPT, Meaning, meanings_of

SOFTEST = ("softbox", "overcast", "window")
"""Lights without a pattern of their own, for where a set's own light is not wanted."""


@dataclass(frozen=True)
class Refusals:
    """What a negative prompt names: its meanings in the order of the text, and the words that say nothing.

    out: (role, name) of what is not to be there, as Wishes has it. bare: no props at all.
    """

    meanings: tuple[Meaning, ...]
    missed: tuple[str, ...]
    out: frozenset[tuple[str, str]]
    bare: bool

    def apply_to(self, plan: SetPlan) -> SetPlan:
        """Return the set without what is refused: left out, or plain where a set cannot be without one."""
        out = {role: {name for kind, name in self.out if kind == role} for role, _ in self.out}
        props = () if self.bare else tuple(one for one in plan.props if one.name not in out.get("prop", ()))
        plan = replace(plan, props=props)
        if plan.stand is not None and plan.stand.name in out.get("stand", ()):
            plan = replace(plan, stand=None)
        if plan.air in out.get("air", ()):
            plan = replace(plan, air="")
        if plan.surface.name in out.get("surface", ()):
            plan = replace(plan, surface=_plain(plan.surface, PAINTABLE_SURFACES, out["surface"]))
        if plan.backdrop.name in out.get("backdrop", ()):
            plan = replace(plan, backdrop=_plain(plan.backdrop, PLAIN_BACKDROPS, out["backdrop"]))
        if plan.light in out.get("light", ()) and not LIGHTS[plan.light].for_the_dark:
            plan = replace(plan, light=_first(SOFTEST, out["light"]) or plan.light)
        return plan

    def list_refused(self, plan: SetPlan) -> list[str]:
        """Return what of a set is refused, in plain words."""
        left = self.apply_to(plan)
        kept = {one.name for one in left.props}
        gone = [one.name for one in plan.props if one.name not in kept]
        for before, after in (
            (plan.stand, left.stand),
            (plan.surface, left.surface),
            (plan.backdrop, left.backdrop),
        ):
            if before is not None and before != after:
                gone.append(before.name)
        gone += [
            before for before, after in ((plan.air, left.air), (plan.light, left.light)) if before != after
        ]
        return [name.replace("-", " ") for name in dict.fromkeys(gone)]


def understand_refusals(negative: str) -> Refusals:
    """Return what a negative prompt of up to 1024 characters names, in any of fifteen languages.

    Words that say nothing are in missed, and nothing is raised for them. Raises InvalidOptions if it is
    too long.
    """
    if len(negative) > LONGEST_PROMPT:
        raise InvalidOptions(f"A prompt has at most {LONGEST_PROMPT} characters. Shorten it.")
    reading = Reading()
    for phrase in split_phrases(tag(negative), negated=True):
        reading.take(bind(phrase))
    wishes = reading.wishes()
    missed = dict.fromkeys(negative[start:end] for start, end in sorted(reading.missed))
    meanings = meanings_of(negative, reading.notes, negative=True)
    return Refusals(tuple(meanings), tuple(missed), wishes.out, wishes.bare)


def _plain(piece: Piece, names: Iterable[str], out: set[str]) -> Piece:
    name = _first(names, out)
    return Piece(name, piece.colour) if name else piece


def _first(names: Iterable[str], out: set[str]) -> str:
    return next((name for name in names if name not in out), "")
