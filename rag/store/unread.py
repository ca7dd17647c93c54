"""What is remembered of files that gave no document: so one that was mended is told, and one
without text is not read again for nothing.

Kept among the values of the manifest, so that an index of before needs no other tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.ingest.walk import FoundFile
from rag.store.database import Database

__all__ = ["AS_IT_WAS", "forget_stale", "note", "notes", "told_again"]

_KEY = "unread:"
_TEXTLESS = "no text"

#: Of a row of `scope`: the file is listed as without text, and has the size and time that it had.
AS_IT_WAS = (
    f"SELECT s.path FROM scope s JOIN meta m ON m.key = '{_KEY}' || s.path"
    f" AND m.value = s.size || ' ' || s.mtime_ns || ' {_TEXTLESS}'"
    " JOIN skipped k ON k.source = s.path WHERE s.file IS NOT NULL"
)


def note(database: Database, key: str, file: FoundFile | None, textless: bool = False) -> None:
    """Remembers a file that was listed as skipped; None where nothing could be opened."""
    found = file if file is not None and _opens(file) else None
    value = f"{found.size} {found.mtime_ns} {_TEXTLESS if textless else ''}" if found else ""
    database.put(f"{_KEY}{key}", value.strip())


def forget_stale(database: Database) -> None:
    """Drops what is remembered of files that are not listed any more."""
    database.connection.execute(
        f"DELETE FROM meta WHERE key GLOB '{_KEY}*'"
        f" AND substr(key, {len(_KEY) + 1}) NOT IN (SELECT source FROM skipped)"
    )


def notes(database: Database) -> dict[str, str]:
    """What is remembered, by the key of the file."""
    found = database.rows(f"SELECT key, value FROM meta WHERE key GLOB '{_KEY}*'")
    return {str(key).removeprefix(_KEY): str(value) for key, value in found}


def told_again(noted: Mapping[str, str], key: str, file: FoundFile) -> bool:
    """Whether a file that is listed as skipped may be readable by now."""
    then = noted.get(key)
    if then is None:  # an earlier version remembered nothing
        return False
    if not then:
        return _opens(file)
    return then.split()[:2] != [str(file.size), str(file.mtime_ns)]


def _opens(file: FoundFile) -> bool:
    try:
        with file.path.open("rb") as handle:
            handle.read(1)
    except OSError:
        return False
    return True
