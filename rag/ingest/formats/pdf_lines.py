"""The lines of a PDF page: their text as pdfium gives it, where they stand and how large."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from rag.ingest.formats.pdf_raised import raise_figures

__all__ = ["HYPHEN", "OTHER_SIZE", "Line", "body_size", "page_lines", "without_running_lines"]

#: Ends a line whose last word was divided; whether its hyphen stays is decided later.
HYPHEN = "\u00ad"
#: From this ratio on two sizes of letters are seen to differ.
OTHER_SIZE = 1.12
_DIVIDED = (0x02, 0xAD, 0xFFFE)
_LINE_ENDS = (0x0A, 0x0D)
_WIDE_GAP = 1.2
_LABEL = 4
#: So many signs may stand alone, and so far from the height of the line they belong to.
_ALONE, _SAME_HEIGHT = 2, 0.2
_EDGE = 2
_RUNNING_SHARE = 0.4
_SAME_PLACE = 10
#: Up to so many lines a page is a slide or a form, not a page of running text.
_SHORT_PAGE = 4
#: A header with its number at the other margin takes this share of the width of the text.
_ACROSS = 0.9
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What may stand around a page number; with one of the signs left out it is an amount.
_AROUND = r"[^\w%°$€£]*"
_OF_ALL = r"(?:\s*(?:/|of|von)\s*\d+)?"
_PAGE_NUMBER = re.compile(
    rf"^{_AROUND}(?P<word>page|p\.?|seite)?\s*(?P<number>\d{{1,4}}){_OF_ALL}{_AROUND}$",
    re.IGNORECASE,
)
#: `12 | Report`, and `12 Report` with a capital: `12 degrees` tells something.
_NUMBER_FIRST = re.compile(
    rf"^{_AROUND}(?:(?i:page|p\.?|seite)\s*)?(?P<number>\d{{1,4}}){_OF_ALL}"
    r"(?:\s*[|·•]|\s+[–—-]\s|\s+(?=[^\W\d_a-z]))"
)
#: `Report | 12`, `Report page 12`, and the `F-12` of annexes; `mark` is what sets it off.
_NUMBER_LAST = re.compile(
    r"(?P<mark>[|·•]|\s[–—-]\s|\b(?:page|p\.?|seite)|^[a-z]-)?\s*"
    rf"(?<![\d$€£])(?<!\d[.,])(?P<number>\d{{1,4}}){_OF_ALL}{_AROUND}$",
    re.IGNORECASE,
)


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
    raise_figures(view, codes)
    lines: list[Line] = []
    start = 0
    for at, code in enumerate([*codes, 0x0A]):
        if code in _LINE_ENDS or (code in _DIVIDED and _moves_on(view, codes, at)):
            line = _line(view, codes, start, at, divided=code in _DIVIDED)
            if line is not None:
                _add(lines, line)
            start = at + 1
    return lines


def _add(lines: list[Line], line: Line) -> None:
    """Adds a line, or the rest of one: pdfium ends a line before a sign that stands far off alone.

    So it does in the row of a table, with the cell that has one figure.
    """
    before = lines[-1] if lines else None
    if (
        before is not None
        and min(len(before.text), len(line.text)) <= _ALONE
        and abs(before.bottom - line.bottom) < _SAME_HEIGHT * line.size
        and line.left > before.right
    ):
        wide = line.left - before.right > _WIDE_GAP * line.size and len(before.text) >= _LABEL
        gaps = before.gaps + wide + line.gaps
        text = f"{before.text} {line.text}"
        lines[-1] = replace(before, text=text, right=line.right, gaps=gaps)
    else:
        lines.append(line)


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
    units = "".join(chr(code) for code in codes if code and code not in _DIVIDED)
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

    They are the same to the letter, or differ by the number of their page. What a header says in
    words stays where it stands first: nothing that is said is lost. Titles, larger than the text,
    are no headers.
    """
    most = OTHER_SIZE * body_size(pages)
    edges = [
        [(line, _keys(line, index, _width(page))) for line in _edge(page) if line.size <= most]
        for index, page in enumerate(pages)
    ]
    found = Counter(key for edge in edges for key in {k for _, keys in edge for k in keys})
    kept: list[list[Line]] = []
    told: set[str] = set()
    for page, edge in zip(pages, edges, strict=True):
        enough = _enough(len(pages), short=len(page) <= _SHORT_PAGE)
        running = {
            id(line): next((key for key in keys if found[key] >= enough[key.kind]), None)
            for line, keys in edge
        }
        kept.append([])
        for line in page:
            key = running.get(id(line))
            if key is None:
                kept[-1].append(line)
            elif key.speaks and key.text not in told:
                kept[-1].append(replace(line, running=True))
        told |= {key.text for key in running.values() if key is not None}
    return kept


class _Kind(Enum):
    """How a running line is alike on its pages."""

    NUMBER = "a page number alone, and it counts the pages"
    ANY_NUMBER = "a page number alone"
    COUNTED = "a text with the number of its page"
    SAME = "a text"


class _Key(NamedTuple):
    """What a line has in common with those at the same place of other pages.

    In `text` the number of a page is its distance from the count of the pages.
    """

    kind: _Kind
    text: str
    place: int

    @property
    def speaks(self) -> bool:
        """Whether the line says more than which page it is on, and so stays once."""
        return self.kind in {_Kind.COUNTED, _Kind.SAME} and any(ch.isalnum() for ch in self.text)


def _enough(pages: int, *, short: bool) -> dict[_Kind, float]:
    """From how many pages on a line that is alike on them runs.

    A short page is a slide or a form, where any line may be what it tells: it loses what most
    pages have as well, and a page number that stands alone and counts them.
    """
    many = max(2.0, _RUNNING_SHARE * pages)
    if not short:
        return dict.fromkeys(_Kind, many)
    most = max(2.0, pages // 2 + 1)
    return {_Kind.NUMBER: many, _Kind.ANY_NUMBER: inf, _Kind.COUNTED: inf, _Kind.SAME: most}


def _keys(line: Line, index: int, width: float) -> list[_Key]:
    """All that may make a line of a page a running one; what tells least comes first."""
    place = round(line.bottom / _SAME_PLACE)
    text = line.text.casefold()
    alone = _is_page_number(text)
    keys = [_Key(_Kind.SAME, text, place)]
    if alone:
        keys.insert(0, _Key(_Kind.ANY_NUMBER, re.sub(r"\d+", "#", text), place))
    for match in _page_numbers(line, width):
        start, end = match.span("number")
        counted = f"{text[:start]}#{int(match['number']) - index:+d}{text[end:]}"
        keys.insert(0, _Key(_Kind.NUMBER if alone else _Kind.COUNTED, counted, place))
    return keys


def _is_page_number(text: str) -> bool:
    """Whether a line is a page number and no more; a year alone is none."""
    match = _PAGE_NUMBER.match(text)
    return match is not None and (match["word"] is not None or not _YEAR.fullmatch(match["number"]))


def _page_numbers(line: Line, width: float) -> list[re.Match[str]]:
    """The numbers of a line that stand as a page number does: first or last, and set off.

    `Report | 12` and `page 12` do. `Station 12` and `Revenue in 2021` may rise from page to page
    as well, but are what the page tells.
    """
    first, last = _NUMBER_FIRST.match(line.text), _NUMBER_LAST.search(line.text)
    across = line.gaps > 0 and line.right - line.left > _ACROSS * width
    found = [first] if first is not None else []
    if last is not None and (last["mark"] or across or _is_page_number(line.text)):
        found.append(last)
    return [match for match in found if not _YEAR.fullmatch(match["number"])]


def _width(page: Sequence[Line]) -> float:
    """How wide the text of a page is."""
    if not page:
        return 0.0
    return max(line.right for line in page) - min(line.left for line in page)


def _edge(page: Sequence[Line]) -> list[Line]:
    """The highest and the lowest lines of a page."""
    by_height = sorted(page, key=lambda line: line.bottom)
    return by_height if len(page) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]
