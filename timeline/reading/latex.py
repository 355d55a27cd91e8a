"""LaTeX to the text it would set: enough of it for what papers and reports say in prose."""

import re
import unicodedata

from timeline.model import DctSource, Evidence
from timeline.reading.content import Content, Source
from timeline.reading.dates import stamped
from timeline.reading.decoding import decode

_GROUP = r"\{((?:[^{}]|\{[^{}]*\}){0,2000})\}"
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
_UNSAID = (
    "equation align gather multline eqnarray tikzpicture lstlisting verbatim thebibliography math displaymath".split()
)
_ENVIRONMENT = re.compile(rf"\\begin\{{({'|'.join(_UNSAID)})(\*?)\}}.{{0,5000}}?\\end\{{\1\2\}}", re.DOTALL)
_SILENT = re.compile(
    r"\\(?:cite[a-z]*|[a-z]*ref|label|hypertarget|includegraphics|bibliography(?:style)?|usepackage|documentclass|input|include|[vh]space|url|"
    r"index|date|title|author|thanks|pagestyle|thispagestyle|setlength|newcommand|renewcommand|begin|end)(?![A-Za-z])\*?"
    rf"(?:\[[^\]]{{0,200}}\])*(?:{_GROUP})?(?:\[[^\]]{{0,200}}\])?",
)
_MATH = re.compile(r"(?<!\\)\$\$?[^$]{1,500}(?<!\\)\$\$?|\\\[.{0,2000}?\\\]|\\\(.{0,500}?\\\)", re.DOTALL)
_HEADING = re.compile(rf"\\(?:part|chapter|(?:sub){{0,2}}section|paragraph)\*?(?:\[[^\]]{{0,200}}\])?{_GROUP}")
_DEEP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,200}\}){0,200}\}){0,500}\}"
_TABLE = re.compile(rf"\\begin\{{(?:longtable|tabular[x*]?)\}}(?:\[[^\]]{{0,50}}\])?{_DEEP}")
_ITEM = re.compile(r"\\item(?:\[([^\]]{0,100})\])?")
_ACCENT = re.compile(r"\\([`'^\"~=.uvHcrk])\s*\{?([A-Za-z]|\\[ij])\}?(?![A-Za-z])|\\([`'^\"~=.])\{?([A-Za-z])\}?")
_ACCENTS = dict(
    zip("`'^\"~=.uvHcrk", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u030a\u0328", strict=True)
)
_COMMAND = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\]]{0,200}\])?[ \t]*")
_WORDS = {"\\ss": "ß", "\\ae": "æ", "\\oe": "œ", "\\o": "ø", "\\aa": "å", "\\l": "ł", "\\ldots": "…", "\\dots": "…"}
_WORD = re.compile(r"(\\(?:ss|ae|oe|o|aa|l|ldots|dots))(?![A-Za-z])(?:\{\}|[ \t])?")
_DATE = re.compile(rf"\\date{_GROUP}")
_TITLE = re.compile(rf"\\title(?:\[[^\]]{{0,200}}\])?{_GROUP}")
_AUTHOR = re.compile(rf"\\author{_GROUP}")


def read(source: Source) -> Content:
    """The prose of a LaTeX file, dated by its \\date."""
    decoded = decode(source.data, source.name)
    raw = _COMMENT.sub("", decoded.text)
    body = _BODY.search(raw)
    dated = _DATE.search(raw)
    day = stamped(prose(dated[1]), source.date_order) if dated else None
    title, author = _TITLE.search(raw), _AUTHOR.search(raw)
    return Content(
        text=prose(body[1] if body else raw),
        media_type="application/x-latex",
        titles=(prose(title[1]) if title else "",),
        evidence=(Evidence(DctSource.FRONT_MATTER, day, "\\date"),) if day else (),
        notes=decoded.notes,
        metadata={"author": prose(author[1])} if author else {},
    )


def prose(text: str) -> str:
    """LaTeX without its commands."""
    text = _TABLE.sub("\n\n", text).replace(" & ", " | ")
    text = _MATH.sub("", _ENVIRONMENT.sub("\n\n", text))
    text = _HEADING.sub(r"\n\n\1\n\n", text)
    text = _ITEM.sub(lambda match: f"\n\n• {match[1] or ''} ", text)
    text = _SILENT.sub("", text)
    text = _ACCENT.sub(_accented, text)
    text = _WORD.sub(lambda match: _WORDS[match[1]], text)
    text = re.sub(r"\\\\(?:\[[^\]]{0,20}\])?", "\n", text)
    text = re.sub(r"\\([$%&#_{} ,;-])", lambda match: match[1] if match[1] in "$%&#_" else " ", text)
    text = _COMMAND.sub("", text)
    text = re.sub(r"[{}]", "", text).replace("~", " ").replace("---", "—").replace("--", "–")
    text = re.sub(r"(?<=\S)[ \t](?=[.,;:])", "", text.replace("``", "“").replace("''", "”"))
    paragraphs = re.split(r"\n[ \t]*\n\s*", text)
    return "\n\n".join(folded for paragraph in paragraphs if (folded := " ".join(paragraph.split())))


def _accented(match: re.Match[str]) -> str:
    mark, letter = match[1] or match[3], (match[2] or match[4]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[mark])
