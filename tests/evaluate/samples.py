"""Outcomes made by hand."""

from __future__ import annotations

from typing import Any

from rag.evaluate.outcome import Outcome, Place
from rag.evaluate.questions import Question, gold_fields
from rag.evaluate.row import Row
from rag.evaluate.score import score


def question(**gold: Any) -> Question:
    return Question(**{"id": "q", "text": "Who?", **gold})


def given(
    text: str = "Rome fell. [1]", short: str | None = None, confidence: float = 0.5, **more: Any
) -> dict[str, Any]:
    """An answer as JSON with one citation for each of `quotes` (the text itself by default)."""
    quotes = more.pop("quotes", [text])
    return {
        "answered": True,
        "answer": text,
        "short_answer": short,
        "confidence": confidence,
        "citations": [
            {"id": n, "source": "corpus/a.txt", "paragraph": 1, "quote": quote}
            for n, quote in enumerate(quotes, start=1)
        ],
        "passages": [],
        "models": {"reader": "none"},
        **more,
    }


def refused(confidence: float = 0.1) -> dict[str, Any]:
    return given("The documents do not say.", confidence=confidence, quotes=[], answered=False)


def outcome(about: Question, answer: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """A scored outcome; the suite has the gold fields of this question and of `also`."""
    gold = gold_fields([about]) | set(more.pop("also", ()))
    made = Outcome(about, frozenset(gold), answer=answer, **more)
    made.scores.update(score(made))
    return made


def place(
    text: str, source: str = "corpus/a.txt", page: int | None = None, start: int = 0
) -> Place:
    return Place(source, text, page, start, start + len(text))


def row(name: str, **more: Any) -> Row:
    return Row(name, more.pop("scores", {}), **more)
