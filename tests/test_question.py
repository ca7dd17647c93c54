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
        ("Who led the guild when the mill burned?", "who"),
        ("Why did the mayor leave when the mill burned?", "why"),
        ("Where was the mayor when the mill burned?", "where"),
        ("How many died when the mill burned?", "how many"),
        ("What was done when the mill burned?", "other"),
        ("Did the mayor leave when the mill burned?", "yes/no"),
        ("When the mill burned, who was mayor?", "who"),
        ("Is it known when the mill burned?", "when"),
        ("Since when has the mill stood?", "when"),
        ("day when the mill burned", "when"),
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
    ("text", "names"),
    [
        ("What did Mr. Holt say to Dr Krog?", ("Holt", "Krog")),
        ("Did Gen. Berg reach St. Gallen?", ("Berg", "Gallen")),
        ("Who met J. Berg and Ida B. Krog?", ("Berg", "Ida", "Krog")),
        ("Mrs. Holt wrote to whom?", ("Holt",)),
        ("Who chose plan B over Malcolm X?", ("B", "Malcolm", "X")),
        ("What was said to Sen by Mr D in Lund?", ("Sen", "D", "Lund")),
        ("It leaked. Who told Holt?", ("Holt",)),
        ("Was dort entschied Ägir über äußere Öfen?", ("Ägir", "Öfen")),
        ("Кто видел Ивана у моста?", ("Ивана",)),
        ("ვინ დაწერა წერილი?", ()),
    ],
)
def test_names_have_a_capital_and_are_no_title_or_initial(
    text: str, names: tuple[str, ...]
) -> None:
    assert understand(text).names == names


@pytest.mark.parametrize(
    "text", ["And in 2016?", "Who said that?", "Why?", "What about Georgia?", "What did he offer?"]
)
def test_follow_ups_lean_on_history(text: str) -> None:
    assert leans_on_history(text, ASKED)
    assert understand(text, ASKED).full.endswith(text)
    assert understand(text, ASKED).full != text


@pytest.mark.parametrize(
    "text",
    [
        "Who brokered the Bishkek ceasefire in 1994?",
        "What did Georgia do about Abkhazia?",
        "Was there a strike at the mill?",
        "Who is Holt?",
        "Which clerk said that the ballot was forged?",
        "What became of those who fled the mill?",
        "How many guards lost their lives at the mill?",
        "What happened at the mill this year?",
        "Did Holt say that he saw Lund?",
        "Which clerk said she had been to Lund?",
    ],
)
def test_whole_questions_stand_alone(text: str) -> None:
    assert not leans_on_history(text, ASKED)
    assert understand(text, ASKED).full == text


@pytest.mark.parametrize(
    "text",
    [
        "When did she visit Lund?",
        "What was his task in Lund?",
        "How many of them came from Lund?",
        "What did the Danes do about it?",
        "Why Holt?",
        "Did the guild accept that?",
        "When did that happen to the mill?",
        "Which clerk left the mill that year?",
        "Who rejected their offer of help?",
    ],
)
def test_what_a_question_leaves_open_leans(text: str) -> None:
    assert leans_on_history(text, ASKED)


CHAIN = (
    Turn("user", "How many guards did Norway send in 2020?"),
    Turn("assistant", "Norway sent 31. [1]"),
    Turn("user", "And in 2016?"),
    Turn("assistant", "In 2016 there were 12. [1]"),
)


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    asked = understand("And in 1994?", CHAIN)
    assert asked.full == "How many guards did Norway send in 2020? And in 2016? And in 1994?"
    assert (asked.kind, asked.form) == ("how many", CHAIN[0].content)
    longer = (*CHAIN, *CHAIN[2:], *CHAIN[2:], *CHAIN[2:])
    assert understand("And in 1994?", longer).full == asked.full.replace(
        " And in 2016?", " And in 2016?" * 2
    )


def test_a_question_of_its_own_ends_the_chain_and_has_its_own_form() -> None:
    alone = (*CHAIN, Turn("user", "Who led the guards of Norway?"))
    assert understand("And in 1994?", alone).full == "Who led the guards of Norway? And in 1994?"
    assert understand("And in 1994?", alone).kind == "who"
    for text in ("Why?", "And what did he offer the board?"):
        assert understand(text, CHAIN).form == text


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
