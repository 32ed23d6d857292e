"""Background removal: what to make of a photo, and its making."""

from __future__ import annotations

import argparse
import json
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from editor.engines import types
from editor.engines.errors import InvalidOptions, NothingFound, UnsuitableContent
from editor.engines.finishing.render import Rendering, render
from editor.engines.io import compose, outputs, pictures, words
from editor.engines.io.colour.description import Density
from editor.engines.matting import alpha_matte, confidence, foreground_estimation, solid_insides
from editor.engines.matting.strokes import Stroke, name_strokes, read_strokes
from editor.engines.options import check_choice, check_flag, check_whole
from editor.engines.retouching import bare_files
from editor.engines.retouching.kept_cutout import KeptCutout
from editor.engines.scenes import ground_contact

from . import canvas, commands, deliver, framing, resizing, subject_selection

LEAST_SIDE = 16
"""Pixels a side below which nobody, the network included, can tell what a picture shows."""

KEEPS = ("", "alpha", "all")
MOST_DPI = 1200

STANCE_SIDE = 512
"""Pixels of the longer side at which it is judged how what was cut out was photographed."""


@dataclass(frozen=True)
class CutoutOptions(canvas.CanvasOptions):
    """What to make of a photo, and its canvas. Raises InvalidOptions on creation, naming the option.

    subject: "" finds it by itself; else person, object or stamp.
    strokes: what a person painted to correct it, as strokes.read_strokes takes them.
    background_path: a picture file to cover the canvas with. Never take it from a stranger's form.
    keep: "" cuts the photo out; "alpha" does so by the transparency that it has, where it has some; "all"
    leaves it whole, and frames it alone.
    aim, rest, snap: what the finish's frame leaves to the subject's place, as framing.Aimed has them.
    resize, resize_up, most_pixels: how large the finished picture is, as resizing.Sized has them.
    dpi: pixels per inch that its file asks to be printed at; 0 for those of the photo.
    region: where alone the subject is looked for, as words.resolve_region has it; all else is background.
    solid: have no half-transparent insides.
    """

    subject: str = ""
    background_path: str | None = None
    strokes: tuple[Stroke, ...] = ()
    keep: str = ""
    aim: bool = False
    rest: bool = False
    snap: framing.Snap | None = None
    resize: tuple[int, int] = (0, 0)
    resize_up: bool = False
    most_pixels: int = 0
    dpi: int = 0
    region: tuple[str, ...] = ()
    solid: bool = False

    def __post_init__(self) -> None:
        check_choice("keep", self.keep, KEEPS, quoted=True)
        object.__setattr__(self, "snap", framing.check(self))
        object.__setattr__(self, "resize", resizing.check(self))
        check_whole("dpi", self.dpi, 0, MOST_DPI)
        check_choice("subject", self.subject, subject_selection.SUBJECTS, quoted=True)
        object.__setattr__(self, "strokes", read_strokes(self.strokes))
        super().__post_init__()
        check_flag("solid", self.solid)
        if self.region:
            words.check_region(self.region)
            object.__setattr__(self, "region", tuple(self.region))
            if self.strokes:
                raise InvalidOptions("region and strokes exclude each other.")
        if self.background_path and self.to_finish().background:
            raise InvalidOptions("background and background_path exclude each other.")


@dataclass(frozen=True)
class Cutout(Rendering):
    """The finished picture and its mask, and what was found out about the subject on the way.

    subject: what was found, and what it was taken for. box: around all of it that is visible, in pixels of
    the photo, whatever canvas was asked for. whole: the canvas' width and height before it was scaled down.
    ambiguous: the share of the photo's pixels that are neither subject nor ground.
    """

    subject: subject_selection.Subject
    box: compose.Box
    whole: tuple[int, int]
    ambiguous: float

    def describe(self) -> dict[str, Any]:
        """Return what was found out as JSON holds it."""
        return {
            "took": self.subject.took,
            "box": list(self.box),
            "placed": list(compose.subject_box(self.mask)),
            "canvas": list(self.whole),
            "confidence": round(self.subject.confidence, 3),
            "ambiguous": round(self.ambiguous, 4),
            **describe_choices(self.subject),
        }


def cut(
    picture: pictures.Picture,
    options: CutoutOptions | None = None,
    report: types.Report = types.ignore_progress,
    *,
    path: Path | None = None,
) -> Cutout:
    """Return the subject of a picture, its colours cleaned of the old background, as options ask.

    path: the picture's file, by which its matte is remembered for the next correction.
    Raises UnsuitableContent below LEAST_SIDE, RegionOutside, RegionEmpty, NothingFound, WeightsMissing, and
    what reading the background picture raises.
    """
    options = options or CutoutOptions()
    if options.region:
        part = words.resolve_region(options.region, picture.width, picture.height)
        rgb, alpha, subject = _cut_out(picture.crop(part), options, report, None)
        rgb, alpha = _spread_out(picture, rgb, alpha, part)
    else:
        rgb, alpha, subject = _cut_out(picture, options, report, path)
    report(0.9)
    made, box, whole = finish(rgb, alpha, options)
    ambiguous = confidence.measure_ambiguity(alpha)
    return Cutout(made.rgb, made.alpha, made.mask, made.placement, subject, box, whole, ambiguous)


def _cut_out(
    picture: pictures.Picture, options: CutoutOptions, report: types.Report, path: Path | None
) -> tuple[types.Image, types.Alpha, subject_selection.Subject]:
    """Return the subject's colours, its alpha, both as options ask, and the subject as it was found."""
    _check_size(picture)
    subject = _take_whole(picture, options) or _find_subject(picture, options, path)
    alpha = _correct(picture, subject.alpha, options)
    if options.solid:
        alpha = solid_insides.fill(alpha, picture.opacity)
    report(0.7)
    # Of a mask alone nobody sees the colours.
    rgb = picture.rgb if options.outputs == "mask" else subject.colours(picture, alpha)
    return rgb, alpha, subject


def _check_size(picture: pictures.Picture) -> None:
    if min(picture.width, picture.height) < LEAST_SIDE:
        raise UnsuitableContent(
            f"This picture has {picture.width} x {picture.height} pixels, too few to tell a subject. "
            f"Use one with at least {LEAST_SIDE} pixels a side."
        )


def _spread_out(
    picture: pictures.Picture, rgb: types.Image, alpha: types.Alpha, box: compose.Box
) -> tuple[types.Image, types.Alpha]:
    """Return what was cut out of a box of a picture at the whole picture's size, with nothing around it."""
    left, top, right, bottom = box
    part = slice(top, bottom), slice(left, right)
    colours = picture.rgb.copy()
    colours[part] = rgb
    whole = np.zeros(colours.shape[:2], np.float32)
    whole[part] = alpha
    return colours, whole


def finish(
    rgb: types.Image, alpha: types.Alpha, options: CutoutOptions
) -> tuple[Rendering, compose.Box, tuple[int, int]]:
    """Return what is cut out, at the photo's size, as options ask; the box around all that is visible; and
    the width and height of the canvas before it was scaled as a whole.

    Raises InvalidOptions, UnsuitableContent, and what reading the background picture raises.
    """
    box = compose.subject_box(alpha)
    asked = framing.adapt(options.to_finish(), box, (alpha.shape[1], alpha.shape[0]), options)
    made = render(rgb, alpha, *canvas.set_ground_apart(asked, options.background_path, options))
    return resizing.resize(made, options), box, (made.mask.shape[1], made.mask.shape[0])


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Cut out what the picture file `source` shows; write the results, their thumbnails and the facts.

    options: as CutoutOptions, and `prepare` to have the photo's preview as well; or `subject` and `deliver`,
    the options of that job, which then makes all files of a recipe of the cutout. Raises EngineError.
    """
    prepare, recipe = options.pop("prepare", False), options.pop("deliver", None)
    behind = options.pop("background_path", None) if recipe is not None else None
    chosen = CutoutOptions.from_dict(options)
    plain = CutoutOptions(subject=chosen.subject, strokes=chosen.strokes)
    if recipe is None and not prepare and chosen == plain:
        return _run_bare(Path(source), folder, chosen, report)
    picture = pictures.read(source)
    report(0.1)
    files = outputs.write_preview(picture, folder) if prepare else []
    report(0.2)
    made = cut(picture, chosen, report, path=Path(source))
    density = choose_density(chosen, picture.density)
    if recipe is not None:
        bare = folder / "bare.png"
        pictures.write(bare, made.rgb, made.alpha, format="png", density=density)
        apart = folder / "files"
        apart.mkdir()
        paths = {"backdrop_path": behind, "photo_path": source}
        files += deliver.run(str(bare), apart, {**recipe, **paths}, types.ignore_progress)
    else:
        files += canvas.write(made, chosen, folder, density, chosen.background_path)
    found = made.describe() | describe_stance(made.mask)
    files.append(outputs.write_facts(found, folder, picture.width, picture.height))
    return files


def _run_bare(path: Path, folder: Path, options: CutoutOptions, report: types.Report) -> list[types.Output]:
    """Cut the subject out and no more, or correct what was; what strokes leave alone is not made anew."""
    with ThreadPoolExecutor(1) as other:
        subject, kept = _take_up(path, options, report, other)
        earlier, version = kept.now.strokes, name_strokes(options.strokes, options.subject)
        patch = kept.correct(options.strokes, report)
        if options.strokes and kept.is_empty:
            kept.correct(earlier)
            raise NothingFound("Nothing is left of the subject. Undo the last stroke.")
        subject.cutout = kept
        if options.strokes:
            bare_files.write_patch(patch, folder, name_strokes(earlier, options.subject), version)
        report(0.7)
        # What it is like is mostly one processor's work: the others pack its file meanwhile.
        telling = other.submit(_describe_bare, subject, kept, version)
        files = bare_files.write(kept, folder)
        found = telling.result()
    subject_selection.memory.trim()
    return [*files, outputs.write_facts(found, folder, kept.width, kept.height)]


def _take_up(
    path: Path, options: CutoutOptions, report: types.Report, other: Executor
) -> tuple[subject_selection.Subject, KeptCutout]:
    """Return what was found in a photo, and its cutout as strokes left it last; both made anew if need be."""
    subject = subject_selection.memory.recall(path, options.subject) if options.strokes else None
    if subject is not None and subject.cutout is not None:
        return subject, subject.cutout
    picture = pictures.read(path)
    report(0.1)
    _check_size(picture)
    subject = _find_subject(picture, options, path)
    report(0.6)
    # What it was taken for is asked for below, and told while its colours are made.
    other.submit(getattr, subject, "took")
    colours = subject.colours(picture, subject.alpha)
    return subject, KeptCutout(picture, subject.alpha, colours, cleans=subject.rgb is None)


def _describe_bare(subject: subject_selection.Subject, kept: KeptCutout, version: str) -> dict[str, Any]:
    """Return what is found out about a bare cutout, as JSON holds it."""
    return {
        "took": subject.took,
        "confidence": round(subject.confidence, 3),
        "version": version,
        **describe_choices(subject),
        **bare_files.describe(kept),
        **describe_stance(kept.screen[..., 3].astype(np.float32) * np.float32(1 / 255)),
    }


def describe_choices(subject: subject_selection.Subject) -> dict[str, bool]:
    """Return what was done with a subject that a person may not expect, as JSON holds it."""
    told = {"fell_back": subject.fell_back, "clear": subject.clear}
    return {name: True for name, true in told.items() if true}


def choose_density(options: CutoutOptions, photo: Density | None) -> Density | None:
    """Return the density of the picture's file, where the photo's has this one."""
    return (float(options.dpi), float(options.dpi)) if options.dpi else photo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the command line may ask of a cutout."""
    parser.add_argument(
        "paths", nargs="+", metavar="IN… OUT", help="one picture and a file, or several and a folder"
    )
    parser.add_argument(
        "--type", choices=("person", "object", "stamp"), default="", help="whose cutout; else what stands out"
    )
    parser.add_argument(
        "--facts", action="store_true", help="print what was found out of each, a JSON object a line"
    )
    commands.add_canvas(parser, "subject")
    commands.add_background(parser)


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Cut the subject out of one picture, or of several into a folder."""
    sources, target = [Path(name) for name in asked.paths[:-1]], Path(asked.paths[-1])
    if not sources:
        parser.error("cutout needs an input and an output")
    into_folder = len(sources) > 1 or target.is_dir() or asked.paths[-1].endswith("/")
    if asked.mask and into_folder:
        parser.error("--mask goes with one input and one output")
    format = asked.format or commands.choose_format(target, into_folder=into_folder)
    options = commands.read_canvas(asked, parser, format) | {"subject": asked.type}
    chosen = CutoutOptions.from_dict(options | commands.read_background(asked.background))

    def work(source: Path, path: Path) -> None:
        picture = pictures.read(source)
        made = cut(picture, chosen)
        pictures.write(path, made.rgb, made.alpha, format=format, density=picture.density)
        if asked.mask:
            pictures.write_mask(asked.mask, made.mask)
        if asked.facts:
            commands.say(json.dumps({"file": str(path)} | made.describe()))

    targets = [target / f"{source.stem}.{format}" if into_folder else target for source in sources]
    commands.keep_apart(sources, [*targets, Path(asked.mask)] if asked.mask else targets)
    if into_folder:
        target.mkdir(parents=True, exist_ok=True)
    return commands.work_through(sources, targets, work)


def warm() -> None:
    """Load and run once all that the first cutout would otherwise wait for. Raises WeightsMissing."""
    # Importing it compiles the kernels, or loads what an earlier start compiled.
    from editor.engines.matting import stroke_correction  # noqa: F401

    foreground_estimation.estimate(np.zeros((64, 64, 3), np.uint8), np.full((64, 64), 0.5, np.float32))
    alpha_matte.warm()


def describe_stance(mask: types.Alpha) -> dict[str, Any]:
    """Return how what was cut out was photographed, for the page on which it is put into a scene."""
    small = np.asarray(pictures.shrink(pictures.to_grey(mask), STANCE_SIDE), np.float32) / np.float32(255)
    try:
        _, alpha = ground_contact.crop_to_visible(np.zeros((*small.shape, 3), np.uint8), small)
    except UnsuitableContent:
        return {}
    return {"stance": ground_contact.find_stance(alpha, ground_contact.find_foot(alpha)).to_dict()}


def _take_whole(picture: pictures.Picture, options: CutoutOptions) -> subject_selection.Subject | None:
    """Return what is kept of a photo that is not to be cut out, None for one that is."""
    if options.keep == "all":
        opaque = np.ones(picture.rgb.shape[:2], np.float32)
        alpha = opaque if picture.alpha is None else picture.alpha
        return subject_selection.Subject(alpha, picture.rgb, "object", 1.0)
    if options.keep == "alpha" and picture.alpha is not None:
        return subject_selection.Subject(picture.alpha, picture.rgb, options.subject or "object", 1.0)
    return None


def _find_subject(
    picture: pictures.Picture, options: CutoutOptions, path: Path | None
) -> subject_selection.Subject:
    if path is None:
        return subject_selection.find(picture, options.subject)
    if not options.strokes:
        # Always looked at anew, and kept: strokes follow soon, and wait for nothing then.
        subject_selection.memory.make_room(picture.width * picture.height)
        subject = subject_selection.find(picture, options.subject)
    else:
        try:
            return subject_selection.memory.find(path, picture, options.subject)
        except NothingFound:
            # What nobody finds a person may paint.
            nothing = np.zeros(picture.rgb.shape[:2], np.float32)
            subject = subject_selection.Subject(nothing, None, options.subject or "object")
    subject_selection.memory.keep(path, options.subject, subject)
    return subject


def _correct(picture: pictures.Picture, alpha: types.Alpha, options: CutoutOptions) -> types.Alpha:
    if not options.strokes:
        return alpha
    # Its kernel is compiled on import, which only corrections need.
    from editor.engines.matting import stroke_correction

    made = stroke_correction.correct(picture.rgb, alpha, options.strokes)
    if not (made > 0.5 * picture.opacity).any():
        raise NothingFound("Nothing is left of the subject. Undo the last stroke.")
    return made
