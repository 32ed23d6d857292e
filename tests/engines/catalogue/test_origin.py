"""What files of a recipe say of their origin, read back without our own readers; and what they never say."""

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, IptcImagePlugin

from editor.engines.io.provenance import xmp
from editor.engines.io.provenance.statement import Statement
from editor.engines.tools import dispatch

ORIGIN = Statement("digitalCapture", ("Ada Beyer", "Çelik & Co"), "© 2026 Ada Beyer", "Beyer/Studio")
SECRETS = ["Olga Owner", "Camera Owner", "SN-4711", "LENS-0815", "Secret Street 3", "2026:01:02"]
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
FORMATS = ["jpg", "png", "webp", "avif", "tiff"]


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo with a statement of origin, and with all that must not get out."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0132] = SECRETS[0], SECRETS[5]
    details = exif.get_ifd(0x8769)
    details[0xA430], details[0xA431], details[0xA435] = SECRETS[1:4]
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 59.25), 3: "E", 4: (13.0, 24.0, 57.5)})
    packet = xmp.make_packet(ORIGIN).replace(
        b"<dc:creator>",
        b'<aux:SerialNumber xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">SN-4711</aux:SerialNumber>'
        b'<e:GPSLatitude xmlns:e="http://ns.adobe.com/exif/1.0/">52,30.9875N</e:GPSLatitude>'
        b'<c:Location xmlns:c="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">Secret Street 3</c:Location>'
        b"<dc:creator>",
    )
    path = tmp_path_factory.mktemp("origin") / "photo.jpg"
    Image.new("RGB", (60, 50), (220, 220, 220)).save(path, exif=exif, xmp=packet)
    assert all(one.encode() in path.read_bytes() for one in SECRETS)
    return path


@pytest.fixture(scope="module")
def cutout(photo: Path) -> Path:
    pixels = np.zeros((50, 60, 4), np.uint8)
    pixels[10:45, 15:40] = 20, 90, 160, 255
    Image.fromarray(pixels).save(photo.with_name("cutout.png"))
    return photo.with_name("cutout.png")


def make(cutout: Path, photo: Path, folder: Path, *formats: str, **options: Any) -> list[Path]:
    """Return files of these formats. options: of the job; provenance and what of the recipe there is."""
    recipe = {"name": "A", "provenance": options.pop("provenance")}
    files = [{"format": one, "path": f"a.{one}"} for one in formats]
    folder.mkdir(exist_ok=True)
    asked = {"recipe": recipe, "files": files, "photo_path": str(photo), **options}
    made = dispatch.run("deliver", str(cutout), str(folder), asked)
    return [Path(one.path) for one in made if one.kind == "image"]


def read_xmp(path: Path) -> dict[str, Any]:
    """Return the statement in a file, by Pillow and an ordinary reader of XML."""
    with Image.open(path) as picture:
        picture.load()
        packet = picture.info["xmp"]
    root = ElementTree.fromstring(packet.decode() if isinstance(packet, bytes) else packet)  # noqa: S314
    description = root.find(".//rdf:Description", SPACES)
    assert description is not None
    assert {name.rpartition("}")[2] for name in description.attrib} == {"about"}
    found = {}
    for child in description:
        words = [text.strip() for text in child.itertext() if text.strip()]
        found[child.tag.rpartition("}")[2]] = "|".join(words)
    return found


@pytest.mark.parametrize("finish", [{}, {"background": "#ffffff"}], ids=["clear", "white"])
def test_files_say_what_the_photo_says_of_its_origin(
    photo: Path, cutout: Path, tmp_path: Path, finish: dict[str, Any]
) -> None:
    """On white they are written by other ways than with alpha; and the pixels are the same as without."""
    told = make(cutout, photo, tmp_path / "told", *FORMATS, provenance="source", finish=finish)
    plain = make(cutout, photo, tmp_path / "plain", *FORMATS, provenance="none", finish=finish)
    for path, other in zip(told, plain, strict=True):
        assert read_xmp(path) == {
            "DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            "creator": "Ada Beyer|Çelik & Co",
            "rights": "© 2026 Ada Beyer",
            "Credit": "Beyer/Studio",
        }, path.name
        with Image.open(path) as one, Image.open(other) as without:
            assert (np.asarray(one) == np.asarray(without)).all(), path.name
            assert one.info.get("icc_profile") == without.info.get("icc_profile")
            assert "xmp" not in without.info
            values = IptcImagePlugin.getiptcinfo(one) if path.suffix in (".jpg", ".tiff") else None
        if path.suffix in (".jpg", ".tiff"):
            assert values is not None
            assert values[2, 80] == [one.encode() for one in ORIGIN.creators]
            assert values[2, 116] == ORIGIN.rights.encode()


@pytest.mark.parametrize("provenance", ["none", "source"])
def test_place_camera_and_owner_never_get_out(
    photo: Path, cutout: Path, tmp_path: Path, provenance: str
) -> None:
    for path in make(cutout, photo, tmp_path, *FORMATS, "psd", provenance=provenance):
        data = path.read_bytes()
        assert not [one for one in SECRETS if one.encode() in data], path.name
        assert (b"Ada Beyer" in data) == (provenance == "source"), path.name
        assert b"52,30" not in data
        if path.suffix != ".psd":
            with Image.open(io.BytesIO(data)) as picture:
                exif = picture.getexif()
                assert not exif.get_ifd(0x8825)
                assert not exif.get_ifd(0x8769)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("digitalCapture", "compositeCapture"),
        ("trainedAlgorithmicMedia", "compositeSynthetic"),
        ("", "composite"),
    ],
)
def test_a_picture_behind_makes_it_a_composite(
    photo: Path, cutout: Path, tmp_path: Path, kind: str, meant: str
) -> None:
    behind = tmp_path / "behind.jpg"
    packet = xmp.make_packet(Statement(kind, ("Somebody Else",)))
    Image.new("RGB", (60, 50), "green").save(behind, xmp=packet)
    (path,) = make(cutout, photo, tmp_path / "out", "jpg", provenance="source", backdrop_path=str(behind))
    found = read_xmp(path)
    assert found["DigitalSourceType"] == f"http://cv.iptc.org/newscodes/digitalsourcetype/{meant}"
    assert found["creator"] == "Ada Beyer|Çelik & Co"
