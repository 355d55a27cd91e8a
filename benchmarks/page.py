"""The page at 10³ to 10⁶ events: first view, zoom, one new document, full rendering, search. `make bench-page`."""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the makers of stores and servers are the tests' own

from sample_server import serving
from sample_store import documents, extraction, fill, put, small

from timeline.rendering import Site
from timeline.store import Store
from timeline.web import create_app

_VIEWS = 7
# What a page reports of itself: first contentful paint, and every task that blocked it for more than 50 ms.
_LISTEN = """
window.longTasks = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.longTasks.push(one.duration); })
  .observe({ type: "longtask", buffered: true });
"""
_PAINT = """() => Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0)"""
# What the page's thread itself has worked, in seconds: other processes do not count, unlike in a clock's time.
_WORKED = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
# A step is over when the next frame has been drawn.
_STEP = """(step) => new Promise((done) => {
  const began = performance.now();
  step === "zoom" ? document.querySelector(".zoom button:nth-of-type(2)").click()
    : (document.querySelector(".chip input").click());
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
})"""


@dataclass(slots=True)
class Measured:
    """One line of the table; milliseconds unless its name says otherwise."""

    events: int
    render_s: float = 0.0
    memory_mb: float = 0.0
    index_kb: float = 0.0
    first_view: float = 0.0
    longest_task: float = 0.0
    zoom: float = 0.0
    filter: float = 0.0
    zoom_cpu: float = 0.0
    filter_cpu: float = 0.0
    new_document: float = 0.0
    search_rare: float = 0.0
    search_common: float = 0.0
    notes: list[str] = field(default_factory=list)


def measure(events: int, folder: Path, browser: Browser) -> Measured:
    """Everything about a timeline of one size."""
    found = Measured(events)
    store = Store.open(folder / "timeline.db")
    _timed("fill", lambda: (fill(store, documents(max(10, events // 10), events, years=20)), small(store)))
    site = Site(store, folder / "site")
    found.render_s = _timed("render", site.refresh) / 1000
    found.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found.index_kb = (folder / "site" / "index.html").stat().st_size / 1024
    found.search_rare = min(_timed("", lambda: store.events(text="barge", limit=50)) for _ in range(3))
    found.search_common = min(_timed("", lambda: store.events(text="harbour", limit=50)) for _ in range(3))
    with serving(create_app(folder / "timeline.db", folder / "site", folder / "inbox")) as address:
        views = [_view(browser, address) for _ in range(_VIEWS)]
    # Medians: the machine has other things to do.
    names = ("first_view", "longest_task", "zoom", "filter", "zoom_cpu", "filter_cpu")
    for name, values in zip(names, zip(*views, strict=True), strict=True):
        setattr(found, name, median(values))
    took = []
    for day in range(10, 15):
        put(store, f"new{day}.txt", extraction(f"The last bolt was set on ‹DATE 2025-10-{day}|{day} October 2025›."))
        took.append(_timed("new document", site.refresh))
    found.new_document = median(took)
    store.close()
    return found


def _view(browser: Browser, address: str) -> tuple[float, ...]:
    """First view, longest task, zoom and filter of one visit, and the two last in processor time; milliseconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_LISTEN)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.wait_for_selector(".lanes svg")
    page.wait_for_timeout(1500)
    paint, longest = page.evaluate(_PAINT), max(page.evaluate("window.longTasks"), default=0)
    (zoom, zoom_cpu), (filtered, filter_cpu) = (_step(page, session, step) for step in ("zoom", "filter"))
    context.close()
    return paint, longest, zoom, filtered, zoom_cpu, filter_cpu


def _step(page: Page, session: CDPSession, step: str) -> tuple[float, float]:
    before = _worked(session)
    took = float(page.evaluate(_STEP, step))
    worked = _worked(session) - before
    page.wait_for_timeout(600)
    return took, worked


def _worked(session: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * sum(metrics[name] for name in _WORKED)


def _timed(name: str, run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    took = (time.perf_counter() - began) * 1000
    if name:
        sys.stderr.write(f"  {name}: {took / 1000:.1f} s\n")
    return took


def table(lines: list[Measured]) -> str:
    """The results as a Markdown table."""
    head = (
        "| events | full render, s | peak memory, MB | index, KB | first view, ms | longest task, ms | zoom, ms "
        "| filter, ms "
        "| zoom, CPU ms | filter, CPU ms | one new document, ms | search rare, ms | search common, ms |\n"
        + "|---:" * 13
        + "|\n"
    )
    return head + "".join(
        f"| {m.events:,} | {m.render_s:.1f} | {m.memory_mb:.0f} | {m.index_kb:.0f} | {m.first_view:.0f} "
        f"| {m.longest_task:.0f} | {m.zoom:.0f} | {m.filter:.0f} "
        f"| {m.zoom_cpu:.0f} | {m.filter_cpu:.0f} | {m.new_document:.0f} | {m.search_rare:.0f} "
        f"| {m.search_common:.0f} |\n"
        for m in lines
    )


def main() -> None:
    """Measures the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="events, comma between; 1000000 takes an hour")
    parser.add_argument("--keep", type=Path, help="keep stores and sites in this folder")
    asked = parser.parse_args()
    lines = []
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for size in (int(part) for part in asked.sizes.split(",")):
            sys.stderr.write(f"{size:,} events\n")
            with tempfile.TemporaryDirectory() as temporary:
                folder = (asked.keep or Path(temporary)) / str(size)
                folder.mkdir(parents=True, exist_ok=True)
                lines.append(measure(size, folder, browser))
        browser.close()
    sys.stdout.write(table(lines))


if __name__ == "__main__":
    main()
