"""Publishes an index to a store that other machines read: what differs, and nothing else.

The index stays the truth; the store is a copy of it with generations of its own. New documents
are written out of sight, one entity is changed, and only then what is gone is deleted: whoever
opens the store meanwhile, and whatever is broken off, sees the old state or the new one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from rag.errors import BadInput, IndexMismatch
from rag.store.index import Index
from rag.store.milvus_client import Milvus, parse_address
from rag.store.milvus_state import State, read_state, write_state
from rag.store.milvus_upload import (
    Uploader,
    content_of,
    key_of,
    passage_terms,
    remove,
    stored_terms,
)
from rag.store.milvus_words import holding_of, term_key
from rag.store.summary import Progress

__all__ = ["Published", "publish"]

#: How far the mean length of a passage may drift before all are weighed anew, as a share.
DRIFT = 0.01


@dataclass(frozen=True, slots=True)
class Published:
    """What was done, counted in documents; `passages` are the store's after it."""

    url: str
    added: int
    removed: int
    unchanged: int
    passages: int
    generation: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run has to do: contents to keys to write, and keys to delete when it is done.

    `written` are those of a run before this one that was broken off; `dead` are seen by readers
    until the end, `stray` never were. A new `epoch` writes every document again.
    """

    add: dict[int, int]
    written: frozenset[int]
    dead: list[int]
    stray: list[int]
    epoch: int
    length: int
    average: float
    terms: set[str]


def publish(
    index: Index, url: str, *, refill: bool = False, progress: Progress | None = None
) -> Published:
    """Brings a store up to an index, for the one process that may write to it.

    `refill` forgets what the store holds. What an earlier run has written and not finished is
    kept where it still fits. Raises `IndexMismatch` or `BadInput` for the copy of another index.
    """
    started = time.perf_counter()
    milvus = Milvus(parse_address(url), create=True)
    try:
        if refill:
            milvus.drop()
        if not milvus.exists():
            milvus.create(index.manifest.dimension)
            write_state(milvus, State(0, 0, -1, index.manifest, 0, 0, 0, 0.0, (), ""))
        added, removed, state = _Publisher(index, milvus, progress).run()
    finally:
        milvus.close()
    unchanged = state.documents - added
    seconds = time.perf_counter() - started
    return Published(url, added, removed, unchanged, state.size, state.generation, seconds)


class _Publisher:
    """One run over an index that is held in one state."""

    def __init__(self, index: Index, milvus: Milvus, progress: Progress | None) -> None:
        self.index = index
        self.milvus = milvus
        self.progress = progress
        self.state = read_state(milvus)
        theirs, ours = asdict(self.state.manifest), asdict(index.manifest)
        if {**theirs, "base": ""} != {**ours, "base": ""}:
            raise IndexMismatch(
                f"The store {milvus.address.url} was filled from an index that was built with"
                " another embedder or passages of another size.",
                hint="Fill it anew with `rag index --refill --store …`, or name another store.",
            )

    def run(self) -> tuple[int, int, State]:
        """Documents added and removed, and the state after it."""
        generation = self.state.generation
        over = f"(died > 0 and died <= {generation}) or epoch < {self.state.epoch}"
        remove(self.milvus, [e["key"] for e in self._documents(over)])
        have = self._documents("born >= 0")
        same = self.state.source_generation == self.index.generation
        if same and all(e["born"] <= generation and e["died"] == 0 for e in have):
            return 0, 0, self.state
        plan = self._plan(have)
        self._mark(have, plan)
        self._write(plan)
        self._count(plan.terms)
        remove(self.milvus, plan.stray)
        self.milvus.flush()
        state = self._next(plan)
        write_state(self.milvus, state)
        remove(self.milvus, plan.dead)
        return len(plan.add), len(plan.dead), state

    def _documents(self, condition: str) -> list[dict[str, Any]]:
        fields = ("key", "content", "source", "born", "died", "epoch", "whole")
        return list(self.milvus.rows("documents", condition, fields))

    def _plan(self, have: list[dict[str, Any]]) -> _Plan:
        live = {e["content"]: e["key"] for e in have if self._live(e)}
        wanted = {content_of(info): info.source for info in self.index.documents()}
        self._check_sources({e["source"] for e in have if self._live(e)}, set(wanted.values()))
        add = [content for content in wanted if content not in live]
        dead = [key for content, key in live.items() if content not in wanted]
        came, terms = self._measured(wanted[content] for content in add)
        went, gone = _counted(stored_terms(self.milvus, self._dimension, dead))
        length = self.state.length + came - went
        average = self._average(length)
        anew = average != self.state.average
        keys = {content: key_of(content, average) for content in (wanted if anew else add)}
        new, kept = [e for e in have if not self._live(e)], set(keys.values())
        stray = [e["key"] for e in new if e["key"] not in kept]
        terms |= gone | _counted(stored_terms(self.milvus, self._dimension, stray))[1]
        written = frozenset(e["key"] for e in new if e["whole"])
        epoch = self.state.epoch + int(anew)
        return _Plan(keys, written, dead, stray, epoch, length, average, terms)

    def _live(self, entity: dict[str, Any]) -> bool:
        """Whether a document is part of what readers see now."""
        return bool(entity["born"] <= self.state.generation)

    def _check_sources(self, theirs: set[str], ours: set[str]) -> None:
        if theirs and ours and theirs.isdisjoint(ours):
            raise BadInput(
                f"The store {self.milvus.address.url} is the copy of an index of other documents.",
                hint="Name another store, or fill it anew with `rag index --refill --store …`.",
            )

    def _average(self, length: int) -> float:
        """The mean length that passages are weighed with: the old one until it is off."""
        mean = length / self.index.size if self.index.size else 0.0
        old = self.state.average
        return old if old > 0 and abs(mean / old - 1) <= DRIFT else mean

    def _measured(self, sources: Iterable[str]) -> tuple[int, set[str]]:
        """Of documents of the index, the number of their passages' terms and which there are."""
        length, terms = 0, set[str]()
        for source in sources:
            document = self.index.document(source)
            if document is not None:
                passages = self.index.passages(self.index.rows_of(source))
                more, found = _counted(passage_terms(document, p.start, p.end) for p in passages)
                length += more
                terms |= found
        return length, terms

    def _mark(self, have: list[dict[str, Any]], plan: _Plan) -> None:
        """Says of each document that was live when it dies; a reader of then still sees it."""
        dead, later = set(plan.dead), self.state.generation + 1
        live = [e for e in have if self._live(e)]
        wrong = [e["key"] for e in live if e["died"] != (later if e["key"] in dead else 0)]
        found = self.milvus.by_key("documents", wrong, ["*"])
        self.milvus.put(
            "documents", [{**e, "died": later if e["key"] in dead else 0} for e in found]
        )

    def _write(self, plan: _Plan) -> None:
        if self.progress:
            self.progress.start(len(plan.add))
            self.progress.note("publishing")
        born = self.state.generation + 1
        uploader = Uploader(self.index, self.milvus, born, plan.epoch, plan.average)
        for info in self.index.documents():
            key = plan.add.get(content_of(info))
            if key is None:
                continue
            if key not in plan.written:
                uploader.add(key, info)
            if self.progress:
                self.progress.advance(1)
        uploader.flush()

    def _count(self, terms: set[str]) -> None:
        """Sets how many passages hold each term: numbers of the index, not sums of changes."""
        rest = iter(sorted(terms))
        while some := list(islice(rest, 5000)):
            rarity = self.index.term_rarity(some)
            counts = {t: holding_of(self.index.size, rarity[t]) for t in some}
            held = [{"term": term_key(t), "passages": n} for t, n in counts.items() if n > 0]
            self.milvus.put("terms", held)
            self.milvus.delete("terms", "term", [term_key(t) for t, n in counts.items() if n == 0])

    def _next(self, plan: _Plan) -> State:
        return State(
            generation=self.state.generation + 1,
            epoch=plan.epoch,
            source_generation=self.index.generation,
            manifest=self.index.manifest,
            documents=sum(1 for _ in self.index.documents()),
            size=self.index.size,
            length=plan.length,
            average=plan.average,
            languages=self.index.languages,
            published=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    @property
    def _dimension(self) -> int:
        return self.state.manifest.dimension


def _counted(passages: Iterable[Sequence[str]]) -> tuple[int, set[str]]:
    """The number of terms of some passages, and which there are."""
    length, terms = 0, set[str]()
    for found in passages:
        length += len(found)
        terms.update(found)
    return length, terms
