"""A TIFF page's strips or tiles, unpacked into one array of samples as they are stored.

Compressions are imagecodecs' and the standard library's; what lies around them is here, since it decides
whether pixels are right: planes, the order of bytes and bits, depths that fill no byte, predictors, and
how much is to come out. No segment may hold less than its pixels, nor bring more.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engines.io import jpeg

from . import pages
from .pages import Page
from .tags import Damaged

Buffer = bytes | memoryview
Samples = NDArray[Any]


class CutShort(Exception):
    """A segment holds less than its pixels, or something else than its tags say."""


@dataclass(frozen=True)
class Segment:
    """A strip or tile: its place and size in pixels, its part inside the picture, and its first sample."""

    left: int
    top: int
    width: int
    height: int
    seen: tuple[int, int]
    sample: int
    data: Buffer


@dataclass(frozen=True)
class Unpacked:
    """Samples (H, W, C), the colours first, alpha last where there is one; bits that are in use.

    rgb: a codec turned YCbCr into RGB already.
    """

    samples: Samples
    bits: int
    rgb: bool = False


def unpack(page: Page, data: Buffer) -> Unpacked:
    """Return a checked page's samples in native byte order; data is the whole file.

    The type is the smallest of numpy's that holds the page's: bool-like depths come as uint8.
    Raises CutShort, Damaged, and what the codecs raise.
    """
    wanted = page.picture_samples
    samples: Samples | None = None
    bits, rgb = page.bits[0], False
    for segment in _segments(page, data, wanted if page.separate else [0]):
        found, used, rgb = _decode(page, segment)
        down, across = segment.seen
        if found.shape[0] < down or found.shape[1] < across:
            raise CutShort(f"{found.shape} where {segment.seen} are needed")
        bits = min(bits, used)
        part = found[:down, :across]
        native = part.dtype.newbyteorder("=")
        if samples is None:
            samples = np.empty((page.height, page.width, len(wanted)), native)
        elif native != samples.dtype:
            raise CutShort(f"{part.dtype} and {samples.dtype} in one picture")
        at = np.s_[segment.top : segment.top + down, segment.left : segment.left + across]
        if page.separate:
            samples[at][..., wanted.index(segment.sample)] = part[..., 0]
        elif part.shape[2] < page.samples:
            raise CutShort(f"{part.shape[2]} channels of {page.samples}")
        elif wanted == list(range(len(wanted))):
            samples[at] = part[..., : len(wanted)]  # ten times as quick as the next
        else:
            samples[at] = part[..., wanted]
    if samples is None:
        raise CutShort("no strips")
    return Unpacked(samples, bits, rgb)


def _segments(page: Page, data: Buffer, planes: list[int]) -> Iterator[Segment]:
    directory = page.directory
    tiled = page.tile and pages.TILES in directory
    offsets = directory.whole(pages.TILES if tiled else pages.STRIPS, 4 * pages.MOST_SEGMENTS)
    sizes = directory.whole(pages.TILE_BYTES if tiled else pages.STRIP_BYTES, 4 * pages.MOST_SEGMENTS)
    across, down = page.grid
    width = page.tile[0] if page.tile else page.width
    for plane in planes:
        for number in range(across * down):
            row, column = divmod(number, across)
            left, top = column * width, row * page.rows
            seen = min(page.rows, page.height - top), min(width, page.width - left)
            index = plane * across * down + number
            # Without counts a segment goes on to the end of the file; codecs know where they end.
            size = sizes[index] if index < len(sizes) and sizes[index] > 0 else len(data)
            if not 0 < offsets[index] < len(data):
                raise CutShort("a strip or tile lies outside the file")
            height = page.rows if page.tile else seen[0]
            piece = data[offsets[index] : offsets[index] + size]
            yield Segment(left, top, width, height, seen, plane, piece)


def _decode(page: Page, segment: Segment) -> tuple[Samples, int, bool]:
    """Return a segment's samples (H, W, C), the bits in use, and whether YCbCr became RGB."""
    if page.compression in pages.BYTEWISE:
        if page.photometric == pages.YCBCR and not page.separate:
            return _decode_subsampled(page, segment), page.bits[0], False
        channels = 1 if page.separate else page.samples
        return _decode_bytes(page, segment, channels), page.bits[0], False
    if page.compression == pages.JPEG:
        return _decode_jpeg(page, segment)
    samples = _decode_picture(page, segment)
    if samples.ndim == 2:
        samples = samples[..., None]
    _check_type(page, samples)
    return samples, _bits_of_jpeg_2000(segment.data, page.bits[0]), False


def _check_type(page: Page, samples: Samples) -> None:
    kind = {pages.INT: "i", pages.FLOAT: "f"}.get(page.formats[0], "u")
    if samples.dtype.kind != kind or samples.dtype.itemsize * 8 < page.bits[0]:
        raise CutShort(f"{samples.dtype} where the tags say {page.bits[0]} bits")


def _codecs() -> Any:
    """Return imagecodecs, which only a file that needs it loads."""
    import imagecodecs

    return imagecodecs


# -- Compressions that know nothing of pictures ---------------------------------------------------


def _inflate(data: Buffer, size: int) -> bytes:
    return zlib.decompressobj().decompress(data, size)


def _unpack_lzma(data: Buffer, size: int) -> bytes:
    return lzma.LZMADecompressor(memlimit=1 << 28).decompress(data, size)


def _decoder_of(codec: str) -> Callable[[Buffer, int], Buffer]:
    return lambda data, size: getattr(_codecs(), codec)(data, out=size)


BYTES: dict[int, Callable[[Buffer, int], Buffer]] = {
    pages.NONE: lambda data, size: data[:size],
    pages.LZW: _decoder_of("lzw_decode"),
    pages.PACKBITS: _decoder_of("packbits_decode"),
    **dict.fromkeys(pages.DEFLATE, _inflate),
    **dict.fromkeys(pages.LZMA, _unpack_lzma),
    **dict.fromkeys(pages.ZSTD, _decoder_of("zstd_decode")),
}


WHOLE_ALONE = {pages.PACKBITS, *pages.ZSTD}
"""These fail where there is more than was asked for; the others stop there."""


def _unpack_segment(page: Page, segment: Segment, size: int) -> Buffer:
    """Return what is in a segment, at most size bytes of it."""
    data: Buffer = segment.data
    if page.bits_reversed:
        data = _codecs().bitorder_decode(bytes(data))
    try:
        found = BYTES[page.compression](data, size)
    except Exception:
        # The last strip may be filled up to a whole one, and PackBits may end with a run that goes beyond.
        whole = size // segment.height * page.rows + 128
        if page.compression not in WHOLE_ALONE or whole > pages.MOST_UNPACKED:
            raise
        found = BYTES[page.compression](data, whole)
    return memoryview(found)[:size]


def _decode_bytes(page: Page, segment: Segment, channels: int) -> Samples:
    bits, width, height = page.bits[0], segment.width, segment.height
    row = (width * channels * bits + 7) // 8
    data = _unpack_segment(page, segment, row * height)
    if len(data) < row * height:
        # A tile or strip at the lower edge may end with the picture.
        height = min(height, len(data) // row)
        data = data[: row * height]
    if height < segment.seen[0]:
        raise CutShort(f"{len(data)} bytes of {row * segment.seen[0]}")
    shape = height, width, channels
    if page.predictor == 3:
        return _sum_floats(data, shape, bits // 8)
    samples = _numbers(page, data, shape)
    if page.predictor == 2:
        samples = samples.astype(samples.dtype.newbyteorder("="))
        whole = samples.view(f"u{samples.dtype.itemsize}")
        _codecs().delta_decode(whole, axis=1, out=whole)
    return samples


def _numbers(page: Page, data: Buffer, shape: tuple[int, int, int]) -> Samples:
    """Return bytes as numbers of the page's kind, in either order."""
    bits, order = page.bits[0], page.directory.order
    letter = {pages.INT: "i", pages.FLOAT: "f"}.get(page.formats[0], "u")
    if bits in (8, 16, 32, 64):
        return np.frombuffer(data, f"{order}{letter}{bits // 8}").reshape(shape)
    if bits == 24:
        if letter == "f":
            return _codecs().float24_decode(bytes(data), byteorder=order).reshape(shape)
        triples = np.frombuffer(data, np.uint8).reshape(-1, 3)
        wide = np.zeros((len(triples), 4), np.uint8)
        wide[:, slice(0, 3) if order == "<" else slice(1, 4)] = triples
        return wide.view(f"{order}u4").astype(np.uint32).reshape(shape)
    kind = np.uint8 if bits < 8 else np.uint16 if bits < 16 else np.uint32
    found = _codecs().packints_decode(bytes(data), kind, bits, runlen=shape[1] * shape[2])
    return found.reshape(shape)


def _sum_floats(data: Buffer, shape: tuple[int, int, int], size: int) -> Samples:
    """Undo technical note 3: rows hold their numbers' bytes in planes, as differences. float32 at least."""
    height, width, channels = shape
    rows = np.frombuffer(data, np.uint8).reshape(height, width * size, channels)
    summed = np.add.accumulate(rows, axis=1, dtype=np.uint8)
    planes = summed.reshape(height, size, width * channels)
    numbers = np.ascontiguousarray(np.moveaxis(planes, 1, 2))
    if size == 3:
        return _codecs().float24_decode(numbers.tobytes(), byteorder=">").reshape(shape)
    return numbers.view(f">f{size}").reshape(shape)


def _decode_subsampled(page: Page, segment: Segment) -> Samples:
    """Return YCbCr whose colours are stored once for several pixels, each pixel with its own.

    TIFF 6.0, section 21: blocks of across x down Y, then one Cb and one Cr.
    """
    across, down = ((*page.directory.whole(pages.SUBSAMPLING, 2), 2, 2) if page.samples == 3 else (1, 1))[:2]
    if across not in (1, 2, 4) or down not in (1, 2, 4):
        raise Damaged(f"colours of {across} x {down} pixels")
    if (across, down) == (1, 1):
        return _decode_bytes(page, segment, page.samples)
    columns, rows = -(-segment.width // across), -(-segment.height // down)
    unit, width = across * down + 2, page.bits[0] // 8
    needed = columns * rows * unit * width
    whole = segment.width * segment.height * 3 * width
    data = _unpack_segment(page, segment, whole)
    if pages.SUBSAMPLING not in page.directory and len(data) == whole:
        # Without the tag it is 2 x 2 by the standard, but some writers leave it out and subsample nothing.
        return _decode_bytes(page, segment, 3)
    if len(data) < needed:
        raise CutShort(f"{len(data)} bytes of {needed}")
    if page.predictor == 2:
        raise Damaged("differences of blocks")
    units = _numbers(page, data[:needed], (rows, columns, unit)).astype(f"u{width}")
    luma: Samples = units[..., :-2].reshape(rows, columns, down, across).swapaxes(1, 2)
    luma = luma.reshape(rows * down, columns * across)
    chroma = units[..., -2:].repeat(down, axis=0).repeat(across, axis=1)
    return np.dstack([luma, chroma])[: segment.height, : segment.width]


# -- Compressions of pictures ---------------------------------------------------------------------


def _decode_picture(page: Page, segment: Segment) -> Samples:
    compression, data = page.compression, bytes(segment.data)
    if compression in pages.JPEG_2000:
        return _codecs().jpeg2k_decode(data)
    if compression in pages.JPEG_XL:
        return _codecs().jpegxl_decode(data)
    if compression in pages.JPEG_XR:
        return _codecs().jpegxr_decode(data)
    if compression in pages.PNG:
        return _codecs().png_decode(data)
    if compression in pages.WEBP:
        # Opaque tiles of a picture with alpha may come without it.
        return _codecs().webp_decode(data, hasalpha=page.samples == 4)
    return _codecs().lerc_decode(_unwrap_lerc(page, data))


def _unwrap_lerc(page: Page, data: bytes) -> bytes:
    """Return LERC's own bytes, which may be packed once more, as the second of its parameters says."""
    wrapping = (*page.directory.whole(pages.LERC_PARAMETERS, 16), 0, 0)[1]
    most = page.width * page.rows * sum(page.bits) // 4 + 65536
    if wrapping == 1:
        return _inflate(data, most)
    return _codecs().zstd_decode(data) if wrapping == 2 else data


@dataclass(frozen=True)
class _Frame:
    """What a JPEG stream says of itself: bits a channel, size, channels; jfif: YCbCr by its own word."""

    bits: int
    height: int
    width: int
    channels: int
    jfif: bool


# Start of frame: every coding process but the markers DHT, JPG and DAC that lie among them.
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def _frame(data: bytes) -> _Frame:
    at, jfif = 2, False
    while at + 10 <= len(data):
        if data[at] != 0xFF or data[at + 1] == 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            return _Frame(data[at + 4], height, width, data[at + 9], jfif)
        jfif = jfif or (marker == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0")
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise CutShort("a JPEG without a frame")


# libjpeg's numbers of colour spaces.
_UNKNOWN, _GREY, _RGB, _YCBCR, _CMYK = 0, 1, 2, 3, 4


def _decode_jpeg(page: Page, segment: Segment) -> tuple[Samples, int, bool]:
    """Return a JPEG segment's samples; YCbCr comes as RGB, everything else as it is stored.

    Two equal colour spaces, in and out, tell libjpeg to convert nothing.
    """
    data = bytes(segment.data)
    frame = _frame(data)
    if frame.width > segment.width or frame.height > max(page.rows, segment.height):
        raise CutShort(f"a JPEG of {frame.width} x {frame.height} in a smaller segment")
    spaces: tuple[int | None, int] = {1: (_GREY, _GREY), 3: (_YCBCR, _YCBCR), 4: (_CMYK, _CMYK)}.get(
        frame.channels, (_UNKNOWN, _UNKNOWN)
    )
    rgb = False
    if frame.channels == 3 and page.photometric == pages.YCBCR:
        spaces, rgb = (_YCBCR, _RGB), True
    elif frame.channels == 3 and page.photometric == pages.RGB and frame.jfif:
        spaces = (_YCBCR, _RGB)  # such streams are YCbCr, whatever the tag says
    elif frame.channels == 4 and page.photometric == pages.SEPARATED:
        spaces = (None, _CMYK)  # Adobe's marker in the stream may say YCCK
    tables = bytes(page.directory.data(pages.JPEG_TABLES, 1 << 16) or b"")
    # Grey stands where pixels are missing, and nobody says so.
    jpeg.add_end(tables.removesuffix(jpeg.END_MARKER) + data[2:] if tables else data)
    samples = _codecs().jpeg_decode(
        data,
        tables=tables or None,
        colorspace=spaces[0],
        outcolorspace=spaces[1],
    )
    if samples.ndim == 2:
        samples = samples[..., None]
    if samples.dtype.kind != "u":
        raise CutShort(f"{samples.dtype} in a JPEG")
    return samples, min(frame.bits, page.bits[0]), rgb


def _bits_of_jpeg_2000(data: Buffer, bits: int) -> int:
    """Return the depth that a JPEG 2000 stream gives itself where it is less than the tag's."""
    head = bytes(data[:512])
    size = head.find(b"\xff\x4f\xff\x51")
    if size < 0 or len(head) < size + 43:
        return bits
    return min(bits, (head[size + 42] & 0x7F) + 1)
