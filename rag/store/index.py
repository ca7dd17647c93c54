"""An index opened for reading: the truth, and the two legs derived from it, each on first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.store.connect import disagreeing
from rag.store.database import Database
from rag.store.manifest import Manifest, read_manifest
from rag.store.names import meant_by
from rag.store.protocol import DocumentInfo
from rag.types import Document, Filters, Paragraph, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from rag.store.filters import Filtering
    from rag.store.lexical import LexicalIndex
    from rag.store.vectors import VectorIndex

__all__ = ["DocumentInfo", "Index"]


class Index:
    """Reads one index folder as it was when it was opened, whatever a writer does meanwhile.

    It changes nothing but derived files that are damaged or behind.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.directory = database.directory
        database.hold()
        self.manifest: Manifest = read_manifest(database)
        self._vectors: VectorIndex | None = None
        self._lexical: LexicalIndex | None = None
        self._filtering: Filtering | None = None
        self._languages: tuple[str, ...] | None = None

    @classmethod
    def open(cls, directory: Path) -> Index:
        """Raises `IndexNotFound`, `IndexMismatch` or `IndexBroken`, each saying what to do."""
        database = Database(Path(directory))
        try:
            return cls(database)
        except BaseException:
            database.close()
            raise

    @property
    def generation(self) -> int:
        return self._database.generation

    @property
    def size(self) -> int:
        """How many passages there are."""
        found = self._database.one("SELECT count(*) FROM passages")
        return int(found[0]) if found else 0

    @property
    def base(self) -> Path:
        """The folder that sources are relative to."""
        return (self.directory / self.manifest.base).resolve()

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order."""
        return self._database.passages(rows)

    def rows(self) -> list[int]:
        """The rows of all passages, by source and place."""
        query = (
            "SELECT p.row FROM documents d JOIN passages p ON p.document = d.id"
            " ORDER BY d.source, p.start, p.end"
        )
        return [int(row) for (row,) in self._database.rows(query)]

    def in_order(self, rows: Sequence[int]) -> list[int]:
        """The same rows by source and place."""
        return self._database.in_order(rows)

    def rows_of(self, source: str) -> list[int]:
        """The rows of a document's passages, in the order of the text."""
        query = (
            "SELECT p.row FROM passages p JOIN documents d ON d.id = p.document"
            " WHERE d.source = ? ORDER BY p.start, p.end"
        )
        return [int(row) for (row,) in self._database.rows(query, (source,))]

    def passage_by_id(self, passage_id: str) -> Passage | None:
        return self._database.passage_by_id(passage_id)

    def document(self, source: str) -> Document | None:
        """One document with its whole text; None where the index holds no such source."""
        return self._database.document(source)

    def documents(self) -> Iterator[DocumentInfo]:
        """Every document without its text, ordered by source."""
        for values in self._database.rows(
            "SELECT d.source, d.format, d.title, d.date, d.date_origin, d.encoding, d.language,"
            " f.sha256, (SELECT count(*) FROM passages p WHERE p.document = d.id)"
            " FROM documents d JOIN files f ON f.id = d.file ORDER BY d.source"
        ):
            yield DocumentInfo(*values)

    def paragraphs_at(self, source: str, span: Span) -> list[Paragraph]:
        """The paragraphs of a document that overlap a span."""
        document = self.document(source)
        if document is None:
            return []
        return [p for p in document.paragraphs if p.span.overlaps(span)]

    def find_source(self, name: str) -> list[str]:
        """Sources that a person may mean by a name: the source itself, or the end of a path."""
        return meant_by(name, self._database.sources())

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """int64 rows that the filters allow; None where they allow all."""
        if filters.empty:
            return None
        if self._filtering is None:
            from rag.store.filters import Filtering

            self._filtering = Filtering(self._database)
        return self._filtering.rows(filters)

    def dense(
        self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` rows nearest to a float32 (d,) vector by cosine; equals by source and place."""
        if self._vectors is None:
            from rag.store.vectors import open_vectors

            self._vectors = open_vectors(self._database, self.manifest.dimension)
        with self._sound():
            return self._vectors.search(vector, k, allowed)

    def lexical(
        self, query: str, k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best rows for a query by BM25; equals by source and place.

        The query is analysed in each language the documents are in; see `query_terms`.
        """
        terms = self._terms(query)
        with self._sound():
            return self._open_lexical().search(terms, k, allowed)

    def lexical_scores(self, query: str, rows: Sequence[int]) -> np.ndarray:
        """float32 (n,) BM25 of the given rows for a query, whatever their rank."""
        import numpy as np

        wanted = np.asarray(rows, dtype=np.int64)
        with self._sound():
            return self._open_lexical().scores(self._terms(query), wanted)

    def rarity(self, query: str) -> dict[str, float]:
        """How rare each analysed term of a query is among the passages, in (0, 1]."""
        return self.term_rarity(self._terms(query))

    def term_rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """The same of terms that are analysed already."""
        with self._sound():
            return self._open_lexical().rarity(terms)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Says what it means where a large derived file, not read when opened, is damaged."""
        try:
            yield
        except (ValueError, LookupError, OverflowError, RuntimeError) as error:
            raise disagreeing(self.directory) from error

    def vectors(self, rows: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and float32 (s, d) those of its sentences.

        All are L2-normalised; the rows have to be in the index.
        """
        return self._database.vectors(rows)

    def _terms(self, query: str) -> tuple[str, ...]:
        from rag.store.lexical import query_terms

        return query_terms(query, self.languages)

    def _open_lexical(self) -> LexicalIndex:
        if self._lexical is None:
            from rag.store.lexical import open_lexical

            self._lexical = open_lexical(self._database)
        return self._lexical

    def text_path(self, source: str) -> Path:
        """The file that a source was read from; a `#` may also be part of its name."""
        return self.base / self.file_of(source)

    def file_of(self, source: str) -> str:
        """The same, relative to the base; the source itself where the index holds no such one."""
        query = "SELECT f.path FROM documents d JOIN files f ON f.id = d.file WHERE d.source = ?"
        found = self._database.one(query, (source,))
        return str(found[0]) if found else source

    def close(self) -> None:
        """Lets go of the index's files."""
        self._database.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the documents are in, commonest first."""
        if self._languages is None:
            query = (
                "SELECT language FROM documents GROUP BY language ORDER BY count(*) DESC, language"
            )
            self._languages = tuple(str(name) for (name,) in self._database.rows(query))
        return self._languages
