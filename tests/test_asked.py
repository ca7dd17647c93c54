"""How much a question asks for, and whose words it wants."""

from __future__ import annotations

import pytest

from rag.asked import asks_opinion, asks_speaker, breadth_of, order_of


@pytest.mark.parametrize(
    ("question", "breadth"),
    [
        ("Who built the dam?", "one"),
        ("When did the mill burn?", "one"),
        ("Why did the dam leak?", "one"),
        ("What happens to the water?", "one"),
        ("What does the report say about the dam?", "one"),
        ("Which company holds the largest share?", "one"),
        ("What is the news from Lund?", "one"),
        ("Which United States senator asked for the report?", "one"),
        ("Which canton borders Jura?", "one"),
        ("Which guild controls the lock?", "one"),
        ("Which quarry supplies gold?", "one"),
        ("Which council recognises Lund?", "one"),
        ("Which party claims the mill?", "one"),
        ("What causes leaks in Lund?", "one"),
        ("What accounts for the loss?", "one"),
        ("How did Lund fall?", "one"),
        ("How did the guild fall in 1918?", "one"),
        ("How did the number of sales fall through?", "one"),
        ("What causes are given for the leak?", "several"),
        ("Which claims did the board make?", "several"),
        ("Which canton towns were flooded?", "several"),
        ("How did the price of grain fall in 1918?", "change"),
        ("How has support moved since May?", "change"),
        ("What explanations are given for the leak?", "several"),
        ("What reasons did the board have?", "several"),
        ("Which estimates of the losses exist?", "several"),
        ("Which towns were flooded?", "several"),
        ("On which days was the lock closed?", "several"),
        ("What were the terms of the contract?", "several"),
        ("Who said what about the dam?", "several"),
        ("What do the engineers say about the dam?", "several"),
        ("What did Holt and Berg say about the dam?", "several"),
        ("How do Holt and Berg differ on the dam?", "several"),
        ("How did the number of dead change?", "change"),
        ("How has the assessment developed since 2019?", "change"),
        ("What changed between 2020 and 2023?", "change"),
        ("What became of the plan for a lock?", "change"),
        ("Did the dam leak?", "sides"),
        ("Was it neglect or bad luck that broke the dam?", "sides"),
        ("What broke the dam: neglect or bad luck?", "sides"),
        ("Who is to blame for the flood?", "sides"),
        ("Which side broke the truce?", "sides"),
    ],
)
def test_how_much_a_question_asks_for(question: str, breadth: str) -> None:
    assert breadth_of(question) == breadth


@pytest.mark.parametrize(
    "question",
    [
        "Who said that?",
        "Who argues that the dam leaks?",
        "Who is quoted as saying that the dam leaks?",
        "Who once joked that the dam was a wall with hopes?",
        "Whose view is it that the dam leaks?",
        "According to whom does the dam leak?",
        "Which engineer warned that the dam leaked?",
        "Which engineer has warned that the dam leaked?",
        "Who holds that the dam leaks?",
        "Who holds the board responsible for the leak?",
        "Who called the repair a waste?",
        "Who sees the dam as a danger?",
        "Who considers it likely that the dam leaks?",
        "Who told the mayor that the dam leaks?",
        "Who rejected the claim of neglect?",
        "Who reported 31 dead?",
        "Who has been quoted as saying that the dam leaks?",
        "Who proposed that?",
    ],
)
def test_a_question_for_the_speaker(question: str) -> None:
    assert asks_speaker(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who built the dam?",
        "Whose dam is it?",
        "What did Holt say about the dam?",
        "What did Holt answer to the board?",
        "Who was blamed for the leak?",
        "Who is accused of neglect?",
        "Who was told to leave the dam?",
        "Who is considered the builder of the dam?",
        "Who is expected in Lund?",
        "Who held the mill until 1920?",
        "Who called the meeting?",
        "Who supports the guild?",
        "Who proposed the lock?",
        "Who maintains the road?",
        "Who wrote the letter?",
        "Who announced the sale?",
        "Who agreed to the sale?",
        "Which village saw the flood?",
        "Which canton held the chair?",
        "What rule explains the delay?",
    ],
)
def test_a_question_for_something_else(question: str) -> None:
    assert not asks_speaker(question)


def test_a_question_for_what_somebody_says() -> None:
    assert asks_opinion("What did Holt say about the dam?")
    assert asks_opinion("What is Holt's objection to the dam?")
    assert not asks_opinion("How long is the dam?")


def test_the_order_that_is_asked_for() -> None:
    assert order_of("List the figures, newest first.") == "newest"
    assert order_of("Give the figures, oldest first.") == "oldest"
    assert order_of("How did the figure change?") == "oldest"
    assert order_of("Who built the dam?") is None
    assert order_of("Name the floods in order.") == "oldest"
    assert order_of("Show the floods in chronological order.") == "oldest"
    assert order_of("What did the board do in order to sell the dam?") is None
    assert order_of("Was the lock in order?") is None
