"""Numbers and dates as they stand in a sentence, in a form that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.figures import FIGURE, SCALE, is_plain, precision, value

__all__ = [
    "COUNTED",
    "Amount",
    "Day",
    "amounts",
    "days",
    "days_exclude",
    "near",
    "same_day",
    "without_days",
]

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
#: `Sept. 3`, `3 Sep 2020`: only beside a day, since `Jan` and `Mar` are more than months.
_SHORT = "|".join(rf"{m[:3].capitalize()}\b\.?" for m in _MONTHS if m != "may") + r"|Sept\b\.?"
_MONTH = "(?P<month>" + "|".join(m.capitalize() for m in _MONTHS) + ")"
_MONTH_BY_DAY = f"{_MONTH[:-1]}|{_SHORT})"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_TH = r"(?:st|nd|rd|th)?"
#: A day of which another is told too leaves it open which: `3–5 May`, `the night of 3 to 4 May`.
_OR_DAY = rf"(?P<more>\b\d{{1,2}}{_TH}\s?(?:[-–/]|to|and|or)\s?)?"
_TO_DAY = rf"(?P<more>[-–/]\d{{1,2}}\b(?![\d:])|\s(?:to|and|or)\s\d{{1,2}}{_TH}\b(?=[.,;]|\Z))?"
COUNTED = (
    r"(?:people|persons|men|women|children|civilians|soldiers|troops|fighters|peacekeepers|refugees"
    r"|families|homes|houses|villages|dead|wounded|votes|dollars|euros|pounds|rou?bles|tonnes|tons"
    r"|miles|(?:kilo)?met(?:re|er)s|feet|k?m|kg|hectares|barrels|MW|hours|GMT|UTC|local\stime"
    r"|per\s?cent)\b"
)
"""What a number that looks like a year or a day counts (`1950 people`), or what tells the hour."""
_DAYS = (
    re.compile(
        rf"{_OR_DAY}\b(?P<day>\d{{1,2}}){_TH}\s(?:of\s)?{_MONTH_BY_DAY}(?!\w)"
        rf"(?:,?\s{_YEAR}\b)?"
    ),
    # `In May 31 people drowned` tells of no 31st.
    re.compile(
        rf"\b(?<![Ii]n\s){_MONTH_BY_DAY}\s(?P<day>\d{{1,2}}){_TH}\b(?!\d){_TO_DAY}(?:,?\s{_YEAR}\b)?"
    ),
    re.compile(rf"\b{_MONTH}(?:,?\s(?:of\s)?{_YEAR}\b)"),
    re.compile(rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(
        rf"(?<![\d,.$€£])\b{_YEAR}\b(?![,.]\d)(?!\s{COUNTED})(?P<span>[-–/]\d\d\b(?![-\d]))?"
    ),
)
_BOUNDS = tuple(
    (kind, re.compile(rf"(?i)(?:{words})\s\Z"))
    for kind, words in (
        (
            "after",
            r"(?:\bnot\b|n['’]t\b)[^.;]{0,60}\b(?:until|till|before)"
            r"|(?<!not\s)\bafter|(?<!no\s)\blater than|\bno earlier than",
        ),
        ("before", r"\b(?:before|by|until|till|up to|prior to|no later than|not after)"),
        ("about", r"\b(?:about|around|circa|roughly|approximately|probably|perhaps|c\.|ca\.)"),
    )
)
#: Years up to which a date that is told roughly may be missed.
YEARS_ABOUT = 2
_LOWER = (
    "no fewer than|no less than|not fewer than|not less than|more than|over|at least|in excess of"
    "|upwards of|a minimum of|above|exceeding"
)
_UPPER = (
    "no more than|not more than|fewer than|less than|under|up to|as many as|at most|a maximum of"
    "|below"
)
_ABOUT = (
    "about|some|around|nearly|almost|roughly|approximately|an estimated|estimated|close to|circa"
    "|perhaps"
)
_AMOUNT = re.compile(
    rf"(?:\b(?P<bound>{_LOWER}|{_UPPER}|{_ABOUT})\s)?(?:~|(?P<sign>[$€£]))?"
    rf"(?<![\w.,/–-])(?<!\d:)(?P<low>{FIGURE})"
    rf"(?:(?P<link>\s?[-–]\s?|\s(?:to|and|or)\s)[$€£]?(?P<high>{FIGURE}))?"
    # After a sign of currency an `m` is a million: `€5m`.
    rf"(?:(?(sign)\s?(?P<signed>mn?|bn|tn)(?!\w)|(?!))|{SCALE})",
    re.IGNORECASE,
)
_THOUSANDS_OR_PARTS = re.compile(r"\d{1,3}\.\d{3}")
_UNIT = re.compile(
    r"(?:\s?(?:%|percent\b|per cent\b)|(?:[\s-](?![.;:]|and\b|or\b)[\w’'-]+){1,3})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it may mean at least and at most, its own words, and words after it.

    `precision` is the unit of its last digit; `before` and `after` are the sentence around it.
    """

    low: float
    high: float
    text: str
    unit: tuple[str, ...]
    precision: float = 0.0
    before: str = ""
    after: str = ""

    def excludes(self, other: Amount) -> bool:
        """Whether both cannot be right: neither is the other one rounded."""
        apart = max(other.low - self.high, self.low - other.high)
        rounded = max(self.precision, other.precision) / 2
        return apart > 0 and (self.precision == other.precision or apart > rounded)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told: any part may be None.

    `bound` is `before`, `after` or `about` where a word in front makes it so; else empty.
    """

    year: int | None
    month: int | None
    day: int | None
    text: str
    bound: str = ""


def days(text: str) -> list[Day]:
    """The dates of a text in order."""
    return [day for _, day in sorted(_found(text), key=lambda item: item[0])]


def _found(text: str) -> list[tuple[int, Day]]:
    found, taken = [], text
    for pattern in _DAYS:
        for match in pattern.finditer(taken):
            parts = match.groupdict()
            named, year, day = parts.get("month"), parts.get("year"), parts.get("day")
            month = _number(named) if named else int(parts.get("number") or 0)
            day = None if parts.get("more") else day
            if parts.get("span") and match["year"][2:] < match["span"][1:]:
                year = None  # `1941–45`
            bound = next((b for b, p in _BOUNDS if p.search(text, 0, match.start())), "")
            value = Day(
                int(year) if year else None, month or None, int(day or 0) or None, match[0], bound
            )
            found.append((match.start(), value))
        taken = pattern.sub(lambda m: "\n" * len(m[0]), taken)
    return found


def _number(month: str) -> int:
    """The number of a month by its name or the first letters of it."""
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3]))


def without_days(text: str) -> str:
    """The text with its dates blanked out, at the same offsets."""
    for pattern in _DAYS:
        text = pattern.sub(lambda m: "\n" * len(m[0]), text)
    return text


def same_day(one: Day, other: Day) -> bool:
    """Whether two dates can be one, as far as they are told."""
    return all(a is None or b is None or a == b for a, b in _parts(one, other))


def near(one: Day, other: Day) -> bool:
    """Whether two dates are of one month or of neighbours, in the same year if both tell one."""
    if one.month is None or other.month is None:
        return False
    apart = abs(one.month - other.month)
    if one.year is None or other.year is None:
        return min(apart, 12 - apart) <= 1
    return abs(12 * (one.year - other.year) + one.month - other.month) <= 1


def days_exclude(one: Day, other: Day) -> bool:
    """Whether not both dates can be right; `before 1995` and `in 1992` can."""
    if same_day(one, other):
        return False
    if "about" in (one.bound, other.bound):
        years = (one.year, other.year)
        return None not in years and abs((one.year or 0) - (other.year or 0)) > YEARS_ABOUT
    order = _order(one, other)
    if order is None:
        return not (one.bound or other.bound)
    allowed = {(1, "before"), (-1, "after")}
    return (order, one.bound) not in allowed and (-order, other.bound) not in allowed


def _parts(one: Day, other: Day) -> tuple[tuple[int | None, int | None], ...]:
    return (one.year, other.year), (one.month, other.month), (one.day, other.day)


def _order(one: Day, other: Day) -> int | None:
    """1 where the first date is the later one, -1 where the other is; None where neither shows."""
    for a, b in _parts(one, other):
        if a is not None and b is not None and a != b:
            return 1 if a > b else -1
        if (a is None) != (b is None):
            return None
    return None


def amounts(text: str) -> list[Amount]:
    """The numbers of a text that are no dates, in order."""
    bare = without_days(text)
    found = (_amount(text, bare, match) for match in _AMOUNT.finditer(bare))
    return [amount for amount in found if amount is not None]


def _amount(text: str, bare: str, match: re.Match[str]) -> Amount | None:
    scale = match["signed"] or match["short"] or match["scale"]
    if is_plain(match["low"]) and not scale and not match["high"]:
        return None
    low = value(match["low"], scale)
    high = value(match["high"], scale) if match["high"] else low
    if low > high and not match["link"].isspace() and match["link"].strip() in {"-", "–"}:
        return None  # a score: `2–1`
    unit = _UNIT.match(bare, match.end())
    after = unit[0].lower().replace("per cent", "percent").split() if unit else []
    shown = text[match.start() : match.end()].strip()
    if unit is not None and after and after[0] in {"%", "percent"}:
        shown += unit[0]
    bound = "about" if "~" in match[0] else (match["bound"] or "").lower()
    if not scale and not match["high"] and _THOUSANDS_OR_PARTS.fullmatch(match["low"]):
        high = 1000 * low  # `50.000` may be fifty thousand, as it is written in half of Europe.
    low, high = _between(min(low, high), max(low, high), bound)
    exact = precision(match["high"] or match["low"], scale)
    around = bare[: match.start()], bare[match.end() :]
    return Amount(low, high, shown, tuple(after), exact, *around)


def _between(low: float, high: float, bound: str) -> tuple[float, float]:
    """What a number means with the words before it; a round one means its neighbourhood."""
    if bound in _LOWER.split("|"):
        return low, 2 * high
    if bound in _UPPER.split("|"):
        return low / 2, high
    slack = 0.1 if bound else 0.01 if high >= 1000 and high % 100 == 0 else 0.0
    return low * (1 - slack), high * (1 + slack)
