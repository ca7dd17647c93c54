"""An answer says whose words it shows, and never changes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.asking.question import understand
from rag.compose.answer import Found, answer_of
from rag.compose.extractive import compose_extractive
from rag.compose.generative import Writing
from rag.types import Answer, Document
from tests.compose.made import document, reading, span_in

MIRA = document(
    "holt.txt",
    "Mira Holt ran the works for ten years. She argues that frost broke the wall."
    " The wall was rebuilt.",
    "2020-01-01",
)


def answer(question: str, made: Document, *found: tuple[str, float]) -> Answer:
    read, documents = reading(*((made, words, p) for words, p in found))
    asked = understand(question)
    composed = compose_extractive(read, documents, asked)
    holding = Found(asked, 5, read, documents, None, {}, 0.0)
    return answer_of(holding, Writing(composed, 0), 0.0, {})


def test_a_sentence_that_does_not_name_its_speaker_is_led_in() -> None:
    made = document(
        "a.txt",
        "Mira Holt ran the works. Frost broke the wall, she argues, because nobody looked.",
    )
    told = answer(
        "What broke the wall?",
        made,
        ("Frost broke the wall, she argues, because nobody looked.", 0.9),
    )
    assert told.answer == (
        "According to Mira Holt: Frost broke the wall, she argues, because nobody looked. [1]"
    )
    quote = told.citations[0]
    assert quote.quote == made.text[quote.start : quote.end]
    assert told.statements[0].speaker == "Mira Holt"


def test_no_lead_where_the_sentence_or_the_one_before_names_the_speaker() -> None:
    named = document("a.txt", "Mira Holt argues that frost broke the wall.")
    told = answer("What broke the wall?", named, (named.text, 0.9))
    assert told.answer == "Mira Holt argues that frost broke the wall. [1]"
    told = answer("What broke it?", MIRA, ("She argues that frost broke the wall.", 0.9))
    assert told.answer == (
        "Mira Holt ran the works for ten years. [1] She argues that frost broke the wall. [2]"
    )


def test_what_the_document_says_itself_has_no_lead() -> None:
    told = answer("What was rebuilt?", MIRA, ("The wall was rebuilt.", 0.9))
    assert told.answer == "The wall was rebuilt. [1]"


def test_who_says_it_is_answered_by_a_name() -> None:
    told = answer(
        "Who argues that frost broke the wall?",
        MIRA,
        ("She argues that frost broke the wall.", 0.9),
    )
    assert told.short_answer == "Mira Holt"
    asked = answer("What broke the wall?", MIRA, ("She argues that frost broke the wall.", 0.9))
    assert asked.short_answer is None


def test_in_doubt_nobody_is_named() -> None:
    two = document(
        "two.txt", "Mira Holt met Ida Krog at the wall. She argues that frost broke the wall."
    )
    told = answer(
        "Who argues that frost broke it?", two, ("She argues that frost broke the wall.", 0.9)
    )
    assert (told.short_answer, told.statements[-1].speaker) == (None, None)
    assert not told.answer.startswith("According to")


@pytest.mark.parametrize(
    ("question", "text", "span", "short"),
    [
        ("Who blames frost?", "Ida Krog says that Mira Holt blames frost.", "Mira Holt", None),
        ("Who blames frost?", "The engineer Mira Holt blames frost.", "Holt", "Mira Holt"),
        ("Who argues that Krog lied?", "Mira Holt argues that Krog lied.", "Mira Holt", None),
        ("Who held the mill?", "Mira Holt says that farmers held the mill.", "farmers", None),
        ("Who was blamed?", "Mira Holt blames the engineers.", "the engineers", None),
    ],
)
def test_the_short_answer_is_the_speaker_only_where_one_is_asked_for(
    question: str, text: str, span: str, short: str | None
) -> None:
    made = document("a.txt", text)
    read, documents = reading((made, text, 0.9))
    first = replace(read.evidence[0], answer=span_in(made, span))
    read = replace(read, evidence=(first,))
    asked = understand(question)
    holding = Found(asked, 5, read, documents, None, {}, 0.0)
    writing = Writing(compose_extractive(read, documents, asked), 0)
    assert answer_of(holding, writing, 0.0, {}).short_answer in (short or span, f"The {short}")


def test_a_number_brings_the_sentence_that_revises_it() -> None:
    made = document(
        "a.txt",
        "The first report gave 20 dead. It became 68 the next day. The mill burned for 3 hours.",
    )
    told = answer("How many people died?", made, ("The first report gave 20 dead.", 0.9))
    assert [c.quote for c in told.citations] == [
        "The first report gave 20 dead.",
        "It became 68 the next day.",
    ]
    assert [s.citations for s in told.statements] == [(1,), (2,)]
    told = answer("Who died?", made, ("The first report gave 20 dead.", 0.9))
    assert len(told.citations) == 1
    told = answer("How many people died?", made, ("It became 68 the next day.", 0.9))
    assert "3 hours" not in told.answer
