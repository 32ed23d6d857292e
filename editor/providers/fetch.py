"""A picture behind a stranger's address, brought into a file: guarded, capped, and never for long.

ProviderError
├── DeadlinePassed    -8   it took longer than it may
├── OverLimit         -5   more bytes than are taken
└── NotReached        -3   no such name, no connection, no answer, or another one than 200
    └── Forbidden     -3   not on the open Internet, or redirected too often
"""

import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

import httpx

from .contract import Watch
from .errors import DeadlinePassed, ProviderError
from .guard import Forbidden, NotReached, guarded_client

MOST_REDIRECTS = 3
LOOK_EVERY = 0.1  # seconds between two looks at a fetch under way
CHUNK = 64 * 1024  # bytes
CONNECT_SECONDS = READ_SECONDS = 10.0

MakeClient = Callable[[], httpx.Client]


class OverLimit(ProviderError):
    """There is more behind the address than is taken."""

    state = -5
    retry_helps = False


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
    on this thread while it goes on, and stops it by raising. allowed: see guard.addresses_of.
    Raises NotReached, Forbidden, OverLimit, DeadlinePassed, and what watch raises.
    """
    client = make_client or (lambda: default_client(allowed))
    download = _Download(url, target, max_bytes, client)
    end = time.monotonic() + seconds
    # On a thread of its own: a look-up of a name cannot be told to stop, only be left alone.
    thread = threading.Thread(target=download.run, name="fetch", daemon=True)
    thread.start()
    try:
        while not download.done.wait(LOOK_EVERY):
            watch(0.0)
            if time.monotonic() >= end:
                raise DeadlinePassed(
                    f"The address did not give its picture within {seconds:.0f} seconds. Upload it instead."
                )
    finally:
        download.stopped.set()
    if download.error is not None:
        raise download.error


def default_client(allowed: Collection[str] = ()) -> httpx.Client:
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    return guarded_client(allowed=allowed, timeout=timeout)


class _Download:
    """One fetch on its thread. `done` is set when it ended, with `error` where it did not end well."""

    def __init__(self, url: str, target: Path, max_bytes: int, make_client: MakeClient) -> None:
        self.url, self.target, self.max_bytes, self.make_client = url, target, max_bytes, make_client
        self.done, self.stopped = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with self.make_client() as client:
                self.follow(client)
        except (ProviderError, OSError) as exc:
            self.error = exc
        except httpx.TimeoutException as exc:
            self.error = NotReached("The server behind the address does not answer. Try again later.")
            self.error.__cause__ = exc
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as exc:
            self.error = NotReached("The server behind the address could not be reached. Check the address.")
            self.error.__cause__ = exc
        except Exception as exc:  # noqa: BLE001 - it is raised on the thread that asked
            self.error = exc
        finally:
            self.done.set()

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
            raise NotReached(
                f"The server behind the address answered {response.status_code}. Check the address."
            )
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > self.max_bytes:
            raise self.over_limit()
        taken = 0
        with self.target.open("wb") as file:
            for chunk in response.iter_bytes(CHUNK):
                if self.stopped.is_set():
                    return
                taken += len(chunk)
                if taken > self.max_bytes:
                    raise self.over_limit()
                file.write(chunk)

    def over_limit(self) -> OverLimit:
        megabytes = self.max_bytes // 2**20
        return OverLimit(f"The picture behind the address is over {megabytes} MB. Use a smaller one.")
