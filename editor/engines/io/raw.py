"""Camera raw: which files are that, how large they are, and what they are developed to.

A file is camera raw by what is in it: a sensor's mosaic or its bare values, a DNG's version, a maker's
signature. LibRaw, which would develop anything that looks like TIFF, sees nothing else.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

from editor.engines.errors import NotAPicture, TooLarge
from editor.engines.limits import Limits

from .tiff import pages, tags
from .tiff.tags import Damaged, Directory

MOST_PIXELS = 160_000_000
"""More than the studio takes is scaled down; more than this is no camera's."""

MEASURING_SECONDS, MEASURING_MEMORY = 30, 2 << 30

# Not like TIFF: Fujifilm, Olympus, Panasonic, Minolta, Sigma, Canon CRW.
MAGIC = (
    b"FUJIFILMCCD-RAW",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"\0MRM",
    b"FOVb",
    b"II\x1a\0\0\0HEAPCCDR",
)
# Like TIFF but for what stands behind the header, where a plain one may have its first pixels.
CANON_CR2, FIRST_DIRECTORY_OF_CR2 = b"CR\2", (b"\x10\0\0\0", b"\0\0\0\x10")
PHASE_ONE = tuple(
    order + name for order in (b"IIII", b"MMMM") for name in (b"TwaR", b"CwaR", b"RawT", b"RawC")
)

DNG_VERSION, BASELINE_EXPOSURE, EXPOSURE_OFFSET = 50706, 50730, 51109
DNG_PACKINGS = {pages.NONE, pages.JPEG, *pages.DEFLATE, 34892}
"""None, lossless JPEG, ZIP, lossy JPEG: what DNG had before 1.7, and LibRaw has."""
SENSOR = (pages.CFA, pages.LINEAR_RAW)
# TIFF/EP's mosaic; Leaf's and Sony's own: where these are and no colours, is a sensor's picture.
MAKERS = (33421, 33422, 34310, 28672)

LIFT, TOE = 3.3, 1.25
"""The one tone curve, see `apply_tone`. Meters put a grey card of 18 % at an eighth of what a sensor can hold
(ISO 12232); people expect it at 127 of 255, a white card's texture below 235, black cloth near 45."""

DAMAGED = "This camera raw file is damaged, or of a camera that is not known yet."
UNKNOWN_PACKING = (
    "This camera raw is packed in a way that is not known here. Convert it with the camera maker's program "
    "or Adobe DNG Converter, or export it as TIFF or JPG."
)
JPEG_XL_DNG = (
    "This is a DNG 1.7, packed as JPEG XL, which cannot be developed here. Save it as a lossless DNG of "
    "version 1.6 or older (in Lightroom or DNG Converter: compatibility), or export it as TIFF or JPG."
)


def is_raw(file: BinaryIO, head: bytes) -> bool:
    """Say whether a file that starts with head (64 bytes) is camera raw. Reads tags alone."""
    if head.startswith(MAGIC):
        return True
    if not head.startswith(tags.MAGIC):
        return False
    if head.startswith(CANON_CR2, 8) and head[4:8] in FIRST_DIRECTORY_OF_CR2:
        return True
    return head.startswith(PHASE_ONE, 8) or bool(_sensor_directories(file))


def check(file: BinaryIO) -> None:
    """Raise NotAPicture where the tags of a camera raw say that LibRaw cannot unpack it."""
    try:
        found = _sensor_directories(file)
        # Beside the picture itself (0) DNG may hold an enhanced one, a depth, a mask.
        main = [directory for directory in found if directory.one(pages.SUBFILE, 0) == 0] or found
        packings = {directory.one(pages.COMPRESSION, pages.NONE) for directory in main}
        is_dng = DNG_VERSION in next(tags.File(file).chain()) if found else False
    except (Damaged, StopIteration):
        return  # no TIFF inside; LibRaw will say
    if packings.intersection(pages.JPEG_XL):
        raise NotAPicture(JPEG_XL_DNG)
    if is_dng and not packings <= DNG_PACKINGS:
        raise NotAPicture(UNKNOWN_PACKING)


def size(file: BinaryIO) -> tuple[int, int]:
    """Return the size in pixels of a camera raw file's picture, upright. Raises NotAPicture, TooLarge.

    For the door: only LibRaw knows each camera's margins, and it is asked in a short-lived process, so that
    the web process neither loads it and numpy nor falls with it over a hostile file.
    """
    check(file)
    file.seek(0)
    root = Path(__file__).resolve().parents[3]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from {__name__} import tell_size; tell_size()"
    try:
        told = subprocess.run(
            [sys.executable, "-c", code],
            input=file.read(),
            capture_output=True,
            timeout=MEASURING_SECONDS,
            check=True,
        )
        width, height = map(int, told.stdout.split())
    except (subprocess.SubprocessError, ValueError) as exc:
        raise NotAPicture(DAMAGED) from exc
    if width * height > MOST_PIXELS:
        raise TooLarge
    return width, height


def tell_size() -> None:
    """Print the size of the camera raw on standard input: what `size` starts a process for."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = MEASURING_MEMORY if most == resource.RLIM_INFINITY else min(most, MEASURING_MEMORY)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    with open_raw(io.BytesIO(sys.stdin.buffer.read())) as raw:
        sys.stdout.write(" ".join(map(str, upright_size(raw))))


def upright_size(raw: Any) -> tuple[int, int]:
    """Return the width and height of rawpy's picture as a person sees it."""
    sizes = raw.sizes
    return (sizes.height, sizes.width) if sizes.flip & 4 else (sizes.width, sizes.height)


def open_raw(file: BinaryIO) -> Any:
    """Return rawpy's undecoded picture, a context manager. Raises NotAPicture."""
    import rawpy

    file.seek(0)
    try:
        return rawpy.imread(io.BytesIO(file.read()))
    except Exception as exc:  # damaged files raise more than rawpy's own errors
        raise NotAPicture(DAMAGED) from exc


def develop(file: BinaryIO, limits: Limits) -> tuple[Any, tuple[int, int]]:
    """Return a camera raw file's picture as uint8 sRGB (H, W, 3), upright, and its full width and height.

    It comes at half its size where that is no less than what the limits leave of it.

    With the camera's white balance, else daylight's, and at one fixed exposure: frames of one set come
    out as they were lit, whatever each of them shows. A DNG's own BaselineExposure goes on top.
    Raises NotAPicture, TooLarge.
    """
    import numpy as np
    import rawpy

    check(file)
    stops = baseline_exposure(file)
    with open_raw(file) as raw:
        full = upright_size(raw)
        if full[0] * full[1] > MOST_PIXELS:
            raise TooLarge
        try:
            balance = raw.camera_whitebalance[:3]
            linear = raw.postprocess(
                # Without a camera's white balance LibRaw would take one from the frame's contents.
                use_camera_wb=all(channel > 0 for channel in balance),
                # Halving skips demosaicing: four times quicker, and no loss where twice the size is there.
                half_size=full[0] >= 2 * limits.fit(*full)[0],
                no_auto_bright=True,
                # So would this: it takes the frame's brightest pixel for the sensor's limit.
                adjust_maximum_thr=0.0,
                gamma=(1, 1),
                output_bps=16,
            )
        except (rawpy.LibRawFileUnsupportedError, rawpy.LibRawNotImplementedError) as exc:
            raise NotAPicture(UNKNOWN_PACKING) from exc
    curve = np.rint(255 * apply_tone(np.arange(65536) / 65535, stops)).astype(np.uint8)
    return curve[linear], full


def apply_tone(light: Any, stops: float = 0.0) -> Any:
    """Return a sensor's linear light, 0 to 1 where it is full, as sRGB values 0 to 1.

    Naka and Rushton's hyperbola: brighter in the middle, with a toe, and what is bright keeps its
    differences; nothing but a full sensor is white. stops: how much more light is to be assumed.
    """
    import numpy as np

    stimulus, gain = light**TOE, LIFT * 2 ** (TOE * stops)
    shown = gain * stimulus / (1 + (gain - 1) * stimulus)
    straight = shown * 12.92
    return np.where(shown <= 0.0031308, straight, 1.055 * np.maximum(shown, 0.0031308) ** (1 / 2.4) - 0.055)


def baseline_exposure(file: BinaryIO) -> float:
    """Return how many stops a DNG asks to be lifted by, at most 3 either way; 0 where it does not say."""
    try:
        first = next(tags.File(file).chain())
        stops = sum((*first.numbers(BASELINE_EXPOSURE, 1), *first.numbers(EXPOSURE_OFFSET, 1)))
    except (Damaged, StopIteration):
        return 0.0
    return min(3.0, max(-3.0, stops))


def _sensor_directories(file: BinaryIO) -> list[Directory]:
    """Return the directories of a TIFF-like file that hold a sensor's picture."""
    found: list[Directory] = []
    try:
        container = tags.File(file)
        for number, directory in enumerate(container.chain()):
            found += filter(_is_of_a_sensor, (directory, *container.children(directory)))
            # Beside a full-size picture in RGB a DNG's version is a leftover of editing.
            reduced = directory.one(pages.SUBFILE, 0) & pages.REDUCED_FLAG
            if number == 0 and DNG_VERSION in directory and reduced and not found:
                found.append(directory)
    except Damaged:
        return found
    return found


def _is_of_a_sensor(directory: Directory) -> bool:
    try:
        photometric = directory.one(pages.PHOTOMETRIC, pages.BLACK_IS_ZERO)
    except Damaged:
        return False
    if photometric in SENSOR:
        return True
    # Converters leave such tags in the pictures that they make.
    of_a_maker = any(tag in directory for tag in MAKERS)
    return of_a_maker and photometric in (pages.WHITE_IS_ZERO, pages.BLACK_IS_ZERO)
