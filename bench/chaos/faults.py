"""What befalls the studio, one after the other, in an order that a seed draws."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.store_gate import Mood

from .house import House, Part

# Seconds that a fault lasts, and that the studio is left alone after it.
LASTS, CALM = (8.0, 20.0), (2.0, 8.0)
LONG = 60.0  # for which the store refuses, once
FILLER = "filler"


@dataclass(frozen=True)
class Fault:
    """One kind of trouble. befall: a context in which it lasts; sudden: it is over as soon as it was done."""

    name: str
    befall: Callable[[House, random.Random], object]
    sudden: bool = False


def kill(choose: Callable[[House], list[Part]]) -> Callable[[House, random.Random], object]:
    @contextmanager
    def killed(house: House, chance: random.Random) -> Iterator[None]:
        chance.choice(choose(house)).kill()
        yield

    return killed


@contextmanager
def postgres_away(house: House, chance: random.Random) -> Iterator[None]:
    house.postgres.stop()
    yield
    house.postgres.start()


@contextmanager
def redis_away(house: House, chance: random.Random) -> Iterator[None]:
    house.redis.stop()
    yield
    house.redis.start()


def store_is(mood: Mood) -> Callable[[House, random.Random], object]:
    @contextmanager
    def moody(house: House, chance: random.Random) -> Iterator[None]:
        house.gate.mood = mood
        yield
        house.gate.mood = Mood.WELL

    return moody


def fill(folder: Path) -> None:
    """Take what room is left there."""
    with (folder / FILLER).open("ab") as file:
        while room := os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize:
            os.posix_fallocate(file.fileno(), file.tell(), min(room, 1 << 20))
            file.seek(0, os.SEEK_END)


@contextmanager
def scratch_full(house: House, chance: random.Random) -> Iterator[None]:
    assert house.scratch is not None
    with full(house.scratch):
        yield


@contextmanager
def database_full(house: House, chance: random.Random) -> Iterator[None]:
    """PostgreSQL may end of it, and is started again then, as its supervisor does."""
    assert house.database is not None
    with full(house.database):
        yield
    time.sleep(1.0)
    if house.postgres.process.poll() is not None:
        house.postgres.start()


@contextmanager
def full(folder: Path) -> Iterator[None]:
    stop = threading.Event()

    def keep_full() -> None:
        while not stop.is_set():
            with suppress(OSError):
                fill(folder)
            stop.wait(0.2)

    keeper = threading.Thread(target=keep_full, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
        (folder / FILLER).unlink(missing_ok=True)


@contextmanager
def cable_pulled(house: House, chance: random.Random) -> Iterator[None]:
    assert house.cable is not None
    house.cable.pull()
    yield
    house.cable.plug()


def list_faults(house: House) -> list[Fault]:
    """Return all kinds that this machine can make."""
    faults = [
        Fault("worker killed with -9", kill(lambda house: house.workers), sudden=True),
        Fault("web process killed with -9", kill(lambda house: house.web), sudden=True),
        Fault("upkeep killed with -9", kill(lambda house: house.upkeep), sudden=True),
        Fault("PostgreSQL restarted", postgres_away),
        Fault("Redis restarted, empty", redis_away),
        Fault("store refuses connections", store_is(Mood.REFUSED)),
        Fault("store answers 503", store_is(Mood.UNAVAILABLE)),
        Fault("store is slow", store_is(Mood.SLOW)),
        Fault("store's sums are wrong", store_is(Mood.DAMAGED)),
    ]
    if house.scratch is not None:
        faults.append(Fault("a worker's disk full", scratch_full))
    if house.database is not None:
        faults.append(Fault("the database's disk full", database_full))
    if house.cable is not None:
        faults.append(Fault("a worker's network cut", cable_pulled))
    return faults


class Fate(threading.Thread):
    """Has the faults befall the studio until an end: each kind once, in the seed's order, and then again.

    Meanwhile workers are killed all the time. What it could not do it keeps in `failed`.
    """

    def __init__(self, house: House, seed: int, end: float) -> None:
        super().__init__(name="fate", daemon=True)
        self.house, self.end, self.chance = house, end, random.Random(seed)
        self.told: Counter[str] = Counter()
        self.failed: list[str] = []

    def run(self) -> None:
        line: list[Fault] = []
        long = True
        while True:
            if not line:
                line = list_faults(self.house)
                self.chance.shuffle(line)
            fault = line.pop()
            seconds = 0.0 if fault.sudden else self.chance.uniform(*LASTS)
            if long and fault.name == "store refuses connections":
                seconds, long = LONG, False
            if time.monotonic() + seconds >= self.end:
                return
            self.say(f"{fault.name}{f', {seconds:.0f} s' if seconds else ''}")
            self.told[fault.name] += 1
            try:
                with fault.befall(self.house, self.chance):  # type: ignore[attr-defined]
                    self.pass_time(seconds)
            except Exception as exc:  # noqa: BLE001 (told at the end)
                self.failed.append(f"{fault.name}: {exc!r}")
            self.pass_time(self.chance.uniform(*CALM))

    def pass_time(self, seconds: float) -> None:
        """Let time go by; in each longer one somebody is killed at some moment."""
        moment = self.chance.uniform(0, seconds)
        time.sleep(moment)
        if seconds > CALM[1]:
            victim = self.chance.choice([*self.house.workers, self.chance.choice(self.house.web)])
            victim.kill()
            self.told[f"{victim.name.split()[0].replace('web', 'web process')} killed with -9"] += 1
        time.sleep(seconds - moment)

    def say(self, words: str) -> None:
        print(f"  {time.strftime('%H:%M:%S')}  {words}", flush=True)
