"""Backgrounds: the product stands in a set that is built and rendered for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from editor.engines import types
from editor.engines.errors import NothingFound, TooSlow
from editor.engines.io import compose, pictures
from editor.engines.scenes import (
    blender_process,
    composite,
    framing,
    ground_contact,
    photo_backdrop,
    product_pose,
    render_pace,
)
from editor.engines.scenes.options import SIZES, TAKES, SceneOptions
from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.vocabulary import LIGHTS, PROPS, STANDS, SURFACES

NICE = 5
SAMPLES = (4, 14)
SAMPLES_MEGAPIXEL = 7
"""Light paths for each pixel of a picture of one megapixel; smaller ones get more and larger ones fewer."""

SHADOW_SAMPLES = 24
"""A shadow alone is quick."""

MOST_ENLARGED = 2.0
"""A small cutout is enlarged at most so much; the picture is made smaller instead."""

EARLY_QUALITY = 82
STEP, STEP_BACK = 0.035, 0.95
"""Between takes: how far the product moves aside, a share of the width, and its scale beside the first."""

CONTACT = 0.5
"""How dark the line is where a product touches the ground."""


TOO_SLOW = (
    "This machine is too slow to render this in the time that it may take. Ask for one take, or for a "
    "smaller size; the studio's admin can allow more time (RENDER_DEADLINE)."
)
TOO_BUSY = (
    "This machine was too busy with other work to render this in the time that it may take. Try again at a "
    "quieter time, or ask for one take, or a smaller size; the studio's admin can allow more time "
    "(RENDER_DEADLINE)."
)

Finished = Callable[[int, types.Image, dict[str, Any]], None]


@dataclass(frozen=True)
class Product:
    """A cutout cropped to what is visible, and how it meets the ground.

    opacity: of what is most opaque in it. Glass and veils stand and lie as if alpha were 1 there; they are
    seen as faint as they are.
    """

    rgb: types.Image
    alpha: types.Alpha
    foot: ground_contact.Foot
    source: tuple[int, int]
    opacity: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        return int(self.alpha.shape[1]), int(self.alpha.shape[0])

    @property
    def tone(self) -> str:
        """The mean colour of what is opaque, #rrggbb."""
        red, green, blue = self.rgb[self.alpha > ground_contact.SOLID].mean(0).round().astype(int)
        return f"#{red:02x}{green:02x}{blue:02x}"

    @classmethod
    def of(cls, picture: pictures.Picture) -> Product:
        """Return the product of a cutout; of a photo without alpha it is cut out first.

        Raises NothingFound where no subject stands out, UnsuitableContent where all is transparent.
        """
        rgb, alpha = ground_contact.crop_to_visible(*cut_out(picture.solid))
        return cls(
            rgb, alpha, ground_contact.find_foot(alpha), (picture.width, picture.height), picture.opacity
        )

    def resize(self, width: int, height: int) -> PillowImage.Image:
        """Return it as it is seen, RGBA, at width x height pixels."""
        alpha = self.alpha if self.opacity == 1 else self.alpha * np.float32(self.opacity)
        return composite.resize_product(self.rgb, alpha, width, height)


def cut_out(picture: pictures.Picture) -> tuple[types.Image, types.Alpha]:
    """Return the colours and alpha of a cutout; a photo without alpha is cut out. Raises NothingFound."""
    if picture.alpha is not None:
        return picture.rgb, picture.alpha
    from editor.engines.matting import alpha_matte, foreground_estimation

    alpha = alpha_matte.estimate(picture)
    if alpha is None:
        raise NothingFound
    return foreground_estimation.purify(picture.rgb, alpha), alpha


def make_takes(
    product: Product,
    options: SceneOptions,
    folder: Path,
    report: types.Report = types.ignore_progress,
    *,
    early: Path | None = None,
    finished: Finished | None = None,
) -> list[types.Image]:
    """Return the takes, each uint8 RGB (H, W, 3), but for those that options say are made.

    folder holds what passes to and from Blender. early: where to write early-1.webp, early-2.webp as soon
    as they can be seen. finished: called with each take as soon as it is done, its number and what gave way
    for want of time. Raises errors.NotEnoughResources, errors.TooSlow where time did not suffice for all of
    them; what report raises stops the work and leaves nothing running.
    """
    started = time.monotonic()
    photo = None if options.backdrop_path is None else compose.flatten(pictures.read(options.backdrop_path))
    make = partial(_plan_shadow_take, photo=photo) if photo is not None else plan_take
    numbers = [number for number in range(1, options.takes + 1) if number not in options.made]
    takes = {number: make(product, options, number, folder) for number in numbers}
    made: list[types.Image] = []

    def seen(number: int, name: str) -> types.Image:
        take, frame = takes[number], framing.Frame(**takes[number]["frame"])
        plate = _plate(Path(take[name]), photo, product, frame, options)
        if glows(take):
            plate = composite.spread_glow(plate)
        gain = read_gain(take, options)
        contact = contact_darkness(take)
        return lay_product(plate, product, frame, match=options.match, contact=contact, gain=gain)

    def news(said: dict[str, Any]) -> None:
        if early is not None and (number := said.get("early")):
            _show_early(seen(number, "early"), early, number)
        if number := said.get("done"):
            made.append(seen(number, "plate"))
            if finished is not None:
                finished(number, made[-1], said["gave_way"])
        if said.get("late"):
            raise TooSlow(TOO_BUSY if said["busy"] else TOO_SLOW)

    until = None if options.seconds is None else started + options.seconds * (1 - render_pace.KEPT_BACK)
    if takes:
        blender_process.render(build_job(product, list(takes.values()), folder, options, until), news, report)
    return made


def build_job(
    product: Product,
    takes: list[dict[str, Any]],
    folder: Path,
    options: SceneOptions,
    until: float | None = None,
) -> dict[str, Any]:
    """Return the job for Blender, and write the files that it names. until: of the monotonic clock."""
    picture, shape = folder / "product.png", folder / "product.npz"
    longer = max(product.size)
    # Blender sees it small and soft, in shadows and mirrors.
    shrunk = min(1.0, 640 / longer)
    size = max(1, round(product.size[0] * shrunk)), max(1, round(product.size[1] * shrunk))
    product.resize(*size).save(picture, compress_level=1)
    standing_up = takes[0]["frame"]["pose"] == "stand"
    depth = ground_contact.estimate_depth(product.alpha, standing=standing_up)
    np.savez(shape, depth=depth, lift=product.foot.lift)
    left, right = ground_contact.find_base(product.alpha, product.foot)
    width = max(right - left, 0.06)
    deep = min(width, 2 * float(depth.max()))
    if standing_up:
        # Seen from above, a base reaches as far back as its outline rises on the ground.
        frame = framing.Frame(**takes[0]["frame"])
        deep = max(deep, min(frame.behind(float(np.ptp(product.foot.lift))), width))
    foot = [width, deep, (left + right) / 2 if standing_up else 0.0]
    return {
        "takes": takes,
        "product": {"picture": str(picture), "shape": str(shape), "foot": foot, "tone": product.tone},
        "folder": str(folder),
        "memory_mb": options.memory_mb,
        "nice": NICE,
        "until": until,
    }


def plan_take(product: Product, options: SceneOptions, number: int, folder: Path) -> dict[str, Any]:
    """Return what Blender is told of a take (1, 2): plan, frame, seed, samples, and where to write."""
    plan = options.plan_of(number)
    pose = product_pose.choose_pose(plan, ground_contact.find_stance(product.alpha, product.foot))
    frame = frame_product(product, options, plan, pose)
    if number > 1 and options.place is None and not options.copy_space:
        # A photographer steps aside and back a little for another take.
        x, y, scale = frame.place
        aside = STEP if options.seed % 2 else -STEP
        frame = frame_product(product, replace(options, place=(x + aside, y, scale * STEP_BACK)), plan, pose)
    return {
        "number": number,
        "plan": replace(plan, pose=pose).to_dict(),
        "frame": asdict(frame),
        "samples": _samples(frame),
        "seed": options.seed * len(TAKES) + number - 1,
        "early": str(folder / f"early-plate-{number}.png"),
        "plate": str(folder / f"plate-{number}.png"),
        "size_cm": options.size_cm or 0.0,
        "light": str(folder / f"light-{number}.npy") if options.relight else "",
        # A set of the catalogue was looked at; what words make has to prove itself.
        "check": options.plan is not None and bool(plan.props),
    }


def _plan_shadow_take(
    product: Product, options: SceneOptions, number: int, folder: Path, *, photo: types.Image
) -> dict[str, Any]:
    source = (photo.shape[1], photo.shape[0])
    size = options.size
    while True:
        picture = framing.picture_size(options.aspect, size, source)
        frame = photo_backdrop.frame_on_floor(
            product.size, picture, floor=options.floor, copy_space=options.copy_space, place=options.place
        )
        if (smaller := _limit_size(product, frame, size)) == size:
            break
        size = smaller
    side = photo_backdrop.find_brighter_side(photo)
    return {
        "number": number,
        "frame": asdict(frame),
        "samples": SHADOW_SAMPLES,
        "seed": options.seed * len(TAKES) + number - 1,
        "key_side": side if number == 1 else -side,
        "early": str(folder / f"early-plate-{number}.png"),
        "plate": str(folder / f"plate-{number}.png"),
    }


def frame_product(product: Product, options: SceneOptions, plan: SetPlan, pose: str) -> framing.Frame:
    """Return how the product is seen; the picture is smaller where it would be enlarged too much."""
    size = options.size
    while True:
        frame = framing.frame_product(
            product.size,
            framing.picture_size(options.aspect, size, product.source),
            camera=plan.camera,
            pose=pose,
            stand=plan.stand.name if plan.stand else "",
            copy_space=options.copy_space,
            place=options.place,
            elevation=product.foot.elevation,
            company=any(not PROPS[prop.name].airborne for prop in plan.props),
        )
        if (smaller := _limit_size(product, frame, size)) == size:
            return frame
        size = smaller


def _samples(frame: framing.Frame) -> int:
    least, most = SAMPLES
    return min(most, max(least, round(SAMPLES_MEGAPIXEL * 2**20 / (frame.width * frame.height))))


def _limit_size(product: Product, frame: framing.Frame, size: int) -> int:
    """Return the size at which the product is not enlarged too much: this one, or a smaller."""
    enlarged = frame.unit / max(product.size)
    if enlarged <= MOST_ENLARGED + 0.01:
        return size
    return max(SIZES[0], min(size, int(size * MOST_ENLARGED / enlarged)))


def glows(take: dict[str, Any]) -> bool:
    """Whether what shines in the set of a take spreads its light in the lens."""
    return "plan" in take and LIGHTS[take["plan"]["light"]].glows


def contact_darkness(take: dict[str, Any]) -> float:
    """Return how dark the line is where a product stands on the ground of a take."""
    plan = take.get("plan")
    if plan is None:
        return CONTACT
    if plan["stand"]:
        return 0.0 if STANDS[plan["stand"]["name"]].floats else CONTACT
    return CONTACT * SURFACES[plan["surface"]["name"]].contact


def lay_product(
    plate: types.Image,
    product: Product,
    frame: framing.Frame,
    *,
    match: bool = False,
    contact: float = CONTACT,
    gain: NDArray[np.float32] | None = None,
) -> types.Image:
    """Return the plate, of any size, with the product over it where the frame has it.

    contact: 0 to 1, how dark the line is where it touches the ground it stands on. gain: the set's light.
    """
    box, rgba = _scale_product(product, frame, plate.shape[1])
    if frame.pose == "stand" and contact:
        plate = composite.shade_contact(plate, product.alpha, product.foot.lift, box, contact)
    return composite.overlay_product(plate, rgba, box, match=match, gain=gain)


def read_gain(take: dict[str, Any], options: SceneOptions) -> NDArray[np.float32] | None:
    """Return what the set's light does to the product of a take, None where nothing is to."""
    if not take.get("light"):
        return None
    return composite.limit_light(np.load(take["light"]), options.relight)


def _scale_product(
    product: Product, frame: framing.Frame, width: int
) -> tuple[composite.Box, PillowImage.Image]:
    """Return the product's box in a plate that is `width` pixels wide, and its picture of that size."""
    scale = width / frame.width
    left, top, right, bottom = (round(edge * scale) for edge in frame.box)
    rgba = product.resize(max(1, right - left), max(1, bottom - top))
    return (left, top, right, bottom), rgba


def _plate(
    path: Path,
    photo: types.Image | None,
    product: Product,
    frame: framing.Frame,
    options: SceneOptions,
) -> types.Image:
    """Return a rendered plate; where the scene is a photo, that with the rendered shadow on it."""
    rendered = np.asarray(PillowImage.open(path))
    if photo is None:
        return rendered[..., :3]
    height, width = rendered.shape[:2]
    ground = photo_backdrop.overlay_shadow(compose.scale_to_cover(photo, width, height), rendered[..., 3])
    if options.reflection:
        box, rgba = _scale_product(product, frame, width)
        ground = photo_backdrop.overlay_reflection(
            ground, np.asarray(rgba), product.foot.lift, box, options.reflection
        )
    return ground


def _show_early(picture: types.Image, folder: Path, number: int) -> None:
    """Write a preview where the page looks for it, whole or not at all."""
    path = folder / f"early-{number}.webp"
    unfinished = path.with_suffix(".part")
    pictures.save(PillowImage.fromarray(picture), unfinished, format="webp", quality=EARLY_QUALITY)
    unfinished.replace(path)
