"""What lies in the inbox is looked at, told apart, and never touched."""

import os
from pathlib import Path

import pytest

from workers.inbox import File, Oddity, Root, junk, legible, look, roots_of, unspelled, walk


def seen(root: Path) -> dict[str, str]:
    """Everything below, and what was said of it ("" for a document)."""
    return {found.shown: found.reason if isinstance(found, Oddity) else "" for found in walk(Root(root))}


def test_files_are_found_in_folders_of_any_name(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    (tmp_path / "x.txt" / "deep").mkdir()
    (tmp_path / "x.txt" / "deep" / "y.md").write_text("y")
    assert seen(tmp_path) == {"x.txt/deep/y.md": ""}


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._x.txt",
        ".~lock.x.odt#",
        "~$report.docx",
        "film.part",
        "x.pdf.crdownload",
        "x.tmp",
        "Thumbs.db",
        "desktop.ini",
        "x.txt~",
        ".x.txt.swp",
        "x.filepart",
    ],
)
def test_junk_is_no_document_and_says_why(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("x")
    assert seen(tmp_path)[name]


@pytest.mark.parametrize("name", ["report.txt", "temp.txt", "partner.md", "x~y.txt", "draft.tmp.txt"])
def test_a_name_that_only_looks_like_junk_is_a_document(name: str) -> None:
    assert junk(name) is None


def test_folders_of_the_system_are_passed_by(tmp_path: Path) -> None:
    for name in ("__MACOSX", "@eaDir", ".git", ".stversions"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("x")
    assert set(seen(tmp_path)) == {"__MACOSX/", "@eaDir/", ".git/", ".stversions/"}
    assert look(Root(tmp_path), tmp_path / ".git" / "x.txt") is None


def test_links_are_followed_within_the_inbox_only(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inbox / "real.txt").write_text("real")
    (inbox / "inner.txt").symlink_to(inbox / "real.txt")
    (inbox / "outer.txt").symlink_to(tmp_path / "secret.txt")
    (inbox / "nothing.txt").symlink_to(inbox / "gone.txt")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "self.txt").symlink_to(inbox / "self.txt")
    said = seen(inbox)
    assert (said["real.txt"], said["inner.txt"]) == ("", "")
    assert "out of the inbox" in said["outer.txt"]
    assert "link to nothing" in said["nothing.txt"]
    assert "link to a folder" in said["loop"]
    assert said["self.txt"]


def test_pipes_and_sockets_are_no_documents(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert seen(tmp_path) == {"pipe": "no regular file"}


def test_names_that_are_no_text_are_spelled_and_found_again(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("x")
    assert seen(tmp_path) == {"caf\\xe9.txt": ""}
    assert unspelled(tmp_path, "caf\\xe9.txt").read_text() == "x"
    (tmp_path / "plain\\xe9.txt").write_text("y")
    assert unspelled(tmp_path, "plain\\xe9.txt").read_text() == "y"
    assert legible("naïve\n.txt") == "naïve\n.txt"


def test_several_roots_stand_before_their_paths(tmp_path: Path) -> None:
    for name in ("a", "b/a"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x.txt").write_text("x")
    roots = roots_of([tmp_path / "a", tmp_path / "b" / "a", tmp_path / "a" / "x.txt"])
    assert [found.shown for root in roots for found in walk(root)] == ["a/x.txt", "a (2)/x.txt", "x.txt"]


def test_looking_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("x")
    before = file.stat()
    found = look(Root(tmp_path), file)
    assert isinstance(found, File)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert found.mark == (1, before.st_mtime_ns, before.st_ino)
