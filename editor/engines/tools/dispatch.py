"""The one door to the tools: a tool's name, a picture file and a folder in; the files it wrote out.

It is what the warm child process calls. Importing this loads neither OpenVINO nor numba; the first job,
or `warm`, does. It knows the tools; no tool knows it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from editor.engines import memory
from editor.engines.errors import InvalidOptions, OutOfMemory
from editor.engines.types import Output, Report, ignore_progress
from editor.tools import Tool

JOBS = {
    "deliver": "deliver",
    "faces": "faces",
    "finish": "remote_finish",
    "outgoing": "remote_prepare",
    "prepare": "prepare",
    "scene": "scene_job",
}
"""The module of what is no tool, or is not in the module of its tool's name."""

Run = Callable[[str, Path, dict[str, Any], Report], list[Output]]


def run(
    tool: str, source: str, folder: str, options: Mapping[str, Any], report: Report = ignore_progress
) -> list[Output]:
    """Run a tool on the picture file `source`, write its results into `folder`, and list them.

    Tools: "cutout", options as cutout.CutoutOptions, and `prepare` to have prepare's files as well;
    "erase", options as erase.EraseOptions;
    "head", options as head.HeadOptions, and `prepare` as for a cutout;
    "faces", no options, writes the list of the photo's heads as JSON, see faces.run;
    "scene", options as scenes.options.SceneOptions, which also writes early-1.webp and take-1.json
    (and -2) as soon as there is something to see, and as soon as a take is done;
    "prepare", no options, makes of the photo what the page shows: a `preview` and a `thumbnail`;
    "outgoing", what of it a service is handed, see remote_prepare.run;
    "deliver", the files of a recipe, see deliver.run;
    "finish", what a service made as the tool itself would have, see remote_finish.run.
    report hears the share that is done; what it raises (errors.Cancelled) stops the work.
    Raises EngineError, see errors.py; OSError where a file cannot be opened or written.
    """
    try:
        work: Run = find_module(tool).run
        report(0.0)
        outputs = work(source, Path(folder), dict(options), report)
        report(1.0)
        return outputs
    except MemoryError as exc:
        raise OutOfMemory from exc
    finally:
        memory.trim()


def warm() -> None:
    """Load and run once all that the first job would otherwise wait for. Raises WeightsMissing."""
    # Importing them compiles the kernels, or loads what an earlier start compiled.
    from editor.engines.io.png import deflate_kernels, filter_kernels  # noqa: F401

    for tool in Tool:
        if prepare := getattr(find_module(tool), "warm", None):
            prepare()


def find_module(name: str) -> ModuleType:
    """Return the module that does a job; it is imported now, as most processes do few of them.

    Raises InvalidOptions.
    """
    if name not in JOBS and name not in Tool:
        raise InvalidOptions(f"There is no tool '{name}'.")
    return importlib.import_module(f".{JOBS.get(name, name)}", __package__)
