"""The dense leg: FAISS over the vectors that the database holds. The one file that imports it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np

from rag.store.database import Database
from rag.store.files import fresh, publish

__all__ = ["VectorIndex", "open_vectors"]

FOLDER = "vectors"
_FILE = "index.faiss"
_CHUNK = 4096


class VectorIndex:
    """Exact inner product over L2-normalised vectors; ids are passage rows."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def search(
        self, query: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` nearest rows to a float32 (d,) query, by `(-score, row)`.

        `allowed` (int64 rows) restricts what is searched, before ranking.
        """
        k = min(k, self._index.ntotal)
        if k == 0:
            return []
        wanted = query.reshape(1, -1).astype(np.float32)
        if allowed is None:
            scores, rows = self._index.search(wanted, k)
        else:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            scores, rows = self._index.search(wanted, k, params=parameters)
        found = [(int(r), float(s)) for r, s in zip(rows[0], scores[0], strict=True) if r >= 0]
        return sorted(found, key=lambda item: (-item[1], item[0]))


def open_vectors(database: Database, dimension: int) -> VectorIndex:
    """The index of the database's generation; rebuilt from the database where it is not at hand."""
    folder = database.directory / FOLDER
    if fresh(folder, database.generation):
        return VectorIndex(faiss.read_index(str(folder / _FILE)))
    index = _build(database, dimension)

    def write(temporary: Path) -> None:
        faiss.write_index(index, str(temporary / _FILE))

    with contextlib.suppress(OSError):  # a read-only folder still answers, only more slowly
        publish(folder, database.generation, write)
    return VectorIndex(index)


def _build(database: Database, dimension: int) -> faiss.Index:
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    for rows, vectors in _vectors(database, dimension):
        index.add_with_ids(vectors, rows)
    return index


def _vectors(database: Database, dimension: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows int64 (n,) and vectors float32 (n, d), in pieces, by ascending row."""
    found = database.connection.execute(
        "SELECT p.row, v.vector FROM passages p JOIN vectors v ON v.text_key = p.text_key"
        " ORDER BY p.row"
    )
    while chunk := found.fetchmany(_CHUNK):
        rows = np.array([row for row, _ in chunk], dtype=np.int64)
        vectors = np.frombuffer(b"".join(v for _, v in chunk), dtype=np.float32)
        yield rows, vectors.reshape(-1, dimension)
