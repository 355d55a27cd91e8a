"""What each run of the suite came to, and the table of it: python -m tests.faults.record FILE."""

import json
import os
import sys
from collections import Counter
from pathlib import Path

from tests.faults.rig import canonical


def note(fault: str, seed: int, undisturbed: str, data: Path, recovered: float, settled: float) -> None:
    """Compares a run with the undisturbed one, writes down what it came to, and fails when they differ."""
    found = canonical(data)
    lost, twice = _difference(undisturbed, found)
    print(
        f"{fault}, seed {seed}: lost {lost}, twice {twice}, on after {recovered:.1f} s, settled {settled:.1f} s later"
    )
    if path := os.environ.get("FAULT_RECORD"):
        row = {"fault": fault, "seed": seed, "lost": lost, "twice": twice, "same": found == undisturbed}
        with Path(path).open("a") as file:
            file.write(json.dumps({**row, "recovered": recovered, "settled": settled}) + "\n")
    assert (lost, twice) == (0, 0)
    assert found == undisturbed


def _difference(wanted: str, found: str) -> tuple[int, int]:
    """How many documents and events are missing, and how many are there that should not be (a second time, say)."""
    lost = twice = 0
    for ours, theirs in zip(json.loads(wanted)[:2], json.loads(found)[:2], strict=True):
        # The whole row: a document in another state is a lost one and one too many.
        before, after = (Counter(json.dumps(row) for row in rows) for rows in (ours, theirs))
        lost += (before - after).total()
        twice += (after - before).total()
    return lost, twice


def table(rows: list[dict[str, object]]) -> str:
    """The runs by fault, in Markdown."""
    lines = [
        "| fault | runs | lost | twice | work goes on after: median, longest | all settled after: median, longest |"
    ]
    lines.append("|---|---|---|---|---|---|")
    for fault in dict.fromkeys(str(row["fault"]) for row in rows):
        of = [row for row in rows if row["fault"] == fault]
        cells = [fault, len(of), sum(int(str(row["lost"])) for row in of), sum(int(str(row["twice"])) for row in of)]
        for kind in ("recovered", "settled"):
            took = sorted(float(str(row[kind])) for row in of)
            cells.append(f"{took[len(took) // 2]:.1f} s, {took[-1]:.1f} s")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]))
