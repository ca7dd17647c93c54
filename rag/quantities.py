"""Numbers and dates as they stand in a sentence, in a form that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Amount", "Day", "amounts", "days", "same_day", "without_days"]

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "(?P<month>" + "|".join(m.capitalize() for m in _MONTHS) + ")"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAYS = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s{_YEAR}\b)?"),
    re.compile(rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s{_YEAR}\b)?"),
    re.compile(rf"\b{_MONTH}(?:,?\s(?:of\s)?{_YEAR}\b)"),
    re.compile(rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"(?<![\d,.$€£])\b{_YEAR}\b(?![,.]\d)"),
)
_SMALL = {
    w: n
    for n, w in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen".split(),
        start=2,
    )
} | {
    w: 10 * n
    for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALE = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_FIGURE = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|(?:" + "|".join(_SMALL) + r")(?!-)\b"
_AMOUNT = re.compile(
    r"(?i:(?P<bound>more than|over|at least|as many as|fewer than|less than|under|up to|about|some"
    r"|around|nearly|almost|roughly|approximately)\s)?[~$€£]?"
    rf"(?<![\w.,/-])(?P<low>{_FIGURE})(?:\s(?:to|and)\s(?P<high>{_FIGURE}))?(?![\w/]|-\d)"
    r"(?:[\s-](?P<scale>hundred|thousand|million|billion))?",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?:\s?(?:%|percent|per cent)|(?:[\s-](?![.;:]|and\b|or\b)[\w’'-]+){1,3})")
_LOWER = frozenset(("more than", "over", "at least"))
_UPPER = frozenset(("fewer than", "less than", "under", "up to", "as many as"))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it may mean at least and at most, its own words, and words after it."""

    low: float
    high: float
    text: str
    unit: tuple[str, ...]

    def excludes(self, other: Amount) -> bool:
        """Whether both cannot be right."""
        return self.high < other.low or other.high < self.low


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told: any part may be None."""

    year: int | None
    month: int | None
    day: int | None
    text: str


def days(text: str) -> list[Day]:
    """The dates of a text in order."""
    return [day for _, day in sorted(_found(text), key=lambda item: item[0])]


def _found(text: str) -> list[tuple[int, Day]]:
    found, taken = [], text
    for pattern in _DAYS:
        for match in pattern.finditer(taken):
            parts = match.groupdict()
            named, year, day = parts.get("month"), parts.get("year"), parts.get("day")
            month = _MONTHS.index(named.lower()) + 1 if named else int(parts.get("number") or 0)
            value = Day(int(year) if year else None, month or None, int(day or 0) or None, match[0])
            found.append((match.start(), value))
        taken = pattern.sub(lambda m: "\n" * len(m[0]), taken)
    return found


def without_days(text: str) -> str:
    """The text with its dates blanked out, at the same offsets."""
    for pattern in _DAYS:
        text = pattern.sub(lambda m: "\n" * len(m[0]), text)
    return text


def same_day(one: Day, other: Day) -> bool:
    """Whether two dates can be one, as far as they are told."""
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(a is None or b is None or a == b for a, b in pairs)


def amounts(text: str) -> list[Amount]:
    """The numbers of a text that are no dates, in order."""
    bare, found = without_days(text), []
    for match in _AMOUNT.finditer(bare):
        unit = _UNIT.match(bare, match.end())
        after = unit[0].lower().replace("per cent", "percent").split() if unit else []
        low = _value(match["low"], match["scale"])
        high = _value(match["high"], match["scale"]) if match["high"] else low
        bound = (match["bound"] or "").lower()
        shown = text[match.start() : match.end()].strip()
        if unit is not None and after and after[0] in {"%", "percent"}:
            shown += unit[0]
        low, high = _between(min(low, high), max(low, high), bound)
        found.append(Amount(low, high, shown, tuple(after)))
    return found


def _value(figure: str, scale: str | None) -> float:
    number = float(_SMALL.get(figure.lower()) or figure.replace(",", ""))
    return number * _SCALE.get((scale or "").lower(), 1.0)


def _between(low: float, high: float, bound: str) -> tuple[float, float]:
    """What a number means with the words before it; a round one means its neighbourhood."""
    if bound in _LOWER:
        return low, 2 * high
    if bound in _UPPER:
        return low / 2, high
    slack = 0.1 if bound else 0.01 if high >= 1000 and high % 100 == 0 else 0.0
    return low * (1 - slack), high * (1 + slack)
