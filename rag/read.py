"""From hits to evidence: which sentences answer, how well, and whether any does.

A reader is the judge of the system. `SimilarityReader` judges by the embedder and by shared
words alone; `TrainedReader` also asks a trained cross-encoder. Both keep the `Reader` protocol.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.judgement import SIMILARITY, TRAINED, Judgement
from rag.models.embedder import Embedder
from rag.models.reader import PassageReading, SpanModel
from rag.question import Question
from rag.store.lexical import analyse
from rag.text import sentences, words
from rag.types import Document, Evidence, EvidenceSentence, Hit, Span

__all__ = ["Reader", "Reading", "SimilarityReader", "TrainedReader"]

#: Hits that are read; the rest only stand in the list of nearest passages.
READ_HITS = 6

_CAUSES = re.compile(
    r"\b(because|since|due to|as a result|owing to|caused|so that|in order to|therefore|thus|hence"
    r"|in response to|fear|reason|explain\w*|suggests?|led to|after)\b",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"\b(1[89]\d\d|20\d\d|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}/\d{1,2}"
    r"|week|month|year|yesterday|today|day)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|millions?|half|third|quarter|percent|several)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[^\W\d_a-z]\w+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of the hits: evidence best first, and how sure it is of an answer.

    `confidence` is the probability in [0, 1] that the best evidence answers the question;
    `missing` names words of the question that no evidence holds.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    missing: tuple[str, ...] = ()


class Reader(Protocol):
    """Judges hits; `documents` holds the document of every hit by its source."""

    name: str

    def read(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Reading: ...


@dataclass(frozen=True, slots=True)
class _Candidate:
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

    def __init__(self, embedder: Embedder, judgement: Judgement = SIMILARITY) -> None:
        self._embedder = embedder
        self._judgement = judgement

    def read(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Reading:
        """Scores every sentence of the best hits; see `sentence_features` for what counts."""
        candidates = self._candidates(question, hits[:READ_HITS], documents)
        if not candidates:
            return Reading((), 0.0)
        best = max(candidates, key=lambda c: c.support)
        features = reading_features(question, best, candidates, documents)
        confidence = self._judgement.confidence(features)
        return Reading(_evidence(candidates), confidence, _missing(question, candidates))

    def _candidates(
        self, question: Question, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> list[_Candidate]:
        found = [(hit, span) for hit in hits for span in _spans_of(hit, documents)]
        found = _drop_repeats(found, documents)
        if not found:
            return []
        texts = [span.of(documents[hit.passage.source].text) for hit, span in found]
        vectors = self._embedder.encode_passages(texts)
        query = self._embedder.encode_queries([question.full])[0]
        cosines = vectors @ query
        more = self._span_features(question, found)
        candidates = []
        for (hit, span), text, cosine, (extra, answer) in zip(
            found, texts, cosines, more, strict=True
        ):
            features = (*sentence_features(question, hit, text, float(cosine)), *extra)
            support = self._judgement.support(features)
            candidates.append(_Candidate(hit, span, text, features, support, answer))
        return candidates

    def _span_features(
        self, question: Question, found: Sequence[tuple[Hit, Span]]
    ) -> list[tuple[tuple[float, ...], Span | None]]:
        """What else is known of each sentence, and the short answer in it; nothing here."""
        return [((), None)] * len(found)


class TrainedReader(SimilarityReader):
    """Adds the cross-encoder's opinion to the similarity features of each sentence."""

    def __init__(
        self, embedder: Embedder, model: SpanModel, judgement: Judgement = TRAINED
    ) -> None:
        super().__init__(embedder, judgement)
        self.name = model.name
        self._model = model

    def _span_features(
        self, question: Question, found: Sequence[tuple[Hit, Span]]
    ) -> list[tuple[tuple[float, ...], Span | None]]:
        """Per sentence: its best span's share of all, the same score raw, the passage's logit."""
        passages = {hit.passage.row: hit.passage for hit, _ in found}
        texts = [p.text for p in passages.values()]
        readings = dict(zip(passages, self._model.read(question.full, texts), strict=True))
        best = [
            best_span(readings[hit.passage.row], hit.passage.start, sentence)
            for hit, sentence in found
        ]
        top = max(score for score, _ in best)
        total = sum(math.exp(score - top) for score, _ in best)
        return [
            (
                (
                    math.exp(score - top) / total,
                    max(-2.0, min(2.0, score / 10)),
                    max(-2.0, min(2.0, readings[hit.passage.row].answerable / 5)),
                ),
                span,
            )
            for (hit, _), (score, span) in zip(found, best, strict=True)
        ]


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


def sentence_features(question: Question, hit: Hit, text: str, cosine: float) -> tuple[float, ...]:
    """What speaks for a sentence as the answer; every feature lies in about [0, 1].

    In order: cosine to the question, share of the question's words in the sentence, the same in
    its passage, the passage's own cosine, the kind of answer sought is there, reciprocal rank.
    """
    language = "en"
    wanted = set(analyse(question.full, language))
    here = set(analyse(text, language))
    around = set(analyse(f"{hit.passage.title or ''} {hit.passage.text}", language))
    dense = hit.legs.get("dense")
    return (
        max(cosine, 0.0),
        _coverage(wanted, here),
        _coverage(wanted, around),
        max(dense.score, 0.0) if dense else 0.0,
        float(_holds_kind(question, text)),
        1.0 / hit.legs["dense"].rank if dense else 0.0,
    )


def reading_features(
    question: Question,
    best: _Candidate,
    candidates: Sequence[_Candidate],
    documents: Mapping[str, Document],
) -> tuple[float, ...]:
    """What speaks for there being an answer at all.

    The best sentence's own features, its support, the lead over the runner-up elsewhere, and the
    shares of the question's names and numbers that stand in the passage or the document's head.
    """
    document = documents[best.hit.passage.source]
    head = f"{document.title or ''} {document.date or ''} {best.hit.passage.text}"
    around = set(words(head))
    names = _share(question.names, around)
    numbers = _share(question.numbers, around)
    others = [c.support for c in candidates if c.hit is not best.hit]
    lead = best.support - max(others, default=0.0)
    return (*best.features, best.support, lead, names, numbers)


def _spans_of(hit: Hit, documents: Mapping[str, Document]) -> list[Span]:
    document = documents[hit.passage.source]
    headings = [p.span for p in document.paragraphs if p.heading]
    spans = sentences(document.text, hit.passage.start, hit.passage.end, document.language)
    return [s for s in spans if not any(s.overlaps(h) for h in headings)]


def _drop_repeats(
    found: Sequence[tuple[Hit, Span]], documents: Mapping[str, Document]
) -> list[tuple[Hit, Span]]:
    """Keeps a sentence once: passages overlap, and copies of a document repeat each other."""
    seen: set[str] = set()
    kept = []
    for hit, span in found:
        key = " ".join(words(span.of(documents[hit.passage.source].text)))
        if key and key not in seen:
            seen.add(key)
            kept.append((hit, span))
    return kept


def _evidence(candidates: Sequence[_Candidate]) -> tuple[Evidence, ...]:
    """Groups sentences by hit; hits by their best sentence, ties by rank order."""
    by_hit: dict[int, list[_Candidate]] = {}
    for candidate in candidates:
        by_hit.setdefault(candidate.hit.passage.row, []).append(candidate)
    groups = sorted(by_hit.values(), key=lambda g: -max(c.support for c in g))
    evidence = []
    for n, group in enumerate(groups, start=1):
        ranked = sorted(group, key=lambda c: (-c.support, c.span.start))
        found = tuple(EvidenceSentence(c.span, c.support) for c in ranked)
        evidence.append(Evidence(n, ranked[0].hit, found, ranked[0].answer, ranked[0].support))
    return tuple(evidence)


def _missing(question: Question, candidates: Sequence[_Candidate]) -> tuple[str, ...]:
    """Names and numbers of the question that stand in none of the passages read."""
    around: set[str] = set()
    for candidate in candidates:
        around.update(words(f"{candidate.hit.passage.title or ''} {candidate.hit.passage.text}"))
    wanted = (*question.names, *question.numbers)
    return tuple(w for w in wanted if not _stands_in(w, around))


def _holds_kind(question: Question, text: str) -> bool:
    """Whether a sentence holds the kind of thing asked for, beyond the question's own words."""
    pattern = {
        "how many": _COUNTS,
        "when": _DATE_WORDS,
        "why": _CAUSES,
        "who": _NAME,
        "where": _NAME,
    }.get(question.kind)
    if pattern is None:
        return False
    asked = question.full.lower()
    return any(m.group().lower() not in asked for m in pattern.finditer(text))


def _coverage(wanted: set[str], present: set[str]) -> float:
    """Share of the wanted stems that are present; long words weigh more than short ones."""
    total = sum(math.sqrt(len(w)) for w in wanted)
    if total == 0:
        return 0.0
    return sum(math.sqrt(len(w)) for w in wanted if w in present) / total


def _share(wanted: Sequence[str], present: set[str]) -> float:
    """Share of the wanted words that are present; 1 when nothing is wanted."""
    if not wanted:
        return 1.0
    return sum(_stands_in(w, present) for w in wanted) / len(wanted)


def _stands_in(word: str, present: set[str]) -> bool:
    """Whether a word stands there as itself or as a longer or shorter form of its own stem."""
    lowered = word.lower()
    if lowered in present:
        return True
    if any(ch.isdigit() for ch in lowered) or len(lowered) < 5:
        return False
    stem = lowered[: max(4, len(lowered) - 2)]
    return any(p.startswith(stem) for p in present)
