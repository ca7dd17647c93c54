"""The words of a text that name a time, and where they stand.

`rag.dates.reckoning` tells their days.

English only, but for dates in figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rag.compare.quantities import COUNTED
from rag.types import Span

__all__ = ["RELATIVE", "Words", "expressions"]

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![^\W\d_])(?:\.(?=,?\s\d))?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
#: "2000 people", "1900 to 2000 tonnes", "1915 BC" and the like are no years.
_NO_YEAR = (
    rf"[\d%]|[.,]\d|s\b|\sB\.?C\b|\s{COUNTED}"
    rf"|\s(?:to|and|or)\s(?:\d{{4,}}|\d+,\d{{3}})\s{COUNTED}"
)
#: The year of a day or month may be any; alone, one before 1800 is so only behind few words.
_OF_DAY = rf"(?:1\d|20)\d\d(?!{_NO_YEAR})"
_YEAR = (
    r"(?:(?:1[89]|20)\d\d|(?:(?<=[Ii]n\s)|(?<=[Ss]ince\s)|(?<=[Uu]ntil\s))1[5-7]\d\d"
    r"(?!\s(?:of|[a-z]+s)\b))(?:\s?[-–]\s?(?:1[5-9]|20)\d\d|[-–/]\d\d|[-–]\d(?!\d))?"
    rf"(?!{_NO_YEAR}|/|-\d)"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d.,]\d|\d)"
#: Text from a PDF may have a space before the comma.
_OF = r"(?:\s?,)?\s(?:(?:of|in)\s)?"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_CUE = (
    r"(?:in|on|since|by|of|until|till|from|during|before|after|through|throughout|early|late|mid"
    r"|end|and|or|to|the|between|around|spring|summer|autumn|winter|for|years?|fiscal|FY|Q[1-4])"
)
#: A hyphen may stand before a day only behind the date that a range begins with.
_ALONE = r"(?:(?<![\w.,/-])|(?<=(?:uary|arch|pril|\sMay|June|July|gust|mber|ober)-)|(?<=\s\d{4}-))"

_EXPRESSION = re.compile(
    rf"""
    (?<![\w./-])(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?|\d{{4}}/\d{{2}}/\d{{2}}(?!/))(?![\d-])
    | (?<![\w./-])(?P<figures>\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}
        |\d{{1,2}}-\d{{1,2}}-\d{{4}}(?!-))(?!\d)
    | {_ALONE}(?P<days>(?P<day>{_DAY})(?:,\s{_DAY}){{0,4}}
        (?:\s?[-–/]\s?|,?\s(?:to|until|till|through|and|or)\s)
        (?P<until>{_DAY})
        \s(?P<days_month>{_MONTH})(?:{_OF}(?P<days_year>{_OF_DAY}))?)
    | {_ALONE}(?P<dated>{_DAY}\s(?:of\s)?{_MONTH}(?:{_OF}(?P<dated_year>{_OF_DAY}))?)
    | \b(?P<named>(?P<named_month>{_MONTH})\s(?P<named_day>{_DAY})
        (?:[-–](?P<named_until>{_DAY})
        |\s?(?:[-–]|to|through|and|or)\s?(?P<named_last>{_DAY})(?={_OF}{_OF_DAY}))?
        (?:{_OF}(?P<named_year>{_OF_DAY}))?)(?!\w)
    | \b(?P<month>{_MONTH}(?:\s?,)?\s(?:of\s)?{_OF_DAY})
    | \b(?P<ago>{_COUNT}\s(?:day|week|month|year)s?\sago)\b
    | \b(?P<past>(?:(?:the\slast|(?:(?:the|this)\s)?past)\s(?:week|month|year)
        |(?:the\slast|(?:the|these)\spast)\s{_COUNT}\s(?:day|week|month|year)s)
        (?!\s(?:of|before|from|in|that|when|to)\b))\b
    | \b(?P<relative>(?:this|(?<!\bthe\s)(?:last|next))\s(?:week|month|year)(?!\sof\b)
        |(?:last|this|past|next)\s{_WEEKDAY}(?!\sof\b)
        |(?:the\s)?day\s(?:before\syesterday|after\stomorrow)|yesterday|today|tomorrow)\b
    | \b(?<=[Oo]n\s)(?P<weekday>{_WEEKDAY})\b
        (?!(?:\s?,)?\s(?:the\s)?(?:{_DAY}\s(?:of\s)?)?{_MONTH}|(?:\s?,)?\s\d{{1,2}}[./]\d)
    | \b(?:on|since|by|till|until|from|before|after)\s(?:{_WEEKDAY},?\s)?
        (?P<slashed>\d{{1,2}}/\d{{1,2}})(?![\d/]|\sof\s(?!(?:that|this|the\ssame|last|next)\b))
    | \b(?P<cue>in|since|by|until|of|from|during|late|early|mid|between|and|to)[\s-]
        (?P<bare>{_MONTH})(?!\s\d|(?:\s?,)?\s(?:of\s)?{_OF_DAY})
    | \b(?P<decade>(?:1[5-9]|20)[1-9]0s)\b
    | (?:\b{_CUE}[\s-]|(?<![\w.,/$€£-])(?=\d{{4}}[-–]\d{{4}}\b))(?P<year>{_YEAR})
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""White space inside is one character, so that a line break may stand there too."""

_KINDS = (
    *("iso", "figures", "days", "dated", "named", "month"),
    *("ago", "past", "relative", "weekday", "slashed", "bare", "decade", "year"),
)
RELATIVE = ("ago", "past", "relative", "weekday")
_WITH_YEAR = ("days", "dated", "named")
_YEARLESS = (*_WITH_YEAR, "slashed", "bare")
#: In lower case and without a year they are verbs: "another 20 may follow", "they may march".
_VERB = re.compile(r"\b(?:may|march)\b")
_IN = re.compile(r"\bin\s\Z", re.IGNORECASE)
#: "By March 20 men had died"; "on March 20 men" names a day.
_MONTH_OF = re.compile(r"\b(?:by|since|until|till|from|of|during|before|after)\s\Z", re.IGNORECASE)
_MEN = re.compile(rf"\s{COUNTED}")
#: "Between January and March", "from January to March".
_FROM_MONTH = re.compile(rf"\b(?:between|from)\s{_MONTH}(?:\s\d{{4}})?\s\Z", re.IGNORECASE)
#: "The toll rose from 1900 to 1950".
_ROSE = re.compile(
    r"\b(?:rose|risen|rises?|grew|grown|fell|fallen|climb|dropp|increas|reduc|cut|rais|amount)[a-z]*"
    r"\s(?:up\s)?(?:from\s(?:[\d,]+\sto\s)?|to\s)\Z",
    re.IGNORECASE,
)
#: Where a sentence ends. An abbreviation ends none.
_SENTENCE_END = re.compile(r"(?<=[a-z\d)]{3})[.?!][\"'”’)]*\s+(?=[^\W\d_a-z]|[“\"(])|\n\s*\n")
#: A year follows that is not read: "27 September '20", "August, AD 74".
_SHORT_YEAR = re.compile(r",?\s(?:['’‘]\d\d\b|A\.?D\.?\s\d)")
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
        """Whether it is "last year" or the like, no run of days."""
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
        if not _is_no_date(text, found):
            yield found


def _is_no_date(text: str, words: Words) -> bool:
    said, start = words.match[words.kind], words.span.start
    lead = text[max(0, start - 30) : start]
    if words.kind == "year":
        return len(said) == 4 and _ROSE.search(lead) is not None
    if not words.yearless:
        return False
    if words.kind == "named":
        counts = _MONTH_OF.search(lead) and _MEN.match(text, words.span.end)
        if counts or _IN.search(lead):
            return True  # "in May 20 men came"
    if _SHORT_YEAR.match(text, words.span.end) or _VERB.search(said):
        return True
    return words.kind == "bare" and not (said[0].isupper() and _leads(text, words))


def _leads(text: str, words: Words) -> bool:
    """Whether the word before a month without a day makes it one, and not somebody's name."""
    before = text[max(0, words.match.start() - 30) : words.match.start()]
    return words.match["cue"].lower() not in ("and", "to") or bool(_FROM_MONTH.search(before))
