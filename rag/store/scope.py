"""What a walk found, in a table beside the index: the set operations of an update run in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.ingest.walk import FoundFile, content_sha, walk
from rag.store.database import Database
from rag.store.paths import Names, covered
from rag.store.summary import Skipped
from rag.store.unread import AS_IT_WAS

__all__ = ["Scope", "storable"]

_PIECE = 500


class Scope:
    """The files under the folders of one update, in the temporary table `scope`.

    A table, because a list of a million files would have to fit into memory.
    """

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._execute = database.connection.execute
        self._names = names
        self._roots: frozenset[Path] = frozenset()
        self._dark: set[Path] = set()

    def fill(self, roots: Sequence[Path], vanished: Sequence[Path] = ()) -> Iterator[Skipped]:
        """Walks the roots; yields what is no readable file. To be read to its end.

        Of the roots that have `vanished` nothing is there any more.
        """
        self._roots, there = frozenset((*roots, *vanished)), frozenset(roots)
        self._execute(
            "CREATE TEMP TABLE scope (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,"
            " file TEXT, size INTEGER, mtime_ns INTEGER, no_file INTEGER)"
        )
        for item in walk(roots, leave_out=self._database.directory):
            if self._names.of_the_index(item.path):
                continue
            key = self._names.key(item.path)
            text = str(item.path)
            if not storable(text):
                key = key.encode(errors="replace").decode()
                self._add(key)
                yield Skipped(key, "a name that is not valid text")
            elif isinstance(item, FoundFile):
                self._add(key, text, item.size, item.mtime_ns)
            else:
                # What was named itself is kept, as a folder is that is not there now.
                inside = covered(item.path.parent, there)
                self._add(key, no_file=item.no_file and inside)
                self._dark.add(item.path)
                yield Skipped(key, item.reason)

    def files(self) -> int:
        """How many files were found."""
        found = self._database.one("SELECT count(*) FROM scope WHERE file IS NOT NULL")
        return int(found[0]) if found else 0

    def swapped(self) -> Iterator[str]:
        """Keys of files with the size and time that they had, and another content.

        Looked for where another file has that size and time as well, as those have that a program
        wrote at once: one of them may since have been put in the place of the other.
        """
        twins = (
            "SELECT size, mtime_ns FROM files WHERE size IN"
            " (SELECT size FROM scope WHERE file IS NOT NULL)"
            " GROUP BY size, mtime_ns HAVING count(*) > 1"
        )
        for key, path, sha256 in self._execute(
            "SELECT s.path, s.file, f.sha256 FROM scope s JOIN files f ON f.path = s.path"
            f" JOIN ({twins}) t ON t.size = f.size AND t.mtime_ns = f.mtime_ns"
            " WHERE s.file IS NOT NULL AND s.size = f.size AND s.mtime_ns = f.mtime_ns"
        ).fetchall():
            if content_sha(Path(path)) not in (sha256, None):
                yield key

    def leave_unchanged(self) -> int:
        """Takes out of the walk the files that are known by size and time; how many there are."""
        known = (
            "SELECT s.path FROM scope s JOIN files f ON f.path = s.path AND f.size = s.size"
            " AND f.mtime_ns = s.mtime_ns WHERE s.file IS NOT NULL"
        )
        # A record may have the name of another file.
        self._execute(f"DELETE FROM skipped WHERE source = path AND source IN ({known})")
        return self._execute(f"UPDATE scope SET file = NULL WHERE path IN ({known})").rowcount

    def leave_textless(self) -> int:
        """Takes out those that are listed as without text and have not changed."""
        return self._execute(f"UPDATE scope SET file = NULL WHERE path IN ({AS_IT_WAS})").rowcount

    def found(self) -> Iterator[FoundFile]:
        """The other files of the walk, in its order, whatever is committed meanwhile."""
        last = 0
        while piece := self._execute(
            "SELECT n, file, size, mtime_ns FROM scope WHERE n > ? AND file IS NOT NULL"
            f" ORDER BY n LIMIT {_PIECE}",
            (last,),
        ).fetchall():
            for _, path, size, mtime in piece:
                yield FoundFile(Path(path), size, mtime)
            last = piece[-1][0]

    def gone_files(self) -> list[int]:
        """Ids of indexed files that were under the roots and are not any more.

        What lies under a folder that could not be read is not gone: it may still be there. A link
        to nothing, or a pipe, stands where a file was that is gone.
        """
        replaced = self._database.rows(
            "SELECT f.id FROM scope s JOIN files f ON f.path = s.path WHERE s.no_file"
        )
        return [number for (number,) in replaced] + [
            number
            for number, key in self._not_found("files", "id")
            if covered(path := self._names.path(key), self._roots) and not covered(path, self._dark)
        ]

    def gone_skips(self) -> list[str]:
        """Sources that are listed as skipped although nothing of their name is there now."""
        return [
            source
            for source, key in self._not_found("skipped", "source")
            if covered(self._names.path(key), self._roots)
        ]

    def _not_found(self, table: str, column: str) -> Iterator[tuple[Any, str]]:
        """A column and the path of rows that the walk did not find, where it may have looked.

        So that one file of a million costs as little as one of ten.
        """
        found: dict[Any, str] = {}
        for root in self._roots:
            key = self._names.key(root)
            # A folder above the base, or the base: keys do not begin with its own.
            inside = "?1 = ?1" if set(key.split("/")) <= {".", ".."} else (
                "(path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0'))"  # 0 comes after /
            )  # fmt: skip
            query = f"SELECT {column}, path FROM {table} WHERE {inside}"
            found.update(
                self._database.rows(f"{query} AND path NOT IN (SELECT path FROM scope)", (key,))
            )
        yield from found.items()

    def _add(
        self,
        key: str,
        file: str | None = None,
        size: int | None = None,
        mtime: int | None = None,
        *,
        no_file: bool = False,
    ) -> None:
        self._execute(
            "INSERT OR IGNORE INTO scope (path, file, size, mtime_ns, no_file)"
            " VALUES (?, ?, ?, ?, ?)",
            (key, file, size, mtime, no_file),
        )


def storable(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
