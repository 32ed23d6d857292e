"""The calls themselves, over httpx."""

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import httpx

from .answers import (
    Account,
    BadAnswer,
    Declined,
    NotInTime,
    Picture,
    Scene,
    Task,
    Unreached,
    data_in,
    declined,
    json_in,
    task_in,
    whole,
)

VISUAL = "/api/tasks/visual/"
POLL_EVERY = 1.0  # seconds
LONGEST_WAIT = 200.0  # seconds for an answer to sync=1, which may take 180

Source = str | bytes | Path | IO[bytes]
"""A picture: its address, its bytes, its path, or an open file."""

Endpoint = Literal["segmentation", "background", "self-face-cutout", "inpaint"]


class Client:
    """Calls one studio or service with one key. Every method raises ClientError and nothing else.

    timeout: seconds for an answer to calls that do not wait for a task. transport: for tests.
    Options are the documents' own parameters; those that are not given are not sent.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.timeout = httpx.Timeout(timeout, connect=10.0)
        self.http = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"X-API-KEY": api_key},
            timeout=self.timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    # -- Tasks ----------------------------------------------------------------------------------------

    def segmentation(
        self,
        image: Source,
        *,
        wait: bool = False,
        type: str = "",
        output_type: int | None = None,
        return_type: int | None = None,
        crop: bool | None = None,
        format: str = "",
        bg_color: str = "",
        bg_image: Source | None = None,
        **more: Any,
    ) -> Task:
        """Have a background removed (seed 000)."""
        sources = {"image": image} | ({} if bg_image is None else {"bg_image": bg_image})
        options = {"type": type, "output_type": output_type, "return_type": return_type, "format": format}
        return self.order(
            "segmentation", sources, {**options, "crop": crop, "bg_color": bg_color, **more}, wait
        )

    def background(
        self,
        image: Source,
        *,
        scene_type: int | None = None,
        prompt: str = "",
        negative_prompt: str = "",
        batch_size: int | None = None,
        **more: Any,
    ) -> Task:
        """Have a transparent product put into a scene (seed 001). There is no waiting with the call."""
        options = {"scene_type": scene_type, "prompt": prompt, "negative_prompt": negative_prompt}
        return self.order("background", {"image": image}, {**options, "batch_size": batch_size, **more})

    def face_cutout(
        self, image: Source, *, wait: bool = False, crop: bool | None = None, format: str = "", **more: Any
    ) -> Task:
        """Have heads cut out (seed 002)."""
        options = {"crop": crop, "output_format": format, **more}
        return self.order("self-face-cutout", {"image": image}, options, wait)

    def inpaint(
        self,
        image: Source,
        *,
        mask: Source | None = None,
        rectangles: str = "",
        wait: bool = False,
        return_type: int | None = None,
        **more: Any,
    ) -> Task:
        """Have something erased (seed 003): what the mask has white, or rectangles in JSON."""
        sources = {"image": image} | ({} if mask is None else {"mask": mask})
        options = {"rectangles": rectangles, "return_type": return_type, **more}
        return self.order("inpaint", sources, options, wait)

    def order(
        self,
        endpoint: Endpoint,
        sources: Mapping[str, Source],
        options: Mapping[str, Any],
        wait: bool = False,
        *,
        idempotency_key: str = "",
    ) -> Task:
        """Place an order. With wait the answer is the task that has ended, or as it stands after 180 s."""
        sync = {} if endpoint == "background" else {"sync": int(wait)}
        timeout = httpx.Timeout(LONGEST_WAIT, connect=10.0) if wait else self.timeout
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        answer = self.send(
            "POST", VISUAL + endpoint, sources, {**sync, **options}, timeout=timeout, headers=headers
        )
        return task_in(answer)

    def query(self, endpoint: Endpoint, task_id: str) -> Task:
        """Ask how a task goes."""
        return task_in(self.send("GET", f"{VISUAL}{endpoint}/{task_id}"))

    def wait(self, endpoint: Endpoint, task_id: str, *, seconds: float = 300.0) -> Task:
        """Ask every second until the task has ended. Raises NotInTime after so many seconds."""
        end = time.monotonic() + seconds
        while True:
            task = self.query(endpoint, task_id)
            if task.has_ended:
                return task
            if time.monotonic() + POLL_EVERY > end:
                raise NotInTime(task)
            time.sleep(POLL_EVERY)

    def scenes(self) -> list[Scene]:
        """Return the scenes on offer."""
        data = data_in(self.send("GET", f"{VISUAL}background/scenes"))
        try:
            return [
                Scene(int(one["scene_type"]), one["name"], one.get("category", ""), one.get("thumbnail", ""))
                for one in data["scenes"]
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise BadAnswer("The list of scenes is not as documented.") from exc

    # -- One call -------------------------------------------------------------------------------------

    def remove(
        self,
        image: Source,
        *,
        format: str = "",
        channels: str = "",
        bg_color: str = "",
        size: str = "",
        crop: bool | None = None,
    ) -> Picture:
        """Have a background removed in one call (seed 004); the picture is the answer."""
        options = {"format": format, "channels": channels, "bg_color": bg_color, "size": size}
        spelled = None if crop is None else str(crop).lower()
        timeout = httpx.Timeout(LONGEST_WAIT, connect=10.0)
        answer = self.send(
            "POST", "/v1/remove", {"image": image}, {**options, "crop": spelled}, timeout=timeout
        )
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if not kind.startswith("image/"):
            raise BadAnswer(f"A picture was expected, and {kind or 'nothing'} came.")
        names = ("X-Image-Width", "X-Image-Height", "X-Processing-Time-Ms")
        width, height, milliseconds = (whole(answer.headers.get(name)) for name in names)
        request_id = answer.headers.get("X-Request-ID", "")
        return Picture(answer.content, kind, width, height, milliseconds, request_id)

    def me(self) -> Account:
        """Return the account behind the key."""
        found = json_in(self.send("GET", "/v1/me"))
        try:
            return Account(
                str(found["organizationId"]),
                str(found["plan"]),
                whole(found["maxCredits"]),
                int(found["usedCredits"]),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise BadAnswer("The account is not as documented.") from exc

    def download(self, address: str) -> bytes:
        """Fetch a result. The key is not shown: the address is signed."""
        try:
            answer = httpx.get(address, timeout=self.timeout, follow_redirects=True)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise Unreached(f"The result could not be fetched: {exc}") from exc
        if answer.status_code != httpx.codes.OK:
            raise Declined(answer.status_code, "The result is not there (any more).")
        return answer.content

    # -- Over the wire ----------------------------------------------------------------------------------

    def send(
        self,
        method: str,
        path: str,
        sources: Mapping[str, Source] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        timeout: httpx.Timeout | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one call and return its answer of status 200. Raises Unreached, Declined."""
        fields = {name: spelling(value) for name, value in (options or {}).items() if value not in (None, "")}
        files: dict[str, tuple[str, bytes | IO[bytes]]] = {}
        for name, source in (sources or {}).items():
            if isinstance(source, str):
                fields[f"{name}_url"] = source
            else:
                files[f"{name}_file"] = part(source)
        try:
            answer = self.http.request(
                method,
                path,
                data=fields or None,
                files=files or None,
                headers=dict(headers or {}),
                timeout=timeout or self.timeout,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise Unreached(f"{self.http.base_url} does not answer: {type(exc).__name__}.") from exc
        if answer.status_code != httpx.codes.OK:
            raise declined(answer)
        return answer


def part(source: bytes | Path | IO[bytes]) -> tuple[str, bytes | IO[bytes]]:
    """Return a file's name and content for a form."""
    if isinstance(source, Path):
        return source.name, source.read_bytes()
    return "image", source


def spelling(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
