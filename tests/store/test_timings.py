"""Histograms that outlive a process."""

from timeline.store import STAGE_BOUNDS, Tally


def test_what_was_made_together_counts_each_with_its_share() -> None:
    tally = Tally((0.01, 0.1, 1.0))
    tally.add(0.5, times=10)
    tally.add(0.5)
    assert tally.timings.counts == (0, 10, 11)
    assert (tally.timings.count, tally.timings.seconds) == (11, 1.0)


def test_a_histogram_is_taken_up_where_it_was_left_and_begun_anew_with_other_bounds() -> None:
    tally = Tally(STAGE_BOUNDS)
    tally.add(0.02, times=3)
    assert Tally(STAGE_BOUNDS, str(tally)).timings == tally.timings
    assert Tally((1.0,), str(tally)).timings.count == 0
    assert Tally(STAGE_BOUNDS, "no histogram of ours").timings.count == 0
