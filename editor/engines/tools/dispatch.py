"""What the warm child process runs: one tool on one file, results into one folder.

Importing this loads neither OpenVINO nor numba; the first job, or `warm`, does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from editor.engines import memory
from editor.engines.errors import InvalidOptions, OutOfMemory, UnsuitableContent
from editor.engines.types import Alpha, Kind, Output, Report, unheard

if TYPE_CHECKING:
    from PIL import Image

    from editor.engines.io.colour.description import Density
    from editor.engines.io.pictures import Picture

    from .cutout import Cutout, CutoutOptions
    from .head import CutHeads, HeadOptions

THUMBNAIL_SIDE = 480
STANCE_SIDE = 512
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
    "scene", options as scene.SceneOptions, which also writes early-1.webp and take-1.json
    (and -2) as soon as there is something to see, and as soon as a take is done;
    "prepare", no options, makes of the photo what the page shows: a `preview` and a `thumbnail`;
    "outgoing", what of it a service is handed, see outgoing.run_outgoing;
    "finish", what a service made as the tool itself would have, see finish.run_finish.
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
    finally:
        memory.trim()


def warm() -> None:
    """Load and run once all that the first job would otherwise wait for. Raises WeightsMissing."""
    import numpy as np

    from editor.engines.io.png import deflate_kernels, filter_kernels  # noqa: F401

    # Importing it compiles the kernels, or loads what an earlier start compiled.
    from editor.engines.matting import alpha_matte, foreground_estimation, stroke_correction  # noqa: F401

    from . import erase, head

    pixels = np.zeros((64, 64, 3), np.uint8)
    foreground_estimation.estimate(pixels, np.full((64, 64), 0.5, np.float32))
    erase.warm()
    alpha_matte.warm()
    head.warm()


def _cutout(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from editor.engines.io import pictures

    from . import cutout

    prepare = options.pop("prepare", False)
    chosen = cutout.CutoutOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    outputs = _show(picture, folder) if prepare else []
    report(0.2)
    made = cutout.cut(picture, chosen, report, path=Path(source))
    outputs += cut_out(made, chosen, folder, picture.density)
    found = {"took": made.took} | stance(made.mask)
    outputs.append(facts(found, folder, picture.width, picture.height))
    return outputs


def stance(mask: Alpha) -> dict[str, Any]:
    """Return how what was cut out was photographed, for the page on which it is put into a scene."""
    import numpy as np

    from editor.engines.io import pictures
    from editor.engines.scenes import ground_contact

    small = np.asarray(pictures.shrunk(pictures.grey(mask), STANCE_SIDE), np.float32) / np.float32(255)
    try:
        _, alpha = ground_contact.cropped(np.zeros((*small.shape, 3), np.uint8), small)
    except UnsuitableContent:
        return {}
    return {"stance": ground_contact.stance(alpha, ground_contact.foot(alpha)).to_dict()}


def cut_out(
    made: Cutout | CutHeads,
    chosen: CutoutOptions | HeadOptions,
    folder: Path,
    density: Density | None,
) -> list[Output]:
    """Write what was cut out, its mask, or both, each with its thumbnail."""
    from editor.engines.io import pictures

    outputs = []
    if chosen.outputs != "mask":
        image = pictures.joined(made.rgb, made.alpha)
        outputs += shown(image, folder, chosen.format, density=density)
    if chosen.outputs != "image":
        outputs += shown(pictures.grey(made.mask), folder, "png", kind="mask", density=density)
    return outputs


def shown(
    image: Image.Image,
    folder: Path,
    format: str,
    *,
    kind: Literal["image", "mask"] = "image",
    number: int = 1,
    density: Density | None = None,
) -> list[Output]:
    """Write a result, with its photo's density, and its thumbnail."""
    name = kind if number == 1 else f"{kind}-{number}"
    # Side by side: packing a picture leaves the other processors idle.
    with ThreadPoolExecutor(1) as other:
        small = other.submit(_thumbnail, image, folder / f"{name}-thumbnail.webp", "result")
        made = write(image, folder / f"{name}.{format}", kind, density=density)
        return [replace(made, number=number), replace(small.result(), number=number)]


def facts(found: dict[str, Any], folder: Path, width: int, height: int) -> Output:
    """Write what was found, for the page to tell."""
    path = folder / "facts.json"
    size = path.write_text(json.dumps(found), encoding="ascii")
    return Output("facts", str(path), width, height, "json", size, "photo")


def _prepare(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from editor.engines.io import pictures

    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    picture = pictures.read(source)
    report(0.4)
    return _show(picture, folder)


def _show(picture: Picture, folder: Path) -> list[Output]:
    """Write the photo as a browser shows it, and a thumbnail: upright, sRGB, without metadata."""
    from editor.engines.io import pictures

    photo = pictures.joined(picture.rgb, picture.alpha)
    path = folder / ("preview.jpg" if picture.alpha is None else "preview.webp")
    preview = write(photo, path, "preview", PREVIEW_QUALITY, "photo")
    return [preview, _thumbnail(photo, folder / "preview-thumbnail.webp", "photo")]


def _thumbnail(image: Image.Image, path: Path, of: Literal["photo", "result"]) -> Output:
    from editor.engines.io import pictures

    small = pictures.shrunk(image, THUMBNAIL_SIDE)
    if small is image:
        # Pillow notes in a picture how it is being saved, and two savings go on side by side.
        small = image.copy()
    return write(small, path, "thumbnail", THUMBNAIL_QUALITY, of)


def write(
    image: Image.Image,
    path: Path,
    kind: Kind,
    quality: int | None = None,
    of: Literal["photo", "result"] = "result",
    density: Density | None = None,
) -> Output:
    from editor.engines.io import pictures

    format = path.suffix.removeprefix(".")
    size = pictures.save(image, path, format=format, quality=quality, density=density)
    return Output(kind, str(path), image.width, image.height, format, size, of)


def _erase(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import erase

    return erase.run_erase(source, folder, options, report)


def _scene(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import scene_job

    return scene_job.run_scene(source, folder, options, report)


def _head(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from editor.engines.io import pictures

    from . import head

    prepare = options.pop("prepare", False)
    chosen = head.HeadOptions.from_dict(options)
    picture = pictures.read(source)
    report(0.1)
    outputs = _show(picture, folder) if prepare else []
    report(0.15)
    made = head.cut(picture, chosen, report, path=Path(source))
    return outputs + cut_out(made, chosen, folder, picture.density)


def _faces(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import head

    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    return [head.write_list(source, folder / "faces.json")]


def _outgoing(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import remote_prepare

    return remote_prepare.run_outgoing(source, folder, options, report)


def _finish(source: str, folder: Path, options: dict[str, Any], report: Report) -> list[Output]:
    from . import remote_finish

    return remote_finish.run_finish(source, folder, options, report)


TOOLS: dict[str, Tool] = {
    "cutout": _cutout,
    "erase": _erase,
    "faces": _faces,
    "finish": _finish,
    "head": _head,
    "outgoing": _outgoing,
    "prepare": _prepare,
    "scene": _scene,
}
