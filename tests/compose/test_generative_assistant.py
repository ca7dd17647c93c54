"""The generative composer through the assistant: asked, streamed, named, left early."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from rag import Assistant
from rag.asking.question import understand
from rag.cli.worker import AssistantThread
from rag.compose.answer import Found
from rag.errors import BadInput
from rag.finding import Finder
from rag.store.answer_faults import answer_faults
from rag.types import Answer
from tests.compose.generative_fakes import ScriptedWriter, reading_of

TRUCE = "However, Russia, which was near, brokered a ceasefire."
TURKEY = "Turkey, which was not asked, sent two observers to Agdam."


@pytest.fixture
def asked(monkeypatch):
    """`asked(writer, *sentences)`: an assistant that found these sentences, and that writer."""

    def make(writer: ScriptedWriter, *sentences: str, because: str | None = None, **given: str):
        reading, documents = reading_of(*sentences)
        index = SimpleNamespace(manifest=SimpleNamespace(embedder="fake"), close=lambda: None)

        def find(_: Finder, question: str, *__: object) -> Found:
            now = time.perf_counter()
            return Found(understand(question), 10, reading, documents, because, {}, now)

        monkeypatch.setattr(Finder, "find", find)
        monkeypatch.setattr("rag.assistant.load_writer", lambda _: writer)
        options = {"composer": "generative", **given}
        return Assistant(index, **options)  # type: ignore[arg-type]

    return make


def test_an_answer_names_who_wrote_it(asked) -> None:
    answer = asked(ScriptedWriter("Russia brokered a ceasefire. [1]"), TRUCE).ask("Who?")
    assert answer.answer == "Russia brokered a ceasefire. [1]"
    assert answer.models["composer"] == "generative: scripted"
    assert answer.timings_ms["compose"] >= 0
    assert [s.verified for s in answer.statements] == [True]


def test_an_answer_says_that_nothing_written_stood(asked) -> None:
    answer = asked(ScriptedWriter("Iran brokered it. [1]"), TRUCE).ask("Who?")
    assert answer.answer == f"{TRUCE} [1]"
    assert answer.models["composer"] == (
        "extractive: nothing that scripted wrote could be verified"
    )
    assert [d.reason for d in answer.dropped] == ["unsupported"]


def test_the_default_asks_no_model(asked) -> None:
    answer = asked(ScriptedWriter(), TRUCE, composer="extractive").ask("Who?")
    assert (answer.answer, answer.models["composer"]) == (f"{TRUCE} [1]", "extractive")


def test_an_abstention_asks_no_model(asked) -> None:
    pieces = list(asked(ScriptedWriter(), TRUCE, because="It is too weak.").stream("Who?"))
    assert isinstance(pieces[-1], Answer)
    assert not pieces[-1].answered
    assert "".join(pieces[:-1]) == pieces[-1].answer


@pytest.mark.parametrize("composer", ["extractive", "generative"])
def test_what_is_streamed_is_the_answer(asked, composer: str) -> None:
    writer = ScriptedWriter("Russia brokered a ceasefire. [1] Iran sent two observers. [2]")
    pieces = list(asked(writer, TRUCE, TURKEY, composer=composer).stream("Who?"))
    answer = pieces.pop()
    assert isinstance(answer, Answer)
    assert len(pieces) == len(answer.statements) == 2
    assert "".join(pieces).split() == answer.answer.split()


def test_a_stream_that_is_left_stops_the_model_and_harms_nothing(asked) -> None:
    reply = [f"{TRUCE} [1]", " Turkey", " and so on"]
    writer = ScriptedWriter(reply, reply)
    assistant = asked(writer, TRUCE, TURKEY)
    stream = assistant.stream("Who?")
    assert next(stream) == f"{TRUCE} [1] "
    assert writer.closed == 0
    stream.close()  # type: ignore[attr-defined]
    assert writer.closed == 1
    assert assistant.ask("Who?").answered


def test_an_answer_that_is_interrupted_leaves_the_prompt_usable(asked) -> None:
    """As Ctrl-C does it at the prompt: the waiting ends, and the next question is answered."""
    slow, quick = ScriptedWriter.slow(f"{TRUCE} [1]", " Turkey", " and", " so on"), f"{TRUCE} [1]"
    slow.replies.append([quick])
    with AssistantThread(lambda: asked(slow, TRUCE, TURKEY)) as thread:
        stream = thread.stream(lambda assistant: assistant.stream("Who?"))
        assert next(stream) == f"{TRUCE} [1] "
        stream.close()  # type: ignore[attr-defined]
        assert thread.call(lambda assistant: assistant.ask("Who?")).answered
    assert slow.closed == 2


def test_an_unknown_composer_is_refused(asked) -> None:
    with pytest.raises(BadInput, match="extractive or generative"):
        asked(ScriptedWriter(), TRUCE, composer="poetic")


@pytest.mark.parametrize(
    "reply",
    [
        "Russia brokered a ceasefire. [1]",
        "Russia brokered a ceasefire. [1] Turkey sent two observers to Agdam. [2]",
        "Iran brokered it. [1]",
        "Russia brokered a ceasefire [1] and Turkey sent two observers to Agdam. [2]",
        "",
    ],
)
def test_what_is_written_is_in_order_for_those_who_verify_it(asked, reply) -> None:
    for options in ({}, {"composer": "extractive"}):
        answer = asked(ScriptedWriter(reply), TRUCE, TURKEY, **options).ask("Who?")
        assert answer.answered
        assert list(answer_faults(json.loads(json.dumps(answer.to_dict())))) == []
