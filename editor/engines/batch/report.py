"""What a batch came to, for a terminal: a table by marketplace, then each that wants somebody's eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from editor.engines.catalogue.manifest import Line
from editor.engines.matting.confidence import SURE

VERDICTS = ("passed", "repaired", "not_met")


@dataclass
class Summary:
    """lines: as the manifest has them. objections: to rows of a table. doubles: names, and of which.

    kept: how many photos had been done before. confidences: of each photo that was cut out, by its name.
    """

    lines: list[Line] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    doubles: list[tuple[str, str]] = field(default_factory=list)
    kept: int = 0
    confidences: dict[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether a file came of every photo, and met all that it was checked for."""
        fits = all(line.file and line.verdict in VERDICTS[:2] for line in self.lines)
        return bool(self.lines) and fits and not self.objections


def write_table(summary: Summary) -> str:
    """Return the table of a batch."""
    counts = Counter((line.market or "files", line.verdict) for line in summary.lines if line.file)
    markets = list(dict.fromkeys(market for market, _ in counts))
    rows: list[Sequence[str]] = [("market", "files", "passed", "repaired", "not met")]
    for market in markets:
        numbers = [counts[market, verdict] for verdict in VERDICTS]
        rows.append((market, *(str(number) for number in (sum(numbers), *numbers))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = [
        "  ".join(
            cell.rjust(wide) if column else cell.ljust(wide)
            for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    done = {line.source for line in summary.lines if line.file}
    failed = [line for line in summary.lines if not line.file]
    table.append(
        f"{len(done)} done, {summary.kept} of them before; {len(failed)} failed; "
        f"{len(summary.doubles)} the same as another"
    )
    for line in summary.lines:
        for check in line.checks:
            if check["verdict"] == VERDICTS[2]:
                measured = f"{check['measured']}, asked {check['asked']}"
                table.append(f"not met  {line.file}: {check['key']} {measured}")
    table += [f"failed   {line.source}: {line.message}" for line in failed]
    table += [f"table    {objection}" for objection in summary.objections]
    table += [f"double   {name} has the bytes of {other}" for name, other in summary.doubles]
    doubtful = [(sure, name) for name, sure in summary.confidences.items() if sure < SURE]
    table += [f"look at  {name}: {sure:.0%} sure" for sure, name in sorted(doubtful)]
    return "\n".join(table)
