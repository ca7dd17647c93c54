"""A folder that changes between runs, and whether each run and `rag status` say what is true."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from rag.errors import BadInput
from rag.ingest import ahead as ahead_module
from rag.store.files import writer_lock
from rag.store.status import index_status
from tests.store.fakes import Store, counts

A = "The cooper mends his barrels.\n"
B = "Salt was carried over the pass.\n"
NOISE = b"\0\1\2\3" * 40


def sources(store: Store) -> list[str]:
    with store.open() as index:
        return [d.source for d in index.documents()]


def differing(store: Store) -> dict[str, tuple[str, ...]]:
    """What `rag status` says of the files, without what is empty."""
    found = index_status(store.directory)
    names = ("changed", "new", "missing", "unread", "away")
    told = {name: getattr(found, name) for name in names if getattr(found, name)}
    assert found.up_to_date == (not told)
    return told


@pytest.fixture
def two(store: Store) -> Store:
    store.write("docs/a.txt", A)
    store.write("docs/sub/b.txt", B)
    assert store.update("docs").added == 2
    return store


@pytest.mark.parametrize("bad", ["", " \n", NOISE, None])
def test_a_skipped_file_that_was_mended_is_told(store: Store, bad: str | bytes | None) -> None:
    store.write("docs/a.txt", A)
    if bad is None:
        (store.base / "docs/b.txt").symlink_to("later.txt")
    else:
        store.write("docs/b.txt", bad)
    assert len(store.update("docs").skipped) == 1
    assert differing(store) == {}
    if bad is None:
        store.write("docs/later.txt", B)
    else:
        store.write("docs/b.txt", B)
    assert "docs/b.txt" in differing(store)["new"]
    done = store.update()
    assert (done.skipped, "docs/b.txt" in sources(store)) == ((), True)
    assert differing(store) == {}


def test_what_an_earlier_version_skipped_is_not_told_as_new(two: Store) -> None:
    two.write("docs/c.txt", NOISE)
    two.update()
    with sqlite3.connect(two.directory / "rag.db") as database:
        database.execute("DELETE FROM meta WHERE key LIKE 'unread:%'")
    database.close()
    assert differing(two) == {}


def test_nothing_is_remembered_of_a_skipped_file_that_is_gone(two: Store) -> None:
    bad = two.write("docs/quixploring.txt", NOISE)
    two.update()
    bad.unlink()
    two.update(purge=True)
    assert b"quixploring" not in (two.directory / "rag.db").read_bytes()


def test_a_file_without_text_is_read_once(two: Store, monkeypatch) -> None:
    two.write("docs/c.html", "<p> </p>")
    assert len(two.update().skipped) == 1
    with monkeypatch.context() as patch:
        patch.setattr(ahead_module, "read_file", lambda *_: pytest.fail("a file was read"))
        done = two.update()
    assert (counts(done), len(done.skipped)) == ((0, 0, 0, 0, 2), 1)
    two.write("docs/c.html", "<p>Now it says something.</p>")
    assert (two.update().added, differing(two)) == (1, {})


def test_a_kept_version_is_told_apart_from_what_an_update_takes_in(two: Store) -> None:
    two.write("docs/a.txt", NOISE)
    assert differing(two) == {"changed": ("docs/a.txt",)}
    two.update()
    assert differing(two) == {"changed": ("docs/a.txt",), "unread": ("docs/a.txt",)}
    two.write("docs/a.txt", A + B)
    assert differing(two) == {"changed": ("docs/a.txt",)}
    two.write("docs/a.txt", NOISE)
    two.update()
    (two.base / "docs/a.txt").unlink()
    assert differing(two) == {"missing": ("docs/a.txt",)}
    assert two.update().removed == 1


def test_what_lies_behind_a_folder_that_cannot_be_read_is_not_missing(
    two: Store, monkeypatch
) -> None:
    real = os.scandir

    def refused(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert differing(two) == {"unread": ("docs/sub",)}
    done = two.update()
    assert (done.removed, [s.source for s in done.skipped]) == (0, ["docs/sub"])
    assert differing(two) == {}


@pytest.mark.parametrize("how", ["renamed", "emptied", "hollow"])
def test_a_folder_that_is_away_holds_up_an_update_and_loses_nothing(two: Store, how: str) -> None:
    (two.base / "docs").rename(two.base / "away")
    if how != "renamed":
        two.write("docs/.keep" if how == "emptied" else "docs/sub/.keep", "")
    before = two.contents()
    assert differing(two) == {"away": ("docs",)}
    for rebuild in (False, True):
        with pytest.raises(BadInput, match="docs") as raised:
            two.update(rebuild=rebuild)
        assert "forgotten with" in (raised.value.hint or "")
        assert two.contents() == before
    if how != "renamed":
        assert two.update("docs").removed == 2
        assert (two.update().removed, differing(two)) == (0, {})


def test_a_folder_emptied_within_another_is_believed(two: Store) -> None:
    two.update("docs/sub")
    (two.base / "docs/sub/b.txt").unlink()
    assert differing(two) == {"missing": ("docs/sub/b.txt",)}
    assert two.update().removed == 1


def test_a_file_that_grows_while_it_is_indexed_is_taken_in_once(two: Store, monkeypatch) -> None:
    real = ahead_module.read_file

    def growing(path, source):
        if path.name == "log.txt":
            path.write_text(B + B)
        return real(path, source)

    two.write("docs/log.txt", B)
    with monkeypatch.context() as patch:
        patch.setattr(ahead_module, "read_file", growing)
        assert two.update().added == 1
    assert two.update().unchanged == 3
    assert differing(two) == {}
    monkeypatch.setattr(ahead_module, "read_file", lambda *_: pytest.fail("a file was read"))
    assert two.update().unchanged == 3


@pytest.mark.parametrize("how", ["swapped", "put in the place of the other"])
def test_files_of_one_size_and_time_that_change_places_are_noticed(store: Store, how: str) -> None:
    paths = [store.write(f"docs/2020-0{n}-01.txt", f"Mill number {n} burned.\n") for n in (1, 2, 3)]
    for path in paths:
        os.utime(path, ns=(7, 7))
    store.update("docs")
    assert (differing(store), store.update().unchanged) == ({}, 3)
    if how == "swapped":
        paths[2].rename(store.base / "aside")
        paths[1].rename(paths[2])
        (store.base / "aside").rename(paths[1])
        assert differing(store) == {"changed": ("docs/2020-02-01.txt", "docs/2020-03-01.txt")}
    else:
        paths[2].rename(paths[1])
        assert differing(store)["changed"] == ("docs/2020-02-01.txt",)
    done = store.update()
    assert (done.changed, done.embedded, done.unchanged) == (2 if how == "swapped" else 1, 0, 1)
    assert differing(store) == {}
    fresh = Store(store.base)
    fresh.directory = store.base / "fresh"
    fresh.update("docs")
    assert fresh.contents() == store.contents()


def test_the_list_of_skipped_follows_a_record_file_that_goes(store: Store) -> None:
    record = json.dumps({"_id": "one", "text": A}) + "\n"
    store.write("docs/r.jsonl", record + "[]\n")
    assert [s.source for s in store.update("docs").skipped] == ["docs/r.jsonl#2"]
    (store.base / "docs/r.jsonl").unlink()
    (store.base / "docs/r.jsonl").symlink_to("nowhere")
    assert [s.source for s in store.update("docs").skipped] == ["docs/r.jsonl"]


def test_a_link_whose_target_moved_is_listed_under_its_own_name(two: Store) -> None:
    (two.base / "docs/link.txt").symlink_to("sub/b.txt")
    two.update()
    (two.base / "docs/sub").rename(two.base / "docs/other")
    assert [s.source for s in two.update().skipped] == ["docs/link.txt"]
    assert sources(two) == ["docs/a.txt", "docs/other/b.txt"]


@pytest.mark.parametrize(
    "name",
    ["a.txt~", "#a.txt#", "~WRL0004.tmp", "~$a.docx", "desktop.ini", "Thumbs.db", ".a.swp",
     "$RECYCLE.BIN"],
)  # fmt: skip
def test_what_programs_keep_beside_a_document_is_none(two: Store, name: str) -> None:
    path = two.write(f"docs/{name}", "An earlier version of it.\n")
    assert differing(two) == {}
    done = two.update()
    assert (counts(done), done.skipped) == ((0, 0, 0, 0, 2), ())
    path.rename(path.with_name("#1 of 2~3.tmp.txt"))
    assert two.update().added == 1


def test_a_folder_reached_through_a_link_above_it_is_no_second_one(two: Store) -> None:
    way = two.base.with_name(f"{two.base.name}-way")
    way.symlink_to(two.base)
    assert counts(two.update(f"../{way.name}/docs/sub")) == (0, 0, 0, 0, 1)
    assert index_status(two.directory).roots == ("docs", "docs/sub")
    (two.base / "DOCS").symlink_to("docs")  # as where names differ in no more than their letters
    assert counts(two.update("DOCS")) == (0, 0, 0, 0, 2)
    assert counts(two.update("DOCS/sub/b.txt")) == (0, 0, 0, 0, 1)
    (two.base / "twin").symlink_to("docs/sub")
    assert two.update("twin").added == 1
    assert sources(two) == ["docs/a.txt", "docs/sub/b.txt", "twin/b.txt"]


def test_a_rebuild_that_names_nothing_keeps_the_names(two: Store, monkeypatch) -> None:
    before = two.contents()
    monkeypatch.chdir(two.base.parent)
    two.update(rebuild=True)
    assert two.contents() == before
    two.update("docs", rebuild=True)
    assert sources(two) == [f"{two.base.name}/docs/a.txt", f"{two.base.name}/docs/sub/b.txt"]


@pytest.mark.parametrize("damage", ["format", "pages", "all"])
def test_a_rebuild_that_cannot_begin_deletes_nothing(two: Store, damage: str) -> None:
    path = two.directory / "rag.db"
    if damage == "format":
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 1")
        database.close()
    else:
        data = path.read_bytes()
        path.write_bytes(b"none" if damage == "all" else data[:8192] + bytes(len(data) - 8192))
    shutil.move(two.base / "docs", two.base / "away")
    before = path.read_bytes()
    with pytest.raises(BadInput):
        two.update(rebuild=True)
    assert path.read_bytes() == before
    shutil.move(two.base / "away", two.base / "docs")
    assert two.update("docs", rebuild=True).added == 2


def test_an_update_that_is_running_is_not_told_as_interrupted(two: Store) -> None:
    from contextlib import closing

    from rag.store.database import Database

    with writer_lock(two.directory):
        with closing(Database(two.directory)) as database:
            database.put("unfinished", '["docs"]')
        assert index_status(two.directory).running
    found = index_status(two.directory)
    assert (found.running, found.unfinished) == (False, True)
