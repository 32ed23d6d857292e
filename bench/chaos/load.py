"""People and programs who go on ordering whatever befalls the studio, and who note what they were told."""

import random
import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO

import httpx
import skimage.data
from PIL import Image

from tests.end_to_end.installation import csrf_token

from .house import SIDE, House

VISUAL = "/api/tasks/visual/"
PATIENCE = 240.0  # seconds for which somebody tries the same call again
AGAIN = frozenset({429, 500, 502, 503, 504, 507})
REAL = 80  # one photo in so many is real work


def make_photo(chance: random.Random) -> bytes:
    """Return a photo unlike all others: a small one, or now and then one that is cut out in earnest."""
    buffer = BytesIO()
    if chance.randrange(REAL):
        colour = tuple(chance.randrange(256) for _ in range(3))
        Image.new("RGB", (chance.randrange(40, 60), chance.randrange(40, 60)), colour).save(buffer, "JPEG")
    else:
        side = chance.randrange(SIDE + 10, SIDE + 60)
        Image.fromarray(skimage.data.coffee()[60:360, 150:450]).resize((side, side)).save(buffer, "JPEG")
    return buffer.getvalue()


@dataclass
class Notes:
    """What was told to those who ordered. keys: of programs' orders that were taken; photos: of people's.

    broken: what was said with HTTP 500: one family of addresses has that for all that is not to be had.
    """

    keys: set[str] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, answer: httpx.Response) -> None:
        self.told[f"HTTP {answer.status_code}"] += 1
        if answer.status_code == 500:
            place = re.sub(r"[0-9a-f-]{36}", "…", answer.request.url.path)
            self.broken[f"{answer.request.method} {place}: {' '.join(answer.text.split())[:160]}"] += 1


class Caller(threading.Thread):
    """Somebody with a client of their own, who orders one thing after the other until an end."""

    def __init__(self, house: House, notes: Notes, seed: int, end: float, pause: float) -> None:
        super().__init__(daemon=True)
        self.house, self.notes, self.end, self.pause = house, notes, end, pause
        self.chance = random.Random(seed)
        self.http = httpx.Client(base_url=house.url, timeout=60)

    def run(self) -> None:
        while time.monotonic() < self.end:
            try:
                self.call_once()
            except httpx.TransportError as exc:
                self.notes.told[type(exc).__name__] += 1
            except Exception as exc:  # noqa: BLE001 (told at the end)
                self.notes.wrong.append(f"{type(self).__name__}: {exc!r}")
            time.sleep(self.chance.uniform(0, 2 * self.pause))

    def call_once(self) -> None:
        raise NotImplementedError

    def insist(self, method: str, path: str, **options: object) -> httpx.Response | None:
        """Make a call until it is answered as one that was understood. None where nobody did in time."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self.http.request(method, path, **options)  # type: ignore[arg-type]
            except httpx.TransportError as exc:
                self.notes.told[type(exc).__name__] += 1
            else:
                self.notes.note(answer)
                if answer.status_code not in AGAIN:
                    return answer
            time.sleep(self.chance.uniform(0.3, 1.5))
        return None


class Program(Caller):
    """A program that orders through all dialects, each call with a key, so that it can be sent again."""

    def __init__(self, key: str, *rest: object) -> None:
        super().__init__(*rest)  # type: ignore[arg-type]
        self.http.headers["X-API-KEY"] = key

    def call_once(self) -> None:
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        photo = make_photo(self.chance)
        if self.chance.random() < 0.5:
            self.order_and_ask(key, photo)
        else:
            path, fields = self.chance.choice(
                [
                    ("/v1.0/removebg", {"size": "auto"}),
                    ("/v1/remove", {}),
                    ("/v1/segment", {}),
                    (f"{VISUAL}segmentation", {"sync": "1"}),
                ]
            )
            self.order_and_wait(key, photo, path, fields)

    def order_and_wait(self, key: str, photo: bytes, path: str, fields: dict[str, str]) -> None:
        answer = self.insist(
            "POST",
            path,
            headers={"Idempotency-Key": key},
            data=fields,
            files={"image_file": ("photo.jpg", photo)},
        )
        if answer is not None and answer.status_code == 200:
            self.notes.keys.add(key)

    def order_and_ask(self, key: str, photo: bytes) -> None:
        answer = self.insist(
            "POST",
            f"{VISUAL}segmentation",
            headers={"Idempotency-Key": key},
            data={"sync": "0"},
            files={"image_file": ("photo.jpg", photo)},
        )
        if answer is None or answer.status_code != 200:
            return
        self.notes.keys.add(key)
        task = answer.json()["data"]["task_id"]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            told = self.insist("GET", f"{VISUAL}segmentation/{task}")
            if told is None or told.status_code != 200:
                self.notes.wrong.append(f"task {task} cannot be asked for: {told and told.text[:200]}")
                return
            data = told.json()["data"]
            if data["state"] == 1:
                self.fetch(data["image"])
                return
            if data["state"] < 0:
                return
            time.sleep(0.3)

    def fetch(self, address: str) -> None:
        picture = self.insist("GET", httpx.URL(address).raw_path.decode())
        if picture is None:
            self.notes.told["a picture not to be had in time"] += 1
        elif picture.status_code == 200:
            Image.open(BytesIO(picture.content)).load()
        else:
            self.notes.wrong.append(f"a picture of a task that is done: HTTP {picture.status_code}")


class Person(Caller):
    """Somebody at the page: uploads, erases, cancels, deletes, has pictures packed."""

    def __init__(self, email: str, password: str, *rest: object) -> None:
        super().__init__(*rest)  # type: ignore[arg-type]
        self.http.follow_redirects = True
        self.http.get("/account/sign-in/")
        token = {"csrfmiddlewaretoken": csrf_token(self.http)}
        self.http.post("/account/sign-in/", data={"username": email, "password": password, **token})
        self.http.headers.update({"X-CSRFToken": csrf_token(self.http), "Referer": self.house.url})
        self.http.headers["X-Requested-With"] = "fetch"
        self.own: list[str] = []

    def call_once(self) -> None:
        act = self.chance.choices(
            (self.upload, self.cut_again, self.erase, self.cancel, self.delete, self.pack),
            (60, 10, 10, 8, 7, 5),
        )[0]
        if not self.own:
            act = self.upload
        act()

    def post(self, path: str, **options: object) -> httpx.Response:
        answer = self.http.post(path, **options)  # type: ignore[arg-type]
        self.notes.note(answer)
        return answer

    def upload(self) -> None:
        files = {"photo": ("photo.jpg", make_photo(self.chance), "image/jpeg")}
        answer = self.post("/editor/photos/", files=files, data={"tool": "cutout"})
        if answer.status_code == 201:
            self.own.append(answer.headers["X-Photo"])
            self.notes.photos.add(answer.headers["X-Photo"])

    def cut_again(self) -> None:
        self.post(f"/editor/photos/{self.chance.choice(self.own)}/cutout/")

    def erase(self) -> None:
        mask = '[{"x": 2, "y": 2, "width": 9, "height": 9}]'
        self.post(f"/editor/photos/{self.chance.choice(self.own)}/erase/", data={"rectangles": mask})

    def cancel(self) -> None:
        page = self.http.get(f"/editor/photos/{self.own[-1]}/")
        self.notes.note(page)
        for task in set(re.findall(r"/editor/tasks/([0-9a-f-]{36})/cancel/", page.text)):
            self.post(f"/editor/tasks/{task}/cancel/")

    def delete(self) -> None:
        photo = self.own.pop(self.chance.randrange(len(self.own)))
        # Whatever is answered: it may have been done.
        self.notes.deleted.add(photo)
        self.post(f"/editor/photos/{photo}/delete/")

    def pack(self) -> None:
        self.notes.note(self.http.get("/gallery/zip/"))
