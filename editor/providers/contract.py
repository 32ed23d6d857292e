"""What a provider is asked and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from editor.engines.types import Output

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


class Provider(Protocol):
    """Carries out jobs. Raises ProviderError and nothing else for what it can foresee."""

    def run(self, job: Job, watch: Watch) -> list[Output]:
        """Do the job and return the files made, all inside job.folder."""
        ...

    def warm(self) -> None:
        """Get ready for the first job; return when ready."""
        ...

    def close(self) -> None:
        """Let go of processes and connections."""
        ...
