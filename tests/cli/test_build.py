"""`timeline build`: once, through the real queue, and it ends by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import descendants, timeline, wait_until
from workers.processes import is_alive
from workers.state import only_one

pytestmark = [pytest.mark.redis, pytest.mark.slow]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with two documents and a file that is ignored."""
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "2024-03-15-bridge.txt").write_text("The bridge was closed on 6 November 2023.")
    (folder / "deep" / "2024-03-16-tunnel.txt").write_text("The tunnel opened three days ago.")
    (folder / "notes.txt~").write_text("left by an editor")
    return folder


def test_every_document_is_accounted_for_and_the_pages_stand(papers: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in [papers, *papers.rglob("*")]}
    done = timeline("build", str(papers), "--site", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert "3 in = 2 done + 0 failed + 0 withdrawn + 1 ignored" in done.stdout
    index = (tmp_path / "site" / "index.html").read_text()
    assert "6 November 2023" in index
    assert "three days ago" in index
    assert {path: path.stat().st_mtime_ns for path in [papers, *papers.rglob("*")]} == before


def test_files_and_folders_of_any_place_make_one_timeline_and_a_failure_makes_code_3(
    papers: Path, tmp_path: Path
) -> None:
    single = tmp_path / "elsewhere" / "2024-03-17-mast.txt"
    single.parent.mkdir()
    single.write_text("The mast fell on 1 January 2022.")
    broken = tmp_path / "2024-03-18-empty.txt"
    broken.write_text("")
    done = timeline(
        "build",
        str(papers),
        str(single),
        str(broken),
        "--site",
        str(tmp_path / "site"),
        "--data",
        str(tmp_path / "data"),
    )
    assert done.returncode == 3, done.stderr
    assert "5 in = 3 done + 1 failed + 0 withdrawn + 1 ignored" in done.stdout
    assert "2024-03-18-empty.txt" in done.stderr
    failures = timeline("failures", "--data", str(tmp_path / "data")).stdout
    assert "2024-03-18-empty.txt" in failures


def test_a_kept_store_goes_on_where_it_was(papers: Path, tmp_path: Path) -> None:
    where = ("--site", str(tmp_path / "site"), "--data", str(tmp_path / "data"))
    assert timeline("build", str(papers), *where).returncode == 0
    (papers / "2024-03-17-mast.txt").write_text("The mast fell on 1 January 2022.")
    again = timeline("build", str(papers), *where)
    assert "4 in = 3 done + 0 failed + 0 withdrawn + 1 ignored" in again.stdout
    assert "1 January 2022" in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_broken_off_leaves_nothing_running(papers: Path, tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-m", "timeline", "build", str(papers), "--site", str(tmp_path / "site")]
    build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(descendants(build.pid)) >= 4, "its roles")
    time.sleep(0.3)
    family = descendants(build.pid)
    os.kill(build.pid, number)
    assert build.wait(20) == (130 if number == signal.SIGINT else -number)
    wait_until(lambda: not any(map(is_alive, family)), "every process gone", 5)


def test_what_killed_builds_left_is_removed_and_what_runs_is_not(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for name, age in (("old", 7200), ("held", 7200), ("young", 60)):
        folder = tmp_path / f"timeline-build-{name}"
        folder.mkdir()
        (folder / "timeline.db").write_text("")
        os.utime(folder, (time.time() - age, time.time() - age))
    with only_one(tmp_path / "timeline-build-held"):
        held = tmp_path / "timeline-build-held"
        os.utime(held, (time.time() - 7200, time.time() - 7200))
        assert timeline("build", str(papers), "--site", str(tmp_path / "site")).returncode == 0
    assert sorted(path.name for path in tmp_path.glob("timeline-build-*")) == [
        "timeline-build-held",
        "timeline-build-young",
    ]


def test_pages_are_not_written_into_what_is_read(papers: Path, tmp_path: Path) -> None:
    done = timeline("build", str(papers), "--site", str(papers / "site"))
    assert done.returncode == 2
    assert "choose another --site" in done.stderr
    assert not (papers / "site").exists()


def test_what_is_not_there_is_said_before_anything_starts(tmp_path: Path) -> None:
    done = timeline("build", str(tmp_path / "nothing"), "--site", str(tmp_path / "site"))
    assert done.returncode == 2
    assert done.stderr.strip() == f"timeline: {tmp_path}/nothing does not exist; name documents or folders of documents"
