"""The dense leg, against numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.store.database import Database
from rag.store.history import record
from rag.store.schema import seal
from rag.store.vectors import VectorIndex, open_vectors

D = 6


def filled(directory: Path, vectors: np.ndarray, rows: np.ndarray) -> Database:
    directory.mkdir(parents=True, exist_ok=True)
    database = Database(directory, create=True)
    execute = database.connection.execute
    execute("INSERT INTO files VALUES (1, 'f', 1, 1, 'x', 0)")
    execute("INSERT INTO documents VALUES (1, 1, 's', 'text', NULL, NULL, NULL, NULL, NULL, NULL,"
            " NULL, 'en', 0, 0, 0, 't')")  # fmt: skip
    for row, vector in zip(rows.tolist(), vectors, strict=True):
        execute(
            "INSERT INTO vectors (text_key, vector, sentences, seal) VALUES (?, ?, ?, ?)",
            (f"k{row}", data := vector.astype("<f4").tobytes(), b"", seal(f"k{row}", data, b"")),
        )
        execute(
            "INSERT INTO passages VALUES (?, ?, 1, 0, 1, 1, 1, NULL, ?, '', 0)",
            (row, f"p{row}", f"k{row}"),
        )
    database.put("generation", "1")
    record(database, 1, int(rows.max(initial=0)))
    return database


@pytest.fixture(scope="module")
def some(tmp_path_factory) -> tuple[VectorIndex, np.ndarray, np.ndarray]:
    """60 vectors of small whole numbers, so that scores are exact and many are equal."""
    generator = np.random.default_rng(3)
    vectors = generator.integers(-1, 2, size=(60, D)).astype(np.float32)
    rows = np.sort(1 + generator.choice(500, size=60, replace=False)).astype(np.int64)
    database = filled(tmp_path_factory.mktemp("v"), vectors, rows)
    return open_vectors(database, D), vectors, rows


@settings(max_examples=80, deadline=None)
@given(
    query=st.lists(st.integers(-2, 2), min_size=D, max_size=D),
    k=st.integers(0, 70),
    chosen=st.one_of(st.none(), st.sets(st.integers(0, 59))),
)
def test_search_is_brute_force_with_ties_in_order(some, query, k, chosen) -> None:
    index, vectors, rows = some
    wanted = np.array(query, dtype=np.float32)
    places = range(60) if chosen is None else sorted(chosen)
    scored = sorted((-float(vectors[i] @ wanted), int(rows[i])) for i in places)
    allowed = None if chosen is None else rows[places]
    if chosen is not None and not chosen:
        allowed = np.zeros(0, dtype=np.int64)
    assert index.search(wanted, k, allowed) == [(row, -score) for score, row in scored[:k]]


def test_an_index_without_passages_finds_nothing(tmp_path) -> None:
    database = filled(tmp_path, np.zeros((0, D)), np.zeros(0, dtype=np.int64))
    assert open_vectors(database, D).search(np.ones(D, dtype=np.float32), 5) == []


def test_what_was_written_is_read_again(tmp_path, some) -> None:
    _, vectors, rows = some
    database = filled(tmp_path, vectors, rows)
    query = np.ones(D, dtype=np.float32)
    built = open_vectors(database, D).search(query, 9)
    database.connection.execute("DELETE FROM vectors")  # so that only the file can answer
    assert open_vectors(database, D).search(query, 9) == built
