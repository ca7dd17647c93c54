"""What the evidence says against an answer: another document's number, date or name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag.compose.cite import Draft, cite
from rag.compose.extractive import Composition
from rag.conflicts import Finding, conflicts_of, contradicts
from rag.differ import one_time
from rag.quantities import amounts
from rag.question import Question
from rag.read import Reading
from rag.rivals import Claim, rival, sought
from rag.sentences import sentences
from rag.types import Citation, Conflict, Document, EvidenceSentence, Hit, Span

__all__ = ["conflicts_in", "with_opposed"]

#: How near a sentence has to come to the best one's support to be shown against it.
CLOSE = 0.6
MOST = 2

_REVISES = re.compile(
    r"(?i)\b(?:raised|lowered|revised|corrected|updated|increased|reduced|put)\s(?:it|this|that|the"
    r"\s(?:figure|number|count|toll))\b|\bit\s(?:later\s)?(?:became|rose|grew|climbed|fell|went)\b"
)

Place = tuple[str, int, int]
Claims = Mapping[Place, Claim]


def with_opposed(
    question: Question,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
) -> Composition:
    """The composition with up to two more statements, where such contradict it; else as it was.

    To a number that the next sentence of its paragraph revises, that sentence is added too.
    """
    composition = _with_revisions(question, composition, reading, documents)
    statements, citations = composition.statements, composition.citations
    best = max((e.support for e in reading.evidence), default=0.0)
    claims = _claims(reading, documents)
    for hit, span, support in _others(composition, reading, CLOSE * best):
        text = " ".join(span.of(documents[hit.passage.source].text).split())
        added, cited, _ = cite([Draft(text, hit, (span,), support)], documents)
        if len(cited) != 1 or not any(_against(question, c, cited[0], claims) for c in citations):
            continue
        number = len(citations) + 1
        citations = (*citations, replace(cited[0], id=number))
        statements = (*statements, replace(added[0], citations=(number,)))
        if len(statements) >= len(composition.statements) + MOST:
            break
    return replace(composition, statements=statements, citations=citations)


def _with_revisions(
    question: Question,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
) -> Composition:
    """The composition with the sentences that revise its numbers, where a number is asked for."""
    if sought(question.text) != "number":
        return composition
    statements, citations = list(composition.statements), list(composition.citations)
    hits = {e.hit.passage.id: e.hit for e in reading.evidence}
    for citation in composition.citations:
        span = _revision_of(citation, documents[citation.source])
        cited = {_place(c) for c in citations}
        if span is None or (citation.source, span.start, span.end) in cited:
            continue
        text = " ".join(span.of(documents[citation.source].text).split())
        support = max(s.support for s in statements if citation.id in s.citations)
        draft = Draft(text, hits[citation.passage_id], (span,), support)
        made, added, _ = cite([draft], documents)
        number = len(citations) + 1
        citations += [replace(c, id=number) for c in added]
        statements += [replace(m, citations=(number,)) for m in made]
    return replace(composition, statements=tuple(statements), citations=tuple(citations))


def _revision_of(citation: Citation, document: Document) -> Span | None:
    """The sentence right after a quoted number that changes it: `… raised it to 84.`"""
    if not amounts(citation.quote):
        return None
    paragraph = next((p for p in document.paragraphs if p.start <= citation.start < p.end), None)
    if paragraph is None or citation.end >= paragraph.end:
        return None
    after = sentences(document.text, citation.end, paragraph.end, document.language)
    text = after[0].of(document.text) if after else ""
    return after[0] if _REVISES.search(text) and amounts(text) else None


def conflicts_in(
    question: Question,
    citations: Sequence[Citation],
    reading: Reading,
    documents: Mapping[str, Document],
) -> tuple[Conflict, ...]:
    """The conflicts among the citations of an answer."""
    claims = _claims(reading, documents)

    def differ(one: Citation, other: Citation) -> Finding | None:
        return _rival(question, one, other, claims)

    return conflicts_of(question.text, citations, differ)


def _against(question: Question, cited: Citation, other: Citation, claims: Claims) -> bool:
    if contradicts(question.text, cited, other):
        return True
    return _rival(question, cited, other, claims) is not None


def _rival(question: Question, one: Citation, other: Citation, claims: Claims) -> Finding | None:
    """Another answer to the question, in another document."""
    first, second = claims.get(_place(one)), claims.get(_place(other))
    if first is None or second is None or one.source == other.source:
        return None
    return rival(question, first, second) if one_time(one, other) else None


def _place(citation: Citation) -> Place:
    return citation.source, citation.start, citation.end


def _claims(reading: Reading, documents: Mapping[str, Document]) -> dict[Place, Claim]:
    """What each sentence that a reader found an answer in claims."""
    best = max((e.support for e in reading.evidence), default=0.0) or 1.0
    claims: dict[Place, Claim] = {}
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for found in evidence.sentences:
            if found.answer is not None and found.support >= CLOSE * best:
                place = (document.source, found.span.start, found.span.end)
                claims[place] = _claim(found, document, found.answer, found.support / best)
    return claims


def _claim(found: EvidenceSentence, document: Document, answer: Span, near: float) -> Claim:
    text, span = document.text, found.span
    paragraph = next((p for p in document.paragraphs if p.start <= span.start < p.end), None)
    begin = span.start
    if paragraph is not None and paragraph.start < begin:
        before = sentences(text, paragraph.start, begin, document.language)
        begin = before[-1].start if before else begin
    around = f"{document.title or ''} {text[begin : span.end]}"
    return Claim(span.of(text), answer.of(text), around, near)


def _others(
    composition: Composition, reading: Reading, least: float
) -> Iterator[tuple[Hit, Span, float]]:
    """Sentences of documents that are not cited, best first."""
    cited = {c.source for c in composition.citations}
    found = [
        (e.hit, s.span, s.support)
        for e in reading.evidence
        if e.hit.passage.source not in cited
        for s in e.sentences
        if s.support >= least
    ]
    yield from sorted(found, key=lambda item: (-item[2], item[0].passage.source, item[1].start))
