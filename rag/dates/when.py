"""Dates in running words, and what the words around them tell of their years.

`rag.dates.datewords` finds the words and `rag.dates.reckoning` tells their days. What stands here
says which year holds for a day that names none: that of a date it is joined to, of its sentence, or
of its paragraph, or one to come where the sentence looks ahead (`rag.dates.tense`). Where that is
in doubt there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from rag.dates.datewords import RELATIVE, Words, expressions
from rag.dates.reckoning import Around, Days, meant
from rag.dates.tense import looks_ahead
from rag.types import Span

__all__ = ["Moment", "moments"]

#: So many characters of a paragraph before a stretch are looked at for the date before it.
_LOOK_BACK = 2000

#: A weekday after a date is one of those behind it, if that is so much older than the writing.
_NEWS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time expression and the days it means, first and last, `YYYY-MM-DD`.

    `relative` says that it was counted from the day on which it was written, `supposed` that its
    year was. `until` is the last day of a range that it opens: "from 5 May to 3 June".
    """

    span: Span
    first: str
    last: str
    relative: bool = False
    supposed: bool = False
    until: str | None = None

    @property
    def reach(self) -> str:
        """The last day of it, or of the range that it opens."""
        return self.until or self.last


def moments(
    text: str, span: Span | None = None, written: str | None = None, begin: int | None = None
) -> list[Moment]:
    """The time expressions between two offsets, in order; `written` is the document's date.

    What cannot be told, like "last week" in an undated text, is left out. A day without a year
    takes that of the date it is joined to, or of the one named before it in the same stretch.
    Else, where the paragraph begins at `begin`, it goes on from the last date there, if it follows
    it; else it is the one nearest to `written`.
    """
    stretch = span or Span(0, len(text))
    anchor = None
    if begin is not None and begin < stretch.start:
        begin = max(begin, stretch.start - _LOOK_BACK)
        earlier = moments(text, Span(begin, stretch.start), written)
        anchor = next((m.first for m in reversed(earlier) if _is_precise(m)), None)
    seen = list(expressions(text, stretch))
    slashed = any(w.kind in ("figures", "slashed") for w in seen)
    around = Around(written, anchor=anchor, month_first=slashed and _is_month_first(text))
    reading = _Reading(text, around, _lent(text, seen))
    for words in seen:
        reading.read(words)
    return reading.found


@lru_cache(maxsize=16)
def _is_month_first(text: str) -> bool:
    """Whether a text has dates like 9/27/2020, and none like 27/9/2020."""
    return bool(_MONTH_FIRST.search(text)) and not _DAY_FIRST.search(text)


def _is_precise(moment: Moment) -> bool:
    """Whether it names a month or a day of a year, not counted from the day of writing."""
    return not moment.relative and moment.first[:7] == moment.last[:7]


def _lent(text: str, seen: Sequence[Words]) -> dict[int, int | None]:
    """The years, by offset, of days joined to a dated one behind them: "10 May and 3 June 2019".

    None where that may be of this year or of the one before.
    """
    lent: dict[int, int | None] = {}
    for one, other in reversed([*pairwise(seen)]):
        joined = _link(text, one, other) if one.yearless and other.kind != "year" else None
        there = meant(other, Around(None, lent.get(other.span.start))) if joined else None
        if there is not None:
            lent[one.span.start] = _year_before(one, there[0], ranged=joined == "range")
    return lent


def _year_before(words: Words, day: str, *, ranged: bool) -> int | None:
    """The year of a date from which another follows, or that stands before it in a list."""
    year = int(day[:4])
    here, before = (meant(words, Around(None, y)) for y in (year, year - 1))
    if here is None or here[0] <= day:
        return year
    return year - 1 if ranged or (before and _apart(before, day) < _apart(here, day)) else None


def _apart(days: Days, day: str) -> timedelta:
    return abs(date.fromisoformat(days[0]) - date.fromisoformat(day))


@dataclass(slots=True)
class _Reading:
    """The moments read so far in a stretch, and the year that holds for what comes next."""

    text: str
    around: Around
    lent: dict[int, int | None]
    found: list[Moment] = field(default_factory=list)
    last: Words | None = None
    since: str | None = None
    frame: _Frame | None = None
    supposed: bool = False

    def read(self, words: Words) -> None:
        """Adds what an expression means, and keeps its year for the ones behind it."""
        if self.frame and words.span.start >= self.frame.end:
            self.frame = None
        self.supposed = False
        days = self._days(words)
        if days is not None:
            if self._link(words) == "range":
                self._reach(days[1])
            relative = words.kind in RELATIVE
            self.found.append(Moment(words.span, *days, relative, self.supposed))
            self._keep(words, days)
        self.last = words if days is not None else None

    def _reach(self, until: str) -> None:
        """Takes the end of a range up into the moment that opens it."""
        if until > self.found[-1].last:
            self.found[-1] = replace(self.found[-1], until=until)

    def _days(self, words: Words) -> Days | None:
        if not (words.yearless or words.kind in RELATIVE):
            return meant(words, self.around)
        if words.kind == "weekday" and self._tells_of_old():
            return None
        around = replace(self.around, planned=looks_ahead(self.text, words))
        if words.kind in RELATIVE:
            return meant(words, around)
        if words.span.start in self.lent:
            year = self.lent[words.span.start]
            return meant(words, replace(around, year=year)) if year else None
        which = _WHICH_YEAR.match(self.text, words.span.end)
        if which is not None:
            year = self._year(which[1].lower())
            return meant(words, replace(around, year=year)) if year else None
        if self.last and not self.found[-1].supposed and self._link(words) == "range":
            return self._following(words, around, self.found[-1].first)
        since = self.frame.first if self.frame else self.since
        loose = self.frame is not None and not self.frame.firm
        if since is None or (loose and around.planned):
            self.supposed = True
            return meant(words, around)
        if loose:
            return meant(words, replace(around, doubt=int(since[:4])))
        return self._following(words, around, since)

    def _link(self, words: Words) -> str | None:
        """How an expression is joined to the one read before it."""
        return _link(self.text, self.last, words) if self.last else None

    def _tells_of_old(self) -> bool:
        """Whether the date before is long before the writing: "On Tuesday" may be near either."""
        before = next((m.first for m in reversed(self.found) if _is_precise(m)), self.around.anchor)
        written = self.around.written
        if before is None or written is None or len(written) < 10:
            return False
        return date.fromisoformat(written) - date.fromisoformat(before) > _NEWS

    def _year(self, which: str) -> int | None:
        """The year that "of that year", "of last year" points at."""
        step = {"this": 0, "last": -1, "next": 1}.get(which)
        if step is not None:
            return int(self.around.written[:4]) + step if self.around.written else None
        before = self.found[-1].first if self.found else self.around.anchor
        return int(before[:4]) if before else None

    def _following(self, words: Words, around: Around, since: str) -> Days | None:
        """A day in the year of the date before it, or in the next where it goes on from that."""
        joined = self._link(words)
        year = int(since[:4])
        here, after = (meant(words, replace(around, year=y)) for y in (year, year + 1))
        if here is None or here[0] >= since:
            return here
        if joined == "range":
            return after
        written = around.written or "9999"
        to_come = after and after[0][: len(written)] > written and not around.planned
        if after is None or to_come or _apart(after, since) > _apart(here, since):
            return here
        return after if joined else None

    def _keep(self, words: Words, days: Days) -> None:
        """Takes up the year of a date for the days behind it."""
        frame = None
        if days[0][:4] != days[1][:4]:
            return  # of which of its years they are is not said
        if words.kind in ("month", "year") or words.names_a_year:
            frame = _frame_of(self.text, words, days[0])
            if frame is None:
                return
        elif words.kind in RELATIVE:
            return
        if frame and not (frame.firm and words.kind == "month"):
            self.frame = frame
        elif not words.yearless:
            self.frame, self.since = None, days[0]
        elif words.span.start in self.lent or (self.since and not self.frame):
            self.since = days[0]


_MONTH_FIRST = re.compile(r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/(?:\d\d){1,2}(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d/])(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])/(?:\d\d){1,2}(?!\d)")
_WHICH_YEAR = re.compile(r"\s(?:of\s)?(the\ssame|that|this|last|next)\syear\b", re.IGNORECASE)
_JOINED = re.compile(
    r"(?:\s?(?P<dash>[-–—/])\s?|,?\s(?P<word>to|until|till|through|and|or|&)\s|,\s)"
    r"(?:(?:on|by|in)\s)?(?:the\s)?(?:(?:early|late|mid)[\s-]|(?:end|start|middle)\sof\s)?"
)
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?\Z", re.IGNORECASE)


def _link(text: str, one: Words, other: Words) -> str | None:
    """How a time is joined to the next: as the ends of a `range`, in a `list`, or not at all."""
    match = _JOINED.fullmatch(text, one.span.end, other.span.start)
    if match is None:
        return None
    lead = text[max(0, one.span.start - 12) : one.span.start]
    between = match["word"] == "and" and _BETWEEN.search(lead)
    ranged = match["dash"] or match["word"] in ("to", "until", "till", "through") or between
    return "range" if ranged else "list"


@dataclass(frozen=True, slots=True)
class _Frame:
    """A sentence's year: `firm` if what follows is in it ("In 2016 …"), else it may be."""

    firm: bool
    first: str
    end: int


_OPENING = re.compile(
    r"\W*(?:(?:and|but|then|later|also|back|already|however|only),?\s)*"
    r"(?:(?:in|during|throughout|at)\s)?(?:the\s)?"
    r"(?:(?:early|late|mid|spring|summer|autumn|winter|end|start|beginning|middle)[\s-](?:of\s)?)?",
    re.IGNORECASE,
)
#: "After the war in 2016", "unlike in 2016", "the 2016 war" tell nothing of the year of the rest.
_ELSEWHERE = re.compile(
    r"\b(?:since|after|before|until|till|unlike)\b[^,;]*\Z"
    r"|\b(?:the|by|to|from|for|than(?:\sin)?|as\sin|like\sin)[\s-]\Z",
    re.IGNORECASE,
)


def _frame_of(text: str, words: Words, first: str) -> _Frame | None:
    """What a month or year says of the year of the days named behind it; None if nothing."""
    before = text[words.sentence.start : words.span.start]
    if words.kind == "year" and before.lower().endswith("the "):
        return None
    if _OPENING.fullmatch(before):
        return _Frame(True, first, words.sentence.end)
    return None if _ELSEWHERE.search(before) else _Frame(False, first, words.sentence.end)
