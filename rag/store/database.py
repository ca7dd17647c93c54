"""The one truth on disk: files, documents, paragraphs, passages and vectors, in SQLite."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.errors import IndexBroken, IndexMismatch, IndexNotFound
from rag.types import Document, Filters, Paragraph, Passage

__all__ = ["DATABASE", "FORMAT", "Database", "date_range", "glob_matches"]

DATABASE = "rag.db"
#: The version of the schema below; another one is refused, never guessed at.
FORMAT = 1

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, sha256 TEXT);
CREATE INDEX files_by_size ON files (size);
CREATE TABLE skipped (source TEXT PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    source TEXT NOT NULL UNIQUE, format TEXT NOT NULL, title TEXT, author TEXT,
    date TEXT, date_origin TEXT, date_first TEXT, date_last TEXT,
    encoding TEXT, language TEXT NOT NULL, body_start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX documents_by_file ON documents (file);
CREATE INDEX documents_by_date ON documents (date_first, date_last);
CREATE TABLE paragraphs (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, at INTEGER NOT NULL,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    page INTEGER, heading INTEGER NOT NULL, PRIMARY KEY (document, at)) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, paragraph INTEGER NOT NULL,
    line INTEGER NOT NULL, page INTEGER, text_key TEXT NOT NULL, tokens TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_key ON passages (text_key);
CREATE TABLE vectors (text_key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""

_PASSAGES = """
SELECT p.row, p.id, d.source, p.start, p.end, substr(d.text, p.start + 1, p.end - p.start),
       p.paragraph, p.line, d.title, d.date, p.page
FROM passages p JOIN documents d ON d.id = p.document
"""


class Database:
    """A connection to the truth, for one thread; writing is the business of `store/update.py`."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        path = directory / DATABASE
        if not create and not path.is_file():
            raise IndexNotFound(
                f"There is no index in {directory}.",
                hint=f"Build one with `rag index PATH --index {directory}`.",
            )
        self.directory = directory
        try:
            self.connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
            self.connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(create)
        except sqlite3.DatabaseError as error:
            raise IndexBroken(
                f"The database {path} is damaged or not ours ({error}).",
                hint="Move it away and build the index again with `rag index`.",
            ) from error

    def _prepare(self, create: bool) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version == FORMAT:
            return
        empty = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not (create and empty):
            raise IndexMismatch(
                f"The index in {self.directory} has format {version}, this version reads {FORMAT}.",
                hint="Build it again with `rag index --rebuild`.",
            )
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")

    def close(self) -> None:
        """Closes the connection; harmless when closed already."""
        self.connection.close()

    def get(self, key: str) -> str | None:
        """A value of the manifest."""
        found = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def put(self, key: str, value: str) -> None:
        """Sets a value of the manifest, inside the transaction that is open."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Rises with every committed change; derived files carry the one they were built from."""
        return int(self.get("generation") or 0)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order; an unknown row is left out."""
        found: dict[int, Passage] = {}
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            marks = ",".join("?" * len(chosen))
            query = f"{_PASSAGES} WHERE p.row IN ({marks})"
            for values in self.connection.execute(query, chosen):
                found[values[0]] = _passage(values)
        return [found[r] for r in rows if r in found]

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """The passage of a citation's `passage_id`."""
        values = self.connection.execute(f"{_PASSAGES} WHERE p.id = ?", (passage_id,)).fetchone()
        return None if values is None else _passage(values)

    def document(self, source: str) -> Document | None:
        """One document with its whole text and its paragraphs."""
        values = self.connection.execute(
            "SELECT d.id, d.source, d.text, f.sha256, d.format, d.title, d.author, d.date,"
            " d.date_origin, d.encoding, d.language, d.body_start"
            " FROM documents d JOIN files f ON f.id = d.file WHERE d.source = ?",
            (source,),
        ).fetchone()
        if values is None:
            return None
        paragraphs = self.connection.execute(
            "SELECT number, start, end, page, heading FROM paragraphs WHERE document = ?"
            " ORDER BY at",
            (values[0],),
        )
        return Document(
            source=values[1],
            text=values[2],
            sha256=values[3],
            format=values[4],
            paragraphs=tuple(Paragraph(n, s, e, page, bool(h)) for n, s, e, page, h in paragraphs),
            title=values[5],
            author=values[6],
            date=values[7],
            date_origin=values[8],
            encoding=values[9],
            language=values[10],
            body_start=values[11],
        )

    def sources(self) -> list[str]:
        """All document sources, in order."""
        rows = self.connection.execute("SELECT source FROM documents ORDER BY source")
        return [str(r[0]) for r in rows]

    def matching_rows(self, filters: Filters) -> Iterator[int]:
        """Rows of the passages that the filters allow, ascending."""
        clauses, values = ["1"], []
        if filters.since is not None:
            clauses.append("d.date_last >= ?")
            values.append(date_range(filters.since)[0])
        if filters.until is not None:
            clauses.append("d.date_first <= ?")
            values.append(date_range(filters.until)[1])
        where = " AND ".join(clauses)
        documents = self.connection.execute(
            f"SELECT id, source FROM documents d WHERE {where}", values
        )
        allowed = {
            i
            for i, source in documents
            if filters.source is None or glob_matches(source, filters.source)
        }
        query = "SELECT row, document FROM passages ORDER BY row"
        return (row for row, document in self.connection.execute(query) if document in allowed)


def date_range(date: str) -> tuple[str, str]:
    """The first and the last day that an ISO date of any precision stands for."""
    parts = [int(p) for p in date.split("-")]
    if len(parts) == 1:
        return f"{parts[0]:04d}-01-01", f"{parts[0]:04d}-12-31"
    if len(parts) == 2:
        last = calendar.monthrange(parts[0], parts[1])[1]
        return f"{parts[0]:04d}-{parts[1]:02d}-01", f"{parts[0]:04d}-{parts[1]:02d}-{last:02d}"
    return date, date


def glob_matches(source: str, pattern: str) -> bool:
    """Whether a source, its file's path or its file name matches a glob (case counts)."""
    from fnmatch import fnmatchcase

    path = source.split("#", 1)[0]
    return any(fnmatchcase(s, pattern) for s in (source, path, path.rsplit("/", 1)[-1]))


def _passage(values: tuple[object, ...]) -> Passage:
    row, id_, source, start, end, text, paragraph, line, title, date, page = values
    return Passage(
        id=str(id_),
        row=int(row),  # type: ignore[call-overload]
        source=str(source),
        start=int(start),  # type: ignore[call-overload]
        end=int(end),  # type: ignore[call-overload]
        text=str(text),
        paragraph=int(paragraph),  # type: ignore[call-overload]
        line=int(line),  # type: ignore[call-overload]
        title=None if title is None else str(title),
        date=None if date is None else str(date),
        page=None if page is None else int(page),  # type: ignore[call-overload]
    )
