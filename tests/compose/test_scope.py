"""Which documents may answer by their dates, and what the answer says about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.asking.question import understand
from rag.compose.answer import Found
from rag.compose.scope import Wish, find_in_scope, standing_at, wish_of
from rag.read import Reading
from rag.types import Evidence, Filters
from tests.render.samples import hit

TODAY = date(2023, 11, 15)


class Archive:
    """Answers from documents of the given dates; notes every look that is taken.

    The surest document is that of `best`, or the first.
    """

    def __init__(self, *dates: str, best: str | None = None, sure: float = 0.9) -> None:
        self.dates = dates
        self.best = best or (dates[0] if dates else "")
        self.sure = sure
        self.looks: list[Filters] = []

    def __call__(self, filters: Filters) -> Found:
        self.looks.append(filters)
        seen = [
            d
            for d in self.dates
            if (filters.since or "") <= d and d <= (filters.as_of or filters.until or "9999")
        ]
        because = None if seen else "No passage matches the question under these filters."
        confidence = 0.9 if self.best in seen else self.sure if seen else 0.0
        evidence = tuple(
            Evidence(n, hit(n, date=d), (), None, 0.5)
            for n, d in enumerate(sorted(seen, key=lambda d: d != self.best), start=1)
        )
        times = {"load": 0.0, "retrieve": 1.0, "read": 2.0}
        return Found(understand("Who?"), 10, Reading(evidence, confidence), {}, because, times, 0.0)


def asked(archive: Archive, question: str, **filters: str) -> Found:
    return find_in_scope(archive, question, Filters(**filters), TODAY)


def test_without_a_date_nothing_is_said() -> None:
    archive = Archive("2020-01-01")
    found = asked(archive, "Who?", since="2019", until="2021")
    assert (found.as_of, found.scope) == (None, None)
    assert archive.looks == [Filters(since="2019", until="2021")]


def test_as_of_is_told_of_an_answer_and_of_a_refusal() -> None:
    for dates, refused in ((("2020-01-01",), False), (("2023-01-01",), True)):
        found = asked(Archive(*dates), "Who?", as_of="2022-02")
        assert (found.because is not None) == refused
        assert (found.as_of, found.scope) == ("2022-02", "Documents up to 2022-02-28.")


@pytest.mark.parametrize(
    ("question", "as_of"),
    [
        ("What was known about the losses in March 2022?", "2022-03-31"),
        ("In March 2022, what was known about the losses?", "2022-03-31"),
        ("As of 2021, how many had fled?", "2021-12-31"),
        ("What did analysts expect of the talks at the end of 2021?", "2021-12-31"),
        ("What was thought of the peacekeepers at the start of 2021?", "2021-01-01"),
        ("What was expected before 2022?", "2021-12-31"),
        ("What did engineers expect in 2021?", "2021-12-31"),
        ("What was said of the dam by June 2019?", "2019-06-30"),
        ("What was known about the leak as of 2021?", "2021-12-31"),
        ("By April 2016, how many dead were reported?", "2016-04-30"),
        ("What was known in early 2021?", "2021-04-30"),
        ("As of mid-March 2022, how many had fled?", "2022-03-20"),
        ("What was known about the dam by the spring of 2021?", "2021-05-31"),
        ("What was known before the end of 2021?", "2021-12-31"),
        ("What was known as of 2022-03?", "2022-03-31"),
    ],
)
def test_a_question_can_ask_how_things_stood(question, as_of) -> None:
    assert wish_of(question, TODAY) == Wish(as_of=as_of)


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        ("What happened last week?", Wish(since="2023-11-06")),
        ("What has been signed this month?", Wish(since="2023-11-01")),
        ("What has changed over the last two years?", Wish(since="2021-11-15")),
        ("What was signed in the past year?", Wish(since="2022-11-15")),
        ("Who came the day before yesterday?", Wish(since="2023-11-13")),
        ("What is the latest on the treaty?", Wish(newest=True)),
        ("What are the most recent figures?", Wish(newest=True)),
        ("What is the latest that is known of the leak?", Wish(newest=True)),
    ],
)
def test_a_question_can_ask_for_what_is_new(question, wish) -> None:
    assert wish_of(question, TODAY) == wish


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 2016?",
        "What changed between 2020 and 2023?",
        "What had Russia done by March 2022?",
        "What was expected to happen in 2025?",
        "What was the town known as in 2016?",
        "What was expected before the invasion?",
        "When will it open at the latest?",
        "When is the latest it can open?",
        "Who won in the last year of the war?",
        "What will happen next week?",
        "What is known about the flood in 2020?",
        "What has been said about the strikes in 2018?",
        "What did the mayor say about the flood in 2016?",
        "How many drowned sailors were reported in April 2016?",
        "In April 2016, how many dead were reported?",
        "What was the latest date for the handover?",
        "What is the latest that the lock could be opened?",
        "Who was the most recent mayor before Ida Krog?",
        "What happened this week in 1991?",
        "Did the strike last two weeks?",
        "What were the total assets as of December 31, 2021?",
    ],
)
def test_the_time_of_an_event_narrows_nothing(question) -> None:
    assert wish_of(question, TODAY) is None


def test_how_things_stood_is_told_from_what_was_written_by_then() -> None:
    archive = Archive("2023-01-01", "2021-05-05")
    found = asked(archive, "What was known in 2021?", since="2020")
    assert archive.looks == [Filters(since="2020", as_of="2021-12-31")]
    assert (found.as_of, found.scope) == ("2021-12-31", "Documents up to 2021-12-31.")


def test_the_only_answer_is_not_hidden() -> None:
    archive = Archive("2023-01-01")
    found = asked(archive, "What was known in 2021?", since="2020")
    assert archive.looks[-1] == Filters(since="2020")
    assert (found.because, found.as_of) == (None, None)
    assert found.scope == (
        "Documents up to 2021-12-31 do not answer; later ones were searched too."
    )
    found = asked(Archive("2023-01-01"), "What was known in 2021?")
    assert found.scope == (
        "Documents up to 2021-12-31 do not answer; later and undated ones were searched too."
    )
    assert found.timings["read"] == 4.0


def test_a_limit_that_the_user_set_is_kept_whatever_the_question_says() -> None:
    archive = Archive("2023-01-01")
    found = asked(archive, "What was known in 2021?", as_of="2020-06")
    assert archive.looks == [Filters(as_of="2020-06")]
    assert found.because is not None
    assert found.scope == "Documents up to 2020-06-30."


def test_last_week_is_meant_from_the_date_that_the_user_stands_at() -> None:
    archive = Archive("2020-10-12", "2020-09-01")
    found = asked(archive, "What happened last week?", as_of="2020-10-20")
    assert archive.looks == [Filters(since="2020-10-12", as_of="2020-10-20")]
    assert found.scope == "Documents of 2020-10-12 and later, none after 2020-10-20."
    found = asked(Archive("2020-09-01"), "What happened last week?", as_of="2020-10-20")
    assert (found.because, found.as_of) == (None, "2020-10-20")
    assert found.scope == (
        "Documents of 2020-10-12 and later do not answer; older ones up to 2020-10-20"
        " were searched too."
    )


def test_the_latest_is_the_newest_that_is_nearly_as_sure() -> None:
    question = "What is the latest on the treaty?"
    dates = ("2021-01-01", "2022-02-02", "2023-03-03")
    found = asked(Archive(*dates, sure=0.5), question)
    assert found.scope == "The newest documents that answer: from 2023-03-03."
    archive = Archive(*dates, best="2022-02-02", sure=0.3)
    found = asked(archive, question)
    assert found.scope == "The newest documents that answer: from 2022-02-02."
    assert [f.since for f in archive.looks] == [None, "2023-03-03", "2022-02-02"]
    refused = asked(Archive(), question)
    assert (refused.because is not None, refused.scope) == (True, None)


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("What happened last month?", {"since": "2023-11-10"}),
        ("What was known in 2021?", {"until": "2021-06"}),
    ],
)
def test_a_wish_that_leaves_out_nothing_more_is_not_told(question, limit) -> None:
    archive = Archive()
    assert asked(archive, question, **limit).scope is None
    assert archive.looks == [Filters(**limit)]


def test_the_latest_does_not_go_before_the_limit_that_the_user_set() -> None:
    archive = Archive("2022")
    asked(archive, "What is the latest on the treaty?", since="2022-06")
    assert {f.since for f in archive.looks} == {"2022-06"}


def test_the_latest_by_a_date_names_both() -> None:
    found = asked(Archive("2021-01-01", "2023-01-01"), "What is the latest?", as_of="2022")
    assert found.scope == (
        "The newest documents that answer: from 2021-01-01 (documents up to 2022-12-31)."
    )
    undated = replace(found, reading=Reading((), 0.9))
    assert find_in_scope(lambda _: undated, "The latest?", Filters(), TODAY).scope is None


def test_a_question_is_asked_from_the_day_that_the_user_stands_at() -> None:
    assert standing_at(Filters(as_of="2020-10"), TODAY) == date(2020, 10, 31)
    assert standing_at(Filters(until="2020-10"), TODAY) == TODAY
