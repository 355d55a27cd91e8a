"""Reading the store: events by time and text, documents, failures, counts."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    Select,
    TextClause,
    and_,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)

from timeline.errors import UsageError
from timeline.model import DctSource, Shape
from timeline.store import schema
from timeline.store.calendar import begin_of, key_of
from timeline.store.rows import (
    Balance,
    Bin,
    Counts,
    DocumentRow,
    DocumentSummary,
    EventRow,
    Facet,
    FailureRow,
    IgnoredRow,
    Notice,
    Progress,
    State,
    UndatedRow,
    Urgency,
)
from timeline.store.wire import DOCUMENT, EVENT, MENTIONS

Clock = Literal["event", "reported"]
Unit = Literal["year", "month", "day"]

# An event's key is its sort key, shifted, with a slot below: a million events fit one and the same second.
SLOT_BITS = 20
# Beyond ±139,000 years the key no longer grows; the order within it is then by slot.
_FARTHEST = 2 ** (62 - SLOT_BITS) - 1
_Condition = ColumnElement[bool] | TextClause
_IGNORED: ColumnElement[str] = literal_column("'ignored'")  # spelled out, else SQLite does not see that the index fits
_DAY = literal_column("86400", Integer)
# A word found this often is common: then it is cheaper to walk the timeline and look each event up.
_COMMON = 2000
# So few documents and events are quicker gathered than looked for along the line.
_FEW_DOCUMENTS, _FEW = 300, 5000
# Writing without spaces is one long token to the index; such words are looked for in the statements themselves.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_TERM = re.compile(r'"([^"]+)"|(\S+)')

_d, _e = schema.documents.c, schema.events.c
_UNDATED = (_d.unanchored > literal_column("0"), _d.state == State.DONE)
_JOINED = schema.events.join(schema.documents, _d.id == _e.document_id)
_words = table("events_text", column("rowid", Integer), column("events_text"))


@dataclass(frozen=True, slots=True)
class Filter:
    """What events are asked for; the empty filter is all of them."""

    begin: int | None = None
    end: int | None = None
    shapes: Sequence[Shape] = ()
    granularities: Sequence[str] = ()
    source: str | None = None
    text: str | None = None
    language: str | None = None
    document: str | None = None
    collection: str | None = None


def key(sort: int, slot: int = 0) -> int:
    """Where an event with this sort key stands among all."""
    return int(max(-_FARTHEST, min(_FARTHEST, sort))) << SLOT_BITS | slot


def events(
    connection: Connection, wanted: Filter, *, by: Clock = "event", after: str | None = None, limit: int | None = None
) -> list[EventRow]:
    """Live events in time order, behind the cursor `after`."""
    source, place, conditions = _chosen(connection, wanted, by)
    query = select(_e.seq, _e.sort, _e.reported, _e.body, *SUMMARY).select_from(source).where(*conditions)
    if by == "event":
        query = query.where(place > _cursor(after)[1]) if after else query
        query = query.order_by(place)
    else:
        if after:
            reported, seq = _cursor(after)
            query = query.where(_e.reported >= reported)
            query = query.where(or_(_e.reported > reported, _e.seq > seq))
        query = query.order_by(_e.reported, _e.seq)
    return [event_row(row) for row in connection.execute(query.limit(limit))]


def _chosen(
    connection: Connection, wanted: Filter, by: Clock
) -> tuple[FromClause, ColumnElement[int], list[_Condition]]:
    """Where the events wanted are read from, what they are ordered by, and what must hold of them."""
    if connection.dialect.name == "sqlite" and by == "event" and (match := _match(wanted.text)):
        # The index of words is in time order too, its key being the events': the first 50 of a common word are
        # the first 50 entries of its list. The plus keeps SQLite from walking the events instead.
        source = _words.join(schema.events, _e.seq == text("+events_text.rowid")).join(
            schema.documents, _d.id == _e.document_id
        )
        conditions: list[_Condition] = [_words.c.events_text.match(match)]
        conditions += _conditions(connection, replace(wanted, text=_unspaced(wanted.text), begin=None, end=None), by)
        return source, _words.c.rowid, conditions + _between(_words.c.rowid, wanted)
    conditions = _conditions(connection, wanted, by)
    few = _few_documents(connection, wanted)
    if few is None:
        return _JOINED, _e.seq, conditions
    # Few documents: their events are gathered and sorted, rather than looked for along the whole line.
    return _JOINED, literal_column("+events.seq", Integer), [_e.document_id.in_(few), *conditions]


def _few_documents(connection: Connection, wanted: Filter) -> list[str] | None:
    """The documents wanted, when they are few and hold few events; None otherwise."""
    if connection.dialect.name != "sqlite" or not (wanted.source or wanted.collection is not None or wanted.language):
        return None
    held = select(_d.id, _d.events).where(_d.events > 0, *_of_document(wanted)).limit(_FEW_DOCUMENTS + 1)
    found = connection.execute(held).all()
    is_few = len(found) <= _FEW_DOCUMENTS and sum(row.events for row in found) <= _FEW
    return [row.id for row in found] if is_few else None


def event(connection: Connection, event_id: str) -> EventRow | None:
    """One event, hidden and withdrawn ones too."""
    row = connection.execute(
        select(_e.seq, _e.sort, _e.reported, _e.body, *SUMMARY)
        .select_from(_JOINED)
        .where(_e.id == event_id)
        .order_by(_e.live.desc(), _e.document_id)
        .limit(1)
    ).first()
    return event_row(row) if row else None


def histogram(connection: Connection, wanted: Filter, *, by: Clock, unit: Unit) -> list[Bin]:
    """Live events counted by year, month or day; only bins that hold some, in time order."""
    if unit != "day" and wanted == Filter(begin=wanted.begin, end=wanted.end):
        return _from_months(connection, wanted, by, unit)
    source, place, conditions = _chosen(connection, wanted, by)
    second = _e.sort if by == "event" else _e.reported
    midnight = second - (second % _DAY + _DAY) % _DAY  # % takes the sign of its left side in SQL
    if place is _words.c.rowid and replace(wanted, begin=None, end=None) == Filter(text=_spaced_only(wanted.text)):
        # The key of a word's entry holds the day: no event need be looked at, and half a million are counted in time.
        day = (_words.c.rowid.op(">>")(SLOT_BITS)).label("second")
        counted = select((day - (day % _DAY + _DAY) % _DAY).label("day"), func.count()).select_from(_words)
        found = [_words.c.events_text.match(_match(wanted.text)), *_between(_words.c.rowid, wanted)]
        days = connection.execute(counted.where(*found).group_by("day"))
        return _plain_bins([(key_of(begin, unit), count) for begin, count in days])
    rows = connection.execute(
        select(midnight.label("day"), _e.shape, func.count())
        .select_from(source)
        .where(*conditions)
        .group_by("day", _e.shape)
    )
    tallies: dict[str, dict[Shape, int]] = {}
    for begin, shape, count in rows:
        shapes = tallies.setdefault(key_of(begin, unit), {})
        shapes[Shape(shape)] = shapes.get(Shape(shape), 0) + count
    return _bins(tallies)


def facets(connection: Connection, of: Literal["source", "collection", "language"], limit: int) -> list[Facet]:
    """Events on the timeline by source, folder or language, the fullest first; counted from what documents hold."""
    value, name = {
        "source": (_d.id, _d.title),
        "collection": (_d.collection, _d.collection),
        "language": (_d.language, _d.language),
    }[of]
    held = func.sum(_d.events)
    found = connection.execute(
        select(value, func.max(name), held)
        .where(_d.events > 0, _d.state != State.WITHDRAWN)
        .group_by(value)
        .order_by(held.desc(), value)
        .limit(limit)
    )
    return [Facet(*row) for row in found]


def counts(connection: Connection) -> Counts:
    """Documents by state, and events."""
    by_state = dict.fromkeys(State, 0)
    for state, count in connection.execute(select(_d.state, func.count()).group_by(_d.state)):
        by_state[State(state)] = count
    ignored = select(func.count()).select_from(schema.paths).where(schema.paths.c.state == _IGNORED)
    by_state[State.IGNORED] += connection.execute(ignored).scalar_one()
    total = select(func.coalesce(func.sum(schema.bins.c.count), 0)).where(schema.bins.c.clock == "event")
    return Counts(
        **{state.value: count for state, count in by_state.items()},
        events=int(connection.execute(total).scalar_one()),
        documents=sum(by_state.values()),
        undated=connection.execute(select(func.count()).where(*_UNDATED)).scalar_one(),
    )


def balance(connection: Connection) -> Balance:
    """The sum that must come out even."""
    found = counts(connection)
    known = select(_d.id)
    strays = (
        select(func.count())
        .select_from(schema.paths)
        .where(schema.paths.c.state != "ignored", schema.paths.c.document_id.not_in(known))
    )
    return Balance(
        documents=found.documents,
        queued=found.queued,
        working=found.working,
        done=found.done,
        failed=found.failed,
        withdrawn=found.withdrawn,
        ignored=found.ignored,
        strays=connection.execute(strays).scalar_one(),
    )


def progress(connection: Connection, now: float) -> Progress:
    """Documents a second over the last minute, and what that means for the rest."""
    waiting, oldest = connection.execute(
        select(func.count(), func.min(_d.registered_at)).where(_d.state.in_([State.QUEUED, State.WORKING]))
    ).one()
    finished, first = connection.execute(
        select(func.count(), func.min(_d.finished_at)).where(_d.finished_at > now - 60)
    ).one()
    rate = finished / max(1.0, now - first) if finished else 0.0
    # In two halves, each with an index of its own.
    halves = (and_(_d.pending.is_not(None), _d.task.is_(None)), _d.task.is_not(None))
    upgrades = select(func.count()).where(_d.urgency == Urgency.UPGRADE)
    again = sum(connection.execute(upgrades.where(half)).scalar_one() for half in halves)
    return Progress(
        waiting=waiting,
        finished=finished,
        rate=rate,
        seconds_left=(waiting or again) / rate if rate and (waiting or again) else None,
        oldest_waiting=max(0.0, now - oldest) if waiting else None,
        again=again,
    )


def document(connection: Connection, document_id: str, *, with_text: bool) -> DocumentRow | None:
    """One document, with its text and mentions if wanted and once it was read."""
    row = connection.execute(select(schema.documents).where(_d.id == document_id)).first()
    if row is None:
        return None
    shares = select(_d.id).where(_d.sha256 == row.sha256, _d.id != row.id).order_by(_d.id)
    found = document_row(
        row,
        paths=tuple(path for (path,) in connection.execute(_paths_of(document_id))),
        same_text=tuple(connection.execute(shares).scalars()) if row.sha256 else (),
    )
    if not with_text:
        return found
    kept = connection.execute(select(schema.contents).where(schema.contents.c.document_id == document_id)).first()
    if kept is None:
        return found
    read = replace(DOCUMENT.validate_json(kept.detail), text=kept.text)
    return replace(found, document=read, mentions=MENTIONS.validate_json(kept.mentions))


def documents(
    connection: Connection, *, state: State | None, after: str | None, limit: int | None
) -> list[DocumentRow]:
    """Documents without their text, by id; `after` is the last id seen."""
    query = select(schema.documents).order_by(_d.id).limit(limit)
    if state is not None:
        query = query.where(_d.state == state)
    if after is not None:
        query = query.where(_d.id > after)
    return [document_row(row, paths=(), same_text=()) for row in connection.execute(query)]


def failures(connection: Connection, limit: int | None = None) -> list[FailureRow]:
    """Documents that failed, the latest first."""
    rows = connection.execute(
        select(_d.id, _d.path, _d.reason, _d.attempts, func.coalesce(_d.finished_at, _d.registered_at))
        .where(_d.state == State.FAILED)
        .order_by(func.coalesce(_d.finished_at, _d.registered_at).desc(), _d.id)
        .limit(limit)
    )
    return [FailureRow(id_, path, reason or "", attempts, at) for id_, path, reason, attempts, at in rows]


def undated(connection: Connection, limit: int | None = None) -> list[UndatedRow]:
    """Documents without a date whose relative expressions wait for one, those with most of them first."""
    chosen = select(_d.id, _d.path, _d.unanchored).where(*_UNDATED).order_by(_d.unanchored.desc(), _d.path)
    return [UndatedRow(*row) for row in connection.execute(chosen.limit(limit))]


def ignored(connection: Connection, limit: int | None = None) -> list[IgnoredRow]:
    """Files that are no documents, and why."""
    c = schema.paths.c
    rows = connection.execute(select(c.path, c.reason).where(c.state == _IGNORED).order_by(c.path).limit(limit))
    return [IgnoredRow(path, reason or "") for path, reason in rows]


def notices(connection: Connection) -> list[Notice]:
    """What everybody should see, oldest first."""
    c = schema.notices.c
    return [Notice(*row) for row in connection.execute(select(c.key, c.text, c.at).order_by(c.at, c.key))]


SUMMARY = (
    _d.id.label("document"),
    _d.title,
    _d.path,
    _d.dct,
    _d.dct_source,
    _d.language,
    _d.media_type,
    _d.collection,
)


def event_row(row: Row[*tuple[Any, ...]]) -> EventRow:
    """An event out of its columns and its document's SUMMARY."""
    summary = DocumentSummary(
        id=row.document,
        title=row.title,
        path=row.path,
        dct=row.dct,
        dct_source=DctSource(row.dct_source),
        language=row.language,
        media_type=row.media_type,
        collection=row.collection,
    )
    return EventRow(
        event=EVENT.validate_json(row.body), document=summary, sort=row.sort, cursor=f"{row.reported}.{row.seq}"
    )


def document_row(row: Row[*tuple[Any, ...]], paths: tuple[str, ...], same_text: tuple[str, ...]) -> DocumentRow:
    """A document out of its columns, without its text."""
    return DocumentRow(
        id=row.id,
        name=row.name,
        title=row.title,
        path=row.path,
        paths=paths or (row.path,),
        collection=row.collection,
        state=State(row.state),
        sha256=row.sha256,
        size=row.size,
        dct=row.dct,
        dct_source=DctSource(row.dct_source),
        language=row.language,
        media_type=row.media_type,
        attempts=row.attempts,
        reason=row.reason,
        registered_at=row.registered_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        ms=row.ms,
        engine=row.engine,
        revision=row.revision,
        correction=row.correction,
        events=row.events,
        parent=row.parent,
        superseded_by=row.superseded_by,
        same_text=same_text,
        worker=row.started_by,
    )


def _paths_of(document_id: str) -> Select[str]:
    c = schema.paths.c
    return select(c.path).where(c.document_id == document_id, c.state == "present").order_by(c.path)


def _cursor(after: str) -> tuple[int, int]:
    try:
        reported, seq = (int(part) for part in after.split("."))
        if max(abs(reported), abs(seq)) >= 2**63:
            raise ValueError("no database holds such a number")
        return reported, seq
    except ValueError as error:
        raise UsageError(f"{after!r} is no cursor: hand back the `cursor` of the last event you got") from error


def _conditions(connection: Connection, wanted: Filter, by: Clock) -> list[_Condition]:
    found: list[_Condition] = [_e.live.is_(True)]
    if by == "event":
        found += _between(_e.seq, wanted)
    else:
        found += [_e.reported >= wanted.begin] if wanted.begin is not None else []
        found += [_e.reported < wanted.end] if wanted.end is not None else []
    found += [_e.shape.in_(wanted.shapes)] if wanted.shapes else []
    found += [_e.granularity.in_(wanted.granularities)] if wanted.granularities else []
    found += [_e.document_id == wanted.document] if wanted.document else []
    found += _of_document(wanted)
    if wanted.text and wanted.text.strip():
        found += _text_conditions(connection, wanted.text)
    return found


def _of_document(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_d.language == wanted.language] if wanted.language else []
    if wanted.collection is not None:
        found.append(or_(_d.collection == wanted.collection, _d.collection.startswith(wanted.collection + "/")))
    if wanted.source:
        like = f"%{_escaped(wanted.source)}%"
        found.append(or_(_d.id == wanted.source, _d.path.ilike(like, escape="\\"), _d.title.ilike(like, escape="\\")))
    return found


def _between(place: ColumnElement[int], wanted: Filter) -> list[_Condition]:
    found: list[_Condition] = [place >= key(wanted.begin)] if wanted.begin is not None else []
    return found + ([place < key(wanted.end)] if wanted.end is not None else [])


def _text_conditions(connection: Connection, sought: str) -> list[_Condition]:
    found: list[_Condition] = [
        _e.statement.like(f"%{_escaped(term)}%", escape="\\") for term in _terms(_unspaced(sought))
    ]
    if connection.dialect.name == "postgresql":
        query = " & ".join(_lexemes(term) for term in _spaced(sought))
        if query:
            found.append(text("events.words @@ to_tsquery('simple', :words)").bindparams(words=query))
        return found or [false()]
    match = _match(sought)
    if not match:
        return found or [false()]
    some = text("SELECT count(*) FROM (SELECT 1 FROM events_text WHERE events_text MATCH :words LIMIT :cap)")
    if connection.execute(some, {"words": match, "cap": _COMMON}).scalar_one() < _COMMON:
        few = "events.seq IN (SELECT rowid FROM events_text WHERE events_text MATCH :words)"
        return [*found, text(few).bindparams(words=match)]
    many = "EXISTS (SELECT 1 FROM events_text WHERE events_text MATCH :words AND rowid = events.seq)"
    return [*found, text(many).bindparams(words=match)]


def _terms(sought: str | None) -> list[str]:
    return [phrase or word for phrase, word in _TERM.findall(sought or "")]


def _spaced(sought: str | None) -> list[str]:
    return [term for term in _terms(sought) if not _UNSPACED.search(term) and re.search(r"\w", term)]


def _unspaced(sought: str | None) -> str:
    return " ".join(f'"{term}"' for term in _terms(sought) if _UNSPACED.search(term))


def _match(sought: str | None) -> str:
    return " AND ".join(_fts_term(term) for term in _spaced(sought))


def _escaped(term: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", term)


def _fts_term(term: str) -> str:
    prefix = "*" if term.endswith("*") else ""
    return '"' + term.rstrip("*").replace('"', '""') + '"' + prefix


def _lexemes(term: str) -> str:
    words = re.findall(r"\w+", term)
    return "(" + " <-> ".join(words) + (":*" if term.endswith("*") else "") + ")"


def _from_months(connection: Connection, wanted: Filter, by: Clock, unit: Unit) -> list[Bin]:
    c = schema.bins.c
    query = select(c.begin, c.shape, c.count).where(c.clock == by, c.count > 0)
    if wanted.begin is not None:
        query = query.where(c.begin >= begin_of(key_of(wanted.begin, "month")))
    if wanted.end is not None:
        query = query.where(c.begin < wanted.end)
    tallies: dict[str, dict[Shape, int]] = {}
    for begin, shape, count in connection.execute(query):
        shapes = tallies.setdefault(key_of(begin, unit), {})
        shapes[Shape(shape)] = shapes.get(Shape(shape), 0) + count
    return _bins(tallies)


def _plain_bins(counted: Iterable[tuple[str, int]]) -> list[Bin]:
    """Bins that do not tell shapes apart."""
    tallies: Counter[str] = Counter()
    for name, count in counted:
        tallies[name] += count
    return sorted((Bin(name, begin_of(name), count) for name, count in tallies.items()), key=lambda bin_: bin_.begin)


def _spaced_only(sought: str | None) -> str | None:
    """The text itself when the index of words knows all of it."""
    return None if _unspaced(sought) else sought


def _bins(tallies: dict[str, dict[Shape, int]]) -> list[Bin]:
    found = [
        Bin(key=name, begin=begin_of(name), count=sum(shapes.values()), shapes=tuple(sorted(shapes.items())))
        for name, shapes in tallies.items()
    ]
    return sorted(found, key=lambda bin_: bin_.begin)
