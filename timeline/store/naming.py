"""Which document somebody means by what they typed."""

from sqlalchemy import Connection, or_, select

from timeline.errors import UsageError
from timeline.store import schema
from timeline.store.rows import State

SHORTEST_HEAD = 4  # characters of an id; fewer are a slip of the finger
_SHOWN = 5
_d = schema.documents.c


def document_called(connection: Connection, called: str) -> str:
    """The id of the document with that id, head of an id, path in the inbox, or name. Raises UsageError."""
    if connection.execute(select(_d.id).where(_d.id == called)).first():
        return called
    among = [_d.path == called, _d.name == called]
    among.append(
        _d.id.in_(
            select(schema.paths.c.document_id).where(schema.paths.c.path == called, schema.paths.c.state != "gone")
        )
    )
    if len(called) >= SHORTEST_HEAD and called.isalnum():
        among.append(_d.id.startswith(called.lower(), autoescape=True))
    found = connection.execute(select(_d.id, _d.path, _d.state).where(or_(*among)).order_by(_d.id)).all()
    # What a file was before it changed bears its name too, and is not meant.
    found = [row for row in found if row.state != State.WITHDRAWN] or found
    if not found:
        raise UsageError(f"there is no document {called}: see `timeline status`, or the end of its page's address")
    if len(found) > 1:
        some = ", ".join(f"{row.id} ({row.path})" for row in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(f"{called} may be {some}{more}: say which by its id")
    return str(found[0].id)
