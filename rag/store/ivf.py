"""Makes the approximate base of the dense leg, and measures what it finds against exact search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rag.store.ann import IvfBase, centres_of, coder_of, encode, scale_of
from rag.store.database import Database
from rag.store.plan import DensePlan
from rag.store.stored import Fetch, sample_vectors, stored_vectors

__all__ = ["build_ivf"]

#: Vectors a group that the centres are found from.
_EACH = 48
#: How many queries recall is measured by, and the rank that it is measured at.
_ASKED, _DEPTH = 200, 10
#: So many groups are looked at that this recall is reached.
WANTED_RECALL = 0.99
#: As many candidates as a search for ten takes; they are scored exactly afterwards.
_CANDIDATES = 110
#: The cosine of a made-up question and the text it was made from. That of real questions and the
#: passages nearest to them is 0.56 in the median (squad2 and clapnq): those are easier.
_NEAR, _OTHERS = 0.5, 8


def build_ivf(database: Database, dimension: int, plan: DensePlan, fetch: Fetch) -> IvfBase:
    """A base of all passages. Which vectors the centres come from depends on texts alone."""
    sample = sample_vectors(database, dimension, _EACH * plan.lists)
    centres, coder = centres_of(sample, plan.lists), coder_of(sample)
    best = _Best(_like_questions(sample))
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for rows, vectors in stored_vectors(database, dimension):
        pieces.append((rows, *encode(coder, centres, vectors)))
        best.add(vectors)
    rows, codes, groups = (np.concatenate(part) for part in zip(*pieces, strict=True))
    del pieces
    order = np.argsort(groups, kind="stable")
    ends = np.zeros(plan.lists + 1, dtype="<i8")
    np.cumsum(np.bincount(groups, minlength=plan.lists), out=ends[1:])
    arrays = {
        "rows": rows[order],
        "codes": codes[order],
        "ends": ends,
        "centres": centres,
        "scale": scale_of(coder),
    }
    del codes
    return _measured(IvfBase(replace(plan, passages=len(rows)), arrays, dimension, fetch), best)


def _like_questions(sample: np.ndarray) -> np.ndarray:
    """float32 (n, d) unit vectors: each as near to a text as a question is, and else nowhere.

    Nowhere is the mean of some other texts, less the mean of all.
    """
    chance = np.random.default_rng(0)
    texts = sample[: min(_ASKED, len(sample))]
    others = sample[chance.integers(len(sample), size=(len(texts), _OTHERS))].mean(axis=1)
    beside = _unit(others - sample.mean(axis=0))
    return _unit(_NEAR * texts + np.sqrt(1 - _NEAR**2).astype(np.float32) * beside)


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


class _Best:
    """The exact best scores of some queries over vectors that come in pieces."""

    def __init__(self, queries: np.ndarray) -> None:
        self.queries = queries
        self.scores = np.full((len(queries), _DEPTH), -np.inf, dtype=np.float32)

    def add(self, vectors: np.ndarray) -> None:
        """Takes a piece into account."""
        scores = np.concatenate([self.scores, self.queries @ vectors.T], axis=1)
        self.scores = -np.partition(-scores, _DEPTH - 1, axis=1)[:, :_DEPTH]


def _measured(base: IvfBase, best: _Best) -> IvfBase:
    """Sets how many groups are looked at: about the fewest that find enough."""
    low = probes = min(4, base.plan.lists)
    while (recall := _recall(base, best, probes)) < WANTED_RECALL and probes < base.plan.lists:
        low, probes = probes, min(base.plan.lists, 2 * probes)
    enough = probes
    for _ in range(3 if probes > 4 else 0):
        middle = (low + enough) // 2
        found = _recall(base, best, middle)
        if found >= WANTED_RECALL:
            enough, recall = middle, found
        else:
            low = middle
    base.plan = replace(base.plan, probes=enough, recall=round(recall, 4), asked=len(best.queries))
    return base


def _recall(base: IvfBase, best: _Best, probes: int) -> float:
    """The share of the first ten found; one of an equal score is as good."""
    shares = []
    for query, scores in zip(best.queries, best.scores, strict=True):
        true = scores[np.isfinite(scores)]
        count = min(_CANDIDATES, base.plan.passages)
        _, places = base.near(query, count, None, probes)
        found = np.sort(base.vectors(places) @ query)[::-1][: len(true)]
        shares.append(np.count_nonzero(found >= true.min() - 1e-5) / len(true))
    return float(np.mean(shares))
