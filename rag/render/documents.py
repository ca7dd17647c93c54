"""A document or one of its paragraphs in context, as lines and as a JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.render.lines import BLANK, Line, Piece, counted, line
from rag.text import line_of, line_starts
from rag.types import Document, Paragraph, Span

__all__ = ["context_of", "document_lines", "document_to_dict", "head_of", "paragraph_numbers"]

_LINES_MEANT = frozenset({"docx", "html", "pdf"})
"""Formats whose text is taken out of the file: a line in a paragraph is a row of a table there."""

HEAD = 5
"""How many paragraphs of a document are shown where none is named."""


def context_of(document: Document, number: int, around: int = 1) -> list[Paragraph]:
    """The paragraph with that number and its neighbours, headings included; empty if none."""
    if number not in paragraph_numbers(document):
        return []
    return [p for p in document.paragraphs if abs(p.number - number) <= around]


def head_of(document: Document) -> list[Paragraph]:
    """The first paragraphs of a document, headings included."""
    return [p for p in document.paragraphs if p.number <= HEAD]


def paragraph_numbers(document: Document) -> range:
    """The numbers that name a paragraph; a heading alone at the end names none."""
    counted = [p.number for p in document.paragraphs if not p.heading]
    return range(min(counted), max(counted) + 1) if counted else range(0)


def document_lines(
    document: Document,
    shown: Sequence[Paragraph],
    *,
    number: int | None = None,
    quote: Span | None = None,
) -> list[Line]:
    """The document's head line, then the paragraphs; the one asked for and the quote stand out."""
    lines = _about(document)
    starts = line_starts(document.text)
    places = [_place(p, starts) for p in shown]
    width = len(str(max((p.number for p in shown), default=0)))
    place_width = max(map(len, places), default=0)
    for paragraph, place in zip(shown, places, strict=True):
        asked = paragraph.number == number and not paragraph.heading
        name = "" if paragraph.heading else str(paragraph.number)
        lead = f"{'>' if asked else ' '} {name:>{width}}  {place:<{place_width}}  "
        pieces = _pieces(document, paragraph, asked or number is None, quote)
        first, *rest = _rows(pieces) if document.format in _LINES_MEANT else [pieces]
        lines.append(Line(first, Piece(lead, "marker" if asked else "dim")))
        lines += [Line(row, Piece(" " * len(lead))) for row in rest]
    left = len(paragraph_numbers(document)) - sum(not p.heading for p in shown)
    if number is None and left > 0:
        lines.append(line(Piece(f"… {left} more; rag show SOURCE:NUMBER shows one.", "dim")))
    return lines


def document_to_dict(
    document: Document, shown: Sequence[Paragraph], *, number: int | None = None
) -> dict[str, Any]:
    """What `rag show --json` prints; offsets are code points into the document's text."""
    starts = line_starts(document.text)
    return {
        "source": document.source,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "date_origin": document.date_origin,
        "format": document.format,
        "encoding": document.encoding,
        "language": document.language,
        "sha256": document.sha256,
        "paragraph_count": len(paragraph_numbers(document)),
        "paragraph": number,
        "paragraphs": [
            {
                "number": p.number,
                "line": line_of(starts, p.start),
                "page": p.page,
                "heading": p.heading,
                "start": p.start,
                "end": p.end,
                "text": p.span.of(document.text),
            }
            for p in shown
        ],
    }


def _about(document: Document) -> list[Line]:
    count = len(paragraph_numbers(document))
    date = f"{document.date} (from {document.date_origin})" if document.date else "undated"
    facts = f" · {date} · {document.format} · {counted(count, 'paragraph')}"
    lines = [line(Piece(document.source, "source"), facts)]
    named = [v for v in (document.title, document.author) if v]
    if named:
        lines.append(line(Piece(" · ".join(named), "strong")))
    return [*lines, BLANK]


def _rows(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """The pieces line by line."""
    rows: list[tuple[Piece, ...]] = [()]
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        rows[-1] += (Piece(first, piece.style),)
        rows += [(Piece(text, piece.style),) for text in rest]
    return rows


def _place(paragraph: Paragraph, starts: list[int]) -> str:
    page = f"page {paragraph.page}, " if paragraph.page is not None else ""
    return f"{page}line {line_of(starts, paragraph.start)}"


def _pieces(
    document: Document, paragraph: Paragraph, bright: bool, quote: Span | None
) -> tuple[Piece, ...]:
    """The paragraph's text; what is only context is dimmed."""
    text = document.text
    if paragraph.heading:
        return (Piece(paragraph.span.of(text), "strong"),)
    if quote is None or not bright or not quote.overlaps(paragraph.span):
        return (Piece(paragraph.span.of(text), "" if bright else "dim"),)
    start, end = max(quote.start, paragraph.start), min(quote.end, paragraph.end)
    return (
        Piece(text[paragraph.start : start]),
        Piece(text[start:end], "marker"),
        Piece(text[end : paragraph.end]),
    )
