"""Broad questions gather distinct sentences; others keep their short answer."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.compare.matter import repeats
from rag.compose.extractive import compose_extractive
from tests.compose.made import document, reading

OLD = document("old.txt", "Mira Holt argues that frost broke the dam.", "2019-03-01")
NEW = document("new.txt", "Jonas Berg says that rats broke the dam.", "2021-03-01")
SAME = document("same.txt", "Frost broke the dam, Mira Holt argues.", "2020-03-01")
FAR = document("far.txt", "Ida Krog thinks that the dam was never built.", "2020-05-01")


def answer(question: str, *found: tuple[object, float]) -> list[str]:
    made, documents = reading(*((d, d.text, p) for d, p in found))  # type: ignore[attr-defined]
    composed = compose_extractive(made, documents, understand(question))
    return [s.text for s in composed.statements]


def test_distinct_positions_are_gathered_and_repeats_left_out() -> None:
    told = answer(
        "What explanations are given for the break?", (OLD, 0.9), (SAME, 0.88), (NEW, 0.7)
    )
    assert told == [OLD.text, NEW.text]


def test_what_is_far_behind_the_best_is_not_gathered() -> None:
    told = answer("What explanations are given for the break?", (OLD, 0.9), (FAR, 0.2))
    assert told == [OLD.text]


def test_an_ordinary_question_keeps_its_short_answer() -> None:
    assert answer("What broke the dam?", (OLD, 0.9), (NEW, 0.89)) == [OLD.text]


def test_a_change_is_told_from_the_oldest_document_on() -> None:
    told = answer("How did the explanation of the break change?", (NEW, 0.9), (OLD, 0.8))
    assert told == [OLD.text, NEW.text]


def test_the_newest_comes_first_where_that_is_asked() -> None:
    told = answer("Which explanations were given, newest first?", (OLD, 0.9), (NEW, 0.8))
    assert told == [NEW.text, OLD.text]


def test_a_remark_or_a_question_is_no_position() -> None:
    remark = document("remark.txt", "It was cold.")
    asked = document("asked.txt", "Who would have thought that rats could do it?")
    told = answer("What explanations are given?", (OLD, 0.9), (remark, 0.89), (asked, 0.85))
    assert told == [OLD.text]


def test_sentences_repeat_unless_a_name_or_a_number_differs() -> None:
    assert repeats("The flood drowned 31 people.", "In Lund the flood drowned 31 people.")
    assert not repeats("The flood drowned 31 people.", "The flood drowned 84 people.")
    assert not repeats("The flood reached Lund.", "The flood reached Bergen.")
    assert not repeats("It began on 3 May 1921.", "It began on 5 May 1921.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mayor stepped down, the office said.", "The mayor has not stepped down, it said."),
        ("The mayor will never pay.", "The mayor will pay."),
        ("The mayor didn’t pay the fine.", "The mayor did pay the fine."),
        ("Not all of the boats sank.", "All of the boats sank."),
        ("The mill shut before the flood.", "The mill shut after the flood."),
        ("The mill shut during the flood.", "The mill shut after the flood."),
        ("Rents went up by 4 percent.", "Rents went down by 4 percent."),
        ("Some of the boats sank.", "All of the boats sank."),
        ("The council voted for the dam.", "The council voted against the dam."),
        (
            "The price of bread rose in the whole town.",
            "The price of bread fell in the whole town.",
        ),
        ("The mill will shut in the spring.", "The mill shut in the spring."),
        ("The mill nearly collapsed.", "The mill collapsed."),
        ("Das Wehr ist nicht gebrochen.", "Das Wehr ist gebrochen."),
    ],
)
def test_what_denies_or_turns_a_sentence_round_repeats_nothing(one: str, other: str) -> None:
    assert not repeats(one, other)
    assert not repeats(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mayor has not paid the fine.", "The mayor never paid the fine, the office said."),
        ("No fewer than 31 boats sank.", "At least 31 boats sank."),
        ("The mill shut.", "The mill shut after the flood."),
        ("The mill not only shut but burned.", "The mill shut and burned."),
        ("Rents rose by 4 percent.", "Rents rose up by 4 percent."),
    ],
)
def test_what_is_said_in_other_small_words_repeats(one: str, other: str) -> None:
    assert repeats(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The court found the clerk guilty of theft.",
            "The court found the clerk innocent of theft.",
        ),
        ("The bank is likely to fail in May.", "The bank is unlikely to fail in May."),
        ("The army shelled the mill in the town.", "The rebels shelled the mill in the town."),
    ],
)
def test_a_word_against_another_makes_another_claim(one: str, other: str) -> None:
    assert not repeats(one, other)
