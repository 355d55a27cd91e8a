"""Documents counted: where they stand, and how fast they go."""

from sqlalchemy import Connection, and_, func, select

from timeline.store import schema
from timeline.store.listing import IGNORED, UNDATED
from timeline.store.rows import Balance, Counts, Progress, State, Urgency

_d = schema.documents.c


def counts(connection: Connection) -> Counts:
    """Documents by state, and events."""
    by_state = dict.fromkeys(State, 0)
    for state, count in connection.execute(select(_d.state, func.count()).group_by(_d.state)):
        by_state[State(state)] = count
    ignored = select(func.count()).select_from(schema.paths).where(schema.paths.c.state == IGNORED)
    by_state[State.IGNORED] += connection.execute(ignored).scalar_one()
    total = select(func.coalesce(func.sum(schema.bins.c.count), 0)).where(schema.bins.c.clock == "event")
    return Counts(
        **{state.value: count for state, count in by_state.items()},
        events=int(connection.execute(total).scalar_one()),
        documents=sum(by_state.values()),
        undated=connection.execute(select(func.count()).where(*UNDATED)).scalar_one(),
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
