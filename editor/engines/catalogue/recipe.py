"""The recipe of a catalogue: what is done to each of its photos and which files come of it, as data.

A recipe says nothing of any photo, so that one fits a whole folder, today and next month. It is kept and
sent as a JSON object (to_dict, from_dict); what is not in it is at its default. The page makes it, the
command line runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.proposals import Measures, apply
from editor.engines.options import Options, check_choice, check_flag, check_number, check_whole

VERSION = 1

SUBJECTS = ("", "person", "object", "stamp")
"""What is cut out, as tools.cutout has it; "" finds it by itself."""
FORMATS = ("jpg", "png", "webp", "avif", "tiff", "psd")
FRAMES = ("market", "recipe")
SCALES = ("", "group", "all")
PROVENANCES = ("none", "source")

MOST_NAME = 80
MOST_FILES = 12
MOST_PATTERN = 200
MOST_DPI = 1200
MOST_ANGLE = 40


def _check_text(name: str, value: object, most: int) -> None:
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise InvalidOptions(f"{name} must be a line of at most {most} characters.")


def _check_object(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidOptions(f"{name} must be an object, or a list of them.")
    return value


@dataclass(frozen=True)
class FileSpec(Options):
    """One file that a recipe makes of each photo. Raises InvalidOptions, naming the option.

    market: key of the marketplace whose rules it has to meet, "" for none.
    frame: whether size, fill and ground are the "market"'s or the "recipe"'s own finish; without a market
    they are the recipe's.
    folder: where it lies in the archive, "" for the market's key or "files".
    name: pattern of its name, such as {sku}.{ext}.
    quality: 1 to 100 for jpg, webp and avif, 0 for the usual one. dpi: pixels per inch, 0 for the photo's.
    clipping_path: whether the subject's outline goes along as a path, named; in tiff and psd alone.
    """

    market: str = ""
    frame: str = "market"
    folder: str = ""
    name: str = "{stem}.{ext}"
    format: str = "jpg"
    quality: int = 0
    dpi: int = 0
    clipping_path: bool = False

    def __post_init__(self) -> None:
        check_choice("frame", self.frame, FRAMES, quoted=True)
        check_choice("format", self.format, FORMATS, quoted=True)
        check_whole("quality", self.quality, 0, 100)
        check_whole("dpi", self.dpi, 0, MOST_DPI)
        check_flag("clipping_path", self.clipping_path)
        for name in ("market", "folder", "name"):
            _check_text(name, getattr(self, name), MOST_PATTERN)
        if self.clipping_path and self.format not in ("tiff", "psd"):
            raise InvalidOptions("A clipping path goes into a tiff or a psd. Choose one of these formats.")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that from_dict takes, without what is at its default."""
        return _list_changed(self)


@dataclass(frozen=True)
class Recipe(Options):
    """What is done to each photo of a catalogue. Raises InvalidOptions, naming the option.

    name: for people. subject: what is cut out. finish: its frame, ground, shadow and light; the files say
    their own format. backdrop: name of the picture that stands behind, beside the recipe's file or in the
    studio, "" for none.
    same_scale: "" fits each product by itself; "group" keeps products of one group at their sizes relative to
    each other, "all" those of the whole run.
    exposure, white_balance: 0..1, how much of the correction that is measured on the photo is applied.
    straighten: whether the product is turned upright by the angle that is measured on it; what leans further
    than most_angle degrees is left as it is.
    provenance: what the files say of their origin: "none", or what the "source" says (its kind in IPTC's
    vocabulary, creator, copyright and credit), made true of what it was put together with.
    credentials: whether files are signed with a key of the studio's own (C2PA); a psd has no place for that.
    files: what comes of each photo, in this order.
    """

    version: int = VERSION
    name: str = "Recipe"
    subject: str = ""
    finish: Finish = field(default_factory=Finish)
    backdrop: str = ""
    same_scale: str = ""
    exposure: float = 0.0
    white_balance: float = 0.0
    straighten: bool = False
    most_angle: float = 15.0
    provenance: str = "none"
    credentials: bool = False
    files: tuple[FileSpec, ...] = (FileSpec(),)

    def __post_init__(self) -> None:
        check_whole("version", self.version, 1, VERSION)
        _check_text("name", self.name, MOST_NAME)
        if not self.name.strip():
            raise InvalidOptions("A recipe needs a name.")
        check_choice("subject", self.subject, SUBJECTS, quoted=True)
        check_choice("same_scale", self.same_scale, SCALES, quoted=True)
        check_number("exposure", self.exposure, 0, 1)
        check_number("white_balance", self.white_balance, 0, 1)
        check_flag("straighten", self.straighten)
        check_flag("credentials", self.credentials)
        check_number("most_angle", self.most_angle, 0, MOST_ANGLE)
        check_choice("provenance", self.provenance, PROVENANCES, quoted=True)
        _check_text("backdrop", self.backdrop, MOST_PATTERN)
        if not 1 <= len(self.files) <= MOST_FILES:
            raise InvalidOptions(f"A recipe makes from 1 to {MOST_FILES} files of each photo.")

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Return the recipe in a JSON object; what is absent at its default. Raises InvalidOptions."""
        version = options.get("version", VERSION)
        if isinstance(version, int) and version > VERSION:
            raise InvalidOptions(
                f"This recipe is of version {version}, and this studio knows {VERSION}. Update the studio."
            )
        read = dict(options)
        if isinstance(read.get("provenance"), bool):
            # As it was before there was more than one kind.
            read["provenance"] = "source" if read["provenance"] else "none"
        if "finish" in read:
            read["finish"] = Finish.from_dict(_check_object("finish", read["finish"]))
        if "files" in read:
            if not isinstance(read["files"], list | tuple):
                raise InvalidOptions("files must be a list of objects.")
            read["files"] = tuple(FileSpec.from_dict(_check_object("files", one)) for one in read["files"])
        return super().from_dict(read)

    @property
    def needs_measures(self) -> bool:
        """Whether anything is to be measured on a product."""
        return bool(self.exposure or self.white_balance or self.straighten)

    def follow(self, finish: Finish, measures: Measures) -> Finish:
        """Return a finish with so much of what was measured on a product as is asked for."""
        return apply(
            finish,
            measures,
            exposure=self.exposure,
            white_balance=self.white_balance,
            most_angle=self.most_angle if self.straighten else 0,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that from_dict takes, without what is at its default."""
        found = {"version": self.version, "name": self.name, **_list_changed(self)}
        if "finish" in found:
            found["finish"] = self.finish.to_dict()
        return {**found, "files": [one.to_dict() for one in self.files]}


def _list_changed(options: Options) -> dict[str, Any]:
    """Return the options that are not at their default."""
    usual = type(options)()
    values = {one.name: getattr(options, one.name) for one in fields(options)}
    return {name: value for name, value in values.items() if value != getattr(usual, name)}
