"""The words of a text that name a time, and where they stand; `rag.reckoning` tells their days.

English only, but for dates in figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Span

__all__ = ["RELATIVE", "Words", "expressions"]

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
