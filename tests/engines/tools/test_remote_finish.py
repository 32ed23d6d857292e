"""A service is handed a picture and nothing else; what it makes is finished as our own tool would have."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import errors
from editor.engines.inpainting import erase_mask
from editor.engines.io import compose, pictures
from editor.engines.limits import SEEDS
from editor.engines.tools import dispatch, remote_prepare

Ball = tuple[NDArray[np.uint8], NDArray[np.float32]]


@pytest.fixture
def photo(ball_photo: NDArray[np.uint8], tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(ball_photo).save(path)
    return path


@pytest.fixture
def cut_out(ball: Ball, tmp_path: Path) -> Path:
    """What a service made of the photo: the ball, at the photo's size."""
    path = tmp_path / "collected-1"
    pictures.write(path, *ball, format="png")
    return path


def finished(tool: str, source: Path, made: list[Path], folder: Path, **options: Any) -> dict[str, list[Any]]:
    """What is written of what a service made, by kind and in order."""
    asked = {"tool": tool, "pictures": [str(path) for path in made], "options": options}
    written: dict[str, list[Any]] = {}
    for output in dispatch.run("finish", str(source), str(folder), asked):
        assert Path(output.path).stat().st_size == output.bytes
        written.setdefault(output.kind, []).append(output)
    return written


def pixels(path: str | Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture)


OPTIONS: list[dict[str, Any]] = [
    {},
    {"crop": True, "outputs": "both"},
    {"crop": True, "square": True, "margin": 0.2, "size": "preview"},
    {"background": "#81d4fa", "format": "webp", "crop": True, "margin": 0.1, "margin_of": "subject"},
    {"format": "jpg", "outputs": "both"},
    {"outputs": "mask", "crop": True},
]


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("tool", ["cutout", "head"])
@pytest.mark.parametrize("options", OPTIONS)
def test_a_cutout_that_comes_back_is_finished_as_our_own_is(
    monkeypatch: pytest.MonkeyPatch,
    photo: Path,
    cut_out: Path,
    ball: Ball,
    tmp_path: Path,
    tool: str,
    options: Any,
) -> None:
    """Pixel for pixel, where our own engine finds the very alpha and colours that the service had."""
    from editor.engines.tools import cutout, head, subject_selection

    colour, alpha = ball[0], pictures.to_bytes(ball[1]).astype(np.float32) * np.float32(1 / 255)
    monkeypatch.setattr(
        cutout, "_find_subject", lambda *ignored: subject_selection.Subject(alpha, colour, "object")
    )
    monkeypatch.setattr(head.alpha_matte, "estimate", lambda picture: alpha)
    monkeypatch.setattr(head.detection, "find_heads", lambda *ignored: ["a head"])
    monkeypatch.setattr(head, "_alpha", lambda *ignored: alpha)
    monkeypatch.setattr(head.foreground_estimation, "purify", lambda *ignored: colour)
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    own.mkdir()
    theirs.mkdir()
    expected = [one for one in dispatch.run(tool, str(photo), str(own), options) if one.kind != "facts"]
    written = finished(tool, photo, [cut_out], theirs, **options)
    names = sorted(path.name for path in theirs.iterdir() if path.suffix != ".json")
    assert names == sorted(Path(one.path).name for one in expected)
    made = [one for kind in ("image", "mask") for one in written.get(kind, [])]
    for ours, other in zip([one for one in expected if one.kind != "thumbnail"], made, strict=True):
        assert (ours.kind, ours.width, ours.height) == (other.kind, other.width, other.height)
        # A bare cutout is packed in bands, to be corrected in parts: other bytes of the same picture.
        with Image.open(ours.path) as own_picture, Image.open(other.path) as their_picture:
            assert own_picture.mode == their_picture.mode
            assert own_picture.info.get("dpi") == their_picture.info.get("dpi")
            assert np.array_equal(np.asarray(own_picture), np.asarray(their_picture))


def test_it_was_taken_for_what_it_was_said_to_be(photo: Path, cut_out: Path, tmp_path: Path) -> None:
    (silent,) = finished("cutout", photo, [cut_out], tmp_path)["facts"]
    assert "took" not in json.loads(Path(silent.path).read_text())
    (facts,) = finished("cutout", photo, [cut_out], tmp_path, subject="object")["facts"]
    assert json.loads(Path(facts.path).read_text())["took"] == "object"


def test_where_it_is_in_the_photo_is_said_whatever_the_canvas(
    photo: Path, cut_out: Path, ball: Ball, tmp_path: Path
) -> None:
    expected = compose.subject_box(pictures.to_bytes(ball[1]) / np.float32(255))
    for options in ({}, {"crop": True, "margin": 0.2}):
        (facts,) = finished("cutout", photo, [cut_out], tmp_path, **options)["facts"]
        found = json.loads(Path(facts.path).read_text())
        assert found["box"] == list(expected)
        # How sure its service was it does not say; how much of it is undecided is seen.
        assert "confidence" not in found
        assert 0 < found["ambiguous"] < 0.1


def test_what_was_transparent_before_stays_so(cut_out: Path, ball: Ball, tmp_path: Path) -> None:
    colour, _ = ball
    half = np.ones(colour.shape[:2], np.float32)
    half[:, :240] = 0
    before = tmp_path / "before.png"
    pictures.write(before, colour, half, format="png")
    (image,) = finished("cutout", before, [cut_out], tmp_path)["image"]
    alpha = pixels(image.path)[..., 3]
    assert not alpha[:, :240].any()
    assert (alpha[:, 240:] == pixels(cut_out)[:, 240:, 3]).all()


@pytest.mark.parametrize("alpha", [False, True])
def test_erasing_leaves_every_pixel_outside_the_marks_as_it_was(
    ball_photo: NDArray[np.uint8], ball: Ball, tmp_path: Path, alpha: bool
) -> None:
    """A service's picture is a JPEG."""
    before, service = tmp_path / "before.png", tmp_path / "collected-1"
    rgba = np.dstack([ball_photo, pictures.to_bytes(ball[1])]) if alpha else ball_photo
    Image.fromarray(rgba).save(before)
    Image.fromarray(ball_photo).save(service, "JPEG")
    box = {"x": 220, "y": 165, "width": 40, "height": 30}
    (image,) = finished("erase", before, [service], tmp_path, rectangles=[box], seed=0)["image"]
    result = pixels(image.path)
    marked = np.zeros(result.shape[:2], bool)
    marked[165:195, 220:260] = True
    assert (result[~marked] == rgba[~marked]).all()
    assert np.abs(result[marked][:, :3].astype(int) - pixels(service)[marked]).max() <= 1
    assert (result[..., 3:] == rgba[..., 3:]).all()


@pytest.mark.parametrize("opacity", [255, 115])
@pytest.mark.parametrize("change", [lambda rgb: rgb, lambda rgb: rgb * 0.9, lambda rgb: rgb * 0.95 + 8])
def test_colours_that_a_service_changed_all_over_are_changed_back(
    cup: NDArray[np.uint8], tmp_path: Path, change: Any, opacity: int
) -> None:
    before, service = tmp_path / "before.png", tmp_path / "collected-1"
    veil = np.full(cup.shape[:2], opacity, np.uint8)
    Image.fromarray(np.dstack([cup, veil])).save(before)
    grey = cup.copy()
    grey[50:80, 100:140] = 128
    Image.fromarray((change(grey) + 0.5).astype(np.uint8)).save(service, "PNG")
    (image,) = finished("erase", before, [service], tmp_path, rectangles=[[100, 50, 40, 30]])["image"]
    result = pixels(image.path)[..., :3]
    assert np.abs(result.astype(int) - grey).max() <= 1


def test_scenes_are_numbered_and_no_larger_than_asked_for(tmp_path: Path, photo: Path) -> None:
    service = [tmp_path / "collected-1", tmp_path / "collected-2"]
    for path in service:
        Image.new("RGB", (640, 480), "#8899aa").save(path, "PNG")
    written = finished("scene", photo, service, tmp_path, size=320, format="webp", prompt="a beach", takes=2)
    assert [(one.number, one.width, one.height, one.format) for one in written["image"]] == [
        (1, 320, 240, "webp"),
        (2, 320, 240, "webp"),
    ]
    assert [one.number for one in written["thumbnail"]] == [1, 2]


def test_what_cannot_be_used_is_said_to_be(photo: Path, cut_out: Path, tmp_path: Path) -> None:
    damaged, small, empty = tmp_path / "damaged", tmp_path / "small", tmp_path / "empty"
    damaged.write_bytes(cut_out.read_bytes()[:-500])
    Image.new("RGBA", (20, 10), "red").save(small, "PNG")
    Image.new("RGBA", (480, 360)).save(empty, "PNG")
    for path in (damaged, small):
        for tool in ("cutout", "head", "erase"):
            with pytest.raises(errors.UnusableAnswer):
                finished(tool, photo, [path], tmp_path, **({"rectangles": []} if tool == "erase" else {}))
    with pytest.raises(errors.UnusableAnswer):
        finished("scene", photo, [damaged], tmp_path)
    with pytest.raises(errors.NothingFound):
        finished("cutout", photo, [empty], tmp_path)


@pytest.mark.parametrize(
    "options",
    [
        {"tool": "paint", "pictures": ["a"], "options": {}},
        {"tool": "cutout", "pictures": [], "options": {}},
        {"tool": "cutout", "pictures": ["a"]},
        {"tool": "cutout", "pictures": ["a"], "options": {}, "prepare": True},
    ],
)
def test_what_is_not_understood_is_refused(photo: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    for work in ("finish", "outgoing"):
        with pytest.raises(errors.InvalidOptions):
            dispatch.run(work, str(photo), str(tmp_path), options)


# -- What goes out -------------------------------------------------------------------------------------------


def outgoing(tool: str, source: Path, folder: Path, **options: Any) -> list[Any]:
    return dispatch.run("outgoing", str(source), str(folder), {"tool": tool, "options": options})


def test_a_photo_goes_out_upright_and_without_what_it_tells_of_its_owner(tmp_path: Path) -> None:
    lying = np.zeros((40, 60, 3), np.uint8)
    lying[:, :30] = 200
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    source = tmp_path / "photo.jpg"
    Image.fromarray(lying).save(source, exif=exif, quality=95)
    (image,) = outgoing("cutout", source, tmp_path, crop=True)
    with Image.open(image.path) as sent:
        assert (sent.format, sent.size, sent.mode) == ("PNG", (40, 60), "RGB")
        assert not sent.getexif()
        assert sent.info == {}
        assert np.asarray(sent)[:25].mean() > 190 > 10 > np.asarray(sent)[-25:].mean()


def test_a_photo_of_too_many_bytes_goes_out_as_the_best_jpeg(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    source = tmp_path / "photo.png"
    Image.fromarray(noise).save(source)
    most = source.stat().st_size - 1000
    monkeypatch.setattr(remote_prepare, "SEEDS", replace(SEEDS, bytes=most))
    (image,) = outgoing("head", source, tmp_path)
    assert image.bytes <= most
    assert (image.format, image.width) == ("jpg", 300)
    assert [path.suffix for path in tmp_path.glob("outgoing*")] == [".jpg"]
    assert np.abs(pixels(image.path).astype(int) - noise).mean() < 12


def test_marks_go_out_black_and_white_and_not_at_all_where_we_would_refuse_them(
    photo: Path, tmp_path: Path
) -> None:
    mask = tmp_path / "mask.jpg"
    grey = np.zeros((360, 480), np.uint8)
    grey[100:150, 100:200] = 250
    Image.fromarray(grey).save(mask, quality=60)
    image, sent = outgoing("erase", photo, tmp_path, mask_path=str(mask), seed=0, format="png")
    assert (image.kind, sent.kind, sent.format) == ("image", "mask", "png")
    assert sorted(np.unique(pixels(sent.path))) == [0, 255]
    assert abs(int((pixels(sent.path) > 0).sum()) - 5000) < 50
    (alone,) = outgoing("erase", photo, tmp_path, rectangles=[[0, 0, 9, 9]])
    assert alone.kind == "image"
    with pytest.raises(erase_mask.TooMuchMarked):
        outgoing("erase", photo, tmp_path, rectangles=[[0, 0, 480, 300]])


@pytest.mark.parametrize(
    ("size", "sent"), [((300, 400), (300, 400)), ((100, 150), (256, 384)), ((8, 2000), (256, 4096))]
)
def test_a_product_goes_out_as_large_as_a_scene_needs_it(
    tmp_path: Path, size: tuple[int, int], sent: tuple[int, int]
) -> None:
    source = tmp_path / "product.png"
    Image.new("RGBA", size, (200, 30, 30, 128)).save(source)
    (image,) = outgoing("scene", source, tmp_path, prompt="a beach")
    with Image.open(image.path) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", sent)
        middle = picture.getpixel((sent[0] // 2, sent[1] // 2))
        assert np.abs(np.subtract(middle, (200, 30, 30, 128))).max() <= 1


@pytest.mark.usefixtures("network")
def test_a_photo_goes_out_for_a_scene_as_the_product_alone(photo: Path, ball: Ball, tmp_path: Path) -> None:
    (image,) = outgoing("scene", photo, tmp_path, scene=105)
    alpha = pixels(image.path)[..., 3].astype(float) / 255
    assert np.abs(alpha - ball[1]).mean() < 0.02
