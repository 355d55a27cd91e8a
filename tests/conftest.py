"""What every test may use: a fixed creation time, so that nothing depends on today. And no test is skipped unseen."""

import os
import signal
from collections.abc import Generator
from datetime import date
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
# Set by the build: there a test that does not run is a test that fails.
IS_STRICT = os.environ.get("TEST_NOTHING_SKIPPED") == "1"


def pytest_configure() -> None:
    # A shell starts what it puts in the background with SIGINT ignored, and children inherit that: Ctrl-C, which is
    # tested, would then never arrive.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _strict((yield))


def _strict(report: Report) -> Report:
    if IS_STRICT and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be skipped: {report.longreprtext or report.longrepr}"
    return report


@pytest.fixture
def dct() -> date:
    """Friday 2024-03-15."""
    return date(2024, 3, 15)
