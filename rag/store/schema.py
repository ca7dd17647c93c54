"""The tables of the truth, and the seal on each row by which a changed byte is noticed."""

from __future__ import annotations

import functools
import sqlite3
import zlib
from contextlib import closing

__all__ = ["DATABASE", "FORMAT", "SCHEMA", "SEALED", "as_made", "seal"]

DATABASE = "rag.db"
#: The version of the schema below; another one is refused, never guessed at.
FORMAT = 3

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, sha256 TEXT, seal INTEGER NOT NULL);
CREATE INDEX files_by_size ON files (size);
CREATE TABLE skipped (
    source TEXT PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL, seal INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE INDEX skipped_by_path ON skipped (path);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    source TEXT NOT NULL UNIQUE, format TEXT NOT NULL, title TEXT, author TEXT,
    date TEXT, date_origin TEXT, date_first TEXT, date_last TEXT,
    encoding TEXT, language TEXT NOT NULL, body_start INTEGER NOT NULL,
    outline INTEGER NOT NULL, seal INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX documents_by_file ON documents (file);
CREATE INDEX documents_by_date ON documents (date_first, date_last);
CREATE INDEX documents_by_language ON documents (language);
CREATE TABLE paragraphs (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, at INTEGER NOT NULL,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    page INTEGER, heading INTEGER NOT NULL, PRIMARY KEY (document, at)) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, paragraph INTEGER NOT NULL,
    line INTEGER NOT NULL, page INTEGER, text_key TEXT NOT NULL, tokens TEXT NOT NULL,
    seal INTEGER NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_key ON passages (text_key);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY, text_key TEXT NOT NULL UNIQUE, vector BLOB NOT NULL,
    sentences BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE TABLE history (
    generation INTEGER PRIMARY KEY, row INTEGER NOT NULL, seal INTEGER NOT NULL);
CREATE TABLE gone (row INTEGER PRIMARY KEY, seal INTEGER NOT NULL);
CREATE TABLE loose (text_key TEXT PRIMARY KEY, seal INTEGER NOT NULL) WITHOUT ROWID;
"""

#: What the seal of a row covers, in this order. A document's paragraphs are sealed together, in
#: its `outline`. `history` has the last row that was given to a passage by the end of each
#: generation, `gone` the rows that no passage has any more, `loose` the texts whose vectors may
#: not be needed; see `store/history.py`.
SEALED = {
    "meta": ("key", "value"),
    "roots": ("path",),
    "files": ("path", "size", "mtime_ns", "sha256"),
    "skipped": ("source", "path", "reason"),
    "documents": (
        "file", "source", "format", "title", "author", "date", "date_origin", "date_first",
        "date_last", "encoding", "language", "body_start", "outline", "text",
    ),
    "passages": (
        "id", "document", "start", "end", "paragraph", "line", "page", "text_key", "tokens",
    ),
    "vectors": ("text_key", "vector", "sentences"),
    "history": ("generation", "row"),
    "gone": ("row",),
    "loose": ("text_key",),
}  # fmt: skip


def seal(*values: str | bytes | int | None) -> int:
    """CRC-32 of values: SQLite finds damage to its pages' structure, this finds it in their cells.

    It protects from failing disks and memory, not from someone who means to deceive.
    """
    crc = 0
    for value in values:
        if isinstance(value, str):
            data = value.encode("utf-8", "surrogatepass")
            crc = zlib.crc32(data, zlib.crc32(b"t%d:" % len(data), crc))
        elif isinstance(value, bytes):
            crc = zlib.crc32(value, zlib.crc32(b"b%d:" % len(value), crc))
        else:
            crc = zlib.crc32(b"n:" if value is None else b"i%d:" % value, crc)
    return crc


def as_made(connection: sqlite3.Connection) -> bool:
    """Whether a database has the tables of `SCHEMA` and nothing else: no trigger, no view."""
    return _listed(connection) == _expected()


@functools.cache
def _expected() -> tuple[tuple[object, ...], ...]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        return _listed(connection)


def _listed(connection: sqlite3.Connection) -> tuple[tuple[object, ...], ...]:
    return tuple(
        connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master"
            " WHERE name NOT LIKE 'sqlite~_stat_' ESCAPE '~' ORDER BY name"
        )
    )
