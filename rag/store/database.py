"""The one truth on disk: files, documents, paragraphs, passages and vectors, in SQLite."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import IndexMismatch, IndexNotFound, RagError
from rag.store.connect import broken, connect, disagreeing, explained
from rag.store.names import composed
from rag.store.schema import DATABASE, FORMAT, SCHEMA, SEALED, as_made, seal
from rag.types import Document, Paragraph, Passage

if TYPE_CHECKING:
    import numpy as np

__all__ = ["DATABASE", "FORMAT", "Database", "date_range", "explained", "glob_matches"]

_PASSAGES = """
SELECT p.row, p.seal, p.id, p.document, p.start, p.end, p.paragraph, p.line, p.page, p.text_key,
       p.tokens
FROM passages p
"""
_DOCUMENTS = f"""
SELECT d.id, d.seal, {", ".join(f"d.{name}" for name in SEALED["documents"])}
FROM documents d
"""


class Database:
    """A connection to the truth, for one thread at a time; `store/update.py` writes with it."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        path = directory / DATABASE
        if not create and not path.is_file():
            raise IndexNotFound(
                f"There is no index in {directory}.",
                hint=f"Build one with `rag index PATH --index {directory}`.",
            )
        self.directory = directory
        try:
            self.connection = connect(path, create)
            self._prepare(create)
        except sqlite3.Error as error:
            raise explained(error, directory) from error

    def _prepare(self, create: bool) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version == FORMAT:
            if not as_made(self.connection):
                raise broken(self.directory, "has other tables than this version makes")
            return
        empty = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if empty and not create:
            raise IndexNotFound(
                f"The index in {self.directory} was begun and never finished.",
                hint=f"Go on with `rag index PATH --index {self.directory}`.",
            )
        if not empty:
            raise IndexMismatch(
                f"The index in {self.directory} has format {version}, this version reads {FORMAT}.",
                hint=f"Build it again with `rag index --rebuild --index {self.directory}`.",
            )
        # Readers keep the state they opened while a writer commits.
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")

    def close(self) -> None:
        """Closes the connection; harmless when closed already."""
        self.connection.close()

    def hold(self) -> None:
        """From here on this connection reads one committed state, whatever a writer does."""
        self.connection.execute("BEGIN")
        self.get("generation")

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, as they are asked for; `IndexBroken` where the file is damaged."""
        try:
            # No `yield from`: it would close the cursor of one who stops early, perhaps too late.
            for row in self.connection.execute(query, values):  # noqa: UP028
                yield row
        except sqlite3.Error as error:
            raise explained(error, self.directory) from error

    def one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(self.rows(query, values), None)

    def get(self, key: str) -> str | None:
        """A value of the manifest."""
        found = self.one("SELECT seal, value FROM meta WHERE key = ?", (key,))
        if found is None:
            return None
        self.check("meta", found[0], (key, found[1]))
        return str(found[1])

    def sound(self) -> bool:
        """Whether SQLite finds every page and every index of the file in order."""
        try:
            return self.one("PRAGMA integrity_check(1)") == ("ok",)
        except RagError:
            return False

    def put(self, key: str, value: str) -> None:
        """Sets a value of the manifest, inside the transaction that is open."""
        values = (key, value, seal(key, value))
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", values)

    @property
    def generation(self) -> int:
        """Rises with every committed change; derived files carry the one they were built from."""
        return int(self.get("generation") or 0)

    def knows(self, generation: int) -> bool:
        """Whether a generation is one of this database's past, not of another one's."""
        if not 0 < generation < 1 << 63:
            return False
        found = self.one("SELECT seal, row FROM history WHERE generation = ?", (generation,))
        return found is not None and found[0] == seal(generation, found[1])

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order; an unknown row is left out."""
        found: dict[int, tuple[Any, ...]] = {}
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            marks = ",".join("?" * len(chosen))
            query = f"{_PASSAGES} WHERE p.row IN ({marks})"
            found.update((values[0], values) for values in self.rows(query, chosen))
        documents = {number: self._sealed(number) for number in {v[3] for v in found.values()}}
        return [
            self._passage(found[r], documents[found[r][3]]) for r in map(int, rows) if r in found
        ]

    def vectors(self, rows: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and those of its sentences, float32 (s, d)."""
        import numpy as np

        found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            marks = ",".join("?" * len(chosen))
            query = (
                "SELECT p.row, v.seal, v.text_key, v.vector, v.sentences FROM passages p"
                f" JOIN vectors v ON v.text_key = p.text_key WHERE p.row IN ({marks})"
            )
            for row, sealed, *values in self.rows(query, chosen):
                self.check("vectors", sealed, values)
                whole = np.frombuffer(values[1], dtype="<f4")
                parts = np.frombuffer(values[2], dtype="<f2").astype(np.float32)
                found[row] = whole, parts.reshape(-1, len(whole))
        if not found.keys() >= {int(row) for row in rows}:
            raise disagreeing(self.directory)
        return [found[int(row)] for row in rows]

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """The passage of a citation's `passage_id`."""
        values = self.one(f"{_PASSAGES} WHERE p.id = ?", (passage_id,))
        return None if values is None else self._passage(values, self._sealed(values[3]))

    def check(self, table: str, sealed: object, values: Sequence[Any]) -> None:
        """Raises `IndexBroken` where the sealed values of a row are not those that were written."""
        if seal(*values) != sealed:
            raise broken(self.directory, f"is damaged: a row of its {table} has changed")

    def _sealed(self, number: int) -> dict[str, Any]:
        """A document's sealed columns by name, its whole text among them.

        Texts are cut outside the database, because SQLite's `substr` ends at a NUL.
        """
        values = self.one(f"{_DOCUMENTS} WHERE d.id = ?", (number,))
        if values is None:
            raise broken(self.directory, "has a passage without its document")
        self.check("documents", values[1], values[2:])
        return dict(zip(SEALED["documents"], values[2:], strict=True))

    def _passage(self, values: tuple[Any, ...], document: dict[str, Any]) -> Passage:
        self.check("passages", values[1], values[2:])
        row, _, id_, _, start, end, paragraph, line, page, *_ = values
        text, title, date = document["text"][start:end], document["title"], document["date"]
        source = document["source"]
        return Passage(id_, row, source, start, end, text, paragraph, line, title, date, page)

    def document(self, source: str) -> Document | None:
        """One document with its whole text and its paragraphs."""
        found = self.one("SELECT id FROM documents WHERE source = ?", (source,))
        if found is None:
            return None
        d = self._sealed(found[0])
        outline = list(
            self.rows(
                "SELECT number, start, end, page, heading FROM paragraphs WHERE document = ?"
                " ORDER BY at",
                found,
            )
        )
        self.check("paragraphs", d["outline"], [repr(outline)])
        file = self.one("SELECT seal, path, size, mtime_ns, sha256 FROM files WHERE id = ?",
                        (d["file"],))  # fmt: skip
        self.check("files", *((file[0], file[1:]) if file else (None, ())))
        return Document(
            source=d["source"],
            text=d["text"],
            sha256=file[4] if file else "",
            format=d["format"],
            paragraphs=tuple(Paragraph(n, s, e, page, bool(h)) for n, s, e, page, h in outline),
            title=d["title"],
            author=d["author"],
            date=d["date"],
            date_origin=d["date_origin"],
            encoding=d["encoding"],
            language=d["language"],
            body_start=d["body_start"],
        )

    def sources(self) -> list[tuple[str, str]]:
        """All document sources, in order, each with the path of its file."""
        query = (
            "SELECT d.source, f.path FROM documents d JOIN files f ON f.id = d.file"
            " ORDER BY d.source"
        )
        return [(str(source), str(path)) for source, path in self.rows(query)]

    def in_order(self, rows: Sequence[int]) -> list[int]:
        """The same rows by source and place; which came first to the index makes no difference."""
        keys: list[tuple[str, int, int, int]] = []
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            keys += self.rows(
                "SELECT d.source, p.start, p.end, p.row FROM passages p"
                " JOIN documents d ON d.id = p.document"
                f" WHERE p.row IN ({','.join('?' * len(chosen))})",
                chosen,
            )
        return [key[3] for key in sorted(keys)]


def date_range(date: str) -> tuple[str, str]:
    """The first and the last day that an ISO date of any precision stands for."""
    parts = [int(p) for p in date.split("-")]
    if len(parts) == 1:
        return f"{parts[0]:04d}-01-01", f"{parts[0]:04d}-12-31"
    if len(parts) == 2:
        last = calendar.monthrange(parts[0], parts[1])[1]
        return f"{parts[0]:04d}-{parts[1]:02d}-01", f"{parts[0]:04d}-{parts[1]:02d}-{last:02d}"
    return date, date


def glob_matches(source: str, path: str, pattern: str) -> bool:
    """Whether a source, its file's path or its file name is or matches a glob (case counts).

    Is, because a name may itself hold the signs of a glob: `notes[1].txt`. Letters and their
    accents may be one sign in one and two in the other; see `composed`.
    """
    from fnmatch import fnmatchcase

    source, path, pattern = composed(source), composed(path), composed(pattern)
    names = (source, path, path.rsplit("/", 1)[-1])
    return pattern in names or any(fnmatchcase(name, pattern) for name in names)
