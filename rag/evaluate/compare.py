"""The paired comparison of a run with an earlier one over the same questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.evaluate.figures import LOWER_IS_BETTER, TIMES, Statistic, interval, resamples, tables
from rag.evaluate.row import Row

__all__ = ["Difference", "compare", "is_same_question"]

RESAMPLES = 2000
SEED = 20240502

#: A difference that rests on fewer questions is not called significant: a bootstrap that redraws
#: one and the same question only seems sure. In a large suite it needs as many by itself.
FEWEST_MOVED = 4

#: Scores this near are the same: an earlier run's may have been rounded.
NO_MOVE = 1e-5


@dataclass(frozen=True, slots=True)
class Difference:
    """How a figure moved against the baseline, over the questions that both runs asked.

    `low` and `high` bound the change with 95 %; `moved` questions score differently.
    """

    suite: str
    metric: str
    before: float
    after: float
    low: float
    high: float
    n: int
    moved: int

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def significant(self) -> bool:
        """Whether the interval of the change leaves out zero, and enough questions moved."""
        return self.moved >= FEWEST_MOVED and (self.low > 0 or self.high < 0)

    @property
    def is_loss(self) -> bool:
        return self.significant and (self.change < 0) != (self.metric in LOWER_IS_BETTER)

    @property
    def verdict(self) -> str:
        """`loss`, `gain` or `no difference shown`."""
        if not self.significant:
            return "no difference shown"
        return "loss" if self.is_loss else "gain"

    def to_dict(self) -> dict[str, Any]:
        """An entry of `differences` in `rag eval --json`."""
        numbers = {k: round(getattr(self, k), 4) for k in ("before", "after", "change")}
        bounds = {"low": round(self.low, 4), "high": round(self.high, 4)}
        counts = {"n": self.n, "moved": self.moved, "significant": self.significant}
        named = {"suite": self.suite, "metric": self.metric}
        return {**named, **numbers, **bounds, **counts, "verdict": self.verdict}


def compare(
    earlier: Mapping[tuple[str, str], Row], suite: str, rows: Sequence[Row]
) -> list[Difference]:
    """Every figure that both runs have, times aside, by bootstrap over their common questions.

    Both runs are resampled by the same questions, so that what makes a question hard cancels out.
    """
    pairs = [
        (earlier[suite, r.id], r) for r in rows if is_same_question(earlier.get((suite, r.id)), r)
    ]
    if not pairs:
        return []
    before, after = tables([b for b, _ in pairs]), tables([a for _, a in pairs])
    return [
        _difference(suite, metric, before[metric], after[metric])
        for metric in after
        if metric in before and metric not in TIMES
    ]


def is_same_question(before: Row | None, after: Row) -> bool:
    """Whether an earlier run asked this question; an id may be a mere line number.

    A run that kept no hash of its questions is taken at its ids.
    """
    if before is None:
        return False
    hashes = {before.text_hash, after.text_hash} - {""}
    return len(hashes) < 2


def _difference(suite: str, metric: str, before: Statistic, after: Statistic) -> Difference:
    """Resamples the questions that count in one of the runs at least."""
    either = (before.table[:, 0] > 0) | (after.table[:, 0] > 0)
    old, new = before.table[either], after.table[either]
    n = len(old)
    drawn = [after.of(new[i]) - before.of(old[i]) for i in resamples(n, SEED, RESAMPLES)]
    low, high = interval(np.concatenate(drawn))
    moved = int((np.abs(old - new) > NO_MOVE).any(axis=1).sum())
    return Difference(suite, metric, before.value, after.value, low, high, n, moved)
