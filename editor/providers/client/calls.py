"""The calls themselves, over httpx."""

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self
from urllib.parse import quote

import httpx

from .answers import (
    Account,
    BadAnswer,
    Declined,
    Lost,
    NotInTime,
    Picture,
    Scene,
    Task,
    Unreached,
    read_data,
    read_integer,
    read_json,
    read_refusal,
    read_share,
    read_task,
)

VISUAL = "/api/tasks/visual/"
POLL_EVERY = 1.0  # seconds
LONGEST_WAIT = 200.0  # seconds for an answer to sync=1, which may take 180
MOST_BYTES = 64 * 1024 * 1024  # of an answer: two pictures in base64 are in one
CHUNK = 64 * 1024  # bytes
# A key that an answer repeats is taken out of it; a shorter one might be in a picture by chance.
SHORTEST_HIDDEN = 8
# What fails with these has not begun to go out.
UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)

Source = str | bytes | Path | IO[bytes]
"""A picture: its address, its bytes, its path, or an open file."""

Endpoint = Literal["segmentation", "background", "self-face-cutout", "inpaint"]


class Client:
    """Calls one studio or service with one key. Every method raises ClientError and nothing else.

    timeout: seconds for calls that do not wait for a task, or for each of their phases. most_bytes: of
    an answer that is no picture by itself. limits, trust_env: httpx's own. transport: for tests.
    Options are the documents' own parameters; those that are not given are not sent.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float | httpx.Timeout = 30.0,
        most_bytes: int = MOST_BYTES,
        limits: httpx.Limits | None = None,
        trust_env: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        phases = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout, connect=10.0)
        self.timeout = phases
        self.patient = httpx.Timeout(**{**phases.as_dict(), "read": LONGEST_WAIT})
        self.most_bytes = most_bytes
        self._hidden = api_key.encode() if len(api_key) >= SHORTEST_HIDDEN else b""
        self.http = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"X-API-KEY": api_key, "Accept-Encoding": "identity"},
            timeout=self.timeout,
            limits=limits or httpx.Limits(),
            trust_env=trust_env,
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
        timeout = self.patient if wait else self.timeout
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        answer = self.send(
            "POST", VISUAL + endpoint, sources, {**sync, **options}, timeout=timeout, headers=headers
        )
        return read_task(answer)

    def query(self, endpoint: Endpoint, task_id: str) -> Task:
        """Ask how a task goes."""
        return read_task(self.send("GET", f"{VISUAL}{endpoint}/{quote(task_id, safe='')}"))

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

    def scenes(self, *, most_bytes: int | None = None) -> list[Scene]:
        """Return the scenes on offer."""
        data = read_data(self.send("GET", f"{VISUAL}background/scenes", most_bytes=most_bytes))
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
        crop: bool | str | None = None,
        padding: str = "",
        width: int | None = None,
        height: int | None = None,
        fit: str = "",
        idempotency_key: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> Picture:
        """Have a background removed in one call, as its service takes it today; the picture is the answer.

        crop: also a ratio such as "4:3". The picture goes by the name of the service's document.
        """
        options = {"format": format, "channels": channels, "bg_color": bg_color, "size": size}
        options |= {"padding": padding, "fit": fit}
        options |= {name: str(side) for name, side in (("width", width), ("height", height)) if side}
        spelled = None if crop is None else str(crop).lower()
        answer = self.send(
            "POST",
            "/v1/remove",
            {"image": image},
            {**options, "crop": spelled},
            timeout=self.patient,
            headers={"Idempotency-Key": idempotency_key} if idempotency_key else {},
            most_bytes=most_bytes,
        )
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if not kind.startswith("image/"):
            raise BadAnswer(f"A picture was expected, and {kind or 'nothing'} came.")
        names = ("X-Image-Width", "X-Image-Height", "X-Processing-Time-Ms")
        width, height, milliseconds = (read_integer(answer.headers.get(name)) for name in names)
        request_id = answer.headers.get("X-Request-ID", "")
        confidence, ambiguous = (
            read_share(answer.headers.get(name)) for name in ("X-Matte-Confidence", "X-Matte-Ambiguous-Ratio")
        )
        return Picture(answer.content, kind, width, height, milliseconds, request_id, confidence, ambiguous)

    def me(self) -> Account:
        """Return the account behind the key."""
        found = read_json(self.send("GET", "/v1/me"))
        try:
            return Account(
                str(found["organizationId"]),
                str(found["plan"]),
                read_integer(found["maxCredits"]),
                int(found["usedCredits"]),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise BadAnswer("The account is not as documented.") from exc

    def download(self, address: str) -> bytes:
        """Fetch a result. The key is not shown: the address is signed."""
        try:
            with httpx.stream("GET", address, timeout=self.timeout, follow_redirects=True) as coming:
                answer = read_capped(coming, MOST_BYTES)
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
        most_bytes: int | None = None,
    ) -> httpx.Response:
        """Send one call and return its answer of status 200.

        Raises Unreached, Lost, Declined, and BadAnswer for more than most_bytes.
        """
        fields = {
            name: spell_value(value) for name, value in (options or {}).items() if value not in (None, "")
        }
        files: dict[str, tuple[str, bytes | IO[bytes]]] = {}
        for name, source in (sources or {}).items():
            if isinstance(source, str):
                fields[f"{name}_url"] = source
            else:
                files[f"{name}_file"] = open_part(source)
        try:
            with self.http.stream(
                method,
                path,
                data=fields or None,
                files=files or None,
                headers=dict(headers or {}),
                timeout=timeout or self.timeout,
            ) as coming:
                most = self.most_bytes if most_bytes is None else most_bytes
                answer = read_capped(coming, most, self._hidden)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            error = Unreached if isinstance(exc, UNSENT) else Lost
            raise error(f"{self.http.base_url} does not answer: {type(exc).__name__}.") from exc
        if answer.status_code != httpx.codes.OK:
            raise read_refusal(answer)
        return answer


def read_capped(coming: httpx.Response, most: int, hidden: bytes = b"") -> httpx.Response:
    """Return an answer that was read whole, and `hidden` taken out of its text.

    Raises BadAnswer for more than `most` bytes, and httpx.HTTPError.
    """
    content = bytearray()
    for chunk in coming.iter_bytes(CHUNK):
        content += chunk
        if len(content) > most:
            raise BadAnswer(f"The answer has more than {most} bytes.")
    if hidden and not coming.headers.get("Content-Type", "").startswith("image/"):
        content = content.replace(hidden, b"...")
    # It is unpacked by now, whatever its headers say.
    packing = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in coming.headers.multi_items() if name not in packing]
    return httpx.Response(coming.status_code, headers=headers, content=bytes(content))


def open_part(source: bytes | Path | IO[bytes]) -> tuple[str, bytes | IO[bytes]]:
    """Return a file's name and content for a form."""
    if isinstance(source, Path):
        return source.name, source.read_bytes()
    return "image", source


def spell_value(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
