"""From a question to ranked passages: two legs find candidates, their scores together rank them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.asking.question import Question
from rag.fold import Folded, fold
from rag.models.embedder import Embedder
from rag.store.protocol import Store
from rag.types import Filters, Hit, Leg

if TYPE_CHECKING:
    import numpy as np

__all__ = ["POOL", "fuse", "retrieve"]

#: How many passages each leg hands to the ranking, or as many as are asked for.
POOL = 100

#: Where copies crowd out the rest, each leg is asked for four times as many, up to so many.
MOST = 1600

#: Weight of a passage's best sentence beside the passage as a whole, in the dense score.
SENTENCE_WEIGHT = 4.0

#: Weight of the dense score against the lexical one.
DENSE_WEIGHT = 0.6

Ranking = Sequence[tuple[int, float]]


def retrieve(
    index: Store, embedder: Embedder, question: Question, filters: Filters, top_k: int
) -> list[Hit]:
    """The `top_k` best passages, best first; filters act before either leg ranks.

    Copies of a passage take no place: they are named by it (`rag.fold`).
    What was said before a question is searched for beside it: its vector is added to the
    question's and its words' scores to those of the question's words, each by its weight.
    """
    allowed = None if filters.empty else index.allowed(filters)
    if allowed is not None and len(allowed) == 0:
        return []
    asked, vector = _vectors(embedder, question)
    depth = max(POOL, top_k)
    while True:
        hits, more = _ranked(index, question, (asked, vector), allowed, depth, top_k)
        copies = sum(len(hit.copies) for hit in hits)
        crowded = copies > 0 and (len(hits) < top_k or 2 * copies > depth)
        if not (crowded and more) or depth >= MOST:
            return hits
        depth *= 4


def _ranked(
    index: Store,
    question: Question,
    asked: tuple[np.ndarray, np.ndarray],
    allowed: Any,
    depth: int,
    top_k: int,
) -> tuple[list[Hit], bool]:
    """The best of what each leg finds down to `depth`, and whether one may have found more.

    `asked` are the vectors of the question on its own and of what to search for.
    """
    question_vector, vector = asked
    legs = {
        "dense": index.dense(vector, depth, allowed),
        "lexical": index.lexical(question.text, depth, allowed),
    }
    more = [index.lexical(e.text, depth, allowed) for e in question.earlier]
    rows = index.in_order(list({row for r in (*legs.values(), *more) for row, _ in r}))
    vectors = index.vectors(rows)
    ranked = fuse(rows, _dense_scores(vector, vectors), _lexical_scores(index, question, rows))
    wholes = {row: whole for row, (whole, _) in zip(rows, vectors, strict=True)}
    folded = fold(index, [row for row, _ in ranked], wholes, top_k, question.full)
    places = {name: _places(ranking) for name, ranking in legs.items()}
    parts = {row: parts for row, (_, parts) in zip(rows, vectors, strict=True)}
    hits = [_hit(one, ranked[one.at][1], places, parts, question_vector) for one in folded]
    return hits, any(len(ranking) >= depth for ranking in (*legs.values(), *more))


def _hit(
    found: Folded,
    score: float,
    places: Mapping[str, Mapping[int, Leg]],
    parts: Mapping[int, np.ndarray],
    vector: np.ndarray,
) -> Hit:
    row = found.passage.row
    legs = {name: place[row] for name, place in places.items() if row in place}
    return Hit(found.passage, score, legs, tuple((parts[row] @ vector).tolist()), found.copies)


def _vectors(embedder: Embedder, question: Question) -> tuple[np.ndarray, np.ndarray]:
    """float32 (d,) of the question on its own two feet, and of what to search for."""
    import numpy as np

    texts = dict.fromkeys([question.full, question.text, *(e.text for e in question.earlier)])
    found = dict(zip(texts, embedder.encode_queries(list(texts)), strict=True))
    mixed = np.array(found[question.text])
    for earlier in question.earlier:
        mixed += earlier.weight * found[earlier.text]
    mixed /= max(float(np.linalg.norm(mixed)), 1e-12)
    return found[question.full], mixed


def _lexical_scores(index: Store, question: Question, rows: Sequence[int]) -> np.ndarray:
    """float32 (n,): the question's words, and by their weight those said before it.

    A long answer has many words; relative scores keep them from outweighing the question's.
    """
    total = _relative(index.lexical_scores(question.text, rows))
    for earlier in question.earlier:
        total = total + earlier.weight * _relative(index.lexical_scores(earlier.text, rows))
    return total


def fuse(rows: Sequence[int], dense: np.ndarray, lexical: np.ndarray) -> list[tuple[int, float]]:
    """`(row, score)`, best first, equals as they come: the weighted sum of both legs' scores.

    Each leg is divided by its best, so that scores lie in [0, 1]. Ranks alone (reciprocal rank
    fusion) throw away how much better the first is than the second; see docs/results.md.
    """
    import numpy as np

    if len(rows) == 0:
        return []
    total = DENSE_WEIGHT * _relative(dense) + (1 - DENSE_WEIGHT) * _relative(lexical)
    order = np.argsort(-total, kind="stable")
    return [(int(rows[i]), float(total[i])) for i in order]


def _relative(scores: np.ndarray) -> np.ndarray:
    best = float(scores.max(initial=0.0))
    return scores.clip(min=0.0) / best if best > 0 else scores * 0.0


def _dense_scores(
    query: np.ndarray, vectors: Sequence[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    """float32 (n,): the cosine of each passage and, by its weight, of its best sentence."""
    import numpy as np

    if not vectors:
        return np.zeros(0, dtype=np.float32)
    wholes = np.stack([whole for whole, _ in vectors]) @ query
    cosines = np.concatenate([parts for _, parts in vectors]) @ query
    best, at = wholes.copy(), 0
    for i, (_, parts) in enumerate(vectors):
        if len(parts):
            best[i] = cosines[at : at + len(parts)].max()
        at += len(parts)
    return np.asarray(wholes + SENTENCE_WEIGHT * best, dtype=np.float32)


def _places(ranking: Ranking) -> dict[int, Leg]:
    return {row: Leg(rank, score) for rank, (row, score) in enumerate(ranking, start=1)}
