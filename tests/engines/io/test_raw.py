"""Camera raw: what is that, and a set of frames that comes out as it was lit."""

from __future__ import annotations

import io
import itertools
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.errors import NotAPicture
from editor.engines.io import formats, pictures, raw

from . import damage, tiffs

WIDTH, HEIGHT = 64, 48


def read(data: bytes, folder: Path) -> pictures.Picture:
    path = folder / "photo.dng"
    path.write_bytes(data)
    return pictures.read(path)


def scene(exposure: float, *, card: float = 0.0) -> NDArray[np.float64]:
    """Return light on the sensor: a ramp on the left, and on the right a card of any brightness."""
    light = np.broadcast_to(np.linspace(0.02, 0.2, WIDTH), (HEIGHT, WIDTH)) * exposure
    light = light.copy()
    if card:
        light[:, 48:] = card
    return light


def ramp(picture: pictures.Picture) -> NDArray[np.uint8]:
    return picture.rgb[8:40, 4:40]


@pytest.mark.parametrize("card", [0.001, 0.3, 0.7, 0.85, 1.0])
def test_a_card_in_the_frame_changes_nothing_beside_it(card: float, tmp_path: Path) -> None:
    """Bright, dark, or just below what the sensor can hold: each would move a brightness found by itself."""
    alone = read(damage.dng(WIDTH, HEIGHT, light=scene(1)), tmp_path)
    beside = read(damage.dng(WIDTH, HEIGHT, light=scene(1, card=card)), tmp_path)
    assert (ramp(alone) == ramp(beside)).all()


def test_a_card_changes_no_colour_where_the_camera_tells_no_white_balance(tmp_path: Path) -> None:
    neutral = 50728
    alone, beside = (
        read(damage.dng(WIDTH, HEIGHT, light=scene(1, card=card), without=(neutral,)), tmp_path)
        for card in (0, 1.0)
    )
    assert (ramp(alone) == ramp(beside)).all()


def test_more_light_is_brighter_by_the_same_measure_everywhere(tmp_path: Path) -> None:
    """Half the light twice over is a quarter, whatever else is in the frame."""
    means = [ramp(read(damage.dng(WIDTH, HEIGHT, light=scene(e)), tmp_path)).mean() for e in (4, 2, 1, 0.5)]
    assert all(brighter > darker * 1.15 for brighter, darker in itertools.pairwise(means))
    # A frame that was lit with half of it elsewhere on the ramp shows that very grey.
    whole = read(damage.dng(WIDTH, HEIGHT, light=np.full((HEIGHT, WIDTH), 0.2)), tmp_path)
    part = read(damage.dng(WIDTH, HEIGHT, light=scene(1, card=0.2)), tmp_path)
    assert abs(int(whole.rgb[24, 56, 1]) - int(part.rgb[24, 56, 1])) <= 1


def test_a_metered_grey_card_is_in_the_middle_and_white_is_not_lost(tmp_path: Path) -> None:
    grey, white, full = raw.apply_tone(np.array([0.125, 0.625, 1.0])) * 255
    assert 118 <= grey <= 136
    assert 225 <= white <= 240
    assert full == pytest.approx(255)


def test_the_tone_curve_rises_everywhere() -> None:
    for stops in (-3.0, 0.0, 3.0):
        shown = raw.apply_tone(np.linspace(0, 1, 4096), stops)
        assert shown[0] == 0
        assert (np.diff(shown) > 0).all()


def test_a_dngs_baseline_exposure_is_heeded(tmp_path: Path) -> None:
    """One stop more to be assumed looks like one stop more of light, but that white is not lost."""
    told = (50730, 10, 1, struct.pack("<ii", 1, 1))
    lifted = read(damage.dng(WIDTH, HEIGHT, light=scene(1), more=(told,)), tmp_path)
    plain = read(damage.dng(WIDTH, HEIGHT, light=scene(1)), tmp_path)
    twice = read(damage.dng(WIDTH, HEIGHT, light=scene(2)), tmp_path)
    assert (ramp(lifted) > ramp(plain)).mean() > 0.99
    assert np.abs(ramp(lifted).astype(int) - ramp(twice)).mean() < 20


@pytest.mark.parametrize("stops", [(1000, 1), (-1000, 1), (1, 0)])
def test_a_baseline_exposure_that_makes_no_sense_is_kept_in_bounds(stops: tuple[int, int]) -> None:
    told = (50730, 10, 1, struct.pack("<ii", *stops))
    assert abs(raw.baseline_exposure(io.BytesIO(damage.dng(8, 8, more=(told,))))) <= 3


# -- What is camera raw --------------------------------------------------------------------------------


@pytest.mark.parametrize("compression", [52546, 50002])
def test_a_dng_of_jpeg_xl_says_so_at_the_door_and_what_helps(compression: int, tmp_path: Path) -> None:
    data = damage.dng(WIDTH, HEIGHT, more=((259, 3, 1, struct.pack("<H", compression)),))
    with pytest.raises(NotAPicture, match=r"DNG 1\.7, packed as JPEG XL.*1\.6.*TIFF or JPG"):
        formats.probe(io.BytesIO(data))
    with pytest.raises(NotAPicture, match="JPEG XL"):
        read(data, tmp_path)


def test_a_dng_of_jpeg_xl_behind_its_preview_is_known_too() -> None:
    preview = tiffs.baseline(
        np.zeros((6, 8, 3), np.uint8), 2, 8, tag_254=("I", [1]), tag_50706=("B", [1, 7, 0, 0])
    )
    sensor = tiffs.baseline(np.zeros((6, 8, 1), np.uint16), 32803, 16, tag_259=("H", [52546]))
    data = tiffs.assembled([(preview, [bytes(144)]), (sensor, [bytes(96)])])
    assert formats.sniff(io.BytesIO(data)).plugin == formats.RAW
    with pytest.raises(NotAPicture, match="JPEG XL"):
        formats.probe(io.BytesIO(data))


@pytest.mark.parametrize("is_dng", [True, False])
def test_a_packing_that_libraw_does_not_know_is_named_as_such(is_dng: bool, tmp_path: Path) -> None:
    without = () if is_dng else (50706,)
    data = damage.dng(WIDTH, HEIGHT, more=((259, 3, 1, struct.pack("<H", 9)),), without=without)
    with pytest.raises(
        NotAPicture, match=r"packed in a way that is not known|of a camera that is not known yet"
    ):
        read(data, tmp_path)
    if is_dng:
        with pytest.raises(NotAPicture, match="packed in a way that is not known"):
            formats.probe(io.BytesIO(data))


def test_an_enhanced_picture_beside_the_sensors_own_keeps_nobody_out() -> None:
    sensor = tiffs.baseline(np.zeros((6, 8, 1), np.uint16), 32803, 16, tag_50706=("B", [1, 7, 0, 0]))
    enhanced = tiffs.baseline(
        np.zeros((6, 8, 3), np.uint16), 34892, 16, tag_254=("I", [16]), tag_259=("H", [52546])
    )
    data = tiffs.assembled([(sensor, [bytes(96)]), (enhanced, [bytes(288)])])
    raw.check(io.BytesIO(data))


PLAIN = [
    "grey16 with alpha",
    "float",
    "cmyk with alpha",
    "uint32",
    "a camera's make",
    "leftover of a DNG",
    "leftover of a maker",
]


@pytest.mark.parametrize("what", PLAIN)
def test_what_is_no_raw_never_goes_to_libraw(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("LibRaw was asked")

    monkeypatch.setattr("rawpy.imread", refuse)
    unit = tiffs.look({"grey16 with alpha": 2, "cmyk with alpha": 5}.get(what, 3))
    if what == "grey16 with alpha":
        data = tiffs.written(
            tiffs.as_numbers(unit, "u2"), photometric="minisblack", extrasamples=["unassalpha"]
        )
    elif what == "cmyk with alpha":
        data = tiffs.written(
            tiffs.as_numbers(unit, "u1"), photometric="separated", extrasamples=["unassalpha"]
        )
    elif what in ("float", "uint32"):
        data = tiffs.written(tiffs.as_numbers(unit, "f4" if what == "float" else "u4"), photometric="rgb")
    else:
        pixels = tiffs.as_numbers(unit, "u1")
        tags = tiffs.baseline(pixels, 2, 8, tag_271=("s", b"Nikon\0"), tag_330=("I", [8]))
        if what == "leftover of a DNG":
            tags |= {50706: ("B", [1, 4, 0, 0]), 254: ("I", [0])}
        if what == "leftover of a maker":
            tags |= {33421: ("H", [2, 2]), 33422: ("B", [0, 1, 1, 2]), 34310: ("B", [0] * 8)}
        data = tiffs.assembled([(tags, [pixels.tobytes()])])
    assert formats.probe(io.BytesIO(data)).format == "TIFF"
    assert read(data, tmp_path).format == "TIFF"


@pytest.mark.parametrize("start", [b"CR\2\0", b"CRCR", b"IIII", b"MMMM"])
def test_pixels_that_look_like_a_makers_signature_are_pixels(start: bytes, tmp_path: Path) -> None:
    """A strip may stand right behind the header, as signatures do: a grey of 73 reads "IIII"."""
    pixels = np.full((6, 8, 1), start[0], np.uint8)
    strip = start + pixels.tobytes()[4:]
    data = tiffs.assembled([(tiffs.baseline(pixels, 1, 8), [strip])])
    assert data[8:12] == start
    assert read(data, tmp_path).rgb[0, :4, 0].tolist() == list(start)


@pytest.mark.parametrize("signature", [b"CR\2\0", b"IIIITwaR"])
def test_makers_signatures_are_raw(signature: bytes) -> None:
    data = b"II*\0\x10\0\0\0" + signature.ljust(8, b"\0") + bytes(64)
    assert formats.sniff(io.BytesIO(data)).plugin == formats.RAW


def test_a_sensors_mosaic_is_raw_wherever_it_stands_and_whoever_made_it() -> None:
    mosaic = tiffs.baseline(np.zeros((6, 8, 1), np.uint16), 32803, 16)
    preview = tiffs.baseline(np.zeros((6, 8, 3), np.uint8), 2, 8, tag_254=("I", [1]))
    for order, files in itertools.product(
        "<>", ([(mosaic, [bytes(96)])], [(preview, [bytes(144)]), (mosaic, [bytes(96)])])
    ):
        assert formats.sniff(io.BytesIO(tiffs.assembled(files, order=order))).plugin == formats.RAW


def test_the_door_measures_raw_without_loading_numpy_or_libraw(tmp_path: Path) -> None:
    path = tmp_path / "photo.dng"
    path.write_bytes(damage.dng(WIDTH, HEIGHT, orientation=6))
    code = (
        "import sys\nfrom editor.engines.io import formats\n"
        f"header = formats.probe(open({str(path)!r}, 'rb'))\n"
        "print(header.width, header.height, sorted({'numpy', 'rawpy', 'imagecodecs'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{HEIGHT} {WIDTH} []"


def test_a_raw_that_libraw_falls_over_is_refused_and_the_door_stands() -> None:
    with pytest.raises(NotAPicture, match="damaged, or of a camera"):
        formats.probe(io.BytesIO(b"FUJIFILMCCD-RAW 0201" + bytes(200)))
