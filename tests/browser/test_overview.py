"""The overview in a real browser: filters, two orders, keys, brush and lanes, with all events here or on a server."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sample_browser import Watched, axe_violations, keep, settled
from sample_server import serving
from sample_site import Case, case, settled_live
from sample_store import documents, extraction, fill, put, small

from timeline.rendering import Site
from timeline.store import Store
from timeline.web import create_app

pytestmark = pytest.mark.browser


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


def shown(folder: Path, watched: Watched, told: dict[str, str]) -> Page:
    """The overview of some documents, each named with the day it was written."""
    with case(folder) as made:
        for name, text in told.items():
            put(made.store, f"{name}.txt", extraction(text, title=name, dct=date.fromisoformat(name[:10])))
        made.pages.refresh()
        watched.page.goto(made.index)
    settled(watched.page)
    return watched.page


def test_many_of_one_stretch_are_one_bar_that_says_how_many(tmp_path: Path, watched: Watched) -> None:
    days = "".join(f"Pier {n} was set on ‹DATE 2024-03-{n:02}|{n} March 2024›. " for n in range(1, 31))
    months = "".join(f"Crew {n} was hired in ‹DATE 2024-05|May 2024›. " for n in range(9))
    closed = "".join(f"Gate {n} is shut ‹DATE 2024-04|since April 2024|April 2024›. " for n in range(4))
    page = shown(tmp_path, watched, {"2024-06-01": days + months + closed})
    expect(page.locator(".lanes .m-label")).to_have_text(["4 × since April 2024", "9 × May 2024"])
    assert page.locator(".lanes a").count() == 30 + 2
    assert "not drawn" not in (page.locator(".tools .say").text_content() or "")
    page.locator(".lanes a", has_text="9 × May 2024").hover()
    expect(page.locator(".tip p")).to_have_count(4)
    expect(page.locator(".tip b")).to_have_text("9 × May 2024")
    expect(page.locator(".tip")).to_contain_text("and 5 more")
    first = page.locator(".tip p").first.text_content() or ""
    page.locator(".lanes a", has_text="9 × May 2024").click()
    expect(page.locator(".event.current")).to_contain_text(first)


def test_marks_of_one_sentence_are_told_apart_by_its_clauses(few: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(few.index)
    settled(page)
    labels = page.locator(".lanes .m-label").all_text_contents()
    assert len(labels) == 10
    assert len(set(labels)) > 6


def test_the_numbers_of_the_overview_and_of_the_list_agree(many: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{many.index}#from=2024-01-01&to=2025-01-01")
    settled(page)
    listed = re.match(r"([\d,]+) of", page.locator(".outcome").text_content() or "")
    assert listed
    said = page.locator(".tools .say").text_content() or ""
    assert f" {listed[1]} events" in said
    assert "more reach into it" in said


def test_bars_say_their_numbers_where_there_is_room(tmp_path: Path, watched: Watched) -> None:
    told = "".join(f"Shot {n} fell on ‹DATE 2024-03-{1 + n % 3:02}|a day in March›. " for n in range(900))
    page = shown(tmp_path, watched, {"2024-03-04": told})
    assert page.locator(".lanes text").all_text_contents().count("300") == 3
    assert page.locator(".band-chart .peak").text_content() == "300"


def test_a_narrow_part_is_not_covered_by_its_grips(many: Case, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{many.index}#from=2024-03-01&to=2024-03-08")
    settled(page)
    low, high = (page.locator(f".grip[data-edge={edge}]").bounding_box() for edge in ("low", "high"))
    edges = [line.bounding_box() for line in page.locator(".brush .edge").all()]
    assert low
    assert high
    assert edges[0]
    assert edges[1]
    assert low["x"] + low["width"] <= edges[0]["x"] + 1.5
    assert high["x"] >= edges[1]["x"] - 1.5


def test_a_crowded_timeline_opens_where_much_happened_last(tmp_path: Path, watched: Watched) -> None:
    crowd = "".join(f"Crowd {n} met on ‹DATE 2011-02-{1 + n % 14:02}|a day in February›. " for n in range(420))
    later = "".join(f"Court {n} sat on ‹DATE 2011-{4 + n % 9:02}-05|a day that year›. " for n in range(60))
    page = shown(tmp_path, watched, {"2011-02-15": crowd, "2012-07-01": later})
    assert (page.locator(".tools .say b").text_content() or "").endswith("14 Feb 2011")


def test_what_stands_in_a_bar_can_be_read_while_it_is_pointed_at(tmp_path: Path, watched: Watched) -> None:
    years = "".join(f"Crew {n} was hired in ‹DATE {2010 + n % 10}|that year›. " for n in range(50))
    page = shown(tmp_path, watched, {"2024-06-01": years})
    page.locator(".lanes a", has_text="5 × 2012").hover()
    fills = page.locator(".lanes a:hover :is(.m-hollow, .on-hollow)").evaluate_all(
        "found => found.map((one) => getComputedStyle(one).fill)"
    )
    assert len(fills) == len(set(fills)) == 2
