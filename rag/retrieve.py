"""From a question to ranked passages: two legs, dense and lexical, and their fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.models.embedder import Embedder
from rag.question import Question
from rag.store.index import Index
from rag.types import Filters, Hit, Leg

__all__ = ["POOL", "fuse", "retrieve"]

#: How many passages each leg hands to the fusion.
POOL = 100

#: Damps the weight of the very first ranks (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_K = 60

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
    ranked = fuse(legs)[:top_k]
    passages = index.passages([row for row, _ in ranked])
    places = {name: _places(ranking) for name, ranking in legs.items()}
    return [
        Hit(passage, score, {n: p[row] for n, p in places.items() if row in p})
        for (row, score), passage in zip(ranked, passages, strict=True)
    ]


def fuse(legs: Mapping[str, Ranking]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion; sorted by `(-score, row)`, whatever the order of the legs."""
    scores: dict[int, float] = {}
    for name in sorted(legs):
        for rank, (row, _) in enumerate(legs[name], start=1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _places(ranking: Ranking) -> dict[int, Leg]:
    return {row: Leg(rank, score) for rank, (row, score) in enumerate(ranking, start=1)}
