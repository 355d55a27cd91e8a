"""Makes documents of every kind, with the libraries people's programs use."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage

import docx
import openpyxl
import pypdf
from pptx import Presentation
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    created: str = "",
    modified: str = "",
    title: str = "",
    head: str = "",
    foot: str = "",
    password: str | None = None,
) -> bytes:
    """A PDF, one sequence of lines a page; `foot` may hold {page}; dates as PDF writes them."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    for number, lines in enumerate(pages, start=1):
        if head:
            sheet.drawString(72, 812, head)
        for row, line in enumerate(lines):
            sheet.drawString(72, 780 - 14 * row, line)
        if foot:
            sheet.drawString(280, 30, foot.format(page=number))
        sheet.showPage()
    sheet.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    writer.metadata = {
        key: value for key, value in {"/CreationDate": created, "/ModDate": modified, "/Title": title}.items() if value
    } or None
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def word(paragraphs: Sequence[str], *, created: datetime, modified: datetime | None = None, title: str = "") -> bytes:
    """A Word document with a running head and foot."""
    document = docx.Document()
    properties = document.core_properties
    properties.created, properties.modified, properties.title = created, modified or created, title
    document.sections[0].header.paragraphs[0].text = "Harrow Council 1999"
    document.sections[0].footer.paragraphs[0].text = "Page 1 of 9"
    for paragraph in paragraphs:
        if paragraph == "\f":
            document.add_page_break()
        else:
            document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[object]], *, created: datetime) -> bytes:
    """An Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.properties.created = created
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def slides(texts: Sequence[tuple[str, str]], *, created: datetime, title: str = "") -> bytes:
    """A PowerPoint presentation: a heading and a text a slide."""
    presentation = Presentation()
    for heading, text in texts:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = heading
        slide.placeholders[1].text = text
    presentation.core_properties.created, presentation.core_properties.title = created, title
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def page(body: str, *, head: str = "", lang: str = "en", title: str = "") -> bytes:
    """A web page with a menu, a banner, comments and a foot around its text."""
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/archive">Archive since 1998</a></li></ul></nav>
<div class="cookie-banner">We updated our cookies on 1 January 2019. <button>Accept</button></div>
<main><article>{body}</article></main>
<section class="comments"><h2>Comments</h2><p>Anna: I saw it last summer.</p></section>
<footer>© 2001 The Harrow Post</footer></body></html>""".encode()


def mail(
    text: str,
    *,
    date: str | None = "Thu, 06 Nov 2025 10:15:00 +0100",
    subject: str = "The bridge",
    html: str = "",
    attachments: Mapping[str, bytes] | None = None,
) -> bytes:
    """A mail as a client exports it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Anna Reed <anna@example.org>", "board@example.org", subject
    message["Message-ID"] = "<1@example.org>"
    if date:
        message["Date"] = date
    if text:
        message.set_content(text)
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def mailbox(mails: Sequence[bytes]) -> bytes:
    """An mbox of some mails."""
    return b"".join(b"From anna@example.org Thu Nov  6 10:15:00 2025\n" + mail + b"\n\n" for mail in mails)


def saved_page(markup: bytes, *, saved: str, subject: str = "") -> bytes:
    """A page as Chromium saves it in one file."""
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example.org/bridge\r\n"
        f"Subject: {subject}\r\nDate: {saved}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n'
        "------B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: binary\r\n"
        "Content-Location: https://post.example.org/bridge\r\n\r\n"
    )
    return head.encode() + markup + b"\r\n------B--\r\n"


def zipped(files: Mapping[str, bytes], *, at: tuple[int, int, int, int, int, int] = (2024, 3, 15, 12, 0, 0)) -> bytes:
    """A zip archive, every member of one time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, at), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], *, at: int = 1_710_500_000) -> bytes:
    """A .tar.gz, every member of one time (the default: 15 March 2024)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), at
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def book(chapters: Sequence[str], *, date: str, title: str, language: str = "en") -> bytes:
    """An EPUB."""
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": b'<?xml version="1.0"?><container version="1.0" '
        b'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        b'<rootfile full-path="o.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "o.opf": (
            '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>'
            f"<dc:title>{title}</dc:title><dc:language>{language}</dc:language><dc:date>{date}</dc:date></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ).encode(),
    }
    for number, text in enumerate(chapters):
        files[f"c{number}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>c</title></head><body><p>{text}</p></body></html>'
        ).encode()
    return zipped(files)


def rich_text(paragraphs: Sequence[str], *, created: datetime) -> bytes:
    """RTF with a running head."""
    made = f"{{\\creatim\\yr{created.year}\\mo{created.month}\\dy{created.day}\\hr9\\min0}}"
    body = "".join(f"{paragraph}\\par\n" for paragraph in paragraphs)
    return f"{{\\rtf1\\ansi{{\\info{{\\title The bridge}}{made}}}{{\\header Harrow Council 1999\\par}}{body}}}".encode()


def outlook(text: str, *, subject: str, sent: datetime, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """An Outlook message: a compound file with the streams Outlook writes."""
    ticks = int((sent - datetime(1601, 1, 1)).total_seconds()) * 10**7  # noqa: DTZ001
    record = struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    streams = {
        "__properties_version1.0": bytes(32) + record,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": text.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Anna Reed".encode("utf-16-le"),
    }
    folders = {
        f"__attach_version1.0_#{number:08X}": {
            "__substg1.0_37010102": data.ljust(4096, b"\n"),
            "__substg1.0_3707001F": name.encode("utf-16-le"),
        }
        for number, (name, data) in enumerate((attachments or {}).items())
    }
    return compound(streams, folders)


def compound(streams: Mapping[str, bytes], folders: Mapping[str, Mapping[str, bytes]] | None = None) -> bytes:
    """A compound file (the container of .doc, .xls, .msg): every stream padded to a size that needs no mini stream."""
    entries: list[tuple[str, int, bytes, list[int]]] = [("Root Entry", 5, b"", [])]
    for name, data in streams.items():
        entries[0][3].append(len(entries))
        entries.append((name, 2, data, []))
    for folder, inner in (folders or {}).items():
        entries[0][3].append(len(entries))
        children: list[int] = []
        entries.append((folder, 1, b"", children))
        for name, data in inner.items():
            children.append(len(entries))
            entries.append((name, 2, data, []))
    siblings = {first: second for entry in entries for first, second in zip(entry[3], entry[3][1:], strict=False)}
    sectors: list[bytes] = []
    chain: list[int] = []
    places: dict[int, tuple[int, int]] = {}
    for number, (_, _, data, _) in enumerate(entries):
        if data:
            padded = data + bytes(max(0, 4096 - len(data)))
            places[number] = (len(sectors), len(padded))
            _store(padded, sectors, chain)
    directory = b"".join(_entry(*entries[n], siblings.get(n), places.get(n)) for n in range(len(entries)))
    directory_start = len(sectors)
    _store(directory, sectors, chain)
    fat_start = len(sectors)
    fat_sectors = (len(sectors) // 127) + 1
    table = struct.pack(f"<{len(chain)}I", *chain) + struct.pack(f"<{fat_sectors}I", *([0xFFFFFFFD] * fat_sectors))
    table = table.ljust(fat_sectors * 512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, directory_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack(f"<{fat_sectors}I", *range(fat_start, fat_start + fat_sectors))
    return header.ljust(512, b"\xff") + b"".join(sectors) + table


def _store(data: bytes, sectors: list[bytes], chain: list[int]) -> None:
    pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
    start = len(sectors)
    chain.extend(range(start + 1, start + len(pieces)))
    chain.append(0xFFFFFFFE)
    sectors.extend(pieces)


def _entry(
    name: str, kind: int, _: bytes, children: list[int], sibling: int | None, place: tuple[int, int] | None
) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    start, size = place or (0xFFFFFFFE, 0)
    return (
        wide.ljust(64, b"\0")
        + struct.pack(
            "<HBBIII", len(wide), kind, 1, none, none if sibling is None else sibling, children[0] if children else none
        )
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
