"""The time of a follow-up that asks the question before it again."""

from __future__ import annotations

from datetime import date

import pytest

from rag.asking.question import understand
from rag.compose.again import timed
from rag.types import Turn

KNOWN = "What was known about the leak in March 2022?"
SUNK = "How many ships sank in 2016?"


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        (KNOWN, "And in April?", "What was known about the leak in April 2022?"),
        (KNOWN, "And in 2023?", "What was known about the leak in 2023?"),
        (KNOWN, "And in Lund?", KNOWN),
        (KNOWN, "And Theresa May?", KNOWN),
        ("What is the latest on the dam?", "And on the lock?", "What is the latest on the dam?"),
        (SUNK, "And in 2017?", "And in 2017?"),
        (SUNK, "And since 2018?", "And since 2018?"),
        (SUNK, "And off Lund?", SUNK),
        (SUNK, "no, I meant 2012", "How many ships sank in 2012?"),
        (SUNK, "not 2016, 2012", "How many ships sank in 2012?"),
        (SUNK, "Who counted them?", "Who counted them?"),
    ],
)
def test_the_question_that_a_time_is_read_from(before: str, text: str, meant: str) -> None:
    history = (Turn("user", before), Turn("assistant", "Nobody knows. [1]"))
    assert timed(understand(text, history), date(2026, 3, 1)) == meant
