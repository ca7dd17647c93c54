"""What every store has to do: the same tests on the local index and on its copy in Milvus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from rag.asking.question import understand
from rag.retrieve import retrieve
from rag.store.database import date_range, glob_matches
from rag.store.protocol import Store
from rag.types import Filters
from tests.store.fakes import FakeEmbedder
from tests.store.fakes import Store as Folder

KINDS = ("local", "milvus")
#: Signs that a filter's language, a glob or a text in quotes could take for its own.
NAMES = (
    "docs/2019-a_b.txt",
    "docs/2020-03-axb.txt",
    "docs/2020-03-04-100%.txt",
    "docs/sub/2021-03-04-notes[1].txt",
    'docs/sub/it\'s "quoted" {x}.txt',
    "docs/sub/back\\slash.md",
    "docs/плач.txt",
    "docs/long.txt",
    "docs/C#/guide#2.txt",
    "docs/sub/Zu\u0308rich.txt",  # as macOS writes it
)
RECORDS = ("docs/sub/records.jsonl#one", "docs/sub/records.jsonl#two/three")
DATES = (None, "2019", "2020-03", "2020-03-04", "2021")
GLOBS = (
    None, "*", "*.txt", "records.jsonl", "*#two*", "docs/sub/records.jsonl#one", "docs/*",
    "docs/sub/*", "*_b.txt", "*100%*", "*?xb*", "notes[1].txt", "*[[]1]*",
    "it's \"quoted\" {x}.txt", "back\\slash.md", "пл*", "docs/2020-03-axb.txt", "no*",
    "guide#2.txt", "guide", "docs/C", "Zürich.txt", "docs/sub/Zü*", "Z?rich.txt",
)  # fmt: skip


def _text(name: str) -> str:
    if name.endswith("long.txt"):
        return "\n\n".join(f"Paragraph {n} tells of ravens, rivers and roads." for n in range(900))
    return (
        f"Nobody knows what {name} is about.\n\nThe ravens of {name[-9:]} came in winter. They "
        "stayed till spring.\n\n# Rivers\n\nA river “froze” and\tthawed; 🙂 the ceasefire held.\n"
    )


def _records() -> str:
    """Two documents of one file; in JSON a text may hold a NUL."""
    texts = ("A NUL \0 is a sign too, say the ravens of winter.", "Roads, rivers. " * 40)
    ids = ("one", "two/three")
    return "\n".join(
        json.dumps({"_id": i, "text": t, "title": f"Record {i}", "date": "2021-07"})
        for i, t in zip(ids, texts, strict=True)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Iterator[Folder]:
    with pytest.MonkeyPatch.context() as patch:
        made = Folder(tmp_path_factory.mktemp("contract"))
        patch.chdir(made.base)
        for name in NAMES:
            made.write(name, _text(name))
        made.write("docs/sub/records.jsonl", _records())
        made.update("docs")
        yield made


@pytest.fixture(scope="module")
def stores(folder: Folder) -> Iterator[dict[str, Store]]:
    """The same documents, as each kind of store holds them."""
    opened: dict[str, Store] = {"local": folder.open()}
    try:
        import milvus_lite  # noqa: F401
        import pymilvus  # noqa: F401
    except ImportError:
        pass
    else:
        from rag.store.milvus import MilvusStore
        from rag.store.publish import publish

        url = f"milvus:{folder.base / 'store.db'}"
        publish(opened["local"], url)
        opened["milvus"] = MilvusStore.open(url)
    yield opened
    for store in opened.values():
        store.close()


@pytest.fixture(params=KINDS)
def store(request, stores: dict[str, Store]) -> Store:
    if request.param not in stores:
        pytest.skip("the extra milvus is not installed")
    return stores[request.param]


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


def _ids(store: Store, found: list[tuple[int, float]]) -> list[tuple[str, float]]:
    passages = store.passages([row for row, _ in found])
    return [(p.id, score) for p, (_, score) in zip(passages, found, strict=True)]


def _every(store: Store) -> list[int]:
    vector = np.ones(store.manifest.dimension, dtype=np.float32)
    return [row for row, _ in store.dense(vector, 2000)]


def test_it_says_what_it_is(store: Store, folder: Folder) -> None:
    assert store.manifest.embedder == "fake"
    assert store.manifest.dimension == folder.embedder.dimension
    assert store.generation > 0
    assert store.size == len(_every(store)) > 100


def test_documents_are_whole_and_in_order(store: Store, folder: Folder) -> None:
    infos = list(store.documents())
    assert [i.source for i in infos] == sorted(NAMES + RECORDS)
    for info in infos:
        document = store.document(info.source)
        assert document is not None
        if info.source in NAMES:
            assert document.text == (folder.base / info.source).read_text(encoding="utf-8")
        else:
            assert document.title == f"Record {info.source.split('#')[1]}"
        assert (document.date, document.sha256) == (info.date, info.sha256)
        assert document.paragraphs[-1].span.of(document.text) in document.text
    assert sum(i.passages for i in infos) == store.size
    assert store.document("docs/nothing.txt") is None


def test_a_passage_is_a_slice_of_its_document(store: Store) -> None:
    rows = _every(store)
    passages = store.passages(rows)
    assert [p.row for p in passages] == rows
    for passage in passages:
        document = store.document(passage.source)
        assert document is not None
        assert passage.span.of(document.text) == passage.text
        assert passage.text.strip()
        assert (passage.title, passage.date) == (document.title, document.date)
        assert document.text.count("\n", 0, passage.start) + 1 == passage.line
    assert store.passage_by_id(passages[0].id) == passages[0]
    assert store.passage_by_id("0123456789abcdef") is None
    assert [p.row for p in store.passages([rows[3], 987_654_321, rows[1]])] == [rows[3], rows[1]]
    assert store.passages([]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_found_by_the_end_of_its_path(store: Store, name: str) -> None:
    assert store.find_source(name) == [name]
    assert store.find_source(name.rsplit("/", 1)[-1]) == [name]
    assert store.find_source(f"./{name}") == [name]
    assert store.find_source(name[:-1]) == []


def test_accents_of_a_name_may_be_signs_of_their_own(store: Store) -> None:
    assert (
        store.find_source("Zürich.txt") == store.find_source("docs/sub/Zürich.txt") == [NAMES[-1]]
    )


@pytest.mark.parametrize("glob", GLOBS)
def test_filters_let_pass_what_they_say(store: Store, glob: str | None) -> None:
    rows = _every(store)
    passages = dict(zip(rows, store.passages(rows), strict=True))
    for since, until, as_of in product(DATES, DATES[::2], DATES[::2]):
        filters = Filters(since, until, glob, as_of)
        allowed = store.allowed(filters)
        if filters.empty:
            assert allowed is None
            continue
        expected = {row for row, p in passages.items() if _passes(p.date, p.source, filters)}
        assert len(allowed) == len(expected), filters
        vector = np.ones(store.manifest.dimension, dtype=np.float32)
        if expected:
            assert {row for row, _ in store.dense(vector, 2000, allowed)} == expected
            found = store.lexical("ravens ceasefire river", 2000, allowed)
            assert {row for row, _ in found} <= expected


def _passes(date: str | None, source: str, filters: Filters) -> bool:
    if (filters.since or filters.until or filters.as_of) and date is None:
        return False
    first, last = date_range(date) if date else ("", "")
    return (
        (filters.since is None or last >= date_range(filters.since)[0])
        and (filters.until is None or first <= date_range(filters.until)[1])
        and (filters.as_of is None or last <= date_range(filters.as_of)[1])
        and (filters.source is None or glob_matches(source, _path(source), filters.source))
    )


def _path(source: str) -> str:
    return source if source in NAMES else source.split("#", maxsplit=1)[0]


def test_rankings_are_by_score_and_then_place(store: Store, embedder: FakeEmbedder) -> None:
    vector = embedder.encode_queries(["ravens in winter"])[0]
    for found in (store.dense(vector, 9), store.lexical("ravens in winter", 9)):
        assert len(found) == 9
        places = [(p.source, p.start) for p in store.passages([row for row, _ in found])]
        ranked = [(-score, *place) for (_, score), place in zip(found, places, strict=True)]
        assert ranked == sorted(ranked)
    assert store.dense(vector, 0) == store.lexical("ravens", 0) == []
    assert store.lexical("wolves the of", 9) == []
    assert all(score > 0 for _, score in store.lexical("winter", 2000))
    assert len(store.lexical("winter", 2000)) == len(NAMES)  # all but the long one, and a record


def test_scores_of_given_rows_are_those_of_the_ranking(store: Store) -> None:
    rows = _every(store)[:300]
    ranked = dict(store.lexical("ravens ravens winter", 2000))
    scores = store.lexical_scores("ravens ravens winter", rows)
    assert scores.dtype == np.float32
    wanted = [ranked.get(row, 0.0) for row in rows]
    np.testing.assert_allclose(scores, wanted, rtol=1e-5, atol=1e-6)
    assert not store.lexical_scores("wolves", rows).any()


def test_rows_can_be_put_in_order(store: Store) -> None:
    rows = _every(store)
    ordered = store.in_order(rows)
    assert sorted(ordered) == sorted(rows)
    places = [(p.source, p.start, p.end) for p in store.passages(ordered)]
    assert places == sorted(places)


def test_vectors_are_those_that_were_embedded(store: Store, embedder: FakeEmbedder) -> None:
    rows = _every(store)[::7]
    for row, (whole, parts) in zip(rows, store.vectors(rows), strict=True):
        [passage] = store.passages([row])
        assert whole.dtype == parts.dtype == np.float32
        assert whole.shape == (embedder.dimension,)
        assert parts.shape[1] == embedder.dimension
        if passage.title is None:
            np.testing.assert_array_equal(whole, embedder.encode_queries([passage.text])[0])


def test_rarity_is_a_share_and_1_for_the_unknown(store: Store) -> None:
    found = store.rarity("ravens wolves winter")
    assert set(found) == {"raven", "wolv", "winter"}
    assert found["wolv"] == 1.0
    assert 0 < found["raven"] < found["winter"] < 1.0


@pytest.mark.parametrize("query", ["ravens in winter", "Who knows?", "ceasefire river", "100%", ""])
@pytest.mark.parametrize("source", [None, "docs/sub/*", "*a[_x]b*"])
def test_the_copy_ranks_as_the_original(
    stores: dict[str, Store], embedder: FakeEmbedder, query: str, source: str | None
) -> None:
    if "milvus" not in stores:
        pytest.skip("the extra milvus is not installed")
    found = {
        kind: retrieve(store, embedder, understand(query or "ravens"), Filters(source=source), 20)
        for kind, store in stores.items()
    }
    told = {
        kind: [(round(h.score, 5), h.passage.id, h.passage.text) for h in hits]
        for kind, hits in found.items()
    }
    assert told["milvus"] == told["local"]


def test_the_copy_has_equal_scores_in_each_leg(
    stores: dict[str, Store], embedder: FakeEmbedder
) -> None:
    if "milvus" not in stores:
        pytest.skip("the extra milvus is not installed")
    local, milvus = stores["local"], stores["milvus"]
    vector = embedder.encode_queries(["rivers and roads"])[0]
    for ours, theirs in (
        (local.dense(vector, 2000), milvus.dense(vector, 2000)),
        (
            local.lexical("the ceasefire of notes", 2000),
            milvus.lexical("the ceasefire of notes", 2000),
        ),
    ):
        left, right = dict(_ids(local, ours)), dict(_ids(milvus, theirs))
        assert left.keys() == right.keys()
        assert max(abs(left[i] - right[i]) for i in left) < 1e-5
    assert list(local.documents()) == list(milvus.documents())
    for info in local.documents():
        assert local.document(info.source) == milvus.document(info.source)
