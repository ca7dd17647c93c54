"""What a database holds beyond a base: the derived files of a leg are of one earlier generation.

Rows of passages are never given twice and never change what they stand for. So a base stays true
of every row that it has; missing are the rows above the last one of its generation, and too many
are those in the table `gone`. Loads no numpy.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from rag.store.database import Database
from rag.store.schema import seal

__all__ = [
    "MARK",
    "behind",
    "gone_rows",
    "issued",
    "last_row",
    "mark",
    "marked",
    "record",
    "settle",
    "unmark",
]

#: The file that holds the generation of the last commit.
MARK = "rag.generation"


def last_row(database: Database, generation: int) -> int | None:
    """The last row given by the end of a generation; None for one that is not of this database."""
    found = database.one("SELECT seal, row FROM history WHERE generation = ?", (generation,))
    if found is None:
        return None
    database.check("history", found[0], (generation, found[1]))
    return int(found[1])


def gone_rows(database: Database, last: int) -> list[int]:
    """Rows up to `last` that the database no longer has; of those a base lacks, some as well."""
    return [int(row) for (row,) in database.rows("SELECT row FROM gone WHERE row <= ?", (last,))]


def behind(database: Database, last: int) -> int:
    """How many rows are missing in a base, or too many."""
    found = database.one(
        "SELECT (SELECT count(*) FROM passages WHERE row > ?1)"
        " + (SELECT count(*) FROM gone WHERE row <= ?1)",
        (last,),
    )
    return int(found[0]) if found else 0


def issued(database: Database) -> int:
    """The last row that was given at all."""
    found = database.one("SELECT row FROM history ORDER BY generation DESC LIMIT 1")
    return int(found[0]) if found else 0


def record(database: Database, generation: int, row: int) -> None:
    """Notes the last row given, with the generation that is about to be committed."""
    values = (generation, row)
    database.connection.execute(
        "INSERT OR REPLACE INTO history VALUES (?, ?, ?)", (*values, seal(*values))
    )


def mark(database: Database) -> None:
    """Notes beside the database which state was committed last.

    The database's own log may lose the end of its past to a flipped byte, and SQLite takes what is
    left for all there ever was; `rag status --check` sees by this that it is not. Without it no
    harm is done, so a folder that refuses it is no error.
    """
    path = database.directory / MARK
    temporary = path.with_name(f"{MARK}.tmp")
    with contextlib.suppress(OSError):
        temporary.write_text(str(database.generation), encoding="ascii")
        os.replace(temporary, path)  # noqa: PTH105


def unmark(directory: Path) -> None:
    """Forgets the mark: to be called before a commit that ends the past it belongs to."""
    with contextlib.suppress(OSError):
        (directory / MARK).unlink(missing_ok=True)


def marked(directory: Path) -> int | None:
    """The generation that was committed last; None where none was noted, 0 for a damaged note."""
    try:
        return int((directory / MARK).read_bytes()[:20])
    except OSError:
        return None
    except ValueError:
        return 0


def settle(database: Database, generation: int) -> None:
    """Forgets what only older bases need: to be called when every leg has this generation.

    In one transaction: whoever knows the older generations knows as well which rows are gone.
    """
    execute = database.connection.execute
    execute("BEGIN IMMEDIATE")
    execute("DELETE FROM history WHERE generation < ?", (generation,))
    execute("DELETE FROM gone")
    execute("COMMIT")
