"""Which passages a filter lets pass, without looking at each of them."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from rag.config import parse_date
from rag.store.connect import broken
from rag.store.database import Database, date_range, glob_matches
from rag.store.names import composed
from rag.types import Filters

__all__ = ["Filtering"]

#: How many filters' rows are kept; a conversation asks under the same one again and again.
_KEPT = 8
#: A longer glob is not worth a query of its own, and SQLite refuses very long ones.
_LONGEST = 1000

_FROM = "FROM documents d JOIN files f ON f.id = d.file"
_NAMED = f"SELECT d.id AS id, d.source AS source, f.path AS path {_FROM}"
_COMPOSED = f"SELECT d.id AS id, composed(d.source) AS source, composed(f.path) AS path {_FROM}"
#: Names of one byte a sign need not be composed, which takes a while for many.
_BEYOND_ASCII = (
    f"SELECT 1 {_FROM} WHERE length(d.source) < length(CAST(d.source AS BLOB))"
    " OR length(f.path) < length(CAST(f.path AS BLOB)) LIMIT 1"
)
_NAME = "substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)"


class Filtering:
    """Dates and rows of all documents in arrays; a document's rows follow on one another."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[Filters, np.ndarray] = OrderedDict()
        database.connection.create_function("composed", 1, composed, deterministic=True)
        dates = np.fromiter(
            database.rows(
                "SELECT id, coalesce(replace(date_first, '-', '') + 0, 0),"
                " coalesce(replace(date_last, '-', '') + 0, 0) FROM documents"
            ),
            dtype=[("id", "i8"), ("first", "i8"), ("last", "i8")],
        )
        dates.sort(order="id")
        self._ids, self._first, self._last = dates["id"], dates["first"], dates["last"]
        runs = np.fromiter(
            database.rows(
                "SELECT document, min(row), max(row), count(*) FROM passages"
                " GROUP BY document ORDER BY document"
            ),
            dtype=[("id", "i8"), ("first", "i8"), ("last", "i8"), ("count", "i8")],
        )
        if (runs["last"] - runs["first"] + 1 != runs["count"]).any():
            raise broken(database.directory, "has rows of passages out of order")
        self._begins = np.zeros(len(self._ids), dtype=np.int64)
        self._counts = np.zeros(len(self._ids), dtype=np.int64)
        at = np.searchsorted(self._ids, runs["id"])
        if len(runs) and (int(at.max()) >= len(self._ids) or (self._ids[at] != runs["id"]).any()):
            raise broken(database.directory, "has a passage without its document")
        self._begins[at], self._counts[at] = runs["first"], runs["count"]

    def rows(self, filters: Filters) -> np.ndarray:
        """int64 rows that the filters allow, by document; `BadInput` for no date."""
        if filters in self._kept:
            self._kept.move_to_end(filters)
            return self._kept[filters]
        chosen = self._dated(filters)
        if filters.source is not None:
            chosen &= self._named(filters.source)
        counts = self._counts[chosen]
        ends = np.cumsum(counts)
        rows = np.repeat(self._begins[chosen] - (ends - counts), counts) + np.arange(counts.sum())
        rows.flags.writeable = False
        self._kept[filters] = rows
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return rows

    def _dated(self, filters: Filters) -> np.ndarray:
        """bool (documents,): whose dates fit; one without a date fits only where none is asked."""
        chosen = np.ones(len(self._ids), dtype=bool)
        if filters.since is not None:
            chosen &= self._last >= _number(filters.since, last=False)
        for until, dates in ((filters.until, self._first), (filters.as_of, self._last)):
            if until is not None:
                chosen &= (dates > 0) & (dates <= _number(until, last=True))
        return chosen

    def _named(self, glob: str) -> np.ndarray:
        """bool (documents,): whose source, path or file name is or matches a glob."""
        if "[" in glob or len(glob) > _LONGEST:
            # Sets are written another way in SQLite's globs.
            found = self._database.rows(_NAMED)
            ids = [n for n, source, path in found if glob_matches(source, path, glob)]
        else:
            name = "" if "/" in glob else f" OR {_NAME} GLOB ?1"
            named = _NAMED if self._database.one(_BEYOND_ASCII) is None else _COMPOSED
            query = f"SELECT id FROM ({named}) WHERE source GLOB ?1 OR path GLOB ?1{name}"
            ids = [number for (number,) in self._database.rows(query, (composed(glob),))]
        return np.isin(self._ids, np.array(ids, dtype=np.int64))


def _number(date: str, *, last: bool) -> int:
    """The first or the last day that a date stands for, as YYYYMMDD."""
    return int(date_range(parse_date(date))[last].replace("-", ""))
