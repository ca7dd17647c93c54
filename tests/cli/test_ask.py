"""`rag ask` and `rag search`: what is asked of the assistant, and what is printed where."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.fakes import FakeAssistant, said, unsaid
from tests.render.samples import HOSTILE

CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def test_piped_an_answer_is_plain(rag, assistant) -> None:
    fake = assistant(said())
    done = rag("ask", "Who brokered it?")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Russia brokered the ceasefire. [1]\n\nSources\n[1] corpus/file.txt")
    assert "\x1b" not in done.out
    assert fake.closed


def test_words_without_quotes_are_one_question(rag, assistant) -> None:
    fake = assistant(said())
    rag("ask", "Who", "brokered", "it?", "--top-k", "3", "--since", "2020", "--source", "*.txt")
    limits = {"since": "2020", "until": None, "as_of": None, "source": "*.txt", "speaker": None}
    given = {"top_k": 3, **limits, "history": ()}
    assert fake.asked == [("Who brokered it?", given)]


def test_settings_come_from_the_environment_too(rag, assistant, monkeypatch) -> None:
    fake = assistant(said())
    monkeypatch.setenv("RAG_TOP_K", "4")
    monkeypatch.setenv("RAG_UNTIL", "2021")
    monkeypatch.setenv("RAG_AS_OF", "2020-11")
    rag("ask", "Q")
    given = fake.asked[0][1]
    assert (given["top_k"], given["until"], given["as_of"]) == (4, "2021", "2020-11")


def test_json_is_one_object_and_nothing_else(rag, assistant) -> None:
    answer = said()
    assistant(answer)
    done = rag("ask", "Q", "--json", terminal=True)
    assert done.out.count("\n") == 1
    assert json.loads(done.out) == answer.to_dict()


def test_json_of_hostile_text_is_harmless_and_lossless(rag, assistant) -> None:
    assistant(said(HOSTILE))
    done = rag("ask", "Q", "--json")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800]", done.out)
    assert json.loads(done.out)["citations"][0]["quote"] == HOSTILE


@pytest.mark.parametrize(("flag", "code"), [((), 0), (("--fail-on-abstain",), 3)])
@pytest.mark.parametrize("terminal", [False, True])
def test_an_abstention_is_done_unless_asked_to_fail(rag, assistant, flag, code, terminal) -> None:
    assistant(unsaid())
    done = rag("ask", "Q", *flag, terminal=terminal)
    assert done.code == code
    shown = CODES.sub("", done.out)
    assert shown.startswith("The documents do not say.\nNo passage mentions Stepanakert.\n")
    assert shown.count("The documents do not say.") == 1
    assert shown.count("corpus/near.txt") == 3


def test_an_answer_does_not_fail_on_abstain(rag, assistant) -> None:
    assistant(said())
    assert rag("ask", "Q", "--fail-on-abstain").code == 0


def test_on_a_terminal_it_streams_with_colour_and_a_footer(rag, assistant) -> None:
    assistant(said())
    done = rag("ask", "Q", terminal=True)
    assert "\x1b[1;36m[1]\x1b[0m" in done.out
    shown = CODES.sub("", done.out)
    assert shown.startswith("Russia brokered the ceasefire. [1]\n\nSources\n")
    assert "“Russia brokered the ceasefire.”" in shown
    assert shown.rstrip().endswith("confidence 93% · 1.2 s")


def test_a_dumb_terminal_gets_plain_text(rag, assistant, monkeypatch) -> None:
    assistant(said())
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in rag("ask", "Q", terminal=True).out


def test_streamed_text_that_is_not_the_answer_is_followed_by_the_answer(rag, assistant) -> None:
    fake = assistant(said())
    fake.stream = lambda *_, **__: iter(["Turkey did. ", replace(said(), question="Q")])
    shown = CODES.sub("", rag("ask", "Q", terminal=True).out)
    assert shown.startswith(
        "Turkey did.\nAfter checking, the answer is:\nRussia brokered the ceasefire. [1]\n"
    )


def test_a_stream_that_breaks_off_is_an_error(rag, assistant) -> None:
    fake = assistant(said())
    fake.stream = lambda *_, **__: iter(["Rus"])
    done = rag("ask", "Q", terminal=True)
    assert (done.code, done.err) == (1, "rag: The answer broke off.\n     Ask again.\n")


@pytest.mark.parametrize(
    "flags",
    [("--model", "y"), ("--composer", "extractive", "--model", "y"), ("--embedder", "other")],
)
def test_what_cannot_be_followed_is_refused_not_ignored(rag, assistant, flags) -> None:
    assistant(said())
    done = rag("ask", "Q", *flags)
    assert done.code == 2
    assert done.err.startswith("rag: ")
    assert done.out == ""


@pytest.mark.parametrize(
    ("argv", "model", "status"),
    [
        (("Who?",), None, 0),
        (("Who?", "--composer", "generative"), "m", 0),
        (("Who?", "--model", "n"), None, 2),
    ],
)
def test_a_model_of_the_environment_waits_for_its_composer(
    rag, monkeypatch, argv, model, status
) -> None:
    seen: list[object] = []

    def opened(*_: object, **given: object) -> FakeAssistant:
        seen.append(given["model"])
        return FakeAssistant(said())

    monkeypatch.setattr("rag.assistant.Assistant.open", opened)
    monkeypatch.setenv("RAG_MODEL", "m")
    assert rag("ask", *argv).code == status
    assert seen == ([model] if status == 0 else [])


def test_the_models_are_passed_on(rag, monkeypatch) -> None:
    opened: list[tuple[object, object]] = []

    def open_(index: object, **given: object) -> FakeAssistant:
        opened.append((index, given))
        return FakeAssistant(said())

    monkeypatch.setattr("rag.assistant.Assistant.open", open_)
    writing = ("--composer", "generative", "--model", "m")
    flags = ("--index", "i", "--reader", "r", "--embedder", "all-MiniLM-L6-v2", *writing)
    done = rag("ask", "Q", *flags)
    assert done.code == 0
    given = {"top_k": 10, "reader": "r", "risk": None, "composer": "generative", "model": "m"}
    given |= {"store": None, "read_ms": None}
    assert opened == [(Path("i"), given)]


def test_search_piped(rag, assistant) -> None:
    fake = assistant()
    done = rag("search", "peace", "keepers", "--top-k", "2")
    assert fake.asked[0][0] == "peace keepers"
    assert [row.split("\t")[0] for row in done.out.splitlines()] == ["rank", "1", "2"]


def test_search_json_is_one_object_a_line(rag, assistant) -> None:
    assistant()
    rows = [json.loads(row) for row in rag("search", "x", "--json").out.splitlines()]
    assert [row["passage_id"] for row in rows] == ["p1", "p2"]
    assert rows[0]["legs"]["dense"] == {"rank": 1, "score": 0.5}


@pytest.mark.parametrize("columns", ["50", "120"])
def test_search_on_a_terminal(rag, assistant, monkeypatch, columns) -> None:
    assistant()
    monkeypatch.setenv("COLUMNS", columns)
    shown = CODES.sub("", rag("search", "x", terminal=True).out)
    assert max(map(len, shown.splitlines())) <= int(columns)
    assert ("dense 1 · lexical 2" in shown) == (columns == "50")
    assert ("passage" in shown.splitlines()[0]) == (columns == "120")


def test_search_without_a_hit_says_so_on_stderr(rag, assistant) -> None:
    assistant().search = lambda *_, **__: []
    done = rag("search", "x")
    assert (done.code, done.out, done.err) == (0, "", "No passage matches.\n")
    assistant().search = lambda *_, **__: []
    done = rag("search", "x", "--json")
    assert (done.code, done.out, done.err) == (0, "", "")
