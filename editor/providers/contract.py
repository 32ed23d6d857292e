"""What carries tasks out, our own engine or a service behind HTTP: what each is asked and answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from editor.engines.types import Output
from editor.states import State

# Called with the progress in 0..1, several times a second, on the caller's thread.
# It raises Cancelled or Fenced to stop the work.
Watch = Callable[[float], None]


@dataclass(frozen=True)
class Job:
    """One task in a provider's terms: a picture file, what to do to it, and a folder for what comes of it."""

    tool: str
    source: Path
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    seconds: float = 180.0


class ImagingEngine(Protocol):
    """Our own engine: carries out jobs. Raises ProviderError and nothing else for what it can foresee."""

    def run(self, job: Job, watch: Watch) -> list[Output]:
        """Do the job and return the files made, all inside job.folder."""
        ...

    def warm(self) -> None:
        """Get ready for the first job; return when ready."""
        ...

    def close(self) -> None:
        """Let go of processes and connections."""
        ...


@dataclass(frozen=True)
class Connection:
    """How a service is reached. trouble: why it cannot be, for people; "" if it can."""

    name: str
    base_url: str
    key: str = field(repr=False)
    heeds_idempotency_keys: bool
    trouble: str = ""


@dataclass(frozen=True)
class FetchedPicture:
    """A picture file that a service made, checked to be one of the expected kind and size."""

    path: Path
    kind: Literal["image", "mask"] = "image"
    number: int = 1


@dataclass(frozen=True)
class Submission:
    """What came of handing work over: the service's own id of it, or the pictures at once."""

    remote_id: str = ""
    pictures: tuple[FetchedPicture, ...] = ()


@dataclass(frozen=True)
class RemoteStatus:
    """A remote task as it stands: state and progress in the seeds' numbers; addresses once it is done.

    addresses: "image", "mask", "image_1", "image_2" to where each can be fetched, for an hour.
    sentence: why it failed, for people, where the service says.
    """

    state: State
    progress: int = 0
    addresses: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""


class RemoteProvider(Protocol):
    """A service behind HTTP that carries tasks out.

    Its calls are short: hand the work over, look how it goes, collect what it made. Between them nobody
    waits; the caller comes back when it is time. Where a service answers with the picture itself, `submit`
    has it and there is nothing to look at.

        declines → (engine job "outgoing") → submit → look … look → collect → (engine job "finish")

    A job's options are the task's own: prompt and negative_prompt among them, a plan that only our engine
    understands and that is not heeded here, and the companions' files as mask_path, background_path, …

    Every method raises ProviderError; OSError where a file of ours cannot be read or written; and what
    watch raises, which is called ten times a second on the caller's thread. Nothing hangs: each call is
    limited in time and bytes. No call is repeated inside a method. look and collect may be repeated
    after every NotTaken.
    """

    name: str  # in settings and rows: "picwish"
    title: str  # for people: "PicWish"
    tools: frozenset[str]
    seconds: Mapping[str, float]  # how long a task of a tool may take, from handing over to collected

    def declines(self, job: Job) -> str:
        """Return why the service cannot do this job as it is asked for, "" if it can. Asks nobody."""
        ...

    def submit(self, job: Job, key: str, watch: Watch) -> Submission:
        """Hand a job over, whose source (and mask_path) is what the engine job "outgoing" made.

        key: names this order, the same at every attempt, so that a service which heeds it takes it once.
        Raises NotTaken where the service certainly does not have it (Unoffered among them: as if it
        had declined), OutcomeUnknown where it may, BadAnswer where it has answered nonsense, Refused
        where it says that the picture or the words will not do.
        """
        ...

    def look(self, tool: str, remote_id: str) -> RemoteStatus:
        """Ask how a task goes. Its failure is no error here but a state below 0."""
        ...

    def collect(self, job: Job, look: RemoteStatus, watch: Watch) -> tuple[FetchedPicture, ...]:
        """Fetch what a done task made into job.folder, and check it.

        job.source: the picture as it was, or as it was handed over; they have the same size.
        Raises Expired where its address leads to it no more, BadAnswer for a picture that is not the
        expected one, Unreached where it came only in part.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
