"""Finds the files under folders, in one order, without following a link in a circle."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadInput

__all__ = ["FoundFile", "SkippedFile", "walk"]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file: its absolute path, its bytes, its time of change in nanoseconds."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """Something that cannot be read as a file, and why."""

    path: Path
    reason: str


def walk(paths: Sequence[Path]) -> Iterator[FoundFile | SkippedFile]:
    """Every file under the paths, each once, sorted by name; hidden names are left out.

    Raises `BadInput` for a path that does not exist, before anything is walked.
    """
    roots = [Path(os.path.abspath(p)) for p in paths]  # noqa: PTH100 (a link keeps its name)
    for root in roots:
        if not os.path.lexists(root):
            raise BadInput(f"There is no file or folder {root}.")
    seen: set[str] = set()
    for root in roots:
        for found in _walk(root, ()):
            if str(found.path) not in seen:
                seen.add(str(found.path))
                yield found


def _walk(path: Path, above: tuple[tuple[int, int], ...]) -> Iterator[FoundFile | SkippedFile]:
    """One file or folder; `above` identifies the folders it lies in."""
    try:
        status = path.stat()
    except OSError as error:
        yield SkippedFile(path, _reason(path, error))
        return
    if not _printable(path):
        yield SkippedFile(path, "a name that is not text")
    elif stat.S_ISREG(status.st_mode):
        yield FoundFile(path, status.st_size, status.st_mtime_ns)
    elif not stat.S_ISDIR(status.st_mode):
        yield SkippedFile(path, "not a regular file")
    elif (status.st_dev, status.st_ino) in above:
        yield SkippedFile(path, "a link that leads back to a folder it lies in")
    else:
        try:
            names = sorted(entry.name for entry in os.scandir(path))
        except OSError as error:
            yield SkippedFile(path, _reason(path, error))
            return
        for name in names:
            if not name.startswith("."):
                yield from _walk(path / name, (*above, (status.st_dev, status.st_ino)))


def _printable(path: Path) -> bool:
    """Whether a name can be stored and shown; bytes that are not UTF-8 come as surrogates."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read"
    if isinstance(error, FileNotFoundError):
        return "a link to nothing" if path.is_symlink() else "the file is gone"
    if path.is_symlink():
        return "a link that leads in a circle"
    return f"cannot be read ({(error.strerror or 'system error').lower()})"
