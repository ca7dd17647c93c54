"""A sentence of the evidence that says that what is asked is disputed, shown with the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.asking.question import Question
from rag.compare.disputes import leaves_open
from rag.read import Reading
from rag.speech.voice import said_by
from rag.types import Citation, Document, Evidence, Hit, Span
from rag.words.mentions import lacking_names, mentions_of
from rag.words.sentences import sentences

__all__ = ["dispute_on"]

#: Passages, best first, in which such a sentence is looked for.
PASSAGES = 5
#: Sentences before it that may tell what it is about.
BEFORE = 2


def dispute_on(
    question: Question,
    citations: Sequence[Citation],
    reading: Reading,
    documents: Mapping[str, Document],
) -> tuple[Hit, Span, float] | None:
    """The best one, in a passage that names what is asked; None where the answer has it already."""
    cited = {(c.source, c.start) for c in citations}
    ranked = sorted(reading.evidence, key=lambda e: -e.support)[:PASSAGES]
    for evidence in ranked:
        passage = evidence.hit.passage
        told = mentions_of(f"{passage.title or ''} {passage.text}")
        if lacking_names(question.full, question.names, told):
            continue
        for span, around in _told(evidence, documents[passage.source]):
            document = documents[passage.source]
            if reading.speaker is not None and not said_by(document, span, reading.speaker):
                continue
            if leaves_open(question.full, span.of(document.text), around):
                here = (passage.source, span.start) in cited
                return None if here else (evidence.hit, span, evidence.support)
    return None


def _told(evidence: Evidence, document: Document) -> Iterator[tuple[Span, str]]:
    """Every sentence of a passage, with the text from a few sentences before it on."""
    passage = evidence.hit.passage
    found = sentences(document.text, passage.start, passage.end, document.language)
    for n, span in enumerate(found):
        yield span, document.text[found[max(0, n - BEFORE)].start : span.end]
