"""A stretch of a sentence that is too long to quote whole, such as a table without full stops."""

from __future__ import annotations

import re

from rag.types import Document, Span
from rag.words.sentences import sentences

__all__ = ["cut_ends", "on_one_line", "shortened"]

#: Code points of a quote at most, and those kept on each side of the answer in a longer one.
LONGEST, ROOM = 900, 400

_BOUNDARY = re.compile(r"\n\s*|[;|]\s+|\s{2,}|\t")
_SPACE = re.compile(r"\s+")


def shortened(text: str, span: Span, answer: Span | None) -> Span:
    """The span itself, or where it is too long the stretch of it around the answer.

    It begins and ends at a line's end, a semicolon or a gap where one is near, else between words.
    """
    if span.end - span.start <= LONGEST:
        return span
    middle = (
        answer if answer is not None and answer.overlaps(span) else Span(span.start, span.start)
    )
    low, high = max(span.start, middle.start - ROOM), min(span.end, middle.end + ROOM)
    if answer is None or not answer.overlaps(span):
        high = min(span.end, span.start + 2 * ROOM)
    start, end = low, high
    if low > span.start:
        start = _first(text, low, middle.start)
    if high < span.end:
        end = _last(text, max(middle.end, start + 1), high)
    stretch = text[start:end]
    return Span(
        start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())
    )


def cut_ends(document: Document, span: Span) -> tuple[bool, bool]:
    """Whether something of a long sentence is missing before a quote, and whether behind it."""
    for p in document.paragraphs:
        if not (p.start <= span.start and span.end <= p.end and p.end - p.start > LONGEST):
            continue
        for whole in sentences(document.text, p.start, p.end, document.language):
            if whole.end - whole.start > LONGEST and whole.overlaps(span):
                return whole.start < span.start, span.end < whole.end
    return False, False


def on_one_line(document: Document, span: Span) -> str:
    """A quote's words, with a sign where its sentence was cut, so that none reads as whole."""
    text = " ".join(span.of(document.text).split())
    before, behind = cut_ends(document, span)
    return f"{'… ' if before else ''}{text}{' …' if behind else ''}"


def _first(text: str, low: int, high: int) -> int:
    """The first place from `low` to begin at, not after `high`."""
    for pattern in (_BOUNDARY, _SPACE):
        found = pattern.search(text, low, high)
        if found is not None:
            return found.end()
    return low


def _last(text: str, low: int, high: int) -> int:
    """The last place up to `high` to end at, not before `low`."""
    for pattern in (_BOUNDARY, _SPACE):
        found = list(pattern.finditer(text, low, high))
        if found:
            return found[-1].start()
    return high
