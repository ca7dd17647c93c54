"""From a question to ranked passages: two legs find candidates, their scores together rank them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.models.embedder import Embedder
from rag.question import Question
from rag.store.index import Index
from rag.types import Filters, Hit, Leg

if TYPE_CHECKING:
    import numpy as np

__all__ = ["POOL", "fuse", "retrieve"]

#: How many passages each leg hands to the ranking.
POOL = 100

#: Weight of a passage's best sentence beside the passage as a whole, in the dense score.
SENTENCE_WEIGHT = 2.0

#: Weight of the dense score against the lexical one.
DENSE_WEIGHT = 0.6

Ranking = Sequence[tuple[int, float]]


def retrieve(
    index: Index, embedder: Embedder, question: Question, filters: Filters, top_k: int
) -> list[Hit]:
    """The `top_k` best passages, best first; filters act before either leg ranks."""
    allowed = None if filters.empty else index.allowed(filters)
    if allowed is not None and len(allowed) == 0:
        return []
    vector = embedder.encode_queries([question.full])[0]
    legs = {
        "dense": index.dense(vector, POOL, allowed),
        "lexical": index.lexical(question.full, POOL, allowed),
    }
    rows = sorted({row for ranking in legs.values() for row, _ in ranking})
    dense, cosines = _dense_scores(vector, index.vectors(rows))
    ranked = fuse(rows, dense, index.lexical_scores(question.full, rows))[:top_k]
    passages = index.passages([row for row, _ in ranked])
    places = {name: _places(ranking) for name, ranking in legs.items()}
    sentences = dict(zip(rows, cosines, strict=True))
    return [
        Hit(passage, score, {n: p[row] for n, p in places.items() if row in p}, sentences[row])
        for (row, score), passage in zip(ranked, passages, strict=True)
    ]


def fuse(rows: Sequence[int], dense: np.ndarray, lexical: np.ndarray) -> list[tuple[int, float]]:
    """`(row, score)` by `(-score, row)`: the weighted sum of both legs' scores.

    Each leg is divided by its best, so that scores lie in [0, 1]. Ranks alone (reciprocal rank
    fusion) throw away how much better the first is than the second; see docs/results.md.
    """
    import numpy as np

    if len(rows) == 0:
        return []
    total = DENSE_WEIGHT * _relative(dense) + (1 - DENSE_WEIGHT) * _relative(lexical)
    order = np.lexsort((np.asarray(rows), -total))
    return [(int(rows[i]), float(total[i])) for i in order]


def _relative(scores: np.ndarray) -> np.ndarray:
    best = float(scores.max())
    return scores.clip(min=0.0) / best if best > 0 else scores * 0.0


def _dense_scores(
    query: np.ndarray, vectors: Sequence[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, list[tuple[float, ...]]]:
    """float32 (n,) dense scores, and the cosines of each passage's sentences with the query."""
    import numpy as np

    if not vectors:
        return np.zeros(0, dtype=np.float32), []
    wholes = np.stack([whole for whole, _ in vectors]) @ query
    together = (np.concatenate([parts for _, parts in vectors]) @ query).tolist()
    cosines, at = [], 0
    for _, parts in vectors:
        cosines.append(tuple(together[at : at + len(parts)]))
        at += len(parts)
    best = np.array([max(c, default=w) for c, w in zip(cosines, wholes, strict=True)])
    return np.asarray(wholes + SENTENCE_WEIGHT * best, dtype=np.float32), cosines


def _places(ranking: Ranking) -> dict[int, Leg]:
    return {row: Leg(rank, score) for rank, (row, score) in enumerate(ranking, start=1)}
