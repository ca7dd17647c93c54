"""Recognises a file that only changed its place."""

from __future__ import annotations

import os
from pathlib import Path

from rag.ingest.read import read_file
from rag.ingest.walk import FoundFile, content_sha
from rag.store.database import Database
from rag.store.paths import Names

__all__ = ["find_moved", "is_gone"]


def find_moved(
    database: Database, names: Names, key: str, file: FoundFile
) -> tuple[int, str] | None:
    """The id and the old key of the file whose content a new file holds, where that one is gone.

    The new file is hashed only if a file of its size is gone.
    """
    candidates = [
        (number, old, sha256)
        for number, old, sha256 in database.rows(
            "SELECT id, path, sha256 FROM files WHERE size = ?"
            " AND NOT EXISTS (SELECT 1 FROM scope s WHERE s.path = files.path AND NOT s.no_file)"
            " ORDER BY path",
            (file.size,),
        )
        # The suffix says how a file is read.
        if Path(old).suffix.lower() == file.path.suffix.lower()
        and not os.path.isfile(names.path(old))  # noqa: PTH113 (a name may be too long)
    ]
    if not candidates:
        return None
    sha256 = content_sha(file.path)
    match = next(((n, old) for n, old, sha in candidates if sha == sha256), None)
    if match is None or _date_differs(database, match[0], file.path, key):
        return None
    return match


def is_gone(database: Database, names: Names, key: str) -> bool:
    """Whether an indexed file is not there any more, neither in the walk nor outside it."""
    found = database.one("SELECT no_file FROM scope WHERE path = ?", (key,))
    return (found is None or bool(found[0])) and not os.path.isfile(names.path(key))  # noqa: PTH113


def _date_differs(database: Database, number: int, path: Path, key: str) -> bool:
    """Whether the file's new name gives it another date; a date may not outlive its name."""
    dates = list(database.rows("SELECT date, date_origin FROM documents WHERE file = ?", (number,)))
    if all(
        date is not None and origin != "file name" and not str(origin).endswith("metadata")
        for date, origin in dates
    ):
        return False
    now = [(d.date, d.date_origin) for d in read_file(path, key).documents]
    return sorted(map(str, now)) != sorted(map(str, dates))
