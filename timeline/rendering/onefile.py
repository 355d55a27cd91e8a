"""The whole timeline in one HTML file: offline for ever, its style and its script inside, allowed by their hashes."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from timeline.rendering.axis import axis, bars
from timeline.rendering.cards import printable, say_iso
from timeline.rendering.grouping import grouped
from timeline.rendering.pages import axis_edges, axis_span
from timeline.rendering.phrases import plain
from timeline.rendering.sources import folder, static
from timeline.rendering.templates import environment
from timeline.store import Bin, DocumentSummary, EventRow
from timeline.temporal.bounds import DAY
from timeline.wording import SOURCE_WORDS


def one_file(rows: Sequence[EventRow], hashes: Mapping[str, str], items: str) -> str:
    """The file; `hashes` are the documents' SHA-256, `items` the events as JSON, kept inside."""
    style = static()["timeline.css"].decode()
    script = (folder() / "onefile.js").read_text("utf-8")
    documents: dict[str, DocumentSummary] = {row.document.id: row.document for row in rows}
    tally: dict[int, int] = {}
    for row in rows:
        day = row.sort // DAY * DAY
        tally[day] = tally.get(day, 0) + 1
    drawn = axis([Bin("", day, count) for day, count in sorted(tally.items())], "day")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    return (
        environment()
        .get_template("onefile.html")
        .render(
            policy=Markup(policy),  # noqa: S704 - only hashes
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own
            items=Markup(items.replace("<", "\\u003c")),  # noqa: S704 - JSON, with no way out of its element
            groups=grouped(rows, links=False),
            total=len(rows),
            bars=bars(drawn) if drawn else (),
            edges=axis_edges(drawn) if drawn else (),
            span=axis_span(drawn) if drawn else (),
            documents=[
                (
                    d.id,
                    printable(d.title or d.path),
                    printable(d.path),
                    say_iso(d.dct) if d.dct else plain()["no_date"],
                    SOURCE_WORDS[d.dct_source],
                    hashes.get(d.id, ""),
                )
                for d in sorted(documents.values(), key=lambda d: (d.dct or "", d.title))
            ],
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
