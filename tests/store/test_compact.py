"""Real deletion: bytes of what was removed are in no file of the index."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import IndexLocked, RagError
from rag.store import files
from rag.store.lexical import analyse
from rag.store.status import index_status
from tests.store.fakes import Store

#: Words that stand in one document alone; their stems are what the lexical index keeps.
SECRET = "Quixplorabint zephyrmantle okapiwhistle"


def traces(store: Store, *extra: bytes) -> list[str]:
    """The files of the index that hold a part of the secret: words, stems or other bytes."""
    words = SECRET.lower().split()
    parts = {w.encode() for w in (*words, *SECRET.split(), *analyse(SECRET))} | set(extra)
    found = [p for p in sorted(store.directory.rglob("*")) if p.is_file()]
    return [p.name for p in found if any(part in p.read_bytes() for part in parts)]


def vector_of(store: Store, source: str) -> bytes:
    """Bytes from inside the vector of a document's one passage."""
    with closing(sqlite3.connect(store.directory / "rag.db")) as connection:
        query = (
            "SELECT v.vector FROM vectors v JOIN passages p USING (text_key)"
            " JOIN documents d ON d.id = p.document WHERE d.source = ?"
        )
        return connection.execute(query, (source,)).fetchone()[0][16:64]


@pytest.fixture
def filled(store: Store) -> Store:
    for n in range(12):
        store.write(f"docs/{n}.txt", f"Text {n} is about herons and rivers, number {n}.\n")
    store.write("docs/secret.txt", f"{SECRET} is a thing to be forgotten.\n")
    store.update("docs")
    return store


@pytest.mark.parametrize("option", ["purge", "compact"])
def test_what_is_removed_is_gone_from_every_file(filled: Store, option: str) -> None:
    vector = vector_of(filled, "docs/secret.txt")
    assert {"rag.db", "vectors.npy"} <= set(traces(filled, vector))
    (filled.base / "docs/secret.txt").unlink()
    assert filled.update("docs", **{option: True}).removed == 1
    assert traces(filled, vector, b"secret.txt") == []
    assert index_status(filled.directory, check=True).whole
    assert filled.update("docs").embedded == 0


def test_compact_removes_what_an_earlier_run_removed(filled: Store) -> None:
    (filled.base / "docs/secret.txt").unlink()
    filled.update("docs")
    assert traces(filled), "the search indexes were expected to keep what is gone"
    with filled.open() as index:
        assert index.lexical(SECRET, 5) == []
    filled.update("docs", compact=True)
    assert traces(filled) == []


def test_an_earlier_version_of_a_changed_document_is_purged(filled: Store) -> None:
    filled.write("docs/secret.txt", "Nothing to see here.\n")
    filled.update("docs", purge=True)
    assert traces(filled) == []


def test_nothing_is_left_after_a_long_history(store: Store) -> None:
    """Pages that were split, joined and moved keep no copies either."""
    chance = random.Random(4)
    for step in range(6):
        for n in chance.sample(range(30), 12):
            words = " ".join(f"w{chance.randrange(400)}" for _ in range(chance.randrange(5, 900)))
            secret = SECRET if n % 3 == 0 else ""
            store.write(f"docs/{n}.txt", f"{secret} {words} {step}\n")
        store.update("docs")
    for path in (store.base / "docs").iterdir():
        if SECRET in path.read_text():
            path.unlink()
    store.update("docs", purge=True)
    assert traces(store) == []


def test_compact_gives_space_back_and_changes_nothing_else(filled: Store) -> None:
    filled.write("docs/long.txt", "Long words about nothing at all. " * 3000)
    filled.update("docs")
    (filled.base / "docs/long.txt").unlink()
    filled.update("docs")
    before, size = filled.contents(), (filled.directory / "rag.db").stat().st_size
    found = filled.found("herons and rivers")
    filled.update("docs", compact=True)
    assert filled.contents() == before
    assert filled.found("herons and rivers") == found
    assert (filled.directory / "rag.db").stat().st_size < size / 2


def test_compact_mends_a_damaged_search_index(filled: Store) -> None:
    path = next(p for p in (filled.directory / "vectors").iterdir() if p.suffix == ".npy")
    path.write_bytes(path.read_bytes()[:-8])
    [damage] = index_status(filled.directory, check=True).checked.damage
    assert "--compact" in damage.mend
    filled.update("docs", compact=True)
    assert index_status(filled.directory, check=True).whole


def test_a_reader_of_the_state_before_is_named(filled: Store, monkeypatch) -> None:
    """What it reads cannot be taken from it; so the run says that the bytes are still there."""
    monkeypatch.setattr("rag.store.connect.PATIENCE", 0.05)
    (filled.base / "docs/secret.txt").unlink()
    with filled.open() as index:
        with pytest.raises(IndexLocked, match="keeps an earlier state"):
            filled.update("docs", purge=True)
        assert index.document("docs/secret.txt") is not None
    filled.update("docs", compact=True)
    assert traces(filled) == []


@pytest.mark.parametrize("leg", ["vectors", "lexical"])
def test_what_cannot_be_written_anew_is_removed(filled: Store, monkeypatch, leg: str) -> None:
    """A full disk, say: better no search index, which the next question builds, than the old."""
    (filled.base / "docs/secret.txt").unlink()
    filled.update("docs")
    whole = files.publish

    def full(folder: Path, *given) -> None:
        if folder.name == leg:
            raise OSError(28, "No space left on device")
        whole(folder, *given)

    monkeypatch.setattr(files, "publish", full)
    assert traces(filled)
    filled.update("docs", compact=True)
    assert traces(filled) == []
    assert not (filled.directory / leg).exists()
    monkeypatch.undo()
    assert filled.found("herons and rivers")
    assert traces(filled) == []


def test_an_old_search_index_that_stays_is_told(filled: Store, monkeypatch) -> None:
    """It is renamed before it is removed; so it may stay under another name."""
    (filled.base / "docs/secret.txt").unlink()
    monkeypatch.setattr(files.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(RagError, match=r"(vectors|lexical)\.\S* cannot be removed"):
        filled.update("docs", purge=True)
    monkeypatch.undo()
    filled.update("docs", compact=True)
    assert traces(filled) == []
