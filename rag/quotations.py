"""A paragraph with its quotations hidden, so that only what stands around them is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.sentences import sentences
from rag.types import Document, Span

__all__ = ["HIDDEN", "QuotedParagraph", "quoted_paragraph"]

_QUOTED = re.compile(r"“[^“”]*”|(?<!\w)\"[^\"]*\"(?!\w)")

HIDDEN = "\x00"
"""What stands for each character of a quotation in a masked paragraph."""


@dataclass(frozen=True, slots=True)
class QuotedParagraph:
    """A paragraph's sentences, and the document's text with its quotations hidden."""

    document: Document
    masked: str
    spans: tuple[Span, ...]
    quotations: tuple[Span, ...]
    sound: bool


def quoted_paragraph(document: Document, span: Span) -> QuotedParagraph | None:
    """The paragraph in which a span begins; None where it begins in none, or in a heading."""
    found = next(
        (p for p in document.paragraphs if p.start <= span.start < p.end and not p.heading), None
    )
    if found is None:
        return None
    text = document.text
    spans = sentences(text, found.start, found.end, document.language)
    quotations = [Span(*m.span()) for m in _QUOTED.finditer(text[: found.end], found.start)]
    rest = text[: found.end]
    for start, end in ((q.start + 1, q.end - 1) for q in quotations):
        rest = rest[:start] + HIDDEN * (end - start) + rest[end:]
    sound = not re.search(r"(?<!\w)\"|[“”]", _without(rest, quotations, found.start))
    return QuotedParagraph(document, rest, tuple(spans), tuple(quotations), sound)


def _without(masked: str, quotations: list[Span], start: int) -> str:
    """The paragraph outside its quotations: a sign left there has no partner."""
    kept, at = "", start
    for quotation in quotations:
        kept += masked[at : quotation.start]
        at = quotation.end
    return kept + masked[at:]
