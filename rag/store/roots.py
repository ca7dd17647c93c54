"""The files and folders that an index was made of, and what becomes of those that vanish."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.ingest.walk import walk
from rag.store.database import DATABASE, Database
from rag.store.paths import Names, covered

__all__ = ["Roots", "finds_in", "known_roots", "lost", "pending", "root_paths", "roots_of"]

#: What is wrong with a folder of which nothing is found any more.
EMPTY = "is empty now"

#: Whether a query has a row.
Finds = Callable[[str, tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class Roots:
    """`there` are to be walked; of those that `vanished` nothing has to be brought back."""

    there: list[Path]
    vanished: list[Path]


def root_paths(database: Database, names: Names) -> dict[str, Path]:
    """The paths that an index is made of, by the keys it has for them."""
    return {str(key): names.path(key) for (key,) in database.rows("SELECT path FROM roots")}


def roots_of(database: Database, names: Names) -> Roots:
    """What was indexed before; a folder that was lost is an error, not a mass removal."""
    found = root_paths(database, names)
    _refuse_lost(found, finds_in(database), database.directory)
    there = {path: os.path.lexists(path) for path in found.values()}
    return Roots([p for p in there if there[p]], [p for p in there if not there[p]])


def known_roots(directory: Path) -> tuple[Path, list[Path]]:
    """The base and the paths that an index about to be rebuilt was made of.

    Raises `BadInput` where they cannot be told, or one of them is lost; so before anything is.
    """
    base, found = Path(), dict[str, Path]()
    # Whatever version wrote it, and however damaged it is: what can still be read is asked.
    damaged = contextlib.suppress(sqlite3.Error, TypeError, ValueError, KeyError)
    with damaged, _as_is(directory) as connection:
        query = "SELECT value FROM meta WHERE key = 'manifest'"
        manifest = connection.execute(query).fetchone()
        base = (directory.resolve() / json.loads(manifest[0])["base"]).resolve()
        keys = connection.execute("SELECT path FROM roots ORDER BY path").fetchall()
        found = {str(key): Path(os.path.normpath(base / key)) for (key,) in keys}

        def finds(query: str, values: tuple[str, ...]) -> bool:
            try:
                return connection.execute(query, values).fetchone() is not None
            except sqlite3.Error:
                return True  # so that nothing is given up for what cannot be read

        _refuse_lost(found, finds, directory)
    paths = [path for path in found.values() if os.path.lexists(path)]
    if not paths:
        raise BadInput("Nothing was named to index.", hint="Name a file or folder.")
    return base, paths


def _as_is(directory: Path) -> contextlib.closing[sqlite3.Connection]:
    """A plain connection to the database; `ValueError` where there is none."""
    path = directory / DATABASE
    if not path.is_file():
        raise ValueError(f"{path} is no file")
    return contextlib.closing(sqlite3.connect(path))


def lost(found: Mapping[str, Path], finds: Finds, index: Path) -> Iterator[tuple[str, str]]:
    """Keys of roots that cannot be what the user wants forgotten, each with what is wrong.

    An empty folder may be where a drive is not mounted.
    """
    there = {path for path in found.values() if os.path.lexists(path)}
    for key, path in found.items():
        if path not in there:
            how = None if _forgotten(key, path, finds) else "is not there"
        else:
            empty = finds(*_inside(key)) and next(walk([path], leave_out=index), None) is None
            how = EMPTY if empty else None
        # What lies in another root is as that says.
        if how is not None and not covered(path, there - {path}):
            yield key, how


def _refuse_lost(found: Mapping[str, Path], finds: Finds, index: Path) -> None:
    for key, how in lost(found, finds, index):
        forget = f"rag index {found[key]}" if how == EMPTY else "rag index --rebuild OTHER …"
        raise BadInput(
            f"The folder {found[key]} that was indexed before {how}.",
            hint="Bring it back, or name the folders to index; nothing was changed."
            f" What it gave is forgotten with `{forget}`.",
        )


def pending(
    told: str | None, names: Names, keys: Iterable[str], done: AbstractSet[Path]
) -> list[str]:
    """Of the roots of interrupted runs, those that are still to be read when some are `done`.

    `told` is what the index says of them; an earlier version did not say which roots of its
    `keys` they were.
    """
    found: Any = json.loads(told) if told is not None else []
    left = found if isinstance(found, list) else list(keys)
    return [key for key in left if not covered(names.path(key), done)]


def finds_in(database: Database) -> Finds:
    """Asks an index whether a query has a row."""
    return lambda query, values: database.one(query, values) is not None


def _forgotten(key: str, path: Path, finds: Finds) -> bool:
    """Whether a root that is not there is no loss: nothing of it is left in the index, or it was
    one file, and the folder that it lay in is there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError:
        return False  # behind a folder that cannot be read it may still be there
    if finds(*_inside(key)):
        return False
    single = finds("SELECT 1 FROM files WHERE path = ?1", (key,))
    return not single or os.path.isdir(path.parent)  # noqa: PTH112 (raises nothing)


def _inside(key: str) -> tuple[str, tuple[str, ...]]:
    """The query for files under a root, and its values."""
    if set(key.split("/")) <= {".", ".."}:
        # The base, or a folder above it: keys do not begin with its own.
        return "SELECT 1 FROM files LIMIT 1", ()
    inside = "SELECT 1 FROM files WHERE path > ?1 || '/' AND path < ?1 || '0' LIMIT 1"
    return inside, (key,)  # 0 comes after /
