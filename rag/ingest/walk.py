"""Finds the files under folders, in one order, without following a link in a circle."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadInput

__all__ = ["FoundFile", "SkippedFile", "content_sha", "walk"]

#: A folder with these is an index, perhaps of another program's run; documents may lie beside it.
_INDEX = frozenset({"rag.db", "writer.lock"})
_OF_AN_INDEX = re.compile(
    r"rag\.db(?:-wal|-shm|-journal)?|writer\.lock|rag\.generation(?:\.tmp)?"
    r"|(?:vectors|lexical)(?:\.\d+-\d+\.(?:tmp|old))?"
)

#: What is no document of anybody's: hidden names, what programs keep beside a document while it is
#: open (`~$a.docx`, `~WRL0001.tmp`, `#a.txt#`), its earlier version (`a.txt~`), a folder's looks,
#: and on Windows what was thrown away.
_LEFT_OUT = re.compile(
    r"\..*|~\$.*|~.*\.tmp|.*~|#.*#|desktop\.ini|(?:eh)?thumbs\.db|\$recycle\.bin",
    re.IGNORECASE | re.DOTALL,
)

#: The latest time of a file that a database can hold, in nanoseconds (the year 2262).
LATEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file: its absolute path, its bytes, its time of change in nanoseconds."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """Something that cannot be read as a file, and why.

    `no_file` says that surely no file is there; a folder that a link led to may come back.
    """

    path: Path
    reason: str
    no_file: bool = False


def walk(
    paths: Sequence[Path], *, leave_out: Path | None = None
) -> Iterator[FoundFile | SkippedFile]:
    """Every file under the paths, each once, sorted by name.

    Hidden names and what editors keep for themselves are left out, unless they are named.

    So is the folder `leave_out`, by whatever link a walk may come to it.
    Raises `BadInput` for a path that does not exist, before anything is walked.
    """
    roots = [Path(os.path.abspath(p)) for p in paths]  # noqa: PTH100 (a link keeps its name)
    for root in roots:
        if not os.path.lexists(root):
            raise BadInput(f"There is no file or folder {root}.")
    seen: set[str] = set()
    hidden = _identity(leave_out)
    for root in roots:
        for found in _walk(root, hidden):
            if str(found.path) not in seen:
                seen.add(str(found.path))
                yield found


def content_sha(path: Path) -> str | None:
    """SHA-256 of a file's bytes, in hexadecimal; None where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return None


def _identity(folder: Path | None) -> tuple[int, int] | None:
    try:
        status = folder.stat() if folder is not None else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status is not None else None


def _walk(root: Path, hidden: tuple[int, int] | None) -> Iterator[FoundFile | SkippedFile]:
    """A file, or what is in a folder; a loop, because folders may lie deeper than calls can."""
    above: list[tuple[int, int]] = []
    waiting: list[Iterator[Path]] = [iter((root,))]
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
            above = above[:-1]
            continue
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                yield _file(path, status)
                continue
            identity = (status.st_dev, status.st_ino)
            if identity in above:
                reason = "a link that leads back to a folder it lies in"
                yield SkippedFile(path, reason, no_file=True)
            elif identity != hidden:
                waiting.append(_entries(path))
                above.append(identity)
        except OSError as error:
            nowhere = error.errno in (errno.ENOENT, errno.ELOOP)
            yield SkippedFile(path, _reason(path, error), no_file=nowhere)


def _file(path: Path, status: os.stat_result) -> FoundFile | SkippedFile:
    if not _printable(path):
        return SkippedFile(path, "a name that is not text")
    if not stat.S_ISREG(status.st_mode):
        return SkippedFile(path, "not a regular file", no_file=True)
    # A clock far off gives times that no database holds: they begin again below the earliest.
    time = status.st_mtime_ns
    return FoundFile(path, status.st_size, time if time <= LATEST else time - (1 << 64))


def _entries(folder: Path) -> Iterator[Path]:
    """What is in a folder, sorted; the folder is read at once. Raises `OSError`.

    An index that lies in it is left out: what it holds are no documents.
    """
    with os.scandir(folder) as found:
        names = sorted(entry.name for entry in found if not _LEFT_OUT.fullmatch(entry.name))
    if _INDEX.issubset(names):
        names = [name for name in names if not _OF_AN_INDEX.fullmatch(name)]
    return (folder / name for name in names)


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
    if error.errno == errno.ELOOP:
        return "a link that leads in a circle"
    return f"cannot be read ({(error.strerror or 'system error').lower()})"
