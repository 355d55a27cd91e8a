"""The collection of dated documents: over every format, the right day by the right evidence."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from making import (
    book,
    mail,
    mailbox,
    outlook,
    page,
    pdf,
    rich_text,
    saved_page,
    slides,
    tarred,
    word,
    workbook,
    zipped,
)

from timeline.model import DctSource, Evidence, Hints
from timeline.reading import UNDATED, Told, named_date, read, sidecar_date, told_beside
from timeline.reading.parsing import Parsed

FILES = Path(__file__).parent / "files"
FILED = datetime(2026, 11, 25, 12, 0)  # noqa: DTZ001  file times are local
MADE = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001
DAY = date(2024, 3, 15)
STORY = "The river rose on Monday, and the council has met twice since then. Work on the bridge begins next week."
ARTICLE = f"<h1>The bridge</h1><p>{STORY}</p><p>It has been shut since 2023, and will stay so for a while.</p>"

F = DctSource.FRONT_MATTER
H = DctSource.HEADER
M = DctSource.METADATA
N = DctSource.FILE_NAME
L = DctSource.DATELINE
T = DctSource.TEXT
X = DctSource.FILE_TIME


def meta(**fields: str) -> str:
    """Meta elements; "__" stands for ":"."""
    return "".join(f'<meta property="{key.replace("__", ":")}" content="{value}">' for key, value in fields.items())


def linked(body: str) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{body}</script>'


# ruff: noqa: E501 — one case a line reads better than ten
# name, bytes, the day, what says so
CASES: list[tuple[str, str, Callable[[], bytes] | bytes, date, DctSource]] = [
    # plain text
    ("iso name", "2024-03-15-bridge.txt", STORY.encode(), DAY, N),
    ("compact name", "20240315_bridge.txt", STORY.encode(), DAY, N),
    ("camera name", "IMG_20240315_101500.txt", STORY.encode(), DAY, N),
    ("dotted name", "Protokoll 15.03.2024.txt", STORY.encode(), DAY, N),
    ("month name", "minutes 15 March 2024.txt", STORY.encode(), DAY, N),
    ("short year", "15-Mar-24 minutes.txt", STORY.encode(), DAY, N),
    ("american name", "March 15, 2024 minutes.txt", STORY.encode(), DAY, N),
    ("underscores", "minutes_2024_03_15.txt", STORY.encode(), DAY, N),
    ("name opens, subject follows", "2024-03-15 on the storm of 2019-10-02.txt", STORY.encode(), DAY, N),
    ("span of dates in the name", "2024-01-01_2024-12-31.txt", STORY.encode(), FILED.date(), X),
    ("ambiguous name", "03-04-2024.txt", STORY.encode(), FILED.date(), X),
    ("number in the name", "report-12345678.txt", STORY.encode(), FILED.date(), X),
    ("year in the name", "report-2024.txt", STORY.encode(), FILED.date(), X),
    ("dateline", "a.txt", f"HARROW, March 15, 2024 (Post) — {STORY}".encode(), DAY, L),
    ("dateline, abbreviated", "a.txt", f"River up\n\nHARROW, Mar. 15, 2024 — {STORY}".encode(), DAY, L),
    ("dateline, German", "a.txt", f"Köln, 15. März 2024 – {STORY}".encode(), DAY, L),
    ("dateline, French", "a.txt", f"PARIS, le 15 mars 2024 - {STORY}".encode(), DAY, L),
    ("place and date alone, Spanish", "a.txt", f"Madrid, 15 de marzo de 2024.\n{STORY}".encode(), DAY, T),
    ("dateline, Russian", "a.txt", "МОСКВА, 15 марта 2024 — Вчера вода поднялась.".encode(), DAY, L),
    ("published line", "a.txt", f"The bridge\n\nPublished: 15 March 2024\n\n{STORY}".encode(), DAY, L),
    ("published line, with a time", "a.txt", f"Posted on March 15, 2024 at 9:30 am\n{STORY}".encode(), DAY, L),
    ("updated line, German", "a.txt", f"Stand: 15.03.2024\n{STORY}".encode(), DAY, L),
    ("published below updated", "a.txt", f"Updated: 2 April 2024\nPublished: 15 March 2024\n\n{STORY}".encode(), DAY, L),
    ("published after updated", "a.txt", f"Updated 2 April 2024 10:15, first published on 15 March 2024\n{STORY}".encode(), DAY, L),
    ("updated alone, in a text", "a.txt", f"Mis à jour le 15 mars 2024 à 09h30\n{STORY}".encode(), DAY, L),
    ("updated after published, German", "a.txt", f"Erschienen am 15.03.2024, aktualisiert am 2. April 2024\n{STORY}".encode(), DAY, L),
    ("dateline, Spanish agency", "a.txt", f"MADRID, 15 mar 2024 (Agencia) – {STORY}".encode(), DAY, L),
    ("dateline, Italian", "a.txt", f"ROMA, 15 marzo 2024 - {STORY}".encode(), DAY, L),
    ("dateline, Polish", "a.txt", f"Warszawa, 15 marca 2024 r. – {STORY}".encode(), DAY, L),
    ("dateline, Ukrainian", "a.txt", "КИЇВ, 15 березня 2024 – Учора вода піднялася.".encode(), DAY, L),
    ("dateline, Dutch", "a.txt", f"AMSTERDAM, 15 maart 2024 - {STORY}".encode(), DAY, L),
    ("dateline, Portuguese", "a.txt", f"Lisboa, 15 de março de 2024 – {STORY}".encode(), DAY, L),
    ("dateline, Greek", "a.txt", "Αθήνα, 15 Μαρτίου 2024 – Το ποτάμι ανέβηκε χθες.".encode(), DAY, L),
    ("dateline, Chinese wire", "a.txt", "（北京2024年3月15日电）昨日，桥塌了。会议在星期二举行。".encode(), DAY, L),
    ("two digits either way", "15.03.24 minutes.txt", STORY.encode(), FILED.date(), X),
    ("two digits of the last century", "3-May-99 minutes.txt", STORY.encode(), date(1999, 5, 3), N),
    ("lone date", "a.txt", f"15 March 2024\n\n{STORY}".encode(), DAY, T),
    ("lone date with weekday", "a.txt", f"The board\nFriday, 15 March 2024\n\n{STORY}".encode(), DAY, T),
    ("lone date, Japanese", "a.txt", "2024年3月15日\n\n昨日、橋が壊れた。会議は火曜日です。".encode(), DAY, T),
    ("lone date, Polish", "a.txt", f"15 marca 2024 r.\n\n{STORY}".encode(), DAY, T),
    ("statement at the head", "a.txt", b"The river rose on 3 May 2019. It fell a week later.", FILED.date(), X),
    ("statement with a place", "a.txt", b"In Harrow, 3 May 2019 was a Friday like any other.", FILED.date(), X),
    ("birth date", "a.txt", b"Anna Reed, born 3 May 1919, was a nurse in Harrow.", FILED.date(), X),
    ("memo", "a.txt", f"To: the board\nFrom: Anna\nDate: 15 March 2024\nRe: bridge\n\n{STORY}".encode(), DAY, H),
    ("nothing but its time", "a.txt", STORY.encode(), FILED.date(), X),
    ("dateline beats name", "2019-05-03.txt", f"HARROW, March 15, 2024 — {STORY}".encode(), DAY, L),
    ("too early", "1066-10-14-battle.txt", STORY.encode(), FILED.date(), X),
    ("too late", "2199-01-01-plan.txt", STORY.encode(), FILED.date(), X),
    # Markdown and its kin
    ("YAML", "a.md", f"---\ntitle: The bridge\ndate: 2024-03-15T09:30:00Z\n---\n{STORY}".encode(), DAY, F),
    ("YAML, written out", "a.md", f"---\ndate: 15 March 2024\n---\n{STORY}".encode(), DAY, F),
    ("YAML, quoted, CRLF", "a.md", f'---\r\npublished: "2024-03-15"\r\n---\r\n{STORY}'.encode(), DAY, F),
    ("TOML", "a.md", f'+++\ntitle = "The bridge"\ndate = 2024-03-15\n+++\n{STORY}'.encode(), DAY, F),
    ("updated alone", "a.md", f"---\nlastmod: 2024-03-15\n---\n{STORY}".encode(), DAY, F),
    ("front matter beats the name", "2019-05-03.md", f"---\ndate: 2024-03-15\n---\n{STORY}".encode(), DAY, F),
    ("reStructuredText", "a.rst", f"Bridge\n======\n\n:date: 2024-03-15\n\n{STORY}".encode(), DAY, F),
    ("LaTeX", "a.tex", ("\\documentclass{article}\\title{B}\\date{15 March 2024}\\begin{document}" + STORY + "\\end{document}").encode(), DAY, F),
    # web pages
    ("article:published_time", "a.html", page(ARTICLE, head=meta(article__published_time="2024-03-15T23:30:00-05:00")), DAY, M),
    ("JSON-LD", "a.html", page(ARTICLE, head=linked('{"@type":"NewsArticle","datePublished":"2024-03-15"}')), DAY, M),
    ("JSON-LD in a graph", "a.html", page(ARTICLE, head=linked('{"@graph":[{"@type":"WebSite","dateCreated":"2001-01-01"},{"@type":"Article","datePublished":"2024-03-15"}]}')), DAY, M),
    ("JSON-LD, page of an article", "a.html", page(ARTICLE, head=linked('{"@graph":[{"@type":"WebPage","datePublished":"2024-03-01","dateModified":"2024-06-01"},{"@type":["NewsArticle"],"datePublished":"2024-03-15T08:00:00+01:00"}]}')), DAY, M),
    ("JSON-LD in a list, an event beside it", "a.html", page(ARTICLE, head=linked('[{"@type":"Event","dateCreated":"2019-01-01"},{"@type":"BlogPosting","datePublished":"2024-03-15"}]')), DAY, M),
    ("JSON-LD against its meta", "a.html", page(ARTICLE, head=linked('{"@type":"Article","datePublished":"2024-03-15"}') + meta(article__published_time="2024-03-14")), DAY, M),
    ("published beats modified", "a.html", page(ARTICLE, head=meta(article__modified_time="2024-09-09", article__published_time="2024-03-15")), DAY, M),
    ("modified alone", "a.html", page(ARTICLE, head=meta(article__modified_time="2024-03-15")), DAY, M),
    ("Dublin Core", "a.html", page(ARTICLE, head='<meta name="DC.date.issued" content="2024-03-15">'), DAY, M),
    ("time element", "a.html", page(f'<time itemprop="datePublished" datetime="2024-03-15">then</time>{ARTICLE}'), DAY, M),
    ("canonical address", "a.html", page(ARTICLE, head='<link rel="canonical" href="https://post.example.org/2024/03/15/bridge">'), DAY, M),
    ("visible date line", "a.html", page(f'<p class="date">15 March 2024</p>{ARTICLE}'), DAY, L),
    ("only a copyright year", "a.html", page(ARTICLE), FILED.date(), X),
    ("broken JSON-LD", "a.html", page(ARTICLE, head=linked('{"datePublished": ') + meta(date="2024-03-15")), DAY, M),
    ("saved by SingleFile", "a.html", page(ARTICLE).replace(b"<html", b"<!--\n Page saved with SingleFile \n url: https://x.example \n saved date: Fri Mar 15 2024 10:00:00 GMT+0100\n--><html", 1), DAY, X),
    ("mhtml, saved then", "a.mhtml", saved_page(page(ARTICLE), saved="Fri, 15 Mar 2024 10:00:00 -0000"), DAY, X),
    ("mhtml, published before", "a.mhtml", saved_page(page(ARTICLE, head=meta(article__published_time="2024-03-15")), saved="Fri, 3 May 2024 10:00:00 -0000"), DAY, M),
    # PDF
    ("PDF created", "a.pdf", lambda: pdf([[STORY]], created="D:20240315093000+01'00'"), DAY, M),
    ("PDF modified alone", "a.pdf", lambda: pdf([[STORY]], modified="D:20240315093000Z"), DAY, M),
    ("PDF of the epoch", "2024-03-15.pdf", lambda: pdf([[STORY]], created="D:19700101000000Z"), DAY, N),
    ("PDF without properties", "a.pdf", lambda: pdf([["15 March 2024", "", STORY]]), DAY, T),
    ("PDF made after its file", "2024-03-15.pdf", lambda: pdf([[STORY]], created="D:20991231000000Z"), DAY, N),
    ("PDF by LibreOffice", "flood.pdf", (FILES / "flood.pdf").read_bytes(), DAY, M),
    # office
    ("docx created", "a.docx", lambda: word([STORY], created=MADE, modified=datetime(2025, 1, 1)), DAY, M),  # noqa: DTZ001
    ("docx of the template", "2024-03-15.docx", lambda: word([STORY], created=datetime(2013, 12, 23, 23, 15)), DAY, N),  # noqa: DTZ001
    ("docx of the template, changed since", "a.docx", lambda: word([STORY], created=datetime(2013, 12, 23, 23, 15), modified=MADE), DAY, M),  # noqa: DTZ001
    ("ppt", "talk.ppt", (FILES / "talk.ppt").read_bytes(), DAY, M),
    ("fodt", "flood.fodt", (FILES / "flood.fodt").read_bytes(), DAY, M),
    ("org", "flood.org", (FILES / "flood.org").read_bytes(), DAY, M),
    ("fb2", "flood.fb2", (FILES / "flood.fb2").read_bytes(), DAY, M),
    ("PDF printed by a browser", "printed.pdf", (FILES / "printed.pdf").read_bytes(), DAY, M),
    ("saved by SingleFile, published before", "singlefile.html", (FILES / "singlefile.html").read_bytes(), DAY, M),
    ("mail by mutt", "letter.eml", (FILES / "letter.eml").read_bytes(), DAY, H),
    ("mailbox by mutt", "sent.mbox", (FILES / "sent.mbox").read_bytes(), DAY, H),
    ("doc", "flood.doc", (FILES / "flood.doc").read_bytes(), DAY, M),
    ("odt", "flood.odt", (FILES / "flood.odt").read_bytes(), DAY, M),
    ("rtf", "flood.rtf", (FILES / "flood.rtf").read_bytes(), DAY, M),
    ("rtf by hand", "a.rtf", rich_text([STORY], created=MADE), DAY, M),
    ("xlsx", "a.xlsx", lambda: workbook([["When", "What"], [date(2019, 5, 3), "Bridge shut"]], created=MADE), DAY, M),
    ("xls", "costs.xls", (FILES / "costs.xls").read_bytes(), DAY, M),
    ("ods", "costs.ods", (FILES / "costs.ods").read_bytes(), DAY, M),
    ("pptx", "a.pptx", lambda: slides([("Bridge", STORY)], created=MADE), DAY, M),
    ("odp", "talk.odp", (FILES / "talk.odp").read_bytes(), DAY, M),
    ("epub", "a.epub", book([STORY], date="2024-03-15", title="The bridge"), DAY, M),
    ("epub by pandoc", "flood.epub", (FILES / "flood.epub").read_bytes(), DAY, M),
    ("csv", "2024-03-15-costs.csv", b"when,what\n2019-05-03,Bridge shut\n", DAY, N),
    # mail
    ("mail", "a.eml", mail(STORY, date="Fri, 15 Mar 2024 23:50:00 -0500"), DAY, H),
    ("mail without a date", "2024-03-15.eml", mail(STORY, date=None), DAY, N),
    ("mail of the epoch", "2024-03-15.eml", mail(STORY, date="Thu, 01 Jan 1970 00:00:00 +0000"), DAY, N),
    ("mail of the middle ages", "2024-03-15.eml", mail(STORY, date="Fri, 15 Mar 1624 10:00:00 +0000"), DAY, N),
    ("mail beats the name", "2019-05-03.eml", mail(STORY, date="Fri, 15 Mar 2024 10:00:00 +0000"), DAY, H),
    ("mailbox", "a.mbox", mailbox([mail(STORY, date="Sun, 3 Mar 2024 10:00:00 +0000"), mail(STORY, date="Fri, 15 Mar 2024 10:00:00 +0000")]), DAY, H),
    ("Outlook", "a.msg", lambda: outlook(STORY, subject="Bridge", sent=MADE), DAY, H),
    # chats and subtitles
    ("WhatsApp", "a.txt", b"[14/03/2024, 20:01:00] Anna: Tomorrow?\n[14/03/2024, 20:02:00] Bob: Yes\n[15/03/2024, 08:00:00] Anna: Now!", DAY, H),
    ("Telegram", "a.json", b'{"name":"Board","messages":[{"type":"message","date":"2024-03-15T08:00:00","from":"Anna","text":"Tomorrow?"}]}', DAY, H),
    ("Slack", "a.json", b'[{"type":"message","user":"U1","text":"Tomorrow?","ts":"1710489600.000100"}]', DAY, H),
    ("article in JSON", "a.json", ('{"title":"Bridge","date":"2024-03-15","text":"' + STORY + '"}').encode(), DAY, F),
    ("subtitles, WebVTT", "2024-03-15 talk.vtt", b"WEBVTT\n\n00:01.000 --> 00:03.000\nThe river rose yesterday.\n", DAY, N),
    ("subtitles", "2024-03-15 talk.srt", b"1\n00:00:01,000 --> 00:00:03,000\nThe river rose yesterday.\n", DAY, N),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "day", "source"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_document_is_dated_by_the_right_evidence(
    name: str, data: Callable[[], bytes] | bytes, day: date, source: DctSource
) -> None:
    document = read(data if isinstance(data, bytes) else data(), name, Hints(file_time=FILED))
    assert (document.dct, document.dct_source) == (day, source), document.evidence
    assert document.evidence[0].value == day


def test_the_collection_is_as_large_as_promised() -> None:
    assert len(CASES) >= 60


def test_all_evidence_is_kept_strongest_first() -> None:
    data = page(ARTICLE, head=meta(article__published_time="2024-03-15"))
    document = read(data, "2024-03-16.html", Hints(file_time=FILED, correction=date(2024, 3, 10)))
    assert [(item.source, item.value.day) for item in document.evidence] == [
        (DctSource.CORRECTION, 10),
        (M, 15),
        (N, 16),
        (X, 25),
    ]


def test_conflicting_dates_are_told() -> None:
    document = read(f"---\ndate: 2024-03-15\n---\n{STORY}".encode(), "2019-05-03.md", Hints(file_time=FILED))
    assert any("dates disagree" in note and "2019-05-03" in note for note in document.notes)


def test_what_is_set_aside_is_told() -> None:
    document = read(STORY.encode(), "1066-10-14-battle.txt", Hints(file_time=FILED, named_date=date(1066, 10, 14)))
    assert any("1066-10-14" in note and "set aside" in note for note in document.notes)


def test_a_sidecar_beats_what_stands_in_the_document() -> None:
    hints = Hints(named_date=DAY, named_source=DctSource.SIDECAR, file_time=FILED)
    document = read(mail(STORY, date="Fri, 3 May 2019 10:00:00 +0000"), "a.eml", hints)
    assert (document.dct, document.dct_source) == (DAY, DctSource.SIDECAR)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'{"date": "2024-03-15", "title": "x"}'),
        ("a.yaml", b"title: x\ndate: 2024-03-15\n"),
        ("a.yml", b"---\npublished: '2024-03-15'\n---\n"),
        ("a.txt.meta.toml", b'date = 2024-03-15\nsource = "post"\n'),
    ],
)
def test_a_sidecar_names_a_date(name: str, data: bytes) -> None:
    assert sidecar_date(data, name) == DAY


def test_a_sidecar_tells_title_source_and_language_too() -> None:
    data = b'title = "The flood"\nsource = "town archive"\nlanguage = "de-AT"\n'
    assert told_beside(data, "a.txt.meta.toml") == Told(None, "The flood", "town archive", "de")
    assert told_beside(b'colour = "red"', "a.txt.meta.toml") is None
    document = read(STORY.encode(), "a.txt", Hints(title="The flood", origin="town archive", file_time=FILED))
    assert (document.title, document.metadata["source"]) == ("The flood", "town archive")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", page(ARTICLE, head=meta(article__published_time="2024-03-16T01:30:00Z"))),
        (
            "a.html",
            page(ARTICLE, head=linked('{"@type":"NewsArticle","datePublished":"2024-03-16T01:30:00.123+00:00"}')),
        ),
        ("a.pdf", pdf([[STORY]], created="D:20240316013000Z")),
        ("a.docx", word([STORY], created=datetime(2024, 3, 16, 1, 30))),  # noqa: DTZ001  Word writes UTC
        ("a.json", b'[{"type":"message","user":"U1","text":"Tomorrow?","ts":"1710552600.000100"}]'),
        ("a.txt", STORY.encode()),
    ],
)
def test_moments_told_in_utc_become_days_where_the_inbox_lies(name: str, data: bytes) -> None:
    filed = datetime(2024, 3, 16, 1, 30, tzinfo=UTC)
    assert read(data, name, Hints(file_time=filed)).dct == date(2024, 3, 16)
    assert read(data, name, Hints(file_time=filed, time_zone="America/New_York")).dct == DAY


def test_a_writer_s_own_zone_is_left_alone() -> None:
    zoned = Hints(file_time=FILED, time_zone="Asia/Tokyo")
    assert read(mail(STORY, date="Fri, 15 Mar 2024 23:50:00 -0500"), "a.eml", zoned).dct == DAY
    data = page(ARTICLE, head=meta(article__published_time="2024-03-15T23:30:00-05:00"))
    assert read(data, "a.html", zoned).dct == DAY
    assert read(f"---\ndate: 2024-03-15T23:30:00Z\n---\n{STORY}".encode(), "a.md", zoned).dct == DAY  # a person's


def test_a_file_time_set_by_its_arrival_says_so() -> None:
    document = read(STORY.encode(), "a.txt", Hints(file_time=FILED, is_arrival_time=True))
    assert (document.dct_source, document.evidence[0].note) == (
        X,
        "time of the file, that of its arrival here: a copy may be much older",
    )
    assert any(note.startswith("nothing better to date it by") for note in document.notes)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"[1, 2]"),
        ("a.json", b"{"),
        ("a.yaml", b"\xff\xfe"),
        ("a.toml", b"="),
        ("a.txt", b"date: 2024-03-15"),
    ],
)
def test_what_is_no_sidecar_names_none(name: str, data: bytes) -> None:
    assert sidecar_date(data, name) is None


def test_a_member_of_an_archive_is_dated_by_its_own_name_then_by_its_time() -> None:
    data = zipped({"2019-05-03.txt": STORY.encode(), "plain.txt": STORY.encode()})
    hints = Hints(file_time=FILED)
    assert read(data, "a.zip", hints, ("2019-05-03.txt",)).dct == date(2019, 5, 3)
    plain = read(data, "a.zip", hints, ("plain.txt",))
    assert (plain.dct, plain.dct_source, plain.evidence[0].note) == (DAY, X, "time within the archive")


def test_a_member_of_a_tar_has_its_time_too() -> None:
    plain = read(tarred({"plain.txt": STORY.encode()}), "a.tar.gz", Hints(file_time=FILED), ("plain.txt",))
    assert plain.dct == DAY


def test_an_attachment_is_as_old_as_its_mail() -> None:
    data = mail(STORY, date="Fri, 15 Mar 2024 10:00:00 +0000", attachments={"notes.txt": STORY.encode()})
    note = read(data, "a.eml", Hints(file_time=FILED), ("notes.txt",))
    assert (note.dct, note.evidence[0].note) == (DAY, "day of the mail it came with")


def test_the_camera_s_time_is_weak_evidence_and_its_defaults_are_none() -> None:
    told = Parsed("", (), (), {"exif": {"DateTime": "2025-01-01 00:00:00", "DateTimeOriginal": "2024:03:15 09:00:00"}})
    assert told.taken() == (Evidence(X, DAY, "taken then, says the camera"),)
    assert Parsed("", (), (), {"exif": {"DateTimeOriginal": "0000:00:00 00:00:00"}}).taken() == ()
    assert Parsed("", (), (), {}).taken() == ()


def test_a_file_time_software_invented_is_no_date() -> None:
    document = read(STORY.encode(), "a.txt", Hints(file_time=datetime(1970, 1, 1)))  # noqa: DTZ001
    assert (document.dct, document.dct_source) == (UNDATED, DctSource.UNKNOWN)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2025-11-06-pokrovsk.txt", date(2025, 11, 6)),
        ("report-2025-11-06.txt", date(2025, 11, 6)),
        ("folder/2025-11-06.txt", date(2025, 11, 6)),
        ("WhatsApp Image 2025-11-06 at 12.30.15.jpg", date(2025, 11, 6)),
        ("20251106T101500Z.txt", date(2025, 11, 6)),
        ("2009-05-04-158.txt", date(2009, 5, 4)),
        ("13-11-2025.txt", date(2025, 11, 13)),
        ("11-13-2025.txt", date(2025, 11, 13)),
        ("2025-02-30.txt", None),
        ("2025-11.txt", None),
        ("v1.2.2024.txt", None),
        ("99999999.txt", None),
        ("20251399.txt", None),
        ("IMG20251106.jpg", None),
        ("", None),
        ("a\n2025-11-06.txt", date(2025, 11, 6)),
        ("\udcff2025-11-06.txt", date(2025, 11, 6)),
    ],
)
def test_a_file_name_names_a_date_or_none(name: str, day: date | None) -> None:
    assert named_date(name) == day
