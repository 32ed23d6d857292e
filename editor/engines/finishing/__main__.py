"""Pictures made on demand, and products measured: python -m editor.engines.finishing MEGABYTES IDLE_SECONDS.

Each line of its input is a JSON object: `work`, one of WORKS, its `source` and `target`, and what that work
takes besides. Each is answered in one line: {"width", "height"} of what was written, or {"sentence"} of why
not, for people. `measure` writes nothing, and answers with Measures.to_dict; `photo` is the photo that the
cutout `source` is of. It stays warm, and ends when its input does, and when nothing was asked of it for so
many seconds.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from editor.engines import errors

if TYPE_CHECKING:
    from editor.engines.io.pictures import Picture
    from editor.engines.types import Alpha

    from .finish import Finish
    from .render import Rendering

PR_SET_PDEATHSIG = 1

Asked = dict[str, Any]


MOST_KEPT = 16_000_000
"""Pixels up to which a picture stays decoded for what is asked next, which mostly is the same one's."""


class Memory:
    """The last picture that was decoded."""

    def __init__(self) -> None:
        self.key: tuple[str, int, int] | None = None
        self.picture: Picture | None = None

    def read(self, source: str) -> Picture:
        """Return a file's picture, with alpha. Raises what pictures.read raises."""
        about = Path(source).stat()
        key = source, about.st_mtime_ns, about.st_size
        if self.picture is not None and self.key == key:
            return self.picture
        self.key = self.picture = None
        picture = decode(source)
        if picture.width * picture.height <= MOST_KEPT:
            self.key, self.picture = key, picture
        return picture


memory = Memory()


def decode(source: str) -> Picture:
    import numpy as np

    from editor.engines.io import pictures

    picture = pictures.read(source)
    if picture.alpha is not None:
        return picture
    return replace(picture, alpha=np.ones(picture.rgb.shape[:2], np.float32))


def render(asked: Asked) -> tuple[Rendering, Picture, Finish]:
    from .finish import Finish
    from .render import render

    picture, finish = memory.read(asked["source"]), Finish.from_dict(asked["finish"])
    alpha = cast("Alpha", picture.alpha)
    return render(picture.rgb, alpha, finish, asked.get("backdrop")), picture, finish


def make_finished(asked: Asked) -> tuple[int, int]:
    from editor.engines.io import pictures

    made, picture, finish = render(asked)
    density = picture.density
    pictures.write(asked["target"], made.rgb, made.alpha, format=finish.format, density=density)
    return made.mask.shape[1], made.mask.shape[0]


def make_mask(asked: Asked) -> tuple[int, int]:
    from editor.engines.io import pictures

    mask = render(asked)[0].mask
    pictures.write_mask(asked["target"], mask)
    return mask.shape[1], mask.shape[0]


def make_screen_copy(asked: Asked) -> tuple[int, int]:
    from . import conversion

    return conversion.copy_for_screen(memory.read(asked["source"]), Path(asked["target"]), asked["side"])


def make_conversion(asked: Asked) -> tuple[int, int]:
    from . import conversion

    return conversion.convert_file(
        Path(asked["source"]),
        Path(asked["target"]),
        format=asked["format"],
        size=asked["size"],
        background=asked["background"],
    )


def take_measures(asked: Asked) -> dict[str, Any]:
    from .measures import measure_pictures

    return measure_pictures(memory.read(asked["source"]), asked.get("photo")).to_dict()


WORKS: dict[str, Callable[[Asked], tuple[int, int]]] = {
    "finish": make_finished,
    "mask": make_mask,
    "screen": make_screen_copy,
    "convert": make_conversion,
}


def answer(line: bytes) -> dict[str, Any]:
    """Do what one line asks for, and return the answer."""
    asked = json.loads(line)
    try:
        if asked["work"] == "measure":
            return take_measures(asked)
        width, height = WORKS[asked["work"]](asked)
    except errors.EngineError as exc:
        return {"sentence": str(exc)}
    except MemoryError:
        return {"sentence": errors.OutOfMemory.sentence}
    return {"width": width, "height": height}


def settle_in(megabytes: int) -> None:
    """Keep to the memory that there is for it, and die with whoever started it."""
    # Ctrl-C reaches the whole group; whoever started this decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        limit = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def serve(idle_seconds: float) -> None:
    """Answer line by line, until there is no more to come or nothing was asked for so long."""
    # What anything prints goes to the log: the answers have the way out to themselves.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    pending = b""
    while True:
        line, newline, pending = pending.partition(b"\n")
        if newline:
            answers.write(json.dumps(answer(line)).encode() + b"\n")
            continue
        pending = line
        ready, _, _ = select.select([0], [], [], idle_seconds)
        more = os.read(0, 1 << 16) if ready else b""
        if not more:
            return
        pending += more


if __name__ == "__main__":
    settle_in(int(sys.argv[1]))
    serve(float(sys.argv[2]))
