"""Real deletion: what an index no longer holds stands in none of its files any more.

The database overwrites what is deleted (`secure_delete`, see `store/connect.py`). Left over are
its log, which keeps the pages as they were; the bases of the search indexes, which keep the words
and vectors of rows that are gone; and space that an older SQLite or another program let go.
"""

from __future__ import annotations

import os
import shutil

from rag.errors import IndexLocked, RagError
from rag.store.database import Database
from rag.store.files import fresh, leftovers
from rag.store.legs import LEGS, build_anew

__all__ = ["compact", "purge"]


def purge(database: Database) -> None:
    """Empties the log and builds the search indexes from what is left.

    Only for who holds the writer's lock, outside a transaction. Raises `IndexLocked` where a
    reader keeps an earlier state open for longer than the database waits, and `RagError` where an
    earlier search index cannot be removed.
    """
    build_anew(database)
    _drop_earlier(database)
    _empty_log(database)


def compact(database: Database) -> None:
    """As `purge`, and writes the whole database anew, without unused space; readers may go on."""
    database.connection.execute("VACUUM")
    purge(database)


def _drop_earlier(database: Database) -> None:
    """Removes search indexes that could not be replaced; the next question builds them."""
    generation = database.generation
    legs = [database.directory / leg for leg in LEGS]
    earlier = [leg for leg in legs if not fresh(leg, lambda number: number == generation)]
    for path in (*earlier, *leftovers(database.directory)):
        shutil.rmtree(path, ignore_errors=True)
        if os.path.lexists(path):
            raise RagError(
                f"{path} cannot be removed, and may hold what was deleted.",
                hint="Remove it, then run `rag index --compact`.",
            )


def _empty_log(database: Database) -> None:
    busy = database.one("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy is None or busy[0]:
        raise IndexLocked(
            f"A process that reads the index in {database.directory} keeps an earlier state of it,"
            " and with it what was deleted.",
            hint="End it, then run `rag index --compact`.",
        )
