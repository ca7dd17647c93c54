"""The files and folders that an index was made of, and what becomes of those that vanish."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.store.database import DATABASE, Database
from rag.store.paths import Names, covered

__all__ = ["Roots", "known_roots", "pending", "roots_of"]

#: Whether a query has a row.
_Finds = Callable[[str, tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class Roots:
    """`there` are to be walked; of those that `vanished` nothing has to be brought back."""

    there: list[Path]
    vanished: list[Path]


def roots_of(database: Database, names: Names) -> Roots:
    """What was indexed before; a folder that has vanished is an error, not a mass removal."""
    keys = [key for (key,) in database.rows("SELECT path FROM roots ORDER BY path")]
    found = {key: names.path(key) for key in keys}
    there = [path for path in found.values() if os.path.lexists(path)]
    vanished = []
    for key, path in found.items():
        if path in there:
            continue
        if not (covered(path, there) or _forgotten(key, path, _finds(database))):
            raise BadInput(
                f"The folder {path} that was indexed before is not there.",
                hint="Bring it back, or name the folders to index; nothing was changed.",
            )
        vanished.append(path)
    return Roots(there, vanished)


def known_roots(directory: Path) -> list[Path]:
    """What an index about to be rebuilt was made of, as far as it can still be read."""
    path = directory / DATABASE
    if not path.is_file():
        return []
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            query = "SELECT value FROM meta WHERE key = 'manifest'"
            manifest = connection.execute(query).fetchone()
            base = directory.resolve() / json.loads(manifest[0])["base"]
            keys = connection.execute("SELECT path FROM roots ORDER BY path").fetchall()
            found = {key: Path(os.path.normpath(base / key)) for (key,) in keys}

            def finds(query: str, values: tuple[str, ...]) -> bool:
                return connection.execute(query, values).fetchone() is not None

            return [
                path
                for key, path in found.items()
                if os.path.lexists(path) or not _forgotten(key, path, finds)
            ]
    except (sqlite3.Error, TypeError, ValueError, KeyError):
        return []


def pending(told: str | None, names: Names, keys: Iterable[str], done: list[Path]) -> list[str]:
    """Of the roots of interrupted runs, those that are still to be read when some are `done`.

    `told` is what the index says of them; an earlier version did not say which roots of its
    `keys` they were.
    """
    found: Any = json.loads(told) if told is not None else []
    left = found if isinstance(found, list) else list(keys)
    return [key for key in left if not covered(names.path(key), done)]


def _finds(database: Database) -> _Finds:
    return lambda query, values: database.one(query, values) is not None


def _forgotten(key: str, path: Path, finds: _Finds) -> bool:
    """Whether a root that is not there is no loss: nothing of it is left in the index, or it was
    one file, and the folder that it lay in is there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError:
        return False  # behind a folder that cannot be read it may still be there
    if set(key.split("/")) <= {".", ".."}:
        # The base, or a folder above it: keys do not begin with its own.
        return not finds("SELECT 1 FROM files LIMIT 1", ())
    inside = "SELECT 1 FROM files WHERE path > ?1 || '/' AND path < ?1 || '0' LIMIT 1"
    if finds(inside, (key,)):  # 0 comes after /
        return False
    single = finds("SELECT 1 FROM files WHERE path = ?1", (key,))
    return not single or os.path.isdir(path.parent)  # noqa: PTH112 (raises nothing)
