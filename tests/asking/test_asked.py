"""How much a question asks for, and whose words it wants."""

from __future__ import annotations

import time

import pytest

from rag.asking.asked import asks_opinion, asks_speaker, breadth_of, order_of, sayings


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
        ("In 1990, did the dam leak?", "sides"),
        ("If the dam leaks, will Lund be flooded?", "sides"),
        ("Was it neglect or bad luck that broke the dam?", "sides"),
        ("What broke the dam: neglect or bad luck?", "sides"),
        ("Who is to blame for the flood?", "sides"),
        ("Which side broke the truce?", "sides"),
        ("Which village lost its bridges?", "one"),
        ("Which country sent troops?", "one"),
        ("Which company laid off workers?", "one"),
        ("Name the mayor of Lund.", "one"),
        ("Give me the date of the flood", "one"),
        ("Could you tell me when the dam broke?", "one"),
        ("Do you know who owns the dam?", "one"),
        ("Who started the company?", "one"),
        ("Who broke the record?", "one"),
        ("What was the true cost of the dam?", "one"),
        ("Was ist ein Damm?", "one"),
        ("What drives prices up?", "one"),
        ("What countries sent engineers?", "several"),
        ("What companies bid for the dam?", "several"),
        ("Which two armed camps signed the truce?", "several"),
        ("Please list all signatories.", "several"),
        ("Can you give me an overview of the repairs?", "several"),
        ("Name three towns by the dam", "several"),
        ("What did the critics of the dam say?", "several"),
        ("What is the difference between the two dams?", "several"),
        ("Tell me how the price has changed since 2016", "change"),
        ("Didn't the dam leak?", "sides"),
        ("And did the dam leak?", "sides"),
        ("Do you know if the dam leaks?", "sides"),
        ("Who started the war?", "sides"),
        ("Did both sides repair it?", "sides"),
        ("How many were hurt on each side?", "several"),
        ("Who supports and who opposes the dam?", "several"),
        ("What else did Holt say?", "several"),
        ("How do engineers explain the leak?", "several"),
        ("all mentions of the dam", "several"),
        ("Any other leaks?", "several"),
        ("How do locks work?", "one"),
        ("All in all, who won?", "one"),
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
        "Who called the repair premature?",
        "Which engineer called Berg incompetent?",
        "Who in the government said that the dam leaks?",
        "Who among the engineers warns of a leak?",
        "Who was the first to warn of a leak?",
        "Who was it that denied the leak?",
        "Who confirmed that the dam leaks?",
        "Who claimed the dam was safe?",
        "Could you tell me who said that the dam leaks?",
        "Who gave the figure of 31 dead?",
        "Who put the toll at 31?",
        "Who made the remark about the dam?",
        "Who is the author of the quote?",
        "From whom is that phrase?",
    ],
)
def test_a_question_for_the_speaker(question: str) -> None:
    assert asks_speaker(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who made the dam?",
        "Who put the pumps at 5 Lund Street?",
        "Who raised the flag?",
        "Who is the owner of the source?",
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
        "Who called the police?",
        "Who calls the shots?",
        "Who claimed the prize?",
        "Who defends the border?",
        "Who declared war?",
        "Tell me who built the dam",
    ],
)
def test_a_question_for_something_else(question: str) -> None:
    assert not asks_speaker(question)


def test_a_question_for_what_somebody_says() -> None:
    assert asks_opinion("What did Holt say about the dam?")
    assert asks_opinion("What is Holt's objection to the dam?")
    assert not asks_opinion("How long is the dam?")


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("What did Holt say about Berg?", "What did Holt "),
        ("What objection did Ida Holt raise?", "What objection did Ida Holt"),
        ("Was Holt praised by Berg?", None),
        ("When was the mayor told to leave?", None),
        ("What is Holt quoted as saying?", "What is Holt "),
    ],
)
def test_a_speaker_stands_before_what_he_says(question: str, before: str | None) -> None:
    assert [question[:n] for n in sayings(question) if "Holt" in question[:n]] == (
        [before] if before else []
    )


@pytest.mark.parametrize("words", ["what is the ", "how did the price ", "who said that "])
def test_a_long_question_is_read_at_once(words: str) -> None:
    begun = time.process_time()
    breadth_of(words * 2000)
    sayings(words * 2000)
    assert time.process_time() - begun < 2


def test_the_order_that_is_asked_for() -> None:
    assert order_of("List the figures, newest first.") == "newest"
    assert order_of("Give the figures, oldest first.") == "oldest"
    assert order_of("How did the figure change?") == "oldest"
    assert order_of("Who built the dam?") is None
    assert order_of("Name the floods in order.") == "oldest"
    assert order_of("Show the floods in chronological order.") == "oldest"
    assert order_of("What did the board do in order to sell the dam?") is None
    assert order_of("Was the lock in order?") is None
