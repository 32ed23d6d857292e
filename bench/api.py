"""The HTTP API: what each dialect adds to a cutout, how many polls it bears, and many who wait at once.

    python -m bench.api [--rounds N] [--seconds N] [--waiting N]

Starts a studio of its own on loopback with two workers. `around` is what HTTP, queue, database and
storage add to the cutout itself, which is measured in one warm process on the same photo, for a call of
each dialect from its first byte to the picture in hand, once with base64 both ways. Polls are sent by so many
connections as fast as they are answered, first to an idle studio, then while both workers are kept busy. Then
so many calls wait with sync=1 at once, and somebody opens a page.
"""

import argparse
import asyncio
import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import skimage.data
from PIL import Image

from editor.engines.tools import dispatch
from tests.end_to_end.installation import Studio

from .way import engine_seconds

VISUAL = "/api/tasks/visual/"
CONNECTIONS = 12


def photo(folder: Path, side: int) -> Path:
    """Write a photo as shops upload them."""
    picture = Image.fromarray(skimage.data.astronaut()).resize((side, side), Image.Resampling.LANCZOS)
    path = folder / f"astronaut-{side}.jpg"
    picture.save(path, quality=92)
    return path


class Program:
    """A client with a key of a pace that does not matter here."""

    def __init__(self, studio: Studio) -> None:
        studio.add_person("alice@example.com")
        studio.manage("grant", "alice@example.com", "1000000")
        self.key = studio.manage("createkey", "alice@example.com", "--qps", "1000").split()[-1]
        self.studio = studio
        self.http = httpx.Client(base_url=studio.url, headers={"X-API-KEY": self.key}, timeout=300)

    def cutout(self, content: bytes, **fields: str) -> dict[str, object]:
        answer = self.http.post(VISUAL + "segmentation", data=fields, files={"image_file": content})
        answer.raise_for_status()
        data: dict[str, object] = answer.json()["data"]
        return data


def list_calls(program: Program, content: bytes) -> dict[str, Callable[[], object]]:
    """Return one call of each dialect that answers with the whole cutout, as its clients make it."""

    def post(path: str, **options: Any) -> httpx.Response:
        answer = program.http.post(path, **options)
        answer.raise_for_status()
        return answer

    def task() -> object:
        data = program.cutout(content, sync="1")
        if data["state"] != 1:
            raise SystemExit(f"The cutout failed with state {data['state']}.")
        # What the answer has is the picture's address, as the studio is reached from outside.
        address = httpx.URL(str(data["image"])).raw_path.decode()
        return program.http.get(address).raise_for_status()

    def written() -> object:
        body = {"image_file_b64": base64.b64encode(content).decode(), "size": "auto"}
        told = post("/v1.0/removebg", json=body, headers={"Accept": "application/json"}).json()
        return base64.b64decode(told["data"]["result_b64"])

    files = {"image_file": content}
    return {
        "tasks, sync=1": task,
        "one call": lambda: post("/v1/remove", files=files),
        "remove.bg": lambda: post("/v1.0/removebg", files=files, data={"size": "auto"}),
        "remove.bg, base64": written,
        "Photoroom": lambda: post("/v1/segment", files=files),
    }


def overhead(program: Program, path: Path, rounds: int) -> None:
    """Print the seconds of each dialect's cutout, from call to picture, beside those of the engine alone.

    The dialects take turns, so that what else goes on here is none's own.
    """
    calls = list_calls(program, path.read_bytes())
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if number:  # the first one warms the connection and the worker
                taken[name].append(time.perf_counter() - started)
            time.sleep(0.2)
    engine = engine_seconds(path, rounds, copies=False)
    print(f"{path.stem:18s} engine {engine:.2f} s")
    for name, seconds in taken.items():
        whole = statistics.median(seconds)
        print(f"  {name:18s} whole call {whole:.2f} s, around {whole - engine:+.2f} s", flush=True)


async def poll(program: Program, task_id: str, seconds: float, times: list[float]) -> None:
    """Ask for a task over one connection, again and again, and note how long each answer took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", program.studio.port)
    path = f"{VISUAL}segmentation/{task_id}"
    request = f"GET {path} HTTP/1.1\r\nHost: studio\r\nX-API-KEY: {program.key}\r\n\r\n".encode()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        if b" 200 " not in head[:20]:
            raise SystemExit(head.decode())
        times.append(time.perf_counter() - started)
    writer.close()
    await writer.wait_closed()


def polls(program: Program, task_id: str, seconds: float, what: str) -> None:
    """Print how many polls are answered in a second, and how long they take."""
    times: list[float] = []

    async def all_connections() -> None:
        await asyncio.gather(*(poll(program, task_id, seconds, times) for _ in range(CONNECTIONS)))

    asyncio.run(all_connections())
    times.sort()
    middle, late = (1000 * times[int(share * len(times))] for share in (0.5, 0.95))
    rate = len(times) / seconds
    print(f"polls, {what:12s} {rate:6.0f} per second, median {middle:.1f} ms, p95 {late:.1f} ms", flush=True)


async def waiting(program: Program, content: bytes, number: int) -> None:
    """Print how so many calls with sync=1 fare at once, and how a page opens meanwhile."""
    limits = httpx.Limits(max_connections=number + 1)
    pages: list[float] = []
    async with httpx.AsyncClient(base_url=program.studio.url, timeout=400, limits=limits) as http:

        async def call() -> int:
            answer = await http.post(
                VISUAL + "segmentation",
                data={"sync": "1"},
                files={"image_file": content},
                headers={"X-API-KEY": program.key},
            )
            return int(json.loads(answer.content)["data"]["state"]) if answer.status_code == 200 else -1000

        started = time.perf_counter()
        calls = [asyncio.ensure_future(call()) for _ in range(number)]
        await asyncio.sleep(3)  # by then all are in, and most wait
        while not all(one.done() for one in calls):
            before = time.perf_counter()
            await http.get("/account/sign-in/")
            pages.append(time.perf_counter() - before)
            await asyncio.sleep(0.3)
        states = [one.result() for one in calls]
    seconds = time.perf_counter() - started
    page = 1000 * statistics.median(pages) if pages else 0.0
    print(
        f"{number} waiting calls: {sum(state != -1000 for state in states)} answered, "
        f"{states.count(1)} done, in {seconds:.0f} s; a page meanwhile {page:.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--waiting", type=int, default=200)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        small, large = (photo(Path(scratch), side) for side in (512, 1024))
        studio = Studio(Path(scratch) / "studio", workers=2)
        studio.start()
        try:
            program = Program(studio)
            dispatch.warm()
            for path in (small, large):
                overhead(program, path, args.rounds)
            task_id = str(program.cutout(small.read_bytes())["task_id"])
            time.sleep(3)
            polls(program, task_id, args.seconds, "idle")
            for _ in range(int(4 * args.seconds)):
                program.cutout(large.read_bytes())
            polls(program, task_id, args.seconds, "workers busy")
            while studio.rows("SELECT 1 FROM editor_task WHERE state = 0 OR state > 1 LIMIT 1"):
                time.sleep(0.5)
            asyncio.run(waiting(program, small.read_bytes(), args.waiting))
        finally:
            studio.stop()


if __name__ == "__main__":
    main()
