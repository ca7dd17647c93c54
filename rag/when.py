"""Dates in running words: where they stand, and the days that they mean.

`27/9` in a thread of 2020 is 27 September 2020; "last week" is meant from the day on which it was
written. `dateparser` reads the words; what stands here finds them, and decides the year where
none is named. English only, but for dates in figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.store.database import date_range
from rag.types import Span

if TYPE_CHECKING:
    from dateparser import DateDataParser

__all__ = ["Moment", "moments"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time expression and the days it means, first and last, `YYYY-MM-DD`.

    `relative` says that it was counted from the day on which it was written.
    """

    span: Span
    first: str
    last: str
    relative: bool = False


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![^\W\d_])(?:\.(?=,?\s\d))?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = (
    r"(?:1[89]\d\d|20\d\d)(?![\d%/]|s\b|-\d\d-|[.,]\d"
    r"|\s(?:people|soldiers|men|troops|dead|civilians))"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d.,]\d|\d)"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_CUE = (
    r"(?:in|on|at|since|by|of|until|till|from|during|before|after|through|throughout|early|late|mid"
    r"|end|and|to|the|between|around|spring|summer|autumn|winter|for)"
)

_EXPRESSION = re.compile(
    rf"""
    (?<![\w./-])(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)(?![\d-])
    | (?<![\w./-])(?P<figures>\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}))(?!\d)
    | (?<![\w.,/-])(?P<days>(?P<day>{_DAY})\s?[-–]\s?(?P<until>{_DAY})
        \s(?P<days_month>{_MONTH})(?:,?\s(?P<days_year>{_YEAR}))?)
    | (?<![\w.,/-])(?P<dated>{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s(?P<dated_year>{_YEAR}))?)
    | \b(?P<named>{_MONTH}\s{_DAY}(?:,?\s(?P<named_year>{_YEAR}))?)(?!\w)
    | \b(?P<month>{_MONTH},?\s(?:of\s)?{_YEAR})
    | \b(?P<ago>{_COUNT}\s(?:day|week|month|year)s?\sago)\b
    | \b(?P<relative>(?:last|this|past|next)\s(?:week|month|year|{_WEEKDAY})(?!\sof\b)
        |yesterday|today)\b
    | \b(?<=[Oo]n\s)(?P<weekday>{_WEEKDAY})\b
    | \b(?:on|since|by|till|until|from|before|after)\s(?P<slashed>\d{{1,2}}/\d{{1,2}})(?![\d/])
    | \b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Oo]f|[Ff]rom|[Dd]uring|[Ll]ate|[Ee]arly|mid)[\s-]
        (?P<bare>{_MONTH})(?!\s\d)
    | \b{_CUE}[\s-](?P<year>{_YEAR})
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""White space inside is one character, so that a line break may stand there too."""

#: A month or a day without its year is looked for in the year that ends so many days after the
#: day of writing: in a sentence that looks ahead, and in any other.
_PLANNED, _REPORTED = timedelta(days=180), timedelta(days=7)
_LOOKS_AHEAD = re.compile(
    r"\b(?:will|would|shall|by|until|till|due|plan\w*|schedul\w*|expect\w*|next|upcoming|to be)\b",
    re.IGNORECASE,
)

_YEARLESS = ("days", "dated", "named", "slashed", "bare")


@dataclass(frozen=True, slots=True)
class _Around:
    """What tells the year of a day that names none.

    `written` is the document's date, `year` one named before in the same sentence, `anchor` the
    first day of the date before in the same paragraph, `planned` whether the sentence looks ahead.
    """

    written: str | None
    year: int | None = None
    anchor: str | None = None
    planned: bool = False


def moments(
    text: str, span: Span | None = None, written: str | None = None, begin: int | None = None
) -> list[Moment]:
    """The time expressions between two offsets, in order; `written` is the document's date.

    What cannot be told, like "last week" in an undated text, is left out. A day without a year
    takes that of the date named before it in the same stretch. Else, where the paragraph begins
    at `begin`, it goes on from the last date there, if it follows it; else it is the one nearest
    to `written`.
    """
    stretch = span or Span(0, len(text))
    anchor = None
    if begin is not None and begin < stretch.start:
        earlier = moments(text, Span(begin, stretch.start), written)
        anchor = next((m.first for m in reversed(earlier) if _is_precise(m)), None)
    found: list[Moment] = []
    year: int | None = None
    for match in _EXPRESSION.finditer(text, stretch.start, stretch.end):
        kind = next(k for k in _KINDS if match[k])
        if kind == "bare" and not match[kind][0].isupper():
            continue  # they may march
        same = kind == "bare" and found and _SAME_YEAR.match(text, match.end())
        planned = _LOOKS_AHEAD.search(text, stretch.start, match.start(kind)) is not None
        named = int(found[-1].first[:4]) if same else year
        days = _meant(match, kind, _Around(written, named, anchor, planned))
        if days is not None:
            found.append(Moment(Span(*match.span(kind)), *days, kind in _RELATIVE))
            if kind in ("iso", "figures") or any(match[f"{k}_year"] for k in _WITH_YEAR):
                year = int(days[0][:4])
    return found


_SAME_YEAR = re.compile(r"\sof\s(?:the\ssame|that)\syear")
_RELATIVE = ("ago", "relative", "weekday")
_WITH_YEAR = ("days", "dated", "named")
_KINDS = (
    *("iso", "figures", "days", "dated", "named", "month"),
    *("ago", "relative", "weekday", "slashed", "bare", "year"),
)


def _is_precise(moment: Moment) -> bool:
    """Whether it names a month or a day of a year, not counted from the day of writing."""
    return not moment.relative and moment.first[:7] == moment.last[:7]


def _meant(match: re.Match[str], kind: str, around: _Around) -> tuple[str, str] | None:
    """The first and the last day of one expression; None where it cannot be told."""
    words = " ".join(match[kind].split())
    if kind in ("iso", "year"):
        return _real(words)
    if kind in _RELATIVE:
        return _counted(words, around.written)
    if kind == "slashed":
        words = _slashed(words) or ""
    if kind == "days":
        ends = [f"{match[end]} {match['days_month']}" for end in ("day", "until")]
        found = [_absolute(e, match["days_year"], around) for e in ends]
        return (found[0][0], found[1][1]) if found[0] and found[1] else None
    if kind in _YEARLESS and words:
        named = match[f"{kind}_year"] if kind in _WITH_YEAR else None
        return _absolute(words, named, around)
    return _parsed(words, date(2000, 1, 1)) if words else None


def _real(iso: str) -> tuple[str, str] | None:
    try:
        first, last = date_range(iso)
        date.fromisoformat(first)
        date.fromisoformat(last)
    except ValueError:
        return None
    return first, last


def _counted(words: str, written: str | None) -> tuple[str, str] | None:
    """What is meant from the day of writing; "next" and weekdays are reckoned here."""
    if written is None or len(written) < 10:
        return None
    base = date.fromisoformat(written)
    *before, last = words.lower().split()
    names = "monday tuesday wednesday thursday friday saturday sunday".split()
    if last in names:
        ahead = (names.index(last) - base.weekday()) % 7  # on the day itself it is that day
        if before == ["next"]:
            ahead = ahead or 7
        elif ahead or before in (["last"], ["past"]):
            ahead -= 7
        day = (base + timedelta(days=ahead)).isoformat()
        return day, day
    if before and before[0] in ("this", "next", "past", "last"):
        step = {"this": 0, "next": 1}.get(before[0], -1)
        return _span_of(last, base, step)
    return _parsed(words, base)


def _span_of(unit: str, base: date, step: int) -> tuple[str, str]:
    """The calendar week (from Monday), month or year that lies `step` units from a day."""
    if unit == "week":
        first = base - timedelta(days=base.weekday()) + timedelta(weeks=step)
        return first.isoformat(), (first + timedelta(days=6)).isoformat()
    if unit == "month":
        month = base.year * 12 + base.month - 1 + step
        return date_range(f"{month // 12:04d}-{month % 12 + 1:02d}")
    return date_range(f"{base.year + step:04d}")


def _slashed(words: str) -> str | None:
    """`27/9` as `27.9`, day first unless that is no date; 9/11 has a meaning of its own."""
    first, second = (int(part) for part in words.split("/"))
    if words in ("9/11", "24/7", "7/7"):
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    return f"{day}.{month}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _absolute(words: str, named: str | None, around: _Around) -> tuple[str, str] | None:
    """A day or month of a year: the one named with it, named before it, or nearest to writing."""
    written = around.written
    if named:
        return _parsed(words if named in words else f"{words} {named}", date(2000, 1, 1))
    if around.year is not None:
        return _in_year(words, around.year)
    if around.anchor is not None:
        days = _in_year(words, int(around.anchor[:4]))
        if days and days[0] >= around.anchor and (written is None or days[0] <= written):
            return days
    if written is None:
        return None
    base = date.fromisoformat((written + "-06-15"[len(written) - 4 :])[:10])
    if len(written) < 10:
        return _in_year(words, base.year)
    last = base + (_PLANNED if around.planned else _REPORTED)
    for year in (last.year, last.year - 1):
        days = _in_year(words, year)
        if days and days[0] <= last.isoformat():
            return days
    return None


def _in_year(words: str, year: int) -> tuple[str, str] | None:
    joint = "." if "." in words and words[-1].isdigit() else " "
    return _parsed(f"{words}{joint}{year}", date(2000, 1, 1))


@lru_cache(maxsize=4096)
def _parsed(words: str, base: date) -> tuple[str, str] | None:
    """What `dateparser` makes of the words, as whole days."""
    found = _parser(base).get_date_data(words)
    if found is None or found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period == "day" or "day" in words:
        return day.isoformat(), day.isoformat()
    if found.period == "week":
        return _span_of("week", day, 0)
    return date_range(f"{day:%Y-%m}" if found.period == "month" else f"{day:%Y}")


@lru_cache(maxsize=64)
def _parser(base: date) -> DateDataParser:
    from dateparser import DateDataParser  # a second to load: only where there is a date to read

    return DateDataParser(
        languages=["en"],
        settings={"RELATIVE_BASE": datetime(base.year, base.month, base.day), "DATE_ORDER": "DMY"},
    )
