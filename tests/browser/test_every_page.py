"""Every kind of page in a real browser: nothing complains, with and without script, on a screen and on a phone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sample_browser import Watched, axe_violations, keep, settled
from sample_server import serving
from sample_site import Case

from timeline.exports import Form, write
from timeline.web import create_app

pytestmark = pytest.mark.browser


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


def test_a_mention_explains_itself_when_pointed_at(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.document().as_uri())
    page.locator(".text .m").nth(1).hover()
    expect(page.locator(".notes li.on")).to_contain_text("3–6 November 2025")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".text .m").nth(2).focus()
    expect(page.locator(".tip")).to_contain_text("4 November 2025")
