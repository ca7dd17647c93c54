"""Two sentences become one only where nothing of the one may be read of the other."""

from __future__ import annotations

import pytest

from rag.compose.claims import fault
from rag.compose.grammar import grammar_of
from rag.compose.parts import Cited

DAM = "The dam was built by Swedes in 1932."


def joined(one: str, other: str, joint: str = ", and ") -> str:
    return one.rstrip(".") + joint + other[0].lower() + other[1:]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Holm said that the town had fallen.", DAM),
        ("Holm said the town had fallen.", DAM),
        ("It emerged that the bank had failed.", DAM),
        ("The mayor fled because the bank had failed.", DAM),
        ("If the river rises, the town floods.", DAM),
        ("In 1994 the war ended at last.", DAM),
        ("On 3 May the war ended at last.", DAM),
        ("However, in 1994 the war ended.", DAM),
        ("Two days ago the bank failed again.", DAM),
        (DAM, "The town had fallen, Holm said."),
        (DAM, "The town fell because nobody came."),
        ("We lost the match in May.", "Our team won it in June."),
    ],
)
@pytest.mark.parametrize("joint", [", and ", ", while ", "; "])
def test_what_reaches_over_is_not_joined(one: str, other: str, joint: str) -> None:
    assert fault(joined(one, other, joint), [Cited(one), Cited(other)]) is not None
    assert "j1" not in (grammar_of([Cited(one), Cited(other)]) or "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The town fell at dawn.", DAM),
        ("Holm had promised it.", DAM),
        (DAM, "The minister said it leaks."),
        (DAM, "In May the town fell at dawn."),
    ],
)
def test_plain_ones_are(one: str, other: str) -> None:
    assert fault(joined(one, other), [Cited(one), Cited(other, before=one)]) is None
