"""PicWish, and every service that speaks its contract (seeds 000 to 003), another studio of ours too."""

import json
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, cast

from editor.engines.errors import EngineError, InvalidOptions
from editor.engines.scenes.templates import catalogue
from editor.services import SERVICES
from editor.states import State
from editor.tools import SPECS

from . import client as http
from . import result_download
from .client import Endpoint, Source
from .contract import FetchedPicture, Job, RemoteStatus, Submission, Watch
from .errors import BadAnswer, Refused, Unoffered
from .http_service import Patience, Service

ENDPOINTS: dict[str, Endpoint] = {
    tool: cast(Endpoint, SPECS[tool].endpoint) for tool in SERVICES["picwish"].tools
}
SECONDS: dict[str, float] = {tool: SPECS[tool].remote_seconds for tool in SERVICES["picwish"].tools}

# What can be asked of it, and what our own engine does with its picture afterwards.
FRAME = frozenset({"crop", "margin", "margin_of", "square"})
SIZED = frozenset({"aim", "rest", "snap", "resize", "resize_up", "most_pixels", "dpi"})
WRITTEN = frozenset({"jpg_where_opaque", "mask_format", "layers", "solid"})
FINISHED_HERE = FRAME | SIZED | WRITTEN | {"outputs", "format", "background", "size", "finish"}
TAKES = {
    "cutout": FINISHED_HERE | {"subject", "background_path"},
    "head": FINISHED_HERE | {"faces"},
    "erase": frozenset({"rectangles", "mask_path", "format", "seed"}),
    # Of its own pictures it draws the variation itself, and names none.
    "scene": frozenset({"scene", "plan", "prompt", "negative_prompt", "seed", "takes", "size", "format"})
    | {"memory_mb", "account"}
    # Its sets light what stands in them as they do.
    | {"relight", "size_cm"},
}
LARGEST_SCENE = 1024  # pixels

SILENT = frozenset({"", "success", "ok", "failed", "fail", "error"})
"""Messages that say nothing of why a task failed."""

REASONS: dict[int, str] = {
    State.BAD_PROMPT: "{title} did not understand the description. Say it in other words.",
    State.REFUSED_BY_THIRD_PARTY: "{title}'s content review refused this picture. Use another one.",
    State.NO_RESOURCES: "{title} lacks what this needs right now. Try again later.",
    State.UNSUITABLE: "{title} does not find this picture suitable. Use another one.",
    State.CANCELLED: "{title} cancelled this. Try again.",
    State.NOTHING_FOUND: "{title} found nothing in this photo. Use one where the subject stands out more.",
    State.REFUSED_BY_REVIEW: "{title}'s content review refused this picture. Use another one.",
    State.TOO_SLOW: "{title} took longer than it may. Try again later, or with something smaller.",
    State.NOT_A_PICTURE: "{title} cannot read this picture. Use another one.",
    State.NOT_ARCHIVED: "{title} made the picture but could not keep it. Try again.",
}
FAILED_SOMEHOW = "{title} could not carry this out. Try again; if it fails again, use another photo."

LONGEST_ID = 128
SCENES_KEPT = 600.0  # seconds
MOST_SCENES_BYTES = 1024 * 1024


class PicWish:
    """The client of such a service; see contract.RemoteProvider.

    base_url: where "/api/tasks/…" begins. name, title: in rows and for people, where it is another
    service than PicWish. allowed: "address:port" that pictures may be fetched from although they are
    not on the open Internet; the service's own host and port always are.
    """

    tools = frozenset(ENDPOINTS)
    seconds: Mapping[str, float] = SECONDS

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        name: str = "picwish",
        title: str = "PicWish",
        allowed: Collection[str] = (),
        patience: Patience | None = None,
    ) -> None:
        self.name, self.title = name, title
        self.patience = patience or Patience()
        self.service = Service(base_url, key, title=title, allowed=allowed, patience=self.patience)
        self._offered: tuple[float, dict[int, str]] = (0.0, {})
        self._lock = threading.Lock()

    def declines(self, job: Job) -> str:
        """Return why the service cannot do this job as it is asked for, "" if it can."""
        options, title = job.options, self.title
        if job.tool not in ENDPOINTS:
            return f"{title} does not do this."
        asked = {name for name, value in options.items() if value not in (None, "", False, 0, [], ())}
        if unknown := sorted(asked - TAKES[job.tool]):
            return f"{title} cannot be told: {', '.join(unknown)}."
        return DECLINES[job.tool](options, title)

    def submit(self, job: Job, key: str, watch: Watch) -> Submission:
        """Hand a job over and return its id."""
        if job.tool == "scene" and job.options.get("scene") is not None:
            self.check_offered(job.options["scene"], watch)
        endpoint = ENDPOINTS[job.tool]
        sources, fields = WORDS[job.tool](job)

        def order(client: http.Client) -> http.Task:
            return client.order(endpoint, sources, fields, idempotency_key=key)

        task = self.service.ask(order, seconds=self.patience.order, watch=watch, ordering=True)
        if len(task.task_id) > LONGEST_ID or not task.task_id.isprintable():
            raise self.service.make_nonsense()
        return Submission(task.task_id)

    def look(self, tool: str, remote_id: str) -> RemoteStatus:
        """Ask how a task goes."""
        endpoint = ENDPOINTS[tool]
        task = self.service.ask(lambda client: client.query(endpoint, remote_id), seconds=self.patience.look)
        if task.task_id != remote_id:
            raise self.service.make_nonsense()
        if task.state == State.DONE and not task.images:
            raise BadAnswer(f"{self.title} says that it is done and names no picture. Try again later.")
        if task.state < 0:
            return self.read_failure(task)
        state = State(task.state) if task.state in State else State.PROCESSING
        return RemoteStatus(state, max(0, min(100, task.progress)), dict(task.images))

    def read_failure(self, task: http.Task) -> RemoteStatus:
        """Return how a task ended that failed, in a state that people have a word for."""
        words = self.service.clean_words(task.message)
        sentence = REASONS.get(task.state, FAILED_SOMEHOW).format(title=self.title)
        if words.lower().rstrip(".!") not in SILENT:
            sentence = f"{sentence} It says: “{words}”"
        return RemoteStatus(State(task.state) if task.state in State else State.FAILED, sentence=sentence)

    def collect(self, job: Job, look: RemoteStatus, watch: Watch) -> tuple[FetchedPicture, ...]:
        """Fetch what a done task made into job.folder, and check it."""
        takes = job.options.get("takes", 1) if job.tool == "scene" else 1
        addresses = [look.addresses.get(f"image_{number}", "") for number in range(1, takes + 1)]
        if "image" in look.addresses:
            addresses[0] = addresses[0] or look.addresses["image"]
        if not all(addresses):
            raise BadAnswer(f"{self.title} made fewer pictures than it was asked for. Try again later.")
        try:
            wanted = result_download.expect_result(job)
        except EngineError as exc:
            raise Refused(exc.state, str(exc)) from exc
        made = []
        for number, address in enumerate(addresses, 1):
            path = job.folder / f"collected-{number}"
            result_download.fetch(
                self.service.address(address),
                path,
                wanted=wanted,
                title=self.title,
                seconds=self.patience.picture,
                allowed=self.service.allowed,
                watch=watch,
            )
            made.append(FetchedPicture(path, number=number))
        return tuple(made)

    def close(self) -> None:
        """Let go of connections."""
        self.service.close()

    def check_offered(self, number: int, watch: Watch) -> None:
        """Check that a number means the same scene there. Raises Unoffered where it does not."""
        try:
            ours = catalogue.template(number).name
        except InvalidOptions as exc:
            raise Refused(exc.state, str(exc)) from exc
        if self.fetch_offered(watch).get(number, "").casefold() != ours.casefold():
            raise Unoffered(f"{self.title} has no scene {number}, or another one under this number.")

    def fetch_offered(self, watch: Watch) -> dict[int, str]:
        """Return the names of the service's scenes by number, none where it has no list. Kept for a while."""
        with self._lock:
            until, names = self._offered
        if time.monotonic() < until:
            return names
        names = self.service.ask(self.list_scenes, seconds=self.patience.look, watch=watch)
        with self._lock:
            self._offered = time.monotonic() + SCENES_KEPT, names
        return names

    @staticmethod
    def list_scenes(client: http.Client) -> dict[int, str]:
        try:
            return {scene.scene_type: scene.name for scene in client.scenes(most_bytes=MOST_SCENES_BYTES)}
        except http.BadAnswer:
            return {}
        except http.Declined as exc:
            # The services of the seeds keep their list on a page for people.
            if exc.status in (404, 405):
                return {}
            raise


# -- What each tool cannot be told, and what it is told --------------------------------------------------

Options = Mapping[str, Any]
Words = tuple[dict[str, Source], dict[str, Any]]


def _any_cutout(options: Options, title: str) -> str:
    return ""


def _which_heads(options: Options, title: str) -> str:
    return "" if options.get("faces", "all") == "all" else f"{title} cannot be told which heads are meant."


def _which_fill(options: Options, title: str) -> str:
    return f"{title} makes one fill and no other." if options.get("seed") else ""


def _which_scene(options: Options, title: str) -> str:
    if options.get("scene") is None and not options.get("prompt"):
        return f"{title} must be told a scene by its number or in words."
    if options.get("size", 0) > LARGEST_SCENE:
        return f"{title} makes pictures of up to {LARGEST_SCENE} pixels."
    return ""


DECLINES: dict[str, Callable[[Options, str], str]] = {
    "cutout": _any_cutout,
    "head": _which_heads,
    "erase": _which_fill,
    "scene": _which_scene,
}


def _cutout(job: Job) -> Words:
    # An empty type is the document's word for finding it by itself, as is sending none.
    fields = {"return_type": 1, "output_type": 2, "crop": 0, "format": "png"}
    return {"image": job.source}, {"type": job.options.get("subject", ""), **fields}


def _head(job: Job) -> Words:
    return {"image": job.source}, {"crop": 0, "output_format": "png"}


def _erase(job: Job) -> Words:
    if mask := job.options.get("mask_path"):
        return {"image": job.source, "mask": Path(mask)}, {"return_type": 1}
    boxes = job.options.get("rectangles") or []
    return {"image": job.source}, {"rectangles": json.dumps(boxes), "return_type": 1}


def _scene(job: Job) -> Words:
    options = job.options
    number = options.get("scene")
    words = {"prompt": options.get("prompt")} if number is None else {"scene_type": number}
    words |= {"negative_prompt": options.get("negative_prompt"), "batch_size": options.get("takes", 1)}
    return {"image": job.source}, words


WORDS: dict[str, Callable[[Job], Words]] = {
    "cutout": _cutout,
    "head": _head,
    "erase": _erase,
    "scene": _scene,
}
