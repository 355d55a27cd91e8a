"""A Chromium for the tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sample_browser import Watched
from sample_server import serving
from sample_site import Case, case
from sample_store import documents, fill, small

from timeline.store import Arrival
from timeline.web import create_app


@pytest.fixture(scope="module")  # not longer: Playwright keeps an event loop running in this thread
def browser() -> Iterator[Browser]:
    # The system's Chromium where there is one, else the one Playwright brought.
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Watched(context)
    context.close()


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Case]:
    with case(tmp_path) as made:
        small(made.store)
        made.store.register([Arrival("secret.pdf", None, 0, failed="it is encrypted: save it without a password")], 1.0)
        made.store.ignore([("~$draft.docx", "lock file of an office program")], 1.0)
        made.pages.refresh()
        yield made


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with case(tmp_path_factory.mktemp("many")) as made:
        fill(made.store, documents(100, 3000, years=8))
        small(made.store)
        made.pages.refresh()
        yield made


@pytest.fixture
def served(few: Case) -> Iterator[str]:
    with serving(create_app(few.folder / "timeline.db", few.folder / "site", few.folder / "inbox")) as address:
        yield address
