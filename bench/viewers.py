"""Other programs' view of a picture file: what bench.formats holds our reader against.

Each says what it shows of a file as RGBA in sRGB, upright, the first frame alone, or that it shows
nothing. Neither shares any code of ours; where they differ from one another, bench/reasons.py says why.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Error as PlaywrightError

from tests.support.browsing import chromium

RGBA = NDArray[np.uint8]

DEADLINE_S = 60
MOST_PIXELS = 2**26
"""More than we take by far."""

# Drawn into a canvas, which is sRGB; `onload` comes for files too whose last rows are missing.
DRAW = """async ([data, most]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const image = new Image();
    const url = URL.createObjectURL(new Blob([bytes]));
    try {
        const shown = await new Promise((resolve) => {
            image.onload = () => resolve(true);
            image.onerror = () => resolve(false);
            image.src = url;
        });
        if (!shown || !image.naturalWidth || image.naturalWidth * image.naturalHeight > most) return null;
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        const reader = new FileReader();
        const written = new Promise((resolve) => { reader.onload = () => resolve(reader.result); });
        reader.readAsDataURL(new Blob([pixels]));
        return [canvas.width, canvas.height, (await written).split(",")[1]];
    } finally {
        URL.revokeObjectURL(url);
    }
}"""


class Viewer(Protocol):
    """A program that shows picture files."""

    name: str
    version: str

    def show(self, path: Path) -> RGBA | None:
        """Return the file's picture, (H, W, 4), colours not premultiplied; None where it shows none."""


class Libvips:
    """libvips by its command line, Debian's package libvips-tools."""

    def __init__(self, scratch: Path) -> None:
        version = subprocess.run(["vips", "--version"], capture_output=True, text=True, check=True).stdout
        self.name, self.version = "libvips", version.split()[0].removeprefix("vips-")
        self._shown = scratch / "libvips.png"

    def show(self, path: Path) -> RGBA | None:
        self._shown.unlink(missing_ok=True)
        # A thumbnail that is not made smaller: upright, and in sRGB whatever the file's profile says. Without
        # a profile it must not be asked for one: libvips would go there and back through Lab, 5 of 255 off.
        command = [
            "vipsthumbnail",
            str(path),
            "--size",
            "100000x100000>",
            "-o",
            f"{self._shown}[strip,compression=1]",
        ]
        try:
            if run("vipsheader", "-f", "icc-profile-data", str(path)):
                command += ["--export-profile", "srgb"]
            run(*command)
            with Image.open(self._shown) as picture:
                too_large = picture.width * picture.height > MOST_PIXELS
                return None if too_large else np.asarray(picture.convert("RGBA"))
        except (subprocess.TimeoutExpired, OSError, Image.DecompressionBombError):
            return None


class Chromium:
    """Chromium's canvas: what a person sees on the page. One that falls over a file is started anew."""

    def __init__(self, stack: ExitStack) -> None:
        self._running = ExitStack()
        stack.callback(lambda: self._running.close())
        self.name, self.version = "Chromium", self._start()

    def show(self, path: Path) -> RGBA | None:
        # The context of about:blank may not use blobs' addresses; a page of a name of its own may.
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        for _ in range(2):
            try:
                shown = self._page.evaluate(DRAW, [content, MOST_PIXELS])
                break
            except PlaywrightError:
                # What ended a browser that hung says so as it is closed.
                with suppress(PlaywrightError, AssertionError):
                    self._running.close()
                self._start()
        else:
            return None
        if shown is None:
            return None
        width, height, pixels = shown
        return np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)

    def _start(self) -> str:
        self._running = ExitStack()
        browser = self._running.enter_context(chromium())
        self._page = browser.new_page()
        return browser.version


def run(*command: str) -> bool:
    """Run a command and say whether it did what it was asked."""
    return subprocess.run(command, capture_output=True, timeout=DEADLINE_S).returncode == 0


@contextmanager
def open_viewers() -> Iterator[list[Viewer]]:
    """Start what is installed of libvips and Chromium, and stop it again."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        viewers: list[Viewer] = [Chromium(stack)]
        if shutil.which("vipsthumbnail"):
            viewers.append(Libvips(scratch))
        yield viewers
