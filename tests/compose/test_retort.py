"""A claim is shown with the sentence right behind it that denies it or counts otherwise."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.compose.answer import Found, answer_of
from rag.compose.extractive import compose_extractive
from rag.compose.generative import Writing
from rag.types import Answer
from tests.compose.made import document, reading


def answered(question: str, text: str, *best: str) -> Answer:
    made = document("a.txt", text, "2020-01-01")
    read, documents = reading(*((made, words, 0.9) for words in best))
    asked = understand(question)
    holding = Found(asked, 5, read, documents, None, {}, 0.0)
    return answer_of(holding, Writing(compose_extractive(read, documents, asked), 0), 0.0, {})


CLAIM = "The ministry says that the ferry was rammed."


@pytest.mark.parametrize(
    "denial",
    [
        "The coastguard denies it.",
        "The owners dispute this account.",
        "The coastguard rejects the claim and speaks of an engine fire.",
        "Two sailors contradicted that in court.",
        "The crew denies that any other ship was near.",
    ],
)
def test_a_claim_brings_its_denial(denial: str) -> None:
    told = answered("Was the ferry rammed?", f"{CLAIM} {denial} It sank at noon.", CLAIM)
    assert [c.quote for c in told.citations] == [CLAIM, denial]
    assert [(c.kind, c.citations, c.values) for c in told.conflicts] == [
        ("yes or no", (1, 2), ("claimed", "denied"))
    ]


@pytest.mark.parametrize(
    "behind",
    [
        "The coastguard does not dispute it.",
        "Nobody denies that it was old.",
        "The committee rejected a motion by seven votes to four.",
        "They disagreed about everything but the wine.",
        "It sank at noon.",
    ],
)
def test_what_denies_nothing_is_left_alone(behind: str) -> None:
    told = answered("Was the ferry rammed?", f"{CLAIM} {behind}", CLAIM)
    assert [c.quote for c in told.citations] == [CLAIM]
    assert told.conflicts == ()


def test_what_nobody_claims_is_not_answered_back() -> None:
    best = "The ferry sank at noon."
    told = answered("When did it sink?", f"{best} The owner denies it.", best)
    assert len(told.citations) == 1


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("The army gives the dead as 613.", "The bishop counted 485.", ("613", "485")),
        (
            "The army gives the dead as 613.",
            "The league wrote at first of more than 200.",
            ("613", "more than 200"),
        ),
        ("The first report gave 20 dead.", "It became 68 the next day.", ("20", "68")),
        (
            "The union puts the strikers at 9,000.",
            "The mayor's office spoke of 4,000 strikers.",
            ("9,000", "4,000"),
        ),
    ],
)
def test_a_count_brings_the_other_count(first: str, second: str, values: tuple[str, ...]) -> None:
    told = answered("How many were there?", f"{first} {second} The mill burned.", first)
    assert [c.quote for c in told.citations] == [first, second]
    assert [c.values for c in told.conflicts] == [values]


@pytest.mark.parametrize(
    "second",
    [
        "The repair was put at 700,000 dollars.",
        "The bishop says that the road is 31 kilometres long.",
        "The bishop counted 613 as well.",
        "The bishop counted the sheep for 9 days.",
        "The bishop said that 40 wagons were lost.",
        "The bishop said that in the flood of May 1998 ten had died.",
    ],
)
def test_a_number_of_something_else_is_no_other_count(second: str) -> None:
    first = "The army gives the number of dead soldiers as 613 men."
    told = answered("How many soldiers died?", f"{first} {second}", first)
    assert [c.quote for c in told.citations] == [first]


def test_statements_and_citations_stay_in_order() -> None:
    other = "The harbour was shut for a week."
    text = f"{CLAIM} The coastguard denies it. {other}"
    told = answered("Which explanations of the ferry's loss are given?", text, CLAIM, other)
    assert [c.id for c in told.citations] == list(range(1, len(told.citations) + 1))
    assert [s.citations for s in told.statements] == [(c.id,) for c in told.citations]
    assert told.answer.index("denies it. [2]") < told.answer.index("a week. [3]")


@pytest.mark.parametrize(
    ("question", "claim", "behind"),
    [
        ("When does the trial begin?", "The trial begins in May, the court said.",
         "The defence denies the charges."),
        ("Where was the man found?", "The man was found in a barn, police said.",
         "He denies having hidden there on purpose."),
        ("Who foresaw the flood?", "Mira Holt said that the flood would come.",
         "The mayor dismissed that as talk."),
        ("What is the ferry made of?", "The crew says that thieves came aboard.",
         "The owner denies it."),
    ],
)  # fmt: skip
def test_a_denial_of_something_else_than_what_is_asked(
    question: str, claim: str, behind: str
) -> None:
    told = answered(question, f"{claim} {behind}", claim)
    assert (len(told.citations), told.conflicts) == (1, ())


@pytest.mark.parametrize(
    "denial",
    [
        "The owner calls that a lie.",
        "That is nonsense, said the owner.",
        "The owner does not believe it.",
        "Not at all, the owner answers.",
        "The owner, who was there, disagrees.",
    ],
)
def test_a_claim_brings_the_words_that_it_is_untrue(denial: str) -> None:
    told = answered("Was the ferry rammed?", f"{CLAIM} {denial}", CLAIM)
    assert [c.quote for c in told.citations] == [CLAIM, denial]
    assert len(told.conflicts) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The army says that it lost 4 tanks.", "It says that the enemy lost 19."),
        ("The mayor says that 300 houses burned.", "He put the cost at 80."),
        ("The council says that 4,000 people live there.", "It says that 300 of them are young."),
        ("The clinic says that 20 people were hurt.", "It says that 150 were arrested."),
        ("The clinic counted 32 dead.", "Over three days mobs hunted them, it says."),
    ],
)
def test_numbers_of_others_or_of_a_part_are_no_other_count(first: str, second: str) -> None:
    told = answered("How many were there?", f"{first} {second}", first)
    assert told.conflicts == ()
