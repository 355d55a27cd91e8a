"""The date a file name carries: part of a document's identity, so it is found without opening the file."""

import re
from collections.abc import Iterator
from datetime import date

from timeline.reading.dates import find_dates, make
from timeline.reading.months import MONTHS

# Zero-padded ISO is a date even where a running number follows: "2009-05-04-158.txt".
_ISO = re.compile(r"(?<!\d)(?P<y>1[4-9]\d\d|2[01]\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
_COMPACT = re.compile(r"(?<![^\W_])(?P<y>1[89]\d\d|20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{4}(?:\d\d)?Z?)?(?![^\W_])")
_SHORT_YEAR = re.compile(r"(?<![^\W_])(?P<d>\d{1,2})[-_ ](?P<m>[^\W\d_]{3,10})[-_ ](?P<y>\d\d)(?![^\W_])")
_RANGE = re.compile(r"\s*(?:[-_–—~]|to|bis|a|until)\s*", re.IGNORECASE)


def named_date(name: str) -> date | None:
    """The date in a file name ("2025-11-06-pokrovsk.txt", "IMG_20251106_1412.txt", "6-Nov-25 minutes.pdf").

    A date that opens the name wins; of several others none does, nor of a span: such a name dates its subject.
    """
    stem = name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    found = sorted(set(_dates(stem)))
    if not found:
        return None
    values = {value for _, _, value in found}
    if len(values) == 1:
        return values.pop()
    (start, end, first), (follows, *_) = found[0], found[1]
    return first if start == 0 and not _RANGE.fullmatch(stem[end:follows]) else None


def _dates(stem: str) -> Iterator[tuple[int, int, date]]:
    # "_" is a word character to a regular expression but a gap to whoever names files.
    for found in {*find_dates(stem), *find_dates(stem.replace("_", " "))}:
        if not found.ambiguous and 1450 <= found.value.year < 2200:
            yield found.start, found.end, found.value
    for match in (*_ISO.finditer(stem), *_COMPACT.finditer(stem)):
        value = make(int(match["y"]), int(match["m"]), int(match["d"]))
        if value:
            yield match.start(), match.end(), value
    for match in _SHORT_YEAR.finditer(stem):
        year = int(match["y"])
        value = make(2000 + year if year < 70 else 1900 + year, MONTHS.get(match["m"].lower(), 0), int(match["d"]))
        if value:
            yield match.start(), match.end(), value
