"""compose.yaml without Docker: each service's command by hand, in its order, with its environment."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.running import timeline, wait_until
from workers.broker import find_server

pytestmark = [pytest.mark.redis, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SECRETS = {"TIMELINE_REDIS_PASSWORD": "queue-secret", "TIMELINE_TOKEN": "page-secret"}


def _services() -> dict[str, Any]:
    """The services, variables put in as compose does it."""

    def fill(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        return SECRETS.get(name, default[2:] if default.startswith(":-") else "")

    text = re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", fill, (ROOT / "compose.yaml").read_text())
    return dict(yaml.safe_load(text)["services"])


SERVICES = _services()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Machine:
    """What a container would see, on this machine: its folders and ports are ours."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.data = folder / "inbox", folder / "data"
        self.inbox.mkdir()
        self.data.mkdir()
        self.redis_port, self.web_port = _free_port(), _free_port()
        self.folder = folder

    def environment(self, service: str) -> dict[str, str]:
        """The image's, then the service's; addresses and folders as they are here."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("TIMELINE_")}
        image = dict(re.findall(r"(TIMELINE_\w+)=(\S+)", (ROOT / "Dockerfile").read_text()))
        told = {**image, **SERVICES[service].get("environment", {})}
        here = {
            "redis:6379": f"127.0.0.1:{self.redis_port}",
            "/tmp/data": str(self.folder / f"data-of-{service}"),  # noqa: S108  (what compose.yaml says)
            "/inbox": str(self.inbox),
            "/data": str(self.data),
            "0.0.0.0": "127.0.0.1",  # noqa: S104
            "8400": str(self.web_port),
        }
        for name, value in told.items():
            for theirs, ours in here.items():
                if theirs in str(value):
                    told[name] = str(value).replace(theirs, ours)
                    break
        return {**plain, **told}

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        """One container."""
        command = [sys.executable, "-m", "timeline", *SERVICES[service]["command"]]
        if service == "redis":
            command = [str(find_server().path), *SERVICES["redis"]["command"][1:], "--port", str(self.redis_port)]
        with (self.folder / f"{service}.out").open("ab") as out:
            process = subprocess.Popen(
                command, env=self.environment(service), stdout=out, stderr=out, start_new_session=True, cwd=self.folder
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            assert process.wait(15) in {0, -signal.SIGKILL}, (self.folder / f"{service}.out").read_text()

    def is_healthy(self, service: str) -> bool:
        """Its health check says so."""
        test = SERVICES[service]["healthcheck"]["test"][1:]
        if service == "redis":
            with socket.create_connection(("127.0.0.1", self.redis_port)) as line:
                line.sendall(f"AUTH {SECRETS['TIMELINE_REDIS_PASSWORD']}\r\nPING\r\n".encode())
                time.sleep(0.1)
                return b"+PONG" in line.recv(100)
        command = [sys.executable, "-m", *test]
        return subprocess.run(command, env=self.environment(service), capture_output=True).returncode == 0

    def is_on_page(self, text: str) -> bool:
        """Whether the served page shows it to who knows the token."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}/", headers={"Authorization": f"Bearer {SECRETS['TIMELINE_TOKEN']}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return text in answer.read().decode()
        except (urllib.error.URLError, OSError):
            return False

    def events_of(self, name: str) -> int:
        """How many events a document has."""
        listed = timeline("events", "--json", "--data", str(self.data))
        if listed.returncode:
            return 0
        return sum(event["document"]["path"] == name for event in json.loads(listed.stdout))


def test_the_services_work_together_scale_and_survive(tmp_path: Path) -> None:
    here = Machine(tmp_path)
    with ExitStack() as stack:
        stack.enter_context(here.running("redis"))
        wait_until(lambda: _answers(here), "Redis")
        for service in ("assemble", "watch", "serve", "worker"):
            stack.enter_context(here.running(service))
        for service in SERVICES:
            wait_until(lambda service=service: here.is_healthy(service), f"{service} healthy")

        (here.inbox / "2024-03-15-a.txt").write_text("The bridge was closed on 6 November 2023.")
        wait_until(lambda: here.events_of("2024-03-15-a.txt") == 1, "the first event")
        wait_until(lambda: here.is_on_page("6 November 2023"), "the event on the page")

        # --scale worker=2, and one of them is lost without a word.
        with here.running("worker") as second:
            wait_until(lambda: (tmp_path / "worker.out").read_text().count("worker.ready") >= 2, "the second worker")
            os.killpg(second.pid, signal.SIGKILL)
            (here.inbox / "2024-03-15-b.txt").write_text("The tunnel opened on 7 November 2023.")
            wait_until(lambda: here.events_of("2024-03-15-b.txt") == 1, "an event after a worker's death")


def _answers(here: Machine) -> bool:
    try:
        return here.is_healthy("redis")
    except OSError:
        return False


def test_secrets_are_demanded_and_workers_see_neither_inbox_nor_store() -> None:
    raw = (ROOT / "compose.yaml").read_text()
    assert raw.count("${TIMELINE_REDIS_PASSWORD:?") == 3
    assert "${TIMELINE_TOKEN:?" in raw
    worker = SERVICES["worker"]
    assert "volumes" not in worker
    assert worker["networks"] == ["queue"]
    assert worker["read_only"] is True
    assert any(options.startswith("/tmp:exec") for options in worker["tmpfs"])  # noqa: S108 - a parser loads from it
    assert all(service.get("restart") == "always" for service in SERVICES.values())
    assert all("healthcheck" in service for service in SERVICES.values())
    assert "USER timeline" in (ROOT / "Dockerfile").read_text()
    assert [line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if line[0] != "#"] == [
        *("TIMELINE_REDIS_PASSWORD", "TIMELINE_TOKEN", "TIMELINE_INBOX", "TIMELINE_PORT")
    ]
