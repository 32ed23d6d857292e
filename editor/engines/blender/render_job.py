"""One job: every set built, previewed, then rendered in full, with news of how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bpy

from editor.engines.scenes import render_pace as paces
from editor.engines.scenes.framing import Frame
from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.render_pace import Pace
from editor.engines.scenes.true_size import grain, scale_prop
from editor.engines.scenes.vocabulary import PROPS, SURFACES

from . import (
    balance,
    gels,
    index_pass,
    light_pass,
    pieces,
    product,
    render,
    render_progress,
    shadow_catcher,
    surroundings,
)
from .kit import registry
from .kit.camera import place_camera
from .kit.shaders import finer
from .kit.stage import Build, new_scene
from .pieces import rigs
from .render_progress import Timing

EARLY_SIDE = 320
EARLY_SAMPLES = 4
PLAIN_LIGHT = 0.8
"""A meter from which light is plain, not of a mood."""

STAND = 1
"""The stand's number in the index pass; the props' follow."""

EARLY_SHARE = 0.2
"""Of the work, what the previews take."""

Tell = Callable[[dict[str, Any]], None]


def run_job(job: dict[str, Any], tell: Tell) -> None:
    """Carry out a job as __main__ describes it."""
    started, used = render_progress.now(), time.process_time()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    pieces.load_pieces()
    cutout = product.Cutout.read(job["product"]["picture"], job["product"]["shape"])
    tell({"share": 0.03})
    takes, until = job["takes"], job.get("until")
    sets = []
    for place, take in enumerate(takes, 1):
        if until is not None and render_progress.now() > until:
            # Sets are built by one processor.
            share = (time.process_time() - used) / (render_progress.now() - started)
            tell({"late": take["number"], "busy": share < paces.ENOUGH})
            return
        sets.append(_preview(take, job, cutout))
        tell({"early": take["number"], "share": EARLY_SHARE * place / len(takes)})
    begin, span, pace = EARLY_SHARE, (1 - EARLY_SHARE) / len(takes), None
    for place, (take, (build, early)) in enumerate(zip(takes, sets, strict=True)):
        # A picture in full says more of another than a tiny one does.
        pace = pace or early
        size = build.frame.width, build.frame.height
        choice = paces.Choice(max(size), 0.0)
        if until is not None:
            possible = paces.choose_rendering(pace, size, until - render_progress.now(), len(takes) - place)
            if possible is None:
                tell({"late": take["number"], "busy": pace.is_busy})
                return
            choice = possible
        heard = partial(_tell_share, tell, begin, span)
        done = Timing(render.bands(build.frame, choice.side), choice.limit, heard)
        render.render_picture(
            build, Path(take["plate"]), side=choice.side, samples=take["samples"], timing=done
        )
        begin, pace = begin + span, done.pace
        gave_way = _gave_way(done, choice.side, max(size))
        if build.hidden:
            gave_way["hidden"] = build.hidden
        tell({"done": take["number"], "share": begin, "gave_way": gave_way})


def _preview(take: dict[str, Any], job: dict[str, Any], cutout: product.Cutout) -> tuple[Build, Pace]:
    """Build a take's set and render it small. Return it, and how quickly that went."""
    build = build_set(take, cutout, job["product"], f"take-{take['number']}", Path(job["folder"]))
    side, early = min(EARLY_SIDE, max(build.frame.width, build.frame.height)), Timing()
    path = Path(take["early"])
    if "plan" not in take:
        render.render_picture(build, path, side=side, samples=EARLY_SAMPLES, timing=early)
        return build, early.pace
    settings = build.scene.render.image_settings
    settings.file_format = "OPEN_EXR"
    render.render_picture(build, path.with_suffix(".exr"), side=side, samples=EARLY_SAMPLES, timing=early)
    settings.file_format = "PNG"
    balance.balance(build, path)
    return build, early.pace


def _tell_share(tell: Tell, begin: float, span: float, share: float) -> None:
    tell({"share": begin + span * share})


def _gave_way(done: Timing, side: int, wanted: int) -> dict[str, Any]:
    """Return what gave way for want of time, nothing where nothing did."""
    if done.fewest is None and side == wanted:
        return {}
    samples = done.wanted if done.fewest is None else done.fewest
    sides, busy = {"side": side, "of_side": wanted}, done.pace.is_busy
    return {"samples": samples, "of_samples": done.wanted, **sides, "busy": busy}


def build_set(
    take: dict[str, Any], cutout: product.Cutout, facts: dict[str, Any], name: str, folder: Path
) -> Build:
    """Return a set with all its pieces, the product, light and camera, its exposure metered."""
    frame = Frame(
        **{**take["frame"], "foot": tuple(take["frame"]["foot"]), "size": tuple(take["frame"]["size"])}
    )
    foot = tuple(facts["foot"])
    if "plan" not in take:
        return shadow_catcher.build_shadow_catcher(take, frame, cutout, foot)
    plan = SetPlan.from_dict(take["plan"])
    build = Build.begin(
        plan, frame, take["seed"], new_scene(name), foot, facts["tone"], take.get("size_cm", 0.0)
    )
    render.apply_settings(build)
    place_camera(build)
    with finer(grain(build.size_cm, SURFACES[plan.surface.name].metric)):
        registry.SURFACES[plan.surface.name](build, plan.surface)
    if not build.lies:
        with finer(grain(build.size_cm, build.backdrop.metric)):
            registry.BACKDROPS[plan.backdrop.name](build, plan.backdrop)
        if plan.stand is not None and build.pose == "stand":
            with index_pass.numbered(STAND):
                registry.STANDS[plan.stand.name](build, plan.stand)
    others = set(build.scene.objects)
    registry.LIGHTS[plan.light](build)
    if build.lies:
        rigs.overhead(build)
    surroundings.surround(build)
    rig = [thing for thing in build.scene.objects if thing.type == "LIGHT" and thing not in others]
    gels.apply_gels(build, rig)
    if plan.air:
        registry.AIRS[plan.air](build)
    for number, prop in enumerate(plan.props, index_pass.FIRST_PROP):
        if build.pose != "hang" or PROPS[prop.name].airborne:
            build.prop_scale = scale_prop(prop.name, build.size_cm)
            index_pass.build_prop(build, prop, number)
    if take.get("check") and build.pose != "hang":
        build.hidden = index_pass.bring_into_sight(build, cutout.depth, folder)
    glow = product.stand_product(build, cutout)
    scene = build.scene
    if build.backdrop.kind == "sweep" and build.meter >= PLAIN_LIGHT:
        # On a studio's paper colours are what they were asked to be.
        build.transform = rigs.NEUTRAL
    scene.view_settings.view_transform = build.transform
    scene.view_settings.look = build.look if build.transform == "AgX" else "None"
    scene.cycles.seed = take["seed"] % 2**31
    factor = render.set_exposure(build, glow, folder)
    if light := take.get("light"):
        light_pass.measure_light(build, cutout, factor, Path(light))
    if index := take.get("index"):
        index_pass.write_index(build, Path(index))
    return build
