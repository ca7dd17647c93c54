"""What two sentences that are otherwise alike tell differently: a number, a date or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.asking.kinds import ASKS_NUMBER, ASKS_WHEN
from rag.compare.likeness import Content, alike, content_of, stem, within
from rag.compare.matter import clause, one_matter, other_act, same_names, told_alike
from rag.compare.measures import PERCENT, about, counted, fates, shared_noun, tells_of
from rag.compare.naming import TITLES, may_be_one
from rag.compare.opposites import roots
from rag.compare.quantities import Amount, amounts, days, days_exclude, same_day
from rag.compare.slots import apart, other_thing, unreported
from rag.compare.things import WHICH
from rag.speech.voice import same_speaker
from rag.text import words
from rag.types import Citation
from rag.words.mentions import CAPITAL

__all__ = [
    "ALIKE",
    "NEARLY_EQUAL",
    "Finding",
    "Seen",
    "dates",
    "days_agree",
    "names",
    "numbers",
    "numbers_agree",
    "one_period",
    "one_time",
    "seen",
]

Finding = tuple[str, str, str, str]
"""Kind, what it is about, and the values of the two."""

#: Shared content words over all, from which two sentences count as the same but for one thing.
ALIKE = 0.6
NEARLY_EQUAL = 0.8

#: Years between two documents up to which sentences in other words may give one number.
YEARS_APART = 2

#: Numbers in a sentence beyond which it is a table, of which none is compared.
MOST_NUMBERS = 16

#: Words for what has a number, in a question after `what is the`.
_WHO = re.compile(r"(?i)\b(?:who|whom|whose|which|where|what)\b")
_REVISED = re.compile(
    r"(?i)\b(?:became|raised|revised|corrected|lowered|no longer|earlier|at first)\b"
)
#: What holds at the time of writing: `has 31,000 inhabitants`, but not `has killed`.
_STATE = re.compile(r"\b(?:is|are)\b|\b(?:has|have)\s(?!(?:\w+ly\s)?\w+(?:ed|en)\b)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A citation with what is compared of it."""

    citation: Citation
    content: Content

    @property
    def quote(self) -> str:
        return self.citation.quote


def seen(citation: Citation) -> Seen:
    """A citation made ready to be compared."""
    return Seen(citation, content_of(citation.quote, citation.speaker))


_Number = tuple[Seen, Amount]

#: What has another number every year.
_YEARLY = re.compile(
    r"(?i)\b(?:revenues?|turnover|profits?|sales|income|losses|earnings|dividends?|exports?|imports?"
    r"|budget|spending|expenses|inflation|unemployment|employees|headcount|staff|production|output"
    r"|gdp|wages|visitors|passengers(?![^.]{0,30}\s(?:on\sboard|aboard))|births|marriages|rainfall"
    r"|membership)\b"
)


def numbers(question: str, a: Seen, b: Seen) -> Finding | None:
    """One number each for the same noun, that cannot both be right, on the same day if on any."""
    if not _one_matter(a, b) or not days_agree(a, b) or apart(question, a.quote, b.quote):
        return None
    if not _asked_alike(question, a, b):
        return None
    first, second = amounts(a.quote), amounts(b.quote)
    if max(len(first), len(second)) > MOST_NUMBERS:
        return None
    for one in first:
        for other in second:
            noun = shared_noun(one, other) if one.excludes(other) else None
            if noun is None or not _alone(one, first, second) or not _one_state(one, a, b):
                continue
            enough = _otherwise_alike(noun, a, b)
            answers = told_alike(_clause(one), _clause(other)) and _answer(
                question, noun, (a, one), (b, other)
            )
            if (enough or answers) and _two_voices(a, b, enough):
                return "number", about(noun), one.text, other.text
    return None


def dates(question: str, a: Seen, b: Seen) -> Finding | None:
    """One date each, of two documents, in sentences that are otherwise alike."""
    first, second = days(a.quote), days(b.quote)
    if len(first) != 1 or len(second) != 1 or not days_exclude(first[0], second[0]):
        return None
    if a.citation.source == b.citation.source or not _one_matter(a, b):
        return None
    needed = ALIKE if ASKS_WHEN.search(question) else 0.9
    if not told_alike(a.quote, b.quote) or _each_of_its_year(a, b):
        return None
    if apart(question, a.quote, b.quote) or other_thing(question, a.quote, b.quote):
        return None
    if alike(a.content, b.content) < needed or not numbers_agree(a, b):
        return None
    return "date", "the date", first[0].text, second[0].text


def names(question: str, a: Seen, b: Seen) -> Finding | None:
    """Two documents that fill the place of one name differently, where a name is asked for."""
    if not _WHO.search(question) or a.citation.source == b.citation.source:
        return None
    mine = a.content.names - b.content.names - TITLES
    theirs = b.content.names - a.content.names - TITLES
    sought = {stem(w) for w in words(question)}
    if not mine or not theirs or (mine | theirs) & sought:
        return None
    rest, other = a.content.words - a.content.names, b.content.words - b.content.names
    if len(rest & other) < 2 or len(rest & other) < NEARLY_EQUAL * len(rest | other):
        return None
    if (
        not (one_matter(a.quote, b.quote) and told_alike(a.quote, b.quote))
        or not days_agree(a, b)
        or not numbers_agree(a, b)
        or len(a.content.names & b.content.names) < len(mine) - 1
    ):
        return None
    first, second = _name(a.quote, mine), _name(b.quote, theirs)
    if not first or not second or may_be_one(question, first, second):
        return None
    return "name", "the name", first, second


def days_agree(a: Seen, b: Seen) -> bool:
    """Whether the dates of two sentences can be the same."""
    first, second = days(a.quote), days(b.quote)
    return not first or not second or any(same_day(d, e) for d in first for e in second)


def numbers_agree(a: Seen, b: Seen) -> bool:
    """Whether the numbers of two sentences can all be right."""
    first, second = amounts(a.quote), amounts(b.quote)
    return all(any(not x.excludes(y) for y in second) for x in first) if second else True


def _one_matter(a: Seen, b: Seen) -> bool:
    """Whether no word sets two sentences apart, and not both have names of their own."""
    named = same_names(a.quote, a.content, b.quote, b.content)
    return named and one_matter(a.quote, b.quote)


def _otherwise_alike(noun: str, a: Seen, b: Seen) -> bool:
    """Whether two sentences are the same but for a number of the noun."""
    if alike(a.content, b.content) < ALIKE or not told_alike(a.quote, b.quote):
        return False
    # Of two shares of one noun each may be of a group of its own: of women, of men.
    return noun != PERCENT or not _exchanged(a, b)


def _clause(amount: Amount) -> str:
    return clause(amount.before, amount.text, amount.after)


def _exchanged(a: Seen, b: Seen) -> bool:
    """Whether each sentence has a content word that the other lacks in every form."""
    mine, theirs = a.content.words - {PERCENT}, b.content.words - {PERCENT}
    begin, other = ({w[:4] for w in words} for words in (mine, theirs))
    return bool(begin - other) and bool(other - begin)


def _answer(question: str, noun: str, one: _Number, other: _Number) -> bool:
    """Whether two sentences in other words tell the number of the noun that is asked for."""
    (a, first), (b, second) = one, other
    if not ASKS_NUMBER.search(question) or stem(noun) not in {stem(w) for w in words(question)}:
        return False
    act = roots(question) - roots(noun) - roots(" ".join(_named(question))) - WHICH
    told = (unreported(a.quote), first), (unreported(b.quote), second)
    if other_act(act, f"{question} {noun}", *told):
        return False
    alike_enough = within(a.content, b.content) >= 0.4 and one_time(a.citation, b.citation)
    return alike_enough and _named_alike(question, a, b)


def _asked_alike(question: str, a: Seen, b: Seen) -> bool:
    """Whether both sentences or neither tell of the deaths, wounds and so on that are asked for."""
    asked = fates(question)
    return bool(asked & fates(a.quote)) == bool(asked & fates(b.quote))


def one_time(one: Citation, other: Citation) -> bool:
    """Whether two documents were written near enough in time to tell of one event by chance."""
    years = [int(c.date[:4]) for c in (one, other) if c.date]
    return len(years) < 2 or abs(years[0] - years[1]) <= YEARS_APART


def one_period(one: Citation, other: Citation) -> bool:
    """Whether what every year has anew may be of one year: two filings have two revenues."""
    if not (_YEARLY.search(one.quote) and _YEARLY.search(other.quote)):
        return True
    told = [{d.year for d in days(c.quote) if d.year} for c in (one, other)]
    if all(told):
        return bool(told[0] & told[1])
    years = {c.date[:4] for c in (one, other) if c.date}
    return len(years) < 2


def _one_state(amount: Amount, a: Seen, b: Seen) -> bool:
    """Whether two documents can mean one state; a population, unlike a length, changes in time."""
    what = counted(amount)
    lasting = what is not None and what.measured
    if not one_period(a.citation, b.citation):
        return False
    return (
        lasting
        or one_time(a.citation, b.citation)
        or not (_STATE.search(a.quote) and _STATE.search(b.quote))
    )


def _each_of_its_year(a: Seen, b: Seen) -> bool:
    """Whether each document tells of its own year, so that a yearly event may be meant."""
    told = [days(s.quote)[0].year for s in (a, b)]
    written = [int(s.citation.date[:4]) if s.citation.date else None for s in (a, b)]
    return None not in told and told == written and told[0] != told[1]


def _named_alike(question: str, a: Seen, b: Seen) -> bool:
    """Whether the names of the question stand in both sentences or in neither."""
    named = {stem(w) for name in _named(question) for w in words(name)}
    return named & a.content.names == named & b.content.names


def _named(question: str) -> list[str]:
    return re.findall(rf"(?<=\s){CAPITAL}[\w’'-]+", question)


def _alone(one: Amount, first: Sequence[Amount], second: Sequence[Amount]) -> bool:
    """Whether each sentence gives what is counted one number only."""
    what = counted(one)
    if what is None:
        return False
    return all(sum(tells_of(x, what) for x in told) == 1 for told in (first, second))


def _two_voices(a: Seen, b: Seen, enough: bool) -> bool:
    """Two documents; or one that tells of two speakers or of a revision."""
    one, other = a.citation, b.citation
    if one.source != other.source:
        return True
    if one.speaker and other.speaker:
        return enough and not same_speaker(one.speaker, other.speaker)
    return bool(_REVISED.search(one.quote) or _REVISED.search(other.quote)) and enough


def _name(quote: str, stems: frozenset[str]) -> str | None:
    """The one run of words that holds all of the names; None where they stand apart."""
    hits = [m for m in re.finditer(r"[\w’'-]+", quote) if set(map(stem, words(m[0]))) & stems]
    if not hits or len(quote[hits[0].start() : hits[-1].end()].split()) > 4:
        return None
    return re.sub(r"['’]s\Z", "", quote[hits[0].start() : hits[-1].end()])
