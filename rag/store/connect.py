"""Opens the database file, with nothing in it believed or run, and says what its errors mean."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from rag.errors import IndexBroken, IndexLocked, RagError
from rag.store.schema import DATABASE, seal

__all__ = ["broken", "connect", "disagreeing", "explained", "vanished"]

#: Seconds that a connection waits for another one to let go.
PATIENCE = 30.0


def connect(path: Path, create: bool) -> sqlite3.Connection:
    """Opens a database; one in a folder that cannot be written to is opened as it lies there.

    Any thread may use the connection, if only one does at a time.
    """
    shared: dict[str, Any] = {"isolation_level": None, "check_same_thread": False}
    try:
        connection = _ready(sqlite3.connect(path, timeout=PATIENCE, **shared))
    except sqlite3.OperationalError as error:
        unwritable = _code(error) in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        if create or not unwritable or path.with_name(f"{path.name}-wal").exists():
            raise
        uri = f"{path.resolve().as_uri()}?immutable=1"
        connection = _ready(sqlite3.connect(uri, uri=True, **shared))
    return connection


def _ready(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Guarded against a file from a stranger; what is deleted is overwritten, not only let go."""
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function("seal", -1, seal, deterministic=True)
        connection.execute("PRAGMA user_version").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def explained(error: sqlite3.Error, directory: Path) -> RagError:
    """What an error of the database means to the one who runs the program."""
    code = _code(error)
    if isinstance(error, sqlite3.ProgrammingError):
        return RagError(f"The index in {directory} is closed.", hint="Open it again.")
    if code == sqlite3.SQLITE_FULL:
        return RagError(
            f"The disk is full: the index in {directory} cannot grow.",
            hint="What was indexed before is kept; make room and run `rag index` again.",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return RagError(f"The index in {directory} cannot be opened or written to ({error}).")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return IndexLocked(f"The index in {directory} is being written by another process.")
    if not (directory / DATABASE).exists():
        return vanished(directory)
    if code == sqlite3.SQLITE_IOERR:
        return RagError(
            f"The disk did not read or write the index in {directory} as it was told ({error}).",
            hint="What was indexed before is kept; see that there is room, and run it again.",
        )
    return broken(directory, f"is damaged or not ours ({error})")


def vanished(directory: Path) -> RagError:
    """The error that an index has been taken away while it was in use."""
    return RagError(
        f"The index in {directory} is not there any more.",
        hint="Bring the folder back, or build the index again with `rag index PATH`.",
    )


def broken(directory: Path, how: str) -> IndexBroken:
    """The error that the truth itself cannot be used, with the command that makes it anew."""
    return IndexBroken(
        f"The database {directory / DATABASE} {how}.",
        hint=f"Build it again with `rag index PATH --rebuild --index {directory}`.",
    )


def disagreeing(directory: Path) -> IndexBroken:
    """The error that the database and what is derived from it do not belong together."""
    return IndexBroken(
        f"The search indexes in {directory} do not fit the database beside them.",
        hint=f"`rag status --check --index {directory}` says what is damaged and what mends it.",
    )


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where Python raised the error itself."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
