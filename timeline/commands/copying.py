"""Copying a document into the inbox so that nobody ever sees half of it."""

import filecmp
import os
import shutil
from itertools import count
from pathlib import Path

from timeline.errors import TimelineError, UsageError


def copy_in(file: Path, inbox: Path) -> str:
    """Copy one file under its own name, or under a numbered one when another file has it; says what was done."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder; copy it into {inbox} yourself, or name the files in it")
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        partial = inbox / f".{file.name}.{os.getpid()}.part"  # a name the watcher leaves alone
        try:
            shutil.copy2(file, partial)
            return _give_name(partial, inbox, file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise TimelineError(f"cannot copy {file} into {inbox}: {error.strerror}") from error


def _give_name(partial: Path, inbox: Path, file: Path) -> str:
    for number in count(1):
        target = inbox / (file.name if number == 1 else f"{file.stem}-{number}{file.suffix}")
        try:
            os.link(partial, target)  # unlike rename, it never replaces
        except FileExistsError:
            if target.is_file() and filecmp.cmp(partial, target, shallow=False):
                return f"{target} is there already, with the same content"
            continue
        return str(target)
    raise AssertionError("count() does not end")
