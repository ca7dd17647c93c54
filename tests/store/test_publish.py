"""Publishing an index to Milvus: what changed, in generations, whatever is broken off."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from rag.asking.question import understand
from rag.errors import BadInput, IndexBroken, IndexMismatch, IndexNotFound, StoreUnavailable
from rag.retrieve import retrieve
from rag.store.milvus_client import literal, parse_address
from rag.store.milvus_filters import ends_condition, glob_condition, near_glob
from rag.store.milvus_words import holding_of, passage_words, rarity_of
from rag.types import Filters
from tests.store.fakes import Store

TEXTS = {
    "docs/2020-01-05-a.txt": "Ravens came in winter.\n\nThey stayed.\n",
    "docs/b.txt": "# Rivers\n\nRivers froze in winter; ravens drank elsewhere.\n",
    "docs/c.txt": "Nobody spoke of flamingos.\n",
}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "milvus:",
        "milvus:store",
        "http://",
        "ftp://h:1",
        "store.db",
        "http://h:1/a-b",
        "http://h/1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        parse_address(url)


def test_addresses() -> None:
    server = parse_address("https://host:19530/notes")
    assert (server.uri, server.name, server.lite) == ("https://host:19530", "notes", False)
    assert parse_address("http://host:19530").name == "rag"
    assert parse_address("milvus:./a.db").lite


def test_a_text_in_a_condition_stays_a_text() -> None:
    assert literal('a" or "1" == "1') == '"a\\" or \\"1\\" == \\"1"'
    assert literal("back\\slash\n") == '"back\\\\slash\\n"'
    assert glob_condition("a_b*") is None
    assert glob_condition('"*') is None
    assert glob_condition("Zürich*") is None
    assert '"Z%"' in near_glob("Zu\u0308rich*")
    assert '"%rich.txt"' in ends_condition("Zürich.txt")


def test_without_the_extra_it_says_what_to_install(monkeypatch, tmp_path) -> None:
    from rag.store.milvus import MilvusStore

    monkeypatch.setitem(sys.modules, "pymilvus", None)
    (tmp_path / "s.db").mkdir()
    with pytest.raises(StoreUnavailable, match="pip install"):
        MilvusStore.open(f"milvus:{tmp_path / 's.db'}")


@pytest.mark.parametrize("passages", [1, 2, 92, 1_000_003, 200_000_000])
def test_a_count_survives_the_way_through_its_rarity(passages: int) -> None:
    for holding in {0, 1, 2, passages // 3, passages - 1, passages}:
        assert holding_of(passages, rarity_of(passages, holding)) == holding


def test_words_of_a_passage() -> None:
    words = passage_words(["raven", "raven", "winter"], 3.0)
    assert sorted(words.values()) == pytest.approx([1 / 1.6, 2 / 2.6])
    assert passage_words([], 3.0) == {0: 1.0}


@pytest.fixture
def filled(store: Store) -> Store:
    for name, text in TEXTS.items():
        store.write(name, text)
    store.update("docs")
    return store


@pytest.fixture
def url(filled: Store) -> str:
    pytest.importorskip("milvus_lite")
    pytest.importorskip("pymilvus")
    return f"milvus:{filled.base / 'store.db'}"


def _publish(store: Store, url: str, **options):
    from rag.store.publish import publish

    with store.open() as index:
        done = publish(index, url, **options)
    return done.added, done.removed, done.unchanged


def _held(store: Store, url: str | None = None) -> list[object]:
    """All that a store answers from, and what it answers."""
    from rag.store.milvus import MilvusStore

    with MilvusStore.open(url) if url else store.open() as opened:
        infos = list(opened.documents())
        asked = (understand("ravens in winter"), understand("flamingos"))
        hits = [
            {h.passage.id: h.score for h in found}
            for found in (retrieve(opened, store.embedder, q, Filters(), 200) for q in asked)
        ]
        rarity = opened.rarity("ravens winter flamingo elsewhere nothing")
        return [infos, [opened.document(i.source) for i in infos], hits, rarity,
                opened.size]  # fmt: skip


def _same(store: Store, url: str, within: float = 1e-5) -> None:
    ours, theirs = _held(store), _held(store, url)
    for at in (0, 1, 4):
        assert theirs[at] == ours[at]
    for told, wanted in zip(theirs[2], ours[2], strict=True):
        assert told == pytest.approx(wanted, abs=within)
    assert theirs[3] == pytest.approx(ours[3])


def test_the_copy_follows_the_index(filled: Store, url: str) -> None:
    assert _publish(filled, url) == (3, 0, 0)
    _same(filled, url)
    assert _publish(filled, url) == (0, 0, 3)
    filled.write("docs/b.txt", "# Rivers\n\nRivers flooded in spring, and a flamingo came.\n")
    filled.write("docs/d.txt", "A new one, of ravens.\n")
    (filled.base / "docs/c.txt").unlink()
    filled.update("docs")
    added, removed, unchanged = _publish(filled, url)
    assert added >= 2 and removed >= 2 and added + unchanged == 3
    _same(filled, url)
    (filled.base / "docs/d.txt").rename(filled.base / "docs/e.txt")
    filled.update("docs")
    _publish(filled, url)
    _same(filled, url)


def test_a_small_change_writes_what_changed(filled: Store, url: str) -> None:
    for n in range(60):
        filled.write(f"docs/more-{n}.txt", f"Ravens and rivers, number {n}, as every winter.\n")
    filled.update("docs")
    assert _publish(filled, url) == (63, 0, 0)
    filled.write("docs/new.txt", "Ravens and rivers, one more, as every winter.\n")
    (filled.base / "docs/more-7.txt").unlink()
    filled.update("docs")
    assert _publish(filled, url) == (1, 1, 62)
    # The mean length that words are weighed with is the one of before, nearly.
    _same(filled, url, within=0.005)


def test_what_is_removed_is_gone(filled: Store, url: str) -> None:
    from rag.store.milvus_client import Milvus

    _publish(filled, url)
    (filled.base / "docs/c.txt").unlink()
    filled.update("docs")
    _publish(filled, url)
    milvus = Milvus(parse_address(url))
    milvus.exists()
    assert milvus.by_key("terms", ["flamingo"], ["term"]) == []
    texts = [e["text"] for e in milvus.rows("pieces", 'key like "d%"', ["text"])]
    milvus.close()
    assert len({json.loads(t)["source"] for t in texts}) == 2
    assert not any("flamingos" in t for t in texts)


def test_a_reader_keeps_its_generation(filled: Store, url: str) -> None:
    from rag.store.milvus import MilvusStore

    _publish(filled, url)
    with MilvusStore.open(url) as reader:
        filled.write("docs/d.txt", "Ravens again.\n")
        (filled.base / "docs/c.txt").unlink()
        filled.update("docs")
        _publish(filled, url)
        assert {d.source for d in reader.documents()} == {"docs/2020-01-05-a.txt", "docs/b.txt"}
        hits = retrieve(reader, filled.embedder, understand("ravens flamingos"), Filters(), 20)
        assert {h.passage.source for h in hits} <= {"docs/2020-01-05-a.txt", "docs/b.txt"}
        for hit in hits:
            document = reader.document(hit.passage.source)
            assert document is not None
            assert hit.passage.span.of(document.text) == hit.passage.text


class _Stop(Exception):
    pass


def test_broken_off_anywhere_it_is_the_old_state_or_the_new(
    filled: Store, url: str, monkeypatch
) -> None:
    """Every write to the store is once the one that never happens."""
    from rag.store.milvus_client import Milvus

    real = {name: getattr(Milvus, name) for name in ("put", "delete", "flush")}
    left = [0]

    def counted(name: str):
        def call(self, *arguments):
            if left[0] == 0:
                raise _Stop
            left[0] -= 1
            return real[name](self, *arguments)

        return call

    _publish(filled, url)
    old = _told(filled, url)
    for name in real:
        monkeypatch.setattr(Milvus, name, counted(name))
    for at in range(40):
        filled.write("docs/b.txt", f"Rivers flooded in spring {at}, and a flamingo came.\n")
        filled.write("docs/d.txt", f"A new one, of ravens, number {at}.\n")
        filled.update("docs")
        left[0] = at
        try:
            _publish(filled, url)
        except _Stop:
            assert _told(filled, url) in (old, _told(filled)), at
        else:
            break
    else:
        pytest.fail("it was never done")
    assert at > 8
    left[0] = -1
    _same(filled, url)


def _told(store: Store, url: str | None = None) -> list[object]:
    infos, documents, hits, *_ = _held(store, url)
    return [infos, documents, [set(found) for found in hits]]


def test_what_was_written_before_a_break_is_not_written_again(
    filled: Store, url: str, monkeypatch
) -> None:
    from rag.store import publish as module

    def stop(*_):
        raise _Stop

    with monkeypatch.context() as patch:
        patch.setattr(module._Publisher, "_count", stop)
        with pytest.raises(_Stop):
            _publish(filled, url)
    monkeypatch.setattr(module.Uploader, "add", stop)
    assert _publish(filled, url) == (3, 0, 0)
    _same(filled, url)


def test_the_copy_of_another_index_is_not_overwritten(filled: Store, url: str, tmp_path) -> None:
    _publish(filled, url)
    with filled.open() as index:
        from rag.store.publish import publish

        index.manifest = replace(index.manifest, embedder="another")
        with pytest.raises(IndexMismatch, match="another embedder"):
            publish(index, url)
    for name in TEXTS:
        (filled.base / name).unlink()
    filled.write("docs/z.txt", "Of other things.\n")
    filled.update("docs")
    with pytest.raises(BadInput, match="other documents"):
        _publish(filled, url)
    assert _publish(filled, url, refill=True) == (1, 0, 0)
    _same(filled, url)


def test_what_is_no_store_is_said(filled: Store, url: str) -> None:
    from rag.store.milvus import MilvusStore
    from rag.store.milvus_client import Milvus

    with pytest.raises(BadInput, match="no store"):
        MilvusStore.open(url)
    Milvus(parse_address(url), create=True).close()
    with pytest.raises(IndexNotFound, match="nothing in the store"):
        MilvusStore.open(url)
    _publish(filled, url)
    milvus = Milvus(parse_address(url))
    milvus.exists()
    milvus.put("meta", [{"key": "state", "value": "{}"}])
    milvus.close()
    with pytest.raises(IndexBroken, match="never filled"):
        MilvusStore.open(url)
    assert _publish(filled, url, refill=True) == (3, 0, 0)


def test_long_texts_and_many_sentences_are_kept_in_pieces(
    filled: Store, url: str, monkeypatch
) -> None:
    from rag.store import milvus_entities

    monkeypatch.setattr(milvus_entities, "_TEXT", 11)
    monkeypatch.setattr(milvus_entities, "_CODE", 7)
    _publish(filled, url)
    _same(filled, url)
