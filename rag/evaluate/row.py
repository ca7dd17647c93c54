"""What the figures are computed from: one question in numbers, without texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from rag.evaluate.outcome import Outcome
from rag.evaluate.questions import Question

__all__ = ["Row", "columns", "question_hash", "row_of", "rows_from"]


@dataclass(frozen=True, slots=True)
class Row:
    """One question's scores, and what the metrics over sets of questions need.

    `abstained` and `right` speak of an answer: neither holds where asking failed. `right` is
    None where nothing was answered or gold is lacking. `text_hash` tells questions of one id
    apart, by words, earlier turns and limits; it is empty where an earlier run did not keep it.
    """

    id: str
    scores: Mapping[str, float]
    types: tuple[str, ...] = ()
    answerable: bool | None = None
    asked: bool = True
    failed: bool = False
    abstained: bool = False
    confidence: float = 0.0
    right: bool | None = None
    quotes: int = 0
    exact_quotes: int = 0
    milliseconds: float = 0.0
    text_hash: str = ""

    @property
    def belief(self) -> float:
        """The confidence that there is an answer; where asking failed, the worst it could be."""
        return float(self.answerable is False) if self.failed else self.confidence


def row_of(outcome: Outcome) -> Row:
    """The numbers of an outcome."""
    failed = outcome.error is not None
    return Row(
        outcome.question.id,
        outcome.scores,
        outcome.question.types,
        outcome.question.answerable,
        outcome.asked,
        failed,
        outcome.asked and not failed and not outcome.answered,
        outcome.confidence,
        outcome.right,
        len(outcome.verbatim),
        sum(outcome.verbatim),
        outcome.milliseconds,
        question_hash(outcome.question),
    )


def question_hash(question: Question) -> str:
    """Tells a question from another: by its words, and by the turns and limits it is asked with."""
    text = question.text
    if question.history or question.limits:
        turns = [(t.role, t.content) for t in question.history]
        text = json.dumps([text, turns, question.limits])
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]


_PLAIN = [f.name for f in fields(Row) if f.name != "scores"]


def columns(rows: Sequence[Row]) -> dict[str, Any]:
    """Rows as JSON, column by column, so that a name is written once and not with every question.

    A score that a question does not have is null.
    """
    found: dict[str, Any] = {name: [asdict(r)[name] for r in rows] for name in _PLAIN}
    found["milliseconds"] = [round(r.milliseconds, 2) for r in rows]
    metrics = sorted({m for r in rows for m in r.scores})
    found["scores"] = {m: [_rounded(r.scores.get(m)) for r in rows] for m in metrics}
    return found


def rows_from(table: Mapping[str, Any]) -> list[Row]:
    """The rows that `columns` wrote; raises where a column lacks or is short."""
    rows = []
    for at in range(len(table["id"])):
        scores = {m: values[at] for m, values in table["scores"].items()}
        values = {n: table[n][at] for n in _PLAIN if n in table or n != "text_hash"}
        values["types"] = tuple(values["types"])
        rows.append(Row(scores={m: s for m, s in scores.items() if s is not None}, **values))
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
