"""Writes one file's documents, and their vectors before them; `store/update.py` decides which."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.ingest.chunk import ChunkConfig, TokenCounter, chunk_spans
from rag.ingest.walk import FoundFile
from rag.models.embedder import Embedder
from rag.store.database import Database, date_range
from rag.store.history import issued
from rag.store.lexical import analyse
from rag.store.manifest import Manifest
from rag.store.names import passage_id, text_sha
from rag.store.schema import SEALED, seal
from rag.text import line_of, line_starts, passage_text
from rag.types import Document, Paragraph, Span
from rag.words.sentences import sentences_within

if TYPE_CHECKING:
    import numpy as np

__all__ = ["BATCH", "Writer"]

#: Texts that wait for their vectors; then they are embedded and committed together.
BATCH = 512

#: Of a title, so much stands before each passage; and never more than a quarter of the window.
TITLE_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage to be: where it lies, and the name of the text that stands for it."""

    span: Span
    key: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A text that has no vector yet, and the spans of its sentences."""

    text: str
    sentences: tuple[Span, ...]


class Writer:
    """Stores files so that whatever is committed is whole: no passage without its vector.

    `commit` is called when a batch is embedded; until a file's rows are inserted, only vectors of
    it are committed, so that an interrupted file is read again but not embedded again.
    """

    def __init__(
        self,
        database: Database,
        tokens: TokenCounter,
        model: Callable[[], Embedder],
        commit: Callable[[], None],
    ) -> None:
        self._database = database
        self._execute = database.connection.execute
        self._tokens = tokens
        self._model = model
        self._commit = commit
        self._pending: dict[str, _Waiting] = {}
        self._waiting = 0
        self._shape: tuple[str, ChunkConfig] = ("", ChunkConfig())
        self.embedded = 0
        #: The last row that was given to a passage.
        self.row = 0

    def shaped_by(self, manifest: Manifest) -> None:
        """Takes over what the index's manifest says; to be called before anything is stored."""
        self.row = issued(self._database)
        self._shape = (f"{manifest.embedder}@{manifest.revision}", manifest.chunking)

    def store(
        self, key: str, file: FoundFile, documents: Sequence[Document], replaced: int | None
    ) -> None:
        """Stores a file in the place of an earlier version, whose file id is `replaced`."""
        cuts = [self._cut(document) for document in documents]
        if replaced is not None:
            self.drop(replaced)
        number = self._execute(
            _insert("files"), _with_seal(key, file.size, file.mtime_ns, documents[0].sha256)
        ).lastrowid
        for document, found in zip(documents, cuts, strict=True):
            self._insert(int(number or 0), document, found)

    def drop(self, number: int) -> None:
        """Forgets a file with all that was read from it."""
        values = (number,)
        of_file = "FROM passages p JOIN documents d ON d.id = p.document WHERE d.file = ?"
        self._execute(f"INSERT OR IGNORE INTO gone SELECT p.row, seal(p.row) {of_file}", values)
        self._execute(
            f"INSERT OR IGNORE INTO loose SELECT p.text_key, seal(p.text_key) {of_file}", values
        )
        self._execute("DELETE FROM files WHERE id = ?", values)

    def rename(self, number: int, source: str) -> None:
        """Gives a document another source; its passages' ids follow, and it gets new rows.

        New rows, because the search indexes have the old ones in the order of sources.
        """
        columns = ", ".join(SEALED["documents"])
        found = self._execute(f"SELECT {columns} FROM documents WHERE id = ?", (number,)).fetchone()
        values = {**dict(zip(SEALED["documents"], found, strict=True)), "source": source}
        self._execute(
            "UPDATE documents SET source = ?, seal = ? WHERE id = ?",
            (source, seal(*values.values()), number),
        )
        sha, columns = text_sha(values["text"]), ", ".join(SEALED["passages"])
        rows = self._execute(
            f"SELECT row, {columns} FROM passages WHERE document = ? ORDER BY row", (number,)
        ).fetchall()
        self._database.connection.executemany(
            "INSERT INTO gone VALUES (?, ?)", [(row, seal(row)) for row, *_ in rows]
        )
        self._execute("DELETE FROM passages WHERE document = ?", (number,))
        self._add_passages(
            _with_seal(passage_id(source, sha, Span(rest[1], rest[2])), *rest)
            for _, _, *rest in rows
        )

    def file_done(self) -> None:
        """Commits where enough waits; called between files."""
        if self._full() or (self._waiting >= 8 * BATCH and self._waiting >= 8 * self._batch()):
            self.flush()

    def flush(self) -> None:
        """Embeds what waits and commits: from here on it survives anything."""
        self.embed()
        self._commit()
        self._waiting = 0

    def tidy(self) -> None:
        """Drops vectors that no passage needs any more, of those that may be so."""
        self._execute(
            "DELETE FROM vectors WHERE text_key IN (SELECT text_key FROM loose) AND NOT EXISTS"
            " (SELECT 1 FROM passages p WHERE p.text_key = vectors.text_key)"
        )
        self._execute("DELETE FROM loose")

    def _cut(self, document: Document) -> list[Cut]:
        revision, chunking = self._shape
        title, tokens = self._title(document.title)
        room = max(1, min(chunking.max_tokens or self._tokens.window, self._tokens.window) - tokens)
        cuts = []
        for span in chunk_spans(document, self._tokens, replace(chunking, max_tokens=room)):
            waiting = _waiting(title, document, span)
            key = text_sha(f"{revision}\0{waiting}")
            cuts.append(Cut(span, key))
            if key not in self._pending and not self._embedded(key):
                self._pending[key] = waiting
            if self._full():
                self.flush()
        return cuts

    def _full(self) -> bool:
        """Whether enough waits to be worth a call of the embedder."""
        return len(self._pending) >= BATCH and len(self._pending) >= self._batch()

    def _batch(self) -> int:
        """How many texts an embedder wants at once: one that runs on many cores wants more."""
        return int(getattr(self._model(), "batch", BATCH)) if self._pending else BATCH

    def _title(self, title: str | None) -> tuple[str, int]:
        """So much of a title as stands before each passage, and the tokens that it takes."""
        text = " ".join((title or "").split())
        most = min(TITLE_TOKENS, self._tokens.window // 4)
        offsets = self._tokens.offsets(text)[:most]
        return (text[: offsets[-1][1]], len(offsets)) if offsets else ("", 0)

    def _embedded(self, key: str) -> bool:
        found = self._execute("SELECT 1 FROM vectors WHERE text_key = ?", (key,)).fetchone()
        return found is not None

    def embed(self) -> None:
        """Embeds what waits, without a commit."""
        if not self._pending:
            return
        waiting = list(self._pending.values())
        vectors, parts = self._model().encode_with_parts(
            [w.text for w in waiting], [w.sentences for w in waiting]
        )
        self._database.connection.executemany(
            _insert("vectors").replace("INSERT", "INSERT OR IGNORE"),
            [
                _with_seal(key, _blob(vector, "<f4"), _blob(part, "<f2"))
                for key, vector, part in zip(self._pending, vectors, parts, strict=True)
            ],
        )
        # Until a passage is stored with it, a vector may be one that nothing needs.
        self._database.connection.executemany(
            "INSERT OR IGNORE INTO loose VALUES (?, ?)", [(k, seal(k)) for k in self._pending]
        )
        self.embedded += len(waiting)
        self._pending.clear()

    def _insert(self, file: int, d: Document, cuts: Sequence[Cut]) -> None:
        first, last = date_range(d.date) if d.date else (None, None)
        outline = [(p.number, p.start, p.end, p.page, int(p.heading)) for p in d.paragraphs]
        number = self._execute(
            _insert("documents"),
            _with_seal(
                file, d.source, d.format, d.title, d.author, d.date, d.date_origin,
                first, last, d.encoding, d.language, d.body_start, seal(repr(outline)), d.text,
            ),
        ).lastrowid  # fmt: skip
        self._database.connection.executemany(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((number, at, *values) for at, values in enumerate(outline)),
        )
        self._add_passages(_passage_rows(int(number or 0), d, cuts))
        self._waiting += len(cuts)

    def _add_passages(self, passages: Iterable[tuple[Any, ...]]) -> None:
        """Inserts sealed passages under rows that none ever had."""
        insert = _insert("passages").replace("(", "(row, ", 1).replace("(?", "(?, ?")
        for values in passages:
            self.row += 1
            self._execute(insert, (self.row, *values))


def _passage_rows(
    number: int, document: Document, cuts: Sequence[Cut]
) -> Iterator[tuple[object, ...]]:
    starts = line_starts(document.text)
    begins = [p.start for p in document.paragraphs]
    sha = text_sha(document.text)
    for cut in cuts:
        span = cut.span
        place = _place(document.paragraphs, begins, span)
        words = analyse(f"{document.title or ''} {span.of(document.text)}", document.language)
        yield _with_seal(
            passage_id(document.source, sha, span),
            number,
            span.start,
            span.end,
            place.number if place else 1,
            line_of(starts, span.start),
            place.page if place else None,
            cut.key,
            " ".join(words),
        )


def _place(paragraphs: Sequence[Paragraph], begins: Sequence[int], span: Span) -> Paragraph | None:
    """The first paragraph under a span; a heading only where there is nothing else."""
    heading = None
    at = max(bisect_right(begins, span.start) - 1, 0)
    while at < len(paragraphs) and paragraphs[at].start < span.end:
        paragraph = paragraphs[at]
        if paragraph.span.overlaps(span):
            if not paragraph.heading:
                return paragraph
            heading = heading or paragraph
        at += 1
    return heading


def _insert(table: str) -> str:
    """The statement that inserts a sealed row."""
    columns = SEALED[table]
    return f"INSERT INTO {table} ({', '.join(columns)}, seal) VALUES ({'?, ' * len(columns)}?)"


def _with_seal(*values: Any) -> tuple[Any, ...]:
    return (*values, seal(*values))


def _waiting(title: str, document: Document, span: Span) -> _Waiting:
    text = passage_text(title, span.of(document.text))
    shift = len(text) - (span.end - span.start) - span.start
    found = sentences_within(document, span)
    return _Waiting(text, tuple(Span(s.start + shift, s.end + shift) for s in found))


def _blob(vectors: np.ndarray, kind: str) -> bytes:
    return bytes(vectors.astype(kind).tobytes())
