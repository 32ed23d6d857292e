"""One job: every set built, previewed, then rendered in full, with news of how far it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from editor.engines.sets.framing import Frame
from editor.engines.sets.plan import SetPlan

from . import catcher, pieces, product, render, rigs
from .build import Build, fresh_scene

EARLY_SIDE = 320
EARLY_SAMPLES = 4
PLAIN_LIGHT = 0.8
"""A meter from which light is plain, not of a mood."""

AIRBORNE = ("balloons", "bubbles", "drape", "fairy-lights", "leaves", "palm", "tubes")
"""Props that a product that hangs may have about it: the ground, where all others stand, is out of sight."""

EARLY_SHARE = 0.2
"""Of the work, what the previews take."""

Tell = Callable[[dict[str, Any]], None]


def shot(job: dict[str, Any], tell: Tell) -> None:
    """Carry out a job as __main__ describes it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    pieces.load()
    folder = Path(job["folder"])
    cutout = product.Cutout.read(job["product"]["picture"], job["product"]["shape"])
    tell({"share": 0.03})
    builds = []
    takes = job["takes"]
    for number, take in enumerate(takes, 1):
        build = built(take, cutout, job["product"], f"take-{number}", folder)
        builds.append(build)
        render.rendered(
            build,
            Path(take["early"]),
            side=min(EARLY_SIDE, max(build.frame.width, build.frame.height)),
            samples=EARLY_SAMPLES,
        )
        tell({"early": number, "share": EARLY_SHARE * number / len(takes)})
    for number, (build, take) in enumerate(zip(builds, takes, strict=True), 1):
        begin = EARLY_SHARE + (1 - EARLY_SHARE) * (number - 1) / len(takes)
        with _Progress(begin, (1 - EARLY_SHARE) / len(takes), tell, render.bands(build.frame)):
            side = max(build.frame.width, build.frame.height)
            render.rendered(build, Path(take["plate"]), side=side, samples=take["samples"])
        tell({"done": number, "share": begin + (1 - EARLY_SHARE) / len(takes)})


def built(
    take: dict[str, Any], cutout: product.Cutout, facts: dict[str, Any], name: str, folder: Path
) -> Build:
    """Return a set with all its pieces, the product, light and camera, its exposure metered."""
    frame = Frame(
        **{**take["frame"], "foot": tuple(take["frame"]["foot"]), "size": tuple(take["frame"]["size"])}
    )
    foot = tuple(facts["foot"])
    if "plan" not in take:
        return catcher.caught(take, frame, cutout, foot)
    plan = SetPlan.from_dict(take["plan"])
    build = Build.begun(plan, frame, take["seed"], fresh_scene(name), foot, facts["tone"])
    render.settings(build)
    render.camera(build)
    pieces.SURFACES[plan.surface.name].make(build, plan.surface)
    if not build.lying:
        build.backdrop.make(build, plan.backdrop)
        if plan.stand is not None and build.pose == "stand":
            pieces.STANDS[plan.stand.name](build, plan.stand)
    pieces.LIGHTS[plan.light](build)
    if build.lying:
        rigs.overhead(build)
    if plan.air:
        pieces.AIRS[plan.air](build)
    for prop in plan.props:
        if build.pose != "hang" or prop.name in AIRBORNE:
            pieces.PROPS[prop.name](build, prop)
    glow = product.stood(build, cutout)
    scene = build.scene
    if build.backdrop.kind == "sweep" and build.meter >= PLAIN_LIGHT:
        # On a studio's paper colours are what they were asked to be.
        build.transform = rigs.NEUTRAL
    scene.view_settings.view_transform = build.transform
    scene.view_settings.look = build.look if build.transform == "AgX" else "None"
    scene.cycles.seed = take["seed"] % 2**31
    render.exposed(build, glow, folder)
    return build


class _Progress:
    """Tells how far Cycles is, from the statistics that it prints, while a picture's bands are rendered."""

    SAMPLE = re.compile(r"Sample (\d+)/(\d+)")

    def __init__(self, begin: float, span: float, tell: Tell, bands: int) -> None:
        self.begin, self.span, self.tell = begin, span / bands, tell
        self.last, self.sample = 0.0, 0

    def __enter__(self) -> None:
        bpy.app.handlers.render_stats.append(self._heard)

    def __exit__(self, *_: object) -> None:
        bpy.app.handlers.render_stats.remove(self._heard)

    def _heard(self, statistics: str, *_: object) -> None:
        found = self.SAMPLE.search(str(statistics))
        if not found:
            return
        if int(found[1]) < self.sample:
            # The next band began.
            self.begin += self.span
        self.sample = int(found[1])
        if time.monotonic() - self.last > 0.2:
            self.last = time.monotonic()
            self.tell({"share": self.begin + self.span * 0.95 * self.sample / max(1, int(found[2]))})
