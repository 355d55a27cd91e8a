"""Text that wants to be more than text, in every place a document can put it, in a browser with the policy on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect
from sample_browser import Watched, axe_violations, keep, settled
from sample_server import serving
from sample_site import case
from sample_store import HOSTILE, extraction, put, put_all, small

from timeline.exports import Form, write
from timeline.model import Hints
from timeline.pipeline import ingest
from timeline.rendering import Site
from timeline.store import Arrival, Store
from timeline.web import create_app

pytestmark = pytest.mark.browser

RUNS = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
ATTRIBUTE = "\"'><svg onload=document.title='owned'>{{7*7}}"
TURNED = "\u202egnp.exe\u2066 \u05d0\u05d1 \u0645\u0631\u062d\u0628\u0627"
LONG = "W" * 10_000
MAIL = f"""From: "{ATTRIBUTE}" <a@example.org>
To: <script>document.title='owned'</script>@example.org
Subject: {RUNS} {TURNED} {"S" * 900}
Date: Mon, 3 Mar 2025 10:00:00 +0000
Content-Type: text/html; charset=utf-8

<p onclick="document.title='owned'">{RUNS} It was signed on 1 March 2025 by {LONG}. <a href="javascript:alert(1)">x</a>
<style>body {{ display: none }}</style><meta http-equiv="refresh" content="0;url=https://example.org/"></p>
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with Store.open(tmp_path / "timeline.db") as store:
        small(store)
        mail = ingest(MAIL.replace("\n", "\r\n").encode(), f"{RUNS}.eml".replace("/", ""), Hints())
        put(store, f"{ATTRIBUTE}/{TURNED}.eml", mail)
        made = extraction(HOSTILE, name="x.txt", title=RUNS + TURNED + LONG, language=ATTRIBUTE)
        document = replace(made.document, metadata={RUNS: ATTRIBUTE, "author": LONG}, notes=(RUNS + LONG,))
        put(store, f"{RUNS}{'n' * 200}.txt", replace(made, document=document))
        store.register([Arrival(f"{ATTRIBUTE}{LONG[:200]}.pdf", None, 0, failed=RUNS + LONG)], 1.0)
        store.ignore([(f"{TURNED}{RUNS}", ATTRIBUTE + LONG)], 1.0)
        Site(store, tmp_path / "site").refresh()
        with (tmp_path / "one.html").open("wb") as out:
            write(store, Form.HTML, out)
    with serving(create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox")) as found:
        yield found


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_and_nothing_overflows(address: str, tmp_path: Path, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    site = tmp_path / "site"
    pages = [f"/{path.relative_to(site).as_posix()}" for path in sorted(site.rglob("*.html"))]
    assert len(pages) >= 8
    searches = [f"/search?q={quote(words)}&source={quote(ATTRIBUTE)}" for words in ("signed", RUNS)]
    filtered = [f"/#q=signed&source={quote(RUNS)}&collection={quote(ATTRIBUTE)}&language={quote(ATTRIBUTE)}"]
    served = [address + path for path in [*pages, "/status", "/docs", *searches, *filtered]]
    for path in [*served, (tmp_path / "one.html").as_uri()]:
        watched = Watched(context)
        watched.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        watched.page.goto(path)
        watched.page.wait_for_timeout(200)
        assert "owned" not in watched.page.title().replace("document.title='owned'", "").replace(RUNS, ""), path
        assert watched.page.url.startswith((address, "file:")), path
        assert watched.page.evaluate("document.querySelectorAll('img, [onerror], [onload], [onclick]').length") == 0, (
            path
        )
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert watched.complaints() == [], path
        assert watched.strangers() == [], path
        watched.page.close()
    context.close()


def test_what_the_script_makes_is_text_too(address: str, watched: Watched) -> None:
    page = watched.page
    page.goto(address)
    expect(page.locator("body.served")).to_be_attached(timeout=10_000)
    page.get_by_text("More filters").click()
    expect(page.locator(".rest option").nth(4)).to_be_attached()
    page.locator(".lanes a").first.focus()
    expect(page.locator(".tip")).to_be_visible()
    page.get_by_label("Search the statements").fill("<img src=x onerror=alert(1)>")
    expect(page.locator(".outcome")).to_contain_text("of")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.locator("img").count() == 0
    keep(page, "hostile")
    assert watched.complaints() == []
    assert watched.strangers() == []


def test_hostile_text_does_nothing(tmp_path: Path, watched: Watched) -> None:
    with case(tmp_path) as made:
        put(made.store, "<b>x.txt", extraction(HOSTILE, name="x.txt", title="<script>document.title='owned'</script>"))
        put_all(
            made.store, [("ünï \u202e.txt", extraction(HOSTILE, title='"><img src=x onerror=alert(1)>', language="ar"))]
        )
        made.pages.refresh()
        page = watched.page
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        for path in [tmp_path / "site" / "index.html", *(tmp_path / "site" / "documents").glob("*.html")]:
            page.goto(path.as_uri())
            settled(page)
            assert "owned" not in page.title().replace("document.title='owned'", "")
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
            assert axe_violations(page) == []
        assert watched.complaints() == []
        assert watched.strangers() == []
