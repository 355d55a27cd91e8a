"""Where every page of the site lies, and how one page links to another."""

# A document's page holds this much text; a longer one goes on at its next part. Cut by offset, so that the part an
# event stands in is known without the text.
PART_CHARS = 400_000


def document_href(document_id: str, offset: int = 0) -> str:
    """The page of a document that shows the text at `offset`, from the top of the site."""
    part = offset // PART_CHARS
    return f"documents/{document_id}{f'.{part + 1}' if part else ''}.html"


def event_href(document_id: str, event_id: str, offset: int) -> str:
    """An event's permanent link: its mention in its document."""
    return f"{document_href(document_id, offset)}#e-{event_id}"


def period_href(key: str, part: int = 1) -> str:
    """The page of a period: "2025" → periods/2025.html, "2025-11-06" part 2 → periods/2025/11-06.2.html."""
    return f"periods/{_stem(key)}{f'.{part}' if part > 1 else ''}.html"


def chunk_href(key: str, part: int = 1) -> str:
    """The data that goes with a period's page."""
    return f"data/{_stem(key)}{f'.{part}' if part > 1 else ''}.js"


def year_of(key: str) -> str:
    """The year of a key: "-0043-03" → "-0043"."""
    return key[: key.index("-", 1)] if "-" in key[1:] else key


def root_of(href: str) -> str:
    """The way from a page back to the top of the site."""
    return "../" * href.count("/")


def _stem(key: str) -> str:
    year = year_of(key)
    rest = key[len(year) + 1 :]
    return f"{year}/{rest}" if rest else year
