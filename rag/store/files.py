"""Writing derived files so that a reader sees the old one or the new one, and knows which."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import IndexLocked

__all__ = [
    "being_written",
    "derived",
    "discard_foreign",
    "fresh",
    "leftovers",
    "publish",
    "stamped",
    "sweep",
    "writer_lock",
]

STAMP = "stamp.json"
LOCK = "writer.lock"

#: Files up to so many bytes are hashed whenever they are opened (a second for some 500 MB); larger
#: ones of the stamped size and time are taken as written, until `rag status --check` reads them.
HASHED_BELOW = 16 << 20

T = TypeVar("T")


def derived(
    folder: Path,
    generation: int,
    knows: Callable[[int], bool],
    *,
    load: Callable[[Path], T],
    build: Callable[[], T],
    save: Callable[[T, Path], None],
) -> tuple[T, int]:
    """What a derived folder holds and the generation it is of, where it is whole and one that the
    database `knows`; else what was built anew, of this `generation`.

    What was built is published for the next reader, unless a later generation lies there or the
    folder cannot be written to.
    """
    before = _stamp(folder)
    if before is not None and _whole(folder, before, knows):
        # Whatever a library makes of files that are damaged, or a stranger's: they are built anew.
        with contextlib.suppress(Exception):
            found = load(folder)
            # A writer may have swapped the folder between the check and the reading.
            if _stamp(folder) == before:
                return found, int(before["generation"])
    value = build()
    if not _later(_stamp(folder), generation):
        with contextlib.suppress(OSError):
            publish(folder, generation, lambda temporary: save(value, temporary))
    return value, generation


def publish(folder: Path, generation: int, write: Callable[[Path], None]) -> None:
    """Writes a folder of derived files under a temporary name and swaps it in, stamped."""
    mark = f"{os.getpid()}-{threading.get_ident()}"
    temporary = folder.with_name(f"{folder.name}.{mark}.tmp")
    old = folder.with_name(f"{folder.name}.{mark}.old")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        write(temporary)
        names = sorted(p.name for p in temporary.iterdir())
        stamp = {"generation": generation, "files": {n: _described(temporary / n) for n in names}}
        (temporary / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
        for path in temporary.iterdir():
            _sync(path)
        # Between the two renames there is no folder; a reader then builds in memory.
        if folder.exists():
            folder.rename(old)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def fresh(folder: Path, knows: Callable[[int], bool], *, hashed: bool = False) -> bool:
    """Whether a derived folder is whole and of a known generation; anything else is rebuilt.

    This is asked before a library parses its files: a damaged one could crash the process. A large
    file of the stamped size and time is taken as written, unless all are to be `hashed`.
    """
    return _whole(folder, _stamp(folder), knows, hashed)


def stamped(folder: Path) -> int | None:
    """The generation that a derived folder is of; None where it does not say."""
    found = (_stamp(folder) or {}).get("generation")
    return found if type(found) is int else None


def discard_foreign(directory: Path, knows: Callable[[int], bool]) -> None:
    """Removes derived folders of a generation that the database does not know, so of another one.

    Only for who holds the lock: for a reader they may be the work of a writer.
    """
    for name in ("vectors", "lexical"):
        generation = stamped(directory / name)
        if generation is not None and not knows(generation):
            shutil.rmtree(directory / name, ignore_errors=True)


def sweep(directory: Path) -> None:
    """Removes the temporary folders that a killed process left; only for who holds the lock."""
    for path in leftovers(directory):
        shutil.rmtree(path, ignore_errors=True)


def leftovers(directory: Path) -> list[Path]:
    """The temporary folders of derived files: of a killed process, or of one at work."""
    found = [*directory.glob("*.tmp"), *directory.glob("*.old")]
    return [path for path in found if path.name.startswith(("vectors.", "lexical."))]


@contextlib.contextmanager
def writer_lock(directory: Path) -> Iterator[None]:
    """Holds the index for the one writer; `IndexLocked` names who has it.

    The operating system keeps the lock, so that of a process that died is free again whatever
    the file says; what the file says is for people.
    """
    path = directory / LOCK
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        if not _lock(handle):
            raise IndexLocked(
                f"The index in {directory} is being written by {_holder(path)}.",
                hint="Wait until it is done, or end it.",
            )
        record = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(record).encode())
        yield
    finally:
        os.close(handle)


def being_written(directory: Path) -> bool:
    """Whether a writer holds the index at this moment."""
    try:
        handle = os.open(directory / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Takes the lock of an open file, at once or not at all."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Past the end of the record, which others may then still read.
            os.lseek(handle, 1 << 20, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _holder(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return f"process {found['pid']} on {found['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _stamp(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _whole(
    folder: Path,
    stamp: dict[str, Any] | None,
    knows: Callable[[int], bool],
    hashed: bool = False,
) -> bool:
    generation = stamp.get("generation") if stamp is not None else None
    if stamp is None or type(generation) is not int or not knows(generation):
        return False
    try:
        found = stamp["files"].items()
        return all(_as_described(folder / name, told, hashed) for name, told in found)
    except (OSError, KeyError, TypeError, AttributeError):
        return False


def _later(stamp: dict[str, Any] | None, generation: int) -> bool:
    found = stamp.get("generation") if stamp is not None else None
    return isinstance(found, int) and found > generation


def _described(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": _sha256(path)}


def _as_described(path: Path, told: dict[str, Any], hashed: bool) -> bool:
    """A copied index has other times; then the hash decides, and always for a small file."""
    status = path.stat()
    if status.st_size != told["size"] or not stat.S_ISREG(status.st_mode):
        return False
    if not hashed and status.st_size > HASHED_BELOW and status.st_mtime_ns == told["mtime_ns"]:
        return True
    return bool(_sha256(path) == told["sha256"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
