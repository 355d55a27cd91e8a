"""The producer's writing: files become documents, change, vanish and come back."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from sqlalchemy import Connection, delete, func, insert, select, update

from timeline.model import DctSource
from timeline.store import placing, schema
from timeline.store.many import Many, upsert
from timeline.store.marking import Rank, mark, pages_of
from timeline.store.rows import Need, PathRow, State, Urgency
from timeline.store.wire import MEMBER

_d, _p = schema.documents.c, schema.paths.c
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is ready to be read, and what is known of it from outside its bytes."""

    path: str  # as people see it: within the inbox
    sha256: str | None  # None: it will not be read, for the reason `failed` gives
    size: int
    mtime_ns: int = 0
    inode: int = 0
    named_date: date | None = None
    named_source: DctSource = DctSource.FILE_NAME
    file_time: datetime | None = None
    language: str | None = None
    title: str | None = None  # by a file beside it, as is where it comes from
    origin: str | None = None
    fresh: bool = False
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of an arrival."""

    document_id: str
    is_new: bool  # False: these bytes are known, from here or elsewhere


def document_id(sha256: str, named_date: date | None) -> str:
    """The id of a document: its bytes, and the date that was given outside them."""
    return hashlib.sha256(f"{sha256}{named_date.isoformat() if named_date else ''}".encode()).hexdigest()[:16]


def unread_id(path: str) -> str:
    """The id of a file nobody could read: all we have is where it is."""
    return hashlib.sha256(f"path:{path}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


_INSERT = Many(lambda _: insert(schema.documents), is_partial=True)
_INSERT_PATH = Many(lambda _: insert(schema.paths))


def register_all(connection: Connection, arrivals: Sequence[Arrival], now: float) -> list[Registered]:
    """Several files at once: new files with new bytes in a few statements, all others one by one."""
    ids = [_wanted(arrival) for arrival in arrivals]
    known = set(connection.execute(select(_d.id).where(_d.id.in_(ids))).scalars())
    held = select(_p.path).where(_p.path.in_([arrival.path for arrival in arrivals]))
    known_paths_ = set(connection.execute(held).scalars())
    is_new = [
        id_ not in known and arrival.path not in known_paths_ and ids.index(id_) == place
        for place, (id_, arrival) in enumerate(zip(ids, arrivals, strict=True))
    ]
    fresh = [(id_, arrival) for id_, arrival, new in zip(ids, arrivals, is_new, strict=True) if new]
    if fresh:
        _INSERT.run(connection, [_new_document(id_, arrival, now) for id_, arrival in fresh])
        _INSERT_PATH.run(connection, [{"path": arrival.path} | _present(arrival, id_, now) for id_, arrival in fresh])
        failed = {"failures": Rank.FRESH} if any(arrival.failed for _, arrival in fresh) else {}
        mark(connection, {"index": Rank.AT_ONCE} | failed)
    return [
        Registered(id_, is_new=True) if new else register(connection, arrival, now)
        for id_, arrival, new in zip(ids, arrivals, is_new, strict=True)
    ]


def _wanted(arrival: Arrival) -> str:
    return document_id(arrival.sha256, arrival.named_date) if arrival.sha256 else unread_id(arrival.path)


def register(connection: Connection, arrival: Arrival, now: float) -> Registered:
    """One file, new or changed or back; its former document is superseded where no other path holds it."""
    wanted = _wanted(arrival)
    before = connection.execute(select(_p.document_id).where(_p.path == arrival.path)).scalar()
    known = connection.execute(select(_d.id, _d.state, _d.file_time).where(_d.id == wanted)).first()
    if known is None:
        connection.execute(schema.documents.insert().values(_new_document(wanted, arrival, now)))
    _point(connection, arrival, wanted, now)
    if known is not None:
        _met_again(connection, wanted, arrival, known.state, known.file_time, now)
    if before is not None and before != wanted:
        _left_behind(connection, before, wanted)
    mark(connection, {"index": Rank.AT_ONCE} | ({"failures": Rank.FRESH} if arrival.failed else {}))
    return Registered(wanted, known is None)


def ignore(connection: Connection, paths: Sequence[tuple[str, str]], now: float) -> None:
    """Files that are no documents, and why; a document one may have been before is withdrawn."""
    for start in range(0, len(paths), _CHUNK):
        chunk = dict(paths[start : start + _CHUNK])
        before = connection.execute(
            select(_p.document_id).where(_p.path.in_(chunk), _p.document_id.is_not(None)).distinct()
        ).scalars()
        documents = [document for document in before if document is not None]
        common = {"document_id": None, "state": "ignored", "size": 0, "mtime_ns": 0, "inode": 0, "at": now}
        insert = upsert(connection, schema.paths)
        fresh = {name: insert.excluded[name] for name in (*common, "reason")}
        connection.execute(
            insert.on_conflict_do_update(index_elements=["path"], set_=fresh),
            [{"path": path, "reason": reason, **common} for path, reason in chunk.items()],
        )
        for document in documents:
            withdraw_if_pathless(connection, document)
    if paths:
        mark(connection, {"failures": Rank.BACKLOG})


def forget_ignored(connection: Connection, paths: Sequence[str]) -> None:
    """Ignored files that are gone are of no interest to anybody."""
    for start in range(0, len(paths), _CHUNK):
        chunk = paths[start : start + _CHUNK]
        connection.execute(delete(schema.paths).where(_p.path.in_(chunk), _p.state == "ignored"))


def gone(connection: Connection, paths: Iterable[str], now: float) -> list[str]:
    """Files that are no longer there; returns the ids of the documents withdrawn for it.

    One that was never read is no document after all: its path is listed as ignored.
    """
    withdrawn = []
    for path in paths:
        holder = connection.execute(select(_p.document_id).where(_p.path == path)).scalar()
        if holder is None:
            continue
        connection.execute(update(schema.paths).where(_p.path == path).values(state="gone", at=now))
        if _was_never_read(connection, holder):
            connection.execute(delete(schema.documents).where(_d.id == holder))
            connection.execute(
                update(schema.paths)
                .where(_p.document_id == holder)
                .values(state="ignored", document_id=None, reason="vanished before it was read")
            )
            mark(connection, {"index": Rank.AT_ONCE, "failures": Rank.BACKLOG})
        else:
            withdrawn += withdraw_if_pathless(connection, holder)
    return withdrawn


def _was_never_read(connection: Connection, document: str) -> bool:
    present = select(func.count()).select_from(schema.paths).where(_p.document_id == document, _p.state == "present")
    row = connection.execute(select(_d.state, _d.engine).where(_d.id == document)).first()
    waits = row is not None and row.engine is None and row.state in {State.QUEUED, State.WORKING}
    return waits and not connection.execute(present).scalar_one()


def known_paths(connection: Connection) -> dict[str, PathRow]:
    """Every path ever seen, as it was last seen."""
    rows = connection.execute(select(_p.path, _p.document_id, _p.state, _p.size, _p.mtime_ns, _p.inode, _p.reason))
    return {row.path: PathRow(*row) for row in rows}


def unread_paths(connection: Connection) -> list[str]:
    """Paths of files that could not be opened."""
    joined = schema.paths.join(schema.documents, _d.id == _p.document_id)
    query = select(_p.path).select_from(joined).where(_d.sha256.is_(None), _p.state == "present")
    return list(connection.execute(query).scalars())


def withdraw_if_pathless(connection: Connection, document: str, superseded_by: str | None = None) -> list[str]:
    """Withdraws a document, and the documents within it, when no present file holds it; returns their ids."""
    present = select(func.count()).select_from(schema.paths).where(_p.document_id == document, _p.state == "present")
    if connection.execute(present).scalar_one():
        return []
    row = connection.execute(select(_d.state, _d.sha256, _d.parent).where(_d.id == document)).first()
    if row is None or row.state == State.WITHDRAWN:
        return []
    if row.sha256 is None and superseded_by is not None:
        # It never was more than a file nobody could read: now that somebody can, it is that document.
        connection.execute(delete(schema.documents).where(_d.id == document))
        mark(connection, {"failures": Rank.FRESH})
        return []
    was = State.QUEUED if row.state == State.WORKING else State(row.state)
    connection.execute(
        update(schema.documents)
        .where(_d.id == document)
        .values(state=State.WITHDRAWN, was=was, superseded_by=superseded_by)
    )
    days = placing.withdraw(connection, document)
    mark(connection, pages_of(sorted(days), document, Rank.FRESH) | _failures_page(was))
    return [document] + [
        lost for child in _children(connection, document) for lost in withdraw_if_pathless(connection, child)
    ]


def bring_back(connection: Connection, document: str) -> None:
    """A withdrawn document is there again, and the documents within it."""
    was = connection.execute(select(_d.was).where(_d.id == document, _d.state == State.WITHDRAWN)).scalar()
    if was is None:
        return
    connection.execute(
        update(schema.documents).where(_d.id == document).values(state=was, was=None, superseded_by=None)
    )
    days = placing.restore(connection, document)
    mark(connection, pages_of(sorted(days), document, Rank.FRESH) | _failures_page(was))
    for child in _children(connection, document):
        bring_back(connection, child)


def new_child(connection: Connection, parent: str, member: tuple[str, ...], sha256: str, size: int, now: float) -> None:
    """A document within a document: it lives and dies with its parent and is read from the parent's bytes."""
    holder = connection.execute(select(schema.documents).where(_d.id == parent)).one()
    name = PurePosixPath(member[-1]).name or member[-1]
    child = hashlib.sha256(f"{parent}:{sha256}:{'/'.join(member)}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if connection.execute(select(_d.id).where(_d.id == child)).first():
        return
    arrival = Arrival(path=f"{holder.path}/{member[-1]}", sha256=sha256, size=size)
    connection.execute(
        schema.documents.insert().values(
            _new_document(child, arrival, now)
            | {
                "name": name,
                "parent": parent,
                "member": MEMBER.dump_json(member).decode(),
                "blob": holder.blob,
                "file_time": holder.file_time,
                "collection": holder.collection,
                "urgency": Urgency.BACKLOG,
            }
        )
    )


def drop_children(connection: Connection, parent: str, but: set[str]) -> None:
    """Withdraws the members a parent no longer has."""
    for child in _children(connection, parent):
        member = connection.execute(select(_d.member).where(_d.id == child)).scalar_one()
        if member not in but:
            withdraw_if_pathless(connection, child)


def _children(connection: Connection, document: str) -> list[str]:
    return list(connection.execute(select(_d.id).where(_d.parent == document).order_by(_d.id)).scalars())


def _failures_page(state: str) -> dict[str, Rank]:
    return {"failures": Rank.FRESH} if state == State.FAILED else {}


def _new_document(wanted: str, arrival: Arrival, now: float) -> dict[str, object]:
    path = PurePosixPath(arrival.path)
    collection = str(path.parent)
    return {
        "id": wanted,
        "sha256": arrival.sha256,
        "named_date": arrival.named_date.isoformat() if arrival.named_date else None,
        "named_source": arrival.named_source.value if arrival.named_date else None,
        "name": path.name,
        "path": arrival.path,
        "collection": "" if collection == "." else collection,
        "suffix": path.suffix.lower()[:16],
        "size": arrival.size,
        "file_time": arrival.file_time.isoformat() if arrival.file_time else None,
        "state": State.FAILED if arrival.failed else State.QUEUED,
        "pending": None if arrival.failed else Need.BYTES,
        "urgency": Urgency.FRESH if arrival.fresh else Urgency.BACKLOG,
        "alone": False,
        "revision": 0,
        **_told(arrival),
        "attempts": 1 if arrival.failed else 0,
        "deaths": 0,
        "worker_deaths": 0,
        "registered_at": now,
        "finished_at": now if arrival.failed else None,
        "reason": arrival.failed,
        "title": path.name,
        "dct": arrival.named_date.isoformat() if arrival.named_date else None,
        "dct_source": (arrival.named_source if arrival.named_date else DctSource.UNKNOWN).value,
        "language": arrival.language or "",
        "media_type": "",
        "blob": wanted,
        "events": 0,
    }


def _point(connection: Connection, arrival: Arrival, wanted: str, now: float) -> None:
    row = _present(arrival, wanted, now)
    insert = upsert(connection, schema.paths).values(path=arrival.path, **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["path"], set_=row))


def _present(arrival: Arrival, document: str, now: float) -> dict[str, object]:
    return {
        "document_id": document,
        "state": "present",
        "reason": None,
        "size": arrival.size,
        "mtime_ns": arrival.mtime_ns,
        "inode": arrival.inode,
        "at": now,
    }


def _met_again(
    connection: Connection, wanted: str, arrival: Arrival, state: str, file_time: str | None, now: float
) -> None:
    """Bytes that are known: from another path, or from before they were withdrawn."""
    if state == State.WITHDRAWN:
        bring_back(connection, wanted)
    earlier = arrival.file_time.isoformat() if arrival.file_time else None
    if earlier and (file_time is None or datetime.fromisoformat(earlier) < datetime.fromisoformat(file_time)):
        connection.execute(update(schema.documents).where(_d.id == wanted).values(file_time=earlier))
    if arrival.failed:
        connection.execute(
            update(schema.documents)
            .where(_d.id == wanted)
            .values(state=State.FAILED, reason=arrival.failed, attempts=_d.attempts + 1, finished_at=now)
        )
    _show_path(connection, wanted)
    _tell_anew(connection, wanted, arrival)


def _told(arrival: Arrival) -> dict[str, str | None]:
    return {"hint_language": arrival.language, "hint_title": arrival.title, "hint_origin": arrival.origin}


def _tell_anew(connection: Connection, wanted: str, arrival: Arrival) -> None:
    """The file beside a document says something else of it now: it is read again, its bytes being the same."""
    row = connection.execute(
        select(_d.path, _d.state, _d.hint_language, _d.hint_title, _d.hint_origin).where(_d.id == wanted)
    ).one()
    told = _told(arrival)
    is_ours = (
        row.path == arrival.path or arrival.title or arrival.origin
    )  # not a copy elsewhere that nothing is said of
    if not is_ours or arrival.failed or told == {key: getattr(row, key) for key in told}:
        return
    again = update(schema.documents).where(_d.id == wanted).values(**told)
    again = again.values(pending=Need.BYTES, task=None, revision=_d.revision + 1, urgency=Urgency.FRESH)
    if row.state in {State.DONE, State.FAILED, State.WORKING}:
        again = again.values(state=State.QUEUED)
    connection.execute(again)


def _show_path(connection: Connection, document: str) -> None:
    """The path people see is the first that is there."""
    first = connection.execute(
        select(func.min(_p.path)).where(_p.document_id == document, _p.state == "present")
    ).scalar()
    if first is not None:
        path = PurePosixPath(first)
        collection = "" if str(path.parent) == "." else str(path.parent)
        connection.execute(
            update(schema.documents)
            .where(_d.id == document, _d.path != first)
            .values(path=first, name=path.name, collection=collection)
        )


def _left_behind(connection: Connection, before: str, wanted: str) -> None:
    """A path holds other bytes now: what a person said of the former document's date goes over to its heir."""
    correction = connection.execute(select(_d.correction).where(_d.id == before)).scalar()
    if correction is not None:
        connection.execute(
            update(schema.documents)
            .where(_d.id == wanted, _d.correction.is_(None))
            .values(correction=correction, revision=_d.revision + 1)
        )
    withdraw_if_pathless(connection, before, superseded_by=wanted)
    _show_path(connection, before)
