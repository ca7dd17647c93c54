"""A store on Milvus, opened for reading: what `rag index --store` has published there.

Milvus finds the candidates, with dates and globs applied before it ranks; vectors, words and texts
come back from it as they were published, so that scores and quotes are those of the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rag.errors import IndexNotFound
from rag.store.database import glob_matches
from rag.store.lexical import query_terms
from rag.store.manifest import Manifest
from rag.store.milvus_client import Milvus, literal, literals, parse_address
from rag.store.milvus_entities import PLACE, Entities, passage_of
from rag.store.milvus_filters import date_condition, ends_condition, glob_condition, near_glob
from rag.store.milvus_state import State, holding, read_state
from rag.store.milvus_words import idf, rarity_of, term_dimension
from rag.store.names import meant_by
from rag.store.protocol import DocumentInfo
from rag.types import Document, Filters, Passage

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MilvusStore", "Selection"]

#: How many questions' words are kept: a question's own and those of the turns before it.
KEPT = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages that a filter lets pass, as the condition that says so and their number."""

    condition: str
    size: int

    def __len__(self) -> int:
        return self.size


class MilvusStore:
    """Reads one published generation; what a publisher adds meanwhile stays out of sight.

    What it removes meanwhile is gone: such a passage is left out of a result, never misquoted.
    """

    def __init__(self, milvus: Milvus, state: State) -> None:
        self._milvus = milvus
        self.state = state
        self.manifest: Manifest = state.manifest
        self._dead = self._dead_documents()
        self._asked: dict[str, dict[int, float]] = {}
        self._entities = Entities(milvus, self.manifest.dimension)

    @classmethod
    def open(cls, url: str) -> MilvusStore:
        """Raises `BadInput`, `IndexNotFound`, `IndexMismatch` or `StoreUnavailable`."""
        milvus = Milvus(parse_address(url))
        try:
            if not milvus.exists():
                raise IndexNotFound(
                    f"There is nothing in the store {url}.",
                    hint=f"Fill it with `rag index PATH --store {url}`.",
                )
            return cls(milvus, read_state(milvus))
        except BaseException:
            milvus.close()
            raise

    @property
    def generation(self) -> int:
        return self.state.generation

    @property
    def size(self) -> int:
        """How many passages there are; their rows are made of their ids."""
        return self.state.size

    @property
    def base(self) -> Path:
        """The working directory: where the files were on the machine that read them is unknown."""
        return Path.cwd()

    def allowed(self, filters: Filters) -> Selection | None:
        """The passages that the filters allow, for Milvus to look at; None where they allow all."""
        if filters.empty:
            return None
        asked = date_condition(filters)
        if filters.source is not None:
            asked.append(glob_condition(filters.source) or self._resolved(filters.source))
        condition = " and ".join([*asked, self._visible()])
        return Selection(condition, self._milvus.count("passages", condition))

    def dense(
        self, vector: np.ndarray, k: int, allowed: Selection | None = None
    ) -> list[tuple[int, float]]:
        """The `k` rows nearest to a float32 (d,) vector, by cosine; equals by source and place."""
        if k < 1:
            return []
        return self._milvus.search("vector", vector, k, self._condition(allowed))

    def lexical(
        self, query: str, k: int, allowed: Selection | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best rows for a query by BM25; only scores above zero."""
        words = self._words(query)
        if k < 1 or not words:
            return []
        found = self._milvus.search("words", words, k, self._condition(allowed))
        return [(row, score) for row, score in found if score > 0]

    def lexical_scores(self, query: str, rows: Sequence[int]) -> np.ndarray:
        """float32 (n,) BM25 of the given rows for a query, whatever their rank."""
        import numpy as np

        words, found = self._words(query), self._entities.rows(rows)
        scores = np.zeros(len(rows), dtype=np.float32)
        for at, row in enumerate(map(int, rows)):
            held = found[row]["words"] if row in found else {}
            scores[at] = sum(weight * held.get(term, 0.0) for term, weight in words.items())
        return scores

    def rarity(self, query: str) -> dict[str, float]:
        """How rare each analysed term of a query is among the passages, in (0, 1]."""
        counted = holding(self._milvus, self._terms(query))
        return {term: rarity_of(self.size, n) for term, n in counted.items()}

    def vectors(self, rows: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and float32 (s, d) those of its sentences.

        Zeros for a passage that has been removed since it was found.
        """
        import numpy as np

        found = self._entities.vectors(rows)
        dimension = self.manifest.dimension
        gone = np.zeros(dimension, np.float32), np.zeros((0, dimension), np.float32)
        return [found.get(int(row), gone) for row in rows]

    def in_order(self, rows: Sequence[int]) -> list[int]:
        """The same rows by source and place."""
        found = self._entities.rows(rows)
        there = [found[int(row)] for row in rows if int(row) in found]
        there.sort(key=lambda e: (e["source"], e["start"], e["end"]))
        return [int(e["row"]) for e in there]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the given rows, in that order, without those removed since."""
        found = self._entities.rows(rows)
        return self._placed([found[row] for row in map(int, rows) if row in found])

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """The passage of a citation's `passage_id`."""
        condition = f"id == {literal(passage_id)} and {self._visible()}"
        found = self._placed(list(self._milvus.rows("passages", condition, PLACE)))
        return found[0] if found else None

    def document(self, source: str) -> Document | None:
        """One document with its whole text; None where the store holds no such source."""
        condition = f"source == {literal(source)} and {self._visible('key')}"
        keys = [int(e["key"]) for e in self._milvus.rows("documents", condition, ["key"])]
        found = self._entities.documents(keys[:1])
        return found[keys[0]] if keys else None

    def documents(self) -> Iterator[DocumentInfo]:
        """Every document without its text, ordered by source."""
        found = self._milvus.rows("documents", self._visible("key"), ["info"])
        infos = [DocumentInfo(**json.loads(entity["info"])) for entity in found]
        yield from sorted(infos, key=lambda info: info.source)

    def find_source(self, name: str) -> list[str]:
        """Sources that a person may mean by a name: the source itself, or the end of a path."""
        condition = f"{ends_condition(name.removeprefix('./'))} and {self._visible('key')}"
        found = self._milvus.rows("documents", condition, ["source", "path"])
        return meant_by(name, sorted((str(e["source"]), str(e["path"])) for e in found))

    def close(self) -> None:
        """Lets go of the connection."""
        self._milvus.close()

    def __enter__(self) -> MilvusStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _condition(self, allowed: Selection | None) -> str:
        return self._visible() if allowed is None else allowed.condition

    def _visible(self, document: str = "document") -> str:
        """What this generation holds: born by then, and not dead since or before."""
        asked = f"epoch == {self.state.epoch} and born <= {self.generation}"
        return f"{asked} and {document} not in {literals(self._dead)}" if self._dead else asked

    def _dead_documents(self) -> list[int]:
        """Documents of an earlier generation that the publisher has yet to delete."""
        condition = f"died > 0 and died <= {self.generation}"
        return sorted(e["key"] for e in self._milvus.rows("documents", condition, ["key"]))

    def _placed(self, entities: list[dict[str, Any]]) -> list[Passage]:
        documents = self._entities.documents(e["document"] for e in entities)
        placed = ((e, documents[e["document"]]) for e in entities)
        return [passage_of(e, document) for e, document in placed if document is not None]

    def _resolved(self, pattern: str) -> str:
        """A glob that Milvus cannot express, as the documents that it names."""
        condition = f"{near_glob(pattern)} and {self._visible('key')}"
        found = self._milvus.rows("documents", condition, ["key", "source", "path"])
        keys = sorted(e["key"] for e in found if glob_matches(e["source"], e["path"], pattern))
        return f"document in {literals(keys)}" if keys else "born < 0"

    def _terms(self, query: str) -> tuple[str, ...]:
        return query_terms(query, self.state.languages)

    def _words(self, query: str) -> dict[int, float]:
        """A question as a sparse vector: how rare each of its terms is. The last are kept."""
        if query not in self._asked:
            while len(self._asked) >= KEPT:
                del self._asked[next(iter(self._asked))]
            words: dict[int, float] = {}
            for term, n in holding(self._milvus, self._terms(query)).items():
                if n > 0:
                    at = term_dimension(term)
                    words[at] = words.get(at, 0.0) + idf(self.size, n)
            self._asked[query] = words
        return self._asked[query]
