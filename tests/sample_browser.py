"""A browser's page that is listened to, and a place to keep what it looked like."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
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


def axe_violations(page: Page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "preload": False}
    )
    return [
        f"{one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found.response["violations"]
    ]


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(100)
