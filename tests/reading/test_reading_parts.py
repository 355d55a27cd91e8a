"""Mails, mailboxes, chats and archives: parts, and whose words are of which day."""

from datetime import datetime

import pytest
from making import mail, mailbox, outlook, tarred, zipped

from timeline.errors import UnreadableError
from timeline.model import Document, Hints
from timeline.reading import MAX_DEPTH, read

# ruff: noqa: E501 — samples stand as they are written
FILED = Hints(file_time=datetime(2026, 11, 25, 12, 0))  # noqa: DTZ001  file times are local


def day_of(document: Document, quote: str) -> str:
    """The day of the segment a quote stands in; the document's own where none is."""
    at = document.text.index(quote)
    found = [part.dct for part in document.segments if part.start <= at < part.end and part.dct]
    return (found[0].date() if found else document.dct).isoformat()


def ordered(document: Document) -> bool:
    """Whether segments lie in order, within the text and apart from each other."""
    ends = [0, *(part.end for part in document.segments)]
    starts = [*(part.start for part in document.segments), len(document.text)]
    return all(end <= start for end, start in zip(ends, starts, strict=True))


REPLY = """Agreed, see you tomorrow.

On Mon, 3 Nov 2025 at 09:00, Bob Hall
<bob@example.org> wrote:

> The pump broke yesterday
> and will be fixed on Friday.
>
> On Fri, 31 Oct 2025, Anna Reed wrote:
>> We tried it this morning.
>
> That was brave.

Anna
"""


def test_each_quoted_reply_has_its_own_day() -> None:
    document = read(mail(REPLY), "a.eml", FILED)
    assert day_of(document, "see you tomorrow") == "2025-11-06"
    assert day_of(document, "broke yesterday") == "2025-11-03"
    assert day_of(document, "this morning") == "2025-10-31"
    assert day_of(document, "That was brave") == "2025-11-03"
    assert day_of(document, "Anna\n") == "2025-11-06" or document.text.rstrip().endswith("Anna")
    assert ordered(document)


def test_quote_marks_do_not_cut_sentences() -> None:
    assert "broke yesterday\nand will be fixed" in read(mail(REPLY), "a.eml", FILED).text


@pytest.mark.parametrize(
    "attribution",
    [
        "On 3 May 2024, X wrote:",
        "Am 03.05.2024 um 10:00 schrieb X <x@example.org>:",
        "Le 3 mai 2024 à 10:00, X a écrit :",
        "El 3 may 2024, a las 10:00, X escribió:",
        "Il giorno 3 maggio 2024 X ha scritto:",
        "Op 3 mei 2024 schreef X:",
        "Em 3 de maio de 2024, X escreveu:",
        "3 мая 2024 г., X написал:",
        "On Fri, May 3, 2024 at 10:00 AM X <x@example.org> wrote:",
        "2024-05-03 10:00 X <x@example.org> wrote:",
    ],
)
def test_attributions_in_many_languages_are_understood(attribution: str) -> None:
    document = read(mail(f"Yes.\n\n{attribution}\n> It broke yesterday.\n"), "a.eml", FILED)
    assert day_of(document, "It broke yesterday") == "2024-05-03"


def test_an_outlook_style_quotation_has_its_own_day() -> None:
    text = (
        "Fine, tomorrow then.\n\n-----Original Message-----\nFrom: Bob\nSent: Friday, May 3, 2024 10:00 AM\n"
        "To: Anna\nSubject: Pump\n\nIt broke yesterday.\n"
    )
    document = read(mail(text), "a.eml", FILED)
    assert day_of(document, "tomorrow then") == "2025-11-06"
    assert day_of(document, "It broke yesterday") == "2024-05-03"


def test_html_mail_is_read_as_text() -> None:
    html = "<html><head><style>p{}</style></head><body><p>The river rose on&nbsp;Monday.</p><ul><li>One</li><li>Two</li></ul></body></html>"
    assert read(mail("", html=html), "a.eml", FILED).text.startswith("The river rose on Monday.\n\nOne\n")


def test_the_plain_part_is_preferred() -> None:
    assert read(mail("Plain, of 2024.", html="<p>Rich</p>"), "a.eml", FILED).text.strip() == "Plain, of 2024."


def test_attachments_are_parts_and_open_by_their_path() -> None:
    files = {"notes.txt": b"It rose yesterday.", "data.zip": zipped({"a.txt": b"It fell last week."})}
    data = mail("See attached.", attachments=files)
    document = read(data, "a.eml", FILED)
    assert [part.path for part in document.parts] == ["notes.txt", "data.zip"]
    assert document.parts[0].size == len(files["notes.txt"])
    assert read(data, "a.eml", FILED, ("notes.txt",)).text == "It rose yesterday."
    assert read(data, "a.eml", FILED, ("data.zip", "a.txt")).text == "It fell last week."


def test_attachments_of_outlook_messages_open_too() -> None:
    sent = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001
    data = outlook("See attached.", subject="Pump", sent=sent, attachments={"a.txt": b"It rose.", "b.txt": b"It fell."})
    document = read(data, "a.msg", FILED)
    assert (document.title, document.metadata["from"]) == ("Pump", "Anna Reed")
    assert [part.path for part in document.parts] == ["a.txt", "b.txt"]
    assert read(data, "a.msg", FILED, ("b.txt",)).text.strip() == "It fell."


def test_a_member_that_is_not_there_fails_with_its_reason() -> None:
    for data, name in ((mail("x", attachments={"a": b"b"}), "a.eml"), (zipped({"a.txt": b"b"}), "a.zip")):
        with pytest.raises(UnreadableError, match=r"no (attachment )?gone\.txt in it any more"):
            read(data, name, FILED, ("gone.txt",))


def test_each_mail_of_a_mailbox_has_its_own_day() -> None:
    mails = [
        mail("It broke yesterday.", date="Fri, 3 May 2024 10:00:00 +0200", subject="Pump"),
        mail(REPLY, subject="Re: Pump"),
    ]
    document = read(mailbox(mails), "a.mbox", FILED)
    assert day_of(document, "It broke yesterday.") == "2024-05-03"
    assert day_of(document, "see you tomorrow") == "2025-11-06"
    assert day_of(document, "this morning") == "2025-10-31"
    assert document.metadata["mails"] == "2"
    assert ordered(document)


def test_attachments_in_a_mailbox_open_by_the_number_of_their_mail() -> None:
    data = mailbox([mail("It broke."), mail("See attached.", attachments={"notes.txt": b"It rose yesterday."})])
    assert [part.path for part in read(data, "a.mbox", FILED).parts] == ["2/notes.txt"]
    note = read(data, "a.mbox", FILED, ("2/notes.txt",))
    assert (note.text, note.dct.isoformat()) == ("It rose yesterday.", "2025-11-06")


def test_one_broken_mail_does_not_take_the_mailbox_with_it() -> None:
    broken = b"From: a\nContent-Type: text/plain\nMessage-ID: <x>\n\n" + bytes(range(1, 32)) * 40
    document = read(mailbox([mail("It broke yesterday."), broken]), "a.mbox", FILED)
    assert "It broke yesterday." in document.text
    assert any("1 of 2 mails could not be read" in note for note in document.notes)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "[03/05/2024, 20:01:00] Anna: tomorrow\n[03/05/2024, 20:02:00] Bob: yes\n[13/05/2024, 08:00:00] Anna: now",
            "2024-05-03",
        ),
        ("5/3/24, 8:01 PM - Anna: tomorrow\n5/3/24, 8:02 PM - Bob: yes\n5/13/24, 8:00 AM - Anna: now", "2024-05-03"),
        ("03.05.24, 20:01 - Anna: tomorrow\n03.05.24, 20:02 - Bob: yes\n04.05.24, 08:00 - Anna: now", "2024-05-03"),
        (
            "2024-05-03 20:01:00 <anna> tomorrow\n2024-05-03 20:02:00 <bob> yes\n2024-05-04 08:00:00 <anna> now",
            "2024-05-03",
        ),
        (
            "2024-05-03T20:01:00Z anna: tomorrow\n2024-05-03T20:02:00Z bob: yes\n2024-05-04T08:00:00Z anna: now",
            "2024-05-03",
        ),
    ],
)
def test_each_message_of_a_chat_has_its_own_day(text: str, day: str) -> None:
    document = read(text.encode(), "chat.txt", FILED)
    assert day_of(document, "tomorrow") == day
    assert day_of(document, "now") != day
    assert document.text.lower().startswith("anna: tomorrow\n\nbob: yes")
    assert ordered(document)


def test_a_message_of_many_lines_stays_one() -> None:
    text = b"[13/05/2024, 20:01:00] Anna: one\ntwo\n[13/05/2024, 20:02:00] Bob: yes\n[13/05/2024, 20:03:00] Anna: so"
    assert "Anna: one\ntwo\n\nBob: yes" in read(text, "chat.txt", FILED).text


def test_a_doubtful_order_of_day_and_month_is_told() -> None:
    text = b"[03/05/2024, 20:01] Anna: one\n[03/05/2024, 20:02] Bob: yes\n[03/05/2024, 20:03] Anna: so"
    assert any("either way round" in note for note in read(text, "chat.txt", FILED).notes)
    american = read(text, "chat.txt", Hints(date_order="MDY"))
    assert day_of(american, "one") == "2024-03-05"


def test_a_log_keeps_its_times_for_they_are_what_it_states() -> None:
    text = (
        "2024-05-03 20:01:00 Pump started\n2024-05-03 20:02:00 ERROR: pump failed\n2024-05-04 08:00:00 Pump replaced\n"
    )
    document = read(text.encode(), "pump.log", FILED)
    assert (document.text, document.segments) == (text, ())


def test_prose_with_a_time_is_no_chat() -> None:
    text = b"2024-05-03 10:00 was when it began.\n\nThen much came to pass.\n\nAnd more.\n\nAnd more.\n"
    assert read(text, "a.txt", FILED).segments == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"name":"Board","messages":[{"date":"2024-05-03T08:00:00","from":"Anna","text":["see ",{"type":"link","text":"this"}," tomorrow"]}]}',
        '{"messages":[{"sender_name":"Anna","timestamp_ms":1714723200000,"content":"see this tomorrow"}]}',
        '[{"type":"message","user":"Anna","text":"see this tomorrow","ts":"1714723200.000100"}]',
        '{"messages":[{"timestamp":"2024-05-03T08:00:00.000+00:00","author":{"name":"Anna"},"content":"see this tomorrow"}]}',
        '{"chats":{"list":[{"name":"x","messages":[{"date":"2024-05-03T08:00:00","from":"Anna","text":"see this tomorrow"}]}]}}',
    ],
)
def test_chats_exported_as_json_are_read(text: str) -> None:
    document = read(text.encode(), "export.json", FILED)
    assert document.text == "Anna: see this tomorrow"
    assert day_of(document, "tomorrow") == "2024-05-03"


def test_members_of_an_archive_are_parts() -> None:
    files = {
        "a.txt": b"It rose.",
        "sub/b.md": b"# It fell",
        "__MACOSX/._a.txt": b"junk",
        ".DS_Store": b"junk",
        "empty.txt": b"",
    }
    for data, name in ((zipped(files), "a.zip"), (tarred(files), "a.tar.gz")):
        document = read(data, name, FILED)
        assert [part.path for part in document.parts] == ["a.txt", "sub/b.md"]
        assert document.text == ""
        assert read(data, name, FILED, ("sub/b.md",)).title == "It fell"


def test_archives_within_archives_open_as_far_as_the_bound() -> None:
    data = zipped({"a.txt": b"It rose yesterday."})
    for _ in range(100):
        data = zipped({"n.zip": data})
    assert read(data, "a.zip", FILED, ("n.zip",) * (MAX_DEPTH - 1)).parts
    with pytest.raises(UnreadableError, match="archives within archives"):
        read(data, "a.zip", FILED, ("n.zip",) * MAX_DEPTH)


def test_paths_that_lead_out_of_an_archive_lead_nowhere() -> None:
    data = zipped({"../../etc/passwd": b"It rose.", "/abs.txt": b"It fell."})
    assert [part.path for part in read(data, "a.zip", FILED).parts] == ["../../etc/passwd", "/abs.txt"]
    assert read(data, "a.zip", FILED, ("../../etc/passwd",)).text == "It rose."
