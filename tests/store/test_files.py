"""Derived files and the writer's lock."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import IndexLocked
from rag.store import files
from rag.store.files import derived, discard_foreign, fresh, publish, stamped, sweep, writer_lock


def get(folder: Path, generation: int, value: str = "built") -> str:
    found, of = derived(
        folder,
        generation,
        only(generation),
        load=lambda f: (f / "value").read_text(),
        build=lambda: value,
        save=lambda v, f: (f / "value").write_text(v) and None,
    )
    assert of == generation
    return found


def only(generation: int) -> Callable[[int], bool]:
    """A database whose past is one generation."""
    return lambda number: number == generation


def test_what_is_published_is_fresh_for_its_generation_only(tmp_path) -> None:
    folder = tmp_path / "vectors"
    assert not fresh(folder, only(1))
    publish(folder, 1, lambda f: (f / "value").write_text("one") and None)
    assert fresh(folder, only(1))
    assert not fresh(folder, only(2))
    assert get(folder, 1) == "one"
    assert get(folder, 2) == "built"
    assert fresh(folder, only(2))
    assert [p.name for p in tmp_path.iterdir()] == ["vectors"]


def test_a_base_of_an_earlier_generation_of_the_same_past_is_kept(tmp_path) -> None:
    folder = tmp_path / "vectors"
    publish(folder, 3, lambda f: (f / "value").write_text("three") and None)
    publish(tmp_path / "lexical", 3, lambda f: (f / "value").write_text("three") and None)
    found = derived(
        folder,
        8,
        {3, 8}.__contains__,
        load=lambda f: (f / "value").read_text(),
        build=lambda: pytest.fail("it was built"),
        save=lambda *_: None,
    )
    assert found == ("three", 3)
    assert (stamped(folder), stamped(tmp_path / "none")) == (3, None)
    discard_foreign(tmp_path, {8, 9}.__contains__)
    assert not any(tmp_path.iterdir())


def test_a_reader_of_an_earlier_state_does_not_publish_over_a_later(tmp_path) -> None:
    folder = tmp_path / "vectors"
    get(folder, 5, "later")
    assert get(folder, 4, "earlier") == "earlier"
    assert get(folder, 5) == "later"


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"generation": 1, "files": 3}', "nonsense"])
def test_a_stamp_that_says_nothing_counts_as_damage(tmp_path, stamp: str) -> None:
    folder = tmp_path / "vectors"
    get(folder, 1, "one")
    (folder / "stamp.json").write_text(stamp)
    assert get(folder, 1, "again") == "again"
    assert fresh(folder, only(1))


def test_a_swap_while_reading_is_noticed(tmp_path) -> None:
    folder = tmp_path / "vectors"
    get(folder, 1, "one")

    def load(found: Path) -> str:
        publish(folder, 2, lambda f: (f / "value").write_text("two") and None)
        return (found / "value").read_text()

    got = derived(folder, 1, only(1), load=load, build=lambda: "one", save=lambda *_: None)
    assert got == ("one", 1)
    assert fresh(folder, only(2))


def test_readers_between_the_two_renames_still_work(tmp_path) -> None:
    folder = tmp_path / "vectors"
    get(folder, 1, "value")
    stop = threading.Event()

    def swap() -> None:
        # A reader may publish between the two renames as well; then the one that is there stays.
        while not stop.is_set():
            with contextlib.suppress(OSError):
                publish(folder, 1, lambda f: (f / "value").write_text("value") and None)

    writer = threading.Thread(target=swap)
    writer.start()
    try:
        assert {get(folder, 1, "value") for _ in range(100)} == {"value"}
    finally:
        stop.set()
        writer.join()


def test_a_folder_that_cannot_be_written_is_built_in_memory(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files, "_sync", refuse)
    assert get(tmp_path / "vectors", 1, "memory") == "memory"
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_swept(tmp_path) -> None:
    for name in ("vectors.1-2.tmp", "lexical.1-2.old", "mine.tmp", "vectors"):
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.tmp", "vectors"]


def test_the_lock_names_its_holder_and_is_free_again(tmp_path) -> None:
    with writer_lock(tmp_path):
        record = json.loads((tmp_path / "writer.lock").read_text())
        assert record["pid"] == os.getpid()
        with pytest.raises(IndexLocked, match=str(os.getpid())), writer_lock(tmp_path):
            pytest.fail("two writers")
    with writer_lock(tmp_path):
        pass


def test_the_lock_of_a_process_that_died_is_free(tmp_path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from rag.store.files import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): os._exit(7)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == 7
    assert (tmp_path / "writer.lock").exists()
    with writer_lock(tmp_path):
        pass
