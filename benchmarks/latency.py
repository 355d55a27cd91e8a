"""How long a file takes from its arrival in the inbox to an open page: `python -m benchmarks.latency`.

Starts the real `timeline up` in a temporary folder and opens its page in Chromium. Each drop is one short document
with a sentence of its own. The clock runs from just before rename() (or the end of the copy) to the moment the open
page says that it has a new event: it has fetched and compared the changed page by then. A click on that note shows
the sentence, which is checked and not timed. With `--backlog N`, so many made-up articles are put into the inbox first,
and no browser takes part: the clock runs until the page of the year and the document's own say the sentence.
Prints a table; asserts nothing of speed.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import articles
from timeline.rendering.addresses import document_href, period_href
from timeline.store import Store
from timeline.store.registering import document_id

DROPS = 50
START_LIMIT = 30.0  # seconds
DROP_LIMIT = 15_000  # milliseconds
LOOK_EVERY = 10  # milliseconds between the page's own looks for the sentence: the error of the figures
# Seconds between drops: a person, not a burst (the page looks again at most every 1.5 s); uneven, so that no timer of
# ours keeps step with it.
BREATH = (1.6, 2.6)
# A headless browser in a container, which talks to nobody.
BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Dropper = Callable[[Path, Path], float]


def main() -> None:
    """Measure both ways of arriving and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--drops", type=int, default=DROPS)
    arguments.add_argument("--backlog", type=int, default=0, help="articles that are being read meanwhile")
    drops, backlog = (options := arguments.parse_args()).drops, options.backlog
    print(f"{'arrival':<10} {'drops':>5} {'median':>8} {'p95':>8} {'worst':>8}   (seconds)")
    with tempfile.TemporaryDirectory(prefix="timeline-latency-") as folder, running(Path(folder)) as (url, inbox):
        if backlog:
            articles.write(Path(folder) / "archive", backlog)
            (Path(folder) / "archive").rename(inbox / "archive")
            say("backlog", list(measure_amid(inbox, Path(folder) / "data", drops)))
            return
        for name, drop in (("rename", renamed), ("copy", copied)):
            say(name, list(measure(url, inbox, drop, drops, name)))


def say(name: str, figures: list[float]) -> None:
    """A line of the table."""
    figures.sort()
    p95 = figures[min(len(figures) - 1, round(0.95 * len(figures)))]
    print(f"{name:<10} {len(figures):>5} {statistics.median(figures):>8.2f} {p95:>8.2f} {figures[-1]:>8.2f}")


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, Path]]:
    """`timeline up` on folders of its own; ends with it."""
    inbox, data = folder / "inbox", folder / "data"
    command = [sys.executable, "-m", "timeline", "up", "--inbox", inbox, "--data", data, "--port", "0"]
    with (folder / "up.log").open("wb") as log:
        up = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log)
    try:
        yield wait_for_page(data), inbox
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)


def wait_for_page(data: Path) -> str:
    """The address, once every role is up and the first pages stand."""
    state, page = data / "run" / "state.json", data / "site" / "index.html"
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if state.exists() and page.exists():
            return str(json.loads(state.read_text())["url"])
        time.sleep(0.1)
    raise SystemExit(f"timeline up did not make its first page within {START_LIMIT:.0f} s")


def measure(url: str, inbox: Path, drop: Dropper, drops: int, name: str) -> Iterator[float]:
    """Seconds of each drop, on a page that stays open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER)
        page = browser.new_page()
        page.goto(url)
        time.sleep(1.0)  # the live connection stands
        for number in range(drops):
            sentence = f"The {name} number {number} was seen on {1 + number % 28} March {1900 + number}."
            aside = inbox.parent / "aside.txt"
            aside.write_text(f"A note.\n\n{sentence}\n")
            before = page.locator("#list .event").count()
            began = drop(aside, inbox / f"{name}-{number}.txt")
            wait_for_news(page, before)
            yield time.perf_counter() - began
            show(page, sentence)
            time.sleep(random.uniform(*BREATH))  # noqa: S311  (no secret)
        browser.close()


def measure_amid(inbox: Path, data: Path, drops: int) -> Iterator[float]:
    """Seconds of each drop while a backlog is worked off, until the pages in the folder say it."""
    with Store.open(data / "timeline.db", read_only=True) as store:
        while not store.counts().done:
            time.sleep(0.2)
        for number in range(drops):
            if not (left := store.progress(time.time()).waiting):
                print(f"the backlog was over after {number} drops")
                return
            sentence = f"The drop number {number} was seen on {1 + number % 28} March {1700 + number}."
            name, text = f"drop-{number}.txt", f"A note.\n\n{sentence}\n"
            page = data / "site" / document_href(document_id(hashlib.sha256(text.encode()).hexdigest(), None))
            aside = inbox.parent / "aside.txt"
            aside.write_text(text)
            began = renamed(aside, inbox / name)
            year = data / "site" / period_href(f"{1700 + number}")
            while not (says(page, f"{1700 + number}</mark>") and says(year, f"The drop number {number}")):
                if time.perf_counter() - began > DROP_LIMIT / 1000:
                    raise SystemExit(f"{name} was not shown within {DROP_LIMIT / 1000:.0f} s, {left} waiting")
                time.sleep(LOOK_EVERY / 1000)
            yield time.perf_counter() - began
            time.sleep(random.uniform(*BREATH))  # noqa: S311  (no secret)


def says(page: Path, words: str) -> bool:
    """Whether a page is there and has these words."""
    try:
        return words in page.read_text("utf-8")
    except FileNotFoundError:
        return False


def wait_for_news(page: Page, before: int) -> None:
    """Until the open page says that there is something new, or shows it at once (the very first event it does)."""
    page.wait_for_function(
        """before => {
            const note = document.querySelector("#news");
            return (note && !note.hidden) || document.querySelectorAll("#list .event").length > before;
        }""",
        arg=before,
        polling=LOOK_EVERY,
        timeout=DROP_LIMIT,
    )


def show(page: Page, sentence: str) -> None:
    """Open what is new; the sentence is there."""
    page.evaluate("() => { const note = document.querySelector('#news'); if (note && !note.hidden) note.click(); }")
    page.wait_for_function(
        "sentence => document.body.textContent.replace(/\\s+/g, ' ').includes(sentence)",
        arg=sentence,
        timeout=DROP_LIMIT,
    )


def renamed(source: Path, target: Path) -> float:
    """Complete from the first moment, as careful programs do it."""
    began = time.perf_counter()
    os.rename(source, target)  # noqa: PTH104  (this very call is what is measured)
    return began


def copied(source: Path, target: Path) -> float:
    """Written in place, as `cp` does it."""
    shutil.copyfile(source, target)
    return time.perf_counter()


if __name__ == "__main__":
    main()
