"""From questions in numbers to the figures of a suite, with 95 % bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.evaluate.figures import Statistic, interval, resamples, tables
from rag.evaluate.row import Row, columns

__all__ = ["Figure", "SuiteResult", "summarise"]

SEED = 20240501


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
    """The figures of a suite, overall and by question type; `rows` are what they stand on."""

    name: str
    metrics: dict[str, Figure]
    by_type: dict[str, dict[str, Figure]]
    type_sizes: dict[str, int]
    rows: tuple[Row, ...]

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def failed(self) -> int:
        """Questions that could not be asked; they count, with the worst score."""
        return sum(r.failed for r in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """The suite's object in `rag eval --json`; `questions` is what `--baseline` reads."""
        return {
            "name": self.name,
            "n": self.n,
            "failed": self.failed,
            "metrics": {k: f.to_dict() for k, f in self.metrics.items()},
            "by_type": {
                t: {k: f.to_dict() for k, f in figures.items()}
                for t, figures in self.by_type.items()
            },
            "questions": columns(self.rows),
        }


def summarise(name: str, rows: Sequence[Row]) -> SuiteResult:
    """All figures of a suite; deterministic, the bootstrap being seeded."""
    groups = {
        t: [r for r in rows if t in r.types] for t in sorted({t for r in rows for t in r.types})
    }
    return SuiteResult(
        name,
        _figures(rows),
        {t: _figures(group) for t, group in groups.items()},
        {t: len(group) for t, group in groups.items()},
        tuple(rows),
    )


def _figures(rows: Sequence[Row]) -> dict[str, Figure]:
    return {name: _figure(statistic) for name, statistic in tables(rows).items()}


def _figure(statistic: Statistic) -> Figure:
    """Resamples the questions that count for the metric."""
    table = statistic.table[statistic.table[:, 0] > 0]
    drawn = np.concatenate([statistic.of(table[rows]) for rows in resamples(len(table), SEED)])
    low, high = interval(drawn)
    return Figure(statistic.value, low, high, statistic.n)
