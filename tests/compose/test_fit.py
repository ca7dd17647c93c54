"""Sentences rise by the speaker and the time that a question asks for."""

from __future__ import annotations

from datetime import date

import pytest

from rag.asking.question import understand
from rag.compose.fit import fitted
from rag.compose.timeline import period_of
from rag.read import Reading
from rag.types import Document
from tests.compose.made import document, reading

TODAY = date(2024, 1, 1)
BUILT = document("built.txt", "The dam above Lund was badly built.", "2020-01-01")
HOLT = document("holt.txt", "Mira Holt argues that the dam was badly built.", "2020-01-01")
BERG = document("berg.txt", "Jonas Berg argues that the dam was well built.", "2020-01-01")


def best(question: str, *found: tuple[Document, float]) -> tuple[str, Reading, Reading]:
    before, documents = reading(*((d, d.text, p) for d, p in found), confidence=0.3)
    after = fitted(understand(question), before, documents, period_of(question, TODAY))
    return after.evidence[0].hit.passage.source, before, after


def test_who_argues_is_answered_by_one_who_does() -> None:
    source, before, after = best(
        "Who argues that the dam was badly built?", (BUILT, 0.9), (HOLT, 0.8)
    )
    assert source == "holt.txt"
    assert after.confidence > before.confidence
    assert [e.n for e in after.evidence] == [1, 2]


def test_what_somebody_says_is_answered_by_that_speaker() -> None:
    source, _, _ = best("What does Jonas Berg say about the dam?", (HOLT, 0.9), (BERG, 0.7))
    assert source == "berg.txt"


@pytest.mark.parametrize(
    "question",
    [
        "What does Holt say about Berg?",
        "What is the view of Mira Holt on Berg?",
        "Was the dam well built, according to Mira Holt?",
        "Is the dam called safe by Holt?",
    ],
)
def test_of_two_names_the_one_who_speaks_counts(question: str) -> None:
    berg = document("berg.txt", "Jonas Berg says that the dam was well built.", "2020-01-01")
    source, _, _ = best(question, (berg, 0.85), (HOLT, 0.8))
    assert source == "holt.txt"


def test_nobody_gains_by_being_spoken_of() -> None:
    krog = document("krog.txt", "Ida Krog says that Jonas Berg held the mill.", "2020-01-01")
    for question in ("What is said about Jonas Berg?", "Who saw Jonas Berg?"):
        source, before, after = best(question, (krog, 0.85), (BERG, 0.8))
        assert (source, after) == ("krog.txt", before)


def test_other_questions_keep_their_reading() -> None:
    _, before, after = best("Was the dam badly built?", (BUILT, 0.9), (HOLT, 0.8))
    assert after is before


def test_a_sentence_of_the_time_asked_for_rises() -> None:
    then = document("a.txt", "The dam was closed on 3 May 2016.", "2019-01-01")
    later = document("b.txt", "The dam was closed in June 2018.", "2019-01-01")
    source, before, after = best("Why was the dam closed in 2016?", (later, 0.9), (then, 0.8))
    assert source == "a.txt"
    assert {s.span for e in after.evidence for s in e.sentences} == {
        s.span for e in before.evidence for s in e.sentences
    }


def test_a_document_written_then_rises_less_than_a_sentence_that_names_the_day() -> None:
    written = document("w.txt", "The dam was closed.", "2016-05-03")
    other = document("o.txt", "The dam was shut.", "2019-05-03")
    source, _, _ = best("Why was the dam closed in May 2016?", (other, 0.8), (written, 0.75))
    assert source == "w.txt"
    named = document("n.txt", "In May 2016 the dam was closed.", "2020-01-01")
    source, _, _ = best("Why was the dam closed in May 2016?", (written, 0.8), (named, 0.75))
    assert source == "n.txt"


def test_no_evidence_stays_none() -> None:
    assert fitted(understand("Who said it in 2016?"), Reading((), 0.0), {}, None).evidence == ()


ASKS = document("asks.txt", "Interview. Why was the dam closed so early?", "2020-01-01")
TELLS = document("tells.txt", "The dam was closed because it leaked.", "2020-01-01")


def test_a_question_answers_none() -> None:
    source, before, after = best("why was the dam closed", (ASKS, 0.9), (TELLS, 0.8))
    assert source == "tells.txt"
    assert 0.1 < after.confidence < before.confidence


def test_where_nothing_but_a_question_is_found_it_is_less_sure() -> None:
    _, before, after = best("why was the dam closed", (ASKS, 0.9))
    assert after.confidence < 0.1 < before.confidence


def test_what_was_asked_is_answered_by_a_question() -> None:
    _, before, after = best("What was asked about the dam?", (ASKS, 0.9), (TELLS, 0.8))
    assert after is before


def test_the_end_of_the_calendar_is_no_fault() -> None:
    source, _, _ = best("Why was the dam closed in December 9999?", (TELLS, 0.9), (BUILT, 0.5))
    assert source == "tells.txt"
