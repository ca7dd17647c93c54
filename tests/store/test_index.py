"""Reading an index: filters, names, and what is damaged."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import IndexBroken, IndexMismatch, IndexNotFound, RagError
from rag.store import database as database_module
from rag.store.database import Database, date_range, glob_matches
from rag.store.filters import Filtering
from rag.store.index import Index
from rag.store.names import meant_by
from rag.types import Filters, Span
from tests.store.fakes import Store

FILES = {
    "a/x.txt": "a/x.txt",
    "a/y.md": "a/y.md",
    "b/x.txt": "b/x.txt",
    "b/c/z.jsonl#one": "b/c/z.jsonl",
    "b/c/z.jsonl#two#2": "b/c/z.jsonl",
    "b/F#/x.txt": "b/F#/x.txt",
    "b/y.md#x.md": "b/y.md#x.md",
    "b/no\u0308rd.md": "b/no\u0308rd.md",
}
SOURCES = tuple(FILES)
GLOBS = (
    "*.txt", "a/*", "x.txt", "z.jsonl", "*two*", "b/*/z*", "none*", "*", "y.md", "F#", "nörd.md",
    "no\u0308*", "*/n?rd.md", "n[ö]rd.md", "no*",
)  # fmt: skip
DATES = st.one_of(
    st.none(),
    st.integers(1999, 2002).map(str),
    st.tuples(st.integers(1999, 2002), st.integers(1, 12)).map(lambda d: f"{d[0]}-{d[1]:02d}"),
    st.dates(
        min_value=datetime.date(1999, 1, 1),
        max_value=datetime.date(2002, 12, 31),
    ).map(str),
)


def _allowed(date: str | None, source: str, filters: Filters) -> bool:
    """By the plain words of `Filters`, with padded dates in place of ranges."""
    if filters.since is not None and (date is None or _last(date) < _first(filters.since)):
        return False
    if filters.until is not None and (date is None or _first(date) > _last(filters.until)):
        return False
    if filters.as_of is not None and (date is None or _last(date) > _last(filters.as_of)):
        return False
    return filters.source is None or glob_matches(source, FILES[source], filters.source)


def _first(date: str) -> str:
    return (date + "-01-01")[:10]


def _last(date: str) -> str:
    """No day of a month comes after its 31st, whether it has one or not."""
    return {4: f"{date}-12-31", 7: f"{date}-31", 10: date}[len(date)]


@settings(max_examples=60, deadline=None)
@given(
    dates=st.lists(DATES, min_size=len(SOURCES), max_size=len(SOURCES)),
    since=DATES,
    until=DATES,
    as_of=DATES,
    glob=st.one_of(st.none(), st.sampled_from(GLOBS)),
)
def test_filters_allow_what_brute_force_allows(dates, since, until, as_of, glob) -> None:
    filters = Filters(since, until, glob, as_of)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder), create=True)
        execute = database.connection.execute
        numbers = {path: n for n, path in enumerate(dict.fromkeys(FILES.values()))}
        for path, n in numbers.items():
            execute("INSERT INTO files VALUES (?, ?, 1, 1, 'x', 0)", (n, path))
        for number, (source, date) in enumerate(zip(SOURCES, dates, strict=True), start=1):
            first, last = date_range(date) if date else (None, None)
            execute(
                "INSERT INTO documents VALUES (?, ?, ?, 'text', NULL, NULL, ?, NULL, ?, ?, NULL,"
                " 'en', 0, 0, 0, 'text')",
                (number, numbers[FILES[source]], source, date, first, last),
            )
            execute(
                "INSERT INTO passages VALUES (?, ?, ?, 0, 4, 1, 1, NULL, 'k', '', 0)",
                (10 * number, str(number), number),
            )
        found = sorted(Filtering(database).rows(filters).tolist())
        database.close()
    assert found == [
        10 * number
        for number, (source, date) in enumerate(zip(SOURCES, dates, strict=True), start=1)
        if _allowed(date, source, filters)
    ]


@pytest.fixture
def filled(store: Store) -> Store:
    for name in ("docs/2020-01-05-a.txt", "docs/sub/2021-03-04-b.txt", "docs/c.txt"):
        store.write(name, f"First of {name[-5]}.\n\nSecond line of {name[-5]}, about ravens.\n")
    store.update("docs")
    return store


def test_filters_act_on_both_legs(filled: Store) -> None:
    with filled.open() as index:
        assert index.allowed(Filters()) is None
        allowed = index.allowed(Filters(since="2021"))
        assert allowed is not None
        assert allowed.dtype == np.int64
        vector = filled.embedder.encode_queries(["ravens"])[0]
        for found in (index.dense(vector, 9, allowed), index.lexical("ravens", 9, allowed)):
            rows = [row for row, _ in found]
            assert {p.source for p in index.passages(rows)} == {"docs/sub/2021-03-04-b.txt"}
        nothing = index.allowed(Filters(source="nothing*"))
        assert nothing is not None
        assert index.dense(vector, 9, nothing) == index.lexical("ravens", 9, nothing) == []


@pytest.mark.parametrize(
    ("source", "path", "glob", "fits"),
    [
        ("docs/F#/log.txt", "docs/F#/log.txt", "log.txt", True),
        ("log.txt#old.md", "log.txt#old.md", "log.txt", False),
        ("log.jsonl#a#b", "log.jsonl", "log.jsonl", True),
        ("docs/Cafe\u0301.txt", "docs/Cafe\u0301.txt", "Café.txt", True),
        ("docs/Café.txt", "docs/Café.txt", "Cafe\u0301*", True),
        ("docs/Cafe.txt", "docs/Cafe.txt", "Café.txt", False),
    ],
)
def test_a_name_is_that_of_its_file(source: str, path: str, glob: str, fits: bool) -> None:
    assert glob_matches(source, path, glob) is fits
    assert (meant_by(glob.rstrip("*"), [(source, path)]) == [source]) is (fits and "*" not in glob)


def test_names_documents_and_places(filled: Store) -> None:
    with filled.open() as index:
        assert index.find_source("c.txt") == ["docs/c.txt"]
        assert index.find_source("./sub/2021-03-04-b.txt") == ["docs/sub/2021-03-04-b.txt"]
        assert index.find_source("nothing") == []
        assert index.text_path("docs/c.txt").read_text().startswith("First of c.")
        [passage] = [p for p in index.passages(range(20)) if p.source == "docs/c.txt"]
        assert index.passage_by_id(passage.id) == passage
        assert index.passage_by_id("none") is None
        document = index.document("docs/c.txt")
        assert document is not None
        assert passage.span.of(document.text) == passage.text
        assert [p.number for p in index.paragraphs_at("docs/c.txt", Span(0, 3))] == [1]
        assert index.paragraphs_at("nothing", Span(0, 3)) == []
        assert [(d.source, d.date, d.passages) for d in index.documents()] == [
            ("docs/2020-01-05-a.txt", "2020-01-05", 1),
            ("docs/c.txt", None, 1),
            ("docs/sub/2021-03-04-b.txt", "2021-03-04", 1),
        ]


def test_rows_come_back_in_the_order_they_were_asked_for(filled: Store) -> None:
    with filled.open() as index:
        assert [p.row for p in index.passages([3, 1, 99, 2])] == [3, 1, 2]


def test_a_reader_keeps_the_state_it_opened(filled: Store) -> None:
    with filled.open() as index:
        vector = filled.embedder.encode_queries(["ravens"])[0]
        before = index.passages(range(20))
        (filled.base / "docs/2020-01-05-a.txt").unlink()
        filled.write("docs/d.txt", "Ravens and flamingos.\n")
        filled.update("docs")
        assert index.passages(range(20)) == before
        # Both legs are opened only now, when the files beside the database are of a later state.
        assert {row for row, _ in index.dense(vector, 9)} == {1, 2, 3}
        assert {row for row, _ in index.lexical("ravens", 9)} == {1, 2, 3}
    with filled.open() as index:
        assert [d.source for d in index.documents()][-2:] == [
            "docs/d.txt",
            "docs/sub/2021-03-04-b.txt",
        ]
        assert index.lexical("flamingo", 9)


@pytest.mark.parametrize("leg", ["vectors", "lexical"])
def test_damaged_missing_or_late_files_of_a_leg_are_rebuilt(filled: Store, leg: str) -> None:
    folder, wanted = filled.directory / leg, filled.found("ravens")
    files = [p for p in folder.iterdir() if p.stat().st_size]
    names = sorted(p.name for p in files)
    for path in files:
        whole = path.read_bytes()
        at = len(whole) // 2
        for damaged in (whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :], whole[:at], b""):
            path.write_bytes(damaged)
            assert filled.found("ravens") == wanted, path.name
        path.unlink()
        assert filled.found("ravens") == wanted, path.name
        assert sorted(p.name for p in folder.iterdir()) == names
    stamp = folder / "stamp.json"
    stamp.write_text(stamp.read_text().replace('"generation": ', '"generation": 0'))
    assert filled.found("ravens") == wanted


def test_a_damaged_database_is_said_in_a_sentence(filled: Store) -> None:
    path = filled.directory / "rag.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    with pytest.raises(IndexBroken, match="damaged"), filled.open() as index:
        list(index.documents())
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(IndexBroken, match="damaged"):
        filled.open()
    with pytest.raises(IndexBroken):
        filled.update("docs")
    assert filled.update("docs", rebuild=True).added == 3
    assert filled.found("ravens")[1][1]


@pytest.mark.parametrize("at", range(6))
def test_bytes_flipped_in_the_database_never_end_in_a_traceback(filled: Store, at: int) -> None:
    path = filled.directory / "rag.db"
    data = bytearray(path.read_bytes())
    for offset in range(101 + at * 211, len(data), 1499):
        data[offset] ^= 0x5A
    path.write_bytes(data)
    try:
        with filled.open() as index:
            list(index.documents())
            index.passages(range(20))
            index.lexical("ravens", 3)
    except RagError as error:
        assert error.message.endswith(".")


def test_no_index_and_another_format(store: Store) -> None:
    with pytest.raises(IndexNotFound, match="no index"):
        store.open()
    store.write("docs/a.txt", "Text.\n")
    store.update("docs")
    database = Database(store.directory)
    database.connection.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(IndexMismatch) as raised:
        store.open()
    assert "--rebuild" in str(raised.value)
    assert store.update("docs", rebuild=True).added == 1


def test_a_folder_that_cannot_be_written_to_can_be_read(filled: Store, monkeypatch) -> None:
    real = database_module.sqlite3.connect

    def connect(path, **options):
        if not options.get("uri"):
            return real("file:/nowhere/at/all?mode=ro", uri=True)
        return real(path, **options)

    monkeypatch.setattr(database_module.sqlite3, "connect", connect)
    with Index.open(filled.directory) as index:
        assert len(list(index.documents())) == 3
