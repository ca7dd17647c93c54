"""What becomes of a file that is another one now: a link to nothing, emptied, of another name."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.ingest import ahead as ahead_module
from rag.store.status import index_status
from tests.store.fakes import Store, counts

A = "The ferryman counts his coins.\n"
B = "A kiln needs wood for two days.\n"


@pytest.fixture
def two(store: Store) -> Store:
    """`docs/a.txt` is a link to a file outside, `docs/b.txt` a plain one."""
    store.write("outside/a.txt", A)
    store.write("docs/b.txt", B)
    (store.base / "docs/a.txt").symlink_to(store.base / "outside/a.txt")
    assert store.update("docs").added == 2
    return store


def sources(store: Store) -> list[str]:
    with store.open() as index:
        return [d.source for d in index.documents()]


def _target_gone(path: Path) -> None:
    path.resolve().unlink()


def _circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _back(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [_target_gone, _circle, _back, _pipe, _folder])
def test_what_is_no_file_any_more_is_removed(two: Store, change: Callable[[Path], None]) -> None:
    change(two.base / "docs/a.txt")
    status = index_status(two.directory)
    assert (status.missing, status.up_to_date) == (("docs/a.txt",), False)
    done = two.update("docs", purge=True)
    assert (done.removed, sources(two)) == (1, ["docs/b.txt"])
    assert b"ferryman" not in (two.directory / "rag.db").read_bytes()
    status = index_status(two.directory)
    assert status.up_to_date
    assert len(status.skipped) == (change is not _folder)


def test_what_lies_behind_a_link_to_a_folder_that_is_away_is_kept(store: Store) -> None:
    store.write("disk/a.txt", A)
    store.write("docs/b.txt", B)
    (store.base / "docs/disk").symlink_to(store.base / "disk")
    store.update("docs")
    (store.base / "disk").rename(store.base / "unplugged")
    assert store.update("docs").removed == 0
    assert sources(store) == ["docs/b.txt", "docs/disk/a.txt"]


def test_a_link_that_was_named_itself_is_kept(two: Store) -> None:
    two.directory = two.base / "other"
    two.update("docs/a.txt")
    _target_gone(two.base / "docs/a.txt")
    assert two.update("docs/a.txt").removed == 0
    assert sources(two) == ["docs/a.txt"]
    two.update("docs", "docs/a.txt")
    assert sources(two) == ["docs/b.txt"]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize(
    ("name", "before", "after", "reason"),
    [
        ("a.txt", A, "", "empty file"),
        ("a.txt", A, "\u200b\n", "no text in it"),
        ("a.html", f"<p>{A}</p>", "<p> </p>", "a page without text"),
        ("a.jsonl", '{"text": "A kiln."}', '{"text": ""}\n{"_id": 1}', "a record without text"),
    ],
)
def test_an_emptied_file_is_removed(
    store: Store, monkeypatch, name: str, before: str, after: str, reason: str, ahead: bool
) -> None:
    if ahead:
        monkeypatch.setattr(ahead_module, "ENOUGH", 0.0)
        monkeypatch.setattr(ahead_module, "SLOW", 0.0)
        monkeypatch.setattr(ahead_module, "_cores", lambda: 2)
    store.write("docs/b.txt", B)
    store.write(f"docs/{name}", before)
    store.update("docs")
    store.write(f"docs/{name}", after)
    done = store.update("docs", purge=True)
    assert (counts(done), sources(store)) == ((0, 0, 0, 1, 1), ["docs/b.txt"])
    assert [(s.source, s.reason) for s in done.skipped] == [(f"docs/{name}", reason)]
    assert index_status(store.directory).up_to_date
    store.write(f"docs/{name}", before)
    assert counts(store.update("docs")) == (1, 0, 0, 0, 1)


def test_records_that_cannot_be_read_keep_what_they_said(store: Store) -> None:
    store.write("docs/a.jsonl", '{"text": "A kiln."}\n')
    store.update("docs")
    store.write("docs/a.jsonl", '{"text": ""}\n{"text": "cut of')
    assert "earlier version is kept" in store.update("docs").skipped[0].reason
    assert sources(store) == ["docs/a.jsonl#1"]


def lines(*pairs: tuple[str, str]) -> str:
    return "".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t in pairs)


def test_a_move_to_names_that_are_taken_is_read(store: Store) -> None:
    store.write("docs/a.jsonl", lines(("1", A), ("2", "Otters.")) + "[]\n")
    store.write("docs/b.jsonl#1", B)
    store.write("docs/b.jsonl#3", "")
    store.update("docs")
    (store.base / "docs/a.jsonl").rename(store.base / "docs/b.jsonl")
    done = store.update("docs")
    assert sources(store) == ["docs/b.jsonl#1", "docs/b.jsonl#2"]
    assert ("docs/b.jsonl#1", "its name stands for another file") in [
        (s.source, s.reason) for s in done.skipped
    ]
    assert index_status(store.directory, check=True).whole


def test_a_move_does_not_stumble_over_names_that_were_left_out(store: Store) -> None:
    store.write("docs/a.jsonl", lines(("1", A)) + "[]\n")
    store.write("docs/b.jsonl#2", "")
    store.update("docs")
    (store.base / "docs/a.jsonl").rename(store.base / "docs/b.jsonl")
    assert store.update("docs").moved == 1
    assert sources(store) == ["docs/b.jsonl#1"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_record_gets_the_name_of_a_file_that_went(store: Store, at_once: bool) -> None:
    store.write("docs/a.jsonl#1", B)
    store.update("docs")
    records = lines(("1", A), ("2", "Otters."))
    if not at_once:
        store.write("docs/a.jsonl", records)
        assert len(store.update("docs").skipped) == 1
        assert len(store.update("docs").skipped) == 1
        assert sources(store) == ["docs/a.jsonl#1", "docs/a.jsonl#2"]
        assert counts(store.update("docs")) == (0, 0, 0, 0, 2)
    (store.base / "docs/a.jsonl#1").unlink()
    store.write("docs/a.jsonl", records)
    done = store.update("docs")
    assert (done.removed, done.skipped) == (1, ())
    with store.open() as index:
        found = index.document("docs/a.jsonl#1")
        assert (found.text if found else None) == A
    assert sources(store) == ["docs/a.jsonl#1", "docs/a.jsonl#2"]
    assert counts(store.update("docs")) == (0, 0, 0, 0, 1)


def test_another_index_is_no_document(store: Store) -> None:
    store.write("docs/a.txt", A)
    store.update("docs")
    shutil.copytree(store.directory, store.base / "docs/old")
    store.write("docs/old/notes.txt", B)
    store.write("docs/old/lexical.md", B)
    done = store.update(".")
    assert (done.skipped, sources(store)) == (
        (),
        ["docs/a.txt", "docs/old/lexical.md", "docs/old/notes.txt"],
    )
    assert index_status(store.directory).up_to_date
