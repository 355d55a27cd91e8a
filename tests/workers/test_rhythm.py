"""When pages are made: what somebody waits for at once, a backlog's now and then, and nothing without need."""

import math
from itertools import pairwise

from workers.rhythm import BACKLOG_EVERY, BACKLOG_SHARE, EVERY, IDLE_PATIENCE, LATER, Rhythm

# One step of the clock in which a whole rendering passes.
TOOK = 0.2


def rendered(rhythm: Rhythm, at: float, *, took: float = TOOK, is_all: bool = False) -> None:
    rhythm.made(at, at + took, pages=5, is_all=is_all)


def quiet() -> Rhythm:
    """All pages were made long ago."""
    rhythm = Rhythm()
    rendered(rhythm, 50.0, is_all=True)
    return rhythm


def backlog(rhythm: Rhythm, start: float, seconds: float, *, took: float = TOOK) -> list[tuple[float, float]]:
    """A backlog's results every 50 ms; when pages were made, and how long those nobody waits for might take."""
    made: list[tuple[float, float]] = []
    for step in range(int(seconds / 0.05)):
        at = start + step * 0.05
        if made and at < made[-1][0] + took:
            continue  # they are still being made
        rhythm.applied(at, is_awaited=False)
        if at >= rhythm.due:
            made.append((at, rhythm.patience(at)))
            rendered(rhythm, at, took=took)
    return made


def test_the_first_result_is_shown_at_once() -> None:
    rhythm = quiet()
    rhythm.applied(100.0, is_awaited=False)
    assert rhythm.due <= 100.0


def test_a_backlogs_pages_are_made_every_three_seconds() -> None:
    rhythm = Rhythm()
    rendered(rhythm, 97.0, is_all=True)
    times = [at for at, patience in backlog(rhythm, 100.0, 30.0) if patience]
    assert len(times) >= 8
    assert all(later - earlier >= BACKLOG_EVERY for earlier, later in pairwise(times))


def test_slow_pages_take_no_more_than_their_share_from_a_backlog() -> None:
    made = backlog(Rhythm(), 100.0, 120.0, took=2.0)
    assert 2.0 * len([at for at, patience in made if patience]) <= 120.0 * BACKLOG_SHARE + 2 * 2.0


def test_what_somebody_waits_for_is_shown_at_once_and_alone_during_a_backlog_but_once_a_second_at_most() -> None:
    rhythm = Rhythm()
    backlog(rhythm, 100.0, 10.0)
    rendered(rhythm, 110.0)
    rhythm.applied(110.3, is_awaited=False)
    assert rhythm.due > 110.0 + EVERY
    rhythm.applied(110.4, is_awaited=True)
    assert rhythm.due <= 110.4
    assert rhythm.patience(110.4) == 0.0  # the backlog's pages are not made along with it
    rendered(rhythm, 110.4)
    rhythm.applied(110.6, is_awaited=True)
    assert rhythm.due == 110.4 + EVERY


def test_what_is_left_of_a_burst_goes_on_at_once_when_it_is_over() -> None:
    rhythm = Rhythm()
    backlog(rhythm, 100.0, 5.0)
    at = max(rhythm.due, 105.0 + EVERY)
    assert at < 105.0 + EVERY + BACKLOG_EVERY
    assert rhythm.patience(at) == IDLE_PATIENCE
    rendered(rhythm, at)
    assert rhythm.due <= at + TOOK
    rendered(rhythm, at + TOOK, is_all=True)
    assert rhythm.due == math.inf


def test_what_others_wrote_is_shown_a_little_later() -> None:
    rhythm = quiet()
    rhythm.changed(100.0)
    assert rhythm.due == 100.0 + LATER


def test_nothing_to_make_is_nothing_to_wake_for() -> None:
    rhythm = Rhythm()
    rhythm.made(100.0, 100.001, pages=0, is_all=True)
    assert rhythm.due == math.inf


def test_pages_that_cannot_be_made_are_tried_again_then_and_not_before() -> None:
    rhythm = quiet()
    rhythm.put_off(105.0)
    rhythm.applied(101.0, is_awaited=True)
    assert rhythm.due == 105.0
