"""What a cross-encoder's logits say of single sentences."""

from __future__ import annotations

import numpy as np
import pytest

from rag.judging.spans import UNREAD, best_span, evidence_logit
from rag.models.reader import PassageReading
from rag.types import Span

TEXT = "It rained. The dam broke."
OFFSETS = ((0, 2), (3, 9), (9, 10), (11, 14), (15, 18), (19, 24), (24, 25))


def reading(
    evidence: list[float], offsets: tuple[tuple[int, int], ...] = OFFSETS
) -> PassageReading:
    flat = np.zeros(len(offsets), "f4")
    return PassageReading(0.0, 1.0, flat, flat, np.array(evidence, "f4"), offsets)


def test_a_sentence_has_the_mean_of_its_tokens() -> None:
    found = reading([-1, -2, -3, 1, 2, 3, 6])
    assert evidence_logit(found, 100, Span(100, 110)) == pytest.approx(-2.0)
    assert evidence_logit(found, 100, Span(111, 125)) == pytest.approx(3.0)


def test_a_sentence_that_was_not_read_has_a_low_one() -> None:
    assert evidence_logit(reading([1.0], ((0, 2),)), 0, Span(11, 25)) == UNREAD


def test_tokens_without_letters_count_for_no_sentence() -> None:
    assert evidence_logit(reading([4.0, 0.0], ((0, 2), (5, 5))), 0, Span(0, 10)) == 4.0


def test_the_best_span_lies_within_its_sentence() -> None:
    score, span = best_span(reading([0.0] * 7), 100, Span(111, 125))
    assert score == pytest.approx(-1.0)
    assert span is not None and 111 <= span.start < span.end <= 125
