"""The list of a photo's heads, for the page on which they are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.heads import detection
from editor.engines.io import outputs, pictures


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write the list of the heads in the picture file `source`, as detection.describe_heads has it.

    An empty list is a list too: nothing is raised for it. There are no options.
    """
    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    picture = pictures.read(source)
    report(0.1)
    listed = detection.describe_heads(detection.find_heads(picture), picture)
    return [outputs.write_facts(listed, folder, picture.width, picture.height, kind="faces")]
