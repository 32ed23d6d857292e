"""What can go wrong while a provider carries out a task.

ProviderError
├── Cancelled          the person, or the studio, stopped it
├── Fenced             another worker has the task now: write nothing
├── DeadlinePassed     it took longer than it may
├── Crashed            the imaging process died
└── Refused            the engine or service looked at the picture and said why not
"""


class ProviderError(Exception):
    """Base of all. `state` is the task's, in the seeds' numbers; `sentence` is for people, "" for the
    state's own; `retry_helps` says whether the same request may end better."""

    state: int = -1
    retry_helps: bool = True

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Cancelled(ProviderError):
    state = -13


class Fenced(ProviderError):
    pass


class DeadlinePassed(ProviderError):
    state = -8


class Crashed(ProviderError):
    state = -1


class Refused(ProviderError):
    """Carries the state that the engine or the service gave."""

    def __init__(self, state: int, sentence: str, *, retry_helps: bool = False) -> None:
        super().__init__(sentence)
        self.state, self.retry_helps = state, retry_helps
