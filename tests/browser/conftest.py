"""A Chromium for the tests, and a place to keep what it saw."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "screenshots"


@pytest.fixture(scope="module")  # not longer: Playwright keeps an event loop running in this thread
def browser() -> Iterator[Browser]:
    # The system's Chromium where there is one, else the one Playwright brought.
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


class Watched:
    """A page that is listened to: what its console said, what it asked for."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def complaints(self) -> list[str]:
        """Errors and reports of a broken policy."""
        return [one for one in self.said if one.startswith(("error", "warning"))]

    def strangers(self) -> list[str]:
        """Requests that leave the machine."""
        ours = ("http://127.0.0.1:", "file://", "data:", "blob:")
        return [url for url in self.asked if not url.startswith(ours)]


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Watched(context)
    context.close()


def keep(page: Page, name: str, *, full: bool = False) -> None:
    """Keeps a screenshot for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=full)
