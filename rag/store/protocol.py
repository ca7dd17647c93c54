"""What the rest of the program asks of a store: the local index is one, Milvus another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from rag.types import Document, Filters, Passage

if TYPE_CHECKING:
    import numpy as np

    from rag.store.manifest import Manifest

__all__ = ["DocumentInfo", "Store"]


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text."""

    source: str
    format: str
    title: str | None
    date: str | None
    date_origin: str | None
    encoding: str | None
    language: str
    sha256: str
    passages: int


class Store(Protocol):
    """Passages to be found by vector and by words, and the documents they are slices of.

    A store is opened in one state and answers from that. `rows` are its own numbers of passages;
    in every ranking those of an equal score are by source and place in it. What `allowed` gives is
    the store's own way to say which rows a filter lets pass: the caller asks its length and hands
    it back.
    """

    @property
    def manifest(self) -> Manifest: ...

    @property
    def generation(self) -> int: ...

    @property
    def size(self) -> int:
        """How many passages there are."""
        ...

    @property
    def base(self) -> Path:
        """The folder that sources are relative to, where the files are on this machine."""
        ...

    def allowed(self, filters: Filters) -> Any:
        """What the filters let pass, with a length; None where they let pass all."""
        ...

    def dense(self, vector: np.ndarray, k: int, allowed: Any = None) -> list[tuple[int, float]]:
        """The `k` rows nearest to a float32 (d,) vector, with cosines."""
        ...

    def lexical(self, query: str, k: int, allowed: Any = None) -> list[tuple[int, float]]:
        """The `k` best rows for a query by BM25; only scores above zero."""
        ...

    def lexical_scores(self, query: str, rows: Sequence[int]) -> np.ndarray:
        """float32 (n,) BM25 of the given rows for a query, whatever their rank."""
        ...

    def rarity(self, query: str) -> Mapping[str, float]:
        """How rare each analysed term of a query is among the passages, in (0, 1]."""
        ...

    def vectors(self, rows: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and float32 (s, d) those of its sentences."""
        ...

    def in_order(self, rows: Sequence[int]) -> list[int]:
        """The same rows by source and place, whatever order they came to the store in."""
        ...

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order; an unknown row is left out."""
        ...

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """The passage that a citation names."""
        ...

    def document(self, source: str) -> Document | None:
        """One document with its whole text; None where the store holds no such source."""
        ...

    def documents(self) -> Iterator[DocumentInfo]:
        """Every document without its text, ordered by source."""
        ...

    def find_source(self, name: str) -> list[str]:
        """Sources that a person may mean by a name: the source itself, or the end of a path."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...

    def __enter__(self) -> Any: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
