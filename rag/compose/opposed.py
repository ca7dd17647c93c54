"""What the evidence says against an answer: another document's number, date or name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rag.compose.cite import Draft, cite
from rag.compose.extractive import Composition
from rag.conflicts import contradicts
from rag.read import Reading
from rag.types import Document, Hit, Span

__all__ = ["with_opposed"]

#: How near a sentence has to come to the best one's support to be shown against it.
CLOSE = 0.6
MOST = 2


def with_opposed(
    question: str,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
) -> Composition:
    """The composition with up to two more statements, where such contradict it; else as it was."""
    statements, citations = composition.statements, composition.citations
    best = max((e.support for e in reading.evidence), default=0.0)
    for hit, span, support in _others(composition, reading, CLOSE * best):
        text = " ".join(span.of(documents[hit.passage.source].text).split())
        added, cited, _ = cite([Draft(text, hit, (span,), support)], documents)
        if len(cited) != 1 or not any(contradicts(question, c, cited[0]) for c in citations):
            continue
        number = len(citations) + 1
        citations = (*citations, replace(cited[0], id=number))
        statements = (*statements, replace(added[0], citations=(number,)))
        if len(statements) >= len(composition.statements) + MOST:
            break
    return replace(composition, statements=statements, citations=citations)


def _others(
    composition: Composition, reading: Reading, least: float
) -> list[tuple[Hit, Span, float]]:
    """Sentences of documents that the answer does not cite, best first, with their support."""
    cited = {c.source for c in composition.citations}
    found = [
        (evidence.hit, sentence.span, sentence.support)
        for evidence in reading.evidence
        for sentence in evidence.sentences
        if evidence.hit.passage.source not in cited and sentence.support >= least
    ]
    return sorted(found, key=lambda f: (-f[2], f[0].passage.source, f[1].start))
