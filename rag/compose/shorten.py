"""A stretch of a sentence that is too long to quote whole, such as a table without full stops."""

from __future__ import annotations

import re

from rag.types import Span

__all__ = ["shortened"]

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
