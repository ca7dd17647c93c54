"""From scored questions to figures: means, set metrics, and their 95 % bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.evaluate.answers import expected_calibration_error
from rag.evaluate.score import Outcome

__all__ = ["Figure", "SuiteResult", "summarise"]

RESAMPLES = 1000
SEED = 20240501

#: The order in which metrics are shown.
ORDER = (
    "answer_correct", "evidence_recall", "evidence_precision", "hit@1", "hit@5", "hit@10", "mrr@10",
    "ndcg@10", "recall@5", "recall@10", "em", "f1", "squad2_f1", "answer_in_citation",
    "evidence_f1", "rouge_l", "abstain_precision", "abstain_recall", "answerability_auroc",
    "citation_precision", "citation_recall", "verbatim", "ece", "p50_ms", "p95_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value, its 95 % interval, and the number of questions behind it."""

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float | int]:
        return {
            "value": round(self.value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "n": self.n,
        }


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The figures of a suite, overall and by question type."""

    name: str
    n: int
    metrics: dict[str, Figure]
    by_type: dict[str, dict[str, Figure]]

    def to_dict(self) -> dict[str, Any]:
        """The suite's object in `rag eval --json`."""
        return {
            "name": self.name,
            "n": self.n,
            "metrics": {k: f.to_dict() for k, f in self.metrics.items()},
            "by_type": {
                t: {k: f.to_dict() for k, f in figures.items()}
                for t, figures in self.by_type.items()
            },
        }


def summarise(name: str, outcomes: Sequence[Outcome]) -> SuiteResult:
    """All figures of a suite; deterministic, the bootstrap being seeded."""
    types = sorted({o.question.type for o in outcomes if o.question.type})
    by_type = {t: _figures([o for o in outcomes if o.question.type == t]) for t in types}
    return SuiteResult(name, len(outcomes), _figures(outcomes), by_type)


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for metric in sorted({m for o in outcomes for m in o.scores}):
        values = np.array([o.scores[metric] for o in outcomes if metric in o.scores])
        found[metric] = _bootstrap(values, lambda v: v.mean(axis=-1))
    found |= _abstention(outcomes)
    times = np.array([o.milliseconds for o in outcomes if o.error is None])
    if len(times):
        found["p50_ms"] = _bootstrap(times, lambda v: np.percentile(v, 50, axis=-1))
        found["p95_ms"] = _bootstrap(times, lambda v: np.percentile(v, 95, axis=-1))
    return {m: found[m] for m in (*ORDER, *sorted(set(found) - set(ORDER))) if m in found}


def _abstention(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Abstaining as a decision about the questions whose answerability is known."""
    known = [o for o in outcomes if o.asked and o.question.answerable is not None]
    if not known:
        return {}
    unanswerable = np.array([o.question.answerable is False for o in known])
    abstained = np.array([not (o.answer or {}).get("answered") for o in known])
    confidence = np.array([float((o.answer or {}).get("confidence", 0.0)) for o in known])
    found: dict[str, Figure] = {}
    right = (abstained & unanswerable).astype(float)
    if abstained.any() and unanswerable.any():
        found["abstain_precision"] = _bootstrap(right[abstained], lambda v: v.mean(axis=-1))
    if unanswerable.any():
        found["abstain_recall"] = _bootstrap(right[unanswerable], lambda v: v.mean(axis=-1))
    if unanswerable.any() and not unanswerable.all():
        found["answerability_auroc"] = _resampled(len(known), _auroc(confidence, ~unanswerable))
    judged = [o for o in known if _is_right(o) is not None]
    if judged:
        stated = [float((o.answer or {})["confidence"]) for o in judged]
        truth = [bool(_is_right(o)) for o in judged]
        found["ece"] = _resampled(
            len(judged),
            lambda i: expected_calibration_error([stated[k] for k in i], [truth[k] for k in i]),
            resamples=200,
        )
    return found


def _is_right(outcome: Outcome) -> bool | None:
    """Whether an answer that was given is right; None where none was given or gold is lacking."""
    if not (outcome.answer or {}).get("answered"):
        return None
    if outcome.question.answerable is False:
        return False
    for metric in ("answer_correct", "answer_in_citation"):
        if metric in outcome.scores:
            return outcome.scores[metric] > 0
    return None


def _bootstrap(values: np.ndarray, statistic: Callable[[np.ndarray], Any]) -> Figure:
    """Percentile bootstrap of a statistic over questions (Efron and Tibshirani 1993)."""
    rng = np.random.default_rng(SEED)
    drawn = statistic(values[rng.integers(0, len(values), (RESAMPLES, len(values)))])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(float(statistic(values)), float(low), float(high), len(values))


def _resampled(
    n: int, statistic: Callable[[np.ndarray], float | None], resamples: int = RESAMPLES
) -> Figure:
    rng = np.random.default_rng(SEED)
    drawn = [statistic(rng.integers(0, n, n)) for _ in range(resamples)]
    low, high = np.percentile([d for d in drawn if d is not None], [2.5, 97.5])
    return Figure(float(statistic(np.arange(n)) or 0.0), float(low), float(high), n)


def _auroc(scores: np.ndarray, positive: np.ndarray) -> Callable[[np.ndarray], float | None]:
    """The area under the ROC curve of a resample, by mean ranks (Mann and Whitney 1947)."""
    from scipy.stats import rankdata

    def of(chosen: np.ndarray) -> float | None:
        wanted = positive[chosen]
        positives, negatives = int(wanted.sum()), int((~wanted).sum())
        if not positives or not negatives:
            return None
        ranks = rankdata(scores[chosen])
        above = ranks[wanted].sum() - positives * (positives + 1) / 2
        return float(above / (positives * negatives))

    return of
