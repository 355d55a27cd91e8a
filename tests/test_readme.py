"""README says what is true: its settings, commands, links and its example."""

import re
import subprocess
import sys
from pathlib import Path

from timeline.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    said = set(re.findall(r"`TIMELINE_([A-Z_]+)`", README))
    assert said == {name.upper() for name in Settings.model_fields}


def test_every_command_named_has_a_help_and_every_command_is_named() -> None:
    table = README.split("## Commands")[1].split("## Settings")[0]
    first_cells = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    named = {
        word.split()[0].removeprefix("timeline ") for word in re.findall(r"`(?:timeline )?([a-z]+)[^`]*`", first_cells)
    }
    shown = subprocess.run([sys.executable, "-m", "timeline", "--help"], capture_output=True, text=True, timeout=60)
    offered = set(re.findall(r"^│ ([a-z]+) {2,}", shown.stdout, re.MULTILINE))
    assert named == offered


def test_every_link_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_example_of_the_tagger_runs() -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    done = subprocess.run([sys.executable, "-c", example[1]], capture_output=True, text=True, timeout=60)
    assert "2025-W45" in done.stdout, done.stderr


def test_make_knows_the_two_commands() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=ROOT, timeout=60).stdout
    assert {"up", "test"} <= {line.split()[0] for line in listed.splitlines() if line}
