"""Records of a run, and the paired comparison of two runs over the same questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import BadInput
from rag.evaluate.score import Outcome

__all__ = ["Difference", "compare", "read_records", "record", "write_records"]

RESAMPLES = 2000
SEED = 20240502

#: Metrics where less is better, or that are no quality at all.
_NOT_QUALITY = {"p50_ms", "p95_ms", "ece"}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a metric moved against the baseline, over the questions that both runs scored."""

    suite: str
    metric: str
    before: float
    after: float
    low: float
    high: float
    n: int

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def significant(self) -> bool:
        """Whether the 95 % interval of the mean difference leaves out zero."""
        return self.low > 0 or self.high < 0

    @property
    def is_loss(self) -> bool:
        return self.significant and self.change < 0


def record(suite: str, outcome: Outcome) -> dict[str, Any]:
    """All that is needed to look at a question, or to score it again, later."""
    question = outcome.question
    return {
        "suite": suite,
        "_id": question.id,
        "question": {k: v for k, v in asdict(question).items() if v is not None},
        "scores": outcome.scores,
        "ranked": list(outcome.ranked[:50]),
        "cited_ids": list(outcome.cited_ids),
        "cited_paragraphs": [list(p) for p in outcome.cited_paragraphs],
        "milliseconds": round(outcome.milliseconds, 2),
        "error": outcome.error,
        "answer": outcome.answer,
    }


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line."""
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    try:
        path.write_text(lines, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The records cannot be written to {path} ({error.strerror}).") from error


def read_records(path: Path) -> dict[tuple[str, str], dict[str, float]]:
    """Scores by (suite, question id): from a records file, or the run that names one."""
    try:
        text = path.read_text(encoding="utf-8")
        first = json.loads(text.splitlines()[0])
        if "suites" in first:
            if not first.get("records"):
                raise BadInput(
                    f"{path} holds no figures by question.",
                    hint="Give --baseline the file that the earlier run wrote with --records.",
                )
            return read_records(Path(first["records"]))
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
        return {(r["suite"], r["_id"]): r["scores"] for r in found}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BadInput(
            f"The baseline {path} cannot be read as records of an earlier run."
        ) from error


def compare(
    earlier: Mapping[tuple[str, str], Mapping[str, float]],
    suite: str,
    outcomes: Sequence[Outcome],
) -> list[Difference]:
    """Every metric's paired difference, by bootstrap over the questions both runs scored."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for outcome in outcomes:
        before = earlier.get((suite, outcome.question.id), {})
        for metric, value in outcome.scores.items():
            if metric in before and metric not in _NOT_QUALITY:
                pairs.setdefault(metric, []).append((before[metric], value))
    return [_difference(suite, metric, values) for metric, values in sorted(pairs.items())]


def _difference(suite: str, metric: str, pairs: Sequence[tuple[float, float]]) -> Difference:
    before, after = np.array(pairs, dtype=float).T
    gaps = after - before
    rng = np.random.default_rng(SEED)
    drawn = gaps[rng.integers(0, len(gaps), (RESAMPLES, len(gaps)))].mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Difference(
        suite, metric, float(before.mean()), float(after.mean()), float(low), float(high), len(gaps)
    )
