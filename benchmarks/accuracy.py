"""How right the tagger is on annotated corpora: the table with targets and the best published figure beside it.

    python -m benchmarks.accuracy [--corpora FOLDER] [--errors N] [--kinds missed,spurious,…] [--write FOLDER] [CORPUS…]

The corpora are third-party texts and no part of this project; the folder is looked for at --corpora, then
TIMELINE_CORPORA, then ../shared/corpora. Its score.py does the counting. Each corpus is split in two by a hash of the
document's id: errors are only ever shown from the development half.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from timeline.temporal import languages
from timeline.temporal.jsonl import tag_line

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Corpus:
    """A file, what is to be reached on it (value, relaxed, strict F1) and the best published value F1."""

    name: str
    language: str
    targets: tuple[float | None, float | None, float | None]
    published: str
    skips_empty: bool = False
    types_only: bool = False


CORPORA = (
    Corpus("te3_timebank", "en", (88, 95, 92), "79.6 HeidelTime"),
    Corpus("te3_aquaint", "en", (79, 94, 87), "73.0 HeidelTime"),
    Corpus("tweets_modified_train", "en", (90, 95, 91), "87.4 SUTime (its test half)"),
    Corpus("wikiwars_en", "en", (88, 94, 87), "83.1 HeidelTime", skips_empty=True),
    Corpus("meantime_en", "en", (80, 90, 80), "–"),
    Corpus("snips_train", "en", (75, 88, 78), "–"),
    Corpus("peers_sutime", "en", (None, None, None), "–"),
    Corpus("krauts_de", "de", (80, 90, None), "67.1 HeidelTime"),
    Corpus("wikiwars_de", "de", (88, 93, None), "83.2 HeidelTime", skips_empty=True),
    Corpus("ftib_fr", "fr", (82, 92, None), "73.6 HeidelTime"),
    Corpus("tempeval2_es", "es", (88, 92, None), "85.3"),
    Corpus("hourglass_es", "es", (85, 94, None), "57.0"),
    Corpus("tempeval2_it", "it", (83, 90, None), "76.6"),
    Corpus("tempeval2_zh", "zh", (80, 90, None), "–"),
    Corpus("wikiwars_uk", "uk", (80, 90, None), "–", skips_empty=True),
    Corpus("esttimeml_et", "et", (75, 85, None), "–"),
    Corpus("xltime_pt", "pt", (None, 88, None), "–", types_only=True),
)
SPECIFICATION = "peers_recognizers_en"
KINDS = ("missed", "spurious", "extent", "type", "value")


def is_held_out(identity: str) -> bool:
    """Whether a document is in the half whose errors nobody reads."""
    return hashlib.sha256(identity.encode()).digest()[-1] % 2 == 1


def main() -> int:
    """Print the table; 2 when there are no corpora."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="*", help="names of corpora, all by default")
    parser.add_argument("--corpora", type=Path, default=None)
    parser.add_argument("--errors", type=int, default=0, help="list so many of each kind, development half only")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--write", type=Path, default=None, help="also write the predictions there")
    options = parser.parse_args()
    folder: Path = options.corpora or Path(os.environ.get("TIMELINE_CORPORA", PROJECT.parent / "shared" / "corpora"))
    if not (folder / "score.py").is_file():
        print(f"no corpora at {folder}: they are not part of the project; give --corpora or TIMELINE_CORPORA")
        return 2
    scorer = _scorer(folder / "score.py")
    chosen = [c for c in CORPORA if (c.name in options.corpus if options.corpus else c.language in languages())]
    print(f"{'':24}{'value F1':>18}{'relaxed F1':>18}{'strict F1':>18}{'held-out half':>22}{'lenient':>9}  published")
    print(f"{'':24}" + f"{'got  target':>18}" * 3 + f"{'val   rel   str':>22}")
    for corpus in chosen:
        _measure(corpus, folder, scorer, options)
    if not options.corpus or SPECIFICATION in options.corpus:
        _specification(folder / f"{SPECIFICATION}.jsonl", options.errors)
    return 0


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    sys.dont_write_bytecode = True
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def _measure(corpus: Corpus, folder: Path, scorer: ModuleType, options: argparse.Namespace) -> None:
    gold: dict[str, Any] = {}
    predicted: dict[str, Any] = {}
    written = []
    for line in _lines(folder / f"{corpus.name}.jsonl"):
        document = json.loads(line)
        document.setdefault("lang", corpus.language)
        gold[document["id"]] = document
        written.append(tag_line(json.dumps(document)))
        predicted[document["id"]] = json.loads(written[-1])
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        (options.write / f"{corpus.name}.jsonl").write_text("\n".join(written) + "\n", encoding="utf-8")
    halves = {held: {i: d for i, d in gold.items() if is_held_out(i) is held} for held in (False, True)}
    whole = scorer.score(gold, predicted, corpus.skips_empty)[0].scores()
    held = scorer.score(halves[True], predicted, corpus.skips_empty)[0].scores()
    print(_row(corpus, whole, held))
    if options.errors:
        *_, errors = scorer.score(halves[False], predicted, corpus.skips_empty)
        for kind in options.kinds.split(","):
            print(f"  == {kind}: {len(errors[kind])}")
            for identity, kind_of, wanted, got, context in errors[kind][: options.errors]:
                print(f"    {identity[:28]} {kind_of or ''} gold={wanted!r} got={got!r}  {context}")


def _row(corpus: Corpus, whole: Any, held: Any) -> str:
    def three(scores: Any) -> tuple[float, float, float]:
        return 100 * scores["value_F1"], 100 * scores["relaxed"]["F"], 100 * scores["strict"]["F"]

    cells = ""
    for index, (got, target) in enumerate(zip(three(whole), corpus.targets, strict=True)):
        shown = "–" if index == 0 and corpus.types_only else f"{got:.1f}"
        mark = "" if target is None else "✓" if got >= target else " "
        cells += f"{shown:>8} {mark:1}{'–' if target is None else target:>5}   "
    halves = " ".join(f"{value:5.1f}" for value in three(held))
    return f"{corpus.name:24}{cells}{halves:>22}{100 * whole['lenient_value_F1']:9.1f}  {corpus.published}"


def _specification(path: Path, errors: int) -> None:
    """The recogniser's specification: of its supported cases, those all of whose spans are found."""
    counts = {"cases": 0, "found": 0, "exact": 0, "silent": 0, "quiet": 0, "held": 0, "held_found": 0}
    missed: list[str] = []
    for line in _lines(path):
        case = json.loads(line)
        if "python" in {who.lower() for who in case["not_supported"] + case["not_supported_by_design"]}:
            continue
        spans = _spans(line)
        if not case["results"]:
            counts["silent"] += 1
            counts["quiet"] += not spans
            continue
        wanted = [(result["start"], result["end"]) for result in case["results"]]
        is_found = all(any(a < end and start < b for a, b in spans) for start, end in wanted)
        held = is_held_out(case["id"])
        counts["cases"] += 1
        counts["found"] += is_found
        counts["exact"] += all(span in spans for span in wanted)
        counts["held"] += held
        counts["held_found"] += held and is_found
        if not is_found and not held:
            missed.append(f"    {case['suite'][:24]:24} {case['text']!r}  {[r['text'] for r in case['results']]}")
    share, exact = (100 * counts[what] / counts["cases"] for what in ("found", "exact"))
    print(
        f"{path.stem}: {share:.1f} % of {counts['cases']} supported cases have their spans found (target 90), "
        f"held-out half {100 * counts['held_found'] / counts['held']:.1f} %; exactly so {exact:.1f} %; "
        f"{counts['quiet']} of {counts['silent']} cases without a time stay silent"
    )
    print("\n".join(missed[:errors]))


def _spans(line: str) -> set[tuple[int, int]]:
    fields = json.loads(line)
    fields["ref_time"] = fields.pop("ref", None)
    return {(timex["start"], timex["end"]) for timex in json.loads(tag_line(json.dumps(fields)))["timexes"]}


if __name__ == "__main__":
    sys.exit(main())
