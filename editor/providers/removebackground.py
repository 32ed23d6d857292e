"""A service of the one call, as it is today: a background removed, the picture in its answer."""

from collections.abc import Collection, Mapping

from editor.engines.errors import EngineError

from . import client as http
from . import result_download
from .contract import FetchedPicture, Job, RemoteStatus, Submission, Watch
from .errors import BadAnswer, Refused
from .http_service import Patience, Service
from .picwish import FINISHED_HERE

SECONDS = 180.0
TAKES = FINISHED_HERE | {"background_path"}
# It works while we wait for the first byte of its answer.
PATIENCE = Patience(read=SECONDS, order=SECONDS)


class RemoveBackground:
    """The client of such a service; see contract.RemoteProvider.

    base_url: where "/v1/remove" begins; its service's own client writes it with the /v1, which is taken as
    well. name, title: in rows and for people. allowed: not needed, since nothing is fetched; taken for the
    sake of being made like the others.
    """

    tools = frozenset({"cutout"})
    seconds: Mapping[str, float] = {"cutout": SECONDS}

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        name: str = "removebackground",
        title: str = "Remove Background",
        allowed: Collection[str] = (),
        patience: Patience | None = None,
    ) -> None:
        self.name, self.title = name, title
        self.patience = patience or PATIENCE
        base_url = base_url.strip().rstrip("/").removesuffix("/v1")
        self.service = Service(base_url, key, title=title, allowed=allowed, patience=self.patience)

    def declines(self, job: Job) -> str:
        """Return why the service cannot do this job as it is asked for, "" if it can."""
        if job.tool not in self.tools:
            return f"{self.title} does not do this."
        asked = {name for name, value in job.options.items() if value not in (None, "", False, 0, [], ())}
        if unknown := sorted(asked - TAKES):
            return f"{self.title} cannot be told: {', '.join(unknown)}."
        return ""

    def submit(self, job: Job, key: str, watch: Watch) -> Submission:
        """Hand a job over and return its picture."""
        try:
            wanted = result_download.expect_result(job)
        except EngineError as exc:
            raise Refused(exc.state, str(exc)) from exc

        def remove(client: http.Client) -> http.Picture:
            return client.remove(
                job.source,
                format="png",
                channels="rgba",
                size="full",
                crop=False,
                idempotency_key=key,
                most_bytes=result_download.MOST_BYTES,
            )

        picture = self.service.ask(remove, seconds=self.patience.order, watch=watch, ordering=True)
        path = job.folder / "collected-1"
        path.write_bytes(picture.content)
        result_download.check_result(path, wanted, self.title)
        if not result_download.is_whole(path):
            raise BadAnswer(f"The picture of {self.title} came only in part. Try again later.")
        return Submission(pictures=(FetchedPicture(path),))

    def look(self, tool: str, remote_id: str) -> RemoteStatus:
        """There is nothing to look at: the answer to the order is the picture. Raises BadAnswer."""
        raise BadAnswer(f"{self.title} keeps no tasks. Try again.")

    def collect(self, job: Job, look: RemoteStatus, watch: Watch) -> tuple[FetchedPicture, ...]:
        """There is nothing to collect, as there is nothing to look at. Raises BadAnswer."""
        raise BadAnswer(f"{self.title} keeps no pictures. Try again.")

    def close(self) -> None:
        """Let go of connections."""
        self.service.close()
