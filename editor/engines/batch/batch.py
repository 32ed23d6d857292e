"""A recipe carried out over many photos into a folder, so that what is there is not made again.

Beside the results lies a folder of the batch's own, KEPT: what was found out of each cutout, and of each
photo what its files were made of. A batch that was stopped, killed, or run again next month, goes on
from there.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from editor.engines.catalogue import manifest, naming, scales, sources
from editor.engines.catalogue.delivery import Delivery, Order
from editor.engines.catalogue.manifest import Line
from editor.engines.catalogue.markets import MARKETS, Market, apply_market
from editor.engines.catalogue.recipe import FileSpec, Recipe
from editor.engines.catalogue.sources import Item
from editor.engines.errors import EngineError, InvalidOptions, NotAPicture, NotEnoughResources, WeightsMissing
from editor.engines.finishing import proposals
from editor.engines.finishing.finish import ARITHMETIC, Finish
from editor.engines.io import pictures
from editor.engines.io.provenance import reading
from editor.engines.io.provenance.credentials import Signing
from editor.engines.io.provenance.statement import Statement
from editor.engines.tools import cutout

from .report import Summary

KEPT = ".sweep"
FULL = {errno.ENOSPC, errno.EDQUOT}


class Batch:
    """A recipe, and the folder that its files go into."""

    def __init__(
        self,
        recipe: Recipe,
        target: Path,
        *,
        backdrop: Path | None = None,
        markets: Mapping[str, Market] = MARKETS,
        recipe_version: int = 1,
        identity: Path | None = None,
        advance: Callable[[str], None] = lambda name: None,
    ) -> None:
        """identity: the folder of the key that files are signed with, where the recipe asks for that.
        advance: hears the name of each photo that is through. Raises InvalidOptions, OSError.
        """
        for spec in recipe.files:
            if spec.market and spec.market not in markets:
                raise InvalidOptions(
                    f"There is no marketplace '{spec.market}'. Choose one of {', '.join(markets)}."
                )
        if recipe.credentials:
            if identity is None:
                raise InvalidOptions("This recipe has files signed. Say with which key: --identity FOLDER.")
            Signing(identity).check()
        self.recipe, self.target, self.backdrop, self.identity = recipe, target, backdrop, identity
        self.recipe_version, self.advance = recipe_version, advance
        self.kept = target / KEPT
        self.kept.mkdir(parents=True, exist_ok=True)
        self.orders = [(spec, markets.get(spec.market) if spec.market else None) for spec in recipe.files]
        behind = ""
        if backdrop:
            with backdrop.open("rb") as file:
                behind = sources.hash_file(file)
        self.same = [manifest.hash_recipe(recipe), behind, ARITHMETIC]
        self.same += [market.to_dict() if market else None for _, market in self.orders]
        if recipe.needs_measures:
            self.same.append(proposals.VERSION)

    def run(self, items: Sequence[Item], objections: Sequence[str] = (), *, retry: bool = True) -> Summary:
        """Make all files that are not there yet, then the manifest, and return what came of it.

        retry: whether what failed before is tried again. Raises InvalidOptions before the work where names
        collide, NotEnoughResources where the disk is full, WeightsMissing; what is done by then stays.
        """
        usable = [item for item in items if item.is_usable]
        specs = [spec for spec, _ in self.orders]
        markets = {spec.market: market for spec, market in self.orders if market}
        names = naming.name_files(usable, specs, markets)
        if names.objections:
            raise InvalidOptions("\n".join(names.objections))
        self._keep_apart(items, names.paths)
        summary = Summary(objections=list(objections))
        summary.doubles = [(item.name, item.double_of) for item in items if item.double_of]
        summary.lines = [
            Line(item.name, item.sha256, message=item.objection) for item in items if item.objection
        ]
        try:
            shares, failures = self._find_shares(usable)
            for item, paths, share in zip(usable, names.paths, shares, strict=True):
                self._work(item, paths, share, failures.get(item.name, ""), summary, retry=retry)
                self.advance(item.name)
        except OSError as exc:
            if exc.errno in FULL:
                raise NotEnoughResources(
                    "The disk is full. Make room and run the same again: what is done is not made anew."
                ) from exc
            raise
        for left in self.kept.glob("*.png"):
            left.unlink()
        order = {item.name: number for number, item in enumerate(items)}
        summary.lines.sort(key=lambda line: order[line.source])
        _write(self.target / manifest.CSV_NAME, manifest.write_csv(summary.lines, *self._told))
        _write(self.target / manifest.JSON_NAME, manifest.write_json(summary.lines, *self._told))
        return summary

    @property
    def _told(self) -> tuple[Recipe, int]:
        return self.recipe, self.recipe_version

    def _keep_apart(self, items: Sequence[Item], paths: Sequence[Sequence[str]]) -> None:
        """Raise InvalidOptions where a result would be written over a photo."""
        taken = {item.path.resolve() for item in items if item.path}
        for row in paths:
            for path in row:
                if (self.target / path).resolve() in taken:
                    raise InvalidOptions(f"{path} would be written over a photo. Choose another folder.")

    def _work(
        self, item: Item, paths: list[str], shares: list[float], failed: str, summary: Summary, *, retry: bool
    ) -> None:
        """Make the files of one photo, unless they are there; add its lines to the summary."""
        words = json.dumps([item.sha256, *self.same, paths, shares, item.name], sort_keys=True)
        made_of = hashlib.sha256(words.encode()).hexdigest()
        record = self.kept / f"{_hash(item.name, json.dumps(item.columns, sort_keys=True))}.json"
        lines = self._read_record(record, made_of, retry=retry)
        if lines is not None:
            summary.kept += bool(lines[0].file)
        else:
            try:
                if failed:
                    lines = [Line(item.name, item.sha256, message=failed)]
                else:
                    lines = self._deliver(item, paths, shares)
            except WeightsMissing:
                raise
            except EngineError as exc:
                lines = [Line(item.name, item.sha256, message=str(exc))]
            _write(record, json.dumps({"made_of": made_of, "lines": [line.to_dict() for line in lines]}))
        summary.lines += lines
        if facts := self._read_facts(item):
            summary.confidences[item.name] = facts["confidence"]
        if not self.recipe.same_scale:
            self._cutout_path(item).unlink(missing_ok=True)

    def _read_record(self, record: Path, made_of: str, *, retry: bool) -> list[Line] | None:
        """Return what was made before of the same, if all of it is there as it was."""
        found = _read(record)
        if found.get("made_of") != made_of:
            return None
        lines = [Line(**line) for line in found["lines"]]
        for line in lines:
            path = self.target / line.file
            if not line.file:
                if retry:
                    return None
            elif not path.is_file() or path.stat().st_size != line.bytes:
                return None
            else:
                with path.open("rb") as file:
                    if sources.hash_file(file) != line.sha256:
                        return None
        return lines

    def _find_shares(self, items: Sequence[Item]) -> tuple[list[list[float]], dict[str, str]]:
        """Return of each photo its share in the frame of each file, and why some could not be cut out."""
        shares = [[1.0] * len(self.orders) for _ in items]
        failures: dict[str, str] = {}
        if not self.recipe.same_scale:
            return [[self.recipe.finish.share] * len(self.orders) for _ in items], failures
        groups: dict[Hashable, list[tuple[int, scales.Member]]] = {}
        for number, item in enumerate(items):
            try:
                facts = self._cut(item)
            except WeightsMissing:
                raise
            except EngineError as exc:
                failures[item.name] = str(exc)
                continue
            size = (facts["size"][0], facts["size"][1])
            member = scales.Member.from_facts(facts, size, self.recipe.finish.rotation)
            group = scales.find_group(self.recipe.same_scale, item.name, item.columns)
            groups.setdefault(group, []).append((number, member))
        for column, (spec, market) in enumerate(self.orders):
            frame = self._choose_frame(spec, market)
            for members in groups.values():
                found = scales.find_shares([member for _, member in members], frame)
                for (number, _), share in zip(members, found, strict=True):
                    shares[number][column] = share
        return shares, failures

    def _choose_frame(self, spec: FileSpec, market: Market | None) -> Finish:
        finish = self.recipe.finish
        return apply_market(finish, market) if market and spec.frame == "market" else finish

    def _deliver(self, item: Item, paths: list[str], shares: list[float]) -> list[Line]:
        """Make the files of one photo and put them where they belong, all at the end."""
        self._cut(item, anew=True)
        orders = [Order(*order, path) for order, path in zip(self.orders, paths, strict=True)]
        made: dict[int, Line] = {}
        recipe = self.recipe
        told = reading.read(item.path) if item.path else Statement()
        origin = told if recipe.provenance == "source" else None
        signing = Signing(self.identity, told) if recipe.credentials and self.identity else None
        with tempfile.TemporaryDirectory(dir=self.kept) as folder:
            for share in sorted(set(shares)):
                numbers = [number for number, one in enumerate(shares) if one == share]
                finish = replace(self.recipe.finish, share=share)
                apart = Path(folder) / str(len(made))
                apart.mkdir()
                delivery = Delivery(
                    self._cutout_path(item), finish, self.backdrop, origin=origin, signing=signing
                )
                if self.recipe.needs_measures:
                    self._follow(item, delivery)
                delivered = delivery.make([orders[number] for number in numbers], apart)
                for number, one in zip(numbers, delivered, strict=True):
                    facts = {key: value for key, value in one.to_dict().items() if key != "name"}
                    market = self.orders[number][0].market
                    made[number] = Line(item.name, item.sha256, paths[number], market=market, **facts)
                    end = self.target / paths[number]
                    end.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(one.path, end)
        return [line for _, line in sorted(made.items())]

    def _follow(self, item: Item, delivery: Delivery) -> None:
        """Have a photo's files follow what is measured on its product, which is measured once."""
        facts = self._read_facts(item)
        kept = proposals.Measures.from_dict(facts.get("measures") or {})
        found = delivery.follow(self.recipe, kept, item.path)
        if found != kept:
            _write(self._facts_path(item), json.dumps({**facts, "measures": found.to_dict()}))

    def _cut(self, item: Item, *, anew: bool = False) -> dict[str, Any]:
        """Return what was found out of a photo's cutout. anew: make its file again where that is gone."""
        facts = self._read_facts(item)
        path = self._cutout_path(item)
        if facts and (path.is_file() or not anew):
            return facts
        if item.path is None:
            raise NotAPicture
        picture = pictures.read(str(item.path))
        options = cutout.CutoutOptions(subject=self.recipe.subject)
        made = cutout.cut(picture, options)
        partly = path.with_suffix(".part")
        pictures.write(partly, made.rgb, made.alpha, format="png", density=picture.density)
        os.replace(partly, path)
        # What was measured on the same cutout before stays true.
        facts = {**facts, **made.describe(), "size": [picture.width, picture.height]}
        _write(self._facts_path(item), json.dumps(facts))
        return facts

    def _cutout_path(self, item: Item) -> Path:
        return self.kept / f"{_hash(item.sha256, self.recipe.subject)}.png"

    def _facts_path(self, item: Item) -> Path:
        return self.kept / f"{_hash(item.sha256, self.recipe.subject)}.facts"

    def _read_facts(self, item: Item) -> dict[str, Any]:
        return _read(self._facts_path(item))


def clear_scratch(target: Path) -> Path:
    """Return an empty folder for what is unpacked, within the batch's own."""
    scratch = target / KEPT / "unpacked"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    return scratch


def _hash(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:32]


def _read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file of our own; nothing where there is none, or a damaged one."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    partly = path.with_name(f"{path.name}.part")
    partly.write_bytes(text.encode(errors="surrogateescape"))
    os.replace(partly, path)
