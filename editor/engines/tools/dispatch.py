"""The one door to the tools: a tool's name, a picture file and a folder in; the files it wrote out.

It is what the warm child process calls. Importing this loads neither OpenVINO nor numba; the first job,
or `warm`, does. It knows the tools; no tool knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from editor.engines import memory
from editor.engines.errors import InvalidOptions, OutOfMemory
from editor.engines.types import Output, Report, ignore_progress

Run = Callable[[str, Path, dict[str, Any], Report], list[Output]]


def run(
    tool: str, source: str, folder: str, options: Mapping[str, Any], report: Report = ignore_progress
) -> list[Output]:
    """Run a tool on the picture file `source`, write its results into `folder`, and list them.

    Tools: "cutout", options as cutout.CutoutOptions, and `prepare` to have prepare's files as well;
    "erase", options as erase.EraseOptions;
    "head", options as head.HeadOptions, and `prepare` as for a cutout;
    "faces", no options, writes the list of the photo's heads as JSON, see head.run_faces;
    "scene", options as scenes.options.SceneOptions, which also writes early-1.webp and take-1.json
    (and -2) as soon as there is something to see, and as soon as a take is done;
    "prepare", no options, makes of the photo what the page shows: a `preview` and a `thumbnail`;
    "outgoing", what of it a service is handed, see remote_prepare.run;
    "finish", what a service made as the tool itself would have, see remote_finish.run.
    report hears the share that is done; what it raises (errors.Cancelled) stops the work.
    Raises EngineError, see errors.py; OSError where a file cannot be opened or written.
    """
    try:
        tool_run = _find_tool(tool)
        report(0.0)
        outputs = tool_run(source, Path(folder), dict(options), report)
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


def _find_tool(name: str) -> Run:
    """Return what runs a tool; its module is imported now, as most processes run few of them."""
    match name:
        case "cutout":
            from . import cutout

            return cutout.run
        case "erase":
            from . import erase

            return erase.run
        case "faces":
            from . import head

            return head.run_faces
        case "finish":
            from . import remote_finish

            return remote_finish.run
        case "head":
            from . import head

            return head.run
        case "outgoing":
            from . import remote_prepare

            return remote_prepare.run
        case "prepare":
            from . import prepare

            return prepare.run
        case "scene":
            from . import scene_job

            return scene_job.run
    raise InvalidOptions(f"There is no tool '{name}'.")
