"""What was hidden in a file stays hidden in what the file became, where it plainly is the same statement.

An event's id comes from the text and the place in it, so a changed file has none of the old ones. The same sentence
with the same expression is taken for the same event, if it stands once in the old text and once in the new: where
there is a choice nothing is guessed, and the event is shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from timeline.model import Event
from timeline.store import schema
from timeline.store.many import upsert
from timeline.store.wire import EVENT

_d, _e, _h = schema.documents.c, schema.events.c, schema.hidden.c
# From the hidden, which are few, to the documents.
_LEFT = (
    select(_d.id, _d.superseded_by, _h.event_id)
    .select_from(schema.hidden.join(schema.documents, _d.id == _h.document_id))
    .where(_d.superseded_by.in_(bindparam("heirs", expanding=True)))
)


def inherit_hidden(connection: Connection, heirs: Mapping[str, Sequence[Event]]) -> None:
    """Hides, in documents that are read for the first time, what was hidden in those they supersede."""
    hidden: dict[tuple[str, str], set[str]] = {}
    for before, heir, event in connection.execute(_LEFT, {"heirs": list(heirs)}):
        hidden.setdefault((before, heir), set()).add(event)
    for (before, heir), ids in hidden.items():
        bodies = connection.execute(select(_e.body).where(_e.document_id == before)).scalars()
        old, new = _once([EVENT.validate_json(body) for body in bodies]), _once(heirs[heir])
        rows = [
            {"event_id": new[said].id, "document_id": heir}
            for said, event in old.items()
            if event.id in ids and said in new
        ]
        if rows:
            connection.execute(upsert(connection, schema.hidden).on_conflict_do_nothing(), rows)


def _once(events: Sequence[Event]) -> dict[tuple[str, str], Event]:
    """Events by sentence and expression, those that stand there once."""
    times = Counter((event.statement, event.expression) for event in events)
    return {
        (event.statement, event.expression): event for event in events if times[event.statement, event.expression] == 1
    }
