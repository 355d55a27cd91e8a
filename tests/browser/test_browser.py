"""The page in a real browser: nothing complains, everything works by keyboard, and it looks as it should."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sample_browser import Watched, axe_violations, keep, settled
from sample_server import serving
from sample_store import HOSTILE, documents, extraction, fill, put, put_all, small

from timeline.exports import Form, write
from timeline.rendering import Site
from timeline.store import Arrival, Store
from timeline.web import create_app

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Case:
    """A timeline on disk."""

    folder: Path
    store: Store
    pages: Site

    @property
    def index(self) -> str:
        return (self.folder / "site" / "index.html").as_uri()

    def document(self) -> Path:
        return next((self.folder / "site" / "documents").glob("*.html"))


def case(folder: Path) -> Case:
    store = Store.open(folder / "timeline.db")
    return Case(folder, store, Site(store, folder / "site"))


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Case]:
    made = case(tmp_path)
    small(made.store)
    made.store.register([Arrival("secret.pdf", None, 0, failed="it is encrypted: save it without a password")], 1.0)
    made.store.ignore([("~$draft.docx", "lock file of an office program")], 1.0)
    made.pages.refresh()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = case(tmp_path_factory.mktemp("many"))
    fill(made.store, documents(100, 3000, years=8))
    small(made.store)
    made.pages.refresh()
    yield made
    made.store.close()


@pytest.fixture
def served(few: Case) -> Iterator[str]:
    with serving(create_app(few.folder / "timeline.db", few.folder / "site", few.folder / "inbox")) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible_and_silent(few: Case, browser: Browser, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})  # type: ignore[arg-type]
    with serving(create_app(few.folder / "timeline.db", few.folder / "site", few.folder / "inbox")) as address:
        pages = [
            "/",
            f"/documents/{few.document().name}",
            "/failures.html",
            "/status",
            "/search?q=barge",
            "/docs",
            "/nope",
        ]
        for path in [*pages, "/periods/2025.html"]:
            watched = Watched(context)
            watched.page.goto(address + path)
            watched.page.wait_for_timeout(250)
            assert axe_violations(watched.page) == [], path
            if path != "/nope":
                assert watched.complaints() == [], path
            assert watched.strangers() == []
            keep(watched.page, f"{path.strip('/').replace('/', '-').partition('?')[0] or 'index'}-{scheme}")
            watched.page.close()
    context.close()


def test_a_page_from_disk_works_without_complaint(many: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(many.index)
    settled(page)
    assert watched.complaints() == []
    expect(page.locator(".lanes svg")).to_be_visible()
    page.get_by_label("Search the statements").fill("inspector refused")
    expect(page.locator(".hits li").first).to_be_visible()
    assert "q=inspector" in page.url
    page.reload()
    expect(page.locator(".hits li").first).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".periods")).to_be_visible()
    keep(page, "index-3000")
    page.locator(".periods td a").last.click()
    settled(page)
    expect(page.locator(".event").first).to_be_visible()
    assert axe_violations(page) == []
    assert watched.complaints() == []
    keep(page, "period")


def test_without_javascript_everything_can_be_read(few: Case, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(few.index)
    assert page.locator(".event").count() == 10
    assert page.locator(".band rect").count() >= 5
    page.locator(".event .source a").first.click()
    assert page.locator(".notes li").count() == 11
    context.close()


def test_a_phone_shows_no_sideways_scroll(few: Case, many: Case, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for name, path in [
        ("few", few.folder / "site" / "index.html"),
        ("many", many.folder / "site" / "index.html"),
        ("document", few.document()),
        ("failures", few.folder / "site" / "failures.html"),
    ]:
        page = context.new_page()
        page.goto(path.as_uri())
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        keep(page, f"phone-{name}")
    context.close()


def test_filters_are_in_the_address_and_hide_what_does_not_match(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.index)
    settled(page)
    page.locator(".chip", has_text="open").click()
    expect(page.locator(".event:visible")).to_have_count(1)
    assert "kind=open" in page.url
    expect(page.locator(".outcome")).to_contain_text("1 of 10 events")
    page.goto("about:blank")
    page.goto(f"{few.index}#from=2025-11-01&to=2025-12-01")
    settled(page)
    assert page.locator(".event:visible").count() == 2
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_text("More filters").click()
    page.get_by_label("Known to").select_option(label="a year (2)")
    expect(page.locator(".event:visible")).to_have_count(2)
    assert "precision=year" in page.url
    page.goto("about:blank")
    page.goto(f"{few.index}#precision=year")
    settled(page)
    expect(page.get_by_label("Known to")).to_have_value("year")
    expect(page.locator(".event:visible")).to_have_count(2)


def test_by_the_day_it_was_reported(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.index)
    settled(page)
    page.get_by_role("button", name="When it was reported").click()
    expect(page.get_by_role("heading", name="Reported 6 Nov 2025")).to_be_visible()
    assert page.locator(".event").count() == 10
    page.get_by_role("button", name="When it happened").click()
    expect(page.get_by_role("heading", name="1868")).to_be_visible()


def test_the_keyboard_reaches_everything(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.index)
    settled(page)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".event.current").count() == 1
    second = page.locator(".event.current").get_attribute("data-id")
    page.keyboard.press("k")
    assert page.locator(".event.current").get_attribute("data-id") != second
    before = page.locator(".tools .say").text_content()
    page.keyboard.press("]")
    assert page.locator(".tools .say").text_content() != before
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    mark = page.locator(".lanes a[tabindex='0']")
    mark.focus()
    expect(page.locator(".tip")).to_be_visible()
    tip, box = page.locator(".tip").bounding_box(), mark.bounding_box()
    assert tip
    assert box
    assert 0 < tip["y"] - box["y"] < 60  # just below its mark
    first = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.id") != first
    slider = page.get_by_role("slider", name="Begin of the part shown")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert "from=" in page.url
    assert watched.complaints() == []


def test_the_band_is_brushed(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.index)
    settled(page)
    box = page.locator(".brush").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 30, steps=5)
    page.mouse.up()
    page.wait_for_timeout(400)
    assert "from=" in page.url
    assert 0 < page.locator(".event:visible").count() < 10
    keep(page, "brushed")


def test_a_mention_explains_itself_when_pointed_at(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.document().as_uri())
    page.locator(".text .m").nth(1).hover()
    expect(page.locator(".notes li.on")).to_contain_text("3–6 November 2025")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".text .m").nth(2).focus()
    expect(page.locator(".tip")).to_contain_text("4 November 2025")


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


def settled_live(page: Page) -> None:
    expect(page.locator("body.served")).to_be_attached(timeout=10_000)
    page.wait_for_timeout(300)


def test_an_empty_timeline_fills_by_itself_and_takes_dropped_files(tmp_path: Path, watched: Watched) -> None:
    made = case(tmp_path)
    made.pages.refresh()
    with serving(create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox")) as address:
        page = watched.page
        page.goto(address)
        settled_live(page)
        keep(page, "empty")
        assert axe_violations(page) == []
        page.set_input_files("#upload", {"name": "note.txt", "mimeType": "text/plain", "buffer": b"In 2019 it began."})
        expect(page.locator("#progress")).to_contain_text("1 file put into the watched folder")
        assert (tmp_path / "inbox" / "note.txt").read_bytes() == b"In 2019 it began."
        small(made.store)
        made.pages.refresh()
        expect(page.locator(".event").first).to_be_visible(timeout=10_000)
        assert watched.complaints() == []
    made.store.close()


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


def test_hostile_text_does_nothing(tmp_path: Path, watched: Watched) -> None:
    made = case(tmp_path)
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
    made.store.close()


def test_one_file_opens_from_disk(few: Case, watched: Watched, tmp_path: Path) -> None:
    target = tmp_path / "one.html"
    with target.open("wb") as out:
        write(few.store, Form.HTML, out)
    page = watched.page
    page.goto(target.as_uri())
    settled(page)
    assert watched.complaints() == []
    assert watched.asked == [target.as_uri()]
    page.get_by_label("Words").fill("barge")
    assert page.locator(".event:visible").count() == 3
    assert len(json.loads(page.locator("#events").text_content() or "")) == 10
    assert axe_violations(page) == []
    keep(page, "one-file")


def test_a_timeline_too_large_for_a_browser_asks_its_server(tmp_path: Path, watched: Watched) -> None:
    store = Store.open(tmp_path / "timeline.db")
    fill(store, documents(60, 1500, years=6))
    small(store)
    Site(store, tmp_path / "site", most_at_once=500).refresh()
    assert not (tmp_path / "site" / "data" / "all.js").exists()
    with serving(create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox")) as address:
        page = watched.page
        page.goto(address)
        settled_live(page)
        expect(page.locator(".lanes svg")).to_be_visible()
        assert axe_violations(page) == []
        page.get_by_label("Search the statements").fill("inspector")
        expect(page.locator("#list .event")).to_have_count(50)
        page.get_by_role("button", name="More").click()
        expect(page.locator("#list .event")).to_have_count(100)
        page.locator(".chip", has_text="open").click()
        expect(page.locator("#list .event .kind").first).to_contain_text("open-ended")
        page.get_by_role("button", name="Clear filters").click()
        expect(page.locator(".periods")).to_be_visible()
        page.get_by_text("More filters").click()
        expect(page.get_by_label("Folder").locator("option", has_text="court")).to_be_attached()
        assert page.locator("#sources option").count() == 61
        for _ in range(4):
            page.get_by_role("button", name="Zoom in").click()
            page.wait_for_timeout(300)
        expect(page.locator(".lanes a").first).to_be_attached()
        expect(page.locator("#list .event").first).to_be_visible()
        assert watched.complaints() == []
        keep(page, "index-large")
        page.goto((tmp_path / "site" / "index.html").as_uri())
        settled(page)
        expect(page.locator(".band-chart svg path.bar").first).to_be_visible()
        expect(page.locator(".lanes")).to_be_hidden()
        expect(page.locator(".periods")).to_be_visible()
        assert watched.complaints() == []
    store.close()
