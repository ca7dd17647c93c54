"""What becomes a candidate of its own among the sentences of the hits."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.read import SimilarityReader
from rag.types import Hit, Passage
from tests.compose.made import document


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("The lake froze at -4 degrees.", "The lake froze at 4 degrees.", 2),
        ("The lake froze at –4 degrees.", "The lake froze at −4 degrees.", 1),
        ("Its code is in C#.", "Its code is in C++.", 2),
        ("The lake “froze” in May.", '- The lake "froze" in May', 1),
        ("???", "The lake froze.", 1),
    ],
)
def test_a_repeat_is_no_candidate_and_another_number_is_one(
    one: str, other: str, kept: int
) -> None:
    texts = {"a.txt": one, "b.txt": other}
    documents = {source: document(source, text) for source, text in texts.items()}
    hits = [
        Hit(Passage(source, n, source, 0, len(text), text, 1, 1), 1.0)
        for n, (source, text) in enumerate(texts.items(), start=1)
    ]
    _, candidates = SimilarityReader().candidates(understand("What froze?"), hits, documents)
    assert len(candidates) == kept


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Did the ZPG and Holt agree in 1990?", ("Holt", "1990")),
        ("Did the Lowland Fishers' Union agree?", ("Lowland Fishers' Union",)),
    ],
)
def test_an_abbreviation_explained_elsewhere_in_the_document_is_not_missing(
    question: str, missing: tuple[str, ...]
) -> None:
    text = "The Highland Farmers' Party (ZPG) met.\n\nThe Highland Farmers’ Party agreed."
    start = text.rindex("The Highland")
    hit = Hit(Passage("a.txt#2", 1, "a.txt", start, len(text), text[start:], 2, 3), 1.0)
    documents = {"a.txt": document("a.txt", text)}
    found = SimilarityReader().read(understand(question), [hit], documents)
    assert found.missing == missing
