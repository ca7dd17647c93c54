"""From hits to evidence: which sentences answer, how well, and whether any does.

A reader is the judge of the system. `SimilarityReader` judges by vectors and by shared words
alone; `TrainedReader` also asks a trained cross-encoder. Both keep the `Reader` protocol.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.features import named_features, sentence_features, stands_in
from rag.judgement import SIMILARITY, TRAINED, Judgement
from rag.models.reader import PassageReading, SpanModel
from rag.question import Question
from rag.text import sentences, words
from rag.types import Document, Evidence, EvidenceSentence, Hit, Leg, Span

__all__ = ["Candidate", "Reader", "Reading", "SimilarityReader", "TrainedReader", "best_span"]

#: Hits that are read; the rest only stand in the list of nearest passages.
READ_HITS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of the hits: evidence best first, and how sure it is of an answer.

    `confidence` is the probability in [0, 1] that the best evidence answers the question;
    `hits` are those given, ranked again; `missing` names words of the question that no evidence
    holds.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()


class Reader(Protocol):
    """Judges hits; `documents` holds the document of every hit by its source."""

    name: str
    #: The confidence under which the documents do not say.
    threshold: float

    def read(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence under judgement, with the features that decide its support."""

    hit: Hit
    span: Span
    text: str
    features: tuple[float, ...]
    support: float
    answer: Span | None = None


class SimilarityReader:
    """Judges sentences by vector similarity, shared words and the kind of answer sought."""

    name = "similarity"

    def __init__(self, judgement: Judgement = SIMILARITY) -> None:
        self._judgement = judgement
        self.threshold = judgement.threshold

    def read(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Reading:
        """Judges every sentence of the best hits; see `rag.features` for what counts."""
        ranked, candidates = self.candidates(question, hits, documents)
        if not candidates:
            return Reading((), 0.0, ranked)
        confidence = self._judgement.confidence(reading_features(question, candidates, documents))
        missing = _missing(question, candidates)
        return Reading(_evidence(candidates), confidence, ranked, missing)

    def candidates(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> tuple[tuple[Hit, ...], list[Candidate]]:
        """The hits in their final order, and every sentence of the best of them, judged."""
        found = _sentences_of(hits[:READ_HITS], documents)
        candidates = []
        for hit, place, span, cosine in found:
            document = documents[hit.passage.source]
            text = span.of(document.text)
            features = sentence_features(question, hit, place, text, cosine, document.language)
            support = self._judgement.support(features)
            candidates.append(Candidate(hit, span, text, features, support))
        return tuple(hits), candidates


class TrainedReader(SimilarityReader):
    """Adds the cross-encoder's opinion to the features of each sentence, and ranks by it."""

    def __init__(self, model: SpanModel, judgement: Judgement = TRAINED) -> None:
        super().__init__(judgement)
        self.name = model.name
        self._model = model

    def candidates(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> tuple[tuple[Hit, ...], list[Candidate]]:
        """Reads the best hits, ranks them again, and judges their sentences in that light."""
        chosen = list(hits[:READ_HITS])
        texts = [hit.passage.text for hit in chosen]
        readings = self._model.read(question.full, texts)
        ranked, readings = self._reranked(chosen, readings)
        _, plain = super().candidates(question, ranked, documents)
        by_row = {h.passage.row: r for h, r in zip(ranked, readings, strict=True)}
        opinions = _opinions(plain, by_row)
        candidates = []
        for candidate, (more, answer) in zip(plain, opinions, strict=True):
            features = (*candidate.features, *more)
            support = self._judgement.support(features)
            candidates.append(replace(candidate, features=features, support=support, answer=answer))
        return (*ranked, *hits[READ_HITS:]), candidates

    def _reranked(
        self, hits: Sequence[Hit], readings: Sequence[PassageReading]
    ) -> tuple[list[Hit], list[PassageReading]]:
        """Hits by what retrieval and the cross-encoder make of them together."""
        scores = [
            self._judgement.relevance(relevance_features(hit, reading))
            for hit, reading in zip(hits, readings, strict=True)
        ]
        order = sorted(range(len(hits)), key=lambda i: (-scores[i], i))
        ranked = [
            replace(hits[i], legs={**hits[i].legs, "rerank": Leg(rank, scores[i])})
            for rank, i in enumerate(order, start=1)
        ]
        return ranked, [readings[i] for i in order]


def relevance_features(hit: Hit, reading: PassageReading) -> tuple[float, ...]:
    """What speaks for a passage: its fused score, the answerability logit, its best span."""
    score, _ = best_span(reading, 0, Span(0, len(hit.passage.text)))
    return hit.score, reading.answerable / 5, max(-2.0, min(2.0, score / 10))


def reading_features(
    question: Question, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> tuple[float, ...]:
    """What speaks for there being an answer at all.

    The best sentence's own features, its support, the lead over the runner-up elsewhere, and the
    shares of the question's names and numbers that stand in the passage or the document's head.
    """
    best = max(candidates, key=lambda c: c.support)
    named = named_features(question, best.hit, documents[best.hit.passage.source].date)
    others = [c.support for c in candidates if c.hit is not best.hit]
    lead = best.support - max(others, default=0.0)
    return (*best.features, best.support, lead, *named)


def best_span(
    reading: PassageReading, passage_start: int, sentence: Span, longest: int = 30
) -> tuple[float, Span | None]:
    """The best answer inside a sentence and its score over "no answer here" (Devlin et al. 2019).

    `longest` is in tokens; the span is in the document's offsets.
    """
    inside = [
        k
        for k, (start, end) in enumerate(reading.offsets)
        if sentence.start <= passage_start + start and passage_start + end <= sentence.end
    ]
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


def _opinions(
    candidates: Sequence[Candidate], readings: Mapping[int, PassageReading]
) -> list[tuple[tuple[float, ...], Span | None]]:
    """Per sentence: its best span's share of all, the same score raw, the passage's logit and
    that logit's share among the passages; and the span itself."""
    best = [best_span(readings[c.hit.passage.row], c.hit.passage.start, c.span) for c in candidates]
    spans = _softmax([score for score, _ in best])
    rows = list(readings)
    shares = dict(zip(rows, _softmax([readings[r].answerable for r in rows]), strict=True))
    return [
        (
            (
                share,
                max(-2.0, min(2.0, score / 10)),
                max(-2.0, min(2.0, readings[c.hit.passage.row].answerable / 5)),
                shares[c.hit.passage.row],
            ),
            span,
        )
        for c, (score, span), share in zip(candidates, best, spans, strict=True)
    ]


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores, default=0.0)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _sentences_of(
    hits: Sequence[Hit], documents: Mapping[str, Document]
) -> list[tuple[Hit, int, Span, float]]:
    """`(hit, its place, sentence, cosine)`; headings and repeats of a sentence are left out.

    Passages overlap, and copies of a document repeat each other.
    """
    seen: set[str] = set()
    kept = []
    for place, hit in enumerate(hits):
        document = documents[hit.passage.source]
        headings = [p.span for p in document.paragraphs if p.heading]
        spans = sentences(document.text, hit.passage.start, hit.passage.end, document.language)
        cosines = hit.sentences if len(hit.sentences) == len(spans) else [hit.score] * len(spans)
        for span, cosine in zip(spans, cosines, strict=True):
            key = " ".join(words(span.of(document.text)))
            if key and key not in seen and not any(span.overlaps(h) for h in headings):
                seen.add(key)
                kept.append((hit, place, span, float(cosine)))
    return kept


def _evidence(candidates: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Groups sentences by hit; hits by their best sentence, ties by rank order."""
    by_hit: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_hit.setdefault(candidate.hit.passage.row, []).append(candidate)
    groups = sorted(by_hit.values(), key=lambda g: -max(c.support for c in g))
    evidence = []
    for n, group in enumerate(groups, start=1):
        ranked = sorted(group, key=lambda c: (-c.support, c.span.start))
        found = tuple(EvidenceSentence(c.span, c.support) for c in ranked)
        evidence.append(Evidence(n, ranked[0].hit, found, ranked[0].answer, ranked[0].support))
    return tuple(evidence)


def _missing(question: Question, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Names and numbers of the question that stand in none of the passages read."""
    around: set[str] = set()
    for candidate in candidates:
        around.update(words(f"{candidate.hit.passage.title or ''} {candidate.hit.passage.text}"))
    wanted = (*question.names, *question.numbers)
    return tuple(w for w in wanted if not stands_in(w, around))
