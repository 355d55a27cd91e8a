"""Hostile and damaged input: read, or failed with a reason a person can act on; never a crash, never a hang."""

import contextlib
import io
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pypdf
import pytest
from making import compound, mail, mailbox, pdf, saved_page, tarred, word, workbook, zipped
from PIL import Image

from timeline.errors import UnreadableError
from timeline.model import Hints
from timeline.reading import read

FILES = Path(__file__).parent / "files"
FILED = Hints(file_time=datetime(2026, 11, 25, 12, 0))  # noqa: DTZ001  file times are local
MADE = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001
MANY = 1_000_000
LONG = 400_000


def picture() -> bytes:
    """A PNG without a word on it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def pages_of_nothing(count: int) -> bytes:
    """A PDF of blank pages, or of none."""
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def entity_bomb() -> bytes:
    """Ten entities, each ten of the one before."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY e0 "ha">{entities}]><l>&e9;</l>'.encode()


def swollen_word() -> bytes:
    """A Word document that unpacks to 600 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as stream:
            for _ in range(600):
                stream.write(b" " * (1 << 20))
    return out.getvalue()


def locked_opendocument() -> bytes:
    """An OpenDocument text under a password: its manifest says so."""
    manifest = (
        b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    files = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": manifest,
        "content.xml": b"\x8f\x01",
    }
    return zipped(files)


def locked_zip() -> bytes:
    """A zip whose only member is flagged as encrypted."""
    data = bytearray(zipped({"a.txt": b"It rose."}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("locked.pdf", lambda: pdf([["It rose."]], password="secret"), "encrypted: remove the password"),
    ("locked.docx", lambda: compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"}), "encrypted: remove the password"),
    ("locked.odt", locked_opendocument, "encrypted: remove the password"),
    ("locked.doc", lambda: compound({"WordDocument": b"\xec\xa5" + bytes(8) + b"\x00\x01" + bytes(5000)}), "encrypted: remove the password"),
    ("locked.xls", lambda: compound({"Workbook": b"\x09\x08\x04\x00abcd\x2f\x00\x04\x00efgh" + bytes(5000)}), "encrypted: remove the password"),
    ("locked.ppt", lambda: compound({"PowerPoint Document": b"x", "EncryptedSummary": b"y"}), "encrypted: remove the password"),
    ("locked.zip", locked_zip, "encrypted: remove the password"),
    ("cut.pdf", lambda: pdf([["It rose."]])[:200], "cut off"),
    ("cut.docx", lambda: word(["It rose."], created=MADE)[:3000], "cut off"),
    ("cut.odt", lambda: (FILES / "flood.odt").read_bytes()[:3000], "cut off"),
    ("cut.doc", lambda: (FILES / "flood.doc").read_bytes()[:600], "cut off"),
    ("cut.xlsx", lambda: workbook([["It rose."]], created=MADE)[:900], "cut off"),
    ("cut.tar.gz", lambda: tarred({"a.txt": b"It rose."})[:40], "cut-off"),
    ("cut.png", lambda: picture()[:60], "cut off|picture"),
    ("none.pdf", lambda: pages_of_nothing(0), "no pages|cut off"),
    ("blank.pdf", lambda: pages_of_nothing(3), "no text: scanned"),
    ("not.pdf", lambda: b"\x00\x01\x02" * 50, "not a PDF, or a damaged one"),
    ("not.docx", lambda: b"\x00\xff\x02" * 50, "not a Word document, or a damaged one"),
    ("bomb.xml", entity_bomb, "entities that expand without end"),
    ("bomb.zip", lambda: zipped({"a.txt": b"0" * (101 << 20)}), "zip bomb"),
    ("bomb.docx", swollen_word, "zip bomb"),
    ("empty.zip", lambda: zipped({}), "nothing to read in it"),
    ("junk.zip", lambda: zipped({".DS_Store": b"x"}), "nothing to read in it"),
    ("talk.mp4", lambda: b"\0\0\0\x20ftypisom" + bytes(100), "video"),
    ("song.mp3", lambda: b"ID3" + bytes(100), "recording"),
    ("a.rar", lambda: b"Rar!\x1a\x07" + bytes(100), "pack it again as .zip"),
    ("a.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "pack it again as .zip"),
    ("data.db", lambda: b"SQLite format 3\0" + bytes(100), "export what you need as CSV"),
    ("a.exe", lambda: b"MZ\x90\0" + bytes(100), "a program"),
    ("empty.html", lambda: b"<html><body></body></html>", "without text"),
    ("empty.eml", lambda: mail("", date=None), "without text"),
    ("empty.mbox", lambda: b"From a Thu Nov  6 10:15:00 2025\nX: y\n\n", "no text|without a readable"),
    ("empty.srt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\n\n", "without a line of speech"),
    ("empty.mhtml", lambda: saved_page(b"", saved="Fri, 15 Mar 2024 10:00:00 -0000"), "empty|without"),
    ("empty.csv", lambda: b",,,\n,,,\n", "no text"),
    ("empty.docx", lambda: word([], created=MADE), "no text"),
]  # fmt: skip
# ruff: noqa: E501, S106 — one case a line reads better than ten


@pytest.mark.parametrize(("name", "make", "reason"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_fails_with_a_reason(name: str, make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        read(make(), name, FILED)
    assert str(caught.value).startswith(name)
    assert len(str(caught.value)) < 220


def test_a_picture_named_pdf_is_taken_for_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nonexistent")
    with pytest.raises(UnreadableError, match=r"install tesseract|no text was found"):
        read(picture(), "scan.pdf", FILED)


def test_a_page_of_a_million_nested_tags_is_read_without_them() -> None:
    data = b"<html><body>" + b"<div>" * MANY + b"The river rose in May 2024." + b"</div>" * MANY
    assert "The river rose in May 2024." in read(data, "deep.html", FILED).text


def test_a_mail_of_a_million_nested_tags_ends() -> None:
    data = mail("", html="<div>" * MANY + "It rose in May 2024.")
    with pytest.raises(UnreadableError, match="without text"):
        read(data, "deep.eml", FILED)


def test_a_name_of_a_thousand_nested_comments_is_refused() -> None:
    data = mail("It rose in May 2024.", attachments={"a.txt": b"x"})
    with pytest.raises(UnreadableError, match="nested too deeply"):
        read(data.replace(b"filename=", b"(" * 5000 + b"filename="), "deep.eml", FILED)


def test_json_of_a_million_brackets_ends() -> None:
    assert "not valid JSON: read as text" in read(b"[" * MANY, "deep.json", FILED).notes


def test_nothing_outside_a_document_is_read() -> None:
    data = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><l><p>It rose &x; today.</p></l>'
    )
    assert read(data, "outside.xml", FILED).text == "It rose today."


def test_a_pdf_of_many_pages_is_read_whole() -> None:
    data = pdf([[f"On page {n} it is said that the river rose in {1000 + n}."] for n in range(1, 2001)])
    document = read(data, "long.pdf", FILED)
    assert len(document.pages) == 2000
    assert document.text[document.pages[1233] :].startswith("On page 1234")


def test_a_mailbox_of_many_mails_is_read() -> None:
    one = mail("See you tomorrow.", date="Fri, 3 May 2024 10:00:00 +0200")
    document = read(mailbox([one] * 3000), "many.mbox", FILED)
    assert document.metadata["mails"] == "3000"
    assert len(document.segments) == 3000


def test_macros_are_not_run_and_do_not_keep_the_text_from_being_read() -> None:
    source = io.BytesIO(word(["It rose in May 2024."], created=MADE))
    with zipfile.ZipFile(source, "a") as package:
        package.writestr("word/vbaProject.bin", compound({"VBA": b'Sub AutoOpen()\nShell "touch ran"\nEnd Sub'}))
    assert "May 2024" in read(source.getvalue(), "macro.docm", FILED).text


@pytest.mark.parametrize(
    "name",
    [
        "line\nbreak.txt",
        "quo\"te's.txt",
        "\u202etxt.exe.txt",
        "x" * 251 + ".txt",
        "\udcff\udcfe.txt",
        " .txt",
        ".txt",
        "..",
        "a/b\\c.txt",
        "\x00.txt",
    ],
)
def test_odd_names_are_borne(name: str) -> None:
    document = read(b"It rose in May 2024, and stayed up.", name, FILED)
    assert document.title == "It rose in May 2024, and stayed up."
    assert read(b"It rose,", name, FILED).title.isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b"a" * LONG,
        b" " * LONG + b"x",
        b"\n" * LONG + b"hi there",
        b"A: b\n" * (LONG // 4),
        b"---\n" + b"a: b\n" * (LONG // 4),
        b"# " * (LONG // 4),
        b"-" * (LONG // 4),
        b"1" * (LONG // 4),
        b"1." * (LONG // 4),
        b"2024-" * (LONG // 4),
        b"<" * (LONG // 4),
        b"<!--" * (LONG // 4),
        b"[a](" * (LONG // 4),
        b"|a" * (LONG // 4),
        b"**a" * (LONG // 4),
        b"((((" * (LONG // 4),
        b"Aa " * (LONG // 4),
        b"From " * (LONG // 4),
    ],
    ids=lambda data: data[:6].decode(),
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.rst", "a.tex", "a.csv", "a.eml", "a.srt"])
def test_monotonous_text_takes_no_time(data: bytes, name: str) -> None:
    with contextlib.suppress(UnreadableError):
        read(data, name, FILED)


@pytest.mark.parametrize(
    "name", ["flood.doc", "flood.odt", "flood.rtf", "flood.epub", "flood.pdf", "costs.ods", "talk.odp"]
)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    whole = (FILES / name).read_bytes()
    chance = random.Random(name)  # noqa: S311  the same damage every time
    for _ in range(25):
        data = bytearray(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.4 else whole)
        for _ in range(10):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(UnreadableError):
            document = read(bytes(data), name, FILED)
            assert all(start <= len(document.text) for start in document.pages)


@pytest.mark.skipif(sys.platform != "linux", reason="nothing can be written into /proc, even by root")
def test_a_library_that_cannot_be_loaded_is_no_damage_to_the_document() -> None:
    code = (
        "import sys; from pathlib import Path; from timeline.reading import read; from timeline.errors import UnreadableError\n"
        "try: read(Path(sys.argv[1]).read_bytes(), 'flood.pdf')\n"
        "except UnreadableError as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(FILES / "flood.pdf")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "TMPDIR": "/proc"})
    assert "through no fault of its own: the PDF library cannot be loaded" in shown.stdout
    assert "TMPDIR" in shown.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="nothing can be written into /proc, even by root")
def test_a_process_that_is_warm_reads_on_when_the_temporary_folder_is_full() -> None:
    code = (
        "import os, sys; from pathlib import Path; from timeline.reading import read, warm_up\n"
        "warm_up(); os.environ['TMPDIR'] = '/proc'\n"
        "print(len(read(Path(sys.argv[1]).read_bytes(), 'flood.pdf').text))"
    )
    shown = subprocess.run([sys.executable, "-c", code, str(FILES / "flood.pdf")], capture_output=True, text=True)
    assert int(shown.stdout) > 100, shown.stderr


def test_reading_leaves_nothing_behind_and_asks_nobody(tmp_path: Path) -> None:
    """kreuzberg would keep what it recognised in a cache of its own, and fetch models where tesseract fails."""
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pages_of_nothing(2))
    code = (
        "import sys; from pathlib import Path; import kreuzberg; from timeline.errors import UnreadableError; "
        "from timeline.reading import read\n"
        "try: read(Path(sys.argv[1]).read_bytes(), 'scan.pdf')\n"
        "except UnreadableError: print(kreuzberg.list_ocr_backends())"
    )
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "TESSDATA_PREFIX": "/nonexistent",
    }
    command = [sys.executable, "-c", code, str(scan)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert shown.stdout.strip() == "['tesseract']"
    assert [path for path in home.rglob("*") if path.is_file()] == []
