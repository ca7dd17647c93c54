"""AUROC, calibration error and the two curves, against numbers worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.calibration import (
    auroc,
    expected_calibration_error,
    reliability,
    risk_and_coverage,
)


def test_auroc_counts_pairs() -> None:
    # Positives 0.9 and 0.4, negatives 0.5 and 0.4: won, won, lost, tied: 2.5 of 4.
    assert auroc([0.9, 0.4, 0.5, 0.4], [True, True, False, False]) == 2.5 / 4
    assert auroc([0.1, 0.2, 0.8], [False, False, True]) == 1
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.5, 0.6], [True, True]) is None
    assert auroc([], []) is None


def test_calibration_error_by_hand() -> None:
    # Bin 0.9 to 1: stated 0.9 and 1.0, half right: gap 0.45. Bin 0.2 to 0.3: stated 0.2, right:
    # gap 0.8. Weighted by 2 and 1 of 3 answers.
    error = expected_calibration_error([0.9, 1.0, 0.2], [True, False, True])
    assert error == pytest.approx((2 * 0.45 + 0.8) / 3)
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([], []) == 0


def test_reliability_has_a_point_a_bin() -> None:
    points = reliability([(0.91, True), (0.95, False), (0.2, True), (1.0, True)])
    assert points == [(0.2, 1.0, 1), (pytest.approx(2.86 / 3), pytest.approx(2 / 3), 3)]


def test_risk_and_coverage_by_hand() -> None:
    # Five questions, four answered; the two of equal confidence are given together.
    judged = [(0.9, True), (0.7, False), (0.7, True), (0.3, False)]
    points = risk_and_coverage(judged, total=5)
    assert points == [
        (1 / 5, 0, 0.9),
        (3 / 5, pytest.approx(1 / 3), 0.7),
        (4 / 5, pytest.approx(2 / 4), 0.3),
    ]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30))
def test_values_stay_in_range(judged) -> None:
    scores, right = [c for c, _ in judged], [r for _, r in judged]
    assert 0 <= expected_calibration_error(scores, right) <= 1 + 1e-9
    area = auroc(scores, right)
    assert area is None or 0 <= area <= 1
    mirrored = auroc([-s for s in scores], right)
    assert (area is None) == (mirrored is None)
    if area is not None and mirrored is not None:
        assert area + mirrored == pytest.approx(1)
    curve = risk_and_coverage(judged, max(1, len(judged)))
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in curve)
