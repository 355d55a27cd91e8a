"""What docs/monitoring ships, loaded by the programs it is for: queries by Prometheus, the unit by systemd."""

import json
import math
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
import yaml

from tests.cli.running import Up, running, timeline, wait_until
from tests.faults.hosts import free_port
from workers.processes import end, spawn

pytestmark = [pytest.mark.redis, pytest.mark.slow]

SHIPPED = Path(__file__).parents[2] / "docs" / "monitoring"


@contextmanager
def _prometheus(up: Up, folder: Path) -> Iterator[str]:
    """Prometheus as its file in docs/ sets it up, but at our address and once a second; yields its own address."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("no prometheus here (apt install prometheus)")
    said = yaml.safe_load((SHIPPED / "prometheus.yml").read_text())
    (job,) = said["scrape_configs"]
    job["scrape_interval"] = "1s"
    job["static_configs"] = [{"targets": [urlsplit(up.url).netloc]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(said))
    address = f"127.0.0.1:{free_port()}"
    where = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}"]
    with (folder / "prometheus.out").open("wb") as output:
        process = spawn([program, *where, f"--web.listen-address={address}"], output=output)
    try:
        yield f"http://{address}"
    finally:
        end(process, grace=5.0)


def _asked(address: str, query: str) -> list[float]:
    """The values Prometheus finds; its own complaint when it does not understand the query."""
    with urllib.request.urlopen(f"{address}/api/v1/query?query={urllib.parse.quote(query)}", timeout=10) as answer:  # noqa: S310
        said = json.load(answer)
    assert said["status"] == "success", said
    return [float(series["value"][1]) for series in said["data"]["result"]]


def test_every_query_of_the_dashboard_finds_something_in_real_metrics(tmp_path: Path) -> None:
    dashboard = json.loads((SHIPPED / "grafana.json").read_text())
    queries = {target["expr"] for panel in dashboard["panels"] for target in panel["targets"]}
    assert len(queries) > 15
    with running(tmp_path / "case") as up, _prometheus(up, tmp_path) as address:

        def found(query: str) -> list[float]:
            try:
                return _asked(address, query)
            except (URLError, OSError):
                return []

        wait_until(lambda: found("timeline_events"), "the first scrape", 60)
        made = found("timeline_render_seconds_count")[0]
        up.drop("2024-03-15-a.txt", "The bridge was closed on 6 November 2023.")
        wait_until(lambda: found("timeline_events") == [1.0], "the event", 60)
        wait_until(lambda: found(f"timeline_render_seconds_count > {made}"), "a page made anew", 60)
        time.sleep(2.5)  # rates want two scrapes after the change
        for query in sorted(queries):
            values = _asked(address, query)
            assert values, f"nothing found: {query}"
            assert not any(math.isnan(value) for value in values), f"no number: {query}"
        told = {name for query in queries for name in re.findall(r"timeline_\w+", query)}
        with urllib.request.urlopen(f"{up.url}metrics", timeout=10) as answer:  # noqa: S310
            families = set(re.findall(r"^# TYPE (\S+)", answer.read().decode(), re.MULTILINE))
        shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in told}
        assert families == shown, "a figure that no panel shows, or a panel without its figure"


def _unit() -> dict[str, list[str]]:
    """The settings of the unit, each with its values in order."""
    found: dict[str, list[str]] = {}
    for line in (SHIPPED / "timeline.service").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder where `timeline` is installed as pipx and `pip install --user` do."""
    program = tmp_path / "home" / ".local" / "bin" / "timeline"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m timeline "$@"\n')
    program.chmod(0o755)
    return tmp_path / "home"


def test_systemd_takes_the_unit_as_it_is(home: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here (apt install systemd)")
    (tmp_path / "run").mkdir(mode=0o700)
    environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    command = ["systemd-analyze", "--user", "verify", SHIPPED / "timeline.service"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Unknown" not in done.stderr


def test_what_the_unit_starts_runs_and_stops_when_asked(home: Path) -> None:
    unit = _unit()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIMELINE_")}
    told = dict(line.replace("%h", str(home)).split("=", 1) for line in unit["Environment"])
    (command,) = unit["ExecStart"]
    # The port is the only thing of ours: another timeline may run on this machine.
    process = subprocess.Popen(
        shlex.split(command.replace("%h", str(home))), env={**plain, **told, "TIMELINE_PORT": "0", "HOME": str(home)}
    )
    data = home / "timeline" / "data"
    try:
        wait_until(lambda: timeline("status", "--data", str(data)).returncode == 0, "healthy", 60)
        assert (home / "timeline" / "inbox").is_dir()
        process.send_signal(signal.SIGTERM)  # systemd's way
        assert process.wait(int(unit["TimeoutStopSec"][0])) == 0
    finally:
        process.kill()
        process.wait()
