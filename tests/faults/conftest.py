"""The undisturbed run that every other is compared with."""

from pathlib import Path

import pytest

from tests.faults.rig import canonical, drop, rig


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the fixed set comes to when nothing happens."""
    folder: Path = tmp_path_factory.mktemp("undisturbed")
    with rig(folder / "run") as calm:
        calm.settle(drop(calm))
    return canonical(calm.data)
