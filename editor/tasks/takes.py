"""The takes of a scene, one by one: what is done is delivered and charged, whatever becomes of the rest.

A take is archived as soon as it is done, and its task's row says so (`Task.finished`). How ever the task
ends after that, in time, at its deadline, by a crash or because it is no longer wanted, what was finished
becomes results; what was not is not paid for, and a worker that takes over does not make it twice.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor.engines.types import Output
from editor.models import Result, Task
from editor.states import State

# Whole, one each: other languages put their pieces together otherwise.
SENTENCES = {
    "stopped": "One of two takes was finished before this was stopped, and only that one was charged.",
    "short": "One of two takes was finished, and only that one was charged. {cause}",
    "samples, busy": "Rendered with {samples} of {of_samples} samples, to be done in time: this machine "
    "was busy with other work.",
    "samples, slow": "Rendered with {samples} of {of_samples} samples, to be done in time: this machine "
    "is slow for what was asked.",
    "side, busy": "Rendered at {side} instead of {of_side} pixels, to be done in time: this machine was "
    "busy with other work.",
    "side, slow": "Rendered at {side} instead of {of_side} pixels, to be done in time: this machine is "
    "slow for what was asked.",
    "both, busy": "Rendered with {samples} of {of_samples} samples and at {side} instead of {of_side} "
    "pixels, to be done in time: this machine was busy with other work.",
    "both, slow": "Rendered with {samples} of {of_samples} samples and at {side} instead of {of_side} "
    "pixels, to be done in time: this machine is slow for what was asked.",
    "hidden": "Asked for, and hardly to be seen from here: {names}.",
    "one": "Take {number}: {sentence}",
}
"""By what is missing of a task, or by what of its takes gave way, and whether the machine had other work."""


@dataclass(frozen=True)
class Saying:
    """A sentence that is worded for who reads it. name: in SENTENCES. numbers, words: what it is filled with.

    Of words, each is what people read too: they are put into the reader's language as the sentence is.
    """

    name: str
    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def put(self, tell: Callable[[str], str] = str) -> str:
        """Return it in words. tell: puts English into the reader's language."""
        words = {name: ", ".join(tell(one) for one in said) for name, said in self.words.items()}
        return tell(SENTENCES[self.name]).format(**self.numbers, **words)


@dataclass(frozen=True)
class Note:
    """What there is to say of one take, or of all that a task made. take: its number, 0 for all of them.

    told: what a task's row says in words, as it did of all that was missing before it kept that as data.
    """

    take: int
    sayings: tuple[Saying, ...] = ()
    told: str = ""

    def put(self, tell: Callable[[str], str] = str) -> str:
        """Return it in words. tell: puts English into the reader's language."""
        said = " ".join(
            filter(None, [self.told and tell(self.told), *(one.put(tell) for one in self.sayings)])
        )
        return tell(SENTENCES["one"]).format(number=self.take, sentence=said) if self.take else said


def read_finished(folder: Path, known: Iterable[int]) -> Iterator[tuple[int, list[Output], dict[str, Any]]]:
    """Yield the takes that the engine has finished in a folder, but for those that are known.

    Each with its number, its files, and what gave way for want of time, if anything did.
    """
    for note in sorted(folder.glob("take-*.json")):
        number = int(note.stem.removeprefix("take-"))
        if number not in known:
            told = json.loads(note.read_text())
            yield number, [Output(**one) for one in told["outputs"]], told["gave_way"]


def describe_take(
    number: int, outputs: list[Output], names: list[str], gave_way: dict[str, Any]
) -> dict[str, Any]:
    """Return how a task's row notes a take. names: of its files in storage, the thumbnail's last."""
    picture = outputs[0]
    return {
        "number": number,
        "file": names[0],
        "thumbnail": names[1] if len(names) > 1 else "",
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
        "bytes": picture.bytes,
        "gave_way": gave_way,
    }


def list_files(finished: list[dict[str, Any]]) -> list[str]:
    """Return the names of all files that a row's finished takes have in storage."""
    return [name for take in finished for name in (take["file"], take["thumbnail"]) if name]


def list_made(task: Task) -> list[int]:
    """Return the numbers of the takes that are finished."""
    return [take["number"] for take in task.finished]


def are_all_made(task: Task) -> bool:
    return bool(task.finished) and len(task.finished) >= task.takes


def compute_price(task: Task, pictures: int) -> int:
    """Return what a task costs that made so many of its takes."""
    return task.credits * min(pictures, task.takes) // task.takes


def record_takes(task: Task) -> None:
    """Make a result of every finished take."""
    for take in task.finished:
        picture = {name: value for name, value in take.items() if name != "gave_way"}
        Result.objects.create(
            owner_id=task.owner_id, task=task, photo_id=task.photo_id, tool=task.tool, **picture
        )


def list_concessions(task: Task) -> dict[str, Any]:
    """Return of each finished take what gave way for want of time, by its number."""
    return {str(take["number"]): take["gave_way"] for take in task.finished if take["gave_way"]}


def list_shortage(task: Task, state: State, cause: str) -> dict[str, str]:
    """Return why a task has fewer takes than were asked for, as its row keeps it; empty if it has all.

    state, cause: how it would have ended had nothing been finished.
    """
    if are_all_made(task):
        return {}
    return {"said": "stopped"} if state is State.CANCELLED else {"said": "short", "cause": cause}


def say_shortage(kept: dict[str, str]) -> Saying:
    """Return what a row keeps of why takes are missing, to be said."""
    return Saying(kept["said"], words={"cause": [kept["cause"]]} if "cause" in kept else {})


def list_notes(task: Task) -> list[Note]:
    """Return what there is to say of the takes of a task that is done: what is missing, what gave way."""
    kept = task.facts.get("shortage")
    notes = [Note(0, (say_shortage(kept),))] if kept else [Note(0, told=task.message)] if task.message else []
    sayings = {int(one): say_concessions(told) for one, told in task.facts.get("gave_way", {}).items()}
    alike = next(iter(sayings.values()), ())
    if all(one == alike for one in sayings.values()):
        return [*notes, Note(0, alike)] if alike else notes
    return [*notes, *(Note(take, one) for take, one in sorted(sayings.items()) if one)]


def say_concessions(gave_way: dict[str, Any]) -> tuple[Saying, ...]:
    """Return what gave way for want of time, and why, and what cannot be seen."""
    said = [say_shortcuts(gave_way)] if "samples" in gave_way else []
    if hidden := gave_way.get("hidden"):
        said.append(Saying("hidden", words={"names": [name.replace("-", " ") for name in hidden]}))
    return tuple(said)


def say_shortcuts(gave_way: dict[str, Any]) -> Saying:
    """Return what gave way for want of time, and why."""
    fewer, smaller = gave_way["samples"] < gave_way["of_samples"], gave_way["side"] < gave_way["of_side"]
    less = "both" if fewer and smaller else "side" if smaller else "samples"
    values = {name: gave_way[name] for name in ("samples", "of_samples", "side", "of_side")}
    return Saying(f"{less}, {'busy' if gave_way['busy'] else 'slow'}", values)
