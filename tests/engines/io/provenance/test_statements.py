"""What a photo says of its origin, in the forms that cameras and editors write; and what nobody reads."""

from pathlib import Path

import pytest
from PIL import Image

from editor.engines.io.provenance import iim, reading, xmp
from editor.engines.io.provenance.statement import RENDERED, SCHEME, Statement, join_elements, read_kind

FULL = Statement("digitalCapture", ("Ada Beyer", "Ço & Söhne <Foto>"), "© 2026 Ada Beyer", "Beyer/Studio")
HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">'
)
TAIL = "</rdf:RDF></x:xmpmeta>"


def make_packet(body: str) -> bytes:
    return f"{HEAD}{body}{TAIL}".encode()


def test_a_packet_says_what_was_stated() -> None:
    assert xmp.read_packet(xmp.make_packet(FULL)) == FULL
    assert xmp.read_packet(xmp.make_packet(FULL) + b"\0" * 9) == FULL


@pytest.mark.parametrize(
    "body",
    [
        f'<rdf:Description ext:DigitalSourceType="{SCHEME}digitalCapture" photoshop:Credit="Beyer"/>',
        '<rdf:Description photoshop:Credit="Beyer">'
        f'<ext:DigitalSourceType rdf:resource="{SCHEME}digitalCapture"/></rdf:Description>',
        "<rdf:Description><ext:DigitalSourceType>https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
        "</ext:DigitalSourceType></rdf:Description><rdf:Description><photoshop:Credit>Beyer"
        "</photoshop:Credit></rdf:Description>",
    ],
)
def test_each_way_to_write_it_is_read(body: str) -> None:
    assert xmp.read_packet(make_packet(body)) == Statement("digitalCapture", credit="Beyer")


def test_what_is_said_of_another_picture_is_not_taken() -> None:
    """Of the one that it was derived from, whose creator is somebody else."""
    other = (
        '<rdf:Description photoshop:Credit="Own"><xmpMM:DerivedFrom>'
        '<rdf:Description photoshop:Credit="Other">'
        "<dc:creator><rdf:Seq><rdf:li>Other</rdf:li></rdf:Seq></dc:creator></rdf:Description>"
        "</xmpMM:DerivedFrom></rdf:Description>"
    )
    assert xmp.read_packet(make_packet(other)) == Statement(credit="Own")


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<x:xmpmeta",
        make_packet("<rdf:Description ext:DigitalSourceType='http://example.com/digitalCapture'/>"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + make_packet('<rdf:Description photoshop:Credit="&a;"/>'),
        xmp.make_packet(FULL)[:-40],
    ],
)
def test_what_is_damaged_unknown_or_declares_entities_says_nothing(packet: bytes) -> None:
    assert not xmp.read_packet(packet)


def test_words_of_strangers_are_one_line_of_ordinary_letters() -> None:
    found = xmp.read_packet(make_packet(f'<rdf:Description photoshop:Credit="a&#10;b\u202ec{"d" * 900}"/>'))
    assert found.credit.startswith("a b c" + "d" * 9)
    assert len(found.credit) == 500


def test_the_older_form_says_what_it_has_place_for() -> None:
    packed = iim.make_values(FULL)
    assert packed.startswith(b"\x1c\x01\x5a\0\3\x1b%G")
    values: iim.Values = {(2, 80): [b"Ada Beyer", "Ço".encode("latin-1")], (2, 116): b"Beyer"}
    assert iim.read_values(values) == Statement("", ("Ada Beyer", "Ço"), "Beyer")
    assert not iim.make_values(Statement("digitalCapture"))


@pytest.mark.parametrize(
    ("own", "other", "kind"),
    [
        ("digitalCapture", "digitalCapture", "compositeCapture"),
        ("digitalCapture", "computationalCapture", "compositeCapture"),
        ("digitalCapture", "", "composite"),
        ("", "digitalCapture", "composite"),
        ("digitalCapture", RENDERED.kind, "composite"),
        ("digitalCapture", "trainedAlgorithmicMedia", "compositeSynthetic"),
        ("compositeWithTrainedAlgorithmicMedia", "digitalCapture", "compositeSynthetic"),
    ],
)
def test_what_is_put_together_says_so(own: str, other: str, kind: str) -> None:
    joined = join_elements(Statement(own, ("Ada",), "© Ada"), [Statement(other, ("Bob",))])
    assert joined == Statement(kind, ("Ada",), "© Ada")


def test_kinds_are_those_of_the_vocabulary() -> None:
    assert read_kind("digsrctype:print") == "print"
    assert read_kind("screenshot") == ""


def test_exif_says_whose_copyright_it_is_and_nothing_else(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[0x8298] = "Camera Owner", "(c) Ada\0Editor"
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    assert reading.read(tmp_path / "a.jpg") == Statement(rights="(c) Ada Editor")


def test_what_is_no_picture_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"text")
    assert not reading.read(tmp_path / "a.jpg")
    with pytest.raises(FileNotFoundError):
        reading.read(tmp_path / "b.jpg")
