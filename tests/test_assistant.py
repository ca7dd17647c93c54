"""What the library refuses before it opens a model: the same that the settings refuse."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.assistant import _filters
from rag.errors import BadInput
from rag.types import Filters, Turn
from tests.cli.fakes import FakeIndex


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"top_k": 0}, "top_k must be a whole number from 1"),
        ({"top_k": 2.5}, "top_k must be a whole number"),
        ({"top_k": True}, "top_k must be a whole number"),
        ({"risk": 5}, "risk must be a number between 0 and 1"),
        ({"read_ms": -1}, "read_ms must be a number above zero"),
        ({"composer": "poetic"}, "composer must be"),
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
    assert _filters(nothing, nothing, nothing, nothing, nothing) == Filters()


def test_an_empty_path_is_not_the_current_folder(tmp_path) -> None:
    with pytest.raises(BadInput, match="A path is empty"):
        Assistant.from_paths([""], index=tmp_path / "index")
