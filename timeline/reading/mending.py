"""Pages of lines to paragraphs: running heads dropped, hyphens healed, sentences carried over the page break."""

import re
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|pag|p|side|sida|s|стр|страница|strona)\.?\s*)?\d{1,5}\s*(?:(?:of|von|de|di|van|av|af|z|из|/|\|)\s*\d{1,5})?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{1,9}")
_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[•▪●‣◦–—*-]|\(?\d{1,3}[.)]|[a-z]\))\s")
_BULLETS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•", "\ufffe": "-"}
)  # of Word's symbol fonts
_EDGE_LINES = 3  # a running head or foot stands among so many lines at either end of a page
_RUNNING_SHARE = 0.3  # and on at least this share of the pages: left and right pages may differ, the first has none
_SHORT = 0.75  # of the usual line: a line that ends sooner, and ends a sentence, ends a paragraph


def mend(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages in paragraphs parted by blank lines, and the offset at which each page begins."""
    lined = [[line.rstrip() for line in page.split("\n")] for page in pages]
    lined = _without_running(lined)
    usual = _usual_length(lined)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for lines in lined:
        page = _paragraphs(lines, usual)
        joint = _joint(pieces[-1], page, usual) if pieces and page else ""
        if joint == "-":  # a word cut by the page break
            pieces[-1] = pieces[-1][:-1]
            length -= 1
            joint = ""
        starts.append(length + len(joint))
        if page:
            pieces.extend((joint, page))
            length += len(joint) + len(page)
    return "".join(pieces), tuple(starts)


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """Drop what repeats at the edges of pages, as it stands or but for a number that counts with the pages."""
    counts: Counter[str] = Counter()
    for number, lines in enumerate(pages):
        counts.update({shape for line in _edges(lines) for shape in _shapes(line, number)})
    needed = max(2, round(len(pages) * _RUNNING_SHARE))
    running = {shape for shape, count in counts.items() if count >= needed}
    return [_trimmed(lines, number, running) for number, lines in enumerate(pages)] if len(pages) > 1 else pages


def _edges(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    return filled[:_EDGE_LINES] + filled[-_EDGE_LINES:]


def _shapes(line: str, page: int) -> set[str]:
    folded = " ".join(line.split())
    shapes = {folded}
    for match in list(_DIGITS.finditer(folded))[:4]:
        shapes.add(f"{folded[: match.start()]}{{{int(match[0]) - page}}}{folded[match.end() :]}")
    return shapes


def _trimmed(lines: list[str], number: int, running: set[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    kept = list(filled)
    for end in (0, -1):
        for _ in range(_EDGE_LINES):
            if kept and (_PAGE_NUMBER.fullmatch(kept[end]) or not running.isdisjoint(_shapes(kept[end], number))):
                del kept[end]
            else:
                break
    return kept or filled


def _usual_length(pages: list[list[str]]) -> int:
    lengths = sorted(len(line) for lines in pages for line in lines if line)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _paragraphs(lines: list[str], usual: int) -> str:
    out: list[str] = []
    for number, line in enumerate(lines):
        line = line.strip().translate(_BULLETS)
        if "\x02" in line:  # where pdfium found a hyphen at a line's end and took the line end away
            line = re.sub(r"\x02(?=[\d A-Z])", "-", line).replace("\x02", "")
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        out.append(line)
        if following:
            gap = _gap(line, following, usual)
            if gap == "-":
                out[-1] = line[:-1]
                gap = ""
            out.append(gap)
    return "".join(out)


def _gap(line: str, following: str, usual: int) -> str:
    """What stands between two lines of a page: "-" takes the hyphen out, a blank line ends a paragraph."""
    if line.endswith(("-", "\xad")) and len(line) > 1 and line[-2].isalpha() and following[0].islower():
        return "-"
    if line.endswith("-") and following[0].isalnum() and not line.endswith(" -"):
        return ""
    if _ITEM.match(following):
        return "\n\n"
    is_short = len(line) < (_SHORT if _SENTENCE_END.search(line) else 0.6) * usual
    return "\n\n" if is_short and not following[0].islower() else " "


def _joint(before: str, page: str, usual: int) -> str:
    """What stands between two pages; a sentence may run on over the break."""
    last = before.rsplit("\n", 1)[-1]
    if last.endswith(("-", "\xad")) and page[0].islower():
        return "-"
    if _SENTENCE_END.search(last) or len(last) < 0.6 * usual or _ITEM.match(page):
        return "\n\n"
    return " "
