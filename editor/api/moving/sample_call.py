"""A sample call as people have it: a curl line, or a method, an address and fields."""

import json
import shlex
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LONGEST = 20_000  # characters
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
HOW = (
    "Write a curl line, or a method, an address and fields, such as: "
    "POST /v1/remove file=@photo.jpg size=hd X-Api-Key:KEY"
)
FORM, TEXT, JSON = "multipart/form-data", "application/x-www-form-urlencoded", "application/json"

# curl's options that have a value which says nothing of what is asked for.
ASIDE = frozenset(
    {"-o", "--output", "-A", "--user-agent", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar"}
    | {"-m", "--max-time", "--connect-timeout", "--retry", "--retry-delay", "-w", "--write-out", "-x"}
    | {"--proxy", "--cacert", "--cert", "--key", "-E", "-D", "--dump-header", "--resolve", "--connect-to"}
    | {"-u", "--user", "-T", "--upload-file", "--limit-rate", "-y", "-Y", "-z"}
)
FORMS = frozenset({"-F", "--form", "--form-string"})
DATA = frozenset({"-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode"})


class NotACall(ValueError):
    """A text is no call; str() says why, and how one is written."""


@dataclass
class SampleCall:
    """method, path: of the call. fields: names and values, from its body or its address. files: names of
    fields that a file comes in. headers: by their names in small letters. kind: of its body.
    """

    method: str
    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = TEXT

    @property
    def has_key(self) -> bool:
        """Whether it shows a key in one of the ways that are taken."""
        bearer = self.headers.get("authorization", "").lower().startswith("bearer ")
        return bool(self.headers.get("x-api-key", "").strip()) or bearer


def read_call(text: str) -> SampleCall:
    """Return the call that a text is. Raises NotACall."""
    if len(text) > LONGEST:
        raise NotACall(f"That has more than {LONGEST:,} characters. Leave the picture's own bytes out.")
    # Lines go on after a backslash, and at Windows' prompt after a caret.
    joined = text.replace("\r\n", "\n").replace("\\\n", " ").replace("^\n", " ")
    try:
        words = shlex.split(joined)
    except ValueError as exc:
        raise NotACall(f"A quotation mark has no other one. {HOW}.") from exc
    if not words:
        raise NotACall(f"{HOW}.")
    return read_curl(words[1:]) if words[0] in ("curl", "curl.exe") else read_plain(words)


def read_plain(words: list[str]) -> SampleCall:
    """Return the call that a method, an address and fields are, as HTTPie writes them."""
    method = words[0].upper()
    if method not in METHODS or len(words) < 2:
        raise NotACall(f"This is no call. {HOW}.")
    call = begin(method, words[1])
    for word in words[2:]:
        name, mark, value = split_first(word)
        if mark == ":":
            call.headers[name.lower()] = value.strip()
        elif mark == "=@" or mark == "@":
            call.files.append(name)
            call.kind = FORM
        elif mark == "=":
            call.fields.append((name, value))
        else:
            raise NotACall(f"“{word[:40]}” is no field. Write name=value, name=@file or Header:value.")
    return call


def split_first(word: str) -> tuple[str, str, str]:
    """Return name, mark and value of a field; the mark that comes first counts."""
    found = [(word.index(mark), -len(mark), mark) for mark in ("=@", "=", "@", ":") if mark in word]
    if not found:
        return word, "", ""
    at, _, mark = min(found)
    return word[:at], mark, word[at + len(mark) :]


def read_curl(words: list[str]) -> SampleCall:
    """Return the call that curl would make."""
    method, address, in_address = "", "", False
    call = begin("GET", "/")
    data: list[str] = []
    rest = iter(split_options(words))
    for option, value in rest:
        if option in ("-X", "--request"):
            method = value.upper()
        elif option in ("-H", "--header"):
            name, _, said = value.partition(":")
            call.headers[name.strip().lower()] = said.strip()
        elif option in FORMS:
            add_part(call, value, is_text=option == "--form-string")
        elif option in DATA:
            data.append(value)
        elif option == "--json":
            data.append(value)
            call.headers.setdefault("content-type", JSON)
        elif option in ("-G", "--get"):
            in_address = True
        elif option in ("-I", "--head"):
            method = "HEAD"
        elif option in ("", "--url"):
            address = address or value
    if not address:
        raise NotACall(f"The line has no address. {HOW}.")
    target = begin(method or ("GET" if in_address or not (data or call.kind == FORM) else "POST"), address)
    target.headers, target.files = call.headers, call.files
    target.kind = call.kind
    target.fields += call.fields
    add_data(target, data)
    return target


def split_options(words: list[str]) -> list[tuple[str, str]]:
    """Return curl's options with their values, "" for what is no option; unknown ones have none."""
    with_value = ASIDE | FORMS | DATA | {"-X", "--request", "-H", "--header", "--json", "--url"}
    found: list[tuple[str, str]] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            found.append(("", word))
            continue
        long, mark, value = word.partition("=")
        short = word[:2]
        if word.startswith("--") and mark and long in with_value:
            found.append((long, value))
        elif word in with_value:
            found.append((word, next(rest, "")))
        elif not word.startswith("--") and short in with_value:
            found.append((short, word[2:]))  # -XPOST
        elif not word.startswith("--") and len(word) > 2 and f"-{word[-1]}" in with_value:
            found.append((f"-{word[-1]}", next(rest, "")))  # -sSo out.png
        else:
            found.append((word, ""))
    return found


def begin(method: str, address: str) -> SampleCall:
    """Return a call of this method at an address, whose query has fields too."""
    # A base address that ends in a slash makes two of them, which is no host's name.
    whole = address if "://" in address else f"http:{'//studio' if address[:1] == '/' else '//'}{address}"
    parts = urlsplit(whole)
    return SampleCall(method, parts.path or "/", parse_qsl(parts.query, keep_blank_values=True))


def add_part(call: SampleCall, part: str, *, is_text: bool) -> None:
    name, mark, value = part.partition("=")
    if not mark:
        raise NotACall(f"“{part[:40]}” is no part of a form. Write name=value or name=@file.")
    call.kind = FORM
    if value.startswith("@") and not is_text:
        call.files.append(name)
    else:
        call.fields.append((name, value if is_text else value.partition(";type=")[0]))


def add_data(call: SampleCall, data: list[str]) -> None:
    """Add what stands in a body of text, as its kind says."""
    body = "&".join(data)
    if JSON not in call.headers.get("content-type", "").lower():
        call.fields += parse_qsl(body, keep_blank_values=True)
        return
    call.kind = JSON
    try:
        told: Any = json.loads(body or "{}")
    except (ValueError, RecursionError) as exc:
        raise NotACall("The body is not valid JSON. Copy it whole, in single quotes.") from exc
    if not isinstance(told, dict):
        raise NotACall("The body is no JSON object. Send an object with the parameters.")
    for name, value in told.items():
        if value is not None:
            call.fields.append((name, value if isinstance(value, str) else json.dumps(value)))
