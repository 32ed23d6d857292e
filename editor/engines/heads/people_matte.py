"""The matte of people alone, without what else the subject is.

pose_detection.py says where people are and gives their outlines, coarse but of people alone. The
picture's matte has the fine edges; a random walk says which of it the outlines mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.io import pictures
from editor.engines.io.formats import fit_size
from editor.engines.matting import alpha_matte, colour_mixtures, random_walker
from editor.engines.networks import animacy, face_detection, pose_detection

from . import detection

LOOK_SIDE = 1024
WALK_SIDE = 448
"""Longest side in pixels at which the matte is shared out."""

# Without a face there must be more to go by, for the second network alone believes in bottle caps
# and mushrooms: it must be sure, its outline firm, and that outline filled by the picture's subject,
# which is neither a beast nor a thing. On how many photos these were set is not recorded.
SHOWN = 0.95
FILLED = 0.65
BEAST, THING = 0.4, -0.6
"""People measure between these two on animacy's scale, which was made for animals and things."""

POSED, LEAST_SKIN = 0.78, 0.05
"""Of somebody without a face: how sure the pose has to be, and how much of the outline is skin. Set on six
photos cut off below the chin (0.80 to 1.0) and thirty of things and animals."""
CLOSE_SKIN = 0.25
"""Share of the subject's skin that a close look at it must hold; of three people cut below the chin one is
seen in such a look alone."""
BARE_THING = -0.78
"""THING where skin is seen: bodies without heads measured -0.70 to -0.06, a brown cup of coffee -0.85."""
SKIN = (85, 122), (137, 170)
"""Cb and Cr of skin."""

SEEN = 0.5
"""Somebody of whose outline the picture's matte holds less was overlooked, and is looked at closely. This and
what follows: on how many photos they were set is not recorded."""

PIECE = 0.1
"""Alpha above which pixels hang together as one piece of a matte, where faces alone say whose it is."""

ROOM = 0.15
"""Around somebody who was overlooked, in sides of their box, for the closer look."""

OUTLINE_TRUST, LEAST_TRUST = 0.15, 0.005
"""How much an outline counts beside the picture's edges where it is sure, and where it is not: about hands,
hair and skirts, which edges and colours settle."""

HEAD_CORE, SURE_TRUST = 0.9, 20.0
"""Radii of a head within which all is surely somebody, and how much that counts."""

STEEPER = 3
"""How many times steeper the choice's edge is made: it is chosen at WALK_SIDE, and the fine edges are the
matte's."""

CROP_SIDE = 8.0
"""Sides of the look at somebody whose face was found, in face heights."""


def estimate(picture: pictures.Picture) -> types.Alpha | None:
    """Return the alpha of the people in a picture at full size; None where there is nobody.

    What they hold and sit on goes. Raises WeightsMissing.
    """
    return judge(picture).alpha


def judge(picture: pictures.Picture) -> alpha_matte.Matte:
    """Return the matte of the people in a picture; what it says of itself is the whole picture's.

    Raises WeightsMissing.
    """
    found, opacity = _judge_solid(picture.solid), picture.opacity
    if found.alpha is None or opacity == 1:
        return found
    return replace(found, alpha=found.alpha * np.float32(opacity))


def _judge_solid(picture: pictures.Picture) -> alpha_matte.Matte:
    """Return the matte of the people in a picture that is opaque somewhere."""
    nobody = alpha_matte.Matte(None, False)
    rgb = alpha_matte.show_transparency(picture)
    size = fit_size(picture.width, picture.height, LOOK_SIDE)
    look = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    known = detection.find_human_heads(look)
    turn = round(known[0].angle / (np.pi / 2)) % 4 if known else 0
    if turn:
        # Bodies are only found upright.
        upright = _judge_solid(_turn(picture, turn))
        if upright.alpha is None:
            return nobody
        return replace(upright, alpha=np.ascontiguousarray(np.rot90(upright.alpha, -turn)))
    persons = pose_detection.detect(look, [_window_below(head) for head in known])
    if not persons and not known:
        return nobody
    matte = alpha_matte.judge(picture)
    whole = matte.alpha
    if not persons:
        pieces = None if whole is None else _keep_pieces_with_faces(whole, known, picture.width / size[0])
        return nobody if pieces is None else replace(matte, alpha=pieces)
    if not known:
        persons = [] if whole is None else _keep_certain(look, whole, persons)
        if not persons:
            return nobody
    alpha = np.zeros((picture.height, picture.width), np.float32) if whole is None else whole
    alpha = _add_overlooked(picture, alpha, persons, size)
    choice = _share_matte(look, alpha, persons, known)
    large = Image.fromarray(choice).resize((picture.width, picture.height), Image.Resampling.BICUBIC)
    result = alpha * np.clip((np.asarray(large) - 0.5) * STEEPER + 0.5, 0, 1)
    if (result > 0.5).mean() < alpha_matte.EMPTY:
        return nobody
    return replace(matte, alpha=result.astype(np.float32))


def shows_a_body(look: types.Image, small: types.Alpha) -> bool:
    """Whether a subject in which no face is seen is somebody: a pose that it fills, and skin.

    look, small: the picture and its subject's alpha at LOOK_SIDE at most. It is looked for where the subject
    is, and not at all without skin. Poses alone are seen in sneakers and hoodies, skin alone in wood.
    Raises WeightsMissing.
    """
    subject = small > 0.5
    bare = find_skin(look) & subject
    if not subject.any() or bare.sum() < LEAST_SKIN * int(subject.sum()):
        return False
    # One look after the other, as the first mostly are enough.
    if not any(
        one.presence >= sure and _is_bodily(one, small, bare)
        for window, sure in _list_windows(subject, bare)
        for one in pose_detection.detect_in(look, [window])
    ):
        return False
    seen = animacy.measure(look, small)
    return seen is None or BARE_THING < seen.living < BEAST


def _list_windows(subject: types.Mask, bare: types.Mask) -> list[tuple[face_detection.Window, float]]:
    """Return looks at a subject, and how sure of somebody each must be.

    They are the whole picture, all of the subject, and of closer ones those that hold its skin.
    """
    height, width = subject.shape
    rows, columns = np.flatnonzero(subject.any(axis=1)), np.flatnonzero(subject.any(axis=0))
    wide, high = float(columns[-1] - columns[0] + 1), float(rows[-1] - rows[0] + 1)
    side = max(wide, high)
    around = columns[0] + (wide - side) / 2, rows[0] + (high - side) / 2, side
    whole, *closer = pose_detection.list_windows(width, height)
    least = CLOSE_SKIN * bare.sum()
    looks = [(whole, POSED), (around, POSED)]
    for left, top, side in closer:
        part = bare[max(0, int(top)) : int(top + side), max(0, int(left)) : int(left + side)]
        if part.sum() >= least:
            looks.append(((left, top, side), SHOWN))
    return looks


def _is_bodily(one: pose_detection.Person, small: types.Alpha, bare: types.Mask) -> bool:
    """Whether an outline is likely somebody's by what the subject fills of it and by its skin."""
    inside = one.outline > 0.5
    filled = one.presence >= POSED and one.firm and one.measure_fill(small) >= FILLED
    return filled and float(bare[inside].mean()) >= LEAST_SKIN


def find_skin(rgb: types.Image) -> types.Mask:
    """Return where a picture has a skin's hue, whatever its tone (Chai, Ngan, IEEE CSVT 1999), (H, W)."""
    values = np.asarray(Image.fromarray(rgb).convert("YCbCr"))
    light, blue, red = (values[..., channel] for channel in range(3))
    return (
        (light > 35) & (blue >= SKIN[0][0]) & (blue <= SKIN[0][1]) & (red >= SKIN[1][0]) & (red <= SKIN[1][1])
    )


def _window_below(head: detection.Head) -> face_detection.Window:
    """Return the look at somebody whose head was found: most of the body is below it."""
    side = CROP_SIDE * head.radii[1] / 0.78
    return head.centre[0] - side / 2, head.centre[1] - 0.3 * side, side


def _turn(picture: pictures.Picture, turn: int) -> pictures.Picture:
    alpha = None if picture.alpha is None else np.ascontiguousarray(np.rot90(picture.alpha, turn))
    return pictures.Picture(np.ascontiguousarray(np.rot90(picture.rgb, turn)), alpha, picture.format)


def _keep_pieces_with_faces(
    whole: types.Alpha, known: Sequence[detection.Head], scale: float
) -> types.Alpha | None:
    """Return the pieces of a matte that hold a face: people so close that no body is seen."""
    pieces, _ = ndimage.label(whole > PIECE)
    height, width = whole.shape
    wanted = set()
    for head in known:
        row, column = round(head.centre[1] * scale), round(head.centre[0] * scale)
        wanted.add(int(pieces[min(max(row, 0), height - 1), min(max(column, 0), width - 1)]))
    wanted.discard(0)
    return np.where(np.isin(pieces, list(wanted)), whole, np.float32(0)) if wanted else None


def _keep_certain(
    look: types.Image, whole: types.Alpha, persons: Sequence[pose_detection.Person]
) -> list[pose_detection.Person]:
    """Return those of the people, none of whom shows a face, of whom there is no doubt."""
    height, width = look.shape[:2]
    small = np.asarray(Image.fromarray(whole).resize((width, height), Image.Resampling.BOX))
    certain = [
        one for one in persons if one.presence >= SHOWN and one.firm and one.measure_fill(small) >= FILLED
    ]
    bare = find_skin(look) & (small > 0.5)
    bodily = [one for one in persons if _is_bodily(one, small, bare)]
    if not certain and not bodily:
        return []
    seen = animacy.measure(look, whole)
    if seen is None:
        return certain or bodily
    # An animal that sits up has a person's outline. Skin says that it is no thing.
    if seen.living >= BEAST or seen.living <= BARE_THING:
        return []
    return bodily or (certain if seen.living > THING else [])


def _add_overlooked(
    picture: pictures.Picture,
    alpha: types.Alpha,
    persons: Sequence[pose_detection.Person],
    size: tuple[int, int],
) -> types.Alpha:
    """Return alpha with the people added whom the whole picture's matte takes for background."""
    small = np.asarray(Image.fromarray(alpha).resize(size, Image.Resampling.BOX))
    scale = picture.width / size[0]
    for person in persons:
        inside = person.outline > 0.5
        if small[inside].mean() >= SEEN:
            continue
        margin = ROOM * max(person.box[2] - person.box[0], person.box[3] - person.box[1])
        left, top = (max(0, int((edge - margin) * scale)) for edge in person.box[:2])
        right = min(picture.width, int((person.box[2] + margin) * scale))
        bottom = min(picture.height, int((person.box[3] + margin) * scale))
        inner = None if picture.alpha is None else picture.alpha[top:bottom, left:right]
        part = pictures.Picture(
            np.ascontiguousarray(picture.rgb[top:bottom, left:right]), inner, picture.format
        )
        near = alpha_matte.estimate(part)
        if near is not None:
            alpha = alpha.copy()
            place = alpha[top:bottom, left:right]
            np.maximum(place, near, out=place)
    return alpha


def _share_matte(
    look: types.Image,
    alpha: types.Alpha,
    persons: Sequence[pose_detection.Person],
    known: Sequence[detection.Head],
) -> types.Alpha:
    """Return (h, w) float32 in 0..1, how far the matte is people, at WALK_SIDE at most."""
    height, width = look.shape[:2]
    size = fit_size(width, height, WALK_SIDE)
    scale = size[0] / width
    outline = np.maximum.reduce([person.outline for person in persons])
    prior = np.asarray(Image.fromarray(outline).resize(size, Image.Resampling.BOX))
    small = np.array(Image.fromarray(alpha).resize(size, Image.Resampling.BOX))
    colours = colour_mixtures.to_lab(np.asarray(Image.fromarray(look).resize(size, Image.Resampling.BOX)))
    trust = (OUTLINE_TRUST * np.abs(2 * prior - 1) + LEAST_TRUST).astype(np.float32)
    prior = prior.astype(np.float32).copy()
    rows, columns = np.mgrid[: size[1], : size[0]]
    for head in known:
        x, y = head.centre[0] * scale, head.centre[1] * scale
        core = np.hypot(columns - x, rows - y) < HEAD_CORE * min(head.radii) * scale
        prior[core], trust[core] = 1.0, SURE_TRUST
    return random_walker.solve(colours, prior, trust, small)
