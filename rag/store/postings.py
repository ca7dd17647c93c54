"""Which passages hold which term and how often, term by term: what BM25 is computed from."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from rag.store.arrays import Places, boundaries, load_array

__all__ = ["Part", "Postings", "build_postings", "load_postings"]

_COUNTS = ("|u1", "<u2", "<u4")


class Postings:
    """Raw counts, so that nothing in it depends on passages beside it.

    A place is a passage's position in `rows`, which are in the order of source and text:
    among equal scores the lower place comes first. `lengths` counts the terms of each. Places and
    counts of term t stand at `ends[t]` to `ends[t + 1]`, places ascending. `names` are the terms
    in UTF-8, one after another in ascending order, cut at `cuts`.
    """

    def __init__(
        self,
        rows: np.ndarray,
        lengths: np.ndarray,
        ends: np.ndarray,
        places: np.ndarray,
        counts: np.ndarray,
        names: np.ndarray,
        cuts: np.ndarray,
    ) -> None:
        self.where = Places(rows)
        self.lengths = lengths
        self._ends, self._places, self._counts = ends, places, counts
        self._names, self._cuts = names, cuts

    def __len__(self) -> int:
        return len(self.lengths)

    def find(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """Places, uint32, and counts of a term; both empty where no passage holds it.

        Raises `ValueError` where a place lies outside: the file is damaged.
        """
        wanted = term.encode()
        low, high = 0, len(self._cuts) - 1
        while low < high:
            middle = (low + high) // 2
            name = self._names[self._cuts[middle] : self._cuts[middle + 1]].tobytes()
            if name == wanted:
                span = slice(int(self._ends[middle]), int(self._ends[middle + 1]))
                places, counts = self._places[span], self._counts[span]
                if len(places) and int(places.max()) >= len(self):
                    raise ValueError("a place that is none")
                return places, counts
            low, high = (middle + 1, high) if name < wanted else (low, middle)
        return self._places[:0], self._counts[:0]

    def save(self, folder: Path) -> None:
        """Writes the arrays into a folder."""
        for name, values in (
            ("rows", self.where.rows), ("lengths", self.lengths), ("ends", self._ends),
            ("places", self._places), ("counts", self._counts),
            ("names", self._names), ("cuts", self._cuts),
        ):  # fmt: skip
            np.save(folder / f"{name}.npy", values, allow_pickle=False)


class Part:
    """Postings, less the rows that are gone."""

    def __init__(self, postings: Postings, gone: np.ndarray) -> None:
        at = postings.where.of(gone)
        self.postings = postings
        self.lost = at[at >= 0]
        self._is_lost = postings.where.mask(gone) if len(self.lost) else None
        self.passages = len(postings) - len(self.lost)
        self.terms = int(postings.lengths.sum()) - int(postings.lengths[self.lost].sum())

    def normalise(self, k1: float, b: float, mean: float) -> None:
        """Prepares what the length of each passage takes off, given the mean length of all."""
        lengths = self.postings.lengths
        self._norm = (k1 * (1 - b + b * (lengths / mean))).astype(np.float32)

    def holding(self, term: str) -> int:
        """How many passages hold a term."""
        places, _ = self.postings.find(term)
        if self._is_lost is None:
            return len(places)
        return len(places) - int(self._is_lost[places].sum())

    def add(self, term: str, idf: np.float32, total: np.ndarray) -> None:
        """Adds what a term is worth to the float32 score of each place."""
        places, counts = self.postings.find(term)
        if len(places):
            often = counts.astype(np.float32)
            total[places] += idf * (often / (often + self._norm[places]))

    def best(
        self, scores: np.ndarray, k: int, allowed: np.ndarray | None
    ) -> list[tuple[int, float]]:
        """The `k` best rows and their scores, by `(-score, place)`."""
        if allowed is not None:
            scores = np.where(self.postings.where.mask(allowed), scores, 0)
        found = np.flatnonzero(scores)
        values = scores[found]
        if len(found) > k:
            cut = np.partition(values, -k)[-k]
            found, values = found[values >= cut], values[values >= cut]
        order = np.argsort(-values, kind="stable")[:k]
        rows = self.postings.where.rows[found[order]]
        return list(zip(rows.tolist(), values[order].tolist(), strict=True))


def load_postings(folder: Path) -> Postings:
    """What `Postings.save` wrote, mapped; `ValueError` or `OSError` where it is not that."""
    rows = load_array(folder / "rows.npy", "<i8", shape=(None,))
    lengths = load_array(folder / "lengths.npy", "<i4", shape=(len(rows),))
    places = load_array(folder / "places.npy", "<u4", shape=(None,))
    counts = load_array(folder / "counts.npy", *_COUNTS, shape=(len(places),))
    names = load_array(folder / "names.npy", "|u1", shape=(None,))
    cuts = load_array(folder / "cuts.npy", "<i8", shape=(None,))
    cuts = boundaries(folder / "cuts.npy", len(cuts) - 1, len(names))
    ends = boundaries(folder / "ends.npy", len(cuts) - 1, len(places))
    if len(lengths) and int(lengths.min()) < 0:
        raise ValueError("a length below zero")
    return Postings(rows, lengths, ends, places, counts, names, cuts)


def build_postings(passages: Iterable[tuple[int, Sequence[str]]]) -> Postings:
    """Postings of `(row, terms)` pairs, which come in the order of source and text."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    rows, lengths, ids = array("q"), array("i"), array("i")
    for row, terms in passages:
        rows.append(row)
        lengths.append(len(terms))
        ids.extend(map(numbers.__getitem__, terms))
    return _sorted(np.array(rows, dtype="<i8"), np.array(lengths, dtype="<i4"), ids, dict(numbers))


def _sorted(
    rows: np.ndarray, lengths: np.ndarray, ids: array[int], numbers: dict[str, int]
) -> Postings:
    """Counts each term of each passage, with the terms in order."""
    from scipy.sparse import coo_matrix

    terms = sorted(numbers)
    rank = np.empty(len(terms), dtype=np.int32)
    rank[[numbers[t] for t in terms]] = np.arange(len(terms), dtype=np.int32)
    columns = rank[np.frombuffer(ids, dtype=np.int32)] if len(ids) else np.zeros(0, np.int32)
    places = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    ones = np.ones(len(columns), dtype=np.int32)
    shape = (max(1, len(rows)), max(1, len(terms)))
    matrix = coo_matrix((ones, (places, columns)), shape=shape).tocsc()
    matrix.sum_duplicates()
    most = int(matrix.data.max(initial=0))
    kind = next(k for k in _COUNTS if most <= np.iinfo(np.dtype(k)).max)
    encoded = [t.encode() for t in terms]
    cuts = np.zeros(len(terms) + 1, dtype="<i8")
    np.cumsum([len(e) for e in encoded], out=cuts[1:])
    return Postings(
        rows,
        lengths,
        matrix.indptr[: len(terms) + 1].astype("<i8"),
        matrix.indices.astype("<u4"),
        matrix.data.astype(kind),
        np.frombuffer(b"".join(encoded), dtype="|u1"),
        cuts,
    )
