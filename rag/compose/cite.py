"""Citations: made here and nowhere else, and only when they hold.

A draft sentence names the spans it rests on; each becomes a citation whose quote is a slice
of the document's text. What cannot be cited is dropped with its reason, never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.text import line_of, line_starts
from rag.types import Citation, Document, Dropped, Hit, Paragraph, Span, Statement

__all__ = ["Draft", "cite"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that wants to be shown, the hit it came from and the spans it rests on."""

    text: str
    hit: Hit
    spans: tuple[Span, ...]
    support: float


def cite(
    drafts: Sequence[Draft], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...], tuple[Dropped, ...]]:
    """Turns drafts into statements; equal quotes share one citation, numbered as they appear."""
    statements: list[Statement] = []
    citations: dict[tuple[str, Span], Citation] = {}
    dropped: list[Dropped] = []
    for draft in drafts:
        document = documents[draft.hit.passage.source]
        if not draft.spans:
            dropped.append(Dropped(draft.text, "uncited"))
            continue
        paragraphs = [_paragraph_of(document, span) for span in draft.spans]
        if any(p is None for p in paragraphs):
            dropped.append(Dropped(draft.text, "quote_not_found"))
            continue
        ids = []
        for span, paragraph in zip(draft.spans, paragraphs, strict=True):
            key = (document.source, span)
            if key not in citations and paragraph is not None:
                number = len(citations) + 1
                citations[key] = _citation(number, draft.hit, document, span, paragraph)
            ids.append(citations[key].id)
        statements.append(Statement(draft.text, tuple(ids), True, draft.support))
    return tuple(statements), tuple(citations.values()), tuple(dropped)


def _citation(
    number: int, hit: Hit, document: Document, span: Span, paragraph: Paragraph
) -> Citation:
    return Citation(
        id=number,
        passage_id=hit.passage.id,
        source=document.source,
        title=document.title,
        date=document.date,
        page=paragraph.page,
        paragraph=paragraph.number,
        line=line_of(line_starts(document.text), span.start),
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
        source_sha256=document.sha256,
    )


def _paragraph_of(document: Document, span: Span) -> Paragraph | None:
    """The paragraph in which a quote begins; None when the offsets point at no words."""
    if not span.of(document.text).strip():
        return None
    return next((p for p in document.paragraphs if p.start <= span.start < p.end), None)
