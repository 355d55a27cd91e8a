"""What several machines share: a Redis with TLS and rights of its own, a PostgreSQL with two web roles."""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
import trustme

from tests.cli.running import timeline, wait_until
from tests.faults.hosts import free_port, role, running
from tests.store.private_postgres import private_postgres, programs
from timeline.store import Store
from workers.broker import find_server
from workers.gauges import gauge

pytestmark = [pytest.mark.redis, pytest.mark.slow]

# As docs/scaling.md says: everything on the timeline's keys, nothing that is for those who look after the server.
RIGHTS = "~* &* +@all -@admin -@dangerous +info +keys"
ROLES = ("assemble", "watch", "worker")


@contextmanager
def _encrypted_redis(folder: Path, port: int) -> Iterator[str]:
    """A Redis that speaks nothing but TLS, with a user who may do what a timeline needs; its address."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    tls = [
        "--tls-port",
        str(port),
        "--port",
        "0",
        "--tls-auth-clients",
        "no",
        "--tls-ca-cert-file",
        str(folder / "ca.pem"),
    ]
    tls += ["--tls-cert-file", str(folder / "server.pem"), "--tls-key-file", str(folder / "server.pem")]
    access = folder / "users.acl"
    access.write_text(f"user default off\nuser timeline on >queue-secret {RIGHTS}\n")
    command = [str(find_server().path), *tls, "--aclfile", str(access), "--save", "", "--dir", str(folder)]
    with running(command, folder / "redis.out", {}):
        asked = f"ssl_cert_reqs=required&ssl_ca_certs={folder / 'ca.pem'}"
        yield f"rediss://timeline:queue-secret@127.0.0.1:{port}/0?{asked}"


def _environment(folder: Path, **more: str) -> dict[str, str]:
    (folder / "inbox").mkdir(exist_ok=True)
    return {"TIMELINE_INBOX": str(folder / "inbox"), "TIMELINE_DATA": str(folder / "data"), **more}


def test_a_redis_with_tls_and_rights_of_its_own_is_enough(tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as stack:
        url = stack.enter_context(_encrypted_redis(tmp_path, port))
        environment = _environment(tmp_path, TIMELINE_REDIS_URL=url, TIMELINE_WORKERS="1")
        wait_until(lambda: gauge(url), "Redis")
        plain = url.replace("rediss://", "redis://").partition("?")[0]
        assert gauge(plain) is None, "it answers without TLS"
        assert gauge(url.replace("queue-secret", "guess")) is None
        for name in ROLES:
            stack.enter_context(role(name, tmp_path, environment))
        wait_until(lambda: _has_store(tmp_path / "data"), "the store")
        with Store.open(tmp_path / "data", create=False, read_only=True) as store:
            for number in range(1, 20):
                (tmp_path / "inbox" / f"2024-03-{number:02}.txt").write_text(f"It rained on {number} May 2023.")
            wait_until(lambda: store.counts().done == 19, "everything read", 60)
            assert store.counts().events == 19
        said = "".join((tmp_path / f"{name}.out").read_text() for name in ROLES)
        assert "NOPERM" not in said
        assert "queue-secret" not in said
        assert "role.crashed" not in said


def _has_store(data: Path) -> bool:
    return timeline("events", "--json", "--data", str(data)).returncode == 0


@pytest.fixture
def postgres() -> Iterator[str]:
    home = programs()
    if home is None:
        pytest.skip("no PostgreSQL here (apt install postgresql)")
    with private_postgres(home) as url:
        yield url


def test_on_postgresql_two_web_roles_tell_the_same_and_the_standby_takes_over(tmp_path: Path, postgres: str) -> None:
    shared = tmp_path / "redis"
    shared.mkdir()
    port = free_port()
    command = [str(find_server().path), "--port", str(port), "--save", "", "--dir", str(shared)]
    with ExitStack() as stack:
        stack.enter_context(running(command, shared / "out", {}))
        environment = _environment(
            tmp_path,
            TIMELINE_REDIS_URL=f"redis://127.0.0.1:{port}/0",
            TIMELINE_DATABASE_URL=postgres,
            TIMELINE_SITE=str(tmp_path / "site"),
            TIMELINE_WORKERS="1",
        )
        wait_until(lambda: gauge(environment["TIMELINE_REDIS_URL"]), "Redis")
        folders = [tmp_path / "one", tmp_path / "two"]  # each host's own logs and signs of life
        ports = [free_port(), free_port()]
        with ExitStack() as first:
            for place, (folder, web) in enumerate(zip(folders, ports, strict=True)):
                folder.mkdir()
                own = {**environment, "TIMELINE_DATA": str(folder), "TIMELINE_PORT": str(web)}
                stack.enter_context(role("serve", folder, own))
                (first if place == 0 else stack).enter_context(role("assemble", folder, own))
                sign = "assemble.standby" if place else "assemble.started"
                wait_until(lambda folder=folder, sign=sign: sign in (folder / "assemble.out").read_text(), sign)
            for name in ("watch", "worker"):
                stack.enter_context(role(name, tmp_path, environment))
            (tmp_path / "inbox" / "2024-03-15-a.txt").write_text("The bridge was closed on 6 November 2023.")
            for web in ports:
                wait_until(lambda web=web: "6 November 2023" in _page(web), f"the event at {web}", 60)
            assert "assemble.started" not in (folders[1] / "assemble.out").read_text()
        # The first host's assembler is gone; nobody tells the second.
        wait_until(lambda: "assemble.started" in (folders[1] / "assemble.out").read_text(), "the standby takes over")
        (tmp_path / "inbox" / "2024-03-15-b.txt").write_text("The tunnel opened on 7 November 2023.")
        for web in ports:
            wait_until(lambda web=web: "7 November 2023" in _page(web), f"the second event at {web}", 60)
            found = json.loads(_get(f"http://127.0.0.1:{web}/api/search?q=tunnel"))
            assert [event["expression"] for event in found["events"]] == ["on 7 November 2023"]
        with Store.open(postgres, create=False, read_only=True) as store:
            assert store.balance().holds
            assert store.counts().done == 2


def _page(port: int) -> str:
    try:
        return _get(f"http://127.0.0.1:{port}/")
    except (URLError, OSError):
        time.sleep(0.2)
        return ""


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
        return str(answer.read().decode())
