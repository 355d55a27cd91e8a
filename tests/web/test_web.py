"""The web role: what it serves, what it refuses, and what it lets people change."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sample_server import serving
from sample_store import STORY, extraction, put, small

from timeline.errors import UsageError
from timeline.facts import Failed
from timeline.rendering import Site
from timeline.store import Arrival, State, Store
from timeline.web import create_app
from timeline.web.news import News
from timeline.web.uploads import safe_name

SECRET = "s3cret"  # noqa: S105 - of nothing
EVERYWHERE = "0.0.0.0"  # noqa: S104 - refused, or behind a token


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "timeline.db") as opened:
        small(opened)
        Site(opened, tmp_path / "site").refresh()
        yield opened


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[httpx.Client]:
    app = create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox", max_bytes=1000)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as opened:
        yield opened


def test_the_pages_are_served_with_a_strict_policy(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "What happened when" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/../timeline.db",
        "/%2e%2e/timeline.db",
        "/static/%2e%2e/%2e%2e/timeline.db",
        "/..%2ftimeline.db",
        "/documents/",
        "/static",
        "/.hidden",
        "/static/.timeline.css.tmp",
        "//etc/passwd",
        "/static/..%5c..%5ctimeline.db",
        "/nothing%00.html",
    ],
)
def test_nothing_beside_the_site_is_served_and_no_folder_listed(
    client: httpx.Client, tmp_path: Path, path: str
) -> None:
    (tmp_path / "site" / ".hidden").write_text("secret")
    answer = client.get(path)
    assert answer.status_code in (307, 400, 404)
    assert "SQLite" not in answer.text
    assert "secret" not in answer.text


def test_a_foreign_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"host": "evil.example:8400"}).status_code == 421
    for good in ("localhost:8400", "127.0.0.1:9", "[::1]:8400", "LOCALHOST"):
        assert client.get("/", headers={"host": good}).status_code == 200


def test_a_page_of_another_site_may_not_write(client: httpx.Client) -> None:
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert client.post("/api/retry", json={}, headers=headers).status_code == 403
    own = {"origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    assert client.post("/api/retry", json={}, headers=own).status_code == 200


def test_a_token_is_asked_of_readers_and_writers(store: Store, tmp_path: Path) -> None:
    app = create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox", token=SECRET, host=EVERYWHERE)
    with serving(app) as address, httpx.Client(base_url=address, headers={"host": "news.example"}) as client:
        assert client.get("/").status_code == 401
        assert client.get("/", headers={"accept": "text/html"}).status_code == 401
        assert client.get("/api/events").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        assert client.get("/api/events", headers={"authorization": f"Bearer {SECRET}"}).status_code == 200
        assert client.get("/healthz").status_code == 200
        answer = client.get(f"/?token={SECRET}")
        assert answer.status_code == 303
        assert "HttpOnly" in answer.headers["set-cookie"]
        cookie = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
        assert client.get("/", headers=cookie).status_code == 200


def test_without_a_token_it_listens_on_this_machine_only(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="TIMELINE_TOKEN"):
        create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox", host=EVERYWHERE)


def test_events_are_read_on_by_cursor(client: httpx.Client) -> None:
    first = client.get("/api/events", params={"limit": 4}).json()
    second = client.get("/api/events", params={"limit": 4, "after": first["next"]}).json()
    third = client.get("/api/events", params={"limit": 4, "after": second["next"]}).json()
    ids = [event["id"] for page in (first, second, third) for event in page["events"]]
    assert len(ids) == len(set(ids)) == 10
    assert third["next"] is None
    week = next(e for page in (first, second, third) for e in page["events"] if e["value"] == "2025-W45")
    assert (week["begin"], week["end"], week["edtf"]) == ("2025-11-03", "2025-11-07", "2025-11-03/2025-11-06")
    assert week["document"]["dct_source"] == "file name"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"q": "harbour"}, 1),
        ({"kind": "open"}, 1),
        ({"kind": ["open", "vague"]}, 2),
        ({"precision": "year"}, 2),
        ({"from": "2025", "to": "2026"}, 4),
        ({"language": "de"}, 0),
        ({"source": "bridge"}, 10),
        ({"from": "2025-11", "by": "reported"}, 10),
    ],
)
def test_filters_filter(client: httpx.Client, query: dict[str, str], count: int) -> None:
    assert len(client.get("/api/events", params=query).json()["events"]) == count


@pytest.mark.parametrize(
    "query",
    [
        "from=nonsense",
        "kind=odd",
        "limit=100000",
        "after=x",
        "after=1.99999999999999999999999",
        "by=never",
        "precision=1",
    ],
)
def test_nonsense_is_answered_with_a_reason(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/events?{query}")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_search_reads_as_a_page_too(client: httpx.Client) -> None:
    answer = client.get("/search", params={"q": "barge"})
    assert answer.text.count('class="event"') == 3
    assert 'value="barge"' in answer.text
    assert "No event matches" in client.get("/search", params={"q": "zeppelin"}).text
    assert "&lt;script&gt;" in client.get("/search", params={"q": "<script>"}).text


def test_status_metrics_and_description(client: httpx.Client) -> None:
    status = client.get("/api/status").json()
    assert status["documents"]["done"] == 1
    assert status["events"] == 10
    assert 'timeline_documents{state="done"} 1.0' in client.get("/metrics").text
    assert "Nothing waits" in client.get("/status").text
    assert "/api/upload" in client.get("/docs").text
    assert "http" not in client.get("/docs").text.partition("<main")[2].partition("</main")[0].replace("https", "http")
    assert client.get("/openapi.json").json()["paths"]["/api/events"]


def test_a_document_and_its_original(client: httpx.Client, tmp_path: Path, store: Store) -> None:
    (one,) = client.get("/api/documents").json()["documents"]
    assert one["state"] == "done"
    assert one["text"] is None
    assert "harbour bridge" in client.get(f"/api/documents/{one['id']}").json()["text"]
    assert client.get("/api/documents/0000000000000000").status_code == 404
    assert client.get(f"/original/{one['id']}").status_code == 404
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "2025-11-06-bridge.txt").write_text("<script>")
    answer = client.get(f"/original/{one['id']}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_an_original_outside_the_inbox_is_not_served(client: httpx.Client, tmp_path: Path, store: Store) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "inbox" / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in ("../secret.txt", "link.txt", "/etc/passwd"):
        identity = put(store, path, extraction(STORY, name=path))
        assert client.get(f"/original/{identity}").status_code == 404


def test_an_event_has_a_lasting_address(client: httpx.Client, store: Store) -> None:
    row = store.events()[0]
    answer = client.get(f"/event/{row.event.id}")
    assert answer.headers["location"] == f"/documents/{row.document.id}.html#e-{row.event.id}"
    assert client.get("/event/none").status_code == 404


def test_an_upload_lands_in_the_inbox_whole(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.post("/api/upload", params={"name": "../../note.txt"}, content=b"In 2019 it began.")
    assert answer.status_code == 201
    assert answer.json() == {"name": "note.txt"}
    again = client.post("/api/upload", params={"name": "note.txt"}, content=b"In 2020 it ended.")
    assert again.json() == {"name": "note (2).txt"}
    assert names(tmp_path / "inbox") == ["note (2).txt", "note.txt"]
    assert (tmp_path / "inbox" / "note.txt").read_bytes() == b"In 2019 it began."


def test_an_upload_is_as_old_as_its_original(client: httpx.Client, tmp_path: Path) -> None:
    told = {"name": "old.txt", "modified": 1_710_500_000_000}
    assert client.post("/api/upload", params=told, content=b"Last week it began.").status_code == 201
    (kept,) = tmp_path.rglob("old.txt")
    assert kept.stat().st_mtime == 1_710_500_000
    for odd in (-1, 10**20, "yesterday"):
        answer = client.post("/api/upload", params={"name": "odd.txt", "modified": odd}, content=b"x")
        assert answer.status_code == 422
    assert list(tmp_path.rglob("odd.txt")) == []


def test_an_upload_that_is_too_large_leaves_nothing(client: httpx.Client, tmp_path: Path) -> None:
    assert client.post("/api/upload", params={"name": "a.txt"}, content=b"x" * 2000).status_code == 413

    def unsaid() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    answer = client.post("/api/upload", params={"name": "a.txt"}, content=unsaid())
    assert answer.status_code == 413
    assert names(tmp_path / "inbox") == []


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("2025-11-06-report.txt", "2025-11-06-report.txt"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("...", "document"),
        ("a\x00b\u202etxt.exe", "a_b_txt.exe"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
        ("Протокол № 5.docx", "Протокол № 5.docx"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe
    assert len(safe_name(given).encode()) <= 255


def test_corrections_reach_the_store(client: httpx.Client, store: Store) -> None:
    (row,) = store.documents()
    assert client.post(f"/api/documents/{row.id}/redate", json={"date": "2024-01-01"}).json() == {"done": 1}
    changed = store.document(row.id)
    assert changed is not None
    assert changed.correction == "2024-01-01"
    assert client.post(f"/api/documents/{row.id}/redate", json={"date": "soon"}).status_code == 422
    assert client.post("/api/documents/none/redate", json={"date": None}).status_code == 400
    event = store.events()[0].event.id
    assert client.post(f"/api/events/{event}/hide").json() == {"done": 1}
    assert event not in {one.event.id for one in store.events()}
    assert client.post(f"/api/events/{event}/show").json() == {"done": 1}
    assert event in {one.event.id for one in store.events()}


def test_a_failed_document_is_tried_again(client: httpx.Client, store: Store) -> None:
    (known,) = store.register([Arrival("bad.pdf", "a" * 64, 3)], 1.0)
    store.hand_out("t", [known.document_id], 1.0)
    store.apply([Failed(known.document_id, 0, "t", "it is damaged")], 1.0)
    assert [row.reason for row in store.failures()] == ["it is damaged"]
    assert client.post("/api/retry", json={"ids": [known.document_id]}).json() == {"done": 1}
    assert [row.id for row in store.documents(state=State.QUEUED)] == [known.document_id]


def test_news_are_told_to_all_who_listen(tmp_path: Path) -> None:
    async def listen() -> list[str]:
        news = News(tmp_path)
        (tmp_path / "changes.json").write_text('{"version": 1, "pages": 1}')
        first, second = news.stream(), news.stream()
        heard = [await anext(first), await anext(second)]
        (tmp_path / "changes.json").write_text('{"version": 2, "pages": 2}')
        heard += [await asyncio.wait_for(anext(first), 5), await asyncio.wait_for(anext(second), 5)]
        assert news.listeners == 2
        await first.aclose()  # type: ignore[attr-defined]
        await second.aclose()  # type: ignore[attr-defined]
        assert news.listeners == 0
        return heard

    heard = asyncio.run(listen())
    said = [json.loads(one.removeprefix("data: ")) for one in heard]
    assert [one["version"] for one in said] == [1, 1, 2, 2]


def test_before_the_first_pages_it_says_so(tmp_path: Path) -> None:
    app = create_app(tmp_path / "timeline.db", tmp_path / "site", tmp_path / "inbox")
    with serving(app) as address, httpx.Client(base_url=address) as client:
        answer = client.get("/")
        assert answer.status_code == 503
        assert answer.headers["refresh"] == "1"


def test_facets_count_what_the_timeline_can_be_narrowed_to(client: httpx.Client, store: Store) -> None:
    old = extraction("It was founded in ‹DATE 1720|1720› and sold in ‹DATE 1754|1754›.", title="Old", language="de")
    put(store, "press/1720/old.txt", old)
    put(store, "press/new.txt", extraction("It was sold in ‹DATE 1901|1901›.", title="New"))
    found = client.get("/api/facets").json()
    assert found["collection"] == [
        {"value": "press", "name": "press", "count": 3},
        {"value": "press/1720", "name": "press/1720", "count": 2},
    ]
    assert [(one["value"], one["count"]) for one in found["language"]] == [("en", 11), ("de", 2)]
    assert [(one["name"], one["count"]) for one in found["source"]] == [
        ("The bridge at Ostrand stands", 10),
        ("Old", 2),
        ("New", 1),
    ]
