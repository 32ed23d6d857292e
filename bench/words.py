"""Scenes in words: how many of the words that are asked for most a picture shows, nothing rendered.

    python -m bench.words [--seeds 3] [--all]

Each word or phrase of bench/words.txt is read by itself as a prompt. It is shown as said, shown as something
near that the account names, understood and not shown, or not understood; the worst of the seeds counts.
Printed are the words that are not shown as said (with --all: all of them), and the table. 1 where a mark is
missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from editor.engines.errors import EngineError
from editor.engines.scenes import prompt

LIST = Path(__file__).with_name("words.txt")
SHOWN, NEAR, HIDDEN, UNKNOWN = "shown as said", "shown as something near", "not shown", "not understood"
MOST_HIDDEN, LEAST_SHOWN = 3.0, 90.0
"""Percent that are understood and not shown, and that are shown as said or nearly."""


def main() -> int:
    """Print the table; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    words = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found: dict[str, list[str]] = {kind: [] for kind in (SHOWN, NEAR, HIDDEN, UNKNOWN)}
    for word in words:
        kind, told = judge(word, asked.seeds)
        found[kind].append(f"{word}: {told}" if told else word)
    for kind, lines in found.items():
        if asked.all or kind != SHOWN:
            print(f"\n{kind}")
            for line in lines:
                print(f"  {line}")
    print()
    shares = {kind: 100 * len(lines) / len(words) for kind, lines in found.items()}
    for kind, lines in found.items():
        print(f"{kind:24} {len(lines):4} {shares[kind]:5.1f} %")
    there = shares[SHOWN] + shares[NEAR]
    hidden = shares[HIDDEN] >= MOST_HIDDEN
    print(f"understood and not shown: mark < {MOST_HIDDEN:g} %{'  MISSED' if hidden else ''}")
    missed = "  MISSED" if there < LEAST_SHOWN else ""
    print(f"shown, or nearly and said so: {there:.1f} %, mark {LEAST_SHOWN:g} %{missed}")
    return int(hidden or there < LEAST_SHOWN)


def judge(word: str, seeds: int) -> tuple[str, str]:
    """Return how far a word is shown at the worst of so many seeds, and what the account says of it."""
    try:
        understood = prompt.understand(word)
    except EngineError as error:
        return UNKNOWN, str(error)
    worst, told = SHOWN, ""
    for seed in range(seeds):
        account = understood.account(understood.plan(seed))
        if understood.missed:
            return UNKNOWN, ", ".join(understood.missed)
        if account.missing or not (account.shown or account.near):
            return HIDDEN, ", ".join(account.missing)
        if account.near:
            worst, told = NEAR, ", ".join(account.near)
    return worst, told


if __name__ == "__main__":
    sys.exit(main())
