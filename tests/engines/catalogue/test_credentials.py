"""Files signed with a key of the studio's own, judged by the library's own reader."""

import io
import json
import stat
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
from PIL import Image

from editor.engines.errors import InvalidOptions
from editor.engines.io.provenance import credentials, xmp
from editor.engines.io.provenance.credentials import FORMATS, Signing
from editor.engines.io.provenance.statement import SCHEME, Statement
from editor.engines.tools import dispatch


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity") / "of-the-studio"
    credentials.make_identity(folder, "Beyer & Söhne")
    return folder


@pytest.fixture(scope="module")
def cutout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pixels = np.zeros((50, 60, 4), np.uint8)
    pixels[10:45, 15:40] = 20, 90, 160, 255
    path = tmp_path_factory.mktemp("cutout") / "cutout.png"
    Image.fromarray(pixels).save(path)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA430] = "Camera Owner"
    packet = xmp.make_packet(Statement("digitalCapture", ("Ada Beyer",)))
    Image.new("RGB", (60, 50), "grey").save(path.with_name("photo.jpg"), exif=exif, xmp=packet)
    return path


def make(cutout: Path, folder: Path, *formats: str, recipe: dict[str, Any], **options: Any) -> list[Path]:
    files = [{"format": one, "path": f"a.{one}"} for one in formats]
    photo = str(cutout.with_name("photo.jpg"))
    asked = {"recipe": {"name": "A", **recipe}, "files": files, "photo_path": photo, **options}
    made = dispatch.run("deliver", str(cutout), str(folder), asked)
    return [Path(one.path) for one in made if one.kind == "image"]


def judge(data: bytes, format: str, root: Path | None = None) -> dict[str, Any]:
    """Return what the library's reader says of a file; root: of whom it trusts."""
    settings: dict[str, Any] = {"verify": {"verify_trust": True, "remote_manifest_fetch": False}}
    if root is not None:
        settings["trust"] = {"trust_anchors": root.read_text()}
    with c2pa.Context.from_dict(settings) as context:
        reader = c2pa.Reader(FORMATS[format], io.BytesIO(data), context=context)
        found: dict[str, Any] = json.loads(reader.json())
    return found


def test_each_file_is_signed_and_trusted_by_who_trusts_the_studio(
    cutout: Path, identity: Path, tmp_path: Path
) -> None:
    recipe = {"credentials": True, "provenance": "source"}
    for path in make(cutout, tmp_path, *FORMATS, recipe=recipe, identity_path=str(identity)):
        format = path.suffix[1:]
        data = path.read_bytes()
        found = judge(data, format, identity / credentials.ROOT)
        assert found["validation_state"] == "Trusted", path.name
        manifest = found["manifests"][found["active_manifest"]]
        assert manifest["signature_info"]["issuer"] == "Beyer & Söhne"
        (action,) = next(
            one["data"]["actions"]
            for one in manifest["assertions"]
            if one["label"].startswith("c2pa.actions")
        )
        assert action["digitalSourceType"] == f"{SCHEME}algorithmicallyEnhanced"
        assert "thumbnail" not in manifest
        assert judge(data, format)["validation_state"] == "Valid", "to others it is somebody's"
        # It has what it would have without a signature, and nothing of the camera.
        with Image.open(path) as opened:
            opened.load()
            assert b"Ada Beyer" in opened.info["xmp"]
        assert b"Camera Owner" not in data


def test_a_file_that_was_changed_is_no_longer_the_studios(
    cutout: Path, identity: Path, tmp_path: Path
) -> None:
    (path,) = make(cutout, tmp_path, "jpg", recipe={"credentials": True}, identity_path=str(identity))
    data = bytearray(path.read_bytes())
    data[-40] ^= 0xFF
    assert judge(bytes(data), "jpg", identity / credentials.ROOT)["validation_state"] == "Invalid"


def test_what_is_told_of_a_file_is_true_of_the_signed_one(
    cutout: Path, identity: Path, tmp_path: Path
) -> None:
    (path,) = make(cutout, tmp_path, "jpg", recipe={"credentials": True}, identity_path=str(identity))
    (told,) = json.loads((tmp_path / "facts.json").read_text())["files"]
    assert told["bytes"] == path.stat().st_size
    assert told["verdict"] == "passed"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("", "algorithmicallyEnhanced"),
        ("digitalCapture", "algorithmicallyEnhanced"),
        ("compositeCapture", "compositeCapture"),
        ("trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
    ],
)
def test_the_claim_is_what_is_known(kind: str, said: str) -> None:
    (actions,) = credentials.describe(kind)["assertions"]
    assert actions["data"]["actions"][0]["digitalSourceType"] == f"{SCHEME}{said}"


def test_a_picture_behind_makes_the_claim_a_composite(cutout: Path, identity: Path, tmp_path: Path) -> None:
    Image.new("RGB", (60, 50), "green").save(tmp_path / "behind.png")
    (path,) = make(
        cutout,
        tmp_path,
        "png",
        recipe={"credentials": True},
        identity_path=str(identity),
        backdrop_path=str(tmp_path / "behind.png"),
    )
    assert f"{SCHEME}composite".encode() in path.read_bytes()


def test_the_key_is_made_once_and_is_its_owners_alone(identity: Path, tmp_path: Path) -> None:
    before = (identity / credentials.KEY).read_bytes()
    credentials.make_identity(identity, "Another")
    assert (identity / credentials.KEY).read_bytes() == before
    assert stat.S_IMODE((identity / credentials.KEY).stat().st_mode) == 0o600
    assert not credentials.has_identity(tmp_path)


def test_without_a_key_or_the_package_it_says_what_to_do(
    identity: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidOptions, match="no key to sign with"):
        Signing(tmp_path).check()
    monkeypatch.setattr(credentials, "is_installed", lambda: False)
    with pytest.raises(InvalidOptions, match="requirements-credentials"):
        Signing(identity).check()
