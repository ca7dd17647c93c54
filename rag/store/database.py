"""The one truth on disk: files, documents, paragraphs, passages and vectors, in SQLite."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import parse_date
from rag.errors import IndexBroken, IndexLocked, IndexMismatch, IndexNotFound, RagError
from rag.types import Document, Filters, Paragraph, Passage

if TYPE_CHECKING:
    import numpy as np

__all__ = ["DATABASE", "FORMAT", "Database", "date_range", "explained", "glob_matches"]

DATABASE = "rag.db"
#: The version of the schema below; another one is refused, never guessed at.
FORMAT = 2

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
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, paragraph INTEGER NOT NULL,
    line INTEGER NOT NULL, page INTEGER, text_key TEXT NOT NULL, tokens TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_key ON passages (text_key);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY, text_key TEXT NOT NULL UNIQUE, vector BLOB NOT NULL,
    sentences BLOB NOT NULL);
"""

_PASSAGES = """
SELECT p.row, p.document, p.id, d.source, p.start, p.end, p.paragraph, p.line, d.title, d.date,
       p.page
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
            self.connection = _connect(path, create)
            self._prepare(create)
        except sqlite3.Error as error:
            raise explained(error, directory) from error

    def _prepare(self, create: bool) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version == FORMAT:
            return
        empty = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not (create and empty):
            raise IndexMismatch(
                f"The index in {self.directory} has format {version}, this version reads {FORMAT}.",
                hint=f"Build it again with `rag index --rebuild --index {self.directory}`.",
            )
        # Readers keep the state they opened while a writer commits.
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")

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
            yield from self.connection.execute(query, values)
        except sqlite3.Error as error:
            raise explained(error, self.directory) from error

    def one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(self.rows(query, values), None)

    def get(self, key: str) -> str | None:
        """A value of the manifest."""
        found = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if found is None else str(found[0])

    def sound(self) -> bool:
        """Whether SQLite finds every page and every index of the file in order."""
        try:
            return self.one("PRAGMA integrity_check(1)") == ("ok",)
        except RagError:
            return False

    def put(self, key: str, value: str) -> None:
        """Sets a value of the manifest, inside the transaction that is open."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Rises with every committed change; derived files carry the one they were built from."""
        return int(self.get("generation") or 0)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order; an unknown row is left out."""
        found: dict[int, tuple[Any, ...]] = {}
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            marks = ",".join("?" * len(chosen))
            query = f"{_PASSAGES} WHERE p.row IN ({marks})"
            found.update((values[0], values) for values in self.rows(query, chosen))
        texts = {number: self._text(number) for number in {v[1] for v in found.values()}}
        return [_passage(found[r], texts[found[r][1]]) for r in map(int, rows) if r in found]

    def vectors(self, rows: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and those of its sentences, float32 (s, d)."""
        import numpy as np

        found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        for first in range(0, len(rows), 500):
            chosen = [int(r) for r in rows[first : first + 500]]
            marks = ",".join("?" * len(chosen))
            query = (
                "SELECT p.row, v.vector, v.sentences FROM passages p"
                f" JOIN vectors v ON v.text_key = p.text_key WHERE p.row IN ({marks})"
            )
            for row, vector, sentences in self.rows(query, chosen):
                whole = np.frombuffer(vector, dtype="<f4")
                parts = np.frombuffer(sentences, dtype="<f2").astype(np.float32)
                found[row] = whole, parts.reshape(-1, len(whole))
        return [found[int(row)] for row in rows]

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """The passage of a citation's `passage_id`."""
        values = self.one(f"{_PASSAGES} WHERE p.id = ?", (passage_id,))
        return None if values is None else _passage(values, self._text(values[1]))

    def _text(self, number: int) -> str:
        """A document's text; it is cut here, because SQLite's `substr` ends at a NUL."""
        found = self.one("SELECT text FROM documents WHERE id = ?", (number,))
        return "" if found is None else str(found[0])

    def document(self, source: str) -> Document | None:
        """One document with its whole text and its paragraphs."""
        values = self.one(
            "SELECT d.id, d.source, d.text, f.sha256, d.format, d.title, d.author, d.date,"
            " d.date_origin, d.encoding, d.language, d.body_start"
            " FROM documents d JOIN files f ON f.id = d.file WHERE d.source = ?",
            (source,),
        )
        if values is None:
            return None
        paragraphs = self.rows(
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
        return [str(r[0]) for r in self.rows("SELECT source FROM documents ORDER BY source")]

    def matching_rows(self, filters: Filters) -> Iterator[int]:
        """Rows of the passages that the filters allow, ascending; `BadInput` for no date."""
        clauses, values = ["1"], []
        if filters.since is not None:
            clauses.append("d.date_last >= ?")
            values.append(date_range(parse_date(filters.since))[0])
        if filters.until is not None:
            clauses.append("d.date_first <= ?")
            values.append(date_range(parse_date(filters.until))[1])
        if filters.as_of is not None:
            clauses.append("d.date_last <= ?")
            values.append(date_range(parse_date(filters.as_of))[1])
        where = " AND ".join(clauses)
        documents = self.rows(f"SELECT id, source FROM documents d WHERE {where}", values)
        allowed = {
            i
            for i, source in documents
            if filters.source is None or glob_matches(source, filters.source)
        }
        query = "SELECT row, document FROM passages ORDER BY row"
        return (row for row, document in self.rows(query) if document in allowed)


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
    """Whether a source, its file's path or its file name is or matches a glob (case counts).

    Is, because a name may itself hold the signs of a glob: `notes[1].txt`.
    """
    from fnmatch import fnmatchcase

    path = source.split("#", 1)[0]
    names = (source, path, path.rsplit("/", 1)[-1])
    return pattern in names or any(fnmatchcase(name, pattern) for name in names)


def _passage(values: tuple[Any, ...], text: str) -> Passage:
    row, _, id_, source, start, end, paragraph, line, title, date, page = values
    return Passage(
        id_, row, source, start, end, text[start:end], paragraph, line, title, date, page
    )


def _connect(path: Path, create: bool) -> sqlite3.Connection:
    """Opens a database; one in a folder that cannot be written to is opened as it lies there."""
    try:
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        unwritable = _code(error) in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        if create or not unwritable or path.with_name(f"{path.name}-wal").exists():
            raise
        uri = f"{path.resolve().as_uri()}?immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.execute("PRAGMA user_version").fetchone()
    return connection


def explained(error: sqlite3.Error, directory: Path) -> RagError:
    """What an error of the database means to the one who runs the program."""
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return RagError(
            f"The disk is full: the index in {directory} cannot grow.",
            hint="What was indexed before is kept; make room and run `rag index` again.",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return RagError(f"The index in {directory} cannot be opened or written to ({error}).")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return IndexLocked(f"The index in {directory} is being written by another process.")
    return IndexBroken(
        f"The database {directory / DATABASE} is damaged or not ours ({error}).",
        hint=f"Build it again with `rag index PATH --rebuild --index {directory}`.",
    )


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where Python raised the error itself."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
