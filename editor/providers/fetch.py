"""A picture behind a stranger's address, brought into a file: guarded, capped, and never for long.

ProviderError
├── DeadlinePassed    -8   it took longer than it may
├── OverLimit         -5   more bytes than are taken
└── NotReached        -3   no such name, no connection, no answer, or another one than 200
    ├── Answered      -3   answered with another status than 200
    └── Forbidden     -3   not on the open Internet, or redirected too often
"""

import threading
from collections.abc import Callable, Collection
from pathlib import Path

import httpx

from editor.states import State

from .contract import Watch
from .deadline import TimeIsUp, run_watched
from .errors import DeadlinePassed, ProviderError
from .ssrf_guard import Forbidden, NotReached, make_guarded_client

MOST_REDIRECTS = 3
CHUNK = 64 * 1024  # bytes
CONNECT_SECONDS = READ_SECONDS = 10.0

MakeClient = Callable[[], httpx.Client]


class OverLimit(ProviderError):
    """There is more behind the address than is taken."""

    state = State.OVER_URL_LIMIT
    retry_helps = False


class Answered(NotReached):
    """What is there answered otherwise than with a picture. status: HTTP's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The server behind the address answered {status}. Check the address.")
        self.status = status


def fetch(
    url: str,
    target: Path,
    *,
    max_bytes: int,
    seconds: float,
    watch: Watch,
    allowed: Collection[str] = (),
    make_client: MakeClient | None = None,
) -> None:
    """Write what is behind url into the file target.

    max_bytes: of the picture; seconds: for all of it, names and redirects included. watch is called
    on this thread while it goes on, and stops it by raising. allowed: see ssrf_guard.resolve_public.
    Raises NotReached, Forbidden, OverLimit, DeadlinePassed, and what watch raises.
    """
    client = (make_client or (lambda: make_fetch_client(allowed)))()
    download = _Download(url, target, max_bytes, client)
    try:
        run_watched(download.run, seconds=seconds, watch=watch, abandon=client.close, name="fetch")
    except TimeIsUp as exc:
        raise DeadlinePassed(
            f"The address did not give its picture within {seconds:.0f} seconds. Upload it instead."
        ) from exc


def make_fetch_client(allowed: Collection[str] = ()) -> httpx.Client:
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    return make_guarded_client(allowed=allowed, timeout=timeout)


class _Download:
    """One fetch, on a thread that may be left alone with it."""

    def __init__(self, url: str, target: Path, max_bytes: int, client: httpx.Client) -> None:
        self.url, self.target, self.max_bytes, self.client = url, target, max_bytes, client
        self.left = threading.Event()

    def run(self, left: threading.Event) -> None:
        """Fetch until `left` is set. Raises ProviderError, OSError."""
        self.left = left
        try:
            with self.client:
                self.follow(self.client)
        except httpx.TimeoutException as exc:
            raise NotReached("The server behind the address does not answer. Try again later.") from exc
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as exc:
            raise NotReached(
                "The server behind the address could not be reached. Check the address."
            ) from exc

    def follow(self, client: httpx.Client) -> None:
        """Go where the address leads, at most MOST_REDIRECTS times on, each judged anew."""
        request = client.build_request("GET", self.url)
        for _ in range(MOST_REDIRECTS + 1):
            response = client.send(request, stream=True)
            try:
                if not response.has_redirect_location:
                    self.keep(response)
                    return
                following = response.next_request
            finally:
                response.close()
            if following is None:
                raise NotReached("The server behind the address redirects to nowhere. Check the address.")
            request = following
        raise Forbidden(f"The address redirects more than {MOST_REDIRECTS} times. Use the last one itself.")

    def keep(self, response: httpx.Response) -> None:
        """Write the picture, if that is what was answered, as far as it may go."""
        if response.status_code != httpx.codes.OK:
            raise Answered(response.status_code)
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > self.max_bytes:
            raise self.over_limit()
        taken = 0
        with self.target.open("wb") as file:
            for chunk in response.iter_bytes(CHUNK):
                if self.left.is_set():
                    return
                taken += len(chunk)
                if taken > self.max_bytes:
                    raise self.over_limit()
                file.write(chunk)

    def over_limit(self) -> OverLimit:
        megabytes = self.max_bytes // 2**20
        return OverLimit(f"The picture behind the address is over {megabytes} MB. Use a smaller one.")
