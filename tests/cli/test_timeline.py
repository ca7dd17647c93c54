"""`rag timeline`: what is asked, what is listed in which order, and what is cited."""

from __future__ import annotations

import json
from datetime import date

import pytest

from rag.compose.timeline import Period, Timeline, period_of, timeline_of
from rag.question import understand
from rag.types import Document, Evidence, EvidenceSentence, Filters, Hit, Paragraph, Passage
from tests.cli.fakes import FakeAssistant

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
    return timeline_of(understand(question), evidence, documents, limits, lines, TODAY)


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
