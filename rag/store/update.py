"""Brings an index up to date with files and folders; the cost follows what changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.errors import BadInput, UnreadableFile
from rag.ingest.chunk import ChunkConfig, TokenCounter, chunk_spans
from rag.ingest.read import read_file
from rag.ingest.walk import FoundFile, walk
from rag.models.embedder import Embedder
from rag.store.database import DATABASE, Database, date_range
from rag.store.files import writer_lock
from rag.store.lexical import analyse, open_lexical
from rag.store.manifest import Manifest, check_embedder, read_manifest, write_manifest
from rag.text import line_of, line_starts
from rag.types import Document, Span

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Progress",
    "Skipped",
    "UpdateOptions",
    "UpdateSummary",
    "passage_text",
    "update_index",
]

#: Passages that wait for their vectors; then they are embedded and committed together.
BATCH = 512


class Progress(Protocol):
    """Hears how far an update has come."""

    def start(self, total: int) -> None: ...

    def advance(self, n: int) -> None: ...

    def note(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    """`rebuild` starts from nothing; `chunking` says how documents are cut.

    `embedder`, where it is named, has to be the one the index was built with.
    """

    rebuild: bool = False
    embedder: str | None = None
    chunking: ChunkConfig = field(default_factory=ChunkConfig)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that is not in the index as it stands on disk, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """What an update did, counted in files; `passages` is the index's total after it."""

    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    embedded: int
    seconds: float


def passage_text(title: str | None, date: str | None, text: str) -> str:
    """The text that is embedded for a passage; a change here needs a new `TEXT_VERSION`."""
    return text


def update_index(
    directory: Path,
    paths: Sequence[Path],
    *,
    embedder: Callable[[], Embedder],
    tokens: TokenCounter,
    options: UpdateOptions | None = None,
    progress: Progress | None = None,
) -> UpdateSummary:
    """Reads what is new or changed under `paths` and forgets what is gone.

    Without paths the folders indexed before are read again. Only changed text is embedded, and
    the embedder is loaded only for that. Raises `BadInput`, `IndexLocked`, `IndexMismatch`.
    """
    started = time.perf_counter()
    options = options or UpdateOptions()
    missing = [p for p in paths if not p.exists()]
    if missing:
        raise BadInput(f"There is no file or folder {missing[0]}.")
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"The index folder {directory} cannot be made ({error.strerror})."
        ) from error
    with writer_lock(directory):
        if options.rebuild:
            paths = paths or _known_roots(directory)
            _forget(directory)
        database = Database(directory, create=True)
        try:
            updater = _Updater(database, embedder, tokens, options, progress)
            return updater.run(paths, started)
        finally:
            database.close()


class _Updater:
    """One run of an update; counts as it goes."""

    def __init__(
        self,
        database: Database,
        embedder: Callable[[], Embedder],
        tokens: TokenCounter,
        options: UpdateOptions,
        progress: Progress | None,
    ) -> None:
        self.database = database
        self.execute = database.connection.execute
        self.tokens = tokens
        self.options = options
        self.progress = progress
        self._load = embedder
        self._embedder: Embedder | None = None
        self._pending: dict[str, str] = {}
        self._waiting = 0
        self._touched = False
        self.counts = dict.fromkeys(("added", "changed", "moved", "removed", "unchanged"), 0)
        self.embedded = 0
        self.base = self._base()

    def run(self, paths: Sequence[Path], started: float) -> UpdateSummary:
        """Walks, reads, embeds and commits; see `update_index`."""
        # Not `resolve`: a folder that is a link keeps the name it was given.
        roots = [Path(os.path.abspath(p)) for p in paths] or self._roots()  # noqa: PTH100
        if not roots:
            raise BadInput("Nothing was named to index.", hint="Name a file or folder.")
        found, gone_dark = self._walk(roots)
        self._begin()
        for path, reason in gone_dark:
            self._skip(self._key(path), self._key(path), reason)
        for root in roots:
            self.execute("INSERT OR IGNORE INTO roots VALUES (?)", (self._key(root),))
        if self.progress:
            self.progress.start(len(found))
        for file in found:
            self._take(file)
            if self.progress:
                self.progress.advance(1)
            if self._waiting >= BATCH:
                self._flush()
                self._begin()
        self._remove_gone(roots, [self._key(p) for p, _ in gone_dark])
        self._flush()
        if self._touched or not self.database.get("manifest"):
            self._derive()
        return self._summary(started)

    def _walk(self, roots: Sequence[Path]) -> tuple[list[FoundFile], list[tuple[Path, str]]]:
        """Everything under the roots; the scope table lists it for the set operations in SQL."""
        self.execute("CREATE TEMP TABLE IF NOT EXISTS scope (path TEXT PRIMARY KEY) WITHOUT ROWID")
        found: list[FoundFile] = []
        dark: list[tuple[Path, str]] = []
        inside = self.database.directory.resolve()
        for item in walk(roots):
            if item.path == inside or inside in item.path.parents:
                continue
            self.execute("INSERT OR IGNORE INTO scope VALUES (?)", (self._key(item.path),))
            if isinstance(item, FoundFile):
                found.append(item)
            else:
                dark.append((item.path, item.reason))
        return found, dark

    def _take(self, file: FoundFile) -> None:
        """One file: left alone, moved, or read (again)."""
        key = self._key(file.path)
        known = self.execute(
            "SELECT id, size, mtime_ns, sha256 FROM files WHERE path = ?", (key,)
        ).fetchone()
        if known and (known[1], known[2]) == (file.size, file.mtime_ns):
            self.counts["unchanged"] += 1
            return
        self.execute("DELETE FROM skipped WHERE path = ?", (key,))
        try:
            if known is None and self._moved(key, file):
                return
            result = read_file(file.path, key)
        except UnreadableFile as error:
            kept = " (the earlier version is kept)" if known else ""
            self._skip(key, key, error.message + kept)
            return
        for source, reason in result.skipped:
            self._skip(source, key, reason)
        documents = result.documents
        sha256 = documents[0].sha256 if documents else ""
        if known and known[3] == sha256:
            self.execute("UPDATE files SET mtime_ns = ? WHERE id = ?", (file.mtime_ns, known[0]))
            self.counts["unchanged"] += 1
            return
        if known:
            self.execute("DELETE FROM files WHERE id = ?", (known[0],))
        self._store(key, file, sha256, documents)
        self.counts["changed" if known else "added"] += 1
        self._touched = True

    def _moved(self, key: str, file: FoundFile) -> bool:
        """Whether a new path holds the content of a file that is gone; then only names change."""
        candidates = self.execute(
            "SELECT id, path, sha256 FROM files WHERE size = ? AND sha256 <> ''"
            " AND path NOT IN (SELECT path FROM scope)",
            (file.size,),
        ).fetchall()
        candidates = [c for c in candidates if not (self.base / c[1]).exists()]
        if not candidates:
            return False
        try:
            with file.path.open("rb") as handle:
                sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError:
            return False
        match = next((c for c in candidates if c[2] == sha256), None)
        if match is None or self._named_date_differs(match[0], file.path, key):
            return False
        self.execute(
            "UPDATE files SET path = ?, mtime_ns = ? WHERE id = ?", (key, file.mtime_ns, match[0])
        )
        for number, source in self.execute(
            "SELECT id, source FROM documents WHERE file = ?", (match[0],)
        ).fetchall():
            self._rename(number, key + source[len(match[1]) :])
        self.counts["moved"] += 1
        self._touched = True
        return True

    def _named_date_differs(self, file_id: int, path: Path, key: str) -> bool:
        """A date that came from the old file name may not outlive the name."""
        from_name = self.execute(
            "SELECT count(*) FROM documents WHERE file = ?"
            " AND (date_origin = 'file name' OR date IS NULL OR date_origin LIKE '%metadata')",
            (file_id,),
        ).fetchone()[0]
        if not from_name:
            return False
        fresh = {d.source: (d.date, d.date_origin) for d in read_file(path, key).documents}
        old = self.execute("SELECT date, date_origin FROM documents WHERE file = ?", (file_id,))
        return sorted(map(str, fresh.values())) != sorted(str(tuple(r)) for r in old)

    def _rename(self, number: int, source: str) -> None:
        self.execute("UPDATE documents SET source = ? WHERE id = ?", (source, number))
        text = self.execute("SELECT text FROM documents WHERE id = ?", (number,)).fetchone()[0]
        sha = _sha(text)
        for row, start, end in self.execute(
            "SELECT row, start, end FROM passages WHERE document = ?", (number,)
        ).fetchall():
            new = _passage_id(source, sha, Span(start, end))
            self.execute("UPDATE passages SET id = ? WHERE row = ?", (new, row))

    def _store(self, key: str, file: FoundFile, sha256: str, documents: Sequence[Document]) -> None:
        file_id = self.execute(
            "INSERT INTO files (path, size, mtime_ns, sha256) VALUES (?, ?, ?, ?)",
            (key, file.size, file.mtime_ns, sha256),
        ).lastrowid
        for document in documents:
            first, last = date_range(document.date) if document.date else (None, None)
            d = document
            number = self.execute(
                "INSERT INTO documents (file, source, format, title, author, date, date_origin,"
                " date_first, date_last, encoding, language, body_start, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (file_id, d.source, d.format, d.title, d.author, d.date, d.date_origin,
                 first, last, d.encoding, d.language, d.body_start, d.text),
            ).lastrowid  # fmt: skip
            self.database.connection.executemany(
                "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (number, at, p.number, p.start, p.end, p.page, int(p.heading))
                    for at, p in enumerate(document.paragraphs)
                ],
            )
            self._store_passages(int(number or 0), document)

    def _store_passages(self, number: int, document: Document) -> None:
        starts = line_starts(document.text)
        sha = _sha(document.text)
        revision = self._revision()
        for span in chunk_spans(document, self.tokens, self.options.chunking):
            text = span.of(document.text)
            embedded = passage_text(document.title, document.date, text)
            key = hashlib.sha256(f"{revision}\0{embedded}".encode(errors="replace")).hexdigest()
            place = next(
                (p for p in document.paragraphs if p.span.overlaps(span) and not p.heading),
                next((p for p in document.paragraphs if p.span.overlaps(span)), None),
            )
            self.execute(
                "INSERT INTO passages (id, document, start, end, paragraph, line, page, text_key,"
                " tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    _passage_id(document.source, sha, span),
                    number,
                    span.start,
                    span.end,
                    place.number if place else 1,
                    line_of(starts, span.start),
                    place.page if place else None,
                    key,
                    " ".join(analyse(f"{document.title or ''} {text}", document.language)),
                ),
            )
            self._waiting += 1
            known = self.execute("SELECT 1 FROM vectors WHERE text_key = ?", (key,)).fetchone()
            if not known:
                self._pending[key] = embedded

    def _remove_gone(self, roots: Sequence[Path], dark: Sequence[str]) -> None:
        """Forgets files that were under these roots and are not any more.

        What lies under a folder that could not be read is kept: it may still be there.
        """
        prefixes = [self._key(r) for r in roots]
        for number, path in self.execute(
            "SELECT id, path FROM files WHERE path NOT IN (SELECT path FROM scope)"
        ).fetchall():
            if _under(path, prefixes) and not _under(path, dark):
                self.execute("DELETE FROM files WHERE id = ?", (number,))
                self.counts["removed"] += 1
                self._touched = True
        for source, path in self.execute("SELECT source, path FROM skipped").fetchall():
            seen = self.execute("SELECT 1 FROM scope WHERE path = ?", (path,)).fetchone()
            if _under(path, prefixes) and not seen:
                self.execute("DELETE FROM skipped WHERE source = ?", (source,))

    def _begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")
        if self.database.get("manifest") is None:
            write_manifest(self.database, self._new_manifest())

    def _flush(self) -> None:
        """Embeds what waits and commits: from here on it survives anything."""
        keys, texts = list(self._pending), list(self._pending.values())
        if keys:
            vectors = self._model().encode_passages(texts)
            self.database.connection.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                [(key, _blob(vector)) for key, vector in zip(keys, vectors, strict=True)],
            )
            self.embedded += len(keys)
        if self.counts["changed"] or self.counts["removed"]:
            self.execute(
                "DELETE FROM vectors WHERE text_key NOT IN (SELECT text_key FROM passages)"
            )
        if self._touched:
            self.database.put("generation", str(self.database.generation + 1))
        self.execute("COMMIT")
        self._pending.clear()
        self._waiting = 0

    def _derive(self) -> None:
        """Brings both legs up to the new generation, so that the next question does not wait."""
        from rag.store.vectors import open_vectors

        if self.progress:
            self.progress.note("writing the search indexes")
        open_vectors(self.database, read_manifest(self.database).dimension)
        open_lexical(self.database)

    def _summary(self, started: float) -> UpdateSummary:
        skipped = self.execute("SELECT source, reason FROM skipped ORDER BY source").fetchall()
        return UpdateSummary(
            **self.counts,
            skipped=tuple(Skipped(source, reason) for source, reason in skipped),
            documents=self.execute("SELECT count(*) FROM documents").fetchone()[0],
            passages=self.execute("SELECT count(*) FROM passages").fetchone()[0],
            embedded=self.embedded,
            seconds=time.perf_counter() - started,
        )

    def _skip(self, source: str, path: str, reason: str) -> None:
        self.execute("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)", (source, path, reason))

    def _model(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._load()
            text = self.database.get("manifest")
            if text is not None:
                manifest = read_manifest(self.database)
                name, revision = self._embedder.name, self._embedder.revision
                check_embedder(manifest, name, revision, self.database.directory)
        return self._embedder

    def _revision(self) -> str:
        manifest = read_manifest(self.database)
        return f"{manifest.embedder}@{manifest.revision}"

    def _new_manifest(self) -> Manifest:
        self._embedder = self._load()
        return Manifest(
            embedder=self._embedder.name,
            revision=self._embedder.revision,
            dimension=self._embedder.dimension,
            chunking=self.options.chunking,
            base=_relative(self.base, self.database.directory.resolve()),
        )

    def _base(self) -> Path:
        """The folder that sources are relative to: the working directory of the first run."""
        if self.database.get("manifest") is None:
            return Path.cwd()
        manifest = read_manifest(self.database)
        wanted = self.options.embedder
        if wanted is not None and wanted != manifest.embedder:
            check_embedder(manifest, wanted, "as named", self.database.directory)
        if manifest.chunking != self.options.chunking:
            self.options = replace(self.options, chunking=manifest.chunking)
        return (self.database.directory / manifest.base).resolve()

    def _roots(self) -> list[Path]:
        """The folders indexed before; one that has vanished is an error, not a mass removal."""
        roots = [self.base / r for (r,) in self.execute("SELECT path FROM roots ORDER BY path")]
        gone = [r for r in roots if not r.exists()]
        if gone:
            raise BadInput(
                f"The folder {gone[0]} that was indexed before is not there.",
                hint="Bring it back, or name the folders to index; nothing was changed.",
            )
        return roots

    def _key(self, path: Path) -> str:
        return _relative(path, self.base)


def _known_roots(directory: Path) -> list[Path]:
    """The folders of an index about to be rebuilt."""
    if not (directory / DATABASE).is_file():
        return []
    import json
    import sqlite3

    connection = sqlite3.connect(directory / DATABASE)
    try:
        manifest = connection.execute("SELECT value FROM meta WHERE key = 'manifest'").fetchone()
        base = directory / json.loads(manifest[0])["base"]
        return [base / r for (r,) in connection.execute("SELECT path FROM roots ORDER BY path")]
    except (sqlite3.DatabaseError, TypeError, ValueError, KeyError):
        return []
    finally:
        connection.close()


def _forget(directory: Path) -> None:
    """Deletes an index's own files; nothing else that may lie in the folder."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (directory / name).unlink(missing_ok=True)
    for name in ("vectors", "lexical"):
        shutil.rmtree(directory / name, ignore_errors=True)


def _relative(path: Path, base: Path) -> str:
    try:
        name = Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # another drive
        name = path.as_posix()
    # A name that is not text is only ever shown, as the reason why its file was skipped.
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _under(path: str, prefixes: Sequence[str]) -> bool:
    return any(p in {path, "."} or path.startswith(f"{p}/") for p in prefixes)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _passage_id(source: str, text_sha: str, span: Span) -> str:
    name = f"{source}\0{text_sha}\0{span.start}\0{span.end}"
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:16]


def _blob(vector: np.ndarray) -> bytes:
    return bytes(vector.astype("<f4").tobytes())
