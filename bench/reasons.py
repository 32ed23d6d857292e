"""Why our reader and another program may differ over a file: stated by kind of file, never by its name.

Each reason was looked into once; what none of them covers is printed with the file's name and is a fault
until somebody has looked.
"""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from editor.engines.io import iso_boxes
from editor.engines.io.tiff import tags

SUB_IFDS, SAMPLE_FORMAT, PHOTOMETRIC, EXTRA_SAMPLES = 330, 339, 262, 338
BITS = 258
SIGNED, LAB = 2, (8, 9, 10)
BT709, SRGB_LIKE, HDR = 1, (1, 2, 6, 13), (16, 18)


@dataclass(frozen=True)
class Case:
    """A file over which we and one viewer differ. agree: the viewers that show what we read."""

    data: bytes
    sentence: str
    viewer: str
    agree: frozenset[str]
    shown_by: frozenset[str]

    @property
    def refused(self) -> bool:
        return bool(self.sentence)

    def is_kind(self, *signatures: bytes) -> bool:
        return self.data.startswith(signatures)

    @property
    def is_png(self) -> bool:
        return self.is_kind(b"\x89PNG")

    @property
    def is_boxed(self) -> bool:
        return self.data[4:8] == b"ftyp"

    @property
    def is_webp(self) -> bool:
        return self.is_kind(b"RIFF")

    @property
    def is_tiff(self) -> bool:
        return self.is_kind(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

    def has_chunk(self, *names: bytes) -> bool:
        return any(name in self.data[:100_000] for name in names)

    @property
    def codes(self) -> tuple[int, int] | None:
        """Primaries and transfer that the boxes of a HEIF or AVIF tell."""
        try:
            told = iso_boxes.properties(io.BytesIO(self.data))
        except (struct.error, ValueError, IndexError):
            return None
        nclx = (content for name, content in told if name == b"colr" and content[:4] == b"nclx")
        return next(((struct.unpack(">HH", content[4:8])) for content in nclx), None)

    @functools.cached_property
    def directories(self) -> list[tags.Directory]:
        """A TIFF's pages."""
        try:
            return list(tags.File(io.BytesIO(self.data)).chain()) if self.is_tiff else []
        except tags.Damaged:
            return []

    def has_tag(self, tag: int, *values: int) -> bool:
        """Whether the first page of a TIFF has a tag, of one of these values where some are given."""
        if not self.directories or tag not in self.directories[0]:
            return False
        return not values or self.directories[0].one(tag, 0) in values

    @property
    def gamma(self) -> int:
        """A PNG's gAMA chunk, 0 where there is none."""
        at = self.data[:100_000].find(b"gAMA") if self.is_png else -1
        return 0 if at < 0 else int.from_bytes(self.data[at + 4 : at + 8], "big")

    @property
    def mode(self) -> str:
        try:
            with Image.open(io.BytesIO(self.data)) as picture:
                return picture.mode
        except Exception:  # noqa: BLE001 - of damaged files Pillow raises anything
            return ""


@dataclass(frozen=True)
class Reason:
    """A sentence, and whether it holds of a case."""

    sentence: str
    holds: Callable[[Case], bool]


def against(viewer: str, holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: case.viewer == viewer and not case.refused and holds(case)


REFUSALS = (
    Reason("over 4096 pixels a side, and told so", lambda case: "at most 4096" in case.sentence),
    Reason(
        "a kind of file that is not taken, and called by its name",
        lambda case: "not read here" in case.sentence or "not a photo" in case.sentence,
    ),
    Reason(
        "no photo's format, and without a name here: libvips has ImageMagick read what science and games use",
        lambda case: "not a picture" in case.sentence and case.viewer == "libvips",
    ),
    Reason(
        "AVIF that breaks its standard: libavif refuses it, and so does Chromium",
        lambda case: case.is_boxed and "damaged" in case.sentence and "Chromium" not in case.shown_by,
    ),
    Reason(
        "pixels are missing or damaged: others show what is left of them",
        lambda case: any(word in case.sentence for word in ("cut short", "damaged")) and not case.is_boxed,
    ),
)
DIFFERENCES = (
    Reason(
        "HDR (PQ, HLG): another tone curve, or none",
        lambda case: not case.refused and case.codes is not None and case.codes[1] in HDR,
    ),
    Reason(
        "libvips 8.14 heeds no PNG gAMA, cHRM or cICP",
        against("libvips", lambda case: case.is_png and case.has_chunk(b"gAMA", b"cHRM", b"cICP")),
    ),
    Reason(
        "libvips 8.14 heeds no code points of HEIF and AVIF",
        against(
            "libvips",
            lambda case: (
                case.codes is not None and (case.codes[0] not in (BT709, 2) or case.codes[1] not in SRGB_LIKE)
            ),
        ),
    ),
    Reason(
        "transparency of AVIF: libvips 8.14 turns or drops it with the picture",
        against("libvips", lambda case: case.is_boxed and case.has_chunk(b"auxC")),
    ),
    Reason(
        "alpha of an AVIF that is not of full range, as its standard asks: Chromium and libavif read it "
        "each the other way",
        against("Chromium", lambda case: case.is_boxed and case.has_chunk(b"auxC", b"auxv")),
    ),
    Reason(
        "AVIF whose boxes and pixels tell different ranges: the boxes go first, in Chromium the pixels",
        against("Chromium", lambda case: case.is_boxed and case.codes is not None),
    ),
    Reason(
        "a few pixels of thinned colours (4:2:0), enlarged otherwise",
        lambda case: case.is_boxed and not case.refused and "Chromium" in case.agree,
    ),
    Reason(
        "Chromium turns no WebP by its EXIF",
        against("Chromium", lambda case: case.is_webp and case.has_chunk(b"EXIF")),
    ),
    Reason(
        "an animated PNG: Chromium shows the animation's first frame, we and libvips the picture before it",
        against("Chromium", lambda case: case.is_png and case.has_chunk(b"acTL")),
    ),
    Reason(
        "a transparent grey of few bits (tRNS): by the standard its low bits count, Chromium takes all 16",
        against("Chromium", lambda case: case.is_png and case.has_chunk(b"tRNS") and case.data[24] < 8),
    ),
    Reason(
        "CMYK without a profile: libvips takes one of its own, Chromium and we plain arithmetic",
        against("libvips", lambda case: case.mode == "CMYK" and b"acsp" not in case.data),
    ),
    Reason(
        "profiles that are tables or of wide primaries (XYB): libvips by another intent, Chromium as we",
        against("libvips", lambda case: b"acsp" in case.data and "Chromium" in case.agree),
    ),
    Reason(
        "BMP: libvips has ImageMagick read it, which guesses at alpha and at tables; Chromium as we",
        against("libvips", lambda case: case.is_kind(b"BM") and "Chromium" in case.agree),
    ),
    Reason(
        "a PNG whose gAMA is 45455: by custom that is sRGB itself, Chromium takes it for a power",
        against("Chromium", lambda case: 45_000 <= case.gamma <= 46_000),
    ),
    Reason(
        "TIFF of several pages or with smaller copies: vipsthumbnail takes another for a layer of the first",
        against(
            "libvips", lambda case: case.has_tag(SUB_IFDS) or (case.is_tiff and len(case.directories) > 1)
        ),
    ),
    Reason(
        "TIFF of signed numbers: what they mean is set down in docs/tiff.md, libvips cuts them off",
        against("libvips", lambda case: case.has_tag(SAMPLE_FORMAT, SIGNED)),
    ),
    Reason(
        "TIFF in L*a*b*: libvips 8.14 has another white, and cuts colours off",
        against("libvips", lambda case: case.has_tag(PHOTOMETRIC, *LAB)),
    ),
    Reason(
        "BMP of few bits a channel or with alpha: libvips has ImageMagick stretch no level and lose alpha",
        against("libvips", lambda case: case.is_kind(b"BM") and case.data[30:31] in (b"\3", b"\6")),
    ),
    Reason(
        "TIFF whose samples are not of one depth told for each: libvips takes it for other colours",
        against("libvips", lambda case: case.has_tag(BITS) and case.mode == ""),
    ),
    Reason(
        "TIFF with channels beside its colours: left out here, taken for ink or alpha by libvips",
        against("libvips", lambda case: case.has_tag(EXTRA_SAMPLES)),
    ),
    Reason(
        "run lengths of a BMP that are damaged: each reads them as far as it can",
        against("libvips", lambda case: case.is_kind(b"BM") and case.data[30:31] in (b"\1", b"\2")),
    ),
    Reason(
        "run lengths of a BMP that leave pixels out: transparent in Chromium, the table's first colour in "
        "libvips and here",
        against("Chromium", lambda case: case.is_kind(b"BM") and case.data[30:31] in (b"\1", b"\2")),
    ),
    Reason(
        "a BMP whose table of colours reaches into its pixels: Chromium begins where the header says",
        against(
            "Chromium",
            lambda case: (
                case.is_kind(b"BM") and int.from_bytes(case.data[10:14], "little") < 14 + 40 + 4 * 16
            ),
        ),
    ),
)


def find(case: Case) -> str:
    """Return the reason for a difference, "" where none is stated."""
    return next((one.sentence for one in (REFUSALS if case.refused else DIFFERENCES) if one.holds(case)), "")
