"""Arrays in derived files: NumPy's own format without pickles, mapped, checked before use.

A file may be damaged, or made by someone who means harm: nothing in it may crash the process.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

__all__ = ["Places", "boundaries", "load_array"]

#: A table from row to place may have so many entries a row; else places are searched for.
_SPARSE = 16


def load_array(path: Path, *types: str, shape: tuple[int | None, ...]) -> np.ndarray:
    """A read-only array of one of the given types; None in `shape` stands for any length.

    Raises `ValueError` or `OSError` where the file holds anything else.
    """
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    fits = len(array.shape) == len(shape) and all(
        wanted in (None, got) for wanted, got in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.str not in types or not array.flags.c_contiguous:
        raise ValueError(f"{path.name} is not as it was written")
    # A plain view: the subclass for mapped files makes each small access dearer.
    return np.asarray(array)


def boundaries(path: Path, count: int, total: int) -> np.ndarray:
    """int64 (count + 1,): where each of `count` runs begins and ends, from 0 up to `total`."""
    ends = load_array(path, "<i8", shape=(count + 1,))
    if ends[0] != 0 or ends[-1] != total or (np.diff(ends) < 0).any():
        raise ValueError(f"{path.name} does not divide what it should")
    return ends


class Places:
    """Where rows lie in an array of distinct rows; `ValueError` where one occurs twice."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self._first = int(rows.min()) if len(rows) else 0
        span = int(rows.max()) - self._first + 1 if len(rows) else 0
        self._table: np.ndarray | None = None
        if span <= _SPARSE * len(rows) + 1024:
            self._table = np.full(span, -1, dtype=np.int32)
            self._table[rows - self._first] = np.arange(len(rows), dtype=np.int32)
        else:
            self._order = np.argsort(rows)
            self._sorted = rows[self._order]
        if not np.array_equal(self.of(rows), np.arange(len(rows))):
            raise ValueError("a row occurs twice")

    def of(self, rows: np.ndarray) -> np.ndarray:
        """int64 (n,) places of int64 rows, -1 for one that is not here."""
        if len(self.rows) == 0 or len(rows) == 0:
            return np.full(len(rows), -1, dtype=np.int64)
        if self._table is None:
            at = np.minimum(np.searchsorted(self._sorted, rows), len(self._sorted) - 1)
            return np.where(self._sorted[at] == rows, self._order[at], -1)
        at = rows - self._first
        inside = (at >= 0) & (at < len(self._table))
        return np.where(inside, self._table[np.where(inside, at, 0)], -1)

    def mask(self, rows: np.ndarray) -> np.ndarray:
        """bool (n,): whether the row of each place is among the given ones."""
        mask = np.zeros(len(self.rows), dtype=bool)
        at = self.of(rows)
        mask[at[at >= 0]] = True
        return mask
