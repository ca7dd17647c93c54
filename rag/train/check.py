"""How good a reader is with the right paragraph in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rag.evaluate.answers import auroc, exact_match, token_f1
from rag.judging.spans import best_span
from rag.models.reader import SpanModel
from rag.train.examples import Example
from rag.types import Span

__all__ = ["Check", "check"]


@dataclass(frozen=True, slots=True)
class Check:
    """SQuAD's figures over held-out questions; each in [0, 1].

    `answerable_f1` takes the best span of each answerable question, whether or not the reader
    would refuse it. `auroc` is the chance that an answerable question is given a higher logit
    than an unanswerable one, 0.5 where there are not both. `squad2_f1` refuses where the logit is
    below zero.
    """

    questions: int
    answerable_f1: float
    answerable_em: float
    auroc: float
    squad2_f1: float

    @property
    def score(self) -> float:
        """What the best checkpoint is chosen by."""
        return self.answerable_f1 + self.auroc

    def as_dict(self) -> dict[str, float]:
        return {k: round(v, 4) for k, v in asdict(self).items()}


def check(reader: SpanModel, examples: Sequence[Example]) -> Check:
    """Reads each question's own context."""
    f1s, ems, right = [], [], []
    yes, no = [], []
    for example in examples:
        reading = reader.read(example.question, [example.context])[0]
        answered = reading.answerable > 0
        if not example.answerable:
            no.append(reading.answerable)
            right.append(float(not answered))
            continue
        yes.append(reading.answerable)
        _, span = best_span(reading, 0, Span(0, len(example.context)))
        text = "" if span is None else example.context[span.start : span.end]
        f1s.append(token_f1(text, example.answers))
        ems.append(exact_match(text, example.answers))
        right.append(f1s[-1] if answered else 0.0)
    ranks = auroc([*yes, *no], [True] * len(yes) + [False] * len(no))
    return Check(
        len(examples), _mean(f1s), _mean(ems), 0.5 if ranks is None else ranks, _mean(right)
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
