"""Updating an index: what is read, what is embedded, what is kept, what survives."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from rag.errors import BadInput, IndexLocked, IndexMismatch, RagError
from rag.ingest import ahead as ahead_module
from rag.store import update as update_module
from rag.store import writing
from rag.store.files import writer_lock
from rag.store.status import index_status
from tests.store.fakes import FakeEmbedder, Store, counts

A = "The heron stands in the shallow water.\n\nIt waits for a fish.\n"
B = "A lighthouse keeper counts the ships at night.\n"
C = "Bread needs flour, water, salt and time.\n"


@pytest.fixture
def three(store: Store) -> Store:
    for name, text in (("docs/a.txt", A), ("docs/b.txt", B), ("docs/2020-05-01-c.txt", C)):
        store.write(name, text)
    assert counts(store.update("docs")) == (3, 0, 0, 0, 0)
    return store


def test_unchanged_files_are_neither_read_nor_embedded(three: Store, monkeypatch) -> None:
    monkeypatch.setattr(ahead_module, "read_file", lambda *_: pytest.fail("a file was read"))
    before, loaded = three.contents(), three.loaded
    with three.open() as index:
        generation = index.generation
    assert counts(three.update("docs")) == (0, 0, 0, 0, 3)
    assert counts(three.update()) == (0, 0, 0, 0, 3)
    assert (three.contents(), three.loaded) == (before, loaded)
    with three.open() as index:
        assert index.generation == generation


def test_a_touched_file_of_the_same_content_counts_as_unchanged(three: Store) -> None:
    os.utime(three.base / "docs/a.txt", (1, 1))
    done = three.update("docs")
    assert (counts(done), done.embedded) == ((0, 0, 0, 0, 3), 0)


def test_add_change_and_remove(three: Store) -> None:
    three.write("docs/d.txt", "A fourth text about otters.\n")
    three.write("docs/a.txt", "The heron has flown away.\n")
    (three.base / "docs/b.txt").unlink()
    done = three.update("docs")
    assert (counts(done), done.embedded) == ((1, 1, 0, 1, 1), 2)
    assert [c[2] for c in three.contents()] == ["docs/2020-05-01-c.txt", "docs/a.txt", "docs/d.txt"]
    assert three.found("lighthouse")[1] == ("lexical", [])
    database = sqlite3.connect(three.directory / "rag.db")
    assert database.execute("SELECT count(*) FROM vectors").fetchone() == (3,)


def test_a_moved_file_is_not_embedded_again_and_its_names_follow(three: Store) -> None:
    before = three.contents()
    (three.base / "docs/new").mkdir()
    (three.base / "docs/a.txt").rename(three.base / "docs/new/z.txt")
    done = three.update("docs")
    assert (counts(done), done.embedded) == ((0, 0, 1, 0, 2), 0)
    after = three.contents()
    assert {c[2] for c in after} == {"docs/new/z.txt", "docs/b.txt", "docs/2020-05-01-c.txt"}
    assert {c[5] for c in after} == {c[5] for c in before}
    fresh = Store(three.base)
    fresh.directory = three.base / "other"
    fresh.update("docs")
    assert fresh.contents() == after


@pytest.mark.parametrize("name", ["docs/2021-06-02-c.txt", "docs/c.txt"])
def test_a_move_that_changes_the_date_in_the_name_changes_the_date(three: Store, name: str) -> None:
    (three.base / "docs/2020-05-01-c.txt").rename(three.base / name)
    done = three.update("docs")
    assert (done.moved, done.added, done.removed, done.embedded) == (0, 1, 1, 0)
    with three.open() as index:
        found = index.document(name)
    assert found is not None
    assert found.date == ("2021-06-02" if "2021" in name else None)


def test_a_move_to_another_suffix_is_read_anew(three: Store) -> None:
    (three.base / "docs/a.txt").rename(three.base / "docs/a.md")
    assert three.update("docs").moved == 0
    with three.open() as index:
        found = index.document("docs/a.md")
    assert found is not None
    assert found.format == "markdown"


def test_equal_texts_are_embedded_once(store: Store) -> None:
    for name in "abc":
        store.write(f"docs/{name}.txt", A)
    done = store.update("docs")
    assert (done.documents, done.passages) == (3, 3)
    assert (done.embedded, len(store.embedder.texts)) == (1, 1)


def test_folders_that_are_not_named_are_left_alone(three: Store) -> None:
    three.write("more/d.txt", "A text elsewhere.\n")
    assert counts(three.update("more")) == (1, 0, 0, 0, 0)
    (three.base / "docs/a.txt").unlink()
    assert counts(three.update("more")) == (0, 0, 0, 0, 1)
    assert counts(three.update()) == (0, 0, 0, 1, 3)


def test_naming_the_base_does_not_touch_what_lies_outside(store: Store, monkeypatch) -> None:
    inner = store.base / "project"
    inner.mkdir()
    monkeypatch.chdir(inner)
    store.write("project/a.txt", A)
    store.write("outside/b.txt", B)
    store.update("project", "outside")
    (store.base / "outside/b.txt").unlink()
    (inner / "a.txt").unlink()
    assert store.update("project").removed == 1
    assert {c[2] for c in store.contents()} == {"../outside/b.txt"}
    assert store.update(".").removed == 1


def test_a_vanished_folder_is_an_error_and_removes_nothing(three: Store) -> None:
    before = three.contents()
    (three.base / "docs").rename(three.base / "away")
    with pytest.raises(BadInput, match="docs"):
        three.update()
    with pytest.raises(BadInput, match="docs"):
        three.update("docs")
    assert three.contents() == before


def test_a_vanished_file_named_beside_its_folder_is_only_removed(three: Store) -> None:
    three.update("docs/a.txt")
    (three.base / "docs/a.txt").unlink()
    assert three.update().removed == 1


def test_a_file_unreadable_now_keeps_its_earlier_version(three: Store) -> None:
    before = three.contents()
    stat = (three.base / "docs/a.txt").stat()
    three.write("docs/a.txt", b"\0\1\2\3" * 20)
    for _ in range(2):
        done = three.update("docs")
        [skipped] = done.skipped
        assert skipped.source == "docs/a.txt"
        assert "earlier version is kept" in skipped.reason
        assert three.contents() == before
    three.write("docs/a.txt", A)
    os.utime(three.base / "docs/a.txt", ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    done = three.update("docs")
    assert (done.skipped, counts(done)) == ((), (0, 0, 0, 0, 3))


def test_what_lies_behind_an_unreadable_folder_is_kept(three: Store) -> None:
    before = three.contents()
    shutil.rmtree(three.base / "docs")
    (three.base / "docs").symlink_to("docs")
    done = three.update("docs")
    assert three.contents() == before
    assert [s.source for s in done.skipped] == ["docs"]
    assert index_status(three.directory).missing == ()


def test_bad_files_are_listed_and_the_list_follows_the_files(store: Store) -> None:
    store.write("docs/a.txt", A)
    store.write("docs/empty.txt", "")
    (store.base / "docs/dangling.txt").symlink_to("nothing")
    os.link(store.base / "docs/a.txt", os.fsencode(store.base / "docs") + b"/\xff.txt")
    done = store.update("docs")
    assert {s.source: s.reason for s in done.skipped} == {
        "docs/empty.txt": "empty file",
        "docs/dangling.txt": "a link to nothing",
        "docs/?.txt": "a name that is not valid text",
    }
    for path in (store.base / "docs").iterdir():
        if path.name != "a.txt":
            path.unlink()
    assert store.update("docs").skipped == ()


def records(*pairs: tuple[str, str]) -> str:
    return "".join(json.dumps({"_id": i, "text": t, "date": "2021-02-03"}) + "\n" for i, t in pairs)


def test_records_of_a_jsonl_are_documents(store: Store) -> None:
    store.write("docs/r.jsonl", records(("one", A), ("two", B)) + "[]\n")
    done = store.update("docs")
    assert (done.added, done.documents, done.embedded) == (1, 2, 2)
    assert [(s.source, s.reason) for s in done.skipped] == [("docs/r.jsonl#3", "not a JSON object")]
    (store.base / "docs/r.jsonl").rename(store.base / "docs/s.jsonl")
    done = store.update("docs")
    assert (done.moved, done.embedded, done.skipped[0].source) == (1, 0, "docs/s.jsonl#3")
    assert {c[2] for c in store.contents()} == {"docs/s.jsonl#one", "docs/s.jsonl#two"}
    store.write("docs/s.jsonl", records(("two", B), ("three", C)))
    done = store.update("docs")
    assert (done.changed, done.embedded, done.skipped) == (1, 1, ())
    assert {c[2] for c in store.contents()} == {"docs/s.jsonl#two", "docs/s.jsonl#three"}


def test_a_record_with_half_a_surrogate_pair_ends_nothing(store: Store) -> None:
    store.write("docs/r.jsonl", records(("good", A)) + '{"_id": "bad", "text": "x \\ud800 y"}\n')
    store.write("docs/b.txt", B)
    done = store.update("docs")
    assert {c[2] for c in store.contents()} >= {"docs/b.txt", "docs/r.jsonl#good"}
    assert done.added == 2


def test_a_text_with_a_nul_is_cut_where_it_should_be(store: Store) -> None:
    text = "Before the zero.\n\n" + "word " * 30 + "\n\nafter \0 the zero.\n"
    store.write("docs/r.jsonl", json.dumps({"_id": "n", "text": text}) + "\n")
    store.update("docs")
    for _, _, _, start, end, got, *_ in store.contents():
        assert got == text[start:end]


def test_rebuild_reads_all_again_and_keeps_the_folders(three: Store) -> None:
    before = three.contents()
    done = three.update(rebuild=True)
    assert (counts(done), done.embedded) == ((3, 0, 0, 0, 0), 3)
    assert three.contents() == before


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(three: Store, monkeypatch) -> None:
    before = three.contents()
    monkeypatch.setattr(writing, "BATCH", 1)
    broken = FakeEmbedder("other")

    def fail(texts, **_):
        broken.calls += 1
        if broken.calls == 2:
            raise RagError("no more")
        return broken.encode_queries(texts)

    monkeypatch.setattr(broken, "encode_passages", fail)
    with pytest.raises(RagError, match="no more"):
        three.update(embedder=broken, rebuild=True)
    assert three.contents() == before
    assert counts(three.update()) == (0, 0, 0, 0, 3)


def test_another_embedder_is_refused_with_a_hint(three: Store) -> None:
    three.write("docs/d.txt", "Something new.\n")
    before = three.contents()
    with pytest.raises(IndexMismatch) as raised:
        three.update("docs", embedder=FakeEmbedder("other"))
    assert "--rebuild" in (raised.value.hint or "")
    assert three.contents() == before
    done = three.update(embedder=FakeEmbedder("other"), rebuild=True)
    assert done.embedded == 4


def test_nothing_to_index_and_missing_paths_are_bad_input(store: Store) -> None:
    with pytest.raises(BadInput, match="Nothing was named"):
        store.update()
    with pytest.raises(BadInput, match="nowhere"):
        store.update("nowhere")


def test_the_index_inside_an_indexed_folder_is_left_out(store: Store) -> None:
    store.write("a.txt", A)
    assert store.update(".").added == 1
    done = store.update(".")
    assert (counts(done), done.skipped) == ((0, 0, 0, 0, 1), ())


def test_a_second_writer_is_refused_and_a_dead_ones_lock_is_taken_over(three: Store) -> None:
    with writer_lock(three.directory), pytest.raises(IndexLocked, match=f"process {os.getpid()}"):
        three.update("docs")
    (three.directory / "writer.lock").write_text('{"pid": 999999999, "host": "gone"}')
    assert three.update("docs").unchanged == 3


def test_a_system_that_refuses_is_quoted_in_a_sentence(three: Store, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(update_module, "sweep", full)
    with pytest.raises(RagError, match="No space left on device"):
        three.update("docs")
    blocked = Store(three.base)
    blocked.directory = three.write("file", "x") / "index"
    with pytest.raises(RagError, match="Not a directory"):
        blocked.update("docs")


def test_a_full_database_is_said_and_loses_nothing(three: Store, monkeypatch) -> None:
    before = three.contents()
    whole = update_module._open

    def small(*given):
        database = whole(*given)
        pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
        database.connection.execute(f"PRAGMA max_page_count = {pages}")
        return database

    monkeypatch.setattr(update_module, "_open", small)
    three.write("docs/large.txt", "".join(f"Sentence number {n} is here. " for n in range(9000)))
    with pytest.raises(RagError, match="disk is full"):
        three.update("docs")
    monkeypatch.undo()
    os.chdir(three.base)
    assert three.contents() == before


KILLED = """
    import sys
    from rag.store import writing
    from tests.store.fakes import FakeEmbedder, Store
    from pathlib import Path
    writing.BATCH = 2
    Store(Path.cwd()).update("docs", embedder=FakeEmbedder(die_at=int(sys.argv[1])))
"""


@pytest.mark.parametrize("batch", [1, 3])
def test_a_killed_update_is_finished_by_the_next(store: Store, monkeypatch, batch: int) -> None:
    for number in range(5):
        store.write(f"docs/{number}.txt", f"Text number {number} about bird {number}.\n")
    store.write("docs/long.txt", "\n\n".join(f"Part {n} " + "word " * 40 for n in range(6)))
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    code = textwrap.dedent(KILLED)
    command = [sys.executable, "-c", code, str(batch)]
    done = subprocess.run(command, cwd=store.base, env=environ, check=False)
    assert done.returncode == 9
    with contextlib.closing(sqlite3.connect(store.directory / "rag.db")) as database:
        [kept] = database.execute("SELECT count(*) FROM vectors").fetchone()
    assert kept >= 2 * (batch - 1)
    if batch > 1:
        with store.open() as index:
            assert len(index.lexical("bird", 10)) == len(list(index.documents())) > 0
    monkeypatch.setattr(writing, "BATCH", 2)
    finished = store.update("docs")
    assert finished.documents == 6
    assert finished.embedded == 11 - kept
    fresh = Store(store.base)
    fresh.directory = store.base / "fresh"
    fresh.update("docs")
    assert fresh.contents() == store.contents()
    assert fresh.found("bird 3") == store.found("bird 3")


def test_a_long_document_is_embedded_in_batches(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 4)
    store.write("docs/long.txt", "\n\n".join(f"Part {n} " + "word " * 40 for n in range(22)))
    done = store.update("docs")
    assert done.passages == done.embedded == 22
    assert store.embedder.calls >= 5


@pytest.mark.parametrize("seed", range(4))
def test_any_way_to_the_same_files_gives_the_same_index(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    texts = [A, B, C, "Otters sleep.\n", "Herons wake.\n\nOtters too.\n"]
    for _ in range(5):
        for _ in range(3):
            path = store.base / f"docs/{chance.choice('abcde')}.txt"
            if path.exists() and chance.random() < 0.3:
                path.unlink()
            elif path.exists() and chance.random() < 0.4:
                path.rename(path.with_name(f"{chance.choice('abcde')}.txt"))
            else:
                store.write(f"docs/{path.name}", chance.choice(texts))
        store.update("docs")
    fresh = Store(store.base)
    fresh.directory = store.base / "fresh"
    fresh.update("docs")
    assert fresh.contents() == store.contents()
    for query in ("heron in the water", "otters", "bread and salt"):
        assert fresh.found(query) == store.found(query)


@pytest.mark.parametrize(("index", "named"), [(".", "docs"), ("docs", "docs"), ("docs", "docs/a")])
def test_an_index_around_the_documents_is_refused(store: Store, index: str, named: str) -> None:
    store.write("docs/a/heron.txt", A)
    store.directory = store.base / index
    with pytest.raises(BadInput, match="the index's own folder"):
        store.update(named)
    assert [p.name for p in store.base.rglob("*")] == ["docs", "a", "heron.txt"]


def test_an_index_among_the_names_is_passed_over(three: Store) -> None:
    assert counts(three.update("docs", "index")) == (0, 0, 0, 0, 3)
    assert counts(three.update(".")) == (0, 0, 0, 0, 3)


def test_nothing_named_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(BadInput, match="Nothing was named"):
        store.update()
    assert not store.directory.exists()
