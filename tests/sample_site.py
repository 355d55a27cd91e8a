"""A timeline on disk for the tests in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from timeline.rendering import Site
from timeline.store import Store


@dataclass(frozen=True, slots=True)
class Case:
    """A timeline on disk."""

    folder: Path
    store: Store
    pages: Site

    @property
    def index(self) -> str:
        return (self.folder / "site" / "index.html").as_uri()

    def document(self) -> Path:
        return next((self.folder / "site" / "documents").glob("*.html"))


@contextmanager
def case(folder: Path) -> Iterator[Case]:
    """An empty one."""
    with Store.open(folder / "timeline.db") as store:
        yield Case(folder, store, Site(store, folder / "site"))


def settled_live(page: Page) -> None:
    """Waits until the page has found its server."""
    expect(page.locator("body.served")).to_be_attached(timeout=10_000)
    page.wait_for_timeout(300)
