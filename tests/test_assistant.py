"""The library: what it refuses, as the settings do, and how it is used, without a model."""

from __future__ import annotations

import copy
import json
import pickle
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import rag
from rag import Assistant
from rag.asking import limits
from rag.asking.limits import filters_of, turns_of
from rag.errors import BadInput, IndexMismatch, ModelUnavailable, RagError
from rag.read import SimilarityReader
from rag.types import Filters, Turn
from tests.cli.fakes import FakeIndex
from tests.store.fakes import FakeEmbedder, FakeTokens, Store


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"top_k": 0}, "top_k must be a whole number from 1"),
        ({"top_k": 2.5}, "top_k must be a whole number"),
        ({"top_k": True}, "top_k must be a whole number"),
        ({"risk": 5}, "risk must be a number between 0 and 1"),
        ({"read_ms": -1}, "read_ms must be a number above zero"),
        ({"composer": "poetic"}, "composer must be"),
        ({"reader": 3}, "reader must be a text"),
        ({"model": "", "composer": "generative"}, "model must be a text"),
    ],
)
def test_settings_that_cannot_be_meant(given, words) -> None:
    with pytest.raises(BadInput, match=words):
        Assistant(FakeIndex(), **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"top_k": -3}, "top_k must be a whole number"),
        ({"top_k": 0}, "top_k must be a whole number"),
        ({"since": "2014", "until": "2013"}, "Nothing lies between 2014 and 2013"),
        ({"since": "2014 ", "as_of": "2013-05"}, "Nothing lies between 2014 and 2013-05"),
        ({"source": "\udce9*"}, "The source is not valid UTF-8"),
        ({"speaker": "Ren\udce9"}, "The speaker is not valid UTF-8"),
        ({"since": 20201}, "since: “20201” is not a date"),
        ({"until": ["2020"]}, "until must be a text"),
        ({"source": Path("a.txt")}, "The source must be a text, not "),
        ({"speaker": 7}, "The speaker must be a text, not 7"),
    ],
)
@pytest.mark.parametrize("method", ["ask", "search", "stream", "timeline"])
def test_limits_that_cannot_be_meant(method, given, words) -> None:
    assistant = Assistant(FakeIndex())
    with pytest.raises(BadInput, match=words):
        list(getattr(assistant, method)("When?", **given))


@pytest.mark.parametrize(
    ("question", "history"),
    [("caf\udce9 open?", ()), ("And now?", (Turn("user", "half \ud83d"),))],
)
def test_what_no_model_can_read_is_said(question, history) -> None:
    with pytest.raises(BadInput, match="The question is not valid UTF-8"):
        Assistant(FakeIndex()).search(question, history=history)


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_a_blank_limit_is_none(nothing) -> None:
    assert filters_of(nothing, nothing, nothing, nothing, nothing) == Filters()


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (2020, "2020"),
        (np.int64(2020), "2020"),
        (date(2020, 11, 9), "2020-11-09"),
        (datetime(2020, 11, 9, 23, 30, tzinfo=UTC), "2020-11-09"),
        (" 2020-11 ", "2020-11"),
    ],
)
def test_a_date_may_be_one_of_python(day, meant) -> None:
    assert filters_of(day, None, None, None, None) == Filters(since=meant)
    assert filters_of(None, day, day, None, None) == Filters(until=meant, as_of=meant)


@pytest.mark.parametrize("kind", [str, Path])
def test_one_path_is_not_taken_apart(tmp_path, kind) -> None:
    with pytest.raises(BadInput, match=re.escape(f"{tmp_path / 'none'}")):
        Assistant.from_paths(kind(tmp_path / "none"), index=tmp_path / "index")


def test_an_empty_path_is_not_the_current_folder(tmp_path) -> None:
    with pytest.raises(BadInput, match="A path is empty"):
        Assistant.from_paths([""], index=tmp_path / "index")


@pytest.fixture
def built(tmp_path, monkeypatch) -> Path:
    """An index of one file, by an embedder without a model; `load_embedder` gives that one."""
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path)
    store.write("docs/quay.txt", "The quay of Lomvik was opened by Runa Dahl in 1921.\n")
    store.update("docs")
    for place in ("rag.finding.load_embedder", "rag.models.embedder.load_embedder"):
        monkeypatch.setattr(place, lambda name: FakeEmbedder(name or "bundled"))
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: FakeTokens())
    return store.directory


def opened(index: Path) -> Assistant:
    return Assistant.open(index, reader="similarity", risk=0.9)


def test_threads_share_an_assistant(built) -> None:
    question = "Who opened the quay of Lomvik?"
    with opened(built) as assistant, ThreadPoolExecutor(4) as threads:
        asked = assistant.ask(question)
        for answer in threads.map(assistant.ask, [question] * 8):
            assert (answer.citations, answer.confidence) == (asked.citations, asked.confidence)
        # Each piece of a stream may be asked for by another thread, as servers do it.
        stream, other = assistant.stream(question), assistant.stream(question)
        pieces = [threads.submit(next, stream, None).result() for _ in range(3)]
        next(other)
        assert threads.submit(assistant.search, "quay").result()
        assert "".join(p for p in pieces if isinstance(p, str)).strip() == asked.answer


@pytest.mark.parametrize("method", ["ask", "search", "timeline", "stream"])
def test_a_closed_assistant_says_so_and_blames_no_index(built, method) -> None:
    with opened(built) as assistant:
        begun = assistant.stream("Who opened the quay?")
    for use in (lambda: list(getattr(assistant, method)("Who?")), lambda: list(begun)):
        with pytest.raises(BadInput, match="assistant is closed"):
            use()
    with pytest.raises(RagError, match="is closed"):
        assistant.index.document("docs/quay.txt")
    assistant.close()


def test_results_can_be_copied_sent_and_kept_in_sets(built) -> None:
    with opened(built) as assistant:
        answer = assistant.ask("Who opened the quay of Lomvik?")
        hits = assistant.search("quay")
    for made in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer)):
        assert made == answer
        assert {made, answer} == {answer}
    assert len({*hits, *answer.passages}) >= 1
    assert json.loads(json.dumps(answer.to_dict(), allow_nan=False)) == answer.to_dict()


@pytest.mark.parametrize("question", [None, 7, b"who", ["who"]])
def test_a_question_is_a_text(question) -> None:
    with pytest.raises(BadInput, match="The question must be a text"):
        Assistant(FakeIndex()).search(question)


def test_a_turn_may_be_a_dictionary() -> None:
    given = ({"role": "user", "content": "Who?", "name": "x"}, Turn("assistant", "Dahl. [1]"))
    assert turns_of(iter(given)) == (Turn("user", "Who?"), given[1])
    assert turns_of(None) == ()


@pytest.mark.parametrize(
    "history",
    [
        "Who?",
        Turn("user", "Who?"),
        {"role": "user", "content": "Who?"},
        7,
        ["Who?"],
        [("user", "Who?")],
        [{"content": "Who?"}],
        [{"role": "user", "content": None}],
        [Turn("system", "Be brief.")],
    ],
)
def test_a_history_of_something_else_is_refused(history) -> None:
    with pytest.raises(BadInput, match=r"history|role of a turn"):
        Assistant(FakeIndex()).search("And then?", history=history)


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (None, "must be a list of paths"),
        (7, "must be a list of paths"),
        ([None], "A path must be a text or a Path"),
        ([b"docs"], "A path must be a text or a Path"),
        ([], "Nothing was named"),
        (Path().glob("*.none"), "Nothing was named"),
    ],
)
def test_paths_that_are_none(tmp_path, paths, words) -> None:
    with pytest.raises(BadInput, match=words):
        Assistant.from_paths(paths, index=tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_no_paths_do_not_stand_for_those_of_before(built) -> None:
    with pytest.raises(BadInput, match="Nothing was named"):
        Assistant.from_paths(Path().glob("*.none"), index=built)


@pytest.mark.parametrize("index", ["", " ", None, 7])
def test_an_index_is_a_folder(tmp_path, monkeypatch, index) -> None:
    monkeypatch.chdir(tmp_path)
    for use in (Assistant.open, partial(Assistant.from_paths, ".")):
        with pytest.raises(BadInput, match="index must be a text"):
            use(index=index)
    assert not list(tmp_path.iterdir())


def test_a_tilde_is_the_home_folder(built, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(built.parent))
    monkeypatch.setenv("USERPROFILE", str(built.parent))
    with Assistant.open("~/index") as assistant:
        assert assistant.index.size == 1
    with Assistant.from_paths(["docs"], index=Path("~/index")):
        assert not Path("~").exists()


def test_an_update_keeps_the_embedder_of_the_index(built) -> None:
    (built.parent / "docs" / "pier.txt").write_text("The pier was torn down in 1960.\n")
    with Assistant.from_paths(iter([Path("docs")]), index=built) as assistant:
        assert assistant.last_update is not None
        assert (assistant.last_update.added, assistant.index.manifest.embedder) == (1, "fake")
    with pytest.raises(IndexMismatch, match="embedder fake"):
        Assistant.from_paths(["docs"], index=built, embedder="other")


def test_models_may_be_paths(built, tmp_path) -> None:
    given = {"reader": tmp_path / "r", "model": tmp_path / "w", "composer": "generative"}
    with Assistant.open(built, **given) as assistant:
        with pytest.raises(ModelUnavailable, match="no trained reader"):
            assistant.load()
        assistant.finder._reader = SimilarityReader()
        with pytest.raises(ModelUnavailable, match="neither a folder here"):
            assistant.load()


def test_a_model_that_nothing_would_use_is_refused(built) -> None:
    with pytest.raises(BadInput, match="generative composer alone"):
        Assistant.open(built, model="some/model")


def test_the_assistant_is_completed_at_a_prompt() -> None:
    assert {*rag.__all__} <= {*dir(rag)}


@pytest.mark.parametrize(
    ("sep", "glob"), [("/", "./docs/*.txt"), ("\\", "docs\\*.txt"), ("\\", ".\\docs\\*.txt")]
)
def test_a_glob_is_read_as_the_system_writes_paths(monkeypatch, sep, glob) -> None:
    monkeypatch.setattr(limits, "os", SimpleNamespace(sep=sep))
    assert filters_of(None, None, None, glob, None) == Filters(source="docs/*.txt")


def test_an_empty_index_is_said(built) -> None:
    (built.parent / "bare").mkdir()
    with Assistant.from_paths("bare", index="other") as assistant:
        assistant.finder._reader = SimilarityReader()
        for answer in (assistant.ask("Who?"), assistant.ask("Who?", speaker="Dahl", since=1990)):
            assert answer.abstained_because is not None
            assert answer.abstained_because.startswith("The index is empty")
    with opened(built) as assistant:
        because = assistant.ask("Who?", since=1990).abstained_because
        assert because == "No passage matches the question under these filters."


def test_an_embedder_of_a_folder_is_found_from_anywhere(tmp_path, monkeypatch, built) -> None:
    (tmp_path / "models" / "mine").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    named = Path("models/mine")
    with Assistant.from_paths("docs", index="third", embedder=named) as assistant:
        assert assistant.index.manifest.embedder == "models/mine"
    asked: list[str] = []
    for place in ("rag.finding.load_embedder", "rag.models.embedder.load_embedder"):
        monkeypatch.setattr(place, lambda name: asked.append(name) or FakeEmbedder(name))
    monkeypatch.chdir("elsewhere")
    with opened(Path("../third")) as assistant:
        assert assistant.search("quay")
    (tmp_path / "docs" / "pier.txt").write_text("The pier was torn down in 1960.\n")
    with Assistant.from_paths("../docs", index="../third") as assistant:
        assert assistant.index.manifest.embedder == "models/mine"
        assert assistant.index.size == 2
    assert asked == [str(tmp_path / "models" / "mine")] * 2


def test_loading_a_model_is_no_part_of_searching(built, monkeypatch) -> None:
    def slowly(name: str) -> FakeEmbedder:
        time.sleep(0.3)
        return FakeEmbedder(name)

    monkeypatch.setattr("rag.finding.load_embedder", slowly)
    with opened(built) as assistant:
        spent = assistant.ask("Who opened the quay of Lomvik?").timings_ms
    assert spent["load"] >= 300 > spent["retrieve"]
