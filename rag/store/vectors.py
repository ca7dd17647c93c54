"""The dense leg: FAISS over the vectors that the database holds. The one file that imports it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import faiss
import numpy as np

from rag.store.database import Database
from rag.store.files import derived

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
        wanted = query.reshape(1, -1).astype(np.float32)
        parameters, most = None, self._index.ntotal
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters()
            parameters.sel = selector
            most = min(most, len(allowed))
        count = min(k, most)
        while count > 0:
            scores, rows = self._index.search(wanted, count, params=parameters)
            pairs = zip(rows[0], scores[0], strict=True)
            found = sorted((-float(score), int(row)) for row, score in pairs if row >= 0)
            # Where the last scores are equal, more may be equal that were not returned.
            if count == most or len(found) < count or found[k - 1][0] < found[-1][0]:
                return [(row, -score) for score, row in found[:k]]
            count = min(max(2 * count, 16), most)
        return []

    def save(self, path: Path) -> None:
        """Writes the index to a file."""
        faiss.write_index(self._index, str(path))


def open_vectors(database: Database, dimension: int) -> VectorIndex:
    """The index of the database's generation; rebuilt from the database where it is not at hand."""
    return derived(
        database.directory / FOLDER,
        database.generation,
        load=lambda folder: VectorIndex(faiss.read_index(str(folder / _FILE))),
        build=lambda: VectorIndex(_build(database, dimension)),
        save=lambda index, folder: index.save(folder / _FILE),
    )


def _build(database: Database, dimension: int) -> faiss.Index:
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    for rows, vectors in _vectors(database, dimension):
        index.add_with_ids(vectors, rows)
    return index


def _vectors(database: Database, dimension: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows int64 (n,) and vectors float32 (n, d), in pieces, by ascending row."""
    found = database.rows(
        "SELECT p.row, v.vector FROM passages p JOIN vectors v ON v.text_key = p.text_key"
        " ORDER BY p.row"
    )
    while chunk := list(islice(found, _CHUNK)):
        rows = np.array([row for row, _ in chunk], dtype=np.int64)
        vectors = np.frombuffer(b"".join(v for _, v in chunk), dtype="<f4")
        yield rows, vectors.reshape(-1, dimension)
