"""The same events in our page, in TimelineJS and in vis-timeline: first view and zoom. `make bench-peers`."""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Route, sync_playwright
from playwright.sync_api import TimeoutError as TooLong

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the makers of stores are the tests' own

from sample_store import documents, fill, small

from timeline.exports import Form, event_item, every_event, write
from timeline.rendering import Site
from timeline.store import Store

_MODULES = Path(__file__).parent / "node_modules"
_PATIENCE = 120  # seconds for a first view; more is as good as never

# When the first drawn event is on the screen, and every task that blocked the page for more than 50 ms.
_LISTEN = """
window.longTasks = []; window.seen = null;
new PerformanceObserver((list) => { for (const one of list.getEntries()) longTasks.push(one.duration); })
  .observe({ type: "longtask", buffered: true });
const look = () => {
  const found = window.MARK && document.querySelector(window.MARK);
  if (!found || !found.getClientRects().length) requestAnimationFrame(look);
  else requestAnimationFrame(() => setTimeout(() => { seen = performance.now(); }, 0));
};
requestAnimationFrame(look);
"""
# A step is over when the frame after it has been drawn.
_STEP = """() => new Promise((done) => {
  const began = performance.now();
  STEP;
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
})"""


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to show the events: its page, what its first mark is, and how it is told to zoom."""

    name: str
    page: str
    mark: str
    zoom: str


PEERS = (
    Peer(
        "ours",
        "ours/index.html",
        ".lanes svg a, .lanes svg .bar",
        "document.querySelectorAll('.zoom button')[1].click()",
    ),
    Peer("TimelineJS", "timelinejs.html", ".tl-timemarker-content", "shown.zoomIn()"),
    Peer("vis-timeline", "vis.html", ".vis-item", "shown.zoomIn(0.5, { animation: false })"),
    Peer("vis-timeline, not stacked", "vis-flat.html", ".vis-item", "shown.zoomIn(0.5, { animation: false })"),
)
_HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><body><div id="shown" style="width:100%;height:700px"></div>'
)
_TIMELINEJS = f"""{_HEAD}<link rel="stylesheet" href="node_modules/@knight-lab/timelinejs/dist/css/timeline.css">
<script src="node_modules/@knight-lab/timelinejs/dist/js/timeline.js"></script>
<script>var shown = new TL.Timeline("shown", "timelinejs.json", {{ font: null, duration: 0 }});</script>"""
_VIS = f"""{_HEAD}<link rel="stylesheet" href="node_modules/vis-timeline/styles/vis-timeline-graph2d.min.css">
<script src="node_modules/vis-timeline/standalone/umd/vis-timeline-graph2d.min.js"></script>
<script>fetch("vis.json").then((answer) => answer.json()).then((items) => {{
  const options = {{ height: 700, stack: STACK }};
  window.shown = new vis.Timeline(document.getElementById("shown"), new vis.DataSet(items), options);
}});</script>"""


@dataclass(slots=True)
class Measured:
    """Milliseconds of some views; None where there was none within the time given."""

    first: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    zoom: list[float] = field(default_factory=list)


def lay_out(events: int, folder: Path) -> None:
    """The pages of all, over the same store."""
    with Store.open(folder / "timeline.db") as store:
        fill(store, documents(max(10, events // 10), events, years=20))
        small(store)
        Site(store, folder / "ours").refresh()
        with (folder / "timelinejs.json").open("wb") as out:
            write(store, Form.TIMELINEJS, out)
        items = [event_item(row) for row in every_event(store)]
    shown = [
        {"id": at, "content": item["statement"][:60], "start": item["begin"] or item["end"]}
        | ({"end": item["end"]} if item["end"] and item["shape"] != "moment" else {})
        for at, item in enumerate(items)
        if (item["begin"] or item["end"] or "-")[0] != "-"
    ]
    (folder / "vis.json").write_text(json.dumps(shown))
    (folder / "timelinejs.html").write_text(_TIMELINEJS)
    (folder / "vis.html").write_text(_VIS.replace("STACK", "true"))
    (folder / "vis-flat.html").write_text(_VIS.replace("STACK", "false"))
    (folder / "node_modules").symlink_to(_MODULES)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a free port of this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def _only_here(route: Route) -> None:
    if route.request.url.startswith("http://127.0.0.1:"):
        route.continue_()
    else:
        route.abort()


def view(browser: Browser, address: str, peer: Peer, found: Measured, picture: Path | None) -> bool:
    """One first view and one zoom; False when it took too long."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(f"window.MARK = {json.dumps(peer.mark)};{_LISTEN}")
    context.route("**/*", _only_here)
    page = context.new_page()
    try:
        page.goto(f"{address}/{peer.page}", timeout=_PATIENCE * 1000, wait_until="commit")
        deadline = time.monotonic() + _PATIENCE
        while (
            seen := page.evaluate("window.seen")
        ) is None:  # asked from outside: our policy lets no page wait by eval
            if time.monotonic() > deadline:
                return False
            page.wait_for_timeout(100)
        found.first.append(float(seen))
        page.wait_for_timeout(1500)
        found.longest.append(max(page.evaluate("window.longTasks"), default=0.0))
        if picture:
            page.screenshot(path=picture)
        found.zoom.append(float(page.evaluate(_STEP.replace("STEP", peer.zoom))))
    except TooLong:
        return False
    finally:
        context.close()
    return True


def measure(events: int, browser: Browser, runs: int, pictures: Path | None) -> dict[str, Measured]:
    """All of them in turn, some rounds, so that a busy moment of the machine falls on each."""
    found = {peer.name: Measured() for peer in PEERS}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lay_out(events, folder)
        given_up: set[str] = set()
        with served(folder) as address:
            for _ in range(runs):
                for peer in PEERS:
                    picture = (
                        pictures / f"{peer.page.partition('.')[0].partition('/')[0]}-{events}.png" if pictures else None
                    )
                    if peer.name not in given_up and not view(browser, address, peer, found[peer.name], picture):
                        given_up.add(peer.name)
                        sys.stderr.write(f"  {peer.name}: nothing to be seen of {events:,} events in {_PATIENCE} s\n")
    return found


def table(events: int, found: dict[str, Measured]) -> str:
    """Medians, and beside them how many times ours."""
    ours = found["ours"]

    def cell(values: list[float], beside: list[float]) -> str:
        if not values:
            return f"> {_PATIENCE} s"
        return f"{statistics.median(values):,.0f} ms ({statistics.median(values) / statistics.median(beside):.1f}×)"

    return "".join(
        f"| {events:,} | {name} | {cell(m.first, ours.first)} | {cell(m.longest, ours.longest)} "
        f"| {cell(m.zoom, ours.zoom)} |\n"
        for name, m in found.items()
    )


def main() -> None:
    """Measures the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="events, comma between")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=Path, help="keep a screenshot of each in this folder")
    asked = parser.parse_args()
    if not _MODULES.is_dir():
        parser.error(f"{_MODULES} is missing: `make bench-peers` fetches it, or `npm install` in {_MODULES.parent}")
    lines = ["| events | shown by | first view | longest task | zoom |\n|---:|---|---:|---:|---:|\n"]
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for size in (int(part) for part in asked.sizes.split(",")):
            sys.stderr.write(f"{size:,} events\n")
            lines.append(table(size, measure(size, browser, asked.runs, asked.pictures)))
        browser.close()
    sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()
