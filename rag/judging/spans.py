"""What a cross-encoder's reading of passages says of their sentences, in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.asking.question import Question
from rag.judging.features import span_features
from rag.models.reader import PassageReading
from rag.text import passage_text
from rag.types import Document, Hit, Span

__all__ = [
    "best_span",
    "comparable",
    "evidence_logit",
    "opinions",
    "origin",
    "read_text",
    "relevance_features",
]

#: The logit of a sentence that the model's window cuts off.
UNREAD = -6.0
#: Where the passage's logit stands among a sentence's features: behind the six of
#: `sentence_features`, third of `opinions`.
_LOGIT = 8
#: Code points of a title that stand before a passage when it is read.
TITLE = 160


def read_text(hit: Hit) -> str:
    """A hit's passage as the cross-encoder is given it: behind its document's title."""
    return passage_text(_title(hit), hit.passage.text)


def origin(hit: Hit) -> int:
    """Where `read_text` begins in the document's offsets: its title lies before the passage."""
    return hit.passage.start - len(passage_text(_title(hit), ""))


def _title(hit: Hit) -> str:
    return " ".join((hit.passage.title or "").split())[:TITLE]


def best_span(
    reading: PassageReading, passage_start: int, sentence: Span, longest: int = 30
) -> tuple[float, Span | None]:
    """The best answer inside a sentence and its score over "no answer here" (Devlin et al. 2019).

    `longest` is in tokens; the span is in the document's offsets.
    """
    inside = _tokens_of(reading, passage_start, sentence)
    best, where = -20.0, None
    if inside:
        first, last = inside[0], inside[-1] + 1
        starts, ends = reading.starts[first:last], reading.ends[first:last]
        for i, start in enumerate(starts):
            reach = ends[i : i + longest]
            j = int(reach.argmax())
            score = float(start + reach[j]) - reading.null
            if score > best:
                best = score
                where = Span(
                    passage_start + reading.offsets[first + i][0],
                    passage_start + reading.offsets[first + i + j][1],
                )
    return best, where


def evidence_logit(reading: PassageReading, passage_start: int, sentence: Span) -> float:
    """The logit that a sentence answers; low where none of its tokens were read."""
    tokens = _tokens_of(reading, passage_start, sentence)
    inside = [k for k in tokens if reading.offsets[k][0] < reading.offsets[k][1]]
    return float(reading.evidence[inside].mean()) if inside else UNREAD


def _tokens_of(reading: PassageReading, passage_start: int, sentence: Span) -> list[int]:
    """The places of the tokens that stand in a sentence."""
    return [
        k
        for k, (start, end) in enumerate(reading.offsets)
        if sentence.start <= passage_start + start and passage_start + end <= sentence.end
    ]


def relevance_features(hit: Hit, reading: PassageReading) -> tuple[float, ...]:
    """What speaks for a passage: its fused score, the answerability logit, its best span."""
    score, _ = best_span(reading, origin(hit), hit.passage.span)
    return hit.score, reading.answerable / 5, max(-2.0, min(2.0, score / 10))


def opinions(
    question: Question,
    places: Sequence[tuple[Hit, Span]],
    readings: Mapping[int, PassageReading],
    documents: Mapping[str, Document],
) -> list[tuple[tuple[float, ...], Span | None]]:
    """Per sentence, by its hit and span, nine features and the best span in it.

    Its best span's share of all, the same score raw, the passage's logit and that logit's share
    among the passages; what `span_features` says of the span; the sentence's own logit and its
    share of all. `readings` are by passage row.
    """
    best = [best_span(readings[h.passage.row], origin(h), span) for h, span in places]
    shares = _softmax([score for score, _ in best])
    owns = [evidence_logit(readings[h.passage.row], origin(h), span) for h, span in places]
    own_shares = _softmax(owns)
    rows = list(readings)
    logits = [readings[row].answerable for row in rows]
    passages = dict(zip(rows, zip(logits, _softmax(logits), strict=True), strict=True))
    found: list[tuple[tuple[float, ...], Span | None]] = []
    for i, ((hit, _), (score, span)) in enumerate(zip(places, best, strict=True)):
        logit, among = passages[hit.passage.row]
        text = "" if span is None else span.of(documents[hit.passage.source].text)
        features = (shares[i], _clipped(score / 10), _clipped(logit / 5), among)
        own = (_clipped(owns[i] / 5), own_shares[i])
        found.append(((*features, *span_features(question, text), *own), span))
    return found


def comparable(features: tuple[float, ...]) -> tuple[float, ...]:
    """A sentence's features that mean the same in any collection: all but its passage's logit.

    That logit orders the passages of one question well, but its level differs from one collection
    to another, and an answer must not be held for surer because of where it was found.
    """
    return features[:_LOGIT] + features[_LOGIT + 1 :]


def _clipped(value: float) -> float:
    return max(-2.0, min(2.0, value))


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores, default=0.0)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
