"""Finding suites, and the index that is kept of a suite's corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import BadInput, IndexBroken, IndexMismatch
from rag.evaluate.suites import build_index, find_suite, find_suites, is_built, suite_index
from rag.store import update
from rag.store.index import Index
from tests.store.fakes import FakeEmbedder, FakeTokens

TEXTS = {"p#1": "Rome fell in 476.", "p#2": "Carthage fell before it."}


def make_suite(folder: Path, texts: dict[str, str] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    passages = [{"_id": i, "title": "T", "text": t} for i, t in (texts or TEXTS).items()]
    asked = {"_id": "q1", "text": "When did Rome fall?", "relevant": ["p#1"], "answers": ["476"]}
    (folder / "corpus.jsonl").write_text("".join(json.dumps(p) + "\n" for p in passages))
    (folder / "queries.jsonl").write_text(json.dumps(asked) + "\n")
    return folder


@pytest.fixture
def embedder(monkeypatch) -> FakeEmbedder:
    fake = FakeEmbedder()
    monkeypatch.setattr("rag.models.embedder.load_embedder", lambda _: fake)
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: FakeTokens())
    return fake


def test_a_folder_and_a_file_are_suites(tmp_path) -> None:
    folder = make_suite(tmp_path / "old")
    suite = find_suite(folder)
    assert (suite.name, suite.corpus) == ("old", folder / "corpus.jsonl")
    alone = find_suite(folder / "queries.jsonl")
    assert (alone.name, alone.corpus) == ("queries", None)


def test_what_is_no_suite_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(BadInput, match=r"There is no suite .*none"):
        find_suite(tmp_path / "none")
    with pytest.raises(BadInput, match=r"is no suite: it lacks corpus.jsonl and queries.jsonl\."):
        find_suite(tmp_path)
    make_suite(tmp_path / "s")
    (tmp_path / "s" / "queries.jsonl").unlink()
    with pytest.raises(BadInput, match=r"it lacks queries.jsonl\."):
        find_suite(tmp_path / "s")


def test_suites_of_one_name_are_told_apart_and_the_same_one_runs_once(tmp_path) -> None:
    one, two = make_suite(tmp_path / "a" / "x"), make_suite(tmp_path / "b" / "x")
    names = [s.name for s in find_suites([one, two, one, one / "queries.jsonl"])]
    assert names == [str(one), str(two), "queries"]


def test_the_index_of_a_corpus_is_kept_by_its_content(tmp_path) -> None:
    suite = find_suite(make_suite(tmp_path / "s"))
    place = suite_index(suite, tmp_path / "index", None)
    assert place.parent == tmp_path / "index" / ".suites"
    copy = find_suite(make_suite(tmp_path / "elsewhere" / "s"))
    assert suite_index(copy, tmp_path / "index", None) == place
    assert suite_index(suite, tmp_path / "index", "other") != place
    make_suite(tmp_path / "s", {"p#1": "Other words."})
    assert suite_index(suite, tmp_path / "index", None) != place
    alone = find_suite(tmp_path / "s" / "queries.jsonl")
    assert suite_index(alone, tmp_path / "index", None) == tmp_path / "index"


def test_a_corpus_is_embedded_once(tmp_path, embedder) -> None:
    corpus = make_suite(tmp_path / "s") / "corpus.jsonl"
    place = tmp_path / "index"
    assert not is_built(place)
    build_index(place, corpus, None)
    assert is_built(place)
    before = len(embedder.texts)
    assert before >= len(TEXTS)
    build_index(place, corpus, None)
    copy = make_suite(tmp_path / "elsewhere") / "corpus.jsonl"
    build_index(place, copy, None)
    assert len(embedder.texts) == before


@pytest.mark.parametrize("error", [IndexMismatch, IndexBroken])
def test_an_index_that_cannot_be_used_is_built_anew(tmp_path, embedder, monkeypatch, error) -> None:
    corpus = make_suite(tmp_path / "s") / "corpus.jsonl"
    place = tmp_path / "index"
    build_index(place, corpus, None)
    kept = place / "notes of the user"
    kept.touch()
    real = update.update_index

    def refusing(directory, *given, options, **more):
        if not options.rebuild:
            raise error("It is of another version.")
        return real(directory, *given, options=options, **more)

    monkeypatch.setattr(update, "update_index", refusing)
    before = len(embedder.texts)
    build_index(place, corpus, None)
    assert len(embedder.texts) == 2 * before
    assert kept.exists()


@pytest.mark.parametrize("way", ["copied", "moved", "linked"])
def test_a_corpus_under_another_path_is_there_once(tmp_path, embedder, way) -> None:
    first, other = make_suite(tmp_path / "a" / "s"), tmp_path / "b" / "s"
    place = tmp_path / "index"
    build_index(place, first / "corpus.jsonl", None)
    if way == "linked":
        (tmp_path / "b").symlink_to(tmp_path / "a")
    elif way == "moved":
        (tmp_path / "a").rename(tmp_path / "b")
    else:
        make_suite(other)
    before = len(embedder.texts)
    build_index(place, other / "corpus.jsonl", None)
    assert len(embedder.texts) == before
    with Index.open(place) as index:
        assert len(index.rows()) == len(TEXTS)
        folders = {info.source.partition("s/corpus.jsonl#")[0] for info in index.documents()}
    # By a link it is the file that it was, under the name that is known already or the new one.
    [folder] = folders
    assert folder.endswith("b/") or (way == "linked" and folder.endswith("a/"))


def test_a_corpus_with_a_bad_line_is_refused(tmp_path, embedder) -> None:
    corpus = make_suite(tmp_path / "s") / "corpus.jsonl"
    with corpus.open("a") as file:
        file.write("{broken\n")
    with pytest.raises(BadInput, match="cannot be read"):
        build_index(tmp_path / "index", corpus, None)
