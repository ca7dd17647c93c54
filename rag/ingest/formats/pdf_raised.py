"""Raised figures of a PDF: a note's number or an exponent. On the line they make other numbers."""

from __future__ import annotations

from typing import Any

from rag.text import raised

__all__ = ["raise_figures"]

_FIGURES = range(0x30, 0x3A)
_RAISED = {code: ord(raised(chr(code)) or "") for code in _FIGURES}
_LINE_ENDS = (0x0A, 0x0D)
#: In heights of the letter that it follows: a raised figure is at most so high, stands at least so
#: far over that letter's foot, and at most so far from it.
_HIGH, _OVER, _APART = 0.85, 0.15, 0.25


def raise_figures(view: Any, codes: list[int]) -> None:
    """Puts raised figures in the place of those that a page sets so, among the codes of its text.

    pdfium ends a line behind them: where the line goes on, that end becomes a 0.
    """
    for at in range(1, len(codes)):
        if codes[at] in _FIGURES and codes[at - 1] > 0x20:
            _raise_run(view, codes, at)


def _raise_run(view: Any, codes: list[int], first: int) -> None:
    """Raises the figures from a place on, if they stand raised behind the letter before them."""
    base = view.get_charbox(first - 1, loose=True)
    height = base[3] - base[1]
    at, right = first, base[2]
    while at < len(codes) and codes[at] in _FIGURES:
        box = view.get_charbox(at, loose=True)
        small = box[3] - box[1] <= _HIGH * height and box[1] >= base[1] + _OVER * height
        if not small or abs(box[0] - right) > _APART * height:
            break
        codes[at] = _RAISED[codes[at]]
        at, right = at + 1, box[2]
    if at > first:
        _go_on(view, codes, at, base, right)


def _go_on(view: Any, codes: list[int], at: int, base: Any, right: float) -> None:
    """Takes out the end of a line before what goes on with it."""
    after = at
    while after < len(codes) and codes[after] in _LINE_ENDS:
        after += 1
    if at == after or after == len(codes):
        return
    box = view.get_charbox(after, loose=True)
    height = base[3] - base[1]
    if abs(box[1] - base[1]) < _OVER * height and -_APART * height < box[0] - right < height:
        codes[at:after] = [0] * (after - at)
