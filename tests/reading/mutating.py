"""Documents of every kind, damaged at random, and read: each is read or refused with a reason, within the limits.

    python -m tests.reading.mutating [--count N] [--seed N] [--one KIND NUMBER]

Reads in processes of their own, as the worker does; prints what became of them, and every mutation that did what
none may do. `--one` reads a single one again in this process.
"""

import argparse
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tests.reading import making
from timeline.errors import UnreadableError
from timeline.model import Extraction, Hints
from timeline.pipeline import ingest
from timeline.reading import warm_up

FILES = Path(__file__).parent / "files"
FILED = Hints(file_time=datetime(2026, 11, 25, 12, 0))  # noqa: DTZ001  file times are local
MADE = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001
SAID = (
    "The council met on 6 November 2025 for the first time since 2019.",
    "Three days ago it was told that work begun in the spring of 2024 would end next month.",
)
MEMORY = 2048 << 20  # bytes, as a worker's child has
SECONDS = 20  # a document may take; the worker allows 120
NUMBERS = (b"0", b"-1", b"65536", b"4294967295", b"99999999999999999999")
TALL = 4096  # bytes of the longest stretch that is cut, doubled or filled


def originals() -> Mapping[str, bytes]:
    """A small sound document of each kind, by file name."""
    text = "\n\n".join(SAID)
    page = making.page(f"<p>{SAID[0]}</p><p>{SAID[1]}</p>", title="Council", lang="en")
    mail = making.mail(SAID[0], attachments={"a.txt": SAID[1].encode()})
    return {
        "notes.txt": text.encode(),
        "notes.md": f"---\ndate: 2024-03-15\ntitle: Council\n---\n# Council\n\n{text}\n".encode(),
        "wide.txt": text.encode("utf-16"),
        "table.csv": f'when,what\n2024-03-15,"{SAID[0]}"\n2024-03-16,"{SAID[1]}"\n'.encode(),
        "film.srt": "".join(
            f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{said}\n\n" for n, said in enumerate(SAID, start=1)
        ).encode(),
        "chat.txt": f"[15/03/2024, 09:00:01] Ada: {SAID[0]}\n[15/03/2024, 09:01:12] Ben: {SAID[1]}\n".encode(),
        "page.html": page,
        "page.mht": making.saved_page(page, saved="Fri, 15 Mar 2024 09:00:00 +0000"),
        "letter.eml": mail,
        "letters.mbox": making.mailbox([mail, mail]),
        "letter.msg": making.outlook(text, subject="Council", sent=MADE),
        "report.pdf": making.pdf([SAID], created="D:20240315090000", title="Council"),
        "report.docx": making.word(SAID, created=MADE, title="Council"),
        "costs.xlsx": making.workbook([("when", "what"), (MADE, SAID[0])], created=MADE),
        "talk.pptx": making.slides([("Council", SAID[0])], created=MADE),
        "book.epub": making.book(SAID, date="2024-03-15", title="Council"),
        "memo.rtf": making.rich_text(SAID, created=MADE),
        "costs.ods": (FILES / "costs.ods").read_bytes(),
        "costs.xls": (FILES / "costs.xls").read_bytes(),
        "all.zip": making.zipped({"a.txt": SAID[0].encode(), "b.eml": mail}),
        "all.tar": making.tarred({"a.txt": SAID[0].encode(), "b.html": page}),
    }


def damaged(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The same with one to five things wrong; in a package, half the time within a part that is packed again."""
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.5:
        return _repacked(data, others, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        data = chance.choice(WAYS)(data, others, chance)
    return data


def _repacked(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fresh:
        names = package.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = package.read(name)
            if name == chosen:
                part = chance.choice(WAYS)(part, others, chance)
            fresh.writestr(name, part)
    return out.getvalue()


def _place(data: bytes, chance: random.Random) -> tuple[int, int]:
    """A stretch of it, mostly short."""
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 256, TALL)))


def _flip(data: bytes, _others: Sequence[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data or b"x")
    for _ in range(chance.choice((1, 1, 4, 32))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _fill(data: bytes, _others: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + chance.choice((b"\0", b"\xff", b"<", b"(", b" ", b"9")) * (end - start) + data[end:]


def _cut(data: bytes, _others: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + data[end:]


def _double(data: bytes, _others: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _end(data: bytes, _others: Sequence[bytes], chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _splice(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    other = chance.choice(others)
    theirs, until = _place(other, chance)
    return data[:start] + other[theirs:until] + data[end:]


def _renumber(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    places = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return _flip(data, others, chance)
    place = chance.choice(places)
    return data[:place] + chance.choice(NUMBERS) + data[place + 1 :]


WAYS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip,
    _fill,
    _cut,
    _double,
    _end,
    _splice,
    _renumber,
)


def read_one(kind: str, number: int, found: Mapping[str, bytes]) -> str:
    """One mutation, known by its number: "read", "refused", or what it did that none may."""
    chance = random.Random(f"{kind}{number}")  # noqa: S311 - repeatable, not secret
    data = damaged(found[kind], list(found.values()), chance)
    signal.alarm(SECONDS)
    try:
        extraction = ingest(data, kind, FILED)
    except UnreadableError as error:
        return "refused" if str(error) and len(str(error)) < 2000 else f"refused without a reason: {error!r:.200}"
    except MemoryError:
        return "out of memory, said so"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return f"{type(error).__name__}: {error!s:.200}"
    finally:
        signal.alarm(0)
    return "read" if _is_sound(extraction) else "unsound offsets"


def _is_sound(extraction: Extraction) -> bool:
    text = extraction.document.text
    return all(text[mention.start : mention.end] == mention.text for mention in extraction.mentions)


def _too_slow(_number: int, _frame: object) -> None:
    raise TimeoutError(f"longer than {SECONDS} s")


def _read_many(start: int, stop: int, step: int) -> None:
    """A reading process: says each number before it reads and what became of it after."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_slow)
    warm_up()
    found = originals()
    kinds = list(found)
    for number in range(start, stop, step):
        kind = kinds[number // step % len(kinds)]
        print(json.dumps([number, kind, None]), flush=True)
        print(json.dumps([number, kind, read_one(kind, number, found)]), flush=True)


# A parser that asks for more memory than there is ends its process: the worker tells, and gives the document up.
ABORTED = "no memory, process and all"


def read_all(seed: int, count: int, processes: int) -> tuple[Counter[str], list[str]]:
    """Reads so many mutations; returns what became of them, and those that did what none may."""
    first = seed * 1_000_000
    outcomes: Counter[str] = Counter()
    bad: list[str] = []
    with tempfile.TemporaryDirectory() as aside:
        started = [
            (place, _start(first + place, first + count, processes, Path(aside) / str(place)))
            for place in range(processes)
        ]
        while started:
            place, process = started.pop(0)
            process.wait()
            lines = [json.loads(line) for line in (Path(aside) / str(place)).read_text().splitlines()]
            for number, kind, outcome in lines:
                if outcome in {"read", "refused", "out of memory, said so"}:
                    outcomes[outcome] += 1
                elif outcome is not None:
                    bad.append(f"{kind} {number}: {outcome}")
            if process.returncode:  # it died of the last one: the others go on, as they do in a worker
                number, kind, _ = lines[-1] if lines else (first + place - processes, "nothing", None)
                if process.returncode == -signal.SIGABRT and b"memory allocation of" in _last_words(
                    Path(aside) / str(place)
                ):
                    outcomes[ABORTED] += 1
                else:
                    bad.append(f"{kind} {number}: the process died ({process.returncode})")
                again = _start(number + processes, first + count, processes, Path(aside) / str(place))
                started.append((place, again))
    return outcomes, bad


def _start(start: int, stop: int, step: int, said: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.reading.mutating", "--share", str(start), str(stop), str(step)]
    with said.open("wb") as output, said.with_suffix(".err").open("wb") as errors:
        return subprocess.Popen(command, stdout=output, stderr=errors)


def _last_words(said: Path) -> bytes:
    return said.with_suffix(".err").read_bytes()[-4000:]


def main() -> int:
    """Reads; 1 when something did what none may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--one", nargs=2, metavar=("KIND", "NUMBER"))
    parser.add_argument("--share", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.share:
        _read_many(*options.share)
        return 0
    if options.one:
        print(read_one(options.one[0], int(options.one[1]), originals()))
        return 0
    began = time.monotonic()
    outcomes, bad = read_all(options.seed, options.count, options.processes)
    print(f"{outcomes.total()} read or refused in {time.monotonic() - began:.0f} s: {dict(outcomes)}")
    print("\n".join(bad) or "nothing else")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
