"""Which page of a TIFF is its picture, what its tags promise, and whether that can be read.

For the door: imports the standard library alone and reads tags, never pixels. What is refused here is
refused with the reason that the tags give, and with what to save instead; `segments` and `samples` read
all the rest. TIFF 6.0, Adobe's technical notes for PageMaker 6 (sub-directories, CIE L*a*b* in 16 bits)
and Photoshop (ZIP, JPEG), technical note 3 (floating point predictor), libtiff's codes of compression.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from editor.engines.errors import NotAPicture

from . import tags
from .tags import Damaged, Directory

UINT, INT, FLOAT = 1, 2, 3
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, SEPARATED, YCBCR, CIELAB, ICCLAB = 0, 1, 2, 3, 4, 5, 6, 8, 9
CFA, LINEAR_RAW = 32803, 34892
ASSOCIATED, UNASSOCIATED = 1, 2
REDUCED_FLAG, MASK_FLAG = 1, 4

SUBFILE, OLD_SUBFILE, WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = (
    254, 255, 256, 257, 258, 259, 262, 266,
)  # fmt: skip
STRIPS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_BYTES, PLANAR, PREDICTOR, COLOUR_MAP = (
    273, 274, 277, 278, 279, 284, 317, 320,
)  # fmt: skip
TILE_WIDTH, TILE_LENGTH, TILES, TILE_BYTES, INK_SET, EXTRA, FORMAT, LEAST, MOST, JPEG_TABLES = (
    322, 323, 324, 325, 332, 338, 339, 340, 341, 347,
)  # fmt: skip
SUBSAMPLING, DEPTH, TILE_DEPTH, PROFILE, LERC_PARAMETERS = 530, 32997, 32998, 34675, 50674

NONE, FAX_RLE, FAX_3, FAX_4, LZW, OLD_JPEG, JPEG, FAX_WORDS, PACKBITS, THUNDERSCAN = (
    1, 2, 3, 4, 5, 6, 7, 32771, 32773, 32809,
)  # fmt: skip
DEFLATE, LZMA, ZSTD, WEBP, LERC = (8, 32946), (34925,), (50000, 34926), (50001, 34927), (34887,)
JPEG_2000, JPEG_XR, JPEG_XL, PNG = (33003, 33004, 33005, 34712), (22610, 34934), (50002, 52546), (34933,)

BYTEWISE = {NONE, LZW, PACKBITS, *DEFLATE, *LZMA, *ZSTD}
"""Compressions that know nothing of pictures: predictors, fill order and odd depths go with these."""
PICTUREWISE = {JPEG, *WEBP, *LERC, *JPEG_2000, *JPEG_XR, *JPEG_XL, *PNG}
LIBTIFF = {FAX_RLE, FAX_3, FAX_4, OLD_JPEG, FAX_WORDS, THUNDERSCAN}
"""Compressions that Pillow's libtiff alone has, for one channel of 1 or 4 bits or a whole old JPEG."""

COMPRESSIONS = {
    JPEG: "JPEG",
    **dict.fromkeys(WEBP, "WebP"),
    **dict.fromkeys(LERC, "LERC"),
    **dict.fromkeys(JPEG_2000, "JPEG 2000"),
    **dict.fromkeys(JPEG_XR, "JPEG XR"),
    **dict.fromkeys(JPEG_XL, "JPEG XL"),
    **dict.fromkeys(PNG, "PNG"),
    9: "JBIG",
    10: "JBIG",
    34661: "JBIG",
    32766: "NeXT's 2-bit code",
    32908: "PixarFilm",
    32909: "PixarLog",
    32947: "Kodak DCS",
    34676: "SGI Log",
    34677: "SGI Log",
    34718: "Microsoft Document Imaging",
    34719: "Microsoft Document Imaging",
    34720: "Microsoft Document Imaging",
    34892: "lossy DNG",
    48124: "Jetraw",
    65000: "EER",
    65001: "EER",
    65002: "EER",
}
COLOURS = {
    MASK: "a transparency mask, not a picture",
    10: "in the fax machines' ITU L*a*b*",
    CFA: "a sensor's bare mosaic",
    LINEAR_RAW: "a sensor's bare values",
    32844: "in LogL, a scale for measured light",
    32845: "in LogLuv, a scale for measured light",
    51177: "a depth map, not a picture",
    52527: "a map of what is where, not a picture",
}
CHANNELS = {
    WHITE_IS_ZERO: 1,
    BLACK_IS_ZERO: 1,
    RGB: 3,
    PALETTE: 1,
    MASK: 1,
    SEPARATED: 4,
    YCBCR: 3,
    CIELAB: 3,
    ICCLAB: 3,
}

MOST_SEGMENTS = 1 << 19
"""Strips or tiles: 4096 x 4096 in tiles of 16 x 16, and four planes of them, are half as many."""
MOST_UNPACKED = 768 * 2**20
"""Bytes: 4096 x 4096 in CMYK with alpha at 64 bits a channel are 640 MB."""

PLAIN = "Save it as 8- or 16-bit RGB."
REPACK = "Save it with LZW, ZIP or no compression."
CUT_SHORT = "This TIFF is damaged or cut short: pixels are missing at its end. Export it again and add that."
DAMAGED = "This TIF file is damaged: its header cannot be read. Export it once more."


@dataclass(frozen=True)
class Page:
    """What a page's tags promise. number: its place in the chain, None for a sub-directory.

    bits and formats are one for each sample. extras: what the samples after the colour's are, by
    TIFF's numbers (0 unspecified, ASSOCIATED, UNASSOCIATED). tile: width and height, or None. rows of a
    strip, or of a tile. bits_reversed: the lowest bit of each byte comes first.
    """

    directory: Directory
    number: int | None
    width: int
    height: int
    bits: tuple[int, ...]
    formats: tuple[int, ...]
    photometric: int
    separate: bool
    extras: tuple[int, ...]
    compression: int
    predictor: int
    bits_reversed: bool
    orientation: int
    tile: tuple[int, int] | None
    rows: int

    @property
    def samples(self) -> int:
        return len(self.bits)

    @property
    def colours(self) -> int:
        """How many samples make the colour."""
        return self.samples - len(self.extras)

    @property
    def alpha(self) -> int | None:
        """Which sample is transparency, if any; an unspecified one is not: a selection, a spot ink."""
        for number, extra in enumerate(self.extras):
            if extra in (ASSOCIATED, UNASSOCIATED):
                return self.colours + number
        return None

    @property
    def picture_samples(self) -> list[int]:
        """Which samples are the picture: the colours, then alpha where there is one."""
        return [*range(self.colours), *([] if self.alpha is None else [self.alpha])]

    @property
    def grid(self) -> tuple[int, int]:
        """How many strips or tiles there are in one plane, across and down."""
        across = math.ceil(self.width / self.tile[0]) if self.tile else 1
        return across, math.ceil(self.height / self.rows)

    @property
    def segments(self) -> int:
        across, down = self.grid
        return across * down * (self.samples if self.separate else 1)

    @property
    def unpacked_bytes(self) -> int:
        """Bytes of all its samples."""
        return self.width * self.height * sum(self.bits) // 8

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as a person sees it."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def choose(file: BinaryIO) -> Page:
    """Return the page that is the picture: the first that is no reduced version and no mask.

    Where the chain has none, one of its sub-directories; where those have none either, the first page.
    Raises NotAPicture for what is damaged.
    """
    try:
        found = tags.File(file)
        chain = list(enumerate(found.chain()))
        for number, directory in _walk(found, chain):
            if _flags(directory) & (REDUCED_FLAG | MASK_FLAG) or directory.one(PHOTOMETRIC, RGB) == MASK:
                continue
            if WIDTH in directory and LENGTH in directory:
                return describe(directory, number)
        return describe(chain[0][1], 0)
    except (Damaged, IndexError) as exc:
        raise NotAPicture(DAMAGED) from exc


def _walk(file: tags.File, chain: list[tuple[int, Directory]]) -> Iterator[tuple[int | None, Directory]]:
    yield from chain
    for _, directory in chain:
        for child in file.children(directory):
            yield None, child


def _flags(directory: Directory) -> int:
    """Return NewSubfileType's bits, from the older SubfileType where that is all there is."""
    if SUBFILE in directory:
        return directory.one(SUBFILE, 0)
    return REDUCED_FLAG if directory.one(OLD_SUBFILE, 1) == 2 else 0


def describe(directory: Directory, number: int | None) -> Page:
    """Return what a directory's tags promise, with TIFF's defaults. Raises Damaged."""
    width, height = directory.one(WIDTH, 0), directory.one(LENGTH, 0)
    compression = directory.one(COMPRESSION, NONE)
    bits = directory.whole(BITS, tags.MOST_ENTRIES) or ((8,) if compression == OLD_JPEG else (1,))
    samples = directory.one(SAMPLES, len(bits))
    if not 1 <= samples <= tags.MOST_ENTRIES:
        raise Damaged(f"{samples} samples a pixel")
    formats = directory.whole(FORMAT, tags.MOST_ENTRIES) or (UINT,)
    photometric = directory.one(PHOTOMETRIC, RGB if samples >= 3 else BLACK_IS_ZERO)
    tile = None
    if TILE_WIDTH in directory:
        tile = directory.one(TILE_WIDTH, 0), directory.one(TILE_LENGTH, 0)
        if min(tile) < 1:
            raise Damaged(f"tiles of {tile}")
    rows = tile[1] if tile else directory.one(ROWS_PER_STRIP, height)
    orientation = directory.one(ORIENTATION, 1)
    return Page(
        directory=directory,
        number=number,
        width=width,
        height=height,
        bits=_for_each(bits, samples),
        formats=_for_each(formats, samples),
        photometric=photometric,
        separate=directory.one(PLANAR, 1) == 2 and samples > 1,
        extras=_extras(directory, photometric, samples),
        compression=compression,
        predictor=directory.one(PREDICTOR, 1),
        bits_reversed=directory.one(FILL_ORDER, 1) == 2,
        orientation=orientation if 1 <= orientation <= 8 else 1,
        tile=tile,
        rows=rows if tile or 1 <= rows < height else max(1, height),
    )


def _for_each(values: tuple[int, ...], samples: int) -> tuple[int, ...]:
    """Return a value for each sample; some programs write one for all."""
    return values[:samples] if len(values) >= samples else values[:1] * samples


def _extras(directory: Directory, photometric: int, samples: int) -> tuple[int, ...]:
    more = samples - CHANNELS.get(photometric, samples)
    if photometric in (CIELAB, ICCLAB) and samples < 3:
        more = samples - 1  # lightness alone, as TIFF 6.0 allows
    if more <= 0:
        return ()
    told = directory.whole(EXTRA, tags.MOST_ENTRIES)
    if not told and more == 1 and photometric in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB):
        return (UNASSOCIATED,)  # the tag was forgotten; libtiff, Pillow and libvips take it so too
    return (told + (0,) * more)[:more]


def check(page: Page) -> None:
    """Raise NotAPicture with the reason where the page cannot be read, and with the way out."""
    try:
        sentence = _why_not(page) or (CUT_SHORT if _is_cut_short(page) else "")
    except Damaged as exc:
        raise NotAPicture(DAMAGED) from exc
    if sentence:
        raise NotAPicture(sentence)


def _why_not(page: Page) -> str:
    reason = _why_not_its_colours(page) or _why_not_its_depth(page)
    if reason:
        return f"This TIFF {reason}. {PLAIN}"
    reason = _why_not_its_packing(page)
    if reason:
        return f"This TIFF is packed {reason}. {REPACK}"
    return ""


def _why_not_its_colours(page: Page) -> str:
    directory, photometric = page.directory, page.photometric
    if photometric not in CHANNELS or photometric == MASK:
        kind = COLOURS.get(photometric, f"in colours of a kind that is not known (number {photometric})")
        return f"is {kind}"
    if page.colours < CHANNELS[photometric] and not (photometric in (CIELAB, ICCLAB) and page.colours == 1):
        if photometric != SEPARATED:
            raise Damaged(f"{page.samples} samples of photometric {photometric}")
        return f"is in {page.samples} inks, not in CMYK"
    if photometric == SEPARATED and directory.one(INK_SET, 1) != 1:
        return f"is in {page.samples} inks of its own, not in CMYK"
    if photometric == PALETTE and directory.count(COLOUR_MAP) < 3 << min(page.bits[0], 16):
        raise Damaged("a palette that is too short")
    if directory.one(DEPTH, 1) > 1 or directory.one(TILE_DEPTH, 1) > 1:
        return "is a volume of many layers in depth"
    return ""


def _why_not_its_depth(page: Page) -> str:
    bits, form = page.bits[0], page.formats[0]
    if len(set(page.bits)) > 1:
        return f"has channels of different depths ({', '.join(map(str, page.bits[:8]))} bits)"
    if len(set(page.formats)) > 1:
        return "mixes whole and floating-point channels"
    if form in (5, 6):
        return "has complex numbers for pixels"
    name = {INT: "signed ", FLOAT: "floating-point "}.get(form, "")
    sound = {INT: (8, 16, 32, 64), FLOAT: (16, 24, 32, 64)}.get(form, (*range(1, 33), 64))
    if bits not in sound:
        return f"has {bits}-bit {name}channels"
    if page.photometric == PALETTE and (name or bits > 16):
        return f"has a palette of {bits}-bit {name}numbers"
    if page.photometric == YCBCR and page.compression in BYTEWISE and (name or bits not in (8, 16)):
        return f"is in YCbCr with {bits}-bit {name}channels"
    if page.photometric in (CIELAB, ICCLAB) and bits not in (8, 16) and form != FLOAT:
        return f"is in L*a*b* with {bits}-bit {name}channels"
    if page.photometric == ICCLAB and name:
        return f"is in ICC L*a*b* with {bits}-bit {name}channels"
    if page.unpacked_bytes > MOST_UNPACKED:
        megabytes = page.unpacked_bytes / 2**20
        return f"unpacks to {megabytes:,.0f} MB, having {page.samples} channels of {bits} bits"
    return ""


def _why_not_its_packing(page: Page) -> str:
    compression = page.compression
    if compression in LIBTIFF:
        deep = {OLD_JPEG: 8, THUNDERSCAN: 4}.get(compression, 1)
        if page.number is None or page.bits[0] != deep or (page.samples > 1 and deep < 8):
            how = {OLD_JPEG: "as JPEG of before 1995", THUNDERSCAN: "by ThunderScan"}
            return f"{how.get(compression, 'for fax machines')} in a way that is not read"
        return ""
    if compression not in BYTEWISE | PICTUREWISE:
        if compression in COMPRESSIONS:
            return f"as {COMPRESSIONS[compression]}, which is not read"
        return f"in a way that is not known (number {compression})"
    if compression in BYTEWISE:
        if page.predictor not in (1, 2, 3):
            return f"with a predictor that is not known (number {page.predictor})"
        if page.predictor == 2 and page.bits[0] not in (8, 16, 32, 64):
            return f"with differences of {page.bits[0]}-bit numbers, which are not read"
        if page.predictor == 3 and page.formats[0] != FLOAT:
            raise Damaged("a floating-point predictor of whole numbers")
    if page.segments > MOST_SEGMENTS:
        return f"in {page.segments:,} pieces, which are too many"
    places = page.directory.count(TILES if page.tile and TILES in page.directory else STRIPS)
    if places < page.segments:
        raise Damaged(f"{places} places for {page.segments} strips or tiles")
    return ""


def _is_cut_short(page: Page) -> bool:
    """Say whether strips or tiles that are needed begin, or unpacked ones end, behind the end of the file."""
    if page.compression in LIBTIFF:
        return False
    directory, (across, down) = page.directory, page.grid
    tiled = page.tile and TILES in directory
    places = directory.whole(TILES if tiled else STRIPS, 4 * MOST_SEGMENTS)
    size = directory.file_size()
    for plane in page.picture_samples if page.separate else [0]:
        own = places[plane * across * down : (plane + 1) * across * down]
        if min(own) <= 0 or max(own) >= size:
            return True
        if page.compression == NONE and page.photometric != YCBCR and not page.tile:
            row = (page.width * sum(page.bits[: 1 if page.separate else None]) + 7) // 8
            last = page.height - (down - 1) * page.rows
            if own[-1] + row * last > size or max(own[:-1], default=0) + row * page.rows > size:
                return True
    return False
