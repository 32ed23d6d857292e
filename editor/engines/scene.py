"""Backgrounds: the product stands in a set that is built and rendered for it."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from . import contract, pictures
from .errors import InvalidOptions, NothingFound
from .sets import backplate, catalogue, composite, framing, process, standing
from .sets.plan import COLOUR, SetPlan

ASPECTS = ("", "1:1", "4:5", "9:16", "16:9")
SIZES = (96, 2048)
TAKES = (1, 2)
MAX_SEED = 2**31 - 1
MEMORY_MB = 2500
NICE = 5
SAMPLES = 8
MOST_ENLARGED = 2.0
"""A small cutout is enlarged at most so much; the picture is made smaller instead."""

EARLY_QUALITY = 82


@dataclass(frozen=True)
class SceneOptions:
    """What to build around a product. Raises InvalidOptions on creation, naming the option.

    Exactly one of scene: a number of the catalogue; plan: a SetPlan as a dict, as words make it;
    backdrop_path: a photo to stand in, its ground at `floor` (share of its height). Never take
    backdrop_path from a stranger's form.
    seed, takes: which variation, and how many (1 or 2). size: the longer side in pixels. aspect: one of
    ASPECTS, "" as the source's. place: framing.Place. copy_space: where to leave room. match: tint the
    product gently to the set's light. accent, surface, backdrop: #rrggbb instead of the scene's own.
    reflection: 0 to 1, on backdrop_path. pose: one of vocabulary.POSES.
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
    accent: str = ""
    surface: str = ""
    backdrop: str = ""
    pose: str = ""
    format: str = "jpg"
    memory_mb: int = MEMORY_MB

    def __post_init__(self) -> None:
        chosen = [name for name in ("scene", "plan", "backdrop_path") if getattr(self, name) is not None]
        if len(chosen) != 1:
            raise InvalidOptions("Choose a scene by its number, describe one, or bring a photo: one of them.")
        if self.scene is not None:
            _whole("scene", self.scene, 0, MAX_SEED)
            catalogue.template(self.scene)
        if self.plan is not None:
            SetPlan.from_dict(self.plan)
        _whole("seed", self.seed, 0, MAX_SEED)
        _whole("takes", self.takes, *TAKES)
        _whole("size", self.size, *SIZES)
        _whole("memory_mb", self.memory_mb, 64, 2**20)
        for name, most in (("floor", 1.0), ("reflection", 1.0)):
            _number(name, getattr(self, name), 0.0, most)
        for name, values in (
            ("aspect", ASPECTS),
            ("copy_space", framing.COPY_SPACES),
            ("format", tuple(pictures.FORMATS)),
            ("pose", ("", "stand", "lie", "hang")),
        ):
            if getattr(self, name) not in values:
                raise InvalidOptions(
                    f"{name} must be one of {', '.join(value or '(empty)' for value in values)}."
                )
        if not isinstance(self.match, bool):
            raise InvalidOptions("match must be true or false.")
        for name in ("accent", "surface", "backdrop"):
            if (value := getattr(self, name)) and not (isinstance(value, str) and COLOUR.match(value)):
                raise InvalidOptions(f"{name} must be a colour written as #rrggbb, in small letters.")
        if self.place is not None:
            object.__setattr__(self, "place", _place(self.place))

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> SceneOptions:
        """Return the options in a JSON object; absent ones at their defaults. Raises InvalidOptions."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(options) - known):
            raise InvalidOptions(f"There is no option {', '.join(unknown)}.")
        return cls(**options)

    def plan_of(self, take: int) -> SetPlan:
        """Return what to build for a take (1, 2), its colours and pose as asked for."""
        if self.scene is not None:
            plan = catalogue.template(self.scene).take(self.seed, take)
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
        return replace(plan, pose=self.pose) if self.pose else plan


@dataclass(frozen=True)
class Product:
    """A cutout cropped to what is visible, and how it meets the ground."""

    rgb: contract.Image
    alpha: contract.Alpha
    foot: standing.Foot
    source: tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        return int(self.alpha.shape[1]), int(self.alpha.shape[0])

    @classmethod
    def of(cls, picture: pictures.Picture) -> Product:
        """Return the product of a cutout; of a photo without alpha it is cut out first.

        Raises NothingFound where no subject stands out, UnsuitableContent where all is transparent.
        """
        rgb, alpha = picture.rgb, picture.alpha
        if alpha is None:
            from . import foreground, matte

            alpha = matte.estimate(picture)
            if alpha is None:
                raise NothingFound
            rgb = foreground.purified(rgb, alpha)
        rgb, alpha = standing.cropped(rgb, alpha)
        return cls(rgb, alpha, standing.foot(alpha), (picture.width, picture.height))


Plates = Iterator[tuple[int, contract.Image]]


def scenes(
    product: Product,
    options: SceneOptions,
    folder: Path,
    report: contract.Report = contract.unheard,
    *,
    early: Path | None = None,
) -> list[contract.Image]:
    """Return the takes, each uint8 RGB (H, W, 3). folder holds what passes to and from Blender.

    early: where to write early-1.webp, early-2.webp as soon as they can be seen.
    Raises errors.NotEnoughResources; what report raises stops the work and leaves nothing running.
    """
    if options.backdrop_path:
        return [backplate.stood(product, options, folder, report)]
    takes = [_take(product, options, number, folder) for number in range(1, options.takes + 1)]
    frames = [framing.Frame(**take["frame"]) for take in takes]

    def news(said: dict[str, Any]) -> None:
        if early is not None and (number := said.get("early")):
            _show_early(
                product, frames[number - 1], Path(takes[number - 1]["early"]), early, number, options.match
            )

    process.render(job(product, takes, folder, options), news, report)
    made = []
    for frame, take in zip(frames, takes, strict=True):
        plate = np.asarray(PillowImage.open(take["plate"]).convert("RGB"))
        made.append(over(plate, product, frame, match=options.match))
    return made


def job(product: Product, takes: list[dict[str, Any]], folder: Path, options: SceneOptions) -> dict[str, Any]:
    """Return the job for Blender, and write the files that it names."""
    picture, shape = folder / "product.png", folder / "product.npz"
    longer = max(product.size)
    # Blender sees it small and soft, in shadows and mirrors.
    shrunk = min(1.0, 640 / longer)
    size = max(1, round(product.size[0] * shrunk)), max(1, round(product.size[1] * shrunk))
    composite.sized(product.rgb, product.alpha, *size).save(picture, compress_level=1)
    standing_up = takes[0]["frame"]["pose"] == "stand"
    depth = standing.body(product.alpha, standing=standing_up)
    np.savez(shape, depth=depth, lift=product.foot.lift)
    width = max(product.foot.width, 0.06)
    middle = (product.foot.left + product.foot.right) / 2 if standing_up else 0.0
    foot = [width, min(width, 2 * float(depth.max())), middle]
    return {
        "takes": takes,
        "product": {"picture": str(picture), "shape": str(shape), "foot": foot},
        "folder": str(folder),
        "samples": SAMPLES,
        "memory_mb": options.memory_mb,
        "nice": NICE,
    }


def _take(product: Product, options: SceneOptions, number: int, folder: Path) -> dict[str, Any]:
    plan = options.plan_of(number)
    pose = plan.pose or ("lie" if plan.camera == "top" else standing.pose(product.alpha, product.foot))
    if pose == "hang" and not plan.pose:
        pose = "stand"
    frame = framed(product, options, plan, pose)
    return {
        "plan": replace(plan, pose=pose).to_dict(),
        "frame": asdict(frame),
        "seed": options.seed * len(TAKES) + number - 1,
        "early": str(folder / f"early-plate-{number}.png"),
        "plate": str(folder / f"plate-{number}.png"),
    }


def framed(product: Product, options: SceneOptions, plan: SetPlan, pose: str) -> framing.Frame:
    """Return how the product is seen; the picture is smaller where it would be enlarged too much."""
    size = options.size
    while True:
        frame = framing.framed(
            product.size,
            framing.picture_size(options.aspect, size, product.source),
            camera=plan.camera,
            pose=pose,
            stand=plan.stand.name if plan.stand else "",
            copy_space=options.copy_space,
            place=options.place,
        )
        enlarged = frame.unit / max(product.size)
        if enlarged <= MOST_ENLARGED + 0.01 or size <= SIZES[0]:
            return frame
        size = max(SIZES[0], int(size * MOST_ENLARGED / enlarged))


def over(
    plate: contract.Image, product: Product, frame: framing.Frame, *, match: bool = False
) -> contract.Image:
    """Return the plate, of any size, with the product over it where the frame has it."""
    scale = plate.shape[1] / frame.width
    left, top, right, bottom = frame.box
    if scale != 1:
        left, top, right, bottom = (round(edge * scale) for edge in (left, top, right, bottom))
    laid = composite.sized(product.rgb, product.alpha, max(1, right - left), max(1, bottom - top))
    return composite.laid(plate, laid, (left, top, right, bottom), match=match)


def _show_early(
    product: Product, frame: framing.Frame, plate: Path, folder: Path, number: int, match: bool
) -> None:
    """Write a preview where the page looks for it, whole or not at all."""
    small = np.asarray(PillowImage.open(plate).convert("RGB"))
    picture = PillowImage.fromarray(over(small, product, frame, match=match))
    path = folder / f"early-{number}.webp"
    unfinished = path.with_suffix(".part")
    pictures.save(picture, unfinished, format="webp", quality=EARLY_QUALITY)
    unfinished.replace(path)


def run_scene(
    source: str, folder: Path, options: dict[str, Any], report: contract.Report
) -> list[contract.Output]:
    """Build the scene for the picture file `source`; write the takes and thumbnails into `folder`.

    options: as SceneOptions. Raises EngineError, see errors.py.
    """
    from . import jobs

    chosen = SceneOptions.from_dict(options)
    product = Product.of(pictures.read(source))
    report(0.02)
    with tempfile.TemporaryDirectory(prefix="set-", dir=folder) as scratch:
        made = scenes(product, chosen, Path(scratch), lambda share: report(0.02 + 0.96 * share), early=folder)
    outputs = []
    for number, rgb in enumerate(made, 1):
        image = PillowImage.fromarray(rgb)
        ending = "" if number == 1 else f"-{number}"
        path, small = folder / f"image{ending}.{chosen.format}", folder / f"image{ending}-thumbnail.webp"
        size = pictures.save(image, path, format=chosen.format)
        outputs.append(
            contract.Output("image", str(path), image.width, image.height, chosen.format, size, number=number)
        )
        shown = pictures.shrunk(image, jobs.THUMBNAIL_SIDE)
        size = pictures.save(shown, small, format="webp", quality=jobs.THUMBNAIL_QUALITY)
        outputs.append(
            contract.Output("thumbnail", str(small), shown.width, shown.height, "webp", size, number=number)
        )
    return outputs


def run_command(asked: argparse.Namespace, format: str) -> int:
    """Make scenes as the command line asks; with two takes the second is OUT-2."""
    options = SceneOptions.from_dict(_asked_options(asked, format))
    product = Product.of(pictures.read(asked.input))
    with tempfile.TemporaryDirectory(prefix="set-") as scratch, _progress() as report:
        made = scenes(product, options, Path(scratch), report)
    target = Path(asked.output)
    for number, rgb in enumerate(made, 1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        pictures.save(PillowImage.fromarray(rgb), path, format=format)
    return 0


def _asked_options(asked: argparse.Namespace, format: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "seed": asked.seed,
        "takes": asked.takes,
        "size": asked.size,
        "aspect": asked.aspect,
        "copy_space": asked.copy,
        "match": asked.match,
        "pose": asked.pose,
        "format": format,
    }
    if asked.place:
        options["place"] = asked.place.split(",")
    if asked.prompt is not None:
        from .sets import words

        options["plan"] = words.understand(asked.prompt, asked.negative).plan(asked.seed).to_dict()
    elif asked.backdrop:
        options |= {"backdrop_path": asked.backdrop, "floor": asked.floor, "reflection": asked.reflection}
    else:
        options["scene"] = asked.scene
    return options


@contextlib.contextmanager
def _progress() -> Iterator[contract.Report]:
    from tqdm import tqdm

    with tqdm(total=100, unit="%", disable=not sys.stderr.isatty()) as bar:
        yield lambda share: bar.update(max(0, int(100 * share) - bar.n)) and None


def _place(value: Any) -> tuple[float, float, float]:
    try:
        x, y, scale = (float(part) for part in value)
    except (TypeError, ValueError) as exc:
        raise InvalidOptions("place is three numbers: x, y and scale.") from exc
    return framing.checked((x, y, scale))


def _whole(name: str, value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptions(f"{name} must be a whole number from {least} to {most}.")


def _number(name: str, value: Any, least: float, most: float) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptions(f"{name} must be a number from {least} to {most}.")
