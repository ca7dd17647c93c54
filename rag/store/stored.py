"""Vectors as the database holds them, for the dense leg that is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from rag.store.connect import broken
from rag.store.database import Database

__all__ = ["Fetch", "fetcher", "sample_vectors", "stored_vectors"]

#: Gives float32 (n, d) vectors of rows.
Fetch = Callable[[Sequence[int]], np.ndarray]

_CHUNK = 4096
_PIECE = 500


def stored_vectors(
    database: Database, dimension: int, after: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows int64 (n,) above `after` and vectors float32 (n, d), in pieces, by ascending row."""
    found = database.rows(
        "SELECT p.row, v.vector FROM passages p JOIN vectors v ON v.text_key = p.text_key"
        " WHERE p.row > ? ORDER BY p.row",
        (after,),
    )
    while chunk := list(islice(found, _CHUNK)):
        rows = np.array([row for row, _ in chunk], dtype="<i8")
        yield rows, _stacked(database, [vector for _, vector in chunk], dimension)


def fetcher(database: Database, dimension: int) -> Fetch:
    """What gives the vectors of any rows, in their order; `IndexBroken` where one is missing."""

    def fetch(rows: Sequence[int]) -> np.ndarray:
        found: dict[int, bytes] = {}
        for first in range(0, len(rows), _PIECE):
            some = rows[first : first + _PIECE]
            found.update(
                database.rows(
                    "SELECT p.row, v.vector FROM passages p JOIN vectors v"
                    f" ON v.text_key = p.text_key WHERE p.row IN ({','.join('?' * len(some))})",
                    some,
                )
            )
        if len(found) < len(rows):
            raise broken(database.directory, "lacks vectors that its dense index has")
        return _stacked(database, [found[row] for row in rows], dimension)

    return fetch


def sample_vectors(database: Database, dimension: int, count: int) -> np.ndarray:
    """float32 (n, d): as good as random, and the same whatever order the texts came in."""
    query = "SELECT vector FROM vectors ORDER BY text_key LIMIT ?"
    return _stacked(database, [v for (v,) in database.rows(query, (count,))], dimension)


def _stacked(database: Database, vectors: Sequence[bytes], dimension: int) -> np.ndarray:
    if any(len(v) != 4 * dimension for v in vectors):
        raise broken(database.directory, "has a vector of another length than the others")
    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(-1, dimension)
