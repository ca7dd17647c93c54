"""What one question scores on every metric that its gold fields allow.

Abstaining and failing differ: an abstention is right where there is no answer, a failure never is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.evaluate.answers import (
    exact_match,
    holds_answer,
    looked_up,
    rouge_l,
    sentence_f1,
    token_f1,
    unbracketed,
    unmarked,
)
from rag.evaluate.cover import covers, place_of
from rag.evaluate.outcome import Outcome
from rag.evaluate.ranking import ranking_scores

__all__ = ["score"]

#: Passages among which gold evidence counts as found.
FOUND_IN = 10


def score(outcome: Outcome) -> dict[str, float]:
    """Metric by name; a metric without gold is absent."""
    if outcome.question.answerable is False:
        return _unanswerable(outcome) if outcome.asked else {}
    scores = _retrieved(outcome)
    if outcome.asked:
        scores |= _short(outcome) | _long(outcome) | _citations(outcome) | _evidence(outcome)
    return scores


def _unanswerable(outcome: Outcome) -> dict[str, float]:
    """Abstaining is right where there is no answer.

    In a suite whose other questions have gold, but no short answers, the figure would speak of
    the abstentions alone; in one without any gold that is all there is to score.
    """
    abstained = float(not outcome.answered and outcome.error is None)
    if outcome.gold and "answers" not in outcome.gold:
        return {}
    return {"squad2_f1": abstained, "answer_correct": abstained}


def _retrieved(outcome: Outcome) -> dict[str, float]:
    """Ranking metrics against `relevant`, and the share of `evidence` among the passages."""
    question = outcome.question
    scores = ranking_scores(outcome.ranked, question.relevant) if question.relevant else {}
    if question.evidence:
        places = [place_of(p) for p in outcome.passages[:FOUND_IN]]
        found = [any(covers(p, gold) for p in places) for gold in question.evidence]
        scores["evidence_found@10"] = sum(found) / len(found)
    return scores


def _short(outcome: Outcome) -> dict[str, float]:
    """SQuAD metrics of the short answer, and whether a gold answer is shown at all."""
    golds = outcome.question.answers
    if not golds:
        return {}
    answer = outcome.answer if outcome.answered else None
    if answer is None:
        names = ("em", "f1", "squad2_f1", "answer_in_citation", "answer_correct")
        return dict.fromkeys(names, 0.0)
    said = _said(answer)
    short = str(answer.get("short_answer") or said)
    quoted = any(holds_answer(c["quote"], golds) for c in answer["citations"])
    f1 = token_f1(short, golds)
    return {
        "em": exact_match(short, golds),
        "f1": f1,
        "squad2_f1": f1,
        "answer_in_citation": float(quoted),
        "answer_correct": float(quoted or holds_answer(said, golds)),
    }


def _said(answer: Mapping[str, Any]) -> str:
    """The answer's text without citation markers."""
    statements = [str(s["text"]) for s in answer.get("statements", ())]
    return " ".join(statements) if statements else unmarked(str(answer.get("answer", "")))


def _long(outcome: Outcome) -> dict[str, float]:
    """ROUGE-L against the references, and F1 of the cited sentences."""
    question, scores = outcome.question, {}
    answer = outcome.answer if outcome.answered else None
    if question.references:
        golds = [unbracketed(r) for r in question.references]
        scores["rouge_l"] = rouge_l(_said(answer), golds) if answer else 0.0
    # A group without a word is none: citing nothing would equal it.
    golds_by_reference = [
        group for group in question.evidence_sentences or () if any(map(looked_up, group))
    ]
    if golds_by_reference:
        quotes = [c["quote"] for c in answer["citations"]] if answer else []
        scores["evidence_f1"] = max(sentence_f1(quotes, g) for g in golds_by_reference)
    return scores


def _citations(outcome: Outcome) -> dict[str, float]:
    """Cited passages against `relevant`; without an answer precision is absent, recall 0.

    An answer that cites nothing has precision 0.
    """
    relevant = set(outcome.question.relevant or ())
    if not relevant:
        return {}
    cited = set(outcome.cited_ids)
    scores = {"citation_recall": len(relevant & cited) / len(relevant)}
    if outcome.answered:
        scores["citation_precision"] = len(relevant & cited) / len(cited) if cited else 0.0
    return scores


def _evidence(outcome: Outcome) -> dict[str, float]:
    """Cited paragraphs against `evidence`, with the same rule for answers not given."""
    golds = outcome.question.evidence
    if not golds:
        return {}
    covered = [any(covers(p, gold) for p in outcome.cited) for gold in golds]
    scores = {"evidence_recall": sum(covered) / len(covered)}
    if outcome.answered:
        held = [any(covers(p, gold) for gold in golds) for p in outcome.cited]
        scores["evidence_precision"] = sum(held) / len(held) if held else 0.0
    return scores
