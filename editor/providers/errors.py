"""What can go wrong while a provider carries out a task.

ProviderError
├── Cancelled          the person, or the studio, stopped it
├── Fenced             another worker has the task now: write nothing
├── DeadlinePassed     it took longer than it may
├── Crashed            the imaging process died
├── Refused            the engine or service looked at the picture and said why not
│   └── Unknown            our own engine does not know what it is asked for, as one of older code may not
└── RemoteError        a service could not be asked, or answered what cannot be used
    ├── NotTaken           it certainly does not have the order
    │   ├── Unreached          no connection
    │   ├── Busy               it asks for fewer calls; `retry_after` says when
    │   ├── Troubled           it answered that something is wrong on its side
    │   ├── KeyRefused         the key is wrong, suspended or without credits: for the operator
    │   └── Unoffered          it does not have what this very job asks for: carried out elsewhere
    ├── OutcomeUnknown     the order went out and no answer came back: never repeated blindly
    └── BadAnswer          it answered with something that is not the contract's
        └── Expired            the address of a picture that it made leads to it no more
"""

from editor.states import State


class ProviderError(Exception):
    """Base of all. `state` is the task's; `sentence` is for people, "" for the
    state's own; `retry_helps` says whether the same request may end better."""

    state: State = State.FAILED
    retry_helps: bool = True

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Cancelled(ProviderError):
    state = State.CANCELLED


class Fenced(ProviderError):
    pass


class DeadlinePassed(ProviderError):
    state = State.TOO_SLOW


class Crashed(ProviderError):
    state = State.FAILED


class Refused(ProviderError):
    """Carries the state that the engine or the service gave."""

    def __init__(self, state: State, sentence: str, *, retry_helps: bool = False) -> None:
        super().__init__(sentence)
        self.state, self.retry_helps = state, retry_helps


class Unknown(Refused):
    pass


class RemoteError(ProviderError):
    """Its sentence names the service. Every one but Busy, KeyRefused and Unoffered counts as the
    service's failure."""

    state = State.NO_RESOURCES


class NotTaken(RemoteError):
    pass


class Unreached(NotTaken):
    pass


class Busy(NotTaken):
    """retry_after: seconds, where the service said."""

    def __init__(self, sentence: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Troubled(NotTaken):
    pass


class KeyRefused(NotTaken):
    retry_helps = False


class Unoffered(NotTaken):
    """As a job that the service declines, but known only once it was asked what it has."""

    retry_helps = False


class OutcomeUnknown(RemoteError):
    retry_helps = False


class BadAnswer(RemoteError):
    retry_helps = False


class Expired(BadAnswer):
    pass
