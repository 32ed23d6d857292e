"""A service behind HTTP: how it is asked, and what its answers and silences mean.

Whatever goes wrong with a call becomes one of errors.py, with a sentence that names the service. What
a service itself says is told on shortened, and never with the key in it.
"""

import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import httpx

from editor.states import State

from . import client as http
from .contract import Watch
from .deadline import TimeIsUp, run_watched
from .errors import BadAnswer, Busy, KeyRefused, OutcomeUnknown, ProviderError, Refused, Troubled, Unreached
from .ssrf_guard import DEFAULT_PORTS, check_url

MOST_JSON = 64 * 1024  # bytes
# uvicorn closes what is idle for five seconds; a connection that dies under an order costs the order.
KEPT_IDLE = 4.0  # seconds
LONGEST_WORDS = 160

# Answers of a gateway that passed an order on and heard nothing more of it; 52x are a known one's.
PASSED_ON = frozenset({502, 504, 520, 524})
NOT_SUITABLE = frozenset({400, 413, 415, 422})
# Seed 000's list of codes has none for an account that is empty, so it comes as a 400 with words.
ABOUT_CREDITS = re.compile(r"\b(credits?|balance|quota)\b", re.IGNORECASE)

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """Seconds: for the phases of a call as httpx has them; then for whole calls, names looked up included.

    order: with its upload, and where the picture is the answer with the work. look: any small question.
    picture: the fetching of one.
    """

    connect: float = 10.0
    write: float = 30.0
    read: float = 30.0
    pool: float = 10.0
    order: float = 90.0
    look: float = 20.0
    picture: float = 60.0

    @property
    def phases(self) -> httpx.Timeout:
        return httpx.Timeout(connect=self.connect, write=self.write, read=self.read, pool=self.pool)


def watch_nothing(share: float) -> None:
    """Watch nothing: for calls that are short by themselves."""


class Service:
    """One service with one key, asked over connections that are kept.

    title: for people. allowed: see ssrf_guard.resolve_public; the service's own host and port are besides.
    """

    def __init__(
        self, base_url: str, key: str, *, title: str, allowed: Collection[str] = (), patience: Patience
    ) -> None:
        self.base_url, self.title, self.patience = base_url.strip(), title, patience
        self._key = key.strip()
        self._client: http.Client | None = None
        self._lock = threading.Lock()
        self.allowed = {*allowed, *_place(self.base_url)}

    def ask(
        self,
        call: Callable[[http.Client], Answer],
        *,
        seconds: float,
        watch: Watch = watch_nothing,
        ordering: bool = False,
    ) -> Answer:
        """Return what one call brings. Raises RemoteError, Refused, OSError, and what watch raises.

        ordering: the call makes the service work, so it must not be made again for want of an answer.
        """
        client = self.open_client()
        try:
            return run_watched(
                lambda left: call(client),
                seconds=seconds,
                watch=watch,
                abandon=partial(self.drop, client),
                name="service",
            )
        except TimeIsUp as exc:
            raise (self.make_lost() if ordering else self.make_silent()) from exc
        except http.Lost as exc:
            raise (self.make_lost() if ordering else self.make_silent()) from exc
        except http.Unreached as exc:
            raise self.make_silent() from exc
        except http.Declined as exc:
            raise self.explain_refusal(exc, ordering) from exc
        except http.BadAnswer as exc:
            raise self.make_nonsense() from exc

    def open_client(self) -> http.Client:
        """Return the client, made where there is none. Raises KeyRefused, Unreached."""
        # Its exception would show the key.
        if not self._key.isascii() or not self._key.isprintable() or not self._key:
            raise KeyRefused(
                f"The studio has no proper key for {self.title}. Tell the person who runs the studio."
            )
        try:
            check_url(self.base_url)
        except ValueError as exc:
            raise Unreached(
                f"The studio has no proper address of {self.title}. Tell the person who runs the studio."
            ) from exc
        with self._lock:
            if self._client is None:
                self._client = http.Client(
                    self.base_url,
                    self._key,
                    timeout=self.patience.phases,
                    limits=httpx.Limits(keepalive_expiry=KEPT_IDLE),
                    most_bytes=MOST_JSON,
                    trust_env=False,
                )
            return self._client

    def drop(self, client: http.Client) -> None:
        """Let go of a client, one of whose calls hangs; the next call has a new one."""
        with self._lock:
            if self._client is client:
                self._client = None
        client.close()

    def close(self) -> None:
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def address(self, given: str) -> str:
        """Return an address that the service gave; one without a host is on its own."""
        try:
            return str(httpx.URL(self.base_url).join(given))
        except (httpx.InvalidURL, ValueError):
            return given  # the guard says what is wrong with it

    # -- What its answers mean ------------------------------------------------------------------------

    def explain_refusal(self, exc: http.Declined, ordering: bool) -> ProviderError:
        """Return the error for an answer of another status than 200."""
        status, title, operator = exc.status, self.title, "Tell the person who runs the studio."
        words = self.clean_words(exc.sentence)
        if status == 402 or (status == 400 and ABOUT_CREDITS.search(words)):
            return KeyRefused(f"The studio's credits with {title} are used up. {operator}")
        if status in (401, 403):
            return KeyRefused(f"{title} refuses the studio's key. {operator}")
        if status == 429:
            return Busy(f"{title} is asked too often right now. Try again in a minute.", exc.retry_after)
        if ordering and status in PASSED_ON:
            return self.make_lost()
        if status == 408 or status >= 500:
            return Troubled(f"{title} has trouble on its side ({status}). Try again in a few minutes.")
        if ordering and status in NOT_SUITABLE:
            said = f" It says: “{words}”" if words else ""
            return Refused(State.UNSUITABLE, f"{title} does not take this. Use another picture.{said}")
        if not ordering and status == 404:
            return BadAnswer(f"{title} does not know this task any more. Try again.")
        return BadAnswer(f"{title} is not what answers at its address ({status}). {operator}")

    def make_silent(self) -> Unreached:
        return Unreached(f"{self.title} does not answer. Try again in a few minutes.")

    def make_lost(self) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"{self.title} was sent this, but its answer got lost. "
            "As it may have taken it, it was not sent again. Try again yourself."
        )

    def make_nonsense(self) -> BadAnswer:
        return BadAnswer(
            f"{self.title} answered something that cannot be understood. Try again later, "
            "or tell the person who runs the studio."
        )

    def clean_words(self, words: str) -> str:
        """Return a service's words fit to be shown: on one line, not long, without the key or markup."""
        text = words.replace(self._key, "…") if self._key else words
        text = re.sub(r"<[^>]*>", " ", text)
        text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
        return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1].rstrip() + "…"


def _place(base_url: str) -> set[str]:
    """Return "host:port" of an address; nothing where it is none."""
    try:
        url = check_url(base_url)
    except ValueError:
        return set()
    return {f"{url.raw_host.decode('ascii')}:{url.port or DEFAULT_PORTS[url.scheme]}"}
