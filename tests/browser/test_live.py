"""A page whose server runs: news, uploads, corrections, one stream for all tabs."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sample_browser import Watched, axe_violations, keep
from sample_server import serving
from sample_site import Case, case, settled_live
from sample_store import extraction, put, small

from timeline.web import create_app

pytestmark = pytest.mark.browser


def test_new_events_announce_themselves_without_moving_the_reader(few: Case, served: str, watched: Watched) -> None:
    page = watched.page
    page.goto(served)
    settled_live(page)
    page.locator(".event").nth(6).scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY")
    put(few.store, "new.txt", extraction("It was founded on ‹DATE 1999-05-01|1 May 1999›, they say."))
    few.pages.refresh()
    pill = page.get_by_role("button", name="1 new event", exact=True)
    expect(pill).to_be_visible(timeout=10_000)
    assert page.evaluate("scrollY") == before
    keep(page, "news")
    seen = page.locator(".event", has_text="Engineers told the council").first
    top = (seen.bounding_box() or {"y": 0})["y"]
    pill.click()
    expect(page.get_by_text("1 May 1999").first).to_be_attached()
    page.wait_for_timeout(400)
    assert abs((seen.bounding_box() or {"y": 0})["y"] - top) < 4
    assert axe_violations(page) == []
    assert watched.complaints() == []


def test_an_empty_timeline_fills_by_itself_and_takes_dropped_files(tmp_path: Path, watched: Watched) -> None:
    with case(tmp_path) as made:
        made.pages.refresh()
        with serving(create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox")) as address:
            page = watched.page
            page.goto(address)
            settled_live(page)
            keep(page, "empty")
            assert axe_violations(page) == []
            page.set_input_files(
                "#upload", {"name": "note.txt", "mimeType": "text/plain", "buffer": b"In 2019 it began."}
            )
            expect(page.locator("#progress")).to_contain_text("1 file put into the watched folder")
            assert (tmp_path / "inbox" / "note.txt").read_bytes() == b"In 2019 it began."
            small(made.store)
            made.pages.refresh()
            expect(page.locator(".event").first).to_be_visible(timeout=10_000)
            assert watched.complaints() == []


def test_files_dropped_on_any_page_go_into_the_inbox(few: Case, served: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served}/failures.html")
    settled_live(page)
    drop = """(kind) => {
      const carried = new DataTransfer();
      carried.items.add(new File(["It began in 2019."], "dropped.txt"));
      carried.items.add(new File(["It ended in 2020."], "second.txt"));
      const how = { dataTransfer: carried, bubbles: true, cancelable: true };
      document.querySelector("main").dispatchEvent(new DragEvent(kind, how));
    }"""
    page.evaluate(drop, "dragenter")
    assert "Drop to put these files" in page.evaluate("getComputedStyle(document.body, '::after').content")
    page.evaluate(drop, "drop")
    expect(page.locator("#progress")).to_contain_text("2 files put into the watched folder")
    assert (few.folder / "inbox" / "dropped.txt").read_bytes() == b"It began in 2019."
    assert (few.folder / "inbox" / "second.txt").is_file()
    assert page.evaluate("getComputedStyle(document.body, '::after').content") == "none"
    assert watched.complaints() == []


def test_one_stream_a_browser(served: str, browser: Browser) -> None:
    context = browser.new_context()
    pages = [Watched(context) for _ in range(3)]
    for one in pages:
        one.page.goto(served)
        settled_live(one.page)
    streams = [url for one in pages for url in one.asked if url.endswith("/api/stream")]
    assert len(streams) == 1
    context.close()


def test_corrections_are_made_on_the_page(few: Case, served: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served}/documents/{few.document().name}")
    settled_live(page)
    page.get_by_text("About this document").click()
    page.get_by_label("Correct its date").fill("2024-02-01")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".redate [role=status]")).to_contain_text("Saved")
    row = few.store.documents()
    assert "2024-02-01" in [one.correction for one in row]
    page.goto(f"{served}/failures.html")
    settled_live(page)
    page.get_by_role("button", name="Try all again").click()
    expect(page.locator(".row-head [role=status]")).to_contain_text("Being tried again")
    assert watched.complaints() == []


def test_a_document_says_when_it_is_read_again(few: Case, served: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served}/documents/{few.document().name}")
    settled_live(page)
    expect(page.get_by_text("This document is being read again")).not_to_be_attached()
    done = next(one for one in few.store.documents() if one.events)
    few.store.redate(done.id, date(2024, 2, 1))
    few.pages.refresh()
    page.get_by_role("button", name="This document was read again").click(timeout=10_000)
    expect(page.get_by_text("This document is being read again; what stands here may change.")).to_be_visible()
    assert watched.complaints() == []
