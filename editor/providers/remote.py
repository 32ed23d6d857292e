"""What a service behind HTTP is asked and what it answers.

A remote's calls are short: hand the work over, look how it goes, collect what it made. Between them
nobody waits; the caller comes back when it is time. Where a service answers with the picture itself,
`submit` has it and there is nothing to look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from .contract import Job, Watch


@dataclass(frozen=True)
class Fetched:
    """A picture file that a service made, checked to be one of the expected kind and size."""

    path: Path
    kind: Literal["image", "mask"] = "image"
    number: int = 1


@dataclass(frozen=True)
class Taken:
    """What came of handing work over: the service's own id of it, or the pictures at once."""

    remote_id: str = ""
    pictures: tuple[Fetched, ...] = ()


@dataclass(frozen=True)
class Look:
    """A remote task as it stands: state and progress in the seeds' numbers; addresses once it is done.

    addresses: "image", "mask", "image_1", "image_2" to where each can be fetched, for an hour.
    sentence: why it failed, for people, where the service says.
    """

    state: int
    progress: int = 0
    addresses: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""


class Remote(Protocol):
    """A service that carries tasks out. Every method raises ProviderError and nothing else."""

    name: str  # in settings and rows: "picwish"
    title: str  # for people: "PicWish"
    tools: frozenset[str]
    seconds: Mapping[str, float]  # how long a task of a tool may take, from handing over to collected

    def declines(self, job: Job) -> str:
        """Return why the service cannot do this job as it is asked for, "" if it can. Asks nobody."""
        ...

    def submit(self, job: Job, key: str, watch: Watch) -> Taken:
        """Hand a job over, whose source is an upright sRGB PNG or JPEG without metadata.

        key: names this order, the same at every attempt, so that a service which heeds it takes it once.
        Raises NotTaken where the service certainly does not have it, OutcomeUnknown where it may.
        """
        ...

    def look(self, tool: str, remote_id: str) -> Look:
        """Ask how a task goes."""
        ...

    def collect(self, job: Job, look: Look, watch: Watch) -> tuple[Fetched, ...]:
        """Fetch what a done task made into job.folder, and check it."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
