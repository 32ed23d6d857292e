"""A grown studio under steady load while its parts are killed, cut off and filled up; then its books.

    python -m bench.chaos [--minutes N] [--seed N] [--keep FOLDER]

Starts PostgreSQL, Redis and an S3 store on loopback, two web processes behind a balancer, three workers and
two upkeeps, from settings alone. Programs order through all dialects and people at the page, with an engine
that sleeps, and now and then a real cutout. Meanwhile, in an order that the seed draws, workers, web
processes and upkeep are killed with -9, PostgreSQL and Redis restarted, the store refuses, answers 503, is
slow and damages what comes of it, disks are full, and one worker's network is cut; another's clock is an
hour off all the time. Once nothing is under way, every order must have one outcome, the ledger add up, no
file be without a row and no row without its file. Prints orders, faults, lost and doubled, and fails unless
both are 0. As root it makes file systems and a network of its own, which go with it; what this machine
cannot make it says.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from . import books
from .faults import Fate
from .house import House, build
from .load import Caller, Notes, Person, Program

PROGRAMS, PEOPLE = 3, 2
# Mean seconds between two calls of one of them.
PAUSE = 0.35
CALM = 420.0  # seconds in which all must have ended
INSIDE = "SWEEP_CHAOS_INSIDE"


def stand_apart() -> None:
    """Go on in a space of mounts of our own, so that none is left behind. Needs root; without it, stay."""
    if os.geteuid() != 0 or INSIDE in os.environ:
        return
    os.environ[INSIDE] = "1"
    again = [sys.executable, "-m", "bench.chaos", *sys.argv[1:]]
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", *again])  # noqa: S606


def hire(house: House, notes: Notes, seed: int, end: float) -> list[Caller]:
    """Return those who will order."""
    callers: list[Caller] = []
    for number in range(PROGRAMS + PEOPLE):
        email = f"{'program' if number < PROGRAMS else 'person'}-{number}@example.com"
        password = house.studio.add_person(email)
        house.studio.manage("grant", email, "1000000")
        rest = (house, notes, seed + number, end, PAUSE)
        if number < PROGRAMS:
            key = house.studio.manage("createkey", email, "--qps", "1000").split()[-1]
            callers.append(Program(key, *rest))
        else:
            callers.append(Person(email, password, *rest))
    return callers


def report(house: House, notes: Notes, fate: Fate, told: dict[str, object]) -> bool:
    """Print it all. Return whether all is well."""
    print(f"\n{told['orders']} orders, {told['again']} of them begun more than once")
    print("  states:   " + ", ".join(f"{count} {name}" for name, count in sorted(told["states"].items())))  # type: ignore[attr-defined]
    for message, count in told["messages"].items():  # type: ignore[attr-defined]
        print(f"    {count} failed: {message or '(no words)'}")
    print("  answers:  " + ", ".join(f"{count} × {name}" for name, count in sorted(notes.told.items())))
    for words, count in sorted(notes.broken.items()):
        print(f"    {count} × HTTP 500 of {words}")
    print(f"{sum(fate.told.values())} faults, and one worker's clock an hour off")
    for name, count in sorted(fate.told.items()):
        print(f"  {count:3d}  {name}")
    for words in house.skipped:
        print(f"  SKIPPED: {words}")
    bad = {name: told[name] for name in (*books.LOST, *books.DOUBLED, "orders_forgotten", "photos_forgotten")}
    for name in ("orphans", "accounts_that_do_not_add_up"):
        bad[name] = told[name]
    for name, rows in bad.items():
        if rows:
            print(f"  {name.replace('_', ' ')}: {len(rows)}, such as {rows[:3]}")  # type: ignore[arg-type, index]
    for words in [*fate.failed, *notes.wrong][:20]:
        print(f"  WRONG: {words}")
    print(f"orphaned files after upkeep {len(told['orphans'])}, rows without a file {len(told['missing'])}")  # type: ignore[arg-type]
    print(f"lost {told['lost']}, doubled {told['doubled']}")
    return not any(bad.values()) and not fate.failed and not notes.wrong and told["doubled"] == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--speed", type=float, default=0.05, help="seconds that the stub engine sleeps")
    parser.add_argument("--keep", type=Path, help="where the logs are to be; else they go with it")
    asked = parser.parse_args()
    stand_apart()
    with tempfile.TemporaryDirectory(prefix="chaos-") as scratch:
        Path(scratch).chmod(0o711)  # PostgreSQL, which does not run as root, has its folder within
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with build(folder.resolve(), asked.speed) as house:
            for words in house.skipped:
                print(f"SKIPPED: {words}", flush=True)
            end = time.monotonic() + 60 * asked.minutes
            notes = Notes()
            callers = hire(house, notes, asked.seed, end)
            fate = Fate(house, asked.seed, end)
            print(f"{asked.minutes:g} minutes, seed {asked.seed}", flush=True)
            for one in (*callers, fate):
                one.start()
            for one in (fate, *callers):
                one.join()
            left = books.wait_for_calm(house, CALM)
            print(f"  {time.strftime('%H:%M:%S')}  calm; {left} under way", flush=True)
            told = books.audit(house, notes)
            well = report(house, notes, fate, told)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
