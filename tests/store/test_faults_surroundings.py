"""Full disks, folders that cannot be written or that vanish, clocks that jump, other writers."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rag.errors import RagError
from rag.store.files import writer_lock
from rag.store.status import index_status
from tests.store.fakes import FakeEmbedder, Store

resource = pytest.importorskip("resource", reason="limits of a process, which Unix has")

NOBODY = 65534


@pytest.fixture
def filled(store: Store) -> Store:
    for n in range(8):
        store.write(f"docs/{n}.txt", f"Text {n} is about herons and rivers, number {n}.\n")
    store.update("docs")
    return store


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """What is written beyond fails, as on a disk that is full; of this process alone."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("more", [0, 20_000, 200_000, 500_000])
def test_a_write_that_the_disk_refuses_loses_nothing(filled: Store, more: int) -> None:
    before = filled.contents()
    filled.write("docs/long.txt", "".join(f"Sentence {n} of many. " for n in range(20_000)))
    size = (filled.directory / "rag.db").stat().st_size
    with files_no_larger_than(size + more), pytest.raises(RagError) as raised:
        filled.update("docs")
    assert "damaged" not in str(raised.value)
    assert "kept" in (raised.value.hint or "")
    assert filled.contents() == before
    assert index_status(filled.directory, check=True).whole
    filled.update("docs")
    assert len(filled.contents()) > len(before)
    assert index_status(filled.directory, check=True).whole


def test_a_search_index_that_finds_no_room_is_built_in_memory(store: Store) -> None:
    lines = "\n".join(f'{{"text": "Record {n} is about herons."}}' for n in range(400))
    store.write("docs/many.jsonl", lines)
    store.update("docs")
    found = store.found("record 7")
    shutil.rmtree(store.directory / "vectors")
    with files_no_larger_than(40_000):  # room for what SQLite shares between readers
        assert store.found("record 7") == found
        assert not (store.directory / "vectors").exists()
    assert store.found("record 7") == found
    assert (store.directory / "vectors").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_really_full(store: Store) -> None:
    store.directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(store.directory)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting is not allowed")
    try:
        store.write("docs/a.txt", "The heron stands in the water.\n")
        store.update("docs")
        before = store.contents()
        store.write("docs/long.txt", "".join(f"Sentence {n} of many. " for n in range(20_000)))
        with pytest.raises(RagError, match=r"full|cannot be written"):
            store.update("docs")
        assert store.contents() == before
        (store.base / "docs/long.txt").unlink()
        store.write("docs/b.txt", "A comet was seen at night.\n")
        assert store.update("docs").added == 1
        assert index_status(store.directory, check=True).whole
    finally:
        subprocess.run(["umount", str(store.directory)], check=True)


def as_nobody(work: Callable[[], None]) -> None:
    """Does it as a user whom permissions bind, whoever runs the tests."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        work()
    finally:
        os.seteuid(user)


def test_a_folder_that_cannot_be_written_is_read(filled: Store) -> None:
    found, contents = filled.found("herons and rivers"), filled.contents()
    shutil.rmtree(filled.directory / "lexical")
    folders = [filled.directory, *(p for p in filled.directory.rglob("*") if p.is_dir())]
    for path in (*folders, *filled.directory.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (filled.base, *filled.base.parents[:-1]):
        path.chmod(path.stat().st_mode | 0o555)

    def work() -> None:
        assert filled.contents() == contents
        assert filled.found("herons and rivers") == found
        assert index_status(filled.directory, check=True).checked.missing == ("lexical",)
        filled.write("docs/new.txt", "New.\n") if os.geteuid() == os.getuid() else None
        with pytest.raises(RagError, match="cannot be"):
            filled.update("docs")

    try:
        as_nobody(work)
    finally:
        for path in folders:
            path.chmod(0o755)


class Vanishing(FakeEmbedder):
    """Takes the index away while texts are embedded."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def encode_passages(self, texts, *, progress=None):
        shutil.rmtree(self._directory, ignore_errors=True)
        return super().encode_passages(texts, progress=progress)


def test_an_index_that_vanishes_during_an_update(filled: Store) -> None:
    filled.write("docs/new.txt", "A comet was seen at night.\n")
    with pytest.raises(RagError, match="is not there any more"):
        filled.update("docs", embedder=Vanishing(filled.directory))
    assert not filled.directory.exists()
    assert filled.update("docs").added == 9
    assert index_status(filled.directory, check=True).whole


def test_an_index_that_vanishes_under_a_reader(filled: Store) -> None:
    contents = filled.contents()
    with filled.open() as index:
        shutil.rmtree(filled.directory)
        vector = filled.embedder.encode_queries(["herons"])[0]
        assert len(index.dense(vector, 3)) == 3
        assert index.passages([1])[0].text == contents[0][5]


@pytest.mark.parametrize("seconds", [-2_000_000_000, 0, 4_102_444_800, 10_000_000_000])
def test_times_of_files_from_any_century(filled: Store, seconds: int) -> None:
    path = filled.write("docs/odd.txt", "A comet was seen at night.\n")
    os.utime(path, (seconds, seconds))
    assert filled.update("docs").added == 1
    assert index_status(filled.directory).up_to_date
    assert filled.update("docs").unchanged == 9
    path.write_text("A comet was seen at noon!!\n")
    os.utime(path, (seconds - 1, seconds - 1))
    assert filled.update("docs").changed == 1


@pytest.mark.parametrize("now", [0.0, -1e9, 4e12])
def test_a_clock_that_jumps_changes_nothing(filled: Store, monkeypatch, now: float) -> None:
    monkeypatch.setattr(time, "time", lambda: now)
    filled.write("docs/new.txt", "A comet was seen at night.\n")
    assert filled.update("docs").added == 1
    assert index_status(filled.directory, check=True).whole
    assert filled.update("docs").unchanged == 9


def test_a_writer_that_was_killed_leaves_a_lock_that_is_free(filled: Store) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with writer_lock(filled.directory):
            os.write(writing, b"x")
            time.sleep(60)
        os._exit(0)
    try:
        os.read(reading, 1)
        with pytest.raises(RagError, match=f"is being written by process {child} on "):
            filled.update("docs")
        assert filled.found("herons")  # readers do not wait
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert filled.update("docs").unchanged == 8


def test_someone_else_in_the_database_is_named(filled: Store, monkeypatch) -> None:
    """Another program that holds the database, with no lock of ours."""
    monkeypatch.setattr("rag.store.connect.PATIENCE", 0.05)
    filled.write("docs/new.txt", "New.\n")
    with closing(sqlite3.connect(filled.directory / "rag.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RagError, match="another process"):
            filled.update("docs")
    assert filled.update("docs").added == 1
