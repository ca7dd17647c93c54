"""From what was found and composed to the `Answer`, or to the reason why there is none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from rag.asking.asked import asks_speaker, says_next
from rag.asking.question import Question
from rag.compose.extractive import Composition, marked_text
from rag.compose.generative import Writing
from rag.compose.opposed import conflicts_in, with_opposed
from rag.compose.provenance import Origin, only_speaker
from rag.read import Reading
from rag.types import Answer, Citation, Document, Evidence

__all__ = ["NOTHING", "Found", "abstain_reason", "answer_of"]

NOT_SAID = "The documents do not say."
NOTHING = Writing(Composition((), (), ()), 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A question that has been retrieved for and read, ready to be answered.

    `because` says why the documents do not say; None where they do. `started` is a reading of
    `time.perf_counter`, `timings` are in milliseconds. `as_of` and `scope` are those of `Answer`;
    `note` is told with the scope: how words of the question were read, or, where the question is
    about the answer before it, what `origin` asks of that, which is then shown again as it stood.
    """

    question: Question
    wanted: int
    reading: Reading
    documents: dict[str, Document]
    because: str | None
    timings: dict[str, float]
    started: float
    as_of: str | None = None
    scope: str | None = None
    note: str | None = None
    origin: Origin | None = None


def answer_of(
    found: Found, writing: Writing, before: float, models: Mapping[str, str | None]
) -> Answer:
    """The answer; `before` is the reading of `time.perf_counter` at which composing began."""
    because, reading = found.because, found.reading
    composition = writing.composition
    if because is None:
        composition = with_opposed(found.question, composition, reading, found.documents)
    if because is None and not composition.statements:
        because = "No sentence of the passages found could be cited."
    ended = time.perf_counter()
    spent = {"compose": 1e3 * (ended - before), "total": 1e3 * (ended - found.started)}
    shown = because is None
    return Answer(
        question=found.question.text,
        answered=shown,
        answer=marked_text(composition.statements) if shown else f"{NOT_SAID} {because}",
        short_answer=_short_answer(found, composition) if shown else None,
        confidence=reading.confidence,
        abstained_because=because,
        statements=composition.statements if shown else (),
        citations=composition.citations if shown else (),
        passages=reading.hits[: found.wanted],
        timings_ms=found.timings | spent,
        models=models,
        dropped=composition.dropped,
        as_of=found.as_of,
        scope=found.scope,
        conflicts=conflicts_in(found.question, composition.citations, reading, found.documents)
        if shown
        else (),
    )


def abstain_reason(reading: Reading, threshold: float) -> str | None:
    """Why no answer is given, as a sentence; None when the evidence is strong enough."""
    if not reading.hits:
        return "No passage matches the question under these filters."
    if reading.confidence >= threshold:
        return None
    if reading.missing:
        listed = ", ".join(reading.missing)
        return f"The nearest passages do not mention: {listed}."
    return "No passage found supports an answer strongly enough."


def _short_answer(found: Found, composition: Composition) -> str | None:
    """The reader's own span of the best sentence; its speaker where the question asks for that."""
    if found.origin is not None:
        who = found.origin == "who"
        return only_speaker(found.reading, found.documents) if who else None
    best = found.reading.evidence[0] if found.reading.evidence else None
    if best is None:
        return None
    if asks_speaker(found.question.form):
        source, span = best.hit.passage.source, best.sentences[0].span
        cited = next(
            (
                c
                for c in composition.citations
                if (c.source, c.start, c.end) == (source, span.start, span.end)
            ),
            None,
        )
        if cited is not None and cited.speaker is not None and not _other_says(found, best, cited):
            return cited.speaker
    if best.answer is None:
        return None
    return best.answer.of(found.documents[best.hit.passage.source].text)


def _other_says(found: Found, best: Evidence, cited: Citation) -> bool:
    """Whether the reader's span is another one who says something in the speaker's sentence."""
    told, speaker = best.answer, cited.speaker_span
    if told is None or (speaker is not None and told.overlaps(speaker)):
        return False
    text = found.documents[cited.source].text
    return says_next(text[told.end : cited.end]) and not (
        cited.speaker and cited.speaker in told.of(text)
    )
