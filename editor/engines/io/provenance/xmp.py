"""Statements of origin as XMP (ISO 16684-1), in the properties of IPTC's Photo Metadata Standard."""

from __future__ import annotations

from collections import defaultdict
from xml.parsers import expat
from xml.sax.saxutils import escape

from .statement import MOST_CREATORS, SCHEME, Statement, read_kind, tidy

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

KIND, CREATOR = f"{EXTENSION} DigitalSourceType", f"{DC} creator"
RIGHTS, CREDIT = f"{DC} rights", f"{PHOTOSHOP} Credit"
READ = {KIND, CREATOR, RIGHTS, CREDIT}
DESCRIPTION, ITEM, RESOURCE = f"{RDF} Description", f"{RDF} li", f"{RDF} resource"

MOST_BYTES = 4 << 20
"""Of a packet that is read: thumbnails and an editor's history may be in it."""


def read_packet(packet: bytes) -> Statement:
    """Return what a packet says of the picture itself; nothing of one that is damaged or declares a type."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add
    # An entity may stand for anything, and no packet needs one.
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(packet[:MOST_BYTES].rstrip(b"\0"), True)
    except (expat.ExpatError, ValueError):
        return Statement()
    found = reader.found
    creators = tuple(filter(None, (tidy(one) for one in found[CREATOR][:MOST_CREATORS])))
    kind, rights, credit = ("".join(found[name][:1]) for name in (KIND, RIGHTS, CREDIT))
    return Statement(read_kind(kind), creators, tidy(rights), tidy(credit))


class _Reader:
    """Takes from a packet the values of the properties of READ, of its picture and of no other."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.text: list[str] = []
        self.found: dict[str, list[str]] = defaultdict(list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.text.clear()
        if name == DESCRIPTION and self.path.count(DESCRIPTION) == 1:
            for one in READ & attributes.keys():
                self.found[one].append(attributes[one])
        elif name in READ and self.is_own(1) and RESOURCE in attributes:
            self.found[name].append(attributes[RESOURCE])

    def add(self, text: str) -> None:
        self.text.append(text)

    def end(self, name: str) -> None:
        value = "".join(self.text).strip()
        self.text.clear()
        if value and name in READ and self.is_own(1):
            self.found[name].append(value)
        elif value and name == ITEM and self.is_own(3) and self.path[-3] in READ:
            self.found[self.path[-3]].append(value)
        self.path.pop()

    def is_own(self, depth: int) -> bool:
        """Say whether what is so deep in a description is of the picture itself, not of its history."""
        return self.path.count(DESCRIPTION) == 1 and self.path[-1 - depth :][:1] == [DESCRIPTION]

    def refuse(self, *declared: object) -> None:
        raise ValueError("a packet with a document type")


def make_packet(statement: Statement) -> bytes:
    """Return a statement as a packet, in UTF-8."""
    lines = []
    if statement.kind:
        kind = f"{SCHEME}{statement.kind}"
        lines.append(f"<Iptc4xmpExt:DigitalSourceType>{kind}</Iptc4xmpExt:DigitalSourceType>")
    if statement.creators:
        items = "".join(f"<rdf:li>{escape(one)}</rdf:li>" for one in statement.creators)
        lines.append(f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>")
    if statement.rights:
        item = f'<rdf:li xml:lang="x-default">{escape(statement.rights)}</rdf:li>'
        lines.append(f"<dc:rights><rdf:Alt>{item}</rdf:Alt></dc:rights>")
    if statement.credit:
        lines.append(f"<photoshop:Credit>{escape(statement.credit)}</photoshop:Credit>")
    body = "\n  ".join(lines)
    text = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">
 <rdf:Description rdf:about="" xmlns:dc="{DC}" xmlns:photoshop="{PHOTOSHOP}" xmlns:Iptc4xmpExt="{EXTENSION}">
  {body}
 </rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
    return text.encode()
