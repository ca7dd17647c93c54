"""From hits to evidence: which sentences answer, how well, and whether any does.

A reader is the judge of the system. `SimilarityReader` judges by vectors and by shared words
alone; `TrainedReader` also asks a trained cross-encoder. Both keep the `Reader` protocol.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from rag.asking.question import Question
from rag.compare.duplicates import Key, wording
from rag.judging.features import (
    background_features,
    company_features,
    named_features,
    sentence_features,
    terms_of,
)
from rag.judging.judgement import SIMILARITY, TRAINED, Judgement, log_odds
from rag.judging.spans import comparable, opinions, read_text, relevance_features
from rag.models.reader import PassageReading, SpanModel
from rag.types import Document, Evidence, EvidenceSentence, Hit, Leg, Span
from rag.words.abbreviations import defined_in
from rag.words.mentions import lacking_names, mentions_of, stands_in, whole_names
from rag.words.sentences import sentences_within

__all__ = ["Candidate", "Reader", "Reading", "SimilarityReader", "TrainedReader"]

#: Hits that are read; the rest only stand in the list of nearest passages.
READ_HITS = 16
#: Hits that are read together where time is short: the grain of a budget.
READ_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of the hits: evidence best first, and how sure it is of an answer.

    `confidence` is the probability in [0, 1] that the best evidence answers the question;
    `hits` are those given, ranked again; `missing` names words of the question that no evidence
    holds; `speaker` is the one whose sentences alone it holds, where only such may be shown.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    speaker: str | None = None


class Reader(Protocol):
    """Judges hits; `documents` holds the document of every hit by its source."""

    name: str

    def threshold_at(self, risk: float | None) -> float:
        """The confidence under which the documents do not say; see `Judgement.threshold_at`."""
        ...

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
    support: float = 0.0
    answer: Span | None = None


class SimilarityReader:
    """Judges sentences by vector similarity, shared words and the kind of answer sought."""

    name = "similarity"

    def __init__(self, judgement: Judgement = SIMILARITY) -> None:
        self._judgement = judgement

    def threshold_at(self, risk: float | None) -> float:
        return self._judgement.threshold_at(risk)

    def read(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Reading:
        """Judges every sentence of the best hits; see `rag.judging.features` for what counts."""
        ranked, candidates = self.candidates(question, hits, documents)
        if not candidates:
            return Reading((), 0.0, ranked)
        confidence = self._judgement.confidence(reading_features(question, candidates, documents))
        missing = _missing(question, candidates, documents)
        company = [self._judgement.company(f) for f in beside_best(question, candidates, documents)]
        return Reading(_evidence(candidates, company), confidence, ranked, missing)

    def candidates(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> tuple[tuple[Hit, ...], list[Candidate]]:
        """The hits in their final order, and every sentence of the best of them, judged."""
        plain = _featured(question, hits[:READ_HITS], documents)
        return tuple(hits), [self._judged(c, c.features) for c in plain]

    def _judged(
        self, candidate: Candidate, features: tuple[float, ...], answer: Span | None = None
    ) -> Candidate:
        support = self._judgement.support(features)
        return replace(candidate, features=features, support=support, answer=answer)


class TrainedReader(SimilarityReader):
    """Adds the cross-encoder's opinion to the features of each sentence, and ranks by it."""

    def __init__(
        self, model: SpanModel, judgement: Judgement = TRAINED, budget_ms: float | None = None
    ) -> None:
        """`budget_ms`: no more passages are begun once that many milliseconds have passed."""
        super().__init__(judgement)
        self.name = model.name
        self._model = model
        self._budget_ms = budget_ms

    def candidates(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> tuple[tuple[Hit, ...], list[Candidate]]:
        """Reads the best hits, ranks them again, and judges their sentences in that light."""
        readings = self._within_budget(question, hits[:READ_HITS])
        ranked, readings = self._reranked(hits[: len(readings)], readings)
        plain = _featured(question, ranked, documents)
        by_row = {h.passage.row: r for h, r in zip(ranked, readings, strict=True)}
        heard = opinions(question, [(c.hit, c.span) for c in plain], by_row, documents)
        candidates = [
            self._judged(candidate, (*candidate.features, *more), answer)
            for candidate, (more, answer) in zip(plain, heard, strict=True)
        ]
        return (*ranked, *hits[len(ranked) :]), candidates

    def _within_budget(self, question: Question, hits: Sequence[Hit]) -> list[PassageReading]:
        """Readings of all hits or, where time is short, of the first ones; never of none."""
        if self._budget_ms is None:
            return self._model.read(question.full, [read_text(hit) for hit in hits])
        end = time.perf_counter() + self._budget_ms / 1000
        readings: list[PassageReading] = []
        while len(readings) < len(hits) and (not readings or time.perf_counter() < end):
            some = hits[len(readings) : len(readings) + READ_AT_ONCE]
            readings += self._model.read(question.full, [read_text(hit) for hit in some])
        return readings

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


def _featured(
    question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
) -> list[Candidate]:
    """Every sentence of the hits with its `sentence_features`, not judged yet."""
    found = []
    terms = [terms_of(question, h, documents[h.passage.source].language) for h in hits]
    for hit, place, span, cosine in _sentences_of(hits, documents):
        text = span.of(documents[hit.passage.source].text)
        features = sentence_features(question, hit, place, text, cosine, terms[place])
        found.append(Candidate(hit, span, text, features))
    return found


def reading_features(
    question: Question, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> tuple[float, ...]:
    """What speaks for there being an answer at all.

    The best sentence's own features, its support, the lead over the runner-up elsewhere, what
    `named_features` says of its passage, and the `background_features` of all that was read.
    """
    best = max(candidates, key=lambda c: c.support)
    named = named_features(question, best.hit, documents[best.hit.passage.source])
    others = [c.support for c in candidates if c.hit is not best.hit]
    lead = best.support - max(others, default=0.0)
    behind = background_features(c.hit for c in candidates)
    return (*comparable(best.features), best.support, lead, *named, *behind)


def _sentences_of(
    hits: Sequence[Hit], documents: Mapping[str, Document]
) -> list[tuple[Hit, int, Span, float]]:
    """`(hit, its place, sentence, cosine)`; headings and repeats of a sentence are left out.

    Passages overlap, and copies of a document repeat each other.
    """
    seen: set[Key] = set()
    kept = []
    for place, hit in enumerate(hits):
        document = documents[hit.passage.source]
        headings = [p.span for p in document.paragraphs if p.heading]
        spans = sentences_within(document, hit.passage.span)
        cosines = hit.sentences if len(hit.sentences) == len(spans) else [hit.score] * len(spans)
        for span, cosine in zip(spans, cosines, strict=True):
            key = wording(span.of(document.text))
            if key and key not in seen and not any(span.overlaps(h) for h in headings):
                seen.add(key)
                kept.append((hit, place, span, float(cosine)))
    return kept


def beside_best(
    question: Question, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> list[tuple[float, ...]]:
    """Per sentence, its `company_features` as seen from the best one."""
    best = max(candidates, key=lambda c: c.support)
    source = best.hit.passage.source
    here = sorted({c.span for c in candidates if c.hit.passage.source == source})
    top = log_odds(best.support)
    features = []
    for candidate in candidates:
        distance, together = None, False
        if candidate.hit.passage.source == source:
            distance = here.index(candidate.span) - here.index(best.span)
            paragraphs = documents[source].paragraphs
            together = any(
                p.start <= min(candidate.span.start, best.span.start)
                and max(candidate.span.start, best.span.start) < p.end
                for p in paragraphs
            )
        odds = log_odds(candidate.support)
        features.append(company_features(question, odds, top, distance, together))
    return features


def _evidence(candidates: Sequence[Candidate], company: Sequence[float]) -> tuple[Evidence, ...]:
    """Groups sentences by hit; hits by their best sentence, ties by rank order."""
    by_hit: dict[int, list[tuple[Candidate, float]]] = {}
    for candidate, beside in zip(candidates, company, strict=True):
        by_hit.setdefault(candidate.hit.passage.row, []).append((candidate, beside))
    groups = sorted(by_hit.values(), key=lambda g: -max(c.support for c, _ in g))
    evidence = []
    for n, group in enumerate(groups, start=1):
        ranked = sorted(group, key=lambda item: (-item[0].support, item[0].span.start))
        found = tuple(EvidenceSentence(c.span, c.support, b, c.answer) for c, b in ranked)
        best = ranked[0][0]
        evidence.append(Evidence(n, best.hit, found, best.answer, best.support))
    return tuple(evidence)


def _missing(
    question: Question, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> tuple[str, ...]:
    """Names and numbers of the question that stand in none of the passages read.

    An abbreviation may be explained anywhere in the document of a passage.
    """
    read: dict[str, dict[int, Hit]] = {}
    for hit in (c.hit for c in candidates):
        read.setdefault(hit.passage.source, {})[hit.passage.row] = hit
    names, numbers = list(question.names), list(question.numbers)
    for source, hits in read.items():
        texts = [f"{hit.passage.title or ''}\n{hit.passage.text}" for hit in hits.values()]
        around = mentions_of("\n\n".join(texts))
        numbers = [n for n in numbers if not stands_in(n, around)]
        if names:
            defined = _defined_in(documents[source].text)
            lacking = lacking_names(question.full, question.names, around, defined)
            names = [n for n in names if n in lacking]
    return (*whole_names(question.full, question.names, names), *numbers)


@lru_cache(maxsize=READ_HITS)
def _defined_in(text: str) -> Mapping[str, frozenset[str]]:
    return defined_in(text)
