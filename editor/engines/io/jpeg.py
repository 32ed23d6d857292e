"""JPEG files by their markers (ITU-T T.81): which kinds are not read, and which lack only their end."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from PIL import JpegImagePlugin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

START = b"\xff\xd8"
FIRST_RESTART, END, START_OF_SCAN, RESTART_INTERVAL = 0xD0, 0xD9, 0xDA, 0xDD
END_MARKER = bytes((0xFF, END))
# DHT, JPG and DAC stand among the headers of frames. The last one is JPEG-LS (T.87).
FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xCA}
NOT_READ = {
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "hierarchical"),
    0xCB: "lossless and arithmetic-coded",
    0xF7: "JPEG-LS",
}
ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a length behind them."""

# In a scan 0xFF is a marker where neither a stuffed zero, nor a restart, nor another 0xFF follows.
NEXT_MARKER = re.compile(rb"\xff[^\0\xd0-\xd7\xff]", re.DOTALL)
NEXT_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
NOISE = bytes(range(1, 251, 3)), bytes(range(250, 0, -3))
"""Codes of some pixels or other, and no marker among them. Where a few bits are missing, decoders take zeros
for them: one begins with zeros, the other with ones."""

PADDING = 32
"""Zeros at the end that are surely none of the picture's."""


@dataclass(frozen=True)
class Frame:
    """A frame's header: its marker, bits a channel, height in pixels, and its channels' numbers."""

    process: int
    bits: int
    height: int
    channels: bytes


@dataclass(frozen=True)
class Scan:
    """A scan's header: the channels it is of, and the coefficients that it refines down to bit `low`."""

    channels: bytes
    range: range
    low: int


def find_objection(file: BinaryIO) -> str:
    """Return a sentence on why a JPEG is of a kind that is not read; "" for all others and damaged ones."""
    file.seek(0)
    try:
        frame = next((_frame(*one) for one in _segments(file) if one[0] in FRAMES), None)
    except (struct.error, IndexError):
        frame = None
    if frame is None:
        return ""
    if frame.process in NOT_READ:
        fault = f"is {NOT_READ[frame.process]}, which is not read here"
    elif frame.bits != 8:
        fault = f"has {frame.bits} bits a channel; only 8 are read here"
    elif len(frame.channels) not in (1, 3, 4):
        fault = f"has {len(frame.channels)} channels; only 1, 3 and 4 are read here"
    elif not frame.height:
        fault = "says only behind its pixels how high it is, which is not read here"
    else:
        return ""
    return f"This JPEG {fault}. Save it as an ordinary JPG or as PNG and add that."


def is_padded(file: BinaryIO) -> bool:
    """Say whether a JPEG's last bytes are zeros, as a copy that stopped or a card leaves them."""
    file.seek(0)
    if file.read(2) != START:
        return False
    file.seek(max(0, file.seek(0, io.SEEK_END) - PADDING))
    return not any(file.read(PADDING))


def decode_whole(file: BinaryIO) -> NDArray[np.uint8] | None:
    """Return the pixels (H, W, 3) of a JPEG of three channels; None where it is damaged or more follows.

    Pillow's decoder in half of Pillow's time, which hands pixels over by way of two copies. It takes what was
    cut short for whole, though, unless the end marker is there.
    """
    file.seek(0)
    data = file.read()
    if not data.endswith(END_MARKER):
        return None
    import imagecodecs

    try:
        return imagecodecs.jpeg8_decode(data)
    except RuntimeError:
        return None


def add_end(data: bytes) -> bytes:
    """Return a JPEG as it is where it has its end marker, and with it where it lacks nothing else.

    Raises CutShort where pixels are missing, and whatever Pillow raises for damage. A decoder fills them with
    grey and says nothing, so it is asked again with noise before the end: behind a picture that is whole that
    is skipped, in one that is not it becomes pixels.
    """
    # Less may be pixels, and what more zeros would make of a picture cut in the middle is none.
    body = data if any(data[-PADDING:]) else data.rstrip(b"\0")
    if body.endswith(b"\xff"):
        body += b"\0"  # half an end marker, or a byte of data that lost its stuffing with those zeros
    scans = Scans()
    if scans.follow(body):
        return data
    body = body[: scans.stop]
    if scans.are_whole:
        pixels = _decode(body + END_MARKER)
        # Where restarts are, a decoder looks for the next one and skips all that comes before.
        leads = [b"", bytes((0xFF, scans.restart))] if scans.restart else [b""]
        if all(_decode(body + lead + noise + END_MARKER) == pixels for lead in leads for noise in NOISE):
            return body + END_MARKER
    raise CutShort("the picture ends before its pixels do")


class CutShort(OSError):
    """A JPEG ends before its pixels do."""


class Scans:
    """What the scans of a JPEG bring, and where they end.

    restart: the restart marker that is due behind the last one, 0 where there are none. stop: where what
    is whole ends, None for the file's end.
    """

    def __init__(self) -> None:
        self.restart = 0
        self.stop: int | None = 0
        self._frame: Frame | None = None
        self._lows: dict[tuple[int, int], int] = {}

    def follow(self, data: bytes) -> bool:
        """Go through a file's markers, and return whether there is one for its end."""
        file = io.BytesIO(data)
        while self.stop is not None:
            file.seek(self.stop)
            try:
                if any(self._take(*segment) for segment in _segments(file)):
                    return True
            except (struct.error, IndexError, ValueError):
                return False  # it ends within the header of something that comes behind a scan
            found = NEXT_MARKER.search(data, file.tell())
            self.stop = found.start() if found else None
            restarts = NEXT_RESTART.findall(data, file.tell(), found.start() if found else len(data))
            if self.restart and restarts:
                self.restart = FIRST_RESTART + (restarts[-1][1] + 1) % 8
        return False

    @property
    def are_whole(self) -> bool:
        """Whether every coefficient of every channel has come down to its lowest bit."""
        if self._frame is None:
            return False
        count = 64 if self._frame.process in PROGRESSIVE else 1
        channels = self._frame.channels
        return all(self._lows.get((channel, at)) == 0 for channel in channels for at in range(count))

    def _take(self, marker: int, content: bytes) -> bool:
        if marker in FRAMES:
            self._frame = _frame(marker, content)
        elif marker == RESTART_INTERVAL:
            self.restart = FIRST_RESTART if any(content) else 0
        elif marker == START_OF_SCAN:
            scan = _scan(content)
            self._lows |= {(channel, at): scan.low for channel in scan.channels for at in scan.range}
        return marker == END


def _decode(data: bytes) -> bytes:
    return JpegImagePlugin.JpegImageFile(io.BytesIO(data), "").tobytes()


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield markers and what belongs to them, from where the file stands, up to a scan's header or the end.

    Raises struct.error where the file ends within one.
    """
    while (lead := file.read(1)) and lead == b"\xff":
        while (code := file.read(1)) == b"\xff":
            pass  # any number of 0xFF may stand before a marker
        if not code:
            return
        marker = code[0]
        if marker in ALONE:
            continue
        if marker == END:
            yield marker, b""
            return
        (length,) = struct.unpack(">H", file.read(2))
        content = file.read(length - 2) if marker in (*FRAMES, START_OF_SCAN, RESTART_INTERVAL) else b""
        if not content:
            file.seek(length - 2, io.SEEK_CUR)
        yield marker, content
        if marker == START_OF_SCAN:
            return


def _frame(marker: int, content: bytes) -> Frame:
    bits, height, _, count = struct.unpack(">BHHB", content[:6])
    return Frame(marker, bits, height, content[6 : 6 + 3 * count : 3])


def _scan(content: bytes) -> Scan:
    count = content[0]
    first, last, approximation = content[1 + 2 * count : 4 + 2 * count]
    return Scan(content[1 : 1 + 2 * count : 2], range(first, last + 1), approximation & 15)
