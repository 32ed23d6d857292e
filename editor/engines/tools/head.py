"""Heads cut out: people's with their hair and without neck and shoulders, pets', drawn characters'."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.errors import InvalidOptions, NothingFound
from editor.engines.finishing.render import Rendering
from editor.engines.heads import detection, piece
from editor.engines.heads.shape import WORK_UNIT
from editor.engines.io import compose, outputs, pictures
from editor.engines.matting import alpha_matte, edge_refinement, foreground_estimation, multi_pass
from editor.engines.networks import isnet, tflite, weights
from editor.engines.options import check_choice

from . import canvas, commands, subject_selection

FACES = ("all", "largest")
MOST_CHOSEN = 100

NO_HEAD = "No face or head was found in this picture. Try one where a face is seen clearly."

ZOOM = 1.25
"""A head's part of the picture is given to the network again if that shows it so much larger."""

AT_ONCE = 2

MOST_LOOKS = 12
"""So many heads, the largest, are looked at closely; for others the picture's own matte has to do."""

SEEN = 0.5
"""A head of whose face the matte shows less is one that the network does not see (share of its middle).

On how many photos this and BYSTANDER were set is not recorded."""

BYSTANDER = 0.5
"""People outside the subject whose faces are smaller than this share of the largest are in the background."""

Choice = int | tuple[float, float]
Part = tuple[compose.Box, types.Alpha]


@dataclass(frozen=True)
class HeadOptions(canvas.CanvasOptions):
    """What to make of the heads in a photo, and their canvas. Raises InvalidOptions on creation.

    faces: "all", each in its place on one canvas, or the "largest" alone.
    chosen: instead, indices into what detection.find_heads returns, or points (x, y) in pixels of the photo
    that lie on heads.
    """

    outputs: str = "both"
    faces: str = "all"
    chosen: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        check_choice("faces", self.faces, FACES, quoted=True)
        object.__setattr__(self, "chosen", _read_choices(self.chosen or ()))
        super().__post_init__()


def cut(
    picture: pictures.Picture,
    options: HeadOptions | None = None,
    report: types.Report = types.ignore_progress,
    *,
    path: Path | None = None,
) -> Rendering:
    """Return the heads of a picture, their colours cleaned of the old background, as options ask.

    path: the picture's file; where it was cut out just now, its matte is known.
    Raises NothingFound where there is no head, or none where one was chosen; WeightsMissing.
    """
    options = options or HeadOptions()
    known = subject_selection.memory.recall(path, "") if path else None
    opacity, picture = np.float32(picture.opacity), picture.solid
    whole = known.alpha / opacity if known else alpha_matte.estimate(picture)
    report(0.4)
    everybody = detection.find_heads(picture, whole)
    if not everybody:
        raise NothingFound(NO_HEAD)
    report(0.5)
    alpha = _alpha(picture, whole, everybody, options, report)
    # Of a mask alone nobody sees the colours.
    rgb = picture.rgb if options.outputs == "mask" else foreground_estimation.purify(picture.rgb, alpha)
    report(0.95)
    return canvas.finish(rgb, alpha * opacity, options)


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Cut the heads out of the picture file `source`; write the results and their thumbnails.

    options: as HeadOptions, and `prepare` to have the photo's preview as well. Raises EngineError.
    """
    prepare = options.pop("prepare", False)
    chosen = HeadOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    files = outputs.write_preview(picture, folder) if prepare else []
    report(0.15)
    made = cut(picture, chosen, report, path=Path(source))
    return files + canvas.write(made, chosen, folder, picture.density)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the command line may ask of heads."""
    parser.add_argument("input")
    parser.add_argument("output", nargs="?")
    parser.add_argument("--faces", choices=FACES, default="all", help="which heads")
    parser.add_argument(
        "--choose",
        action="append",
        type=_read_place,
        metavar="N|X,Y",
        help="this one alone: as listed, or a point",
    )
    parser.add_argument("--list", action="store_true", help="print where the heads are, as JSON")
    commands.add_canvas(parser, "heads")


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Cut the heads out of one picture, or list them."""
    if asked.list:
        picture = pictures.read(asked.input)
        commands.say(json.dumps(detection.describe_heads(detection.find_heads(picture), picture), indent=1))
        return commands.DONE
    if not asked.output:
        parser.error("head needs an input and an output")
    target = Path(asked.output)
    format = asked.format or commands.choose_format(target)
    options = commands.read_canvas(asked, parser, format)
    chosen = HeadOptions.from_dict(options | {"faces": asked.faces, "chosen": asked.choose or ()})

    def work(source: Path, path: Path) -> None:
        picture = pictures.read(source)
        made = cut(picture, chosen)
        pictures.write(path, made.rgb, made.alpha, format=format, density=picture.density)
        if asked.mask:
            pictures.write_mask(asked.mask, made.mask)

    commands.keep_apart([Path(asked.input)], [target, Path(asked.mask)] if asked.mask else [target])
    return commands.work_through([Path(asked.input)], [target], work)


def warm() -> None:
    """Load and run once what the first heads would otherwise wait for. Raises WeightsMissing."""
    sheet = np.zeros((64, 64, 3), np.uint8)
    detection.find_human_heads(sheet)
    tflite.open_network(weights.FACE_MESH)


def _alpha(
    picture: pictures.Picture,
    whole: types.Alpha | None,
    everybody: Sequence[detection.Head],
    options: HeadOptions,
    report: types.Report,
) -> types.Alpha:
    """Return the alpha of the heads asked for, at the photo's size. Raises NothingFound."""
    wanted = _select_heads(everybody, whole, options)
    alpha = np.zeros((picture.height, picture.width), np.float32)

    def part(place: int) -> Part | None:
        head = wanted[place]
        others = [other for other in everybody if other is not head]
        return _cut_part(picture, whole, head, others, closely=place < MOST_LOOKS)

    # One head is looked at while another's pixels are chosen.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for count, made in enumerate(pool.map(part, range(len(wanted))), start=1):
            if made is not None:
                (left, top, right, bottom), own = made
                place = alpha[top:bottom, left:right]
                np.maximum(place, own, out=place)
            report(0.5 + 0.4 * count / len(wanted))
    if picture.alpha is not None:
        np.minimum(alpha, picture.alpha, out=alpha)
    if not (alpha > 0.5).any():
        raise NothingFound("The head does not stand out from what is around it. Try a clearer photo.")
    return alpha


def _select_heads(
    everybody: Sequence[detection.Head], whole: types.Alpha | None, options: HeadOptions
) -> list[detection.Head]:
    """Return the heads that options ask for. Raises NothingFound where one that was chosen is not there."""
    if options.chosen:
        # By place in the list, so that a head chosen twice is one.
        places = {_find_place(everybody, choice) for choice in options.chosen}
        return [everybody[place] for place in sorted(places)]
    if options.faces == "largest":
        # A large bystander is not meant where the subject itself shows a face.
        return [next((head for head in everybody if _measure_cover(whole, head) >= SEEN), everybody[0])]
    largest = everybody[0].size
    return [
        head
        for head in everybody
        if _measure_cover(whole, head) >= SEEN or head.size >= BYSTANDER**2 * largest
    ]


def _find_place(everybody: Sequence[detection.Head], choice: Choice) -> int:
    if isinstance(choice, int):
        if choice >= len(everybody):
            raise NothingFound(
                f"There is no head number {choice}: {len(everybody)} were found, counted from 0."
            )
        return choice
    inside = [place for place, head in enumerate(everybody) if head.holds(*choice)]
    if not inside:
        raise NothingFound(f"There is no head at {choice[0]:g}, {choice[1]:g}. Choose a point on a face.")
    return min(inside, key=lambda place: math.dist(everybody[place].centre, choice))


def _measure_cover(whole: types.Alpha | None, head: detection.Head) -> float:
    """Return how much of a head's middle is in the picture's subject, 0..1."""
    if whole is None:
        return 0.0
    height, width = whole.shape
    reach = 0.6 * min(head.radii)
    columns = slice(max(0, round(head.centre[0] - reach)), min(width, round(head.centre[0] + reach) + 1))
    rows = slice(max(0, round(head.centre[1] - reach)), min(height, round(head.centre[1] + reach) + 1))
    middle = whole[rows, columns]
    return float(middle.mean()) if middle.size else 0.0


def _cut_part(
    picture: pictures.Picture,
    whole: types.Alpha | None,
    head: detection.Head,
    others: Sequence[detection.Head],
    *,
    closely: bool,
) -> Part | None:
    """Return a head's part of the picture and its alpha there; None if it is not seen, or no head."""
    assert head.shape is not None  # noqa: S101 - of a head that was found
    square, unit = head.shape.square, head.shape.unit
    left, top = max(0, square[0]), max(0, square[1])
    right, bottom = min(picture.width, square[2]), min(picture.height, square[3])
    if right - left < 2 or bottom - top < 2:
        return None
    box = left, top, right, bottom
    if closely:
        seen = _look_closer(picture, whole, head, box)
    else:
        seen = None if whole is None else whole[top:bottom, left:right]
    if seen is None:
        return None
    rgb = picture.rgb[top:bottom, left:right]
    scale = WORK_UNIT / unit
    small, small_matte = _scale(rgb, seen, scale)
    near = [other.shape.to_crop(left, top, scale) for other in others if other.shape is not None]
    choice = head.shape.to_crop(left, top, scale).choose_pixels(small, small_matte, near)
    # Of a beast only its parts said where the head is: what was cut of it must be one.
    if head.kind == "animal" and not piece.measure(choice, small_matte).is_head:
        return None
    return box, seen * _enlarge(choice, rgb.shape[1], rgb.shape[0], 1 / scale, unit)


def _look_closer(
    picture: pictures.Picture, whole: types.Alpha | None, head: detection.Head, box: compose.Box
) -> types.Alpha | None:
    """Return the matte of a part of the picture, looked at more closely where that shows more."""
    left, top, right, bottom = box
    own = None if whole is None else whole[top:bottom, left:right]
    closest = max(picture.width, picture.height) / max(right - left, bottom - top)
    known = own is not None and _measure_cover(whole, head) >= SEEN
    if known and closest < ZOOM:
        return own
    near = _look_at_part(picture, box)
    place = _shift(head, left, top)
    if _measure_cover(near, place) < SEEN:
        return own if known else None
    if not known or own is None:
        return near
    # Close by, the network takes a wall or a tree for a subject too: the picture's own matte, a
    # little widened for the hair that it missed, says no to them.
    reach = 0.10 * min(head.radii)
    agreed = np.minimum(near, _widen(own, reach))
    # And it loses a pale face before a pale sky, without the body below it: around what is missing well
    # inside the picture's own matte, that one is right.
    missing = np.clip(1 - _widen(1 - own, reach) - near, 0, 1)
    return np.maximum(agreed, own * _widen(missing, 3 * reach))


def _look_at_part(picture: pictures.Picture, box: compose.Box) -> types.Alpha:
    """Return the matte of a part of the picture, looked at by itself."""
    left, top, right, bottom = box
    inner = None if picture.alpha is None else picture.alpha[top:bottom, left:right]
    rgb = np.ascontiguousarray(picture.rgb[top:bottom, left:right])
    part = pictures.Picture(rgb, inner, picture.format)
    # One look at the further looks' size, which is there already and takes half the time: a part is seen
    # more closely so than within the whole, and its outline is drawn at the photo's own size.
    rgb = alpha_matte.show_transparency(part)
    square = isnet.squeeze(rgb, multi_pass.SIDE)
    seen = alpha_matte.sharpen(isnet.segmenter(multi_pass.SIDE).subject(square))
    if alpha_matte.is_empty(seen) or max(part.width, part.height) <= multi_pass.SIDE:
        return alpha_matte.enlarge(seen, part.width, part.height)
    return edge_refinement.refine(square, alpha_matte.decide_inside(seen), rgb)


def _shift(head: detection.Head, left: float, top: float) -> detection.Head:
    return detection.Head(
        head.kind, (head.centre[0] - left, head.centre[1] - top), head.radii, head.angle, head.score
    )


def _widen(alpha: types.Alpha, reach: float) -> types.Alpha:
    """Return alpha grown by about `reach` pixels, its outline soft over as many again."""
    height, width = alpha.shape
    step = max(1, int(reach / 4))
    small = Image.fromarray(alpha).reduce(step)
    size = 2 * max(1, round(reach / step)) + 1
    grown = ndimage.maximum_filter(np.asarray(small), size)
    blurred = ndimage.uniform_filter(ndimage.maximum_filter(grown, size), size)
    wide = Image.fromarray(blurred.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(wide), 0, 1)


def _scale(rgb: types.Image, alpha: types.Alpha, scale: float) -> tuple[types.Image, types.Alpha]:
    height, width = alpha.shape
    size = max(8, round(width * scale)), max(8, round(height * scale))
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).resize(size, way))
    return small, np.array(Image.fromarray(np.ascontiguousarray(alpha)).resize(size, way))


def _enlarge(choice: types.Alpha, width: int, height: int, factor: float, unit: float) -> types.Alpha:
    """Return a choice at the photo's size, its edge made as sharp as a photo's of that size."""
    large = np.asarray(Image.fromarray(choice).resize((width, height), Image.Resampling.BICUBIC))
    # The edge is a Gaussian's: its slope at the middle is 1 / (2.5 sigma).
    sigma = piece.EDGE * WORK_UNIT * max(factor, 0.3)
    wanted = max(2.0, 0.008 * unit)
    steepness = max(1.0, 2.5 * sigma / wanted)
    return np.clip((large - 0.5) * steepness + 0.5, 0, 1)


def _read_choices(wanted: object) -> tuple[Choice, ...]:
    """Return indices and points out of JSON. Raises InvalidOptions."""
    trouble = "chosen must be a list of head numbers from 0, or of points [x, y] in pixels."
    if not isinstance(wanted, list | tuple) or len(wanted) > MOST_CHOSEN:
        raise InvalidOptions(trouble)
    choices: list[Choice] = []
    for one in wanted:
        if isinstance(one, int) and not isinstance(one, bool) and one >= 0:
            choices.append(one)
        elif isinstance(one, list | tuple) and len(one) == 2 and all(_is_number(value) for value in one):
            choices.append((float(one[0]), float(one[1])))
        else:
            raise InvalidOptions(trouble)
    return tuple(choices)


def _read_place(text: str) -> Choice:
    """Return the number of a head, or the point x,y, that the command line names."""
    numbers = text.split(",")
    try:
        if len(numbers) == 1:
            return int(text)
        x, y = (float(number) for number in numbers)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"must be a number or x,y, not {text}") from exc
    return x, y


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
