"""What is quoted in a paragraph, in the signs of several languages."""

from __future__ import annotations

import pytest

from rag.speech.voice import voice_of
from rag.words.quotations import quoted_paragraph
from rag.words.sentences import sentences_within
from tests.compose.made import document, span_in


@pytest.mark.parametrize("signs", ["“”", "«»", "»«", "„“", "„”", "‹›", '""', "‘’"])
def test_each_pair_of_signs_quotes(signs: str) -> None:
    said = f"{signs[0]}According to Holt the lock is safe{signs[1]}"
    made = document("a.txt", f"{said} was the headline. It rained.")
    paragraph = quoted_paragraph(made, span_in(made, "was"))
    assert paragraph is not None and paragraph.sound
    assert [q.of(made.text) for q in paragraph.quotations] == [said]
    assert voice_of(made, span_in(made, f"{said} was the headline.")) is None


@pytest.mark.parametrize("sign", ["«", "„", "‹", "”", "»"])
def test_a_sign_without_its_partner_makes_a_paragraph_unsound(sign: str) -> None:
    made = document("a.txt", f"Holt said {sign}no and left.")
    paragraph = quoted_paragraph(made, span_in(made, "Holt"))
    assert paragraph is not None and not paragraph.sound


@pytest.mark.parametrize("signs", ["“”", "«»", "»«", "„“", "„”"])
def test_a_sentence_ends_behind_the_sign_that_closes_it(signs: str) -> None:
    quote = f"{signs[0]}Holt left.{signs[1]}"
    made = document("a.txt", f"It rained. {quote} Berg stayed.")
    spans = sentences_within(made, made.paragraphs[0].span)
    assert [span.of(made.text) for span in spans] == ["It rained.", quote, "Berg stayed."]
