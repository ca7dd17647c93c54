"""What counts as a denial, and what only looks like one."""

from __future__ import annotations

import pytest

from rag.compare.denial import answers_back, denies, negated, parity


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The board did not warn the bank before the collapse.", True),
        ("It had not been checked before it broke.", True),
        ("It was not opened before 1995.", False),
        ("It will not close before the end of May.", False),
        ("It was not the first time that it leaked.", False),
        ("Berg, not Holt, led it.", False),
    ],
)
def test_negated(text: str, told: bool) -> None:
    assert negated(text) is told


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("The council refused to pay", True),
        ("The council did not refuse to pay", False),
        ("Nobody told the mayor", True),
        ("The army denies that it fired", True),
        ("The army does not deny that it fired", False),
        ("The council paid", False),
    ],
)
def test_two_negations_are_none(clause: str, told: bool) -> None:
    assert parity(clause) is told


@pytest.mark.parametrize(
    "text",
    ["He does not dispute it.", "Nobody denies that it leaked.", "She never rejected the claim."],
)
def test_a_denial_denied(text: str) -> None:
    assert not denies(text)
    assert answers_back(text) is None
