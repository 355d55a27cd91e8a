"""Ten thousand damaged documents: each is read, or refused with a reason, within the limits; none ends its reader."""

import os

import pytest

from tests.reading.mutating import ABORTED, read_all

COUNT = int(os.environ.get("MUTATIONS", "10000"))
SEED = int(os.environ.get("MUTATIONS_SEED", "1"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_damaged_documents_of_every_kind_are_read_or_refused() -> None:
    outcomes, bad = read_all(SEED, COUNT, processes=2)
    print(f"seed {SEED}: {dict(outcomes)}")
    assert not bad, "\n".join(bad)
    assert outcomes.total() == COUNT
    assert outcomes[ABORTED] < COUNT / 1000  # each costs a worker three processes
    # Were nearly all refused, only the first look at them would be tried; were nearly none, they would be sound.
    assert outcomes["read"] > COUNT / 5
    assert outcomes["refused"] > COUNT / 10
