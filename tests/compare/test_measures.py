"""What a number counts where another number stands beside it."""

from __future__ import annotations

import pytest

from rag.compare.measures import counted, shared_noun
from rag.compare.quantities import amounts


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Some 3,000 of the 8,000 dockers walked out.", "docker"),
        ("31 of the 1,250 pilgrims fell ill.", "pilgrim"),
        ("Only 14, the mayor said.", None),
        ("The kiln made 900 bricks, 40 tiles.", "brick"),
    ],
)
def test_the_noun_of_a_number(text, noun) -> None:
    told = counted(amounts(text)[0])
    assert (told.noun if told else None) == noun


def test_two_parts_of_one_whole_are_numbers_of_its_noun() -> None:
    one, other = (
        amounts(f"{n} of the 8,000 dockers walked out.")[0] for n in ("3,000", "Some 2,100")
    )
    assert shared_noun(one, other) == "dockers"
