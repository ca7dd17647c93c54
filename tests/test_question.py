"""What a question asks for, and when it leans on the turns before it."""

from __future__ import annotations

import pytest

from rag.question import leans_on_history, understand
from rag.types import Turn

ASKED = (
    Turn("user", "What had Russia done by day 5 in 2020?"),
    Turn("assistant", "Russia called for restraint and offered mediation. [1]"),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who signed the statement?", "who"),
        ("In which year did the war end?", "when"),
        ("When was that?", "when"),
        ("How many peacekeepers were sent?", "how many"),
        ("Why did Moscow wait?", "why"),
        ("Where were the talks held?", "where"),
        ("Did Ankara take part?", "yes/no"),
        ("Describe the blockade.", "other"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert understand(text).kind == kind


def test_names_leave_out_the_first_word_and_keep_acronyms() -> None:
    question = understand("Which mediator did the OSCE send to Baku in 1994?")
    assert question.names == ("OSCE", "Baku")
    assert question.numbers == ("1994",)
    assert "which" not in question.terms


def test_a_possessive_is_the_name_itself() -> None:
    assert understand("What was Armenia's reply?").names == ("Armenia",)


@pytest.mark.parametrize(
    "text", ["And in 2016?", "Who said that?", "Why?", "What about Georgia?", "What did he offer?"]
)
def test_follow_ups_lean_on_history(text: str) -> None:
    assert leans_on_history(text, ASKED)
    assert understand(text, ASKED).full.endswith(text)
    assert understand(text, ASKED).full != text


@pytest.mark.parametrize(
    "text", ["Who brokered the Bishkek ceasefire in 1994?", "What did Georgia do about Abkhazia?"]
)
def test_whole_questions_stand_alone(text: str) -> None:
    assert not leans_on_history(text, ASKED)
    assert understand(text, ASKED).full == text


def test_without_history_nothing_leans() -> None:
    assert understand("Who said that?").full == "Who said that?"


def test_who_said_that_brings_the_answer_along() -> None:
    full = understand("Who said that?", ASKED).full
    assert "offered mediation" in full
    assert "[1]" not in full


def test_a_follow_up_brings_the_last_answer_and_question_to_retrieval() -> None:
    answer, question = understand("And in 2016?", ASKED).earlier
    assert answer.text == "Russia called for restraint and offered mediation."
    assert question.text == ASKED[0].content
    assert 1 > answer.weight > question.weight > 0


def test_a_question_that_reads_as_if_it_stood_alone_leans_less() -> None:
    leaning = understand("Who said that?", ASKED).earlier
    alone = understand("Who brokered the Bishkek ceasefire in 1994?", ASKED).earlier
    assert [e.text for e in alone] == [e.text for e in leaning]
    assert all(a.weight < b.weight for a, b in zip(alone, leaning, strict=True))


def test_a_refusal_says_nothing_about_what_is_meant() -> None:
    refused = (ASKED[0], Turn("assistant", "The documents do not say. No passage supports it."))
    found = understand("Who said that?", refused)
    assert [e.text for e in found.earlier] == [ASKED[0].content]
    assert found.full == f"{ASKED[0].content} Who said that?"


@pytest.mark.parametrize("history", [(), (Turn("user", " "), Turn("assistant", "[1]"))])
def test_an_empty_history_adds_nothing(history: tuple[Turn, ...]) -> None:
    assert understand("Who said that?", history).earlier == ()


def test_only_the_last_turns_count() -> None:
    later = (*ASKED, Turn("user", "And Iran?"), Turn("assistant", "Iran waited. [2]"))
    assert [e.text for e in understand("Why?", later).earlier] == ["Iran waited.", "And Iran?"]
