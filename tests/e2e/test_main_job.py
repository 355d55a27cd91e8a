"""The main job as a person does it: real roles, a real private Redis, real files, a real browser."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.cli.running import Up, running, timeline, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.browser, pytest.mark.slow]

STORY = """Dam repairs drag on after 18 months of digging

In recent weeks the water has risen. The sluice has been shut since 2022, and Mayor Olsen said earlier this week that it
may be waiting for parts until next April. The 12th Regiment moved 40,000 sandbags in a single day.
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with running(tmp_path / "case") as started:
        yield started


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser.new_page()
        browser.close()


def events(up: Up) -> list[dict[str, object]]:
    """What `timeline events --json` says."""
    return list(json.loads(up.cli("events", "--json").stdout))


def status(up: Up) -> dict[str, int]:
    """Documents by state."""
    return dict(json.loads(up.cli("status", "--json").stdout)["documents"])


def settled(up: Up, expected: int) -> dict[str, int]:
    """Wait until so many documents are accounted for and none is under way; the balance is printed and asserted."""

    def is_settled() -> bool:
        counts = status(up)
        under_way = counts["queued"] + counts["working"]
        return not under_way and sum(counts.values()) >= expected

    wait_until(is_settled, f"{expected} documents settled", 60)
    counts = status(up)
    ended = {state: counts[state] for state in ("done", "failed", "withdrawn", "ignored")}
    print(f"documents in {sum(counts.values())} = " + " + ".join(f"{n} {state}" for state, n in ended.items()))
    assert sum(ended.values()) == sum(counts.values())
    return counts


def reasons(up: Up) -> dict[str, str]:
    return {item["path"]: item["reason"] for item in json.loads(up.cli("failures", "--json").stdout)}


def test_a_dropped_story_changes_an_open_page(up: Up, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(request.url) if "stream" not in request.url else None)
    page.goto(up.url)
    up.drop("2025-11-06-dam.txt", STORY)
    page.get_by_text("The sluice has been shut").first.wait_for(timeout=10_000)
    found = {event["expression"]: event for event in events(up)}
    assert set(found) == {"after 18 months", "In recent weeks", "since 2022", "earlier this week", "until next April"}
    week = found["earlier this week"]
    assert (week["value"], week["begin"], week["end"]) == ("2025-W45", "2025-11-03", "2025-11-07")
    assert "6 November 2025 (from the file name)" in week["explanation"]
    assert found["since 2022"]["end"] is None
    page.get_by_role("link", name="Dam repairs drag on after 18 months of digging", exact=True).first.click()
    page.wait_for_url("**/documents/**", timeout=10_000)
    assert page.locator("mark").count() >= len(found) + 1  # “in a single day” is marked too, though not placed
    assert settled(up, 1)["done"] == 1
    assert complaints == []


def test_every_kind_of_bad_file_ends_with_its_reason_and_disturbs_nothing(up: Up) -> None:
    inbox = up.inbox
    (inbox / "utf16.txt").write_bytes("Opened on 3 May 2021 — vraiment.".encode("utf-16"))
    (inbox / "cp1252.txt").write_bytes("Geöffnet am 3. Mai 2021. Die Straße war naß.".encode("cp1252"))
    (inbox / "broken.txt").write_bytes(b"It opened on 4 May 2021. \xff\xfe\xfa The end.")
    (inbox / "junk.txt").write_bytes(os.urandom(50_000))
    with (inbox / "huge.txt").open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)
    (inbox / "folder.txt").mkdir()
    (inbox / "folder.txt" / "inside.txt").write_text("It closed on 5 May 2021.")
    (inbox / "dangling.txt").symlink_to(inbox / "nowhere")
    (inbox / "good.txt").write_text("It burned on 6 May 2021.")
    settled(up, 8)
    wait_until(lambda: {"junk.txt", "huge.txt"} <= set(reasons(up)), "the failures")
    failed = reasons(up)
    assert all(len(reason) > 20 for reason in failed.values())
    page = (up.data / "site" / "failures.html").read_text()
    for name in failed:
        assert Path(name).name in page
    days = {event["begin"] for event in events(up) if event["begin"]}
    assert {"2021-05-03", "2021-05-04", "2021-05-05", "2021-05-06"} <= days
    assert json.loads(up.cli("status", "--json").stdout)["healthy"]


def test_same_bytes_are_one_document_and_changes_and_removals_follow(up: Up) -> None:
    up.drop("one.txt", "The gate opened on 7 May 2021.")
    settled(up, 1)
    up.drop("copy-of-one.txt", "The gate opened on 7 May 2021.")
    wait_until(lambda: "copy-of-one" in up.cli("explain", "copy-of-one.txt").stdout, "the second path")
    assert settled(up, 1)["done"] == 1
    assert len(events(up)) == 1
    up.drop("one.txt", "The gate opened on 8 May 2021.")
    wait_until(lambda: any(e["begin"] == "2021-05-08" for e in events(up)), "the changed text")
    (up.inbox / "copy-of-one.txt").unlink()
    wait_until(lambda: {e["begin"] for e in events(up)} == {"2021-05-08"}, "the old text withdrawn")
    (up.inbox / "one.txt").unlink()
    wait_until(lambda: events(up) == [], "the file withdrawn")
    assert settled(up, 2)["withdrawn"] == 2
    up.drop("again.txt", "The gate opened on 8 May 2021.")
    wait_until(lambda: len(events(up)) == 1, "the file back")


def test_same_bytes_named_with_two_dates_are_two_documents(up: Up) -> None:
    for day in ("2009-05-07", "2009-06-11"):
        up.drop(f"{day}.txt", "The clinic closed yesterday.")
    settled(up, 2)
    assert {event["begin"] for event in events(up)} == {"2009-05-06", "2009-06-10"}


def test_a_corrected_date_moves_what_hangs_on_it(up: Up) -> None:
    up.drop("2020-01-10.txt", "The bridge fell yesterday.")
    settled(up, 1)
    (event,) = events(up)
    document = event["document"]
    assert isinstance(document, dict)
    assert up.cli("redate", document["id"], "2021-03-02").returncode == 0
    wait_until(lambda: events(up)[0]["begin"] == "2021-03-01", "the moved event")
    assert events(up)[0]["id"] == event["id"]
    assert "corrected" in events(up)[0]["explanation"]


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    case = tmp_path / "case"
    with running(case) as up:
        for number in range(40):
            up.drop(f"2024-01-{number % 28 + 1:02d}-{number}.txt", f"Number {number} was signed two days ago.")
    with running(case) as up:
        settled(up, 40)
        found = events(up)
        assert len(found) == 40
        assert len({event["id"] for event in found}) == 40


def test_build_finishes_and_tells_failures_by_its_exit_code(tmp_path: Path) -> None:
    case = tmp_path / "documents"
    case.mkdir()
    (case / "2024-03-15.txt").write_text("It began three days ago.")
    good = timeline("build", str(case), "--site", str(tmp_path / "site"))
    assert good.returncode == 0, good.stderr
    assert "12 March 2024" in "".join(p.read_text() for p in (tmp_path / "site").rglob("*.html"))
    (case / "noise.txt").write_bytes(os.urandom(20_000))
    bad = timeline("build", str(case), "--site", str(tmp_path / "site2"))
    assert bad.returncode == 3
    assert "2 in = 1 done + 1 failed + 0 withdrawn + 0 ignored" in bad.stdout + bad.stderr


def test_the_samples_become_one_timeline_in_true_order(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[2] / "seeds"
    paths = [str(path) for path in sorted(seeds.iterdir()) if path.name != "README.md"]
    built = timeline("build", *paths, "--site", str(tmp_path / "site"), "--data", str(tmp_path / "data"))
    assert built.returncode == 0, built.stderr
    events = json.loads(timeline("events", "--json", "--data", str(tmp_path / "data")).stdout)
    dated = {event["document"]["path"].rpartition("/")[2]: event["document"]["dct"] for event in events}
    assert dated["1066-and-after.txt"] == "2019-05-02"
    assert dated["ferry-enquiry.eml"] == "2025-02-18"
    assert date.fromisoformat(dated["2023-10-05-rathaus.txt"]) == date(2023, 10, 5)
    romans = [event for event in events if event["expression"] == "of 44 BC"]
    assert not romans or events.index(romans[0]) == 0
    begins = [event["begin"] for event in events if event["begin"] and event["begin"][0].isdigit()]
    years = [int(begin[:4]) for begin in begins]
    assert years == sorted(years)
