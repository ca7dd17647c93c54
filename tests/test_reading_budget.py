"""Reading: how many passages a time budget allows, and what becomes of the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from rag.asking.question import understand
from rag.models.reader import PassageReading
from rag.read import READ_AT_ONCE, READ_HITS, TrainedReader
from rag.retrieve import retrieve
from rag.store.index import Index
from rag.types import Document, Filters, Hit
from tests.store.fakes import FakeEmbedder, Store

FILES = READ_HITS + 8


class Counting:
    """A model that reads slowly, likes later passages, and counts what it was given."""

    name = "counting"

    def __init__(self, seconds: float = 0.0) -> None:
        self.seen: list[str] = []
        self._seconds = seconds

    def read(self, question: str, passages: list[str]) -> list[PassageReading]:
        time.sleep(self._seconds)
        self.seen += passages
        flat = np.zeros(1, "f4")
        return [PassageReading(0.0, 0.0, flat, flat, flat, ((0, len(text)),)) for text in passages]


@pytest.fixture(scope="module")
def birds(tmp_path_factory) -> Iterator[tuple[list[Hit], dict[str, Document]]]:
    with pytest.MonkeyPatch.context() as patch:
        base = tmp_path_factory.mktemp("birds")
        patch.chdir(base)
        store = Store(base)
        for number in range(FILES):
            store.write(f"a/{number}.txt", f"The raven met heron number {number} at the lake.\n")
        store.update("a")
        with store.open() as index:
            yield _found(index)


def _found(index: Index) -> tuple[list[Hit], dict[str, Document]]:
    hits = retrieve(index, FakeEmbedder(), understand("Who met the raven?"), Filters(), FILES)
    documents = {h.passage.source: index.document(h.passage.source) for h in hits}
    return hits, {source: found for source, found in documents.items() if found is not None}


def test_without_a_budget_the_first_hits_are_read_and_all_are_kept(birds) -> None:
    hits, documents = birds
    model = Counting()
    reading = TrainedReader(model).read(understand("Who met the raven?"), hits, documents)
    assert len(hits) == FILES
    assert len(model.seen) == READ_HITS
    assert {h.passage.row for h in reading.hits} == {h.passage.row for h in hits}
    assert reading.hits[READ_HITS:] == tuple(hits[READ_HITS:])


def test_a_budget_that_is_used_up_leaves_the_best_hits_read(birds) -> None:
    hits, documents = birds
    model = Counting(seconds=0.02)
    reader = TrainedReader(model, budget_ms=1.0)
    reading = reader.read(understand("Who met the raven?"), hits, documents)
    assert len(model.seen) == READ_AT_ONCE
    assert {h.passage.row for h in reading.hits} == {h.passage.row for h in hits}
    assert reading.hits[READ_AT_ONCE:] == tuple(hits[READ_AT_ONCE:])
    read = {h.passage.row for h in hits[:READ_AT_ONCE]}
    assert {e.hit.passage.row for e in reading.evidence} <= read


def test_a_budget_that_suffices_changes_nothing(birds) -> None:
    hits, documents = birds
    question = understand("Who met the raven?")
    plain = TrainedReader(Counting()).read(question, hits, documents)
    bounded = TrainedReader(Counting(), budget_ms=60_000.0).read(question, hits, documents)
    assert bounded == plain
