"""The state of a task, in the numbers of the seeds' documents, with a sentence for people in each."""

from enum import IntEnum


class State(IntEnum):
    """0 and above 1: under way; 1: done; below 0: failed, and the number says why."""

    QUEUED = 0
    DONE = 1
    PREPARING = 2
    WAITING = 3
    PROCESSING = 4
    PUBLISHING = 5
    LOOPING = 6

    FAILED = -1
    NOT_ARCHIVED = -2
    NOT_FETCHED = -3
    OVER_URL_LIMIT = -5
    NOT_A_PICTURE = -7
    TOO_SLOW = -8
    LOOP_FAILED = -9
    REFUSED_BY_REVIEW = -10
    NOTHING_FOUND = -11
    CANCELLED = -13
    UNSUITABLE = -14
    NO_RESOURCES = -15
    REFUSED_BY_THIRD_PARTY = -16
    BAD_PROMPT = -17

    @property
    def is_failed(self) -> bool:
        return self < State.QUEUED

    @property
    def is_cancelled(self) -> bool:
        return self is State.CANCELLED

    @property
    def is_settled(self) -> bool:
        """Whether nothing will change any more."""
        return self.is_failed or self is State.DONE

    @property
    def is_running(self) -> bool:
        """Whether a worker has it."""
        return self > State.DONE

    @property
    def word(self) -> str:
        """One word for a badge."""
        return WORDS[self]

    @property
    def sentence(self) -> str:
        """What happens, or what went wrong and what to do about it."""
        return SENTENCES[self]

    @property
    def retry_helps(self) -> bool:
        """Whether the very same request may end better next time."""
        return self in RETRY_HELPS


UNDER_WAY = tuple(state for state in State if not state.is_settled)
RUNNING = tuple(state for state in State if state.is_running)
FAILURES = tuple(state for state in State if state.is_failed and not state.is_cancelled)
"""Those that need a look: what a person cancelled does not."""

RETRY_HELPS = frozenset(
    {
        State.FAILED,
        State.NOT_ARCHIVED,
        State.NOT_FETCHED,
        State.TOO_SLOW,
        State.LOOP_FAILED,
        State.CANCELLED,
        State.NO_RESOURCES,
    }
)

WORDS = {
    State.QUEUED: "Queued",
    State.DONE: "Done",
    State.PREPARING: "Preparing",
    State.WAITING: "Waiting",
    State.PROCESSING: "Working",
    State.PUBLISHING: "Saving",
    State.LOOPING: "Working",
    State.FAILED: "Failed",
    State.NOT_ARCHIVED: "Not saved",
    State.NOT_FETCHED: "Not fetched",
    State.OVER_URL_LIMIT: "Too large",
    State.NOT_A_PICTURE: "Not a picture",
    State.TOO_SLOW: "Took too long",
    State.LOOP_FAILED: "Failed",
    State.REFUSED_BY_REVIEW: "Refused",
    State.NOTHING_FOUND: "Nothing found",
    State.CANCELLED: "Cancelled",
    State.UNSUITABLE: "Unsuitable",
    State.NO_RESOURCES: "Not possible now",
    State.REFUSED_BY_THIRD_PARTY: "Refused",
    State.BAD_PROMPT: "Not understood",
}

SENTENCES = {
    State.QUEUED: "Waiting for its turn.",
    State.DONE: "Done.",
    State.PREPARING: "Reading the photo.",
    State.WAITING: "Waiting for the service to begin.",
    State.PROCESSING: "Working on it.",
    State.PUBLISHING: "Saving the result.",
    State.LOOPING: "Working on it.",
    State.FAILED: "Something went wrong on our side. Try again; if it fails again, tell the studio's admin.",
    State.NOT_ARCHIVED: "The result was made but could not be saved. Try again in a moment.",
    State.NOT_FETCHED: "The picture's address could not be reached. Check it, then try again.",
    State.OVER_URL_LIMIT: "The picture behind the address is over 30 MB. Use a smaller one.",
    State.NOT_A_PICTURE: "This file is damaged or not a picture. Export it again as JPG or PNG and add that.",
    State.TOO_SLOW: "This took longer than it may. Try again at a quieter time, or with something smaller.",
    State.LOOP_FAILED: "Something went wrong on our side. Try again; if it fails again, tell the studio's admin.",
    State.REFUSED_BY_REVIEW: "The content review refused this picture. Use another one.",
    State.NOTHING_FOUND: "No subject was found in this photo. Use one where it stands out more.",
    State.CANCELLED: "Cancelled. Nothing was charged.",
    State.UNSUITABLE: "This picture is not suitable: it has too many or too few pixels, or not what this work needs.",
    State.NO_RESOURCES: "The studio lacks what this needs right now. Try again later, or tell its admin.",
    State.REFUSED_BY_THIRD_PARTY: "The service's content review refused this picture. Use another one.",
    State.BAD_PROMPT: "The description was not understood. Name a place, a surface, a colour or a light.",
}
