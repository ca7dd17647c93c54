"""One question asked: what came back, as plain data that survives a records file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rag.evaluate.questions import GoldEvidence, Question
from rag.types import Turn

__all__ = ["Outcome", "Place", "corpus_id", "outcome_from", "record"]

#: Ranked ids that a record keeps.
RANKED_KEPT = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document: a cited paragraph or a retrieved passage.

    `start` and `end` are half-open code points; `page` counts from one, as citations do. `also_in`
    are sources in which a copy of it stands.
    """

    source: str
    text: str
    page: int | None
    start: int
    end: int
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question got: the answer as JSON, the corpus ids ranked, the paragraphs cited.

    `answer` is None where only retrieval ran (`asked` is False) or where asking failed (`error`
    says how). `cited` has the paragraph of each citation and `verbatim` whether its quote stands
    at its offsets, both in the order of the citations. `passages` are the best ones retrieved.
    `gold` names the gold fields that the suite as a whole has.
    """

    question: Question
    gold: frozenset[str] = frozenset()
    ranked: tuple[str, ...] = ()
    answer: Mapping[str, Any] | None = None
    cited_ids: tuple[str, ...] = ()
    cited: tuple[Place, ...] = ()
    verbatim: tuple[bool, ...] = ()
    passages: tuple[Mapping[str, Any], ...] = ()
    milliseconds: float = 0.0
    error: str | None = None
    asked: bool = True
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether an answer was given, and not an abstention or an error."""
        return bool((self.answer or {}).get("answered"))

    @property
    def confidence(self) -> float:
        return float((self.answer or {}).get("confidence") or 0.0)

    @property
    def right(self) -> bool | None:
        """Whether the answer given is right; None where none was given or gold is lacking."""
        known = self.answered and "answer_correct" in self.scores
        return self.scores["answer_correct"] > 0 if known else None


def corpus_id(source: str) -> str:
    """The id of a suite's passage, which stands after its corpus' name; else the source."""
    _, mark, part = source.partition("corpus.jsonl#")
    return part if mark else source


def record(suite: str, outcome: Outcome) -> dict[str, Any]:
    """All that is needed to look at a question, or to score it again without models."""
    question = {k: v for k, v in asdict(outcome.question).items() if v is not None and v != ()}
    return {
        "suite": suite,
        "_id": outcome.question.id,
        "question": question,
        "gold": sorted(outcome.gold),
        "scores": outcome.scores,
        "ranked": list(outcome.ranked[:RANKED_KEPT]),
        "cited_ids": list(outcome.cited_ids),
        "cited": [asdict(p) for p in outcome.cited],
        "verbatim": list(outcome.verbatim),
        "milliseconds": round(outcome.milliseconds, 2),
        "asked": outcome.asked,
        "error": outcome.error,
        "answer": outcome.answer,
        "passages": [] if outcome.answer else [dict(p) for p in outcome.passages],
    }


def outcome_from(record: Mapping[str, Any]) -> Outcome:
    """The outcome that a record was made of, without its scores; raises where a field lacks."""
    answer = record["answer"]
    return Outcome(
        _question(record["question"]),
        frozenset(record["gold"]),
        tuple(record["ranked"]),
        answer,
        tuple(record["cited_ids"]),
        tuple(Place(**{**p, "also_in": tuple(p.get("also_in", ()))}) for p in record["cited"]),
        tuple(record["verbatim"]),
        tuple(answer["passages"] if answer else record["passages"]),
        float(record["milliseconds"]),
        record["error"],
        bool(record["asked"]),
    )


def _question(values: Mapping[str, Any]) -> Question:
    lists = {k: tuple(v) for k, v in values.items() if k in ("answers", "references", "relevant")}
    if "evidence" in values:
        lists["evidence"] = tuple(GoldEvidence(**e) for e in values["evidence"])
    if "evidence_sentences" in values:
        lists["evidence_sentences"] = tuple(tuple(s) for s in values["evidence_sentences"])
    lists["types"] = tuple(values.get("types", ()))
    lists["history"] = tuple(Turn(**t) for t in values.get("history", ()))
    return Question(**{**values, **lists})
