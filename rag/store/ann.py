"""Bases of the dense leg, exact and approximate. The one file that imports FAISS.

FAISS searches; what lies on disk are plain arrays, checked when they are read, because its own
files can crash the process that parses a damaged one.
"""

from __future__ import annotations

import math
from pathlib import Path

import faiss
import numpy as np

from rag.store.arrays import Places, boundaries, load_array
from rag.store.plan import DensePlan
from rag.store.stored import Fetch

__all__ = ["FlatBase", "IvfBase", "centres_of", "coder_of", "encode", "scale_of"]

_SEED = 20260101

#: A filter that lets pass this share or less lets pass few.
_FEW = 0.1
#: So many times more candidates are found than should pass, since they may be unevenly spread.
_SPARE = 1.5
_PIECE = 16_384


class FlatBase:
    """Compares every vector with the query; exact but for the last bits of a score."""

    def __init__(self, rows: np.ndarray, vectors: np.ndarray) -> None:
        self.plan = DensePlan("flat", len(rows))
        self.where = Places(rows)
        self._vectors = vectors
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def near(
        self, query: np.ndarray, count: int, mask: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores and places of the `count` nearest to a float32 (d,) query, nearest first.

        `mask` (bool, by place) restricts what is compared.
        """
        parameters = None
        if mask is not None:
            parameters = faiss.SearchParameters()
            parameters.sel = _selector(mask)
        scores, places = self._index.search(query.reshape(1, -1), count, params=parameters)
        return _found(scores, places)

    def vectors(self, places: np.ndarray) -> np.ndarray:
        """float32 (n, d) of places."""
        return np.asarray(self._vectors[places])

    def save(self, folder: Path) -> None:
        """Writes the arrays into a folder."""
        np.save(folder / "rows.npy", self.where.rows, allow_pickle=False)
        np.save(folder / "vectors.npy", self._vectors, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, dimension: int) -> FlatBase:
        """What `save` wrote; `ValueError` or `OSError` where it is not that."""
        rows = load_array(folder / "rows.npy", "<i8", shape=(None,))
        vectors = load_array(folder / "vectors.npy", "<f4", shape=(len(rows), dimension))
        return cls(rows, vectors)


class IvfBase:
    """Vectors in groups around centres, eight bits a dimension (Jégou et al. 2011).

    Compares those of the groups whose centres are nearest to the query; see `near` for filters.
    """

    def __init__(
        self, plan: DensePlan, arrays: dict[str, np.ndarray], dimension: int, fetch: Fetch
    ) -> None:
        """`arrays` as `build_ivf` makes them; `fetch` gives the vectors behind the codes."""
        self.plan = plan
        self.where = Places(arrays["rows"])
        self._arrays, self._fetch = arrays, fetch
        quantizer = faiss.IndexFlatIP(dimension)
        quantizer.add(np.ascontiguousarray(arrays["centres"]))
        self._index = faiss.IndexIVFScalarQuantizer(
            quantizer, dimension, plan.lists, faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT, False,
        )  # fmt: skip
        faiss.copy_array_to_vector(np.array(arrays["scale"]), self._index.sq.trained)
        self._index.is_trained = True
        self._index.parallel_mode = 1  # one query on all cores
        self._some = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        faiss.copy_array_to_vector(np.array(arrays["scale"]), self._some.sq.trained)
        self._some.is_trained = True
        self._quantizer = quantizer  # which FAISS only borrows
        self._fill(arrays["codes"], arrays["ends"])

    def _fill(self, codes: np.ndarray, ends: np.ndarray) -> None:
        lists = faiss.ArrayInvertedLists(self.plan.lists, self._index.code_size)
        ids = np.arange(len(codes), dtype=np.int64)
        for number in range(self.plan.lists):
            first, last = int(ends[number]), int(ends[number + 1])
            if last > first:
                some, their = np.ascontiguousarray(codes[first:last]), ids[first:last]
                pointers = faiss.swig_ptr(their), faiss.swig_ptr(some)
                lists.add_entries(number, last - first, *pointers)
        self._index.replace_invlists(lists, False)
        self._lists = lists
        self._index.ntotal = len(codes)

    def near(
        self, query: np.ndarray, count: int, mask: np.ndarray | None, probes: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """As `FlatBase.near`; may miss some, and scores are those of the codes.

        Testing each vector for a filter costs as much as comparing it. So of a filter that lets
        pass few, those are compared, all of them; under another, more are found than are wanted.
        """
        probes = probes or self.plan.probes
        if mask is None:
            return self._probed(query, count, probes)
        passing = int(np.count_nonzero(mask))
        if passing > _FEW * len(mask):
            share = passing / len(mask)
            more = min(self.plan.lists, math.ceil(probes * (1 + _FEW / share)))
            scores, places = self._probed(query, math.ceil(_SPARE * count / share), more)
            fits = mask[places]
            if np.count_nonzero(fits) >= min(count, passing):
                return scores[fits][:count], places[fits][:count]
        return self._compared(query, count, np.flatnonzero(mask))

    def _probed(self, query: np.ndarray, count: int, probes: int) -> tuple[np.ndarray, np.ndarray]:
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = probes
        count = min(count, self.plan.passages)
        return _found(*self._index.search(query.reshape(1, -1), count, params=parameters))

    def _compared(
        self, query: np.ndarray, count: int, places: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of some places alone, in pieces that stay in the processor's cache."""
        scores, found = [], []
        for first in range(0, len(places), _PIECE):
            some = places[first : first + _PIECE]
            codes = np.ascontiguousarray(self._arrays["codes"][some])
            self._some.reset()
            self._some.add_sa_codes(codes)
            near, at = _found(*self._some.search(query.reshape(1, -1), min(count, len(some))))
            scores.append(near)
            found.append(some[at])
        all_scores, all_places = np.concatenate(scores), np.concatenate(found)
        order = np.argsort(-all_scores, kind="stable")[:count]
        return all_scores[order], all_places[order]

    def vectors(self, places: np.ndarray) -> np.ndarray:
        """float32 (n, d) of places, from the database."""
        return self._fetch(self.where.rows[places].tolist())

    def save(self, folder: Path) -> None:
        """Writes the arrays into a folder."""
        for name, values in self._arrays.items():
            np.save(folder / f"{name}.npy", values, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, plan: DensePlan, dimension: int, fetch: Fetch) -> IvfBase:
        """What `save` wrote; `ValueError` or `OSError` where it is not that."""
        rows = load_array(folder / "rows.npy", "<i8", shape=(plan.passages,))
        arrays = {
            "rows": rows,
            "codes": load_array(folder / "codes.npy", "|u1", shape=(len(rows), dimension)),
            "ends": boundaries(folder / "ends.npy", plan.lists, len(rows)),
            "centres": load_array(folder / "centres.npy", "<f4", shape=(plan.lists, dimension)),
            "scale": load_array(folder / "scale.npy", "<f4", shape=(2 * dimension,)),
        }
        return cls(plan, arrays, dimension, fetch)


def centres_of(sample: np.ndarray, lists: int) -> np.ndarray:
    """float32 (lists, d) unit vectors around which a sample lies (spherical k-means)."""
    most = max(64, len(sample) // lists)
    grouping = faiss.Kmeans(
        sample.shape[1], lists, niter=6, seed=_SEED, spherical=True, max_points_per_centroid=most,
        min_points_per_centroid=1,
    )  # fmt: skip
    grouping.train(sample)
    return np.asarray(grouping.centroids, dtype="<f4")


def coder_of(sample: np.ndarray) -> faiss.ScalarQuantizer:
    """What turns a vector into bytes, by the range of each dimension in a sample."""
    coder = faiss.ScalarQuantizer(sample.shape[1], faiss.ScalarQuantizer.QT_8bit)
    coder.train(sample)
    return coder


def scale_of(coder: faiss.ScalarQuantizer) -> np.ndarray:
    """float32 (2 d,): the least and the span of each dimension."""
    return np.asarray(faiss.vector_to_array(coder.trained), dtype="<f4")


def encode(
    coder: faiss.ScalarQuantizer, centres: np.ndarray, vectors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (n, d) codes of vectors, and for each the number of its nearest centre."""
    index = faiss.IndexFlatIP(centres.shape[1])
    index.add(np.ascontiguousarray(centres))
    return np.asarray(coder.compute_codes(vectors)), np.asarray(index.search(vectors, 1)[1][:, 0])


def _selector(mask: np.ndarray) -> faiss.IDSelector:
    bits = np.packbits(mask, bitorder="little")
    # This form, unlike the one in the stubs, keeps the bits alive as long as the selector.
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]


def _found(scores: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of one query, without the empty ends."""
    whole = places[0] >= 0
    return scores[0][whole], places[0][whole]
