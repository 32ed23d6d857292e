"""What the warm child process runs: one tool on one file, results into one folder.

Importing this loads neither OpenVINO nor numba; the first job, or `warm`, does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .contract import Kind, Output, Report, unheard
from .errors import InvalidOptions, OutOfMemory

if TYPE_CHECKING:
    from PIL import Image

    from .pictures import Picture

THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 80
PREVIEW_QUALITY = 90

Tool = Callable[[str, Path, dict[str, Any], Report], list[Output]]


def run(
    tool: str, source: str, folder: str, options: Mapping[str, Any], report: Report = unheard
) -> list[Output]:
    """Run a tool on the picture file `source`, write its results into `folder`, and list them.

    Tools: "cutout", options as cutout.CutoutOptions, and `prepare` to have prepare's files as well;
    "erase", options as erase.EraseOptions;
    "head", options as head.HeadOptions, and `prepare` as for a cutout;
    "faces", no options, writes the list of the photo's heads as JSON, see heads.told;
    "scene", options as scene.SceneOptions, which also writes early-1.webp (and -2) as soon as it can;
    "prepare", no options, makes of the photo what the page shows: a `preview` and a `thumbnail`.
    report hears the share that is done; what it raises (errors.Cancelled) stops the work.
    Raises EngineError, see errors.py; OSError where a file cannot be opened or written.
    """
    if tool not in TOOLS:
        raise InvalidOptions(f"There is no tool '{tool}'.")
    try:
        report(0.0)
        outputs = TOOLS[tool](source, Path(folder), dict(options), report)
        report(1.0)
        return outputs
    except MemoryError as exc:
        raise OutOfMemory from exc


def warm() -> None:
    """Load and run once all that the first job would otherwise wait for. Raises WeightsMissing."""
    import numpy as np

    # Importing it compiles the kernels, or loads what an earlier start compiled.
    from . import correction, erase, foreground, head, matte  # noqa: F401  (correction's kernel)

    pixels = np.zeros((64, 64, 3), np.uint8)
    foreground.estimate(pixels, np.full((64, 64), 0.5, np.float32))
    erase.warm()
    matte.warm()
    head.warm()


def _cutout(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import cutout, pictures

    prepare = options.pop("prepare", False)
    chosen = cutout.CutoutOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    outputs = _show(picture, folder) if prepare else []
    report(0.2)
    made = cutout.cut(picture, chosen, report, path=Path(source))
    if chosen.outputs != "mask":
        image = pictures.joined(made.rgb, made.alpha)
        outputs.append(_write(image, folder / f"image.{chosen.format}", "image"))
        outputs.append(_thumbnail(image, folder / "image-thumbnail.webp", "result"))
    if chosen.outputs != "image":
        mask = pictures.grey(made.mask)
        outputs.append(_write(mask, folder / "mask.png", "mask"))
        outputs.append(_thumbnail(mask, folder / "mask-thumbnail.webp", "result"))
    outputs.append(_facts({"took": made.took}, folder, picture))
    return outputs


def _facts(facts: dict[str, Any], folder: Path, picture: Picture) -> Output:
    """Write what was found, for the page to tell."""
    path = folder / "facts.json"
    size = path.write_text(json.dumps(facts), encoding="ascii")
    return Output("facts", str(path), picture.width, picture.height, "json", size, "photo")


def _prepare(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import pictures

    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    picture = pictures.read(source)
    report(0.4)
    return _show(picture, folder)


def _show(picture: Picture, folder: Path) -> list[Output]:
    """Write the photo as a browser shows it, and a thumbnail: upright, sRGB, without metadata."""
    from . import pictures

    photo = pictures.joined(picture.rgb, picture.alpha)
    path = folder / ("preview.jpg" if picture.alpha is None else "preview.webp")
    preview = _write(photo, path, "preview", PREVIEW_QUALITY, "photo")
    return [preview, _thumbnail(photo, folder / "preview-thumbnail.webp", "photo")]


def _thumbnail(image: Image.Image, path: Path, of: Literal["photo", "result"]) -> Output:
    from . import pictures

    return _write(pictures.shrunk(image, THUMBNAIL_SIDE), path, "thumbnail", THUMBNAIL_QUALITY, of)


def _write(
    image: Image.Image,
    path: Path,
    kind: Kind,
    quality: int | None = None,
    of: Literal["photo", "result"] = "result",
) -> Output:
    from . import pictures

    format = path.suffix.removeprefix(".")
    size = pictures.save(image, path, format=format, quality=quality)
    return Output(kind, str(path), image.width, image.height, format, size, of)


def _erase(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import erase

    return erase.run_erase(source, folder, options, report)


def _scene(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import scene

    return scene.run_scene(source, folder, options, report)


def _head(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import head, pictures

    prepare = options.pop("prepare", False)
    chosen = head.HeadOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    outputs = _show(picture, folder) if prepare else []
    report(0.15)
    made = head.cut(picture, chosen, report)
    if chosen.outputs != "mask":
        image = pictures.joined(made.rgb, made.alpha)
        outputs.append(_write(image, folder / f"image.{chosen.format}", "image"))
        outputs.append(_thumbnail(image, folder / "image-thumbnail.webp", "result"))
    if chosen.outputs != "image":
        mask = pictures.grey(made.mask)
        outputs.append(_write(mask, folder / "mask.png", "mask"))
        outputs.append(_thumbnail(mask, folder / "mask-thumbnail.webp", "result"))
    return outputs


def _faces(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import head

    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    return [head.write_list(source, folder / "faces.json")]


TOOLS: dict[str, Tool] = {
    "cutout": _cutout,
    "erase": _erase,
    "faces": _faces,
    "head": _head,
    "prepare": _prepare,
    "scene": _scene,
}
