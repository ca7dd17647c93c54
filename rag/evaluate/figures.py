"""Figures as statistics over questions, in a form that resampling and pairing can use.

Every figure is a table with one row a question and a function of such a table. A bootstrap
draws rows; a paired comparison draws the same rows from two tables.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.evaluate.calibration import auroc, expected_calibration_error
from rag.evaluate.row import Row

__all__ = ["LOWER_IS_BETTER", "RESAMPLES", "TIMES", "Statistic", "interval", "resamples", "tables"]

RESAMPLES = 1000

#: Resamples in memory at a time.
BATCH = 50

LOWER_IS_BETTER = frozenset({"ece"})
TIMES = frozenset({"p50_ms", "p95_ms"})

#: The order in which metrics are shown; others follow by name.
ORDER = (
    "answer_correct", "evidence_recall", "evidence_precision", "evidence_found@10", "hit@1",
    "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@5", "recall@10", "em", "f1", "squad2_f1",
    "answer_in_citation", "evidence_f1", "rouge_l", "abstain_precision", "abstain_recall",
    "answerability_auroc", "citation_precision", "citation_recall", "verbatim", "ece", "p50_ms",
    "p95_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure before it is computed.

    `table` is float (questions, 3): whether the question counts, and two values of the metric's
    own. `of` takes a stack of tables, (m, questions, 3), to m values; NaN where there is none.
    """

    table: np.ndarray
    of: Callable[[np.ndarray], np.ndarray]

    @property
    def n(self) -> int:
        """The questions behind the figure."""
        return int(self.table[:, 0].sum())

    @property
    def value(self) -> float:
        return float(self.of(self.table[None])[0])


def tables(rows: Sequence[Row]) -> dict[str, Statistic]:
    """Every figure that at least one question counts for, in the order in which it is shown."""
    found = {name: _mean(rows, name) for name in sorted({m for r in rows for m in r.scores})}
    found |= _abstention(rows) | _answers(rows) | _times(rows)
    names = (*ORDER, *sorted(set(found) - set(ORDER)))
    return {m: found[m] for m in names if m in found and found[m].n and found[m].value >= 0}


def resamples(n: int, seed: int, count: int = RESAMPLES) -> Iterator[np.ndarray]:
    """Row numbers drawn with replacement, (batch, n) at a time; the same for the same seed."""
    rng = np.random.default_rng(seed)
    for first in range(0, count, BATCH):
        yield rng.integers(0, n, (min(BATCH, count - first), n))


def interval(drawn: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile interval (Efron and Tibshirani 1993); resamples without a value go."""
    kept = drawn[~np.isnan(drawn)]
    low, high = np.percentile(kept, [2.5, 97.5]) if len(kept) else (np.nan, np.nan)
    return float(low), float(high)


def _mean(rows: Sequence[Row], metric: str) -> Statistic:
    """The mean over the questions that have the metric."""
    return _ratio([(float(metric in r.scores), r.scores.get(metric, 0.0), 1.0) for r in rows])


def _abstention(rows: Sequence[Row]) -> dict[str, Statistic]:
    """Abstaining as a decision, where both kinds of question are known to be in the suite."""
    known = [r.answerable for r in rows if r.asked and r.answerable is not None]
    if False not in known:
        return {}
    precision, recall, ranked = [], [], []
    for row in rows:
        counts = row.asked and row.answerable is not None
        right = float(row.abstained and row.answerable is False)
        precision.append((float(counts and row.abstained), right, 1.0))
        recall.append((float(counts and row.answerable is False), right, 1.0))
        ranked.append((float(counts), row.belief, float(row.answerable is True)))
    return {
        "abstain_precision": _ratio(precision),
        "abstain_recall": _ratio(recall),
        "answerability_auroc": Statistic(np.array(ranked), _each(_area)),
    }


def _answers(rows: Sequence[Row]) -> dict[str, Statistic]:
    """Quotes found at their offsets, and confidence against correctness, of answers given."""
    quotes = [(float(r.quotes > 0), float(r.exact_quotes), float(r.quotes)) for r in rows]
    judged = [(float(r.right is not None), r.confidence, float(r.right is True)) for r in rows]
    return {"verbatim": _ratio(quotes), "ece": Statistic(np.array(judged), _each(_gap))}


def _times(rows: Sequence[Row]) -> dict[str, Statistic]:
    table = np.array([(float(not r.failed), r.milliseconds, 0.0) for r in rows])
    return {
        f"p{share}_ms": Statistic(table, _each(functools.partial(_percentile, share)))
        for share in (50, 95)
    }


def _ratio(cells: Sequence[tuple[float, float, float]]) -> Statistic:
    """The sum of the second column over the sum of the third, among the rows that count."""

    def of(stack: np.ndarray) -> np.ndarray:
        totals = (stack[..., 0] * stack[..., 2]).sum(axis=-1)
        sums = (stack[..., 0] * stack[..., 1]).sum(axis=-1)
        none = np.full(len(stack), np.nan)
        ratio: np.ndarray = np.divide(sums, totals, out=none, where=totals > 0)
        return ratio

    return Statistic(np.array(cells, dtype=float), of)


def _each(one: Callable[[np.ndarray], float | None]) -> Callable[[np.ndarray], np.ndarray]:
    """A statistic of one table's counting rows, applied to each of a stack."""

    def of(stack: np.ndarray) -> np.ndarray:
        found = []
        for table in stack:
            counting = table[table[:, 0] > 0]
            value = one(counting) if len(counting) else None
            found.append(np.nan if value is None else value)
        return np.array(found, dtype=float)

    return of


def _percentile(share: int, table: np.ndarray) -> float:
    return float(np.percentile(table[:, 1], share))


def _area(table: np.ndarray) -> float | None:
    return auroc(table[:, 1], table[:, 2] > 0)


def _gap(table: np.ndarray) -> float:
    return expected_calibration_error(table[:, 1], table[:, 2])
