"""Two documents answer one question differently: in other words, and only where both answer it."""

from __future__ import annotations

import pytest

from rag.question import understand
from rag.rivals import Claim, rival


def claim(sentence: str, answer: str, near: float = 0.95, around: str | None = None) -> Claim:
    assert answer in sentence
    return Claim(sentence, answer, around or sentence, near)


@pytest.mark.parametrize(
    ("question", "one", "other", "found"),
    [
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("On 28 February Lund elected its council.", "28 February"),
            ("date", "the date", "3 March", "28 February"),
        ),
        (
            "Who led the rescue at Lund?",
            claim("Mira Holt led the rescue at Lund.", "Mira Holt", 1.0),
            claim("In charge of the rescue work in Lund was Jonas Berg.", "Jonas Berg", 0.7),
            ("name", "the name", "Mira Holt", "Jonas Berg"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("84 people lost their lives when the river came to Lund.", "84 people"),
            ("number", "the number of people", "31", "84"),
        ),
    ],
    ids=["date", "name", "number"],
)
def test_other_words_for_another_answer(question, one, other, found) -> None:
    assert rival(understand(question), one, other) == found
    kind, about, first, second = found
    assert rival(understand(question), other, one) == (kind, about, second, first)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("Bergen voted on 28 February.", "28 February"),
        ),
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("On 3 March 2020 Lund elected its council.", "3 March 2020"),
        ),
        (
            "When was the strike in Lund broken up?",
            claim("The strike in Lund was broken up on 3 March.", "3 March", 1.0),
            claim("Lund was flooded on 28 May.", "28 May", 0.8),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("The flood in Lund sank 84 boats.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people on 3 May 2020.", "31", 1.0),
            claim("The flood in Lund killed 84 people on 9 June 2021.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("The flood in Lund killed 84 people.", "84", 0.4),
        ),
        (
            "Who led the rescue at Lund?",
            claim("Mira Holt led the rescue at Lund.", "Mira Holt", 1.0),
            claim("Holt led the rescue at Lund, too.", "Holt"),
        ),
        (
            "Who argues that Lund is safe?",
            claim("Mira Holt argues that Lund is safe.", "Mira Holt", 1.0),
            claim("Jonas Berg argues that Lund is safe.", "Jonas Berg"),
        ),
        (
            "Why was Lund flooded?",
            claim("Lund was flooded by 31 streams.", "31", 1.0),
            claim("Lund was flooded by 84 streams.", "84"),
        ),
    ],
    ids=[
        "elsewhere",
        "the same day",
        "something else there",
        "another noun",
        "other days",
        "far behind",
        "a part of the name",
        "both may say it",
        "neither is asked for",
    ],
)
def test_no_rivals(question, one, other) -> None:
    assert rival(understand(question), one, other) is None


def test_a_name_may_stand_in_the_sentence_before() -> None:
    one = claim("The flood in Lund killed 31 people.", "31", 1.0)
    other = claim("It killed 84 people.", "84", around="A flood came to Lund. It killed 84 people.")
    assert rival(understand("How many people died in Lund?"), one, other) is not None
