"""A photo made ready for the page: its preview and thumbnail, upright and in sRGB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.io import outputs, pictures


def run(source: str, folder: Path, options: dict[str, Any], report: types.Report) -> list[types.Output]:
    """Write the preview and the thumbnail of the picture file `source`; there are no options."""
    if options:
        raise InvalidOptions(f"There is no option {', '.join(sorted(options))}.")
    picture = pictures.read(source)
    report(0.4)
    return outputs.write_preview(picture, folder)
