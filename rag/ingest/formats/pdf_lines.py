"""The lines of a PDF page: their text as pdfium gives it, where they stand and how large."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

__all__ = ["HYPHEN", "OTHER_SIZE", "Line", "body_size", "page_lines", "without_running_lines"]

#: Ends a line whose last word was divided; whether its hyphen stays is decided later.
HYPHEN = "\u00ad"
#: From this ratio on two sizes of letters are seen to differ.
OTHER_SIZE = 1.12
_DIVIDED = (0x02, 0xAD, 0xFFFE)
_LINE_ENDS = (0x0A, 0x0D)
_WIDE_GAP = 1.2
_LABEL = 4
_EDGE = 2
_RUNNING_SHARE = 0.4
_SAME_PLACE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line; lengths are in points, `bottom` is measured from the foot of the page.

    `gaps` counts the spaces as wide as those between the columns of a table; the one behind a
    bullet or a number is none. A `running` line is the header or footer of several pages.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    gaps: int = 0
    running: bool = False


def page_lines(view: Any) -> list[Line]:
    """The lines of a page in the order of its text; `view` is a text page of pypdfium2."""
    from pypdfium2 import raw

    codes = [raw.FPDFText_GetUnicode(view, i) for i in range(view.count_chars())]
    lines: list[Line] = []
    start = 0
    for at, code in enumerate([*codes, 0x0A]):
        if code in _LINE_ENDS or (code in _DIVIDED and _moves_on(view, codes, at)):
            line = _line(view, codes, start, at, divided=code in _DIVIDED)
            if line is not None:
                lines.append(line)
            start = at + 1
    return lines


def _moves_on(view: Any, codes: Sequence[int], at: int) -> bool:
    """Whether what follows a soft hyphen stands lower than what comes before it."""
    if not 0 < at < len(codes) - 1:
        return True
    before, after = view.get_charbox(at - 1, loose=True), view.get_charbox(at + 1, loose=True)
    return bool(after[3] < before[3] - 1)


def _line(view: Any, codes: Sequence[int], start: int, end: int, *, divided: bool) -> Line | None:
    """A line of the characters between two positions; None where there is nothing to see."""
    seen = [i for i in range(start, end) if codes[i] > 0x20 and codes[i] != 0xA0]
    if not seen:
        return None
    first, last = (view.get_charbox(i, loose=True) for i in (seen[0], seen[-1]))
    size = max(first[3] - first[1], 1.0)
    gaps = 0
    for before, after in pairwise(seen):
        if after - before > 1 and before - seen[0] >= _LABEL:
            gap = view.get_charbox(after, loose=True)[0] - view.get_charbox(before, loose=True)[2]
            gaps += gap > _WIDE_GAP * size
    text = _text(codes[start:end]) + (HYPHEN if divided else "")
    return Line(text, first[0], last[2], first[1], size, _bold(view, seen[0]), gaps)


def _bold(view: Any, at: int) -> bool:
    """Whether a character is set in bold, as its font's weight or name says."""
    from ctypes import create_string_buffer

    from pypdfium2 import raw

    name = create_string_buffer(128)
    raw.FPDFText_GetFontInfo(view, at, name, len(name), None)
    return raw.FPDFText_GetFontWeight(view, at) >= 600 or b"bold" in name.value.lower()


def _text(codes: Iterable[int]) -> str:
    """Code units as text without soft hyphens and with single spaces."""
    units = "".join(chr(code) for code in codes if code not in _DIVIDED)
    whole = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(whole.split())


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=1.0)


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers and footers: lines that stand at one place of many pages.

    Numbers in them do not count, so that a page number is the same line everywhere. What a
    header says in words stays where it stands first: nothing that is said is lost. Titles, larger
    than the text, are no headers.
    """
    most = OTHER_SIZE * body_size(pages)
    edges = [{_key(line): line for line in _edge(page) if line.size <= most} for page in pages]
    found = Counter(key for edge in edges for key in edge)
    enough = max(2, _RUNNING_SHARE * len(pages))
    running = {key for key, n in found.items() if n >= enough}
    kept: list[list[Line]] = []
    told: set[str] = set()
    for page, edge in zip(pages, edges, strict=True):
        at_edge = {id(line): key for key, line in edge.items() if key in running}
        kept.append([])
        for line in page:
            key = at_edge.get(id(line))
            if key is None:
                kept[-1].append(line)
            elif key[0] not in told and any(ch.isalpha() for ch in key[0]):
                kept[-1].append(replace(line, running=True))
        told |= {key[0] for key in at_edge.values()}
    return kept


def _edge(page: Sequence[Line]) -> list[Line]:
    """The highest and the lowest lines of a page."""
    by_height = sorted(page, key=lambda line: line.bottom)
    return by_height if len(page) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.bottom / _SAME_PLACE)
