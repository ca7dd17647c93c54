"""When a document is from, and who says so. A date is found or there is none: never today's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from email.utils import parsedate_to_datetime

__all__ = ["date_in_name", "find_date", "inline_date", "parse_any"]

_INLINE = re.compile(r"[\s\ufeff]*date\s*:?\s*(\d{4}-\d{2}-\d{2})(?!\d)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_IN_NAME = (
    re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})[-_.](\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})(?![^\W_])"),
    re.compile(r"(?<![^\W_])(\d{4})(?=$|[\W_]|Q[1-4])"),
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
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]+)\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH_YEAR = re.compile(r"([A-Za-z]+)\.?,?\s+(\d{4})$")


def find_date(candidates: Iterable[tuple[object, str]]) -> tuple[str | None, str | None]:
    """The first candidate that is a real date, as ISO, with its origin; else (None, None)."""
    for value, origin in candidates:
        parsed = parse_any(value)
        if parsed is not None:
            return parsed, origin
    return None, None


def inline_date(text: str) -> str | None:
    """The `date YYYY-MM-DD` in front of a document's first sentence."""
    match = _INLINE.match(text)
    return match.group(1) if match else None


def date_in_name(name: str) -> str | None:
    """The first real date of a file name, the most precise form first."""
    for pattern in _IN_NAME:
        matches = list(pattern.finditer(name))
        if pattern is _IN_NAME[-1] and len(matches) > 1:
            return None  # two bare years name a period that the document is about
        for match in matches:
            found = _iso(*(int(g) for g in match.groups()))
            if found is not None:
                return found
    return None


def parse_any(value: object) -> str | None:
    """An ISO date (YYYY, YYYY-MM or YYYY-MM-DD) from a metadata value; None if it is none."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return _iso(value) if value < 10_000 else None
    if not isinstance(value, str):
        return None
    text = value.strip().removeprefix("D:")
    for pattern in (_COMPACT, _ISO):
        match = pattern.match(text)
        if match:
            return _iso(*(int(g) for g in match.groups() if g))
    return _written(text) or _rfc2822(text)


def _written(text: str) -> str | None:
    """Dates with the month in letters: 7 November 2023, Nov 7, 2023, November 2023."""
    if match := _DAY_MONTH.search(text):
        day, month, year = match.groups()
    elif match := _MONTH_DAY.search(text):
        month, day, year = match.groups()
    elif match := _MONTH_YEAR.match(text):
        month, year = match.groups()
        number = _MONTHS.get(month.lower())
        return _iso(int(year), number) if number else None
    else:
        return None
    number = _MONTHS.get(month.lower())
    return _iso(int(year), number, int(day)) if number else None


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
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}" if day is None else f"{year:04d}-{month:02d}-{day:02d}"
