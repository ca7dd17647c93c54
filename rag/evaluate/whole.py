"""Files of results that take the place of earlier ones whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """A text file to write, UTF-8, that is put at `path` when all of it is written.

    What stood there stays where writing fails or is broken off. A pipe or a device is written
    to as it is, and so is a file in a folder that takes no other.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file():
            raise FileExistsError
        file = temporary.open("x", encoding="utf-8", newline="\n")
    except OSError:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    try:
        with file:
            yield file
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
