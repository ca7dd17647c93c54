"""When a document is from, and who says so. A date is found or there is none: never today's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from rag.text import INLINE_DATE

__all__ = ["date_in_name", "find_date", "inline_date", "parse_any", "stated"]

#: What a clock says that was never set, and the origins that a clock is behind.
_UNSET = frozenset({"1904-01-01", "1970-01-01", "1980-01-01"})
_BY_CLOCK = frozenset({"header", "pdf metadata", "docx metadata"})
#: The names under which metadata has the date of what it describes, the surest first.
_KEYS = (
    "date published datepublished publisheddate publishdate publicationdate pubdate publishedat"
    " publishedon dateissued posted created datecreated createdat createdutc timestamp"
).split()
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2(\d{4})(?!\d)")
_EPOCH = re.compile(r"(\d{9,10})(?:\d{3})?(?:\.\d+)?")
_IN_NAME = (
    re.compile(r"(?<!\d)(\d{4})[-_.](\d{1,2})[-_.](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})(?![^\W_])"),
    re.compile(r"(?<![^\W_])(\d{4})(?=$|[\W_]|Q[1-4])(?!\.\d{3})"),
)
#: In front of a bare year: what makes it the time that is told of, or no year at all.
_NO_DATE_BEFORE = re.compile(
    r"\b(?:of|in|since|after|before|until|till|by|for|from|to|around|circa|during|post|pre"
    r"|resolution|res|rfc|iso|din|no|nr|room|flight|agenda|vision)[\W_]+(?:the[\W_]+)?$",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug"
    "|september sep sept|october oct|november nov|december dec"
)
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split("|"), start=1)
    for name in names.split()
}
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+(?:of\s+)?([A-Za-z]+)\.?,?[\s-]+(\d{4})"
)
_MONTH_DAY = re.compile(r"([A-Za-z]+)\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4}),?[\s-]+([A-Za-z]+)\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?(?![^\W_])"
)
_MONTH_YEAR = re.compile(r"([A-Za-z]+)\.?,?\s+(\d{4})(?!\d)")
#: The written forms, the most precise first, with where each has its year, month and day.
_WRITTEN = (
    (_DAY_MONTH, (2, 1, 0)),
    (_MONTH_DAY, (2, 0, 1)),
    (_YEAR_FIRST, (0, 1, 2)),
    (_MONTH_YEAR, (1, 0)),
)


def find_date(candidates: Iterable[tuple[object, str]]) -> tuple[str | None, str | None]:
    """The first candidate that is a real date, as ISO, with its origin; else (None, None)."""
    for value, origin in candidates:
        parsed = parse_any(value)
        if parsed is not None and not (parsed in _UNSET and origin in _BY_CLOCK):
            return parsed, origin
    return None, None


def inline_date(text: str) -> str | None:
    """The `date YYYY-MM-DD` in front of a document's first sentence."""
    match = INLINE_DATE.match(text)
    return match.group(1) if match else None


def stated(metadata: Mapping[str, object]) -> list[object]:
    """The values that metadata has for the date of what it describes, the surest first."""
    named = {re.sub(r"[\W_]", "", key.casefold()): value for key, value in metadata.items()}
    return [named[key] for key in _KEYS if named.get(key) is not None]


def date_in_name(name: str) -> str | None:
    """The first real date of a file name, the most precise form first."""
    for pattern in _IN_NAME:
        if pattern is _IN_NAME[2] and (found := _day_first(name) or _written(_apart(name))):
            return found
        matches = list(pattern.finditer(name))
        if pattern is _IN_NAME[-1] and len(matches) > 1:
            return None  # two bare years name a period that the document is about
        for match in matches:
            found = _iso(*(int(g) for g in match.groups()))
            if found is not None and not (pattern is _IN_NAME[-1] and _told_of(name, match)):
                return found
    return None


def _told_of(name: str, match: re.Match[str]) -> bool:
    """Whether a bare year is what a document is about: `since 2008`, or a year to come."""
    before = re.sub(r"_", " ", name[: match.start()])
    to_come = int(match[1]) > datetime.now(UTC).year
    return to_come or _NO_DATE_BEFORE.search(before) is not None


def _apart(name: str) -> str:
    """A file name as words: `report_10-November-2020` is `report 10 November 2020`."""
    return re.sub(r"[\W_]+|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z]{3})", " ", name).strip()


def parse_any(value: object) -> str | None:
    """An ISO date (YYYY, YYYY-MM or YYYY-MM-DD) from a metadata value; None if it is none."""
    if isinstance(value, date):
        return _iso(value.year, value.month, value.day)  # year 1 is what programs put for none
    if isinstance(value, float):
        # YAML reads `2023.10` as 2023.1: which month was meant can no longer be told.
        return parse_any(int(value)) if value.is_integer() else _epoch(str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    text = value.strip().removeprefix("D:")
    if _YEAR_FIRST.match(text) and (found := _written(text)):
        return found  # before `2023 Nov 7` counts as the year alone
    for pattern in (_COMPACT, _ISO):
        match = pattern.match(text)
        if match:
            return _iso(*(int(g) for g in match.groups() if g)) or _epoch(text)
    return _epoch(text) or _day_first(text) or _written(text) or _rfc2822(text)


def _epoch(text: str) -> str | None:
    """The day, in UTC, of a number of seconds or milliseconds since 1970."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    day = datetime.fromtimestamp(int(match[1]), UTC)
    return _iso(day.year, day.month, day.day)


def _day_first(text: str) -> str | None:
    """`10.11.2020`; with another sign only where day and month cannot be mistaken."""
    match = _DAY_FIRST.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12 or first == second:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > 12 else None


def _written(text: str) -> str | None:
    """Dates with the month in letters: 7-Nov-2023, Nov 7, 2023, 2023 Nov 7, November 2023."""
    for pattern, order in _WRITTEN:
        for match in pattern.finditer(text):
            year, month, *day = (match.groups()[i] for i in order)
            number = _MONTHS.get(month.lower())
            if number and (found := _iso(int(year), number, *map(int, day))):
                return found
    return None


def _rfc2822(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The parts as ISO when they are a plausible day of the calendar."""
    if not 1800 <= year <= 2100:
        return None
    try:
        # A month or day of 0 is no date either, so only what is missing counts as 1.
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if month is None:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}" if day is None else f"{year:04d}-{month:02d}-{day:02d}"
