"""Reads every byte that an index stands on and says what is damaged, and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from rag.errors import IndexBroken
from rag.store.database import Database
from rag.store.files import fresh, stamped
from rag.store.history import marked
from rag.store.manifest import read_manifest
from rag.store.names import passage_id, text_sha
from rag.store.schema import SEALED, seal
from rag.types import Span

if TYPE_CHECKING:
    pass

__all__ = ["Checked", "Damage", "check_index"]

#: Of rows that are damaged in the same way, so many are named.
NAMED = 3

#: How far the length of a vector may be from 1: that of a sentence is kept in half precision.
SLACK = 5e-3

_PIECE = 2048


@dataclass(frozen=True, slots=True)
class Damage:
    """What is damaged, in a sentence, and the command that mends it."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check: all of the damage that was found, and how much was looked at.

    `derived` are the folders whose every byte was compared; `missing` those that are not there,
    or not of this database, as after an update that was killed: the next question builds them.
    """

    damage: tuple[Damage, ...]
    documents: int
    passages: int
    vectors: int
    derived: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.damage


def check_index(database: Database, derived: Sequence[str]) -> Checked:
    """Checks the truth row by row and the `derived` folders byte by byte.

    Raises nothing for damage inside a database that opens.
    """
    found = _Findings(database)
    for part in (_structure, _seals, _documents, _passages, _vectors):
        found.collect(part)
    found.damage += _past(database)
    there = [name for name in derived if _ours(database, stamped(database.directory / name))]
    for name in there:
        found.damage += _derived(database, name)
    return Checked(
        damage=tuple(found.damage),
        documents=_count(database, "documents"),
        passages=_count(database, "passages"),
        vectors=_count(database, "vectors"),
        derived=tuple(there),
        missing=tuple(name for name in derived if name not in there),
    )


class _Findings:
    """Collects damage of the truth; damage that ends a part of the check is one finding of it."""

    def __init__(self, database: Database) -> None:
        self.damage: list[Damage] = []
        self._database = database
        self._mend = f"rag index --rebuild --index {database.directory}"

    def collect(self, part: Callable[[Database], Iterator[str]]) -> None:
        """What a part of the check yields, each sentence once; the first few of its kind."""
        try:
            for what in part(self._database):
                self._add(what)
        except (IndexBroken, ValueError, TypeError, AttributeError, OverflowError) as error:
            self._add(error.message if isinstance(error, IndexBroken) else f"{error}.")

    def _add(self, what: str) -> None:
        damage = Damage(what, self._mend)
        if damage not in self.damage:
            self.damage.append(damage)


def _structure(database: Database) -> Iterator[str]:
    """What SQLite itself finds: pages, order, indexes, references."""
    for (line,) in islice(database.rows("PRAGMA integrity_check(10)"), NAMED):
        if line != "ok":
            yield f"The database is damaged: {str(line).splitlines()[-1]}."
    for table, *_ in islice(database.rows("PRAGMA foreign_key_check"), NAMED):
        yield f"A row of {table} points at a row that is not there."
    read_manifest(database)


def _seals(database: Database) -> Iterator[str]:
    """Rows of any table that have changed since they were written."""
    for table, columns in SEALED.items():
        query = f"SELECT seal, {', '.join(columns)} FROM {table}"
        changed = (v for v in database.rows(query) if not _holds(v))
        name = "source" if table == "documents" else columns[0]
        at = 1 + columns.index(name)
        yield from _named(f"A row of {table} has changed on disk", (v[at] for v in changed))


def _holds(values: Sequence[Any]) -> bool:
    return bool(seal(*values[1:]) == values[0])


def _documents(database: Database) -> Iterator[str]:
    """Paragraphs that are not those sealed with their document, or that lie outside its text."""
    query = "SELECT id, source, outline, text, body_start FROM documents ORDER BY id"
    damaged = (
        source
        for number, source, outline, text, body in database.rows(query)
        if not _outline_holds(database, number, outline, len(text)) or not 0 <= body <= len(text)
    )
    yield from _named("The paragraphs of a document are damaged", damaged)
    query = "SELECT path FROM files WHERE length(sha256) <> 64 OR sha256 GLOB '*[^0-9a-f]*'"
    yield from _named("A file has no proper hash", (path for (path,) in database.rows(query)))


def _outline_holds(database: Database, number: int, outline: int, length: int) -> bool:
    query = (
        "SELECT number, start, end, page, heading FROM paragraphs WHERE document = ? ORDER BY at"
    )
    found = list(database.rows(query, (number,)))
    last = 0
    for _, start, end, *_ in found:
        if not last <= start <= end <= length:
            return False
        last = end
    return seal(repr(found)) == outline


def _passages(database: Database) -> Iterator[str]:
    """Passages whose name is not that of their text, or that lack a vector."""
    yield from _named("A passage is not the text of its document", _misnamed(database))
    query = (
        "SELECT d.source FROM passages p JOIN documents d ON d.id = p.document"
        " WHERE p.text_key NOT IN (SELECT text_key FROM vectors)"
    )
    yield from _named("A passage has no vector", (s for (s,) in database.rows(query)))


def _misnamed(database: Database) -> Iterator[str]:
    query = "SELECT id, source, text FROM documents ORDER BY id"
    for number, source, text in database.rows(query):
        sha = text_sha(text)
        spans = database.rows("SELECT id, start, end FROM passages WHERE document = ?", (number,))
        for name, start, end in spans:
            if not 0 <= start < end <= len(text) or name != passage_id(
                source, sha, Span(start, end)
            ):
                yield source


def _vectors(database: Database) -> Iterator[str]:
    """Vectors that are not finite, not of length 1 or not of the index's dimension."""
    import numpy as np

    dimension = read_manifest(database).dimension
    rows = database.rows("SELECT text_key, vector, sentences FROM vectors ORDER BY id")

    def wrong() -> Iterator[str]:
        while piece := list(islice(rows, _PIECE)):
            for key, vector, sentences in piece:
                kinds = ((vector, "<f4"), (sentences, "<f2"))
                if len(vector) != 4 * dimension or not all(
                    _normalised(np, data, kind, dimension) for data, kind in kinds
                ):
                    yield key

    yield from _named("A vector is not one", wrong())


def _normalised(np: Any, data: bytes, kind: str, dimension: int) -> bool:
    if len(data) % (np.dtype(kind).itemsize * dimension):
        return False
    vectors = np.frombuffer(data, dtype=kind).astype(np.float64).reshape(-1, dimension)
    lengths = np.sqrt((vectors * vectors).sum(axis=1))
    return bool(np.all(np.abs(lengths - 1) <= SLACK))


def _named(what: str, names: Iterator[Any]) -> Iterator[str]:
    """`what: a, b, c and 12 more.`, if there are names at all."""
    first = list(dict.fromkeys(str(n) for n in islice(names, NAMED)))
    if first:
        left = sum(1 for _ in names)
        more = f" and {left} more" if left else ""
        yield f"{what}: {', '.join(first)}{more}."


def _past(database: Database) -> Iterator[Damage]:
    """Whether the last state that was committed is lost, as by damage to the database's log."""
    last = marked(database.directory)
    if last is not None and not _ours(database, last):
        yield Damage(
            "The database is of an earlier state than the last one: its log was damaged or lost,"
            " or it was brought back from a copy.",
            f"rag index --index {database.directory}",
        )


def _derived(database: Database, name: str) -> Iterator[Damage]:
    """Whether a derived folder is as it was written."""
    folder = database.directory / name
    while True:
        generation = stamped(folder)
        whole = fresh(folder, lambda _: True, hashed=True)
        if generation == stamped(folder):  # else a writer has put another in its place
            break
    if not whole:
        again = f"rag index --compact --index {database.directory}"
        yield Damage(f"The {name} index is damaged.", again)


def _ours(database: Database, generation: int | None) -> bool:
    """Whether the database has had a state; by now, because a writer may be at work."""
    if generation is None or database.knows(generation):
        return generation is not None
    with closing(Database(database.directory)) as current:
        return current.knows(generation)


def _count(database: Database, table: str) -> int:
    try:
        found = database.one(f"SELECT count(*) FROM {table}")
    except IndexBroken:
        return 0
    return int(found[0]) if found else 0
