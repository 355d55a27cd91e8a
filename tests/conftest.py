"""What every test may use: a fixed creation time, so that nothing depends on today."""

from datetime import date

import pytest


@pytest.fixture
def dct() -> date:
    """Friday 2024-03-15."""
    return date(2024, 3, 15)
