"""The options of a scene: what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from editor.engines.errors import InvalidOptions
from editor.engines.options import Options, check_choice, check_flag, check_number, check_whole

from . import framing
from .plan import COLOUR, SetPlan
from .templates import catalogue
from .true_size import LARGEST, SMALLEST, fit_to_size
from .vocabulary import POSES

FORMATS = ("png", "jpg", "webp")
SIZES = (96, 2048)
TAKES = (1, 2)
PROVENANCES = ("none", "source")
LONGEST = 1024
MAX_SEED = 2**31 - 1
MEMORY_MB = 2500


@dataclass(frozen=True)
class SceneOptions(Options):
    """What to build around a product. Raises InvalidOptions on creation, naming the option.

    Exactly one of scene: a number of the catalogue; plan: a SetPlan as a dict, as words make it;
    backdrop_path: a photo to stand in, its ground at `floor` (share of its height). Never take
    backdrop_path from a stranger's form.
    seed, takes: which variation, and how many (1 or 2). size: the longer side in pixels. aspect: one of
    framing.ASPECTS. place: framing.Place. copy_space: where to leave room. match: tint the product gently to
    what is around it. relight: 0 to 1, how much of the set's light falls on the product; at 0 its pixels stay
    exactly what they are. size_cm: its longer side in centimetres, for the size of all else. accent, surface,
    backdrop: #rrggbb instead of the scene's own.
    negative_prompt: words for what is taken out of a scene of the catalogue; a plan is without it already.
    reflection: 0 to 1, on backdrop_path. pose: one of vocabulary.POSES. seconds: in which all must be done,
    for which samples and size give way; None for as long as it takes. made: takes that are there already.
    provenance: what the takes say of their origin: "none", or what the "source" says, its kind that of a
    composite. photo_path: the photo that was cut out, for that, where the source is not it.
    """

    scene: int | None = None
    plan: Mapping[str, Any] | None = None
    backdrop_path: str | None = None
    floor: float = 0.8
    reflection: float = 0.0
    seed: int = 0
    takes: int = 1
    size: int = 1024
    aspect: str = ""
    place: tuple[float, float, float] | None = None
    copy_space: str = ""
    match: bool = False
    relight: float = 0.0
    size_cm: float | None = None
    accent: str = ""
    surface: str = ""
    backdrop: str = ""
    negative_prompt: str = ""
    pose: str = ""
    format: str = "jpg"
    memory_mb: int = MEMORY_MB
    seconds: float | None = None
    made: tuple[int, ...] = ()
    provenance: str = "none"
    photo_path: str | None = None

    def __post_init__(self) -> None:
        chosen = [name for name in ("scene", "plan", "backdrop_path") if getattr(self, name) is not None]
        if len(chosen) != 1:
            raise InvalidOptions("Choose a scene by its number, describe one, or bring a photo: one of them.")
        if self.scene is not None:
            check_whole("scene", self.scene, 0, MAX_SEED)
            catalogue.template(self.scene)
        if self.plan is not None:
            SetPlan.from_dict(self.plan)
        check_whole("seed", self.seed, 0, MAX_SEED)
        check_whole("takes", self.takes, *TAKES)
        check_whole("size", self.size, *SIZES)
        check_whole("memory_mb", self.memory_mb, 64, 2**20)
        for name, most in (("floor", 1.0), ("reflection", 1.0), ("relight", 1.0)):
            check_number(name, getattr(self, name), 0.0, most)
        if self.size_cm is not None:
            check_number("size_cm", self.size_cm, SMALLEST, LARGEST)
        if self.seconds is not None:
            check_number("seconds", self.seconds, -1e9, 1e9)
        object.__setattr__(self, "made", tuple(self.made))
        check_choice("aspect", self.aspect, framing.ASPECTS)
        check_choice("copy_space", self.copy_space, framing.COPY_SPACES)
        check_choice("format", self.format, FORMATS)
        check_choice("pose", self.pose, POSES)
        check_flag("match", self.match)
        check_choice("provenance", self.provenance, PROVENANCES, quoted=True)
        for name in ("accent", "surface", "backdrop"):
            if (value := getattr(self, name)) and not (isinstance(value, str) and COLOUR.match(value)):
                raise InvalidOptions(f"{name} must be a colour written as #rrggbb, in small letters.")
        if not isinstance(self.negative_prompt, str) or len(self.negative_prompt) > LONGEST:
            raise InvalidOptions(f"negative_prompt is a text of at most {LONGEST} characters.")
        if self.place is not None:
            object.__setattr__(self, "place", _read_place(self.place))

    def plan_of(self, take: int) -> SetPlan:
        """Return what to build for a take (1, 2), its colours and pose as asked for."""
        if self.scene is not None:
            plan = catalogue.template(self.scene).take(self.seed, take)
            if self.negative_prompt:
                from .prompt import understand_refusals  # its lexicons take a moment to load

                plan = understand_refusals(self.negative_prompt).apply_to(plan)
        else:
            plan = SetPlan.from_dict(self.plan or {})
        if self.surface:
            plan = replace(plan, surface=replace(plan.surface, colour=self.surface))
        if self.backdrop:
            plan = replace(plan, backdrop=replace(plan.backdrop, colour=self.backdrop))
        if self.accent:
            props = tuple(replace(prop, colour=self.accent) for prop in plan.props)
            stand = plan.stand and replace(plan.stand, colour=self.accent)
            plan = replace(plan, props=props, stand=stand if not props else plan.stand)
        if self.size_cm is not None:
            plan = fit_to_size(plan, self.size_cm)
        return replace(plan, pose=self.pose) if self.pose else plan


def _read_place(value: Any) -> tuple[float, float, float]:
    try:
        x, y, scale = (float(part) for part in value)
    except (TypeError, ValueError) as exc:
        raise InvalidOptions("place is three numbers: x, y and scale.") from exc
    return framing.check_place((x, y, scale))
