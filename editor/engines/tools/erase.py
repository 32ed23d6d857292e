"""Object removal: what is marked goes, and what was behind it is made up from around it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from scipy import ndimage

from editor.engines import types
from editor.engines.errors import InvalidOptions, WeightsMissing
from editor.engines.inpainting import (
    erase_mask,
    fill,
    hole_groups,
    mask_growth,
    plain_ground,
    plain_surface,
    see_through,
)
from editor.engines.inpainting.foreign_subjects import Subjects, glance
from editor.engines.inpainting.hole_groups import Group
from editor.engines.inpainting.lines import joining
from editor.engines.io import compose, outputs, pictures
from editor.engines.networks import face_detection, isnet
from editor.engines.options import Options, check_choice, check_whole

from . import commands

MARGINS = (1.5, 1.0, 2.5)
"""How far around a hole to look, as shares of its longer side: first try, second, third."""

STARTS: tuple[fill.Start, ...] = ("best", "shifts", "onion", "membrane")
AS_PAINTED = 2
"""Every third try fills just what is marked, where all others grow it to the thing's rim and shadow."""

LEAST_THING_PX = 100
"""Marks of fewer pixels are scratches and dust: they have no rim and cast no shadow."""

LOOK_SIDE = 320
"""Pixels of the square at which subjects are looked for, a tenth of what a cutout takes."""
FACES_SIDE, SURE_FACE = 640, 0.8

MAX_SEED = 2**31 - 1
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class EraseOptions(Options):
    """What to erase from a photo. Raises InvalidOptions on creation, naming the option.

    rectangles: as erase_mask.mask_from_rectangles takes them; or mask_path: a black and white picture.
    avoid_path: a picture of the same kind, white where nothing may be copied from.
    seed: 0 for the best guess, others for other fills.
    format: of the picture; a jpg of a transparent one gets a white background.
    """

    rectangles: str | Sequence[Any] | None = None
    mask_path: str | None = None
    avoid_path: str | None = None
    seed: int = 0
    format: str = "png"

    def __post_init__(self) -> None:
        if self.rectangles is not None and self.mask_path:
            raise InvalidOptions("rectangles and mask_path exclude each other.")
        if self.rectangles is None and not self.mask_path:
            raise InvalidOptions("Mark what to erase, by rectangles or by mask_path.")
        check_whole("seed", self.seed, 0, MAX_SEED)
        check_choice("format", self.format, pictures.FORMATS)


def erase(
    image: types.Image,
    mask: types.Mask,
    *,
    avoid: types.Mask | None = None,
    seed: int = 0,
    report: types.Report = types.ignore_progress,
) -> types.Image:
    """Return a copy of image in which the marked pixels are filled from their surroundings.

    So are the rim and the shadow of what is marked where the mask leaves them out; a see-through mark is
    taken off instead. Every other pixel is the image's, bit for bit. avoid (H, W) marks what must not be
    copied; it is overruled where nothing else is left. The same arguments give the same picture; another
    seed tries another start, another distance to look around, and other draws; every third fills what is
    marked and no more.
    report is called between the levels of each hole; what it raises stops the work.
    Raises erase_mask.MaskDoesNotFit, NothingMarked, TooMuchMarked.
    """
    erase_mask.check_mask(mask, image)
    if avoid is not None and avoid.shape != mask.shape:
        raise erase_mask.MaskDoesNotFit
    margin, start = MARGINS[seed % len(MARGINS)], STARTS[seed // len(MARGINS) % len(STARTS)]
    result = image.copy()
    painted = mask
    if seed % len(MARGINS) != AS_PAINTED:
        mask = grow_mask(image, mask).copy()
    left = mask.copy()
    seen = glance(image, mask) if _is_thick(mask) else None
    subjects = None
    # Small holes first: they are good ground for the large ones to stand on.
    groups = sorted(hole_groups.find_groups(mask, margin), key=lambda group: group.pixels)
    costs = np.array([group.hole.size + 10 * group.pixels for group in groups], np.float64)
    bounds = np.concatenate([[0.0], np.cumsum(costs)]) / costs.sum()
    for number, group in enumerate(groups):
        begin, end = float(bounds[number]), float(bounds[number + 1])

        def heard(share: float, begin: float = begin, end: float = end) -> None:
            report(begin + (end - begin) * share)

        if seed == 0:
            _take_off_mark(result, left, group, painted)
        # What was made up is not copied again, nor what another hole still shows.
        barred = mask[group.window] if avoid is None else mask[group.window] | avoid[group.window]
        unknown, behind = barred, None
        hole = group.hole & left[group.window]
        if (
            seen is not None
            and hole.any()
            and (seen.strange or (seen.mixed and not _is_calm(result, group, unknown)))
        ):
            seen, subjects = None, find_subjects(image)
        if subjects is not None and hole.any():
            group, own = _take_leftover(group, subjects, painted, mask, left, seed)
            hole = group.hole & left[group.window]
            barred = barred | mask[group.window]
            foreign = subjects.find_foreign(own, group.window, mask.shape)
            barred, behind = barred | foreign.barred, foreign.behind & ~own & ~painted[group.window]
            # A rim does not go on into the neighbour.
            left[group.window] &= ~behind
            # What the look sees around the hole of the thing itself is ground all the same.
            unknown = unknown | drop_thin(foreign.barred)
        if seed % len(MARGINS) != AS_PAINTED:
            _draw_ground(result, left, mask[group.window], unknown, group, seed)
        hole = group.hole & left[group.window]
        filled = fill.fill(
            result[group.window],
            left[group.window],
            barred=barred,
            behind=behind,
            start=start,
            seed=seed,
            report=heard,
        )
        result[group.window][hole] = filled[hole]
        left[group.window][group.hole] = False
    report(1.0)
    return result


def _take_leftover(
    group: Group, subjects: Subjects, painted: types.Mask, mask: types.Mask, left: types.Mask, seed: int
) -> tuple[Group, types.Mask]:
    """Return the group with what was left out of its thing, marked in mask and left, too; and the thing."""
    own = group.hole & painted[group.window]
    if seed % len(MARGINS) == AS_PAINTED:
        return group, own
    thing = np.zeros_like(mask)
    thing[group.window] = own
    rest = mask_growth.find_leftover(subjects.matte, thing)[group.window] & ~mask[group.window]
    mask[group.window] |= rest
    left[group.window] |= rest
    return Group(group.window, group.hole | rest), own | rest


def find_subjects(image: types.Image) -> Subjects | None:
    """Return a picture's subjects by a cheap look; None where no network is there to look with."""
    try:
        matte = isnet.segmenter(LOOK_SIDE).subject(image)
    except WeightsMissing:
        return None
    return Subjects(matte, lambda where: _find_faces(image, where))


def _find_faces(image: types.Image, where: types.Mask) -> list[tuple[float, float, float, float]]:
    """Return the boxes of surely human faces in cells of the look, as shares of the picture's sides."""
    step = -(-max(image.shape[:2]) // FACES_SIDE)
    small = np.ascontiguousarray(image[::step, ::step])
    high, wide = small.shape[:2]
    windows = []
    for side in (min(high, wide), min(high, wide) / 2):
        for left, top, _ in face_detection.tiles(wide, high, side, 2 / 3):
            rows = slice(int(top * LOOK_SIDE / high), int((top + side) * LOOK_SIDE / high) + 1)
            columns = slice(int(left * LOOK_SIDE / wide), int((left + side) * LOOK_SIDE / wide) + 1)
            if where[rows, columns].mean() > 0.1:
                windows.append((left, top, side))
    try:
        seen = face_detection.detect(small, windows, SURE_FACE)
    except WeightsMissing:
        return []
    left, top, right, bottom = range(4)
    return [
        (face.box[left] / wide, face.box[top] / high, face.box[right] / wide, face.box[bottom] / high)
        for face in seen
    ]


def _is_thick(mask: types.Mask) -> bool:
    """Whether a mask has three cells by three in it: what is thinner takes what is beside it."""
    height, width = mask.shape
    rows = np.logical_and.reduceat(mask, np.arange(0, height, hole_groups.CELL), axis=0)
    full = np.logical_and.reduceat(rows, np.arange(0, width, hole_groups.CELL), axis=1)
    return bool(ndimage.binary_erosion(full, np.ones((3, 3))).any())


def _is_calm(result: types.Image, group: Group, unknown: types.Mask) -> bool:
    """Whether the group's ground is plain, so that what crosses its border is lines and no subject."""
    room = plain_surface.measure_room(group.hole)
    around = plain_surface.look_around(result[group.window][room], group.hole[room], unknown[room])
    return around is not None and around.calm


def _take_off_mark(result: types.Image, left: types.Mask, group: Group, painted: types.Mask) -> None:
    """Take a see-through mark off the group's part of result, and what it freed out of left, in place."""
    # It casts no shadow, and what was painted has its rim.
    freed = see_through.take_off(result[group.window], group.hole & painted[group.window])
    if freed is not None:
        result[group.window] = freed[0]
        left[group.window][group.hole & ~freed[1]] = False


def drop_thin(mask: types.Mask) -> types.Mask:
    """Return a mask without what is thinner than about three cells of it, as lines are that run beside."""
    side = hole_groups.CELL
    high, wide = mask.shape
    room = (-high % side, -wide % side)
    cells = np.pad(mask, ((0, room[0]), (0, room[1])))
    cells = cells.reshape(cells.shape[0] // side, side, -1, side).mean(axis=(1, 3)) >= 0.5
    # A line that slants holds pixels of three cells, and is half of two.
    thick = ndimage.binary_dilation(ndimage.binary_opening(cells, np.ones((3, 3))), np.ones((3, 3)))
    return mask & np.kron(thick, np.ones((side, side), np.bool_))[:high, :wide]


def _draw_ground(
    result: types.Image,
    left: types.Mask,
    mask: types.Mask,
    unknown: types.Mask,
    group: Group,
    seed: int,
) -> None:
    """Fill what of the group's hole lies in plain ground, draw the lines that run through the rest, in place.

    What is drawn is taken out of left. mask, unknown: of the window, all that was marked, and what else is no
    ground besides.
    """
    hole = group.hole & left[group.window]
    if not hole.any():
        return
    room = plain_surface.measure_room(hole)
    hole, mask, unknown = hole[room], mask[room], unknown[room]
    part = result[group.window][room].copy()
    drawn = np.zeros_like(hole)
    lines = None
    around = plain_surface.look_around(part, hole, unknown)
    if around is not None and around.calm:
        lines = joining.find_lines(part, hole, unknown, calm=True)
        if lines is not None:
            drawn |= plain_ground.fill_plain(part, hole, around, lines, seed)
    if not drawn.any():
        lines = joining.find_lines(part, hole, mask)
    if lines is not None and (hole & ~drawn).any():
        drawn |= joining.join_lines(part, hole & ~drawn, lines)
    result[group.window][room][drawn] = part[drawn]
    left[group.window][room][drawn] = False


def grow_mask(image: types.Image, mask: types.Mask) -> types.Mask:
    """Return the mask with the rims and shadows of the things that it covers."""
    grown = mask.copy()
    for group in hole_groups.find_groups(mask, 1.0):
        if group.pixels >= LEAST_THING_PX:
            grown[group.window] |= mask_growth.grow_mask(image[group.window], group.hole)
    # What is grown is no reason to refuse.
    return grown if np.count_nonzero(grown) <= erase_mask.MAX_SHARE * grown.size else mask


def erase_from(
    picture: pictures.Picture, options: EraseOptions, report: types.Report = types.ignore_progress
) -> types.Image:
    """Return the colours of picture with what the options mark erased. Its alpha stays as it is."""
    width, height = picture.width, picture.height
    mask = read_mask(picture, options)
    avoid = erase_mask.mask_from_picture(options.avoid_path, width, height) if options.avoid_path else None
    if picture.alpha is not None:
        # Colours that nobody sees must not be copied to where they are seen.
        unseen = picture.alpha < 0.5
        avoid = unseen if avoid is None else avoid | unseen
    return erase(picture.rgb, mask, avoid=avoid, seed=options.seed, report=report)


def read_mask(picture: pictures.Picture, options: EraseOptions) -> types.Mask:
    """Return what the options mark. Raises InvalidOptions, and as erase_mask and pictures.read do."""
    if options.mask_path:
        return erase_mask.mask_from_picture(options.mask_path, picture.width, picture.height)
    return erase_mask.mask_from_rectangles(options.rectangles or (), picture.width, picture.height)


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Erase from the picture file `source` and write the result and its thumbnail into `folder`.

    options: as EraseOptions. Raises EngineError, see errors.py and erase_mask.py.
    """
    chosen = EraseOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    rgb = erase_from(picture, chosen, lambda share: report(0.1 + 0.8 * share))
    image = join_keeping_hidden(rgb, picture.alpha, chosen.format)
    return outputs.write_result(image, folder, chosen.format, density=picture.density)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the command line may ask of an erasing."""
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--rect", action="append", metavar="X,Y,W,H", help="a box to erase; up to 50 of them")
    parser.add_argument("--mask", metavar="FILE", help="a picture of the input's size, white where to erase")
    parser.add_argument("--avoid", metavar="FILE", help="the same, white where nothing may be copied from")
    parser.add_argument("--seed", type=int, default=0, help="another number gives another fill")
    commands.add_format(parser)


def run_command(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make what is marked go, filled from what is around it."""
    if bool(asked.rect) == bool(asked.mask):
        parser.error("mark what should go: --rect x,y,w,h as often as needed, or --mask FILE")
    format = asked.format or commands.choose_format(Path(asked.output))
    read = [Path(name) for name in (asked.input, asked.mask, asked.avoid) if name]
    commands.keep_apart(read, [Path(asked.output)])
    rectangles = [text.split(",") for text in asked.rect] if asked.rect else None
    options = EraseOptions(rectangles, asked.mask, asked.avoid, asked.seed, format)
    picture = pictures.read(asked.input)
    image = join_keeping_hidden(erase_from(picture, options), picture.alpha, format)
    pictures.save(image, asked.output, format=format, density=picture.density)
    return commands.DONE


def warm() -> None:
    """Load the kernels (importing them compiles them for this machine) and start their threads."""
    speckled = np.arange(64 * 64 * 3, dtype=np.uint32).reshape(64, 64, 3) * 2654435761 >> 24
    hole = np.zeros((64, 64), np.bool_)
    hole[24:40, 24:40] = True
    fill.fill((speckled & 255).astype(np.uint8), hole)


def join_keeping_hidden(rgb: types.Image, alpha: types.Alpha | None, format: str) -> PillowImage.Image:
    """Return a Pillow picture; unlike pictures.to_pillow it keeps colours under full transparency.

    Untouched pixels are promised to stay as they are, and those are in what the person uploaded.
    """
    if alpha is None:
        return PillowImage.fromarray(rgb)
    if format == "jpg":
        return PillowImage.fromarray(compose.lay_over(rgb, alpha, WHITE))
    return PillowImage.fromarray(np.dstack([rgb, pictures.to_bytes(alpha)]))
