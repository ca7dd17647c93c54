"""`rag timeline`: what is asked, what is listed in which order, and what is cited."""

from __future__ import annotations

import json
from datetime import date

import pytest

from rag.asking.question import understand
from rag.compose.period import Period
from rag.compose.timeline import Timeline, _days, listed_period, period_of, timeline_of
from rag.types import Document, Evidence, EvidenceSentence, Filters, Hit, Paragraph, Passage, Span
from tests.cli.fakes import FakeAssistant
from tests.compose.made import document as plain

TODAY = date(2023, 11, 15)
PARAGRAPHS = (
    "On 12 December 2022 the Lachin road was blocked.",
    "The Lachin road is still closed, officials say.",
    "The Lachin road opened in 1992.",
    "Bread was dear on 3 May 2021 in the town.",
    "Lachin again.",
    "Unlike in the 2020 war, the Lachin road was spared on Tuesday.",
)


def document(written: str | None, source: str = "corpus/road.txt") -> Document:
    text, found = "", []
    for number, paragraph in enumerate(PARAGRAPHS, start=1):
        found.append(Paragraph(number, len(text), len(text) + len(paragraph)))
        text += paragraph + "\n\n"
    return Document(source, text, "0" * 64, "text", tuple(found), None, None, written, "inline")


def made(
    question: str, written: str | None = "2023-03-02", lines: int = 10, **filters: str
) -> Timeline:
    """The timeline over the paragraphs above, each found with the same support."""
    dated = document(written)
    passage = Passage("p", 1, dated.source, 0, len(dated.text), dated.text, 1, 1, date=written)
    found = tuple(EvidenceSentence(p.span, 0.5) for p in dated.paragraphs)
    evidence = [Evidence(1, Hit(passage, 1.0), found, None, 0.5)]
    documents = {dated.source: dated}
    limits = Filters(**filters)
    period = listed_period(question, TODAY)
    return timeline_of(understand(question), evidence, documents, limits, lines, period)


def dates(found: Timeline) -> list[tuple[str | None, str | None]]:
    return [(e.first, e.dated_by) for e in found.entries]


def test_sentences_stand_in_the_order_of_the_dates_that_they_name() -> None:
    found = made("What happened to the Lachin road?")
    assert dates(found) == [
        ("1992-01-01", "text"),
        ("2022-12-12", "text"),
        ("2023-02-28", "text"),
        ("2023-03-02", "document"),
    ]
    assert [e.named for e in found.entries] == ["1992", "12 December 2022", "Tuesday", None]
    assert [e.citation for e in found.entries] == [c.id for c in found.citations] == [1, 2, 3, 4]
    text = document(None).text
    assert all(text[c.start : c.end] == c.quote for c in found.citations)
    assert found.scope is None


def test_at_most_so_many_and_those_that_name_a_date_first() -> None:
    assert {by for _, by in dates(made("What happened to the Lachin road?", lines=3))} == {"text"}


def test_a_period_in_the_question_keeps_what_is_dated_in_it() -> None:
    found = made("What happened to the Lachin road in 2022?")
    assert dates(found) == [("2022-12-12", "text")]
    assert found.scope == "Dates from 2022-01-01 to 2022-12-31."
    found = made("What happened to the Lachin road before 2000?", as_of="2023-04")
    assert dates(found) == [("1992-01-01", "text")]
    assert (found.as_of, found.scope) == (
        "2023-04",
        "Documents up to 2023-04-30. Dates to 1999-12-31.",
    )


def test_a_day_without_a_year_is_that_of_any() -> None:
    found = made("What happened to the Lachin road on 12 December?")
    assert dates(found) == [("2022-12-12", "text")]
    assert found.scope == "Dates 12 December of any year."
    assert Period("2023-12-28", "2024-01-03", yearly=True).holds("1999-01-02", "1999-01-02")
    assert not Period("2023-12-28", "2024-01-03", yearly=True).holds("1999-01-04", "1999-01-04")


def test_last_week_is_a_time_of_a_timeline() -> None:
    assert made("What happened to the Lachin road last year?").scope == (
        "Dates from 2022-01-01 to 2022-12-31."
    )


def test_a_period_in_which_nothing_lies_is_given_up_and_told() -> None:
    found = made("What happened to the Lachin road in 2016?")
    assert len(found.entries) == 4
    assert found.scope == (
        "Nothing found is dated from 2016-01-01 to 2016-12-31; other dates are shown."
    )


def test_an_undated_document_has_only_the_dates_it_names() -> None:
    assert dates(made("What happened to the Lachin road?", None)) == [
        ("1992-01-01", "text"),
        ("2022-12-12", "text"),
    ]


@pytest.mark.parametrize(
    "question",
    ["What happened in Dec. 2022?", "Give me the events of Q4 2022.", "What took place on 12/12?"],
)
def test_a_question_about_a_time_alone_is_answered_by_what_is_of_it(question) -> None:
    assert dates(made(question)) == [("2022-12-12", "text")]


def test_a_birth_dates_nothing_else_that_a_sentence_tells() -> None:
    def stands_at(text: str) -> str | None:
        return _days(plain("a.txt", text, "2021-03-04"), Span(0, len(text)), None)[0]

    assert stands_at("Mira Holt, born 12 March 1950, led it in 1998.") == "1998-01-01"
    assert stands_at("Jo Berg (12 March 1950 – 5 May 2010) led it in 1998.") == "1998-01-01"
    assert stands_at("She was born on 12 March 1950.") == "1950-03-12"


def test_nothing_that_has_to_do_with_the_question() -> None:
    found = made("What happened in Reykjavik?")
    assert (found.entries, found.citations) == ((), ())


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("What changed between 2020 and 2022?", Period("2020-01-01", "2022-12-31")),
        ("What has happened since March 2020?", Period("2020-03-01", None)),
        ("What has happened since 2016?", Period("2016-01-01", None)),
        ("What has happened after 2016?", Period("2017-01-01", None)),
        ("What has happened after the end of 2016?", Period("2017-01-01", None)),
        ("What happened after 27 September 2020?", Period("2020-09-28", None)),
        ("What happened until 2020?", Period(None, "2020-12-31")),
        ("What happened by 2020?", Period(None, "2020-12-31")),
        ("What happened before 2016?", Period(None, "2015-12-31")),
        ("What happened before the end of 2016?", Period(None, "2016-12-31")),
        ("What happened before March 2020?", Period(None, "2020-02-29")),
        ("What happened before 27 September 2020?", Period(None, "2020-09-26")),
        ("What happened after 9999-12-31?", Period("9999-12-31", None)),
        ("What happened on 3 May 2021?", Period("2021-05-03", "2021-05-03")),
        # What is named by a day or year, and a part of one.
        ("What happened after the 2020 war?", Period("2020-01-01", None)),
        ("What happened before the 2020 war?", Period(None, "2020-12-31")),
        ("What happened after the truce of 10 May 2020?", Period("2020-05-10", None)),
        ("Who testified before the court in 2016?", Period("2016-01-01", "2016-12-31")),
        ("What was built by the army in 2016?", Period("2016-01-01", "2016-12-31")),
        ("What has happened since early 2020?", Period("2020-01-01", None)),
        ("What has happened since the start of 2022?", Period("2022-01-01", None)),
        ("What has happened since the spring of 2020?", Period("2020-03-01", None)),
        ("What happened in mid-November 2020?", Period("2020-11-11", "2020-11-20")),
        ("What happened in the summer of 2021?", Period("2021-06-01", "2021-08-31")),
        ("What was sold in Q3 2021?", Period("2021-07-01", "2021-09-30")),
        ("What happened in the 1990s?", Period("1990-01-01", "1999-12-31")),
        ("What happened after the 1990s?", Period("2000-01-01", None)),
        # Several times together.
        ("What happened between 5 and 7 April 2016?", Period("2016-04-05", "2016-04-07")),
        ("What happened between March 2020 and May?", Period("2020-03-01", "2020-05-31")),
        ("What happened from late May to early July 2020?", Period("2020-05-21", "2020-07-31")),
        ("Who was mayor 1991-1997?", Period("1991-01-01", "1997-12-31")),
        ("What happened from 2016 until 2020?", Period("2016-01-01", "2020-12-31")),
        ("What happened after 2016 and before 2020?", Period("2017-01-01", "2019-12-31")),
        ("What has changed since 2016, unlike in 2010?", Period("2010-01-01", None)),
        ("What happened before 2016 and after 2020?", None),
        # A day of no year is that of any.
        ("What happened on 27/9?", Period("2023-09-27", "2023-09-27", yearly=True)),
        ("What has happened since March?", None),
        ("What are the latest figures for 2016?", Period("2016-01-01", "2016-12-31")),
        ("What does the town want today?", None),
        ("What was known in 2021?", None),
        ("What happened?", None),
    ],
)
def test_the_period_asked_for(question, period) -> None:
    assert period_of(question, TODAY) == period


@pytest.fixture
def listed(assistant) -> FakeAssistant:
    fake = assistant()

    def timeline(question: str, **limits: object) -> Timeline:
        fake.asked.append((question, limits))
        return made(question)

    fake.timeline = timeline
    return fake


def test_one_line_each_with_its_citation(rag, listed) -> None:
    done = rag(
        "timeline", "What", "of", "the", "Lachin", "road?", "--top-k", "4", "--since", "2020"
    )
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:5] == [
        "1992        The Lachin road opened in 1992. [1]",
        "2022-12-12  On 12 December 2022 the Lachin road was blocked. [2]",
        "2023-02-28  Unlike in the 2020 war, the Lachin road was spared on Tuesday. [3]",
        "2023-03-02  The Lachin road is still closed, officials say. [4] (date of the document)",
        "",
    ]
    assert lines[6] == "[1] corpus/road.txt · 2023-03-02 · paragraph 3, line 5"
    limits = {
        "top_k": 4,
        "since": "2020",
        "until": None,
        "as_of": None,
        "source": None,
        "speaker": None,
    }
    assert listed.asked == [("What of the Lachin road?", limits)]


def test_json_is_one_object(rag, listed) -> None:
    found = json.loads(rag("timeline", "The Lachin road in 2022?", "--json").out)
    assert found["scope"] == "Dates from 2022-01-01 to 2022-12-31."
    assert found["as_of"] is None
    entry, citation = found["entries"][0], found["citations"][0]
    assert (entry["first"], entry["last"], entry["dated_by"]) == ("2022-12-12",) * 2 + ("text",)
    assert entry["citation"] == citation["id"] == 1
    assert citation["speaker_span"] is None and citation["also_in"] == []


def test_nothing_found_is_said(rag, listed) -> None:
    assert rag("timeline", "Reykjavik in May 1900?").out.startswith("No evidence found.\n")
