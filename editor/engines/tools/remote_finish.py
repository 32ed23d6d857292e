"""What a service made of a picture, finished as our own tool would have: framed, laid on, written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types
from editor.engines.errors import EngineError, InvalidOptions, NothingFound, UnusableAnswer
from editor.engines.io import compose, outputs, pictures
from editor.engines.io.colour.description import Density
from editor.engines.matting import confidence, solid_insides

from . import canvas, cutout, erase, head

SCENE_SIDE = 1024
"""Pixels of a scene's longer side where nothing is said, as in scenes.options."""

COMPARED = 500_000
"""About so many pixels tell how a service's colours differ from ours."""

DOUBT = 8.0
"""Grey levels: a picture whose pixels differ less from one another tells nothing of contrast."""

Options = Mapping[str, Any]
Finish = Callable[[Path, list[Path], Options, Path, types.Report], list[types.Output]]


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write into `folder` what the tool would have made of the picture file `source`.

    options: `tool`; `pictures`, the files that a service made, in their order; and `options`, the tool's
    own: a cutout's as cutout.CutoutOptions, a head's as head.HeadOptions, an erasing's as
    erase.EraseOptions, and a scene's, of which `format` and `size` are heeded. All but scenes must be
    of the source's size. What is transparent in the source stays so; of an erasing the pixels outside
    the marks are the source's own, bit for bit.
    Raises UnusableAnswer for pictures that are damaged or of another size, and EngineError.
    """
    tool, files, asked = (options.pop(name, None) for name in ("tool", "pictures", "options"))
    if tool not in TOOLS or not files or not isinstance(asked, Mapping) or options:
        raise InvalidOptions(f"Nothing can be finished with {', '.join(sorted(options)) or tool!r}.")
    return TOOLS[tool](Path(source), [Path(file) for file in files], asked, folder, report)


def _finish_cutout(
    source: Path, files: list[Path], asked: Options, folder: Path, report: types.Report
) -> list[types.Output]:
    chosen = cutout.CutoutOptions.from_dict(asked)
    rgb, alpha, density = _read_cutout(source, files[0])
    report(0.4)
    if chosen.solid:
        alpha = solid_insides.fill(alpha, float(alpha.max(initial=0.0)))
    made, box, whole = cutout.finish(rgb, alpha, chosen)
    report(0.6)
    density = cutout.choose_density(chosen, density)
    written = canvas.write(made, chosen, folder, density, chosen.background_path)
    # What it was taken for the service does not say.
    took = {"took": chosen.subject} if chosen.subject else {}
    height, width = alpha.shape
    place = {"box": box, "placed": compose.subject_box(made.mask), "canvas": whole}
    ambiguous = {"ambiguous": round(confidence.measure_ambiguity(alpha), 4)}
    found = took | place | ambiguous | cutout.describe_stance(made.mask)
    written.append(outputs.write_facts(found, folder, width, height))
    return written


def _finish_head(
    source: Path, files: list[Path], asked: Options, folder: Path, report: types.Report
) -> list[types.Output]:
    chosen = head.HeadOptions.from_dict(asked)
    rgb, alpha, density = _read_cutout(source, files[0])
    report(0.4)
    made = canvas.finish(rgb, alpha, chosen)
    report(0.6)
    return canvas.write(made, chosen, folder, density)


def _finish_erase(
    source: Path, files: list[Path], asked: Options, folder: Path, report: types.Report
) -> list[types.Output]:
    chosen = erase.EraseOptions.from_dict(asked)
    before, made = _read_pair(source, files[0])
    report(0.4)
    mask = erase.read_mask(before, chosen)
    known = ~mask if before.alpha is None else ~mask & (before.alpha > 0.5 * before.opacity)
    rgb = before.rgb.copy()
    rgb[mask] = _match_colours(made.rgb[mask], made.rgb[known], before.rgb[known])
    report(0.6)
    image = erase.join_keeping_hidden(rgb, before.alpha, chosen.format)
    return outputs.write_result(image, folder, chosen.format, density=before.density)


def _finish_scene(
    source: Path, files: list[Path], asked: Options, folder: Path, report: types.Report
) -> list[types.Output]:
    format, size = asked.get("format", "jpg"), asked.get("size", SCENE_SIDE)
    if format not in pictures.FORMATS or not isinstance(size, int) or size < 1:
        raise InvalidOptions("A scene has one of our formats, and a size in pixels.")
    written = []
    for number, file in enumerate(files, 1):
        image = pictures.shrink(Image.fromarray(compose.flatten(_read_answer(file))), size)
        written += outputs.write_result(image, folder, format, number=number)
        report(number / (len(files) + 1))
    return written


def _read_answer(path: Path) -> pictures.Picture:
    """Return a picture that a service made. Raises UnusableAnswer."""
    try:
        return pictures.read(path)
    except EngineError as exc:
        raise UnusableAnswer from exc


def _read_pair(source: Path, path: Path) -> tuple[pictures.Picture, pictures.Picture]:
    """Return a picture, and what a service made of it. Raises UnusableAnswer unless they are of one size."""
    before, made = pictures.read(source), _read_answer(path)
    if made.rgb.shape != before.rgb.shape:
        raise UnusableAnswer
    return before, made


def _read_cutout(source: Path, path: Path) -> tuple[types.Image, types.Alpha, Density | None]:
    """Return what a service cut out, colours and alpha, and its photo's density.

    Raises NothingFound where nothing is left.
    """
    before, made = _read_pair(source, path)
    rgb = made.rgb
    alpha = np.ones(rgb.shape[:2], np.float32) if made.alpha is None else made.alpha
    if before.alpha is not None:
        alpha = np.minimum(alpha, before.alpha)
        # What is half transparent before has its own colours already, and maybe none in the answer.
        rgb = np.where((before.alpha < 1)[..., np.newaxis], before.rgb, rgb)
    if not (alpha > 0.5 * before.opacity).any():
        raise NothingFound
    return rgb, alpha, before.density


def _match_colours(
    colours: NDArray[np.uint8], theirs: NDArray[np.uint8], ours: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return colours (N, 3) of a service's picture as they would be in ours.

    theirs, ours (M, 3): the same pixels in both, untouched. Some services give all of a picture back in
    slightly other colours; where it is laid on our own pixels that would show. A line for each channel,
    by least squares, drawn towards no change where the pixels say little.
    """
    step = max(1, len(ours) // COMPARED)
    x, y = theirs[::step].astype(np.float64), ours[::step].astype(np.float64)
    if not len(x):
        return colours
    centre_x, centre_y = x.mean(axis=0), y.mean(axis=0)
    spread = ((x - centre_x) ** 2).mean(axis=0)
    together = ((x - centre_x) * (y - centre_y)).mean(axis=0)
    gain = (together + DOUBT**2) / (spread + DOUBT**2)
    matched = (colours - centre_x) * gain + centre_y
    return np.clip(matched + 0.5, 0, 255).astype(np.uint8)


TOOLS: dict[str, Finish] = {
    "cutout": _finish_cutout,
    "erase": _finish_erase,
    "head": _finish_head,
    "scene": _finish_scene,
}
