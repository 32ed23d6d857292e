"""Files in forms that came without a name of their own.

Django takes a part for a file where it has a filename, and for text where it has none; a picture is no
text any more then. Many clients send none (Retrofit's and Alamofire's plain parts, hand-made bodies).
"""

import codecs
import re
from collections.abc import Collection
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser
from django.utils.http import parse_header_parameters

CHUNK = 64 * 1024  # bytes
LONGEST_HEAD = 2048  # bytes; Django takes 1024
LOOKED_AT = 256  # bytes of what is to be told from text
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


class UnnamedFiles(FileUploadHandler):
    """Reads a form as Django does, but gives files of these fields a name where they have none.

    texts: fields whose text is so long that it is to be kept as a file is, whatever is in it.
    """

    def __init__(self, request: HttpRequest, fields: Collection[str], texts: Collection[str] = ()) -> None:
        super().__init__(request)
        self.others, self.fields, self.texts = request.upload_handlers, fields, texts
        self.parts: NamedParts | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name for it
        content_length: int,
        boundary: Any,  # bytes, though its stubs say str
        encoding: str | None = None,
    ) -> Any:
        self.parts = NamedParts(input_data, boundary, self.fields, self.texts)
        parts: Any = self.parts
        return MultiPartParser(META, parts, self.others, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The parser above brings its parts to the other handlers; none comes here."""
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


class NamedParts:
    """A form's body as it is read, in which files of some fields that have no name get one."""

    def __init__(
        self, body: Any, boundary: bytes, fields: Collection[str], texts: Collection[str] = ()
    ) -> None:
        self.body, self.delimiter, self.fields, self.texts = body, b"--" + boundary, fields, texts
        self.waiting, self.at_end = b"", False
        self.tail = b""

    @property
    def is_ended(self) -> bool:
        """Whether what was read ends as a form does."""
        return self.delimiter + b"--" in self.tail

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing but a form's end, if that."""
        return not self.tail.replace(self.delimiter + b"--", b"").strip()

    def read(self, size: int = -1) -> bytes:
        """Return some more of the body, b"" at its end."""
        while True:
            start = self.waiting.find(self.delimiter)
            if start < 0:
                # What may be the beginning of a delimiter waits for its rest.
                ready = len(self.waiting) if self.at_end else len(self.waiting) - len(self.delimiter) + 1
            else:
                ready = self.named(start + len(self.delimiter))
            if ready > 0:
                given, self.waiting = self.waiting[:ready], self.waiting[ready:]
                return given
            if self.at_end:
                return b""
            self.fill()

    def named(self, start: int) -> int:
        """Name the part whose head begins at start. Return how much is ready then, 0 where more is needed."""
        end = self.waiting.find(b"\r\n\r\n", start, start + LONGEST_HEAD)
        if end < 0:
            return start if self.at_end or len(self.waiting) >= start + LONGEST_HEAD else 0
        content = end + 4
        if len(self.waiting) < content + LOOKED_AT and not self.at_end:
            return 0
        head = self.waiting[start:end]
        beginning = self.waiting[content : content + LOOKED_AT].split(b"\r\n" + self.delimiter)[0]
        name = self.unnamed(head, beginning)
        if not name:
            return content
        lines = [
            line + f'; filename="{name}"'.encode() if is_disposition(line) else line
            for line in head.split(b"\r\n")
        ]
        self.waiting = self.waiting[:start] + b"\r\n".join(lines) + self.waiting[end:]
        return self.waiting.find(b"\r\n\r\n", start) + 4

    def unnamed(self, head: bytes, beginning: bytes) -> str:
        """Return the name of the field whose file this is, where it is one that has no name; "" else."""
        for line in head.split(b"\r\n"):
            if not is_disposition(line):
                continue
            try:
                _, options = parse_header_parameters(line.decode())
            except ValueError:
                return ""
            name = options.get("name", "").strip()
            base = re.split(r"[/\\]", options.get("filename", ""))[-1].strip(" .")
            if name in self.texts and not base:
                return name
            if name in self.fields and not base and (is_binary(beginning) or is_base64(head)):
                return name
        return ""

    def fill(self) -> None:
        more = self.body.read(CHUNK)
        self.waiting += more
        self.tail = (self.tail + more)[-LOOKED_AT:]
        self.at_end = not more


def is_disposition(line: bytes) -> bool:
    return line.lower().startswith(b"content-disposition")


def is_base64(head: bytes) -> bool:
    """Whether a part says that it is a file in letters."""
    return re.search(rb"content-transfer-encoding:\s*base64", head.lower()) is not None


def is_binary(beginning: bytes) -> bool:
    """Whether something that begins so is no text."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return True
    return CONTROL.search(beginning) is not None
