"""How well stated confidence tells right from wrong: AUROC, calibration, risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["auroc", "expected_calibration_error", "reliability", "risk_and_coverage"]

BINS = 10


def auroc(
    scores: Sequence[float] | np.ndarray, positive: Sequence[bool] | np.ndarray
) -> float | None:
    """Chance that a positive scores above a negative, ties half (Mann and Whitney 1947).

    None where one of the two kinds is absent.
    """
    from scipy.stats import rankdata

    wanted = np.asarray(positive, dtype=bool)
    positives, negatives = int(wanted.sum()), int((~wanted).sum())
    if not positives or not negatives:
        return None
    above = rankdata(scores)[wanted].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def expected_calibration_error(
    confidences: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray, bins: int = BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins (Naeini et al. 2015).

    0 for no answers at all.
    """
    stated = np.asarray(confidences, dtype=float)
    if len(stated) == 0:
        return 0.0
    places = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = np.bincount(places, stated - np.asarray(right, dtype=float), bins)
    return float(np.abs(gaps).sum() / len(stated))


def reliability(
    judged: Sequence[tuple[float, bool]], bins: int = BINS
) -> list[tuple[float, float, int]]:
    """`(mean stated confidence, share right, answers)` of each bin that is not empty."""
    points = []
    for b in range(bins):
        inside = [(c, r) for c, r in judged if min(int(c * bins), bins - 1) == b]
        if inside:
            n = len(inside)
            points.append((sum(c for c, _ in inside) / n, sum(r for _, r in inside) / n, n))
    return points


def risk_and_coverage(
    judged: Sequence[tuple[float, bool]], total: int
) -> list[tuple[float, float, float]]:
    """`(share of `total` answered, share of the answers wrong, lowest confidence answered)`.

    One point for each confidence at which answering could begin, the highest first; answers of
    one confidence are given or held back together (El-Yaniv and Wiener 2010).
    """
    ordered = sorted(judged, key=lambda j: -j[0])
    points, wrong = [], 0
    for n, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if n == len(ordered) or ordered[n][0] < confidence:
            points.append((n / total, wrong / n, confidence))
    return points
