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
