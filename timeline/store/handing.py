"""What goes to the queue, what is out there, and what was lost."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from timeline.model import DctSource, Hints
from timeline.store import schema
from timeline.store.marking import Rank, mark, pages_of
from timeline.store.rows import Flight, HandedOut, Need, Speed, State, Urgency, Work
from timeline.store.wire import MEMBER

_d, _p = schema.documents.c, schema.paths.c
_CHUNK = 500
# Seconds between a file's time and its arrival within which it was a copy, most likely, that set the time.
ARRIVAL = 60.0
_ENOUGH = 5
# A document that took its worker's main process with it so often is the likeliest cause.
MAX_WORKER_DEATHS = 5
# A document that killed its process so often while it ran alone does so always.
MAX_DEATHS = 3
# In the cause of a death that is nobody's fault: no parser and no memory killer sends this.
ENDED_BY_HAND = "SIGTERM"

_waits = and_(_d.pending.is_not(None), _d.task.is_(None), _d.state != State.WITHDRAWN)

# Statements that run many times a second stand here, for putting one together costs more than running it.
_carrier = schema.documents.alias("carrier").c
_NEXT = (
    select(
        schema.documents,
        select(func.min(_p.path))
        .where(_p.document_id == _d.blob, _p.state == "present")
        .scalar_subquery()
        .label("held_by"),
        select(_carrier.sha256).where(_carrier.id == _d.blob).scalar_subquery().label("blob_sha256"),
    )
    .where(_waits, or_(_d.not_before.is_(None), _d.not_before <= bindparam("now")))
    .order_by(_d.urgency.desc(), _d.registered_at.desc(), _d.id)
    .limit(bindparam("most", type_=Integer))
)
_OUT = (
    select(_d.blob, func.max(_d.size).label("size"), func.count().label("number"))
    .where(_d.task.is_not(None))
    .group_by(_d.blob)
    .subquery()
)
_FLIGHT = select(func.coalesce(func.sum(_OUT.c.number), 0), func.coalesce(func.sum(_OUT.c.size), 0))
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_HOLDING = select(_d.id, _d.blob, _d.parent, _d.task).where(_d.id.in_(_THESE))
_PARENTS = select(_d.parent).where(_d.parent.in_(_THESE)).distinct()


def next_work(connection: Connection, limit: int, now: float) -> list[Work]:
    """Documents that want a worker: those somebody waits for, then the newest, upgrades last."""
    return [_work(row) for row in connection.execute(_NEXT, {"now": now, "most": limit})]


def waiting(connection: Connection) -> int:
    """How many documents want a worker and have none."""
    return connection.execute(select(func.count()).select_from(schema.documents).where(_waits)).scalar_one()


def hand_out(connection: Connection, task: str, ids: Sequence[str], now: float) -> set[str]:
    """Notes which task carries which documents; to be committed before the task is sent.

    Returns those it may carry: others got their result, or another task, since they were asked for.
    """
    handed: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chosen = update(schema.documents).where(_d.id.in_(ids[start : start + _CHUNK]), _waits)
        values = {"task": task, "handed_at": now, "started_at": None, "started_by": None}
        handed.update(connection.execute(chosen.values(values).returning(_d.id)).scalars())
    return handed


def handed_out(connection: Connection) -> list[HandedOut]:
    """Documents that were handed to the queue and have no result."""
    rows = connection.execute(
        select(_d.id, _d.task, _d.handed_at, _d.started_at, _d.started_by, _d.size, _d.blob)
        .where(_d.task.is_not(None))
        .order_by(_d.handed_at, _d.id)
    )
    return [HandedOut(*row) for row in rows]


def in_flight(connection: Connection) -> Flight:
    """How many documents are handed out, and their bytes (an archive's once)."""
    documents, size = connection.execute(_FLIGHT).one()
    return Flight(int(documents), int(size))


def speeds(connection: Connection, since: float) -> dict[str, Speed]:
    """What documents of each suffix cost lately, where enough were read to say so."""
    found = connection.execute(
        select(_d.suffix, func.avg(_d.ms), func.avg(_d.size))
        .where(_d.finished_at > since, _d.ms.is_not(None))
        .group_by(_d.suffix)
        .having(func.count() >= _ENOUGH)
    )
    # Half of it for the document, half for its length: close enough to fill a batch.
    return {suffix: Speed(ms / 2, ms / 2 / max(size / 1024, 0.25)) for suffix, ms, size in found}


def postpone(connection: Connection, document: str, until: float) -> None:
    """Not now: its file is changing under our eyes."""
    connection.execute(update(schema.documents).where(_d.id == document).values(not_before=until))


def spent_blobs(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Of these documents, all settled, the blobs that nobody needs any more."""
    spent: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found = connection.execute(_HOLDING, {"these": chunk}).all()
        blobs = {row.blob for row in found} - {row.id for row in found if row.task is not None}
        # Only an archive's bytes are shared. All that is handed out is looked at for those alone.
        archives = set(connection.execute(_PARENTS, {"these": chunk}).scalars())
        archives |= {row.blob for row in found if row.parent is not None}
        if archives:
            query = select(_d.blob).where(_d.blob.in_(archives), _d.task.is_not(None))
            blobs -= set(connection.execute(query).scalars())
        spent |= blobs
    return spent


def take_back(connection: Connection, tasks: Iterable[str]) -> int:
    """Tasks that were lost through no fault of a document: theirs wait again, uncounted."""
    taken = 0
    for task in tasks:
        taken += connection.execute(
            update(schema.documents)
            .where(_d.task == task)
            .values(task=None, handed_at=None, started_at=None, started_by=None, state=_waiting_again())
        ).rowcount
    return taken


def worker_died(connection: Connection, task: str, now: float) -> list[str]:
    """A task whose whole worker is gone: what it was reading is counted, five times at most.

    Returns the ids of documents given up.
    """
    running = connection.execute(
        select(_d.id, _d.worker_deaths, _d.name)
        .where(_d.task == task, _d.started_at.is_not(None))
        .order_by(_d.started_at.desc(), _d.id)
    ).first()
    given_up = []
    if running is not None:
        deaths = running.worker_deaths + 1
        connection.execute(
            update(schema.documents)
            .where(_d.id == running.id)
            .values(worker_deaths=deaths, attempts=_d.attempts + 1, alone=True)
        )
        if deaths >= MAX_WORKER_DEATHS:
            reason = (
                f"its worker died {deaths} times while reading it, process and all: the file may be damaged, or needs"
                " more memory than there is; `timeline retry` tries again"
            )
            fail(connection, running.id, reason, now)
            given_up.append(running.id)
    take_back(connection, [task])
    return given_up


def child_died(connection: Connection, task: str, cause: str, now: float) -> list[str]:
    """A task whose process was killed: the document it was at is suspected and tried alone; alone, it is counted.

    Unless somebody asked the process to end.

    Returns the ids of documents given up.
    """
    if ENDED_BY_HAND in cause:
        take_back(connection, [task])
        return []
    members = connection.execute(
        select(_d.id, _d.alone, _d.deaths, _d.started_at).where(_d.task == task).order_by(_d.started_at, _d.id)
    ).all()
    started = [member for member in members if member.started_at is not None]
    given_up = []
    if started:
        suspect = started[-1]
        deaths = suspect.deaths + (len(members) == 1 and bool(suspect.alone))
        connection.execute(
            update(schema.documents)
            .where(_d.id == suspect.id)
            .values(alone=True, deaths=deaths, attempts=_d.attempts + 1)
        )
        if deaths >= MAX_DEATHS:
            reason = f"crashes the reader ({cause}), {deaths} times while read alone: the file is damaged or hostile"
            fail(connection, suspect.id, reason, now)
            given_up.append(suspect.id)
    take_back(connection, [task])
    return given_up


def fail(connection: Connection, document: str, reason: str, now: float) -> None:
    """A document that cannot be read, and why. One that was withdrawn meanwhile stays so."""
    row = connection.execute(select(_d.state, _d.urgency).where(_d.id == document)).one()
    withdrawn = row.state == State.WITHDRAWN
    connection.execute(
        update(schema.documents)
        .where(_d.id == document)
        .values(
            state=State.WITHDRAWN if withdrawn else State.FAILED,
            was=State.FAILED if withdrawn else None,
            pending=None,
            task=None,
            reason=reason,
            finished_at=now,
        )
    )
    mark(connection, pages_of([], document, rank_of(row.urgency)) | {"failures": Rank.FRESH})


def outdated(connection: Connection, engine: str) -> int:
    """Wants every document read by another engine read again, from its text, behind all other work."""
    return connection.execute(
        update(schema.documents)
        .where(_d.state == State.DONE, _d.pending.is_(None), _d.engine != engine)
        .values(pending=Need.TEXT, urgency=Urgency.UPGRADE)
    ).rowcount


def rank_of(urgency: int) -> Rank:
    """How soon the pages of a document are made."""
    return Rank.FRESH if urgency == Urgency.FRESH else Rank.BACKLOG


def _waiting_again() -> ColumnElement[str]:
    return case((_d.state == State.WORKING, State.QUEUED.value), else_=_d.state)


def _is_arrival_time(file_time: str | None, registered_at: float) -> bool:
    return file_time is not None and abs(datetime.fromisoformat(file_time).timestamp() - registered_at) < ARRIVAL


def _work(row: Row[*tuple[Any, ...]]) -> Work:
    return Work(
        id=row.id,
        revision=row.revision,
        need=Need(row.pending),
        name=row.name,
        suffix=row.suffix,
        size=row.size,
        path=row.held_by,
        blob=row.blob,
        sha256=row.blob_sha256,
        member=MEMBER.validate_json(row.member) if row.member else (),
        hints=Hints(
            named_date=date.fromisoformat(row.named_date) if row.named_date else None,
            named_source=DctSource(row.named_source) if row.named_source else DctSource.FILE_NAME,
            file_time=datetime.fromisoformat(row.file_time) if row.file_time else None,
            language=row.hint_language,
            correction=date.fromisoformat(row.correction) if row.correction else None,
            date_order=row.hint_order,
            title=row.hint_title,
            origin=row.hint_origin,
            is_arrival_time=_is_arrival_time(row.file_time, row.registered_at),
        ),
        fresh=row.urgency == Urgency.FRESH,
        alone=row.alone,
    )
