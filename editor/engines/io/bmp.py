"""BMP files of the kinds that Pillow has no mode for, and a sentence for those that are not read here either.

Microsoft's BITMAPINFOHEADER and its successors name a mask for each channel (5-6-5, 4-4-4-4, 10-10-10-2);
IBM's headers end early, tables of colours are longer than an index can reach.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from PIL import BmpImagePlugin, Image, ImageFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE_HEADER = 14
OLDEST_HEADER, INFO_HEADER, WITH_ALPHA_MASK = 12, 40, 56
KNOWN_HEADERS = (OLDEST_HEADER, INFO_HEADER, 52, WITH_ALPHA_MASK, 64, 108, 124)
DEPTHS = (1, 2, 4, 8, 16, 24, 32)
IBM_HEADERS = {*range(OLDEST_HEADER, INFO_HEADER), *range(INFO_HEADER + 1, 65)} - {52, WITH_ALPHA_MASK}
BARE, BITFIELDS, ALPHA_BITFIELDS = 0, 3, 6
RUN_LENGTHS = (1, 2)
READ = (BARE, *RUN_LENGTHS, BITFIELDS, ALPHA_BITFIELDS)
PACKED = {4: "packed as JPEG", 5: "packed as PNG"}
IBM_PACKINGS = (3, 4)
"""Huffman codes and run lengths of 24 bits: what Microsoft's masks and JPEG are in IBM's headers."""
NO_MASKS = (0, 0, 0, 0)
USUAL_MASKS = {16: (0x7C00, 0x3E0, 0x1F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}


@dataclass(frozen=True)
class Layout:
    """A file's header: where and how its pixels are stored.

    masks: red, green, blue, alpha; 0 where there is none. colours: in the table, which ends where `start` is
    at the latest.
    """

    start: int
    header: int
    width: int
    height: int
    from_top: bool
    bits: int
    packing: int
    masks: tuple[int, int, int, int]
    colours: int

    @property
    def is_usual(self) -> bool:
        """Whether Pillow reads it."""
        masked = self.packing in (BITFIELDS, ALPHA_BITFIELDS)
        known = self.header in KNOWN_HEADERS and self.bits != 2 and self.colours <= 256
        return self.packing in RUN_LENGTHS or (known and not masked)


class BitmapImageFile(ImageFile.ImageFile):
    """A picture that Pillow's own class does not read; RGBA where one of the masks is alpha's."""

    format = "BMP"
    format_description = "Windows Bitmap"

    def _open(self) -> None:
        self._layout = read_layout(cast(BinaryIO, self.fp))
        self._size = self._layout.width, self._layout.height
        self._mode = "RGBA" if self._layout.masks[3] else "RGB"
        self.tile = [ImageFile._Tile("raw", (0, 0, *self._size), self._layout.start, self._mode)]

    def load(self) -> Image.core.PixelAccess | None:
        if self.tile:
            self.im = Image.fromarray(_unpack(cast(BinaryIO, self.fp), self._layout)).im
            self.tile = []
        return super().load()


def open_picture(file: BinaryIO) -> ImageFile.ImageFile:
    """Return the undecoded picture of a BMP file. Raises ValueError, struct.error, OSError where damaged."""
    layout = read_layout(file)
    if layout.width < 1 or layout.height < 1:
        raise ValueError("a picture is no less wide than one pixel")
    file.seek(0)
    return BmpImagePlugin.BmpImageFile(file, "") if layout.is_usual else BitmapImageFile(file, "")


def find_objection(file: BinaryIO) -> str:
    """Return a sentence on why a BMP is of a kind that is not read; "" for all others and damaged ones."""
    try:
        layout = read_layout(file)
    except (struct.error, ValueError):
        return ""
    if layout.packing in IBM_PACKINGS and layout.header in IBM_HEADERS:
        fault = "packed in a way that only OS/2 knew"
    elif layout.packing in PACKED:
        fault = PACKED[layout.packing]
    elif layout.packing not in READ:
        fault = "packed in an unusual way"
    else:
        return ""
    return f"This BMP is {fault}, which is not read here. Save it as PNG or JPG and add that."


def read_layout(file: BinaryIO) -> Layout:
    """Return what the file's header says. Raises struct.error, ValueError where it says nothing sound."""
    file.seek(10)
    start, header = struct.unpack("<II", file.read(8))
    if header < OLDEST_HEADER:
        raise ValueError(f"a header of {header} bytes")
    content = file.read(min(header, 124) - 4)
    if header == OLDEST_HEADER:
        width, height, _, bits = struct.unpack("<HHHH", content)
    else:
        width, height, _, bits = struct.unpack("<iiHH", content[:12])
    fields = content[12:].ljust(24, b"\0")
    packing, _, _, _, colours, _ = struct.unpack("<6I", fields[:24])
    if bits not in DEPTHS and packing not in PACKED:
        raise ValueError(f"{bits} bits a pixel")
    masks = USUAL_MASKS.get(bits, NO_MASKS)
    if packing in (BITFIELDS, ALPHA_BITFIELDS) and bits in USUAL_MASKS:
        # In a later header itself, or between the older one and the pixels; alpha's is not there always.
        file.seek(FILE_HEADER + INFO_HEADER)
        count = 4 if header >= WITH_ALPHA_MASK or packing == ALPHA_BITFIELDS else 3
        masks = (*struct.unpack(f"<{count}I", file.read(4 * count)), 0)[:4]
    colours = (colours or 1 << bits) if bits <= 8 else 0
    return Layout(start, header, width, abs(height), height < 0, bits, packing, masks, colours)


def _unpack(file: BinaryIO, layout: Layout) -> NDArray[np.uint8]:
    """Return the pixels, (H, W, 3) or with alpha (H, W, 4). Raises ValueError where some are missing."""
    import numpy as np

    row = (layout.width * layout.bits + 7) // 8
    stride = (row + 3) // 4 * 4
    file.seek(layout.start)
    data = file.read(stride * layout.height)
    # What fills the last row up to four bytes is no pixel.
    if len(data) < stride * (layout.height - 1) + row:
        raise ValueError("pixels are missing")
    rows = np.frombuffer(data.ljust(stride * layout.height, b"\0"), np.uint8).reshape(layout.height, stride)
    rows = (rows if layout.from_top else rows[::-1])[:, :row]
    if layout.bits == 24:
        return np.ascontiguousarray(rows.reshape(layout.height, -1, 3)[..., ::-1])
    if layout.bits <= 8:
        per_byte = 8 // layout.bits
        shifts = np.arange(per_byte - 1, -1, -1, dtype=np.uint8) * layout.bits
        indices = (rows[..., None] >> shifts & (1 << layout.bits) - 1).reshape(layout.height, -1)
        return _table(file, layout)[indices[:, : layout.width]]
    return _unmask(np.ascontiguousarray(rows).view("<u2" if layout.bits == 16 else "<u4"), layout.masks)


def _unmask(values: NDArray[np.uint16 | np.uint32], masks: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    import numpy as np

    channels = 4 if masks[3] else 3
    pixels = np.empty((*values.shape, channels), np.uint8)
    for channel, mask in enumerate(masks[:channels]):
        lowest = (mask & -mask).bit_length() - 1 if mask else 0
        most = max(mask >> lowest, 1)
        level = (values & values.dtype.type(mask)) >> values.dtype.type(lowest)
        if most < 256:
            table = np.rint(np.arange(most + 1) * (255 / most)).astype(np.uint8)
            pixels[..., channel] = table[level]
        else:
            pixels[..., channel] = np.rint(level * (255 / most))
    return pixels


def _table(file: BinaryIO, layout: Layout) -> NDArray[np.uint8]:
    """Return the table of colours, (256, 3); black where it has none."""
    import numpy as np

    entry = 3 if layout.header == OLDEST_HEADER else 4
    at = FILE_HEADER + layout.header
    file.seek(at)
    data = file.read(min(entry * min(layout.colours, 256), max(0, layout.start - at)))
    found = np.frombuffer(data[: len(data) // entry * entry], np.uint8).reshape(-1, entry)
    table = np.zeros((256, 3), np.uint8)
    table[: len(found)] = found[:, 2::-1]
    return table
