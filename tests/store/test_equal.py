"""Any way to the same files gives the same index: contents, scores and rankings, ties included."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rag.store import legs, writing
from rag.store.database import Database
from rag.store.plan import read_plan
from rag.store.status import index_status
from rag.types import Filters
from tests.store.fakes import Store

WORDS = ("heron", "otter", "raven", "bread", "salt", "ship")
NAMES = st.sampled_from(["a.txt", "b.txt", "c.txt", "sub/a.txt", "sub/2020-05-01-d.txt", "e.jsonl"])
#: Few words, so that many passages are equal and their scores as well.
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3
)
QUERIES = ("heron", "otter and raven", "bread salt ship ship")


def as_file(name: str, parts: list[str]) -> str:
    if name.endswith(".jsonl"):
        return "".join(f'{{"_id": "{n}", "text": "{text}."}}\n' for n, text in enumerate(parts))
    return "\n\n".join(f"{text}." for text in parts)


def rankings(store: Store) -> list[object]:
    """All that is found, by all depths, with and without filters, by ids of passages."""
    found: list[object] = []
    with store.open() as index:
        for query in QUERIES:
            vector = store.embedder.encode_queries([query])[0]
            for filters in (Filters(), Filters(source="sub/*"), Filters(since="2020")):
                allowed = index.allowed(filters)
                for k in (1, 3, 50):
                    for ranked in (
                        index.dense(vector, k, allowed),
                        index.lexical(query, k, allowed),
                    ):
                        passages = index.passages([row for row, _ in ranked])
                        scores = [score for _, score in ranked]
                        found.append([(p.id, s) for p, s in zip(passages, scores, strict=True)])
            rows = index.rows()
            found.append(index.lexical_scores(query, rows).tolist())
            found.append(index.rarity(query))
    return found


class Updates(RuleBasedStateMachine):
    """Files come, change, move and go; updates run in between, with bases built early or late."""

    def __init__(self) -> None:
        super().__init__()
        self.before = Path.cwd()
        self.folder = Path(tempfile.mkdtemp())
        os.chdir(self.folder)
        self.store = Store(self.folder)
        self.kept = legs.TAIL_ROWS, writing.BATCH
        (self.folder / "docs").mkdir()
        self.updated = False

    def teardown(self) -> None:
        legs.TAIL_ROWS, writing.BATCH = self.kept
        os.chdir(self.before)
        shutil.rmtree(self.folder)

    def paths(self) -> list[Path]:
        return sorted(p for p in (self.folder / "docs").rglob("*") if p.is_file())

    @rule(name=NAMES, parts=TEXTS)
    def write(self, name: str, parts: list[str]) -> None:
        self.store.write(f"docs/{name}", as_file(name, parts))
        self.updated = False

    @precondition(lambda self: self.paths())
    @rule(data=st.data(), name=NAMES)
    def move(self, data: st.DataObject, name: str) -> None:
        old = data.draw(st.sampled_from(self.paths()))
        new = self.folder / "docs" / name
        if old.suffix == new.suffix:
            new.parent.mkdir(exist_ok=True)
            old.replace(new)
            self.updated = False

    @precondition(lambda self: self.paths())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.paths())).unlink()
        self.updated = False

    @rule(
        rows=st.sampled_from([0, 2, 1000]),
        batch=st.sampled_from([1, 512]),
        deletion=st.sampled_from([{}, {}, {"purge": True}, {"compact": True}]),
    )
    def update(self, rows: int, batch: int, deletion: dict[str, bool]) -> None:
        legs.TAIL_ROWS, writing.BATCH = rows, batch
        self.store.update("docs", **deletion)
        self.updated = True

    @precondition(lambda self: self.updated)
    @invariant()
    def equals_an_index_made_at_once(self) -> None:
        fresh = Store(self.folder)
        fresh.directory = self.folder / "fresh"
        legs.TAIL_ROWS, writing.BATCH = self.kept
        fresh.update("docs")
        assert fresh.contents() == self.store.contents()
        assert rankings(fresh) == rankings(self.store)
        shutil.rmtree(fresh.directory)
        self.updated = False


Updates.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestUpdates = pytest.mark.slow(Updates.TestCase)


@pytest.fixture
def many(store: Store) -> Store:
    for number in range(12):
        store.write(f"docs/{number:02d}.txt", f"The {WORDS[number % 6]} and the number {number}.\n")
    store.update("docs")
    return store


def stamps(store: Store) -> list[str]:
    return [(store.directory / leg / "stamp.json").read_text() for leg in legs.LEGS]


def test_a_small_update_leaves_the_bases_alone_and_vectors_follow(many: Store) -> None:
    before = stamps(many)
    many.write("docs/new.txt", "A zeppelin over the heron.\n")
    (many.base / "docs/03.txt").unlink()
    done = many.update("docs")
    assert (done.added, done.removed, done.passages) == (1, 1, 12)
    assert stamps(many) == before
    [dense, lexical] = many.found("zeppelin")
    with many.open() as index:
        [row] = index.rows_of("docs/new.txt")
        assert index.passages([row])[0].id == dense[1][0][0] == lexical[1][0][0]
        assert row == 13
    database = Database(many.directory)
    try:
        assert list(database.rows("SELECT row FROM gone")) == [(4,)]
        assert database.one("SELECT count(*) FROM vectors") == (12,)
        assert database.one("SELECT count(*) FROM loose") == (0,)
    finally:
        database.close()
    assert index_status(many.directory).whole


def test_a_large_update_builds_them_anew_and_forgets_what_was_gone(
    many: Store, monkeypatch
) -> None:
    monkeypatch.setattr(legs, "TAIL_ROWS", 1)
    before = stamps(many)
    many.write("docs/new.txt", "A zeppelin over the heron.\n")
    (many.base / "docs/03.txt").unlink()
    many.update("docs")
    assert not set(stamps(many)) & set(before)
    database = Database(many.directory)
    try:
        assert database.one("SELECT count(*) FROM gone") == (0,)
        assert database.one("SELECT count(*) FROM history") == (1,)
    finally:
        database.close()
    rows = np.load(many.directory / "lexical" / "rows.npy")
    assert sorted(rows.tolist()) == [1, 2, 3, *range(5, 14)]


def test_a_row_is_never_given_twice(many: Store) -> None:
    for _ in range(3):
        (many.base / "docs/11.txt").unlink()
        many.update("docs")
        many.write("docs/11.txt", "The heron is back.\n")
        many.update("docs")
    with many.open() as index:
        assert index.rows_of("docs/11.txt") == [15]
        assert len(index.lexical("heron", 20)) == 3


def test_a_reader_sees_its_generation_while_bases_are_built_anew(many: Store, monkeypatch) -> None:
    monkeypatch.setattr(legs, "TAIL_ROWS", 0)
    wanted = many.found("heron")
    with many.open() as index:
        (many.base / "docs/00.txt").unlink()
        many.update("docs")
        vector = many.embedder.encode_queries(["heron"])[0]
        for (_, first), found in zip(
            wanted, (index.dense(vector, 5), index.lexical("heron", 5)), strict=True
        ):
            passages = index.passages([row for row, _ in found])
            assert [p.id for p in passages] == [name for name, _ in first]
    assert many.found("heron") != wanted


def test_how_vectors_are_searched_is_remembered_and_can_be_changed(many: Store) -> None:
    def kind() -> str:
        return read_plan(many.directory / "vectors").kind

    assert kind() == "flat"
    wanted = many.found("heron")
    many.update("docs", faiss="ivf")
    assert (kind(), many.found("heron")) == ("ivf", wanted)
    many.update("docs")
    many.update(rebuild=True)
    assert kind() == "ivf"
    many.update("docs", faiss="auto")
    assert (kind(), many.found("heron")) == ("flat", wanted)
