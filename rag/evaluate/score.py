"""What one answered question scores on every metric that its gold fields allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.evaluate.answers import (
    exact_match,
    holds_answer,
    normalise_answer,
    overlap_f1,
    rouge_l,
    token_f1,
)
from rag.evaluate.questions import Question
from rag.evaluate.ranking import ranking_scores

__all__ = ["Outcome", "score"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked: the answer as JSON, the corpus ids ranked, the paragraphs cited.

    `answer` is None where only retrieval ran or where asking failed (`error` says how).
    `cited_paragraphs` are (source, text) of the paragraphs that the citations point into;
    `verbatim` has one truth value a citation.
    """

    question: Question
    ranked: tuple[str, ...] = ()
    answer: Mapping[str, Any] | None = None
    cited_ids: tuple[str, ...] = ()
    cited_paragraphs: tuple[tuple[str, str], ...] = ()
    verbatim: tuple[bool, ...] = ()
    milliseconds: float = 0.0
    error: str | None = None
    asked: bool = True
    scores: dict[str, float] = field(default_factory=dict)


def score(outcome: Outcome) -> dict[str, float]:
    """Metric by name; a metric without gold is absent, a failure scores as an abstention."""
    question = outcome.question
    scores: dict[str, float] = {}
    if question.relevant and question.answerable is not False:
        scores |= ranking_scores(outcome.ranked, question.relevant)
    if not outcome.asked:
        return scores
    answer = outcome.answer or {}
    answered = bool(answer.get("answered"))
    scores |= _short(question, answer, answered)
    scores |= _long(question, answer, answered)
    scores |= _citations(outcome, answered)
    if outcome.verbatim:
        scores["verbatim"] = sum(outcome.verbatim) / len(outcome.verbatim)
    return scores


def _short(question: Question, answer: Mapping[str, Any], answered: bool) -> dict[str, float]:
    """SQuAD metrics of the short answer, and whether a gold answer is shown at all."""
    scores: dict[str, float] = {}
    golds = question.answers
    if question.answerable is False:
        if golds is not None or question.evidence is not None or question.relevant is not None:
            scores["squad2_f1"] = float(not answered)
            if question.evidence is not None:
                scores["answer_correct"] = float(not answered)
        return scores
    if not golds:
        return scores
    short = (answer.get("short_answer") or answer.get("answer") or "") if answered else ""
    scores["em"] = exact_match(short, golds) if answered else 0.0
    scores["f1"] = token_f1(short, golds) if answered else 0.0
    scores["squad2_f1"] = scores["f1"]
    quotes = [c["quote"] for c in answer.get("citations", ())] if answered else []
    in_quote = any(holds_answer(q, golds) for q in quotes)
    scores["answer_in_citation"] = float(in_quote)
    if question.evidence is not None:
        shown = answered and holds_answer(_unmarked(str(answer.get("answer", ""))), golds)
        scores["answer_correct"] = float(in_quote or shown)
    return scores


def _long(question: Question, answer: Mapping[str, Any], answered: bool) -> dict[str, float]:
    """ROUGE-L against the references and F1 of the sentences cited."""
    if question.answerable is False:
        return {}
    scores: dict[str, float] = {}
    if question.references:
        text = _unmarked(str(answer.get("answer", ""))) if answered else ""
        scores["rouge_l"] = rouge_l(text, question.references) if text else 0.0
    if question.evidence_sentences:
        quotes = [c["quote"] for c in answer.get("citations", ())] if answered else []
        golds = [s for s in question.evidence_sentences if s]
        scores["evidence_f1"] = max((overlap_f1(quotes, g) for g in golds), default=0.0)
    return scores


def _citations(outcome: Outcome, answered: bool) -> dict[str, float]:
    """Cited passages against `relevant`, cited paragraphs against `evidence`.

    An answer that is not given cites nothing: recall 0, precision absent.
    """
    question = outcome.question
    if question.answerable is False:
        return {}
    scores: dict[str, float] = {}
    if question.relevant:
        relevant, cited = set(question.relevant), outcome.cited_ids
        if answered and cited:
            scores["citation_precision"] = sum(c in relevant for c in cited) / len(cited)
        scores["citation_recall"] = len(relevant & set(cited)) / len(relevant)
    if question.evidence:
        golds = [(e.source, _flat(e.quote)) for e in question.evidence]
        paragraphs = [(s, _flat(t)) for s, t in outcome.cited_paragraphs]
        held = [any(_covers(p, g) for g in golds) for p in paragraphs]
        if answered and paragraphs:
            scores["evidence_precision"] = sum(held) / len(held)
        found = [any(_covers(p, g) for p in paragraphs) for g in golds]
        scores["evidence_recall"] = sum(found) / len(found)
    return scores


def _covers(paragraph: tuple[str, str], gold: tuple[str, str]) -> bool:
    """Whether a cited paragraph holds gold words (or, for long gold, lies within them)."""
    source, text = paragraph
    name, quote = gold
    if source.split("#", 1)[0].rsplit("/", 1)[-1] != name or not text:
        return False
    return quote in text or (len(text) > 20 and text in quote)


def _flat(text: str) -> str:
    return normalise_answer(text)


def _unmarked(text: str) -> str:
    import re

    return re.sub(r"\s*(\[\d+\])+", "", text)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 for none."""
    return sum(values) / len(values) if values else 0.0
