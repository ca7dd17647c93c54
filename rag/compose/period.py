"""The days that a question asks about, as its words bound them.

"Since early 2020" opens a period, "before the war of 2020" closes one, "in late 2021" is a part of
a year, and "on 27 September", said of no year, is that day of any.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.dates.when import Moment

__all__ = ["Period", "asked_for", "narrowed", "opened"]

#: A day that is no longer than this can be told apart from others without its year.
_MONTH_LONG = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, `YYYY-MM-DD`, both of them in it; None leaves that end open.

    With `yearly` the days of any year are meant; then neither end is open.
    """

    first: str | None
    last: str | None
    yearly: bool = False

    def holds(self, first: str | None, last: str | None) -> bool:
        """Whether some of the days between the two lie in it; nothing undated does."""
        if first is None or last is None:
            return False
        if self.yearly:
            near = self.near(first)
            return self.compares(first, last) and any(p.holds(first, last) for p in near)
        return (self.first or "") <= last and first <= (self.last or "9999")

    def compares(self, first: str, last: str) -> bool:
        """Whether the days between the two can be told apart from its own."""
        return not self.yearly or _is_short(first, last)

    def near(self, day: str) -> tuple[Period, ...]:
        """The period itself; a yearly one as it is in the year of a day and those beside it."""
        if not (self.yearly and self.first and self.last):
            return (self,)
        year, over = int(day[:4]), int(self.last[:4]) - int(self.first[:4])
        return tuple(
            Period(f"{y:04d}{self.first[4:]}", f"{y + over:04d}{self.last[4:]}")
            for y in range(max(1, year - 1), min(year + 1, 9998 - over) + 1)
        )

    def __str__(self) -> str:
        """`from 2020-01-01 to 2020-12-31`."""
        first, last = self.first, self.last
        if self.yearly and first and last:
            ends = list(dict.fromkeys((_of_year(first), _of_year(last))))
            return f"{'from ' * (len(ends) > 1)}{' to '.join(ends)} of any year"
        return " ".join([*([f"from {first}"] if first else []), *([f"to {last}"] if last else [])])


def _of_year(day: str) -> str:
    return f"{int(day[8:])} {calendar.month_name[int(day[5:7])]}"


def _is_short(first: str, last: str) -> bool:
    return date.fromisoformat(last) - date.fromisoformat(first) <= _MONTH_LONG


_PART = (
    r"(?:(?:the\s)?(?:very\s)?(?P<part>end|close|start|beginning|middle|spring|summer|autumn|fall"
    r"|winter|(?:first|second)\shalf|(?:first|second|third|fourth|last)\squarter"
    r"|early|late|mid|Q[1-4])(?:\sof|\sin)?(?:\sthe\syear)?(?:[\s-]))"
)
#: "The ceasefire of", "the earthquake in". What came before a court or a council was heard by it.
_THING = (
    r"(?:(?:the|an?|its|his|her|their)\s"
    r"(?!(?:\w+\s)?(?:court|tribunal|council|parliament|committee|commission|assembly|judges?)\b)"
    r"(?:[\w’'-]+\s){1,5}?(?:of|in|on|from)\s)"
)
_IT = _PART.replace("?P<part>", "?:")
_BEHIND = re.compile(
    rf"\b(?:(?:since|from|(?P<without>after))\s+{_PART}?"
    rf"|(?:since|after)\s+(?:{_THING}{_IT}?|(?P<named>the\s)))\Z",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:(?:until|till|up\sto|by|(?P<without>before|prior\sto))\s+{_PART}?"
    rf"|(?:before|prior\sto)\s+(?:{_THING}{_IT}?|(?P<named>the\s)))\Z",
    re.IGNORECASE,
)
_IN_PART = re.compile(rf"(?<!\w){_PART}\Z", re.IGNORECASE)

#: First and last month of the parts of a year, and first and last day of those of a month (the
#: last part ends with it). A winter is of two years.
_MONTHS = {
    **dict.fromkeys(("start", "beginning", "first quarter", "q1"), (1, 3)),
    **dict.fromkeys(("second quarter", "q2"), (4, 6)),
    **dict.fromkeys(("third quarter", "q3"), (7, 9)),
    **dict.fromkeys(("fourth quarter", "last quarter", "q4", "end", "close"), (10, 12)),
    **{"early": (1, 4), "mid": (5, 8), "middle": (5, 8), "late": (9, 12)},
    **{"first half": (1, 6), "second half": (7, 12)},
    **{"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)},
}
_DAYS = {
    **dict.fromkeys(("start", "beginning", "early"), (1, 10)),
    **dict.fromkeys(("mid", "middle"), (11, 20)),
    **dict.fromkeys(("late", "end", "close"), (21, 31)),
    **{"first half": (1, 15), "second half": (16, 31)},
}


def narrowed(before: str, moment: Moment) -> tuple[str, str]:
    """First and last day of a year or month, or of the part of it that the words before name."""
    first, last = moment.first, moment.last
    said = _IN_PART.search(before)
    part = " ".join(said["part"].lower().split()) if said else ""
    if first[4:] == "-01-01" and last == f"{first[:4]}-12-31" and part in _MONTHS:
        begin, end = _MONTHS[part]
        days = calendar.monthrange(int(first[:4]), end)[1]
        return f"{first[:4]}-{begin:02d}-01", f"{first[:4]}-{end:02d}-{days:02d}"
    if first[8:] == "01" and first[:7] == last[:7] and int(last[8:]) > 27 and part in _DAYS:
        begin, end = _DAYS[part]
        return f"{first[:7]}-{begin:02d}", min(f"{first[:7]}-{end:02d}", last)
    return first, last


def opened(before: str, moment: Moment) -> Period:
    """The period that a moment and the words before it mean.

    "After 2016" begins with 2017; what was "after the war of 2016" may have been in that year.
    """
    first, last = narrowed(before, moment)
    if moment.until:
        return Period(first, moment.until)
    since, until = _BEHIND.search(before), _BEFORE.search(before)
    if since:
        apart = since["without"] or (since["named"] and _is_decade(moment))
        return Period(_moved(last, 1) if apart else first, None)
    if until:
        ends = (until["part"] or "").lower() in ("end", "close")
        apart = until["without"] or (until["named"] and _is_decade(moment))
        return Period(None, _moved(first, -1) if apart and not ends else last)
    return Period(first, last)


def _is_decade(moment: Moment) -> bool:
    """Whether it is no part of a name, as a year is in "the 2020 war"."""
    return moment.first[3:] == "0-01-01" and moment.last == f"{moment.first[:3]}9-12-31"


def asked_for(asked: str, told: Sequence[Moment]) -> Period | None:
    """What the moments of a question mean together; None where they bound nothing."""
    ranges = {m.until for m in told if m.until}
    found = [opened(asked[: m.span.start], m) for m in told if m.until or m.last not in ranges]
    starts = [p.first for p in found if p.last is None and p.first]
    ends = [p.last for p in found if p.first is None and p.last]
    plain = [p for p in found if p.first and p.last]
    if starts and ends and min(starts) > max(ends):
        return None  # "before 2016 and after 2020"
    first = min([*starts, *(p.first for p in plain if p.first)], default=None)
    last = max([*ends, *(p.last for p in plain if p.last)], default=None)
    first, last = None if ends and not starts else first, None if starts and not ends else last
    return Period(first, last) if first or last else None


def _moved(day: str, by: int) -> str:
    """The day before or after another; itself where the calendar ends."""
    try:
        return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
    except OverflowError:
        return day
