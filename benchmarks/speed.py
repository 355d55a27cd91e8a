"""How fast the tagger is: news, growth with length, hostile texts, more rules, start-up, beside dateparser's search.

    python -m benchmarks.speed [--corpora FOLDER]

CPU time of this process, one core. Where the corpora are missing, news is made up from the seeds' sentences.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from timeline.temporal import dateparsing, extract, extraction, packs

PROJECT = Path(__file__).resolve().parents[1]
DCT = date(2024, 3, 15)
HOSTILE = {
    "the the the": "the ",
    "one one one": "one ",
    "one-one-": "one-",
    "1,1,1,1": "1,",
    "1.1.1.1": "1.",
    "12345678": "12345678",
    "May May May": "May ",
    "jan. 1, jan. 1,": "jan. 1, ",
    "last last": "last ",
    "twenty-five-": "twenty-five-",
    "a (no space)": "a",
    "12:12:12:12": "12:",
    "from March to": "from March to ",
    "blank lines": "\n\n",
    "ago ago": "years ago ",
    "'''''": "'",
}


def main() -> int:
    """Print every figure; nothing is asserted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=None)
    options = parser.parse_args()
    folder: Path = options.corpora or Path(os.environ.get("TIMELINE_CORPORA", PROJECT.parent / "shared" / "corpora"))
    texts = _news(folder)
    _start_up()
    pace = _throughput(texts)
    _search(texts, pace)
    _growth("\n\n".join(texts))
    _hostile()
    _more_rules(texts)
    return 0


def _news(folder: Path) -> list[str]:
    path = folder / "te3_timebank.jsonl"
    if path.is_file():
        return [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    print(f"no corpora at {folder} (they are no part of the project): measuring on the gold texts of the tests")
    return [path.read_text("utf-8") for path in sorted((PROJECT / "tests" / "gold").glob("en_*.txt"))]


def _cpu(work: Callable[[], object], repeats: int = 1) -> float:
    """The best CPU time of a piece of work, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def _start_up() -> None:
    def python(code: str) -> float:
        return min(_wall([sys.executable, "-c", code]) for _ in range(3))

    bare = python("pass")
    print(f"import timeline             {1000 * (python('import timeline') - bare):7.0f} ms   (target 100)")
    print(f"import the tagger           {1000 * (python('from timeline import extract') - bare):7.0f} ms")
    text = (packs.FOLDER / "en.toml").read_text("utf-8")
    print(f"English pack compiled       {1000 * _cpu(lambda: packs.compile_pack(text), 3):7.0f} ms   (target 300)")


def _wall(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, cwd=PROJECT)
    return time.perf_counter() - begun


def _throughput(texts: list[str]) -> float:
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    found = sum(len(extract(text, DCT)) for text in texts)  # also warms the memos
    dateparsing.tally.clear()
    seconds = _cpu(lambda: [extract(text, DCT) for text in texts], 5)
    pace = megabytes / seconds
    asked, answered = dateparsing.tally["asked"] / 5, dateparsing.tally["answered"] / 5
    print(
        f"news                        {pace:7.2f} MB/s (target 1, gate 1.5) over {megabytes:.2f} MB, {found} mentions"
    )
    print(
        f"values through dateparser   {100 * answered / found:7.1f} % of mentions ({answered:.0f}; {asked:.0f} asked)"
    )
    return pace


def _search(texts: list[str], pace: float) -> None:
    from dateparser.search import search_dates

    sample: list[str] = []
    while sum(map(len, sample)) < 6000 and len(sample) < len(texts):
        sample.append(texts[len(sample)])
    search_dates("warm up, 5 May 2020", languages=["en"])
    seconds = _cpu(lambda: [search_dates(text, languages=["en"]) for text in sample])
    theirs = sum(len(text.encode()) for text in sample) / 1e6 / seconds
    print(f"dateparser.search_dates     {theirs:7.3f} MB/s: we are {pace / theirs:.0f} times as fast (target 20)")


def _growth(text: str) -> None:
    one = (text * (1_000_000 // len(text) + 1))[:1_000_000]
    twenty = one * 20
    extract(one, DCT)
    around = [_cpu(lambda: extract(one, DCT)) for _ in range(4)]
    seconds = _cpu(lambda: extract(twenty, DCT))
    around += [_cpu(lambda: extract(one, DCT)) for _ in range(4)]  # before and after: a shared machine changes pace
    base = statistics.median(around)
    print(f"20 MB against 20 × 1 MB     {seconds / (20 * base):7.2f}      (target 1.1); 1 MB takes {base:.2f} s")


def _hostile() -> None:
    print("hostile texts: seconds for 100,000 and 1,000,000 characters, and their ratio (10 is linear)")
    for name, piece in HOSTILE.items():
        small, large = (piece * (size // len(piece) + 1) for size in (100_000, 1_000_000))
        first = _cpu(lambda text=small: extract(text[:100_000], DCT), 3)
        second = _cpu(lambda text=large: extract(text[:1_000_000], DCT))
        print(f"  {name:20} {first:7.3f} {second:8.2f} {second / max(first, 1e-6):7.1f}")


def _more_rules(texts: list[str]) -> None:
    text = (packs.FOLDER / "en.toml").read_text("utf-8")
    added = "".join(
        f'\n[[rule]]\nname = "added-{index}"\npattern = ["{pattern} zzz{index}"]\nmeaning = "span"\n'
        for index, pattern in zip(
            range(100),
            ["{number} {unit}", "the {ordinal} {unit}", "{month} {dd}", "{weekday} {part}"] * 25,
            strict=True,
        )
    )
    plain, more = packs.compile_pack(text), packs.compile_pack(text + added)
    best = {}
    for _ in range(8):  # interleaved, because the machine is shared
        for name, pack in (("plain", plain), ("more", more)):
            seconds = _cpu(lambda pack=pack: [extraction.find(text, pack, DCT) for text in texts])
            best[name] = min(best.get(name, seconds), seconds)
    print(f"100 more rules              {100 * (best['more'] / best['plain'] - 1):+7.1f} %    (target under 5)")


if __name__ == "__main__":
    sys.exit(main())
