"""The words of a text that name a time: where they stand, and the days that they mean.

`27/9` in a thread of 2020 is 27 September 2020; "last week" is meant from the day on which it was
written. `dateparser` reads the words; what stands here finds them, and decides the year where none
is named, as far as `rag.when` tells what stands around. English only, but for dates in figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.store.database import date_range
from rag.types import Span

if TYPE_CHECKING:
    from dateparser import DateDataParser

__all__ = ["RELATIVE", "Around", "Days", "Words", "expressions", "meant"]

Days = tuple[str, str]
"""A first and a last day, `YYYY-MM-DD`."""

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
_OF = r",?\s(?:(?:of|in)\s)?"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_CUE = (
    r"(?:in|on|at|since|by|of|until|till|from|during|before|after|through|throughout|early|late|mid"
    r"|end|and|to|the|between|around|spring|summer|autumn|winter|for)"
)
#: A hyphen may stand before a day only behind the date that a range begins with.
_ALONE = r"(?:(?<![\w.,/-])|(?<=(?:uary|arch|pril|\sMay|June|July|gust|mber|ober)-)|(?<=\s\d{4}-))"

_EXPRESSION = re.compile(
    rf"""
    (?<![\w./-])(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)(?![\d-])
    | (?<![\w./-])(?P<figures>\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}))(?!\d)
    | {_ALONE}(?P<days>(?P<day>{_DAY})\s?[-–]\s?(?P<until>{_DAY})
        \s(?P<days_month>{_MONTH})(?:{_OF}(?P<days_year>{_YEAR}))?)
    | {_ALONE}(?P<dated>{_DAY}\s(?:of\s)?{_MONTH}(?:{_OF}(?P<dated_year>{_YEAR}))?)
    | \b(?P<named>(?P<named_month>{_MONTH})\s(?P<named_day>{_DAY})
        (?:[-–](?P<named_until>{_DAY})
        |\s?(?:[-–]|to|through|and|or)\s?(?P<named_last>{_DAY})(?={_OF}{_YEAR}))?
        (?:{_OF}(?P<named_year>{_YEAR}))?)(?!\w)
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

_KINDS = (
    *("iso", "figures", "days", "dated", "named", "month"),
    *("ago", "relative", "weekday", "slashed", "bare", "year"),
)
RELATIVE = ("ago", "relative", "weekday")
_WITH_YEAR = ("days", "dated", "named")
_YEARLESS = (*_WITH_YEAR, "slashed", "bare")
#: In lower case and without a year they are verbs: "another 20 may follow", "they may march".
_VERB = re.compile(r"\b(?:may|march)\b")
_IN = re.compile(r"\bin\s\Z", re.IGNORECASE)
#: Where a sentence ends. An abbreviation ends none.
_SENTENCE_END = re.compile(r"(?<=[a-z\d)]{3})[.?!][\"'”’)]*\s+(?=[^\W\d_a-z]|[“\"(])|\n\s*\n")
#: So many characters of it are looked at on either side of a date.
_NEAR = 500


@dataclass(frozen=True, slots=True)
class Words:
    """One time expression: its kind, and the sentence in which it was found."""

    match: re.Match[str]
    kind: str
    sentence: Span

    @property
    def span(self) -> Span:
        """The words without what leads to them ("in", "on")."""
        return Span(*self.match.span(self.kind))

    @property
    def own_year(self) -> str | None:
        """The year that stands with a day of a month."""
        return self.match[f"{self.kind}_year"] if self.kind in _WITH_YEAR else None

    @property
    def names_a_year(self) -> bool:
        """Whether it is "last year" or the like."""
        return self.kind == "relative" and self.match[self.kind].lower().endswith("year")

    @property
    def yearless(self) -> bool:
        """Whether it is a day or month whose year has to be told from elsewhere."""
        return self.kind in _YEARLESS and self.own_year is None


def expressions(text: str, stretch: Span) -> Iterator[Words]:
    """The time expressions between two offsets, in order."""
    breaks = list(_SENTENCE_END.finditer(text, stretch.start, stretch.end))
    starts = [stretch.start, *(m.end() for m in breaks)]
    ends = [*(m.start() for m in breaks), stretch.end]
    for match in _EXPRESSION.finditer(text, stretch.start, stretch.end):
        kind = next(k for k in _KINDS if match[k])
        at = bisect_right(starts, match.start(kind)) - 1
        first, last = max(starts[at], match.start() - _NEAR), min(ends[at], match.end() + _NEAR)
        found = Words(match, kind, Span(first, last))
        if not (found.yearless and _is_no_date(text, found)):
            yield found


def _is_no_date(text: str, words: Words) -> bool:
    said, start = words.match[words.kind], words.span.start
    if words.kind == "named" and _IN.search(text[max(0, start - 4) : start]):
        return True  # "in May 20 men came"
    return _VERB.search(said) is not None or (words.kind == "bare" and not said[0].isupper())


#: A month or a day without its year is looked for in the year that ends so many days after the
#: day of writing: in a sentence that looks ahead, and in any other.
_PLANNED, _REPORTED = timedelta(days=180), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Around:
    """What tells the year of a day that names none.

    `written` is the document's date, `year` one named before in the same sentence, `doubt` one
    named there that need not be meant, `anchor` the first day of the date before in the same
    paragraph, `planned` whether the sentence looks ahead (None: in doubt).
    """

    written: str | None
    year: int | None = None
    doubt: int | None = None
    anchor: str | None = None
    planned: bool | None = False


def meant(words: Words, around: Around) -> Days | None:
    """The first and the last day of one expression; None where it cannot be told."""
    match, kind = words.match, words.kind
    said = " ".join(match[kind].split())
    if kind in ("iso", "year"):
        return _real(said)
    if kind in RELATIVE:
        return _counted(said, around)
    if kind == "slashed":
        said = _slashed(said) or ""
    if kind in ("days", "named"):
        return _ranged(words, around)
    if kind in ("dated", "slashed", "bare") and said:
        return _absolute(said, words.own_year, around)
    return _parsed(said, date(2000, 1, 1)) if said else None


def _ranged(words: Words, around: Around) -> Days | None:
    """A day, or the days from one to another of the same month, the month before or after."""
    match, named = words.match, words.kind == "named"
    month = match["named_month" if named else "days_month"]
    until = (match["named_until"] or match["named_last"]) if named else match["until"]
    first = _absolute(f"{match['named_day' if named else 'day']} {month}", words.own_year, around)
    if first is None or until is None:
        return first
    last = _in_year(f"{until} {month}", int(first[0][:4]))
    return (first[0], last[1]) if last and last[1] >= first[0] else None


def _real(iso: str) -> Days | None:
    try:
        first, last = date_range(iso)
        date.fromisoformat(first)
        date.fromisoformat(last)
    except ValueError:
        return None
    return first, last


def _counted(words: str, around: Around) -> Days | None:
    """What is meant from the day of writing; None where that is beyond the calendar."""
    if around.written is None or len(around.written) < 10:
        return None
    base = date.fromisoformat(around.written)
    *before, last = words.lower().split()
    try:
        if last.endswith("day") and last not in ("yesterday", "today"):
            return _weekday(before, last, base, around.planned)
        if before and before[0] in ("this", "next", "past", "last"):
            step = {"this": 0, "next": 1}.get(before[0], -1)
            return _span_of(last, base, step)
        return _parsed(words, base)
    except OverflowError:
        return None


def _weekday(before: list[str], name: str, base: date, planned: bool | None) -> Days | None:
    """The one behind the day of writing, or before it where the sentence looks ahead."""
    names = "monday tuesday wednesday thursday friday saturday sunday".split()
    ahead = (names.index(name) - base.weekday()) % 7  # on the day itself it is that day
    if before == ["next"]:
        ahead = ahead or 7
    elif before in (["last"], ["past"]):
        ahead -= 7
    elif ahead and planned is None:
        return None
    elif ahead and not planned:
        ahead -= 7
    day = (base + timedelta(days=ahead)).isoformat()
    return day, day


def _span_of(unit: str, base: date, step: int) -> Days | None:
    """The calendar week (from Monday), month or year that lies `step` units from a day."""
    if unit == "week":
        first = base - timedelta(days=base.weekday()) + timedelta(weeks=step)
        return first.isoformat(), (first + timedelta(days=6)).isoformat()
    if unit == "month":
        month = base.year * 12 + base.month - 1 + step
        return _real(f"{month // 12:04d}-{month % 12 + 1:02d}")
    return _real(f"{base.year + step:04d}")


def _slashed(words: str) -> str | None:
    """`27/9` as `27.9`, day first unless that is no date; 9/11 has a meaning of its own."""
    first, second = (int(part) for part in words.split("/"))
    if words in ("9/11", "24/7", "7/7"):
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    return f"{day}.{month}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _absolute(words: str, named: str | None, around: Around) -> Days | None:
    """A day or month of a year: the one named with it, named before it, or nearest to writing."""
    if named:
        return _in_year(re.sub(rf",?\s(?:(?:of|in)\s)?{named}\Z", "", words), int(named))
    if around.year is not None:
        return _in_year(words, around.year)
    days = _onward(words, around) or _nearest(words, around)
    doubtful = days and around.doubt and int(days[0][:4]) != around.doubt
    return None if doubtful else days


def _onward(words: str, around: Around) -> Days | None:
    """The day in the year of the date before it in the paragraph, if it follows that date."""
    if around.anchor is None:
        return None
    days = _in_year(words, int(around.anchor[:4]))
    in_time = days and (around.written is None or days[0] <= around.written)
    return days if days and in_time and days[0] >= around.anchor else None


def _nearest(words: str, around: Around) -> Days | None:
    """The last such day before the writing, or the next if the sentence looks ahead."""
    written = around.written
    if written is None:
        return None
    base = date.fromisoformat((written + "-06-15"[len(written) - 4 :])[:10])
    if len(written) < 10:
        return _in_year(words, base.year)
    reported, planned = (_until(words, base, ahead) for ahead in (_REPORTED, _PLANNED))
    if around.planned is None:
        return reported if reported == planned else None
    return planned if around.planned else reported


def _until(words: str, base: date, ahead: timedelta) -> Days | None:
    """The last such day that is at most so long after another."""
    last = base + min(ahead, date.max - base)
    for year in (last.year, last.year - 1):
        days = _in_year(words, year)
        if days and days[0] <= last.isoformat():
            return days
    return None


def _in_year(words: str, year: int) -> Days | None:
    if not date.min.year <= year <= date.max.year:
        return None
    joint = "." if "." in words and words[-1].isdigit() else " "
    return _parsed(f"{words}{joint}{year:04d}", date(2000, 1, 1))


@lru_cache(maxsize=4096)
def _parsed(words: str, base: date) -> Days | None:
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
