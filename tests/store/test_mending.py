"""What people do to an index from outside, and what it makes of that."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import BadInput, IndexMismatch
from rag.ingest.chunk import ChunkConfig
from rag.store import files
from rag.store.files import derived, fresh
from rag.store.status import index_status
from rag.types import Filters
from tests.store.fakes import Store

#: The generations of a database's past.
KNOWN = (1,)


def legs(store: Store, query: str) -> tuple[set[str], set[str]]:
    """Sources that the two legs name first for a query."""
    with store.open() as index:
        vector = store.embedder.encode_queries([query])[0]
        found = (index.dense(vector, 1), index.lexical(query, 1))
        dense, lexical = ({p.source for p in index.passages([r for r, _ in f])} for f in found)
        return dense, lexical


def remove_database(store: Store) -> None:
    for path in store.directory.glob("rag.db*"):
        path.unlink()


def test_files_derived_from_a_deleted_database_are_not_believed(store: Store) -> None:
    store.write("docs/a.txt", "The heron stands in the water.\n")
    store.update("docs")
    remove_database(store)
    store.write("docs/a.txt", "Bread needs flour and salt.\n")
    store.write("docs/b.txt", "A comet was seen at night.\n")
    store.update("docs")
    assert legs(store, "bread flour") == ({"docs/a.txt"}, {"docs/a.txt"})
    with store.open() as index:
        assert index.lexical("heron", 5) == []
    assert index_status(store.directory).whole


@pytest.mark.parametrize("more", range(4))
def test_files_derived_from_another_past_are_not_believed(store: Store, more: int) -> None:
    """Only the database is brought back from a copy, then the two pasts are equally long."""
    store.write("docs/a.txt", "The heron stands in the water.\n")
    store.update("docs")
    shutil.copy(store.directory / "rag.db", store.base / "copy.db")
    for number in range(2):
        store.write("docs/x.txt", f"A lighthouse, number {number}.\n")
        store.update("docs")
    remove_database(store)
    shutil.copy(store.base / "copy.db", store.directory / "rag.db")
    for number in range(more):
        store.write("docs/x.txt", f"Bread and flour, number {number}.\n")
        store.update("docs")
    if not more:
        (store.base / "docs/x.txt").unlink()
        store.update("docs")
    with store.open() as index:
        assert index.lexical("lighthouse", 5) == []
        assert len(index.lexical("bread", 5)) == min(more, 1)
    assert index_status(store.directory).whole


def damage_inside(store: Store) -> None:
    path = store.directory / "rag.db"
    data = bytearray(path.read_bytes())
    for offset in range(8192, len(data) - 4096, 12288):
        data[offset : offset + 600] = b"\xa5" * 600
    path.write_bytes(data)


def test_a_rebuild_mends_a_database_that_opens_but_is_damaged_inside(store: Store) -> None:
    for number in range(40):
        store.write(f"docs/{number}.txt", f"Text {number}. " + f"Word{number} is here. " * 40)
    store.update("docs")
    damage_inside(store)
    assert store.update("docs", rebuild=True).added == 40
    assert index_status(store.directory).whole
    assert legs(store, "word7")[1] == {"docs/7.txt"}


def test_only_a_file_of_another_time_is_hashed(tmp_path, monkeypatch) -> None:
    """As far as files are large; a small one costs no time."""
    monkeypatch.setattr(files, "HASHED_BELOW", 0)
    folder, built = tmp_path / "vectors", []

    def get() -> str:
        def build() -> str:
            built.append("value")
            return "value"

        save: Callable[[str, object], None] = lambda v, f: (f / "v").write_text(v) and None  # noqa: E731
        load: Callable[[Path], str] = lambda f: (f / "v").read_text()  # noqa: E731
        return derived(folder, 1, KNOWN.__contains__, load=load, build=build, save=save)[0]

    get()
    with monkeypatch.context() as patched:
        patched.setattr(files, "_sha256", lambda _: pytest.fail("a file was hashed"))
        assert get() == "value"
        assert fresh(folder, KNOWN.__contains__)
    shutil.copytree(folder, tmp_path / "copy")
    os.utime(tmp_path / "copy" / "v", (1, 1))
    assert fresh(tmp_path / "copy", KNOWN.__contains__)
    assert len(built) == 1
    stat = (folder / "v").stat()
    (folder / "v").write_text("VALUE")
    assert not fresh(folder, KNOWN.__contains__)
    os.utime(folder / "v", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert fresh(folder, KNOWN.__contains__)
    assert not fresh(folder, KNOWN.__contains__, hashed=True)
    monkeypatch.undo()
    assert not fresh(folder, KNOWN.__contains__)


def test_status_sees_damage_that_keeps_size_and_time(store: Store) -> None:
    store.write("docs/a.txt", "The heron stands in the water.\n")
    store.update("docs")
    path = store.directory / "vectors" / "vectors.npy"
    stat, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert "vectors" in index_status(store.directory).problems[0]


def test_status_hashes_where_only_the_time_differs(store: Store) -> None:
    store.write("docs/a.txt", "One.\n")
    store.write("docs/b.txt", "Two.\n")
    store.update("docs")
    os.utime(store.base / "docs/a.txt", (5, 5))
    assert index_status(store.directory).up_to_date
    (store.base / "docs/b.txt").write_text("Owt.\n")
    assert index_status(store.directory).changed == ("docs/b.txt",)


def test_a_file_kept_in_its_earlier_version_differs_until_it_is_read(store: Store) -> None:
    store.write("docs/a.txt", "One.\n")
    store.write("docs/empty.txt", "")
    store.update("docs")
    store.write("docs/a.txt", b"\0\1" * 40)
    store.update("docs")
    status = index_status(store.directory)
    assert (status.changed, status.new) == (("docs/a.txt",), ())
    assert [s.source for s in status.skipped] == ["docs/a.txt", "docs/empty.txt"]
    store.write("docs/a.txt", "One.\n")
    store.write("docs/new.txt", "New.\n")
    status = index_status(store.directory)
    assert (status.changed, status.new) == ((), ("docs/new.txt",))


def test_a_name_with_the_signs_of_a_glob_means_itself_too(store: Store) -> None:
    store.write("docs/a[1].txt", "One.\n")
    store.write("docs/a1.txt", "Two.\n")
    store.write("docs/a2.txt", "Three.\n")
    store.update("docs")
    with store.open() as index:

        def sources(glob: str) -> list[str]:
            rows = index.allowed(Filters(source=glob))
            assert rows is not None
            return [p.source for p in index.passages(rows.tolist())]

        assert sources("docs/a[1].txt") == ["docs/a1.txt", "docs/a[1].txt"]
        assert sources("a[12].txt") == ["docs/a1.txt", "docs/a2.txt"]
        assert sources("A1.txt") == []


@pytest.mark.parametrize("date", ["2020-13", "2020-02-30", "yesterday", "", "20-1-1"])
def test_a_filter_that_is_no_date_is_bad_input(store: Store, date: str) -> None:
    store.write("docs/a.txt", "One.\n")
    store.update("docs")
    with store.open() as index:
        for filters in (Filters(since=date), Filters(until=date)):
            with pytest.raises(BadInput):
                index.allowed(filters)


def test_another_chunking_is_refused_and_none_means_the_indexs_own(store: Store) -> None:
    small = ChunkConfig(target_tokens=8)
    store.write("docs/a.txt", "One is here. " * 9)
    store.update("docs", chunking=small)
    store.write("docs/b.txt", "Two is here. " * 9)
    with pytest.raises(IndexMismatch) as raised:
        store.update("docs", chunking=ChunkConfig(target_tokens=40))
    assert "--rebuild" in (raised.value.hint or "")
    assert store.update("docs").added == 1
    with store.open() as index:
        assert index.manifest.chunking == small
    assert store.update("docs", rebuild=True, chunking=ChunkConfig(target_tokens=40)).added == 2
