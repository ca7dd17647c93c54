"""Whether a sentence holds the kind of thing that a question asks for."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.judging.features import span_features


@pytest.mark.parametrize(
    ("question", "told", "holds"),
    [
        ("How many guards did Lund send in 2016?", "Lund sent 12 guards in 2016.", True),
        ("How many guards did Lund send in 2016?", "Lund sent guards in 2016 and 2017.", False),
        ("How many guards were sent?", "They sent 1960 guards.", True),
        ("When did it rain?", "It may rain if we march on.", False),
        ("When was the lease signed?", "They signed it in 1648.", True),
        ("When was the lease signed?", "They signed it two weeks later.", True),
        ("When did the strike of 1992 end?", "The strike of 1992 ended.", False),
        ("Who warned the board?", "The board was warned by Mr. Holt.", True),
        ("Who warned the board?", "The board was warned on Monday, 3 May.", False),
        ("Who warned Holt?", "Then came Holt’s reply.", False),
        ("Why did it leak?", "The reasons were many.", True),
    ],
)
def test_the_kind_asked_for_is_there_beyond_the_question(
    question: str, told: str, holds: bool
) -> None:
    assert span_features(understand(question), told)[0] == float(holds)
