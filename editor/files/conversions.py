"""Conversions: a result in another format or size, for one download, made by a short-lived process.

The web process must stay small and quick, so it never decodes a pixel.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
import weakref
from pathlib import Path
from typing import Any, BinaryIO

from asgiref.sync import sync_to_async
from django import forms
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import RegexValidator

from editor.models import Result

from .downloads import get_extension

logger = logging.getLogger(__name__)

FORMATS = {"png": "PNG", "jpg": "JPG", "webp": "WebP"}
SIZES = {"large": 2048, "medium": 1024, "small": 512, "preview": 256}  # longest side in pixels
AT_ONCE = 2
SECONDS_TO_WAIT = 30
SECONDS_TO_WORK = 60

BUSY = "The studio is preparing many downloads right now. Try again in a minute, or take the file as it is."
TOO_SLOW = "Preparing this download took too long. Choose a smaller size, or take the file as it is."
FAILED = "This download could not be prepared. Take the file as it is, or tell the studio's admin."


class ConversionFailed(Exception):
    """No file came of it. `sentence` says what to do; `status` is for HTTP."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


class DownloadForm(forms.Form):
    """What a download may be asked to be."""

    format = forms.ChoiceField(
        choices=list(FORMATS.items()),
        required=False,
        error_messages={"invalid_choice": "The format can be png, jpg or webp."},
    )
    size = forms.ChoiceField(
        choices=[("full", "Full size")] + [(name, f"{side} px") for name, side in SIZES.items()],
        required=False,
        error_messages={"invalid_choice": "The size can be full, large, medium, small or preview."},
    )
    background = forms.CharField(
        required=False,
        validators=[
            RegexValidator(
                r"\A#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z", "The background is a colour such as ffffff."
            )
        ],
    )

    def clean_background(self) -> str:
        """Return "" or "#rrggbb" from any of fff, #fff, ffffff, #ffffff."""
        digits = self.cleaned_data["background"].removeprefix("#").lower()
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits}" if digits else ""

    @property
    def sentence(self) -> str:
        """What is wrong with it, in one sentence."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def format_for(self, result: Result) -> str:
        return self.cleaned_data["format"] or get_extension(result.format)

    def fits(self, result: Result) -> bool:
        """Whether the stored file is already what is asked for."""
        same_format = self.format_for(result) == get_extension(result.format)
        longest = SIZES.get(self.cleaned_data["size"])
        small_enough = longest is None or max(result.width, result.height) <= longest
        # A JPG has no transparency that a background could show through.
        no_ground = not self.cleaned_data["background"] or get_extension(result.format) == "jpg"
        return same_format and small_enough and no_ground


# An asyncio.Semaphore belongs to one event loop; the process that serves has one, tests have many.
_turns: weakref.WeakKeyDictionary[Any, asyncio.Semaphore] = weakref.WeakKeyDictionary()


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def convert(stored: str, *, format: str, size: str = "full", background: str = "") -> BinaryIO:
    """Return the stored picture in the format, no larger than the size, as an open file without a name.

    background: "#rrggbb" or "" (transparency stays; JPG gets white). The caller closes the file.
    Raises ConversionFailed, and FileNotFoundError if the storage has no such file.
    """
    turn = _turn()
    try:
        await asyncio.wait_for(turn.acquire(), SECONDS_TO_WAIT)
    except TimeoutError:
        raise ConversionFailed(BUSY, 503) from None
    folder = Path(tempfile.mkdtemp(prefix="download-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        source, target = folder / "source", folder / f"target.{format}"
        await sync_to_async(_copy, thread_sensitive=False)(stored, source)
        command = ["convert", str(source), str(target), "--format", format, "--size", size or "full"]
        await _run(command + (["--background", background] if background else []))
        # Open without a name from here on: whoever drops it, nothing stays behind on the disk.
        return target.open("rb")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        turn.release()


def _copy(stored: str, target: Path) -> None:
    with default_storage.open(stored) as file, target.open("wb") as copy:
        shutil.copyfileobj(file, copy, 256 * 1024)


async def _run(command: list[str]) -> None:
    """Run the engine's command line. However this ends, the process has ended too."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "editor.engines",
        *command,
        cwd=settings.BASE_DIR,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), SECONDS_TO_WORK)
    except TimeoutError:
        raise ConversionFailed(TOO_SLOW, 503) from None
    finally:
        if process.returncode is None:  # too slow, or the person who asked has left
            process.kill()
            await process.wait()
    if process.returncode:
        logger.error(
            "Conversion ended with %s: %s", process.returncode, complaint.decode(errors="replace")[-500:]
        )
        raise ConversionFailed(FAILED, 500)
