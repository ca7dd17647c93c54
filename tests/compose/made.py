"""Documents and readings made of sentences, for tests of what is chosen from them."""

from __future__ import annotations

from rag.read import Reading
from rag.types import Document, Evidence, EvidenceSentence, Hit, Paragraph, Passage, Span


def document(
    source: str, text: str, date: str | None = None, author: str | None = None
) -> Document:
    """A document of one paragraph."""
    paragraphs = (Paragraph(1, 0, len(text)),)
    return Document(source, text, "0" * 64, "txt", paragraphs, date=date, author=author)


def reading(
    *found: tuple[Document, str, float], confidence: float = 0.9
) -> tuple[Reading, dict[str, Document]]:
    """A reading of `(document, a sentence of it, support)`; only the first is company."""
    documents = {d.source: d for d, _, _ in found}
    best = max(support for _, _, support in found)
    evidence = []
    for n, made in enumerate(documents.values(), start=1):
        size = len(made.text)
        passage = Passage(f"p{n}", n, made.source, 0, size, made.text, 1, 1, date=made.date)
        sentences = [
            EvidenceSentence(span_in(d, words), p, company=p if p == best else 0.0)
            for d, words, p in found
            if d.source == made.source
        ]
        sentences.sort(key=lambda s: -s.support)
        evidence.append(
            Evidence(n, Hit(passage, 1.0), tuple(sentences), None, sentences[0].support)
        )
    evidence.sort(key=lambda e: -e.support)
    return Reading(tuple(evidence), confidence), documents


def span_in(made: Document, words: str) -> Span:
    start = made.text.index(words)
    return Span(start, start + len(words))
