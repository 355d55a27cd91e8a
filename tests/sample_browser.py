"""A browser's page that is listened to, and a place to keep what it looked like."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

ARTEFACTS = Path(__file__).parents[1] / "artefacts" / "screenshots"


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


def keep(page: Page, name: str, *, full: bool = False) -> None:
    """Keeps a screenshot for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=full)
