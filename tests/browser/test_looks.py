"""How it looks with three events, two hundred, ten thousand, and with all that is awkward: kept as pictures, and held
to what a page must not do: overflow, complain, ask a stranger, or say what is not so."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sample_browser import ARTEFACTS, Watched, axe_violations, keep, settled
from sample_store import documents, extraction, fill, put, small

from timeline.model import Hints
from timeline.pipeline import ingest
from timeline.rendering import Site
from timeline.store import Arrival, Store

pytestmark = pytest.mark.browser

OPENED = "It opened on ‹DATE 2025-03-04|4 March 2025›."


def three(store: Store) -> None:
    told = f"{OPENED} It has been shut ‹DATE 2025-06|since June 2025|June 2025›."
    put(store, "2025-11-06-note.txt", extraction(f"{told} Another was built in ‹DATE 1868|1868›.", title="A note"))


def two_hundred(store: Store) -> None:
    fill(store, documents(14, 196, years=3))
    small(store)


def ten_thousand(store: Store) -> None:
    fill(store, documents(1000, 10_000, years=20))


def one(store: Store) -> None:
    put(store, "one.txt", extraction(OPENED, title="One"))


def none(store: Store) -> None:
    put(store, "nothing.txt", extraction("Nothing in here is dated.", title="Nothing"))


def a_thousand_on_one_day(store: Store) -> None:
    shell = "Shell number {} fell on ‹DATE 2024-03-01|1 March 2024› near the mill. "
    put(store, "day.txt", extraction("".join(shell.format(n) for n in range(1000)), title="A thousand on one day"))


def all_on_one_day(store: Store) -> None:
    clause = "Clause {} was signed on ‹DATE 2024-03-01|1 March 2024›. "
    put(store, "day.txt", extraction("".join(clause.format(n) for n in range(30)), title="All on one day"))


def far_apart(store: Store) -> None:
    told = """The dike was built in ‹DATE BC3000|3000 BC›. Caesar fell in ‹DATE BC0044|44 BC›. It opened on
    ‹DATE 2024-03-01|1 March 2024› and again on ‹DATE 2024-03-09|9 March›. The lease ends in ‹DATE 9999|9999›."""
    put(store, "far.txt", extraction(told, title="From 3000 BC to 9999"))


def mixed_scripts(store: Store) -> None:
    arabic = "افتتح الجسر في ‹DATE 2024-03-02|2 مارس 2024› بحضور سكان المدينة. وأغلق القديم ‹DATE 2023|منذ 2023|2023›."
    put(store, "ar.txt", extraction(arabic, title="افتتاح الجسر الجديد", language="ar"))
    hebrew = "הגשר נפתח ב־‹DATE 2024-03-05|5 במרץ 2024› לאחר שנתיים של עבודה, אמר Ines Visser."
    put(store, "he.txt", extraction(hebrew, title="הגשר החדש נפתח", language="he"))
    odd = "The plan מרחב 👩‍👩‍👧‍👦 Z̷̡̢a̶l̵g̸o̴ was signed on ‹DATE 2024-03-01|1 March 2024›: " + "w" * 10_000
    put(store, "mixed.txt", extraction(odd, title="Mixed " + "w" * 300))
    failed = [("scan/old letter 1911.tif", "no text was found in it"), ("secret.pdf", "it is encrypted")]
    store.register([Arrival(path, None, 0, failed=reason) for path, reason in failed], 1.0)


CASES = [three, two_hundred, ten_thousand, one, none, a_thousand_on_one_day, all_on_one_day, far_apart, mixed_scripts]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    fill_in: Callable[[Store], None] = request.param
    folder = tmp_path_factory.mktemp(fill_in.__name__)
    with Store.open(folder / "timeline.db") as store:
        fill_in(store)
        Site(store, folder / "site").refresh()
    return fill_in.__name__, folder / "site"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_holds_whatever_it_is_given(made: tuple[str, Path], browser: Browser, width: int, scheme: str) -> None:
    name, site = made
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(context)
    page = watched.page
    page.goto((site / "index.html").as_uri())
    settled(page)
    keep(page, f"looks-{name}-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overflowing(page) == []
    if scheme == "light":
        assert axe_violations(page) == []
    assert watched.complaints() == []
    assert watched.strangers() == []
    context.close()


def test_a_wide_screen_is_not_filled_for_its_own_sake(made: tuple[str, Path], browser: Browser) -> None:
    name, site = made
    if name != "two_hundred":
        return
    page = browser.new_page(viewport={"width": 1920, "height": 1000})
    page.goto((site / "index.html").as_uri())
    settled(page)
    keep(page, "wide")
    box = page.locator("main").bounding_box()
    assert box
    assert 1000 < box["width"] < 1200
    page.close()


def overflowing(page: Page) -> list[str]:
    """Marks, bars and labels of the overview that stick out of it by more than a line's width."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".chart svg :is(rect, circle, path, text)")]
        .filter((one) => !one.closest("defs"))
        .filter((one) => { const box = one.getBoundingClientRect(), frame = one.closest("svg").getBoundingClientRect();
          return box.width && (box.left < frame.left - 6 || box.right > frame.right + 6); })
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    return found


def test_what_is_said_of_the_whole_is_so(made: tuple[str, Path], watched: Watched) -> None:
    name, site = made
    watched.page.goto((site / "index.html").as_uri())
    settled(watched.page)
    dek = watched.page.locator("#dek").inner_text()
    said = {
        "three": "3 dated statements from 1 document, 1868 to 2025.",
        "one": "1 dated statement from 1 document, 4 March 2025.",
        "none": "1 document was read; there is no dated statement in it.",
        "a_thousand_on_one_day": "1,000 dated statements from 1 document, 1 March 2024.",
        "all_on_one_day": "30 dated statements from 1 document, 1 March 2024.",
        "far_apart": "5 dated statements from 1 document, 3000 BC to 9999.",
    }
    assert dek == said.get(name, dek)
    if name == "a_thousand_on_one_day":  # no zoom would tell them apart
        expect(watched.page.locator(".tools .say")).to_contain_text("too many on one day to draw")
    if name == "all_on_one_day":
        expect(watched.page.locator(".lanes a")).to_have_count(30)


def test_it_prints_as_a_sourced_chronology(made: tuple[str, Path], watched: Watched) -> None:
    name, site = made
    if name not in ("three", "two_hundred"):
        return
    page = watched.page
    page.goto((site / "index.html").as_uri())
    settled(page)
    page.emulate_media(media="print")
    for chrome in (".masthead nav", ".overview", ".filters", ".more", ".foot"):
        assert not page.locator(chrome).first.is_visible(), chrome
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    path = ARTEFACTS / f"print-{name}.pdf"
    page.pdf(path=path, format="A4")
    printed = "".join(ingest(path.read_bytes(), path.name, Hints()).document.text.split())
    quotes = page.locator(".event .what > .quote").all_inner_texts()
    sources = page.locator(".event .source").all_inner_texts()
    assert len(quotes) == len(sources) == (3 if name == "three" else 206)
    assert [quote for quote in quotes if "".join(quote.split()) not in printed] == []
    assert [source for source in sources if "".join(source.split()) not in printed] == []
    assert "Whythisdate" not in printed


def test_few_documents_are_told_apart_by_colour(tmp_path: Path, watched: Watched) -> None:
    with Store.open(tmp_path / "timeline.db") as store:
        small(store)
        for number in range(3):
            told = f"It rained on ‹DATE 2025-0{number + 3}-04|4.›. It snowed on ‹DATE 2025-0{number + 3}-09|9.›."
            put(store, f"{number}.txt", extraction(told, title=f"Weather {number}", dct=date(2025, 9, 1)))
        Site(store, tmp_path / "site").refresh()
    page = watched.page
    page.goto((tmp_path / "site" / "index.html").as_uri())
    settled(page)
    expect(page.locator(".legend .key")).to_have_count(4)
    hues = page.locator(".band-chart path.bar").evaluate_all("(all) => all.map((one) => one.getAttribute('class'))")
    assert sorted(hues) == ["bar hue-1", "bar hue-2", "bar hue-3", "bar hue-4"]
    key = page.get_by_role("button", name="Weather 1")
    expect(key).to_contain_text("2")
    key.click()
    expect(page.locator(".event:visible")).to_have_count(2)
    expect(page.get_by_role("button", name="Weather 1")).to_have_attribute("aria-pressed", "true")
    assert "source=" in page.url
    page.get_by_role("button", name="Weather 1").click()
    expect(page.locator(".event:visible")).to_have_count(16)
    assert axe_violations(page) == []
    keep(page, "by-source")


def test_a_mark_leads_to_the_page_its_statement_stands_on(tmp_path: Path, watched: Watched) -> None:
    with Store.open(tmp_path / "timeline.db") as store:
        identity = put(store, "long.txt", extraction("Nothing happened. " * 23_000 + OPENED, title="Long"))
        Site(store, tmp_path / "site").refresh()
    watched.page.goto((tmp_path / "site" / "index.html").as_uri())
    settled(watched.page)
    mark = watched.page.locator(".lanes a")
    target, _, anchor = str(mark.get_attribute("href")).partition("#")
    assert target == f"documents/{identity}.2.html"
    assert f'id="{anchor}"' in (tmp_path / "site" / target).read_text()
    card = watched.page.locator(".event .source a").get_attribute("href")
    assert card == f"{target}#{anchor}"
