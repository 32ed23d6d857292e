"""Interpretation: phrases become wishes, and sentences for the page. Later words win over earlier ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from editor.engines.scenes.plan import MOST_HUES, MOST_PROPS
from editor.engines.scenes.vocabulary import BACKDROPS, LIGHTS, SURFACES

from . import colours
from .account import GIVEN_UP, WIDER, Claim
from .chunking import concept_of, is_head
from .concepts import Concept, concepts
from .intent import Part, Wishes
from .kinship import (
    AMONG_FOOD,
    EDIBLE,
    GLOWING,
    KIN,
    LIGHTEST,
    LIGHTS_OF,
    PERVASIVE,
    PRODUCTS,
    REFINED,
    SUNNY,
    WINDOWED,
)
from .modifiers import METALS, Bound, Group, Hue
from .resolution import (
    ADJECTIVES,
    describe_group,
    is_plain,
    is_under_the_sky,
    is_wall_of_a_kind,
    kind_of,
    list_claims,
    list_denials,
    role_of,
    sheet_of,
)
from .themes import THEMES, lies_outdoors


@dataclass
class Note:
    """What a group of words was taken for. kind: as the page names it. claims: what it says is in the plan.

    near: the vocabulary only has something like it. other: the words name something else than what is shown.
    """

    start: int
    end: int
    kind: str
    taken: str
    sure: bool = True
    weak: bool = False
    claims: tuple[Claim, ...] = ()
    near: bool = False
    other: bool = False


@dataclass
class Reading:
    """Wishes in the making, with a note for each and the places of words that were not understood."""

    notes: list[Note] = field(default_factory=list)
    missed: list[tuple[int, int]] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    props: list[Part] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    accents: list[str] = field(default_factory=list)
    out: set[tuple[str, str]] = field(default_factory=set)
    unwanted: list[str] = field(default_factory=list)
    bare: bool = False
    beyond: str = ""
    hues: list[str] = field(default_factory=list)
    yielding: list[Concept] = field(default_factory=list)
    owners: dict[str, Note] = field(default_factory=dict)

    def wishes(self) -> Wishes:
        """Return what was said."""
        parts = dict(self.parts)
        if self.beyond and "backdrop" not in parts and ("backdrop", self.beyond) not in self.out:
            parts["backdrop"] = Part(self.beyond)
        settings = dict(self.settings)
        for concept in self.yielding:
            named = "light" in concept.says and (self.themes or self.hues or "warmth" in settings)
            for key, value in () if named else concept.says.items():
                settings.setdefault(key, value)
        settings.pop("yields", None)
        return Wishes(
            parts, tuple(self.props), settings, tuple(self.themes), tuple(self.colours),
            tuple(self.accents), frozenset(self.out), tuple(self.unwanted), self.bare,
            tuple(self.hues[:MOST_HUES]),
        )  # fmt: skip

    def take(self, bound: Bound, *, subject: bool = False) -> None:
        """Take in a phrase. subject: it opens the prompt and stands on something."""
        for group in sorted([*bound.groups, *bound.loose], key=lambda group: group.start):
            if group.concept is None:
                if group.unknown:
                    self.missed.append((group.start, group.end))
            elif bound.phrase.negated:
                self._without(group)
            elif subject and group.concept.id in PRODUCTS and group.count < 2 and len(bound.groups) == 1:
                continue
            elif group.concept.kind == "light-noun":
                self._light(group)
            elif group.concept.roles or group.concept.kind in ("generic", "material"):
                self._thing(group, bound.phrase.relation)
            else:
                self._setting(group)

    def _note(
        self,
        group: Group,
        kind: str,
        taken: str,
        *claims: Claim,
        slot: str = "",
        weak: bool = False,
        near: bool = False,
    ) -> None:
        if group.said:
            taken = f"{taken} (read as “{group.said}”)"
        note = Note(
            group.start, group.end, kind, taken, group.sure, weak, claims, near or group.near, group.near
        )
        if slot and (before := self.owners.get(slot)) is not None and before in self.notes:
            before.taken += GIVEN_UP
        if slot:
            self.owners[slot] = note
        self.notes.append(note)

    # things

    def _thing(self, group: Group, relation: str) -> None:
        if group.thing.id == "ice" and relation != "on" and self._is_served():
            # Ice beside oranges on a beach comes out of a bucket.
            group = replace(group, concept=concepts()["ice-cubes"])
        concept = group.thing
        role = role_of(concept, relation)
        if concept.kind == "material" and (not role or (concept.id in METALS and relation != "on")):
            self.accents.append(concept.finish)
            plain = f"{ADJECTIVES.get(concept.finish, concept.plain)} accents"
            self._note(group, "finish", plain, Claim("finish", concept.finish))
            return
        if concept.kind == "material" and relation == "before" and self._sheet(group):
            return
        if role == "prop":
            self._prop(group)
        elif role == "backdrop":
            self._backdrop(group)
        else:
            self._part(group, role)
        for tone in group.tones:
            alone = tone.says.get("alone")
            if alone and tone.id in PERVASIVE and not group.hues:
                self._apply(concepts()[alone].says)

    def _is_served(self) -> bool:
        """Whether what was said before is a table or a place where ice is in drinks, not on the ground."""
        ground = self.parts.get("surface")
        named = ground is not None and ground.name not in ("", "ice", "snow", "water")
        return named or any(prop.name in EDIBLE for prop in self.props) or lies_outdoors(self.themes)

    def _describe(self, group: Group, role: str) -> tuple[Part, str]:
        part, plain, accents = describe_group(group, role)
        self.accents.extend(accents)
        return part, plain

    def _prop(self, group: Group) -> None:
        concept = group.thing
        variants = [group]
        if concept.roles.get("prop") in GLOWING:
            self._send_out(group.hues)
        elif len(group.hues) > 1:
            variants = [_make_variant(group, [hue], group.materials) for hue in group.hues]
        elif group.hues and group.materials and group.shared:
            variants = [_make_variant(group, group.hues, []), _make_variant(group, [], group.materials)]
        for variant in variants:
            part, plain = self._describe(variant, "prop")
            if variant is group and len(group.hues) > 1 and concept.roles.get("prop") in GLOWING:
                # Of tubes every other one has the next colour.
                others = " and ".join(hue.plain for hue in group.hues[:MOST_HUES])
                plain = plain.replace(group.hues[0].plain, others, 1)
            if concept.near:
                plain += f" → {part.name.replace('-', ' ')}"
            if variant.count:
                plain += f" ×{part.count}"
            self.out.discard(("prop", part.name))
            full = len(self.props) >= MOST_PROPS
            if not full and part not in self.props:
                self.props.append(part)
            if full:
                plain += f", left out: a set takes {MOST_PROPS} kinds of props"
            claim = Claim("prop", part.name, part.colour, part.finish)
            self._note(variant, "prop", plain, claim, near=concept.near)

    def _part(self, group: Group, role: str) -> None:
        concept = group.thing
        part, plain = self._describe(group, role)
        before = self.parts.get(role)
        ground = before.name if before is not None else ""
        if part.name == "water" and ground not in ("", "water") and "backdrop" not in self.parts:
            # "On tiles, turquoise water": the water is what is behind them.
            behind = "pool" if "pool" in self.themes else "sea"
            self.parts["backdrop"] = Part(behind)
            self._note(group, "backdrop", f"{plain} → {behind}", Claim("backdrop", behind), near=True)
            return
        if not part.name and before is not None:
            part = Part(before.name, part.colour or before.colour, part.finish or before.finish)
        if concept.near and part.name:
            plain += f" → {part.name.replace('-', ' ')}"
        elif concept.kind == "material" and role == "surface":
            plain += " surface"
        if role == "surface" and before is not None and part.name != before.name:
            self.beyond = (SURFACES[before.name].beyond if before.name else "") or self.beyond
            if before.name == "leaves":
                # Autumn leaves and a blanket: the leaves lie on it.
                self.props.append(Part("leaves", before.colour))
                if (note := self.owners.get("surface")) is not None:
                    note.claims = (Claim("prop", "leaves"),)
        self.parts[role] = part
        self.out.discard((role, part.name))
        told = bool(group.hues or group.materials or concept.kind != "generic")
        slot = role if before is None or before.name != part.name else ""
        claim = Claim(role, part.name, part.colour, part.finish)
        slot = slot if part.name else ""
        self._note(group, role, plain, claim, slot=slot, weak=not told, near=concept.near)

    def _sheet(self, group: Group) -> bool:
        """Take in a background of a stuff that lies on the ground and runs up; False where it is none."""
        name, finish, colour = sheet_of(group)
        under = self.parts.get("surface")
        if not name or (under is not None and under.name not in ("", name)):
            return False
        self.parts["surface"], self.parts["backdrop"] = Part(name, colour, finish), Part("sweep")
        told = [*(hue.plain for hue in group.hues[:1]), *(stuff.plain for stuff in group.materials)]
        plain = " ".join([*told, group.thing.plain, *([] if group.materials else ["backdrop"])])
        self._note(group, "backdrop", plain, Claim("surface", name, colour, finish), slot="backdrop")
        return True

    def _backdrop(self, group: Group) -> None:
        concept = group.thing
        if concept.id in ("background", "wall") and self._sheet(group):
            return
        if concept.roles.get("backdrop") == "sky" and any(colours.is_blue(hue.value) for hue in group.hues):
            self.settings["blue_sky"] = "yes"
        part, plain = self._describe(group, "backdrop")
        if concept.id == "background" and not (part.name or part.colour or part.finish):
            return
        if concept.near and part.name:
            plain += f" → {part.name.replace('-', ' ')}"
        before = self.parts.get("backdrop")
        if part.name == "leaf-shadow-wall" and (
            BACKDROPS[before.name or "wall"].kind == "view"
            if before is not None
            else lies_outdoors(self.themes)
        ):
            # Out of doors leaves throw their shadows without a wall.
            self.settings["light"] = "leaf-shadows"
            self._note(group, "light", "leaf shadows", Claim("light", "leaf-shadows"), slot="light")
            return
        if part.name == "window" and self._look_out(group, before):
            return
        slot = "backdrop"
        claim = Claim("backdrop", part.name, "" if concept.id == "clouds" else part.colour, part.finish)
        if concept.id == "clouds":
            # White clouds do not make the sky white; before a pink background they float in pink.
            white = part.colour and min(int(part.colour[i : i + 2], 16) for i in (1, 3, 5)) > LIGHTEST
            painted = (
                before.colour if before is not None and (is_plain(before) or before.name == "sky") else ""
            )
            part, slot = Part(part.name, painted if white else part.colour or painted), ""
        elif before is not None:
            if is_plain(part) and is_wall_of_a_kind(before):
                part = Part(before.name, part.colour or before.colour, part.finish or before.finish)
                slot = ""
            elif is_plain(before) and (is_wall_of_a_kind(part) or is_plain(part)):
                part = Part(
                    part.name or before.name, part.colour or before.colour, part.finish or before.finish
                )
                slot = ""
                if (note := self.owners.get("backdrop")) is not None:
                    # The white wall of before is the one that leaves throw their shadows on.
                    note.claims = (Claim("backdrop", part.name, part.colour, part.finish),)
            elif part.name == "sky" and is_under_the_sky(before):
                part, slot = before, ""
            elif before.name == "sky" and is_under_the_sky(part):
                slot = ""
            elif part.name == "bokeh" and not is_plain(before):
                part, slot = before, ""
                self.settings["blur"] = "0.9"
            elif before.name == "bokeh" and not is_plain(part):
                slot = ""
                self.settings["blur"] = "0.9"
        self.parts["backdrop"] = part
        self.out.discard(("backdrop", part.name))
        if part.name in GLOWING:
            self._send_out(group.hues)
        if len(group.hues) > 1:
            if part.name not in GLOWING:
                self.colours.extend(hue.value for hue in group.hues[1:])
            plain = " and ".join(hue.plain for hue in group.hues) + f" {concept.plain}"
        told = bool(group.hues or group.materials or group.tones or concept.id not in ("background", "wall"))
        self._note(group, "backdrop", plain, claim, slot=slot, weak=not told, near=concept.near)

    def _look_out(self, group: Group, before: Part | None) -> bool:
        """Take in a window of a room that was named before, or in a wall; False where it is all there is."""
        room = next((THEMES[one].backdrops[0] for one in self.themes if THEMES[one].kind == "place"), "")
        if before is not None:
            room = before.name
        if room in WINDOWED:
            self.parts["backdrop"] = before or Part(room)
            self._note(group, "backdrop", group.thing.plain, Claim("backdrop", room), near=group.near)
            return True
        if before is not None and is_wall_of_a_kind(before):
            self.settings.setdefault("light", "window")
            self._note(group, "light", "window light", near=True)
            return True
        return False

    # light and the rest

    def _light(self, group: Group) -> None:
        """Take in "light" with what describes it; by itself it says nothing."""
        words = [tone.id for tone in group.tones]
        if group.hues and all(colours.is_grey(hue.value) for hue in group.hues):
            id_ = "softbox"
        elif len(group.hues) == 1 and group.hues[0].plain.split()[-1] in SUNNY:
            # Amber light is the evening's, not a lamp's.
            id_ = "golden-light"
            if float(self.settings.get("warmth", 0)) < 0:
                del self.settings["warmth"]
        elif group.hues:
            self._shine(group, "light")
            return
        elif any(material.id in METALS for material in group.materials):
            id_ = "golden-light"
        else:
            id_ = next((LIGHTS_OF[word] for word in words if word in LIGHTS_OF), "")
        if id_:
            self._setting(Group(concepts()[id_], group.start, group.end, group.sure, group.said))

    def _send_out(self, hues: list[Hue]) -> None:
        """Take colours for those of light, which are stronger than those of paint."""
        for hue in hues:
            value = colours.make_vivid(hue.value)
            if value not in self.hues and len(self.hues) < MOST_HUES:
                self.hues.append(value)

    def _shine(self, group: Group, plain: str) -> None:
        """Take in the colours of light: what they are of, lamps or tubes, sends them out."""
        self._send_out(group.hues)
        if "light" not in self.settings:
            # Lamps from both sides: the light has its colour wherever one looks.
            self.settings["light"] = "neon"
        claims = [Claim("hue", colours.make_vivid(hue.value)) for hue in group.hues]
        self._note(group, "light", " and ".join(hue.plain for hue in group.hues) + f" {plain}", *claims)

    def _setting(self, group: Group) -> None:
        concept = group.thing
        eaten = AMONG_FOOD.get(concept.plain.replace(" ", "-"))
        if eaten and any(prop.name in EDIBLE for prop in self.props):
            food = concepts()[eaten]
            self._prop(Group(food, group.start, group.end, group.sure, group.said))
        elif concept.kind == "colour":
            if concept.colour not in self.colours:
                self.colours.append(concept.colour)
            self._note(group, "colour", concept.plain, Claim("colour", concept.colour))
        elif concept.kind == "tone":
            if alone := concept.says.get("alone"):
                self._setting(Group(concepts()[alone], group.start, group.end, group.sure, group.said))
        elif concept.kind == "absent":
            if concept.id in ("nobody", "no-text", "no-floating"):
                self.missed.append((group.start, group.end))
        elif concept.kind == "air" and group.hues:
            self._apply({**concept.says, "air_colour": colours.make_vivid(group.hues[0].value)})
            claim = Claim("air", concept.says["air"])
            self._note(group, "air", f"{group.hues[0].plain} {concept.plain}", claim, slot="air")
        elif concept.kind == "light" and any(not colours.is_grey(hue.value) for hue in group.hues):
            if "light" in concept.says:
                self.settings["light"] = concept.says["light"]
            self._shine(group, concept.plain)
            self.owners["light"] = self.notes[-1]
        elif "yields" in concept.says:
            self.yielding.append(concept)
            self._note(group, concept.kind, concept.plain, *list_claims(concept))
        elif concept.says:
            slot = next(iter(concept.says))
            if self.settings.get("light") in WIDER.get(concept.says.get("light", ""), ()):
                self._note(group, concept.kind, concept.plain, *list_claims(concept))
                return
            if concept.kind == "time" and "light" in self.owners and self.owners["light"].kind == "light":
                self._note(group, "time", concept.plain, *list_claims(concept))
                return
            if slot == "light" and concept.kind == "light" and "light" in self.owners:
                if concept.id == "softbox":
                    self._note(group, concept.kind, concept.plain, *list_claims(concept))
                    return
                slot = "" if self.owners["light"].kind == "time" else slot
            changed = any(self.settings.get(key, value) != value for key, value in concept.says.items())
            self._apply(concept.says)
            slot = slot if changed or slot not in self.owners else ""
            self._note(group, concept.kind, concept.plain, *list_claims(concept), slot=slot)
            if concept.kind == "light" and "light" in concept.says:
                self.owners["light"] = self.notes[-1]
        else:
            if concept.id in self.themes:
                if group.near:
                    self._note(group, concept.kind, concept.plain, Claim("theme", concept.id), near=True)
                return
            wider = REFINED.get(concept.id)
            self.themes.insert(
                self.themes.index(wider) if wider in self.themes else len(self.themes), concept.id
            )
            self.out.discard(("theme", concept.id))
            near = THEMES[concept.id].near
            self._note(group, concept.kind, concept.plain, Claim("theme", concept.id), near=near)

    def _apply(self, says: object) -> None:
        self.settings.update(says)  # type: ignore[call-overload]

    # what is not to be there

    def _without(self, group: Group) -> None:
        concept = group.thing
        if concept.kind == "absent":
            if concept.id == "shadows":
                self.out.update(("light", name) for name, row in LIGHTS.items() if row.is_hard)
            elif concept.id == "no-clutter":
                self.bare = True
            return
        if concept.kind in ("light-noun", "tone", "blur"):
            return
        if concept.kind == "colour":
            self.unwanted.append(concept.colour)
            self.colours = [
                colour for colour in self.colours if colours.measure_distance(colour, concept.colour) > 0.25
            ]
        elif concept.kind == "generic":
            return
        elif concept.roles or concept.finish:
            self._take_out(concept)
        elif concept.says:
            key, value = next(iter(concept.says.items()))
            self.out.add((key, value))
            if self.settings.get(key) == value:
                del self.settings[key]
        else:
            self.out.add(("theme", concept.id))
            self.themes = [id_ for id_ in self.themes if id_ != concept.id]
        colour = " ".join(hue.plain for hue in group.hues)
        plain = f"without {colour} {concept.plain}".replace("  ", " ")
        self._note(group, kind_of(concept), plain, *list_denials(concept))

    def _take_out(self, concept: Concept) -> None:
        for role, name in concept.roles.items():
            if concept.kind == "material" and name in ("wall", "curtain", "sweep"):
                continue
            self.out.add((role, name))
            part = self.parts.get(role)
            if part is not None and part.name == name:
                del self.parts[role]
        name = concept.roles.get("prop", "")
        for kin in KIN.get(concept.id, ()):
            self.out.add(("prop", kin))
        if name:
            self.props = [prop for prop in self.props if prop.name != name]
        if concept.finish:
            self.out.add(("finish", concept.finish))
            self.accents = [finish for finish in self.accents if finish != concept.finish]


def _make_variant(group: Group, hues: list[Hue], materials: list[Concept]) -> Group:
    return Group(
        group.concept,
        group.start,
        group.end,
        group.sure,
        group.said,
        hues,
        group.tones,
        materials,
        group.count,
        near=group.near,
    )


def is_subject(bound: Bound) -> bool:
    """Whether a phrase that opens a prompt names what stands on the set: "a mug on a table"."""
    return (
        bound.phrase.closed_by == "@on"
        and not bound.phrase.relation
        and any(is_head(item) for item in bound.phrase.items if concept_of(item) is not None)
    )
