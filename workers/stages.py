"""How long the assembler's two stages take, kept in the store for /metrics to tell."""

from timeline.store import STAGE_BOUNDS, Stage, Store, Tally


class Stages:
    """Adds up in memory; `keep` writes it down, which is not worth a write of its own each time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tallies = {stage: Tally(STAGE_BOUNDS, store.recall(stage)) for stage in Stage}

    def took(self, stage: Stage, seconds: float, times: int = 1) -> None:
        """One more of a stage, or so many together."""
        self._tallies[stage].add(seconds, times)

    def keep(self) -> None:
        """Writes it down."""
        for stage, tally in self._tallies.items():
            self._store.remember(stage, str(tally))
