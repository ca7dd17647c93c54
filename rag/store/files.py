"""Writing derived files so that a reader sees the old one or the new one, and knows which."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.errors import IndexLocked

__all__ = ["fresh", "publish", "writer_lock"]

STAMP = "stamp.json"
LOCK = "writer.lock"


def publish(folder: Path, generation: int, write: Callable[[Path], None]) -> None:
    """Writes a folder of derived files under a temporary name and swaps it in, stamped."""
    temporary = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    write(temporary)
    names = sorted(p.name for p in temporary.iterdir())
    stamp = {"generation": generation, "files": {n: _sha256(temporary / n) for n in names}}
    (temporary / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    for path in temporary.iterdir():
        _sync(path)
    old = folder.with_name(f"{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def fresh(folder: Path, generation: int) -> bool:
    """Whether a derived folder is whole and of this generation; anything else is rebuilt.

    Its files are hashed before a library parses them: a damaged one could crash the process.
    """
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        if stamp["generation"] != generation:
            return False
        return all(_sha256(folder / name) == sha for name, sha in stamp["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextlib.contextmanager
def writer_lock(directory: Path) -> Iterator[None]:
    """Holds the index for the one writer; `IndexLocked` names who has it.

    The lock of a process that no longer runs on this machine is taken over.
    """
    path = directory / LOCK
    for _ in range(2):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            holder = _holder(path)
            if holder is not None and _alive(holder):
                raise IndexLocked(
                    f"The index in {directory} is being written by process {holder['pid']} on "
                    f"{holder['host']}.",
                    hint=f"Wait for it, or delete {path} if that process is gone.",
                ) from None
            path.unlink(missing_ok=True)
    else:
        raise IndexLocked(f"The index in {directory} is being written by another process.")
    try:
        record = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}
        os.write(handle, json.dumps(record).encode())
        os.close(handle)
        yield
    finally:
        path.unlink(missing_ok=True)


def _holder(path: Path) -> dict[str, object] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"pid", "host"} <= found.keys() else None


def _alive(holder: dict[str, object]) -> bool:
    """Whether the holder may still be at work; a process of another machine counts as alive."""
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(int(str(holder["pid"])), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
