"""The files of a bare cutout: the product at the photo's full size, its thumbnail, and what screens lack."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.io import formats, outputs, pictures, resampling
from editor.engines.io.png import writer
from editor.engines.matting import confidence

from .kept_cutout import KeptCutout, Patch, join


def write(kept: KeptCutout, folder: Path) -> list[types.Output]:
    """Write the cutout as it is now, and its thumbnail, which is made of the copy for screens."""
    path = folder / "image.png"
    with ThreadPoolExecutor(1) as other:
        thumbnail = other.submit(_write_thumbnail, kept, folder / "image-thumbnail.webp")
        size = kept.write(path)
        image = types.Output("image", str(path), kept.width, kept.height, "png", size)
        return [image, thumbnail.result()]


def _write_thumbnail(kept: KeptCutout, path: Path) -> types.Output:
    height, width = kept.screen.shape[:2]
    size = formats.fit_size(width, height, outputs.THUMBNAIL_SIDE)
    small = (
        kept.screen
        if size == (width, height)
        else resampling.resize(kept.screen, size, (0, 0, width, height))
    )
    return outputs.write_thumbnail(Image.fromarray(join(*pictures.unweigh(small))), path, "result")


def write_patch(patch: Patch, folder: Path, before: str, after: str) -> None:
    """Write what screens can show of a correction before its file is packed, types.PATCH, and where it is.

    Of its windows each is below the other in one PNG. before, after: the names of the strokes of the copy
    that it is laid on, and of what becomes of that. The words come last: once they are there the picture is.
    """
    wide = max((part.shape[1] for part in patch.pixels), default=1)
    made = np.zeros((sum(len(part) for part in patch.pixels) or 1, wide, 4), np.uint8)
    top = 0
    for part in patch.pixels:
        made[top : top + len(part), : part.shape[1]] = part
        top += len(part)
    writer.write(folder / types.PATCH, made, quick=True)
    boxes = [[columns.start, rows.start, columns.stop, rows.stop] for rows, columns in patch.windows]
    words = json.dumps({"before": before, "after": after, "boxes": boxes})
    half = folder / f"{types.PATCH_WORDS}.part"
    half.write_text(words, encoding="ascii")
    half.rename(folder / types.PATCH_WORDS)


def describe(kept: KeptCutout) -> dict[str, Any]:
    """Return what is found out about a cutout by its pixels, as JSON holds it."""
    box = list(kept.box)
    return {
        "box": box,
        "placed": box,
        "canvas": [kept.width, kept.height],
        "ambiguous": round(confidence.measure_ambiguity(kept.grey), 4),
    }
