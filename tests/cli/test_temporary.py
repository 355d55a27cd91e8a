"""Where parsers unpack: a folder nobody else can write to."""

import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from timeline.commands.temporary import private_temporary


def test_what_parsers_unpack_lies_where_only_we_can_write_and_is_gone_afterwards(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with private_temporary(tmp_path / "run") as folder:
        assert folder.parent == tmp_path / "run"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(folder)
        (folder / "library.so").touch()
    assert not folder.exists()
    assert tempfile.gettempdir() == before


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from timeline.commands.temporary import private_temporary\n"
        f"with private_temporary(Path({str(tmp_path)!r})) as folder: print(folder, flush=True); time.sleep(60)"
    )
    holders = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    folders = [Path(holder.stdout.readline().strip()) for holder in holders if holder.stdout]
    holders[0].kill()
    holders[0].wait()
    for folder in folders:
        os.utime(folder, (time.time() - 3600,) * 2)
    with private_temporary(tmp_path):
        assert [folder.exists() for folder in folders] == [False, True]
    holders[1].kill()
    for holder in holders:
        holder.communicate()


def test_extract_reads_a_pdf_without_a_trace_in_the_temporary_folder_of_all(tmp_path: Path) -> None:
    paper = Canvas(str(tmp_path / "bridge.pdf"))
    paper.drawString(100, 700, "The bridge fell on 6 November 2025.")
    paper.save()
    everybodys = tmp_path / "tmp"
    everybodys.mkdir()
    # The parser unpacks once a process, and this one's may have done so: a process of its own.
    environment = {**os.environ, "TMPDIR": str(everybodys)}
    command = [sys.executable, "-m", "timeline", "extract", str(tmp_path / "bridge.pdf")]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "2025-11-06" in said.stdout
    assert list(everybodys.iterdir()) == []


def test_a_pools_own_folder_in_ours_is_left_to_the_pool_until_the_very_end(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from timeline.commands.temporary import private_temporary\n"
        f"with private_temporary(Path({str(tmp_path)!r})):\n"
        "    from multiprocessing import util; util.get_temp_dir()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    assert list(tmp_path.iterdir()) == []
