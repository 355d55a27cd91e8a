"""What the pages say, and that nothing in a document can break out of them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_store import HOSTILE, STORY, documents, extraction, fill, put, small

from timeline.model import DctSource
from timeline.rendering import Site
from timeline.rendering.addresses import chunk_href, document_href, period_href, year_of
from timeline.rendering.axis import axis, bars
from timeline.rendering.pages import period_table
from timeline.store import Arrival, Bin, Progress, Store
from timeline.temporal.bounds import instant


class Outline(HTMLParser):
    """Ids, links and element names of a page; fails on what is not closed."""

    VOID = frozenset("meta link input br img hr".split())

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []
        self.open: list[str] = []
        self.styled: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src") and value:
                self.links.append(value)
            if name == "style":
                self.styled.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "timeline.db") as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def every_page(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_well_formed_and_every_link_leads_somewhere(store: Store, site: Path) -> None:
    fill(store, documents(30, 900, years=3))
    small(store)
    store.ignore([("~$draft.docx", "lock file of an office program")], 1.0)
    Site(store, site).refresh()
    for page in every_page(site):
        outline = Outline(page.read_text())
        assert not outline.open, page
        assert len(outline.ids) == len(set(outline.ids)), page
        assert not outline.styled, page  # the policy forbids style attributes
        for link in outline.links:
            path, _, anchor = link.partition("#")
            target = (page.parent / path.partition("?")[0]).resolve() if path else page
            if target.name in ("status", "search") or "original" in link:
                continue  # served only, and hidden elsewhere
            assert target.is_file(), (page.name, link)
            if anchor and target.suffix == ".html":
                assert f'id="{anchor}"' in target.read_text(), (page.name, link)


def test_a_card_says_the_date_as_a_person_does(store: Store, site: Path) -> None:
    small(store)
    Site(store, site).refresh()
    html = (site / "index.html").read_text()
    assert '<time datetime="2025-11-03">3–6 November 2025</time>' in html
    assert "<bdi>“earlier this week”</bdi>" in html
    assert "<mark>earlier this week</mark>" in html
    assert "6 November 2025, from the file name" in html
    assert "counted from the document’s date" in html
    assert "51 years without an event" in html


def test_a_date_that_comes_from_the_file_time_alone_is_a_warning(store: Store, site: Path) -> None:
    put(store, "a.txt", extraction(STORY, source=DctSource.FILE_TIME))
    Site(store, site).refresh()
    assert '<b class="weak">only from the file’s time</b>' in (site / "index.html").read_text()
    (page,) = (site / "documents").glob("*.html")
    assert "Nothing in this document says when it was written" in page.read_text()


def test_nothing_in_a_document_breaks_out(store: Store, site: Path) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x00\x1b\ud800"
    put(store, f"{nasty[:-1]}.txt", extraction(HOSTILE, name="x.txt", title=nasty[:-1]))
    Site(store, site).refresh()
    for page in every_page(site):
        html = page.read_text()
        outline = Outline(html)
        assert not outline.open
        assert "img" not in outline.names
        assert outline.names.count("script") <= 2, page  # ours, and the data it starts with
        assert "\x00" not in html
    (page,) = (site / "documents").glob("*.html")
    assert "{{ 7*7 }}" in page.read_text()
    for data in (site / "data").rglob("*.js"):
        assert "</script" not in data.read_text()
        assert data.read_text().isascii()


def test_two_documents_that_share_a_text_have_different_anchors(store: Store, site: Path) -> None:
    put(store, "2025-11-06-a.txt", extraction(STORY))
    put(store, "2025-11-07-b.txt", extraction(STORY, dct=date(2025, 11, 7)))
    Site(store, site).refresh()
    ids = Outline((site / "index.html").read_text()).ids
    assert len(ids) == len(set(ids))


def test_a_document_page_marks_every_mention_and_explains_it(store: Store, site: Path) -> None:
    identity = put(store, "2025-11-06-bridge.txt", extraction(STORY, title="The bridge"))
    Site(store, site).refresh()
    html = (site / document_href(identity)).read_text()
    assert html.count("<mark>") == 11
    assert '<a class="m m-duration unplaced" id="m-' in html
    assert "the text ties it to no date" in html
    for row in store.events(document=identity):
        assert f'id="e-{row.event.id}"' in html


def test_a_very_long_text_is_cut_into_parts_whose_links_hold(store: Store, site: Path) -> None:
    long = ("The pier was repaired again and again. " * 12_000) + STORY
    identity = put(store, "long.txt", extraction(long))
    Site(store, site).refresh()
    assert (site / f"documents/{identity}.2.html").is_file()
    html = (site / f"documents/{identity}.2.html").read_text()
    for link in Outline((site / "index.html").read_text()).links:
        if "#e-" in link:
            assert link.startswith(f"documents/{identity}.2.html#")
            assert f'id="{link.partition("#")[2]}"' in html


def test_failures_and_ignored_files_are_told_with_their_reasons(store: Store, site: Path) -> None:
    store.register([Arrival("secret.pdf", None, 0, failed="it is encrypted: save it without a password")], 1.0)
    store.ignore([("~$draft.docx", "lock file of an office program")], 1.0)
    Site(store, site).refresh()
    html = (site / "failures.html").read_text()
    assert "secret.pdf" in html
    assert "save it without a password" in html
    assert "lock file of an office program" in html
    assert "could not be read" in (site / "index.html").read_text()


def test_an_empty_timeline_says_what_to_do(store: Store, site: Path) -> None:
    Site(store, site).refresh()
    assert "Put documents into the watched folder" in (site / "index.html").read_text()


def test_a_crowded_timeline_is_cut_into_periods_of_at_most_250(store: Store, site: Path) -> None:
    fill(store, documents(60, 3000, years=2))
    Site(store, site).refresh()
    found = set()
    for page in (site / "periods").rglob("*.html"):
        cards = re.findall(r'class="event" id="[^"]+" data-id="(\w+)"', page.read_text())
        assert len(cards) <= 250
        found |= set(cards)
    assert found == {row.event.id for row in store.events()}
    assert (site / "index.html").stat().st_size < 400_000


def test_a_crowded_day_is_numbered(store: Store, site: Path) -> None:
    text = "".join(f"Item {n} was signed on ‹DATE 2024-03-15|15 March 2024›. " for n in range(600))
    put(store, "list.txt", extraction(text))
    Site(store, site).refresh()
    parts = sorted(path.name for path in (site / "periods/2024").glob("03-15*.html"))
    assert parts == ["03-15.2.html", "03-15.3.html", "03-15.html"]


def test_one_new_document_touches_only_its_periods(store: Store, site: Path) -> None:
    fill(store, documents(60, 3000, years=2))
    pages = Site(store, site)
    pages.refresh()
    before = {path: path.stat().st_mtime_ns for path in every_page(site)}
    put(store, "new.txt", extraction("It closed on ‹DATE 2024-05-06|6 May 2024›."))
    pages.refresh()
    changed = {str(p.relative_to(site)) for p in every_page(site) if before.get(p) != p.stat().st_mtime_ns}
    assert "index.html" in changed
    assert not {name for name in changed if name.startswith("periods/") and "2024" not in name}
    assert len(changed) < 12, changed


def test_a_withdrawn_document_takes_its_pages_events_away(store: Store, site: Path) -> None:
    pages = Site(store, site)
    small(store)
    put(store, "old.txt", extraction("It was founded in ‹DATE 1720|1720›."))
    pages.refresh()
    assert (site / "periods/1720.html").is_file()
    store.gone(["old.txt"], 2.0)
    pages.refresh()
    assert not (site / "periods/1720.html").exists()
    assert "1720" not in (site / "index.html").read_text().replace('"17', "")
    for page in every_page(site):
        assert "periods/1720" not in page.read_text()


def test_changes_are_numbered_and_told_last(store: Store, site: Path) -> None:
    pages = Site(store, site)
    pages.refresh()
    first = json.loads((site / "changes.json").read_text())
    pages.refresh()
    assert json.loads((site / "changes.json").read_text()) == first  # nothing happened
    small(store)
    pages.refresh()
    second = json.loads((site / "changes.json").read_text())
    assert second["version"] > first["version"]
    assert second["pages"] > first["pages"]
    assert second["events"] == 10
    assert second["documents"]["done"] == 1


def test_how_fast_it_goes_is_told_while_something_waits(store: Store, site: Path) -> None:
    small(store)
    pages = Site(store, site)
    pages.refresh(progress=Progress(waiting=30, finished=60, rate=1.0, seconds_left=30.0, oldest_waiting=2.0))
    said = json.loads((site / "changes.json").read_text())
    assert (said["rate"], said["seconds_left"]) == (1.0, 30)
    pages.refresh(progress=Progress(waiting=0, finished=60, rate=1.0, seconds_left=None, oldest_waiting=None))
    said = json.loads((site / "changes.json").read_text())
    assert (said["rate"], said["seconds_left"]) == (None, None)


def test_rendering_goes_on_where_it_was_broken_off(store: Store, site: Path) -> None:
    fill(store, documents(100, 200))
    pages = Site(store, site)
    looks = iter([False] * 5)
    broken_off = pages.refresh(is_over=lambda: next(looks, True))
    assert (site / "index.html").is_file()  # what everybody looks at comes first
    assert store.dirty_pages(1)
    assert 0 < broken_off < Site(store, site).refresh()
    assert not store.dirty_pages(1)
    assert len(list((site / "documents").glob("*.html"))) == 100


@pytest.mark.parametrize(
    ("is_settled", "boot", "is_made_good"),
    [(False, "the same", False), (False, "another", True), (True, "another", False)],
)
def test_pages_that_a_power_cut_may_have_emptied_are_made_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_settled: bool, boot: str, is_made_good: bool
) -> None:
    monkeypatch.setattr("timeline.rendering.files._boot", lambda: "the same")
    small(store)
    pages = Site(store, tmp_path)
    pages.refresh()
    if is_settled:
        pages.settle()
    index = tmp_path / "index.html"
    whole = index.read_text()
    index.write_text("")  # as a file system leaves a page that was replaced and never reached the disk
    monkeypatch.setattr("timeline.rendering.files._boot", lambda: boot)
    Site(store, tmp_path).refresh()
    assert index.read_text() == (whole if is_made_good else "")


def test_what_somebody_waits_for_is_made_before_a_backlogs_pages(store: Store, site: Path) -> None:
    fill(store, documents(40, 400, years=6))
    identity = put(store, "new.txt", extraction("It closed on ‹DATE 2030-05-06|6 May 2030›."), fresh=True)
    Site(store, site).refresh(is_over=lambda: True)
    assert {path.name for path in (site / "documents").iterdir()} == {f"{identity}.html"}
    # 2025 is its neighbour now, and the two point to each other.
    assert {path.name for path in (site / "periods").glob("*.html")} == {"2030.html", "2025.html"}
    assert "It closed on" in (site / "data/all.js").read_text()
    assert not any(key in ("index", "data", f"document:{identity}", "day:2030-05-06") for key in store.dirty_pages(999))


def test_what_stands_on_one_page_is_made_together(store: Store, site: Path) -> None:
    for day in range(1, 29):
        put(store, f"{day}.txt", extraction(f"It rained on ‹DATE 2019-03-{day:02}|{day} March 2019›."))
    put(store, "other.txt", extraction("It snowed on ‹DATE 2017-01-05|5 January 2017›."))
    put(store, "new.txt", extraction("It closed on ‹DATE 2019-03-14|14 March 2019›."), fresh=True)
    Site(store, site).refresh(is_over=lambda: True)
    page = (site / "periods/2019.html").read_text()
    assert page.count('class="event"') == 29
    assert [key for key in store.dirty_pages(999) if key.startswith("day:")] == ["day:2017-01-05"]


def test_days_that_share_no_page_are_not_made_together(store: Store, site: Path) -> None:
    fill(store, documents(60, 3000, years=2))
    put(store, "new.txt", extraction("It closed on ‹DATE 2025-03-14|14 March 2025›."), fresh=True)
    Site(store, site).refresh(is_over=lambda: True)
    left = {key.removeprefix("day:")[:7] for key in store.dirty_pages(9999) if key.startswith("day:")}
    assert "2025-03" not in left
    assert "2025-04" in left


def test_a_crash_before_the_data_is_put_together_is_made_good(store: Store, site: Path) -> None:
    pages = Site(store, site)
    small(store)
    pages.refresh()
    put(store, "new.txt", extraction("It closed on ‹DATE 2024-05-06|6 May 2024›."))
    store.clean_pages([key for key in store.dirty_pages(99) if key.startswith("day:")], outdated="data")
    (site / "data/all.js").unlink()
    Site(store, site).refresh()
    assert (site / "data/all.js").is_file()


def test_a_hidden_event_leaves_the_pages(store: Store, site: Path) -> None:
    pages = Site(store, site)
    small(store)
    pages.refresh()
    gone = store.events()[0].event.id
    store.hide(gone)
    pages.refresh()
    assert gone not in (site / "index.html").read_text()


def test_one_event_in_1850_does_not_flatten_2025() -> None:
    months = [(1850, 3, 1), *((2025, m, 10) for m in range(1, 12))]
    bins = [Bin(f"{y}-{m:02d}", instant(y, m), n) for y, m, n in months]
    drawn = axis(bins, "month")
    assert drawn is not None
    assert len(drawn.segments) == 2
    assert (drawn.segments[1].begin, drawn.segments[1].end) == (instant(2025), instant(2025, 12))
    columns = bars(drawn)
    assert sum(1 for bar in columns if bar.x > 50) == 11


def test_periods_have_addresses_for_any_year() -> None:
    assert period_href("2025") == "periods/2025.html"
    assert period_href("-0043-03-15", 2) == "periods/-0043/03-15.2.html"
    assert chunk_href("2025-11") == "data/2025/11.js"
    assert year_of("-0043-03") == "-0043"
    bins = [Bin(key, instant(int(key[:5]) if key[0] == "-" else int(key[:4])), 1) for key in ("-0043-03", "2025-11")]
    rows = period_table(bins)
    assert [row.name for row in rows] == ["44 BC", "2025"]
    assert rows[1].gap == "2,067 years without an event"


def test_a_few_early_years_share_a_row_and_little_of_the_axis() -> None:
    early = [Bin(f"{year}-01", instant(year), 1) for year in (1700, 1776, 1789, 1861, 1889, 1903)]
    late = [Bin(f"{year}-{month:02}", instant(year, month), 300) for year in (2010, 2011) for month in range(1, 13)]
    rows = period_table([*early, *late])
    assert [row.name for row in rows] == ["1700 – 1903", "2010", "2011"]
    drawn = axis([*early, *late], "month")
    assert drawn
    whole = sum(segment.weight for segment in drawn.segments)
    outside = sum(segment.weight for segment in drawn.segments if segment.end <= instant(2010))
    assert outside / whole < 0.15


def test_an_axis_of_three_far_days_is_broken_into_their_years_and_months() -> None:
    days = [(1868, 1, 1), (2025, 3, 4), (2025, 6, 1)]
    drawn = axis([Bin("", instant(*day), 1) for day in days], "day")
    assert drawn is not None
    assert [(s.begin, s.end) for s in drawn.segments] == [
        (instant(1868), instant(1869)),
        (instant(2025, 3), instant(2025, 4)),
        (instant(2025, 6), instant(2025, 7)),
    ]
    assert len({segment.weight for segment in drawn.segments}) == 1


def test_a_week_is_no_silence() -> None:
    drawn = axis([Bin("", instant(2025, 3, day), 1) for day in (4, 5, 20)], "day")
    assert drawn is not None
    assert len(drawn.segments) == 1


def test_a_timeline_of_one_day_does_not_claim_a_week(store: Store, site: Path) -> None:
    put(store, "one.txt", extraction("It opened on ‹DATE 2025-03-04|4 March 2025›."))
    Site(store, site).refresh()
    html = (site / "index.html").read_text()
    assert "<title>Timeline · 4 March 2025</title>" in html
    assert "from 1 document, 4 March 2025." in html
