"""What the library refuses before it opens a model: the same that the settings refuse."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag import Assistant
from rag.asking.limits import filters_of
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
