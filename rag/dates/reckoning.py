"""The days that words for a time mean.

`27/9` in a thread of 2020 is 27 September 2020; "last week" is meant from the day on which it was
written. `rag.dates.datewords` finds the words and `dateparser` reads them; what stands here decides
the year where none is named, as far as `rag.dates.when` tells what stands around.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.dates.datewords import RELATIVE, Words
from rag.store.database import date_range

if TYPE_CHECKING:
    from dateparser import DateDataParser

__all__ = ["Around", "Days", "meant"]

Days = tuple[str, str]
"""A first and a last day, `YYYY-MM-DD`."""

#: A month or a day without its year is looked for in the year that ends so many days after the
#: day of writing: in a sentence that looks ahead, and in any other.
_PLANNED, _REPORTED = timedelta(days=180), timedelta(days=7)

_COUNTS = {
    word: count
    for count, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Around:
    """What tells the year of a day that names none.

    `written` is the document's date, `month_first` whether it writes 9/27 for 27/9, `year` one
    named before in the same sentence, `doubt` one named there that need not be meant, `anchor` the
    first day of the date before in the same paragraph, `planned` whether the sentence looks ahead
    (None: in doubt).
    """

    written: str | None
    year: int | None = None
    doubt: int | None = None
    anchor: str | None = None
    planned: bool | None = False
    month_first: bool = False


def meant(words: Words, around: Around) -> Days | None:
    """The first and the last day of one expression; None where it cannot be told."""
    match, kind = words.match, words.kind
    said = " ".join(match[kind].split())
    if kind == "iso":
        return _real(said.replace("/", "-"))
    if kind == "year":
        return _years(said)
    if kind == "decade":
        return f"{said[:4]}-01-01", f"{said[:3]}9-12-31"
    if kind == "past":
        return _past(said, around)
    if kind in RELATIVE:
        return _counted(said, around)
    if kind == "slashed":
        said = _slashed(said, around) or ""
    if kind == "figures" and "/" in said and around.month_first:
        said = _turned(said)
    if kind in ("days", "named"):
        return _ranged(words, around)
    if kind in ("dated", "slashed", "bare") and said:
        return _absolute(said, words.own_year, around)
    return _parsed(said, date(2000, 1, 1)) if said else None


def _years(said: str) -> Days | None:
    """A year, or those from one to another: `1988–1994`, `1992-93`; `2022-03` is a month."""
    first, _, last = (part.strip() for part in re.sub("[–/]", "-", said).partition("-"))
    if not last:
        return _real(first)
    until = int(first[: max(0, 4 - len(last))] + last)
    if until % 100 == 0 and len(last) == 2:
        until += 100  # `1999-00`
    if until == int(first) + 1 or (until > int(first) and ("–" in said or not _is_month(last))):
        return f"{first}-01-01", f"{until:04d}-12-31"
    return _real(said) if "-" in said and _is_month(last) else None


def _is_month(figures: str) -> bool:
    return len(figures) == 2 and 1 <= int(figures) <= 12


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
        if last in ("yesterday", "today", "tomorrow"):
            return _parsed(words.lower().removeprefix("the "), base)
        if last.endswith("day"):
            return _weekday(before, last, base, around.planned)
        if before and before[0] in ("this", "next", "last"):
            step = {"this": 0, "next": 1}.get(before[0], -1)
            return _span_of(last, base, step)
        return _parsed(words, base)
    except OverflowError:
        return None


def _past(said: str, around: Around) -> Days | None:
    """The days up to that of writing: "the past year", "the last two months"."""
    if around.written is None or len(around.written) < 10:
        return None
    *before, unit = said.lower().split()
    count = _COUNTS.get(before[-1], 1) if not before[-1].isdigit() else int(before[-1])
    base = date.fromisoformat(around.written)
    try:
        return _back(base, count, unit.rstrip("s")).isoformat(), around.written
    except (OverflowError, ValueError):
        return None


def _back(base: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return base - timedelta(**{f"{unit}s": count})
    month = base.year * 12 + base.month - 1 - count * (12 if unit == "year" else 1)
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(base.day, calendar.monthrange(year, month)[1]))


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


def _turned(words: str) -> str:
    """`9/11/2020` as `11/9/2020`."""
    first, second, *year = words.split("/")
    return "/".join((second, first, *year)) if int(first) <= 12 else words


def _slashed(words: str, around: Around) -> str | None:
    """`27/9` as `27.9`, day first unless that is no date; 9/11 has a meaning of its own."""
    if words in ("9/11", "24/7", "7/7"):
        return None
    said = _turned(words) if around.month_first else words
    first, second = (int(part) for part in said.split("/"))
    day, month = (first, second) if second <= 12 else (second, first)
    return f"{day}.{month}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _absolute(words: str, named: str | None, around: Around) -> Days | None:
    """A day or month of a year: the one named with it, named before it, or nearest to writing."""
    if named:
        return _in_year(re.sub(rf"(?:\s?,)?\s(?:(?:of|in)\s)?{named}\Z", "", words), int(named))
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
