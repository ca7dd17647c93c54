"""The dense leg: cosines between a query and the vectors that the database holds.

A base, made by `store/ann.py` for one generation, and what the database holds beyond it. Either
proposes candidates; scores are computed from the database's own vectors, so that a passage has
the same one wherever it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.store.ann import FlatBase, IvfBase
from rag.store.arrays import Places
from rag.store.database import Database
from rag.store.files import derived
from rag.store.history import gone_rows, last_row
from rag.store.ivf import build_ivf
from rag.store.plan import DensePlan, choose, read_plan, write_plan
from rag.store.stored import Fetch, fetcher, stored_vectors

__all__ = ["VectorIndex", "open_vectors"]

FOLDER = "vectors"
#: Scores of float32 in one order of summing and in another differ by less.
_NOISE = 1e-5


class Base(Protocol):
    """Proposes places in `where.rows`, nearest first by a score that may be approximate."""

    plan: DensePlan
    where: Places

    def near(
        self, query: np.ndarray, count: int, mask: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]: ...

    def vectors(self, places: np.ndarray) -> np.ndarray: ...

    def save(self, folder: Path) -> None: ...


class VectorIndex:
    """Inner products of L2-normalised vectors; ids are passage rows."""

    def __init__(
        self,
        bases: Sequence[Base],
        gone: Sequence[int],
        in_order: Callable[[Sequence[int]], list[int]],
    ) -> None:
        """`gone` rows are found no more; `in_order` sorts rows by source and place."""
        self._in_order = in_order
        self._bases = [base for base in bases if len(base.where.rows)]
        lost = np.array(gone, dtype=np.int64)
        self._kept = [~base.where.mask(lost) if len(lost) else None for base in self._bases]

    def search(
        self, query: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` nearest rows to a float32 (d,) query, by score, then source and place.

        `allowed` (int64 rows) restricts what is searched, before ranking.
        """
        if k < 1 or not self._bases:
            return []
        wanted = np.ascontiguousarray(query, dtype=np.float32)
        found: dict[int, float] = {}
        for base, kept in zip(self._bases, self._kept, strict=True):
            mask = kept
            if allowed is not None:
                mask = base.where.mask(allowed)
                mask = mask if kept is None else mask & kept
            found.update(_nearest(base, mask, wanted, k))
        ordered = list(found)
        if len(set(found.values())) < len(ordered):
            ordered = self._in_order(ordered)
        return [(row, found[row]) for row in sorted(ordered, key=lambda r: -found[r])[:k]]


def _nearest(
    base: Base, mask: np.ndarray | None, query: np.ndarray, k: int
) -> Iterator[tuple[int, float]]:
    """The `k` nearest rows of a base and those equal to the last, with exact scores."""
    most = len(base.where.rows) if mask is None else int(np.count_nonzero(mask))
    count = min(max(2 * k, k + 100), most)
    places = np.zeros(0, dtype=np.int64)
    while count > 0:
        scores, places = base.near(query, count, mask)
        ended = base.plan.kind != "flat" or count == most or len(places) < count
        if ended or scores[k - 1] - scores[-1] > _NOISE:
            break
        count = min(2 * count, most)
    # By einsum in float64: what a row scores must not depend on which rows lie beside it.
    vectors = base.vectors(places).astype(np.float64)
    exact = np.einsum("ij,j->i", vectors, query.astype(np.float64)).astype(np.float32)
    least = np.partition(exact, -k)[-k] if len(exact) > k else -np.inf
    chosen = exact >= least
    rows = base.where.rows[places[chosen]]
    return zip(rows.tolist(), exact[chosen].tolist(), strict=True)


def open_vectors(database: Database, dimension: int, *, anew: bool = False) -> VectorIndex:
    """The index of the database's generation: a base of this or an earlier one, and what is newer.

    The base is built where there is no sound one, or where a new one is wanted (`anew`).
    """
    fetch = fetcher(database, dimension)
    base, generation = derived(
        database.directory / FOLDER,
        database.generation,
        lambda number: not anew and database.knows(number),
        load=lambda folder: _load(folder, dimension, fetch),
        build=lambda: _build(database, dimension, fetch),
        save=_save,
    )
    last = last_row(database, generation) or 0
    tail = _flat(database, dimension, last)
    return VectorIndex([base, tail], gone_rows(database, last), database.in_order)


def _load(folder: Path, dimension: int, fetch: Fetch) -> Base:
    plan = read_plan(folder)
    if plan.kind == "flat":
        return FlatBase.load(folder, dimension)
    return IvfBase.load(folder, plan, dimension, fetch)


def _save(base: Base, folder: Path) -> None:
    write_plan(folder, base.plan)
    base.save(folder)


def _build(database: Database, dimension: int, fetch: Fetch) -> Base:
    counted = database.one("SELECT count(*) FROM passages")
    plan = choose(database.get("faiss") or "auto", int(counted[0]) if counted else 0)
    return (
        _flat(database, dimension)
        if plan.kind == "flat"
        else build_ivf(database, dimension, plan, fetch)
    )


def _flat(database: Database, dimension: int, after: int = 0) -> FlatBase:
    pieces = list(stored_vectors(database, dimension, after))
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(r for r, _ in pieces)])
    empty = np.zeros((0, dimension), dtype=np.float32)
    return FlatBase(rows, np.concatenate([empty, *(v for _, v in pieces)]))
