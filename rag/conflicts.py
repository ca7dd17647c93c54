"""What in an answer cannot all be right: numbers, dates and names that differ, and denials.

Told from the words of the quotes alone, and only where the sentences are otherwise alike, or where
a sentence says itself that something is disputed. A false alarm costs more than a conflict missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.likeness import STOP, Content, alike, content_of, stem, within
from rag.quantities import Amount, amounts, days, same_day
from rag.text import words
from rag.types import Citation, Conflict
from rag.voice import same_speaker

__all__ = ["YEARS_APART", "Finding", "conflicts_of", "contradicts"]

#: Shared content words over all, from which two sentences count as the same but for one thing.
ALIKE = 0.6
NEARLY_EQUAL = 0.8

#: Years between two documents up to which sentences in other words may give one number.
YEARS_APART = 2

_HOW_MANY = re.compile(
    r"(?i)\bhow (?:many|much|long|far|old|high|large|big)\b|\b(?:what|which) (?:number|share"
    r"|percentage|proportion|figure)\b|\bdeath toll\b|\bpopulation\b"
)
_WHEN = re.compile(r"(?i)\bwhen\b|\b(?:what|which|on what|in what) (?:date|day|month|year)\b")
_WHO = re.compile(r"(?i)\b(?:who|whom|whose|which|where|what)\b")
_YES_NO = re.compile(
    r"(?i)\A\s*(?:is|are|was|were|did|do|does|has|have|had|can|will|could|should|would)\b"
)
_EITHER = re.compile(r"\b(?:or|whether)\b")
_NOT = re.compile(r"(?i)\b(?:not|never|no|cannot)\b|n['’]t\b")
_DENIES = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied)|disput(?:e|es|ed)|reject(?:s|ed)? (?:the|that|this|it)"
    r"|dismiss(?:es|ed)?)\b"
)
_OPPOSES = re.compile(
    r"(?i)\b(?:disagree[sd]?|opposite (?:view|conclusion|lesson)|repl(?:y|ies|ied) that"
    r"|rejected the (?:charge|claim|accusation)|den(?:y|ies|ied)|less sure|on the contrary)\b"
)
_DISPUTED = re.compile(
    r"(?i)\b(?:(?:is|are|remains?) disputed|each (?:government|side|party|country) (?:says|blames"
    r"|accuses|claims)|blam(?:es?|ed|ing) (?:each other|the other|one another)"
    r"|(?:accounts|estimates|reports|versions|figures) (?:differ|vary|conflict)"
    r"|(?:analysts|historians|experts|observers|sources|scholars|witnesses)"
    r" (?:still |sharply )?(?:differ|disagree|quarrel|are divided)"
    r"|conflicting (?:accounts|reports|claims|versions))\b"
)
_REVISED = re.compile(
    r"(?i)\b(?:became|raised|revised|corrected|lowered|no longer|earlier|at first)\b"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A citation with what is compared of it."""

    citation: Citation
    content: Content


Finding = tuple[str, str, str, str]
"""Kind, what it is about, and the values of the two."""


def conflicts_of(
    question: str,
    citations: Sequence[Citation],
    more: Callable[[Citation, Citation], Finding | None] | None = None,
) -> tuple[Conflict, ...]:
    """The conflicts among the citations of an answer; those about one thing are one conflict.

    `more` may find what the words of two quotes do not show.
    """
    found: dict[tuple[str, str], dict[int, str]] = {}
    for one, other in combinations(citations, 2):
        finding = _finding(question, one, other) or _opposed(question, one, other)
        if finding is None and more is not None:
            finding = more(one, other)
        if finding is not None:
            kind, about, first, second = finding
            values = found.setdefault((kind, about), {})
            values |= {one.id: first, other.id: second}
    conflicts = [
        Conflict(tuple(sorted(v)), about, tuple(v[n] for n in sorted(v)), kind)
        for (kind, about), v in found.items()
    ]
    told = {n for conflict in conflicts for n in conflict.citations}
    conflicts += [
        Conflict((c.id,), "this, by their own words", (), "disputed")
        for c in citations
        if c.id not in told and _DISPUTED.search(c.quote)
    ]
    return tuple(conflicts)


def contradicts(question: str, cited: Citation, other: Citation) -> bool:
    """Whether a sentence of another document gives another number, date or name."""
    return cited.source != other.source and _finding(question, cited, other) is not None


def _finding(question: str, one: Citation, other: Citation) -> Finding | None:
    a, b = _seen(one), _seen(other)
    rules: tuple[Callable[[str, _Seen, _Seen], Finding | None], ...] = (
        _numbers, _dates, _names, _denial,
    )  # fmt: skip
    return next((f for f in (rule(question, a, b) for rule in rules) if f is not None), None)


def _seen(citation: Citation) -> _Seen:
    return _Seen(citation, content_of(citation.quote, citation.speaker))


def _alike(a: _Seen, b: _Seen) -> float:
    return alike(a.content, b.content)


def _within(a: _Seen, b: _Seen) -> float:
    return within(a.content, b.content)


def _same_matter(a: _Seen, b: _Seen) -> bool:
    """Whether neither names what the other leaves out in exchange for something else."""
    return a.content.names <= b.content.names or b.content.names <= a.content.names


def _numbers(question: str, a: _Seen, b: _Seen) -> Finding | None:
    """One number each for the same noun, that cannot both be right, on the same day if on any."""
    if not _same_matter(a, b) or not _days_agree(a, b):
        return None
    asked = _HOW_MANY.search(question) is not None
    sought = {stem(w) for w in words(question)}
    for one in amounts(a.citation.quote):
        for other in amounts(b.citation.quote):
            noun = _shared_noun(one, other)
            if noun is None or not one.excludes(other):
                continue
            enough = _alike(a, b) >= ALIKE
            answers = asked and stem(noun) in sought and _within(a, b) >= 0.4
            answers = answers and _one_time(a, b) and _named_alike(question, a, b)
            if (enough or answers) and _alone(noun, a, b) and _two_voices(a, b, enough):
                return "number", _about(question, noun), one.text, other.text
    return None


def _one_time(a: _Seen, b: _Seen) -> bool:
    """Whether two documents were written near enough in time to tell of one event by chance."""
    years = [int(s.citation.date[:4]) for s in (a, b) if s.citation.date]
    return len(years) < 2 or abs(years[0] - years[1]) <= YEARS_APART


def _named_alike(question: str, a: _Seen, b: _Seen) -> bool:
    """Whether the names of the question stand in both sentences or in neither."""
    named = {
        stem(w) for m in re.finditer(r"(?<=\s)[^\W\d_a-z][\w’'-]+", question) for w in words(m[0])
    }
    return named & a.content.names == named & b.content.names


def _about(question: str, noun: str) -> str:
    return f"the number of {noun}" if noun not in {"%", "percent"} else "the percentage"


def _shared_noun(one: Amount, other: Amount) -> str | None:
    """A word after both numbers; the first of those after the one."""
    theirs = {stem(w) for w in other.unit}
    return next((w for w in one.unit if w not in STOP and stem(w) in theirs), None)


def _alone(noun: str, a: _Seen, b: _Seen) -> bool:
    """Whether each sentence gives the noun one number only."""
    sought = stem(noun)
    told = [
        sum(sought in {stem(w) for w in amount.unit} for amount in amounts(seen.citation.quote))
        for seen in (a, b)
    ]
    return told == [1, 1]


def _two_voices(a: _Seen, b: _Seen, enough: bool) -> bool:
    """Two documents; or one that tells of two speakers or of a revision."""
    one, other = a.citation, b.citation
    if one.source != other.source:
        return True
    if one.speaker and other.speaker:
        return enough and not same_speaker(one.speaker, other.speaker)
    return bool(_REVISED.search(one.quote) or _REVISED.search(other.quote)) and enough


def _days_agree(a: _Seen, b: _Seen) -> bool:
    first, second = days(a.citation.quote), days(b.citation.quote)
    return not first or not second or any(same_day(d, e) for d in first for e in second)


def _numbers_agree(a: _Seen, b: _Seen) -> bool:
    first, second = amounts(a.citation.quote), amounts(b.citation.quote)
    return all(any(not x.excludes(y) for y in second) for x in first) if second else True


def _dates(question: str, a: _Seen, b: _Seen) -> Finding | None:
    """One date each, of two documents, in sentences that are otherwise alike."""
    first, second = days(a.citation.quote), days(b.citation.quote)
    if len(first) != 1 or len(second) != 1 or same_day(first[0], second[0]):
        return None
    if a.citation.source == b.citation.source or not _same_matter(a, b):
        return None
    needed = ALIKE if _WHEN.search(question) else 0.9
    if _alike(a, b) < needed or not _numbers_agree(a, b):
        return None
    return "date", "the date", first[0].text, second[0].text


def _names(question: str, a: _Seen, b: _Seen) -> Finding | None:
    """Two documents that fill the place of one name differently, where a name is asked for."""
    if not _WHO.search(question) or a.citation.source == b.citation.source:
        return None
    mine, theirs = a.content.names - b.content.names, b.content.names - a.content.names
    sought = {stem(w) for w in words(question)}
    if not mine or not theirs or (mine | theirs) & sought:
        return None
    rest, other = a.content.words - a.content.names, b.content.words - b.content.names
    together = rest | other
    if len(rest & other) < 2 or len(rest & other) < NEARLY_EQUAL * len(together):
        return None
    if (
        not _days_agree(a, b)
        or not _numbers_agree(a, b)
        or len(a.content.names & b.content.names) < len(mine) - 1
    ):
        return None
    first, second = _name(a.citation.quote, mine), _name(b.citation.quote, theirs)
    return ("name", "the name", first, second) if first and second else None


def _name(quote: str, stems: frozenset[str]) -> str | None:
    """The one run of words that holds all of the names; None where they stand apart."""
    hits = [m for m in re.finditer(r"[\w’'-]+", quote) if set(map(stem, words(m[0]))) & stems]
    if not hits or len(quote[hits[0].start() : hits[-1].end()].split()) > 4:
        return None
    return re.sub(r"['’]s\Z", "", quote[hits[0].start() : hits[-1].end()])


def _denial(question: str, a: _Seen, b: _Seen) -> Finding | None:
    """A sentence and its negation, or a claim and its denial by somebody else."""
    one, other = a.citation, b.citation
    nots = [_NOT.search(c.quote) is not None for c in (one, other)]
    if one.source != other.source and nots[0] != nots[1] and _alike(a, b) >= NEARLY_EQUAL:
        return "yes or no", "whether it is so", *_told(nots, "no", "yes")
    denies = [_DENIES.search(c.quote) is not None for c in (one, other)]
    if not _YES_NO.match(question) or denies[0] == denies[1]:
        return None
    claim, denial = (other, one) if denies[0] else (one, other)
    answered = claim.speaker is not None and denial.speaker is None and _beside(one, other)
    alike = _beside(one, other) or _within(a, b) >= 0.5
    if not answered and not (_apart(one, other) and alike):
        return None
    return "yes or no", "whether it is so", *_told(denies, "denied", "claimed")


def _told(against: list[bool], no: str, yes: str) -> tuple[str, str]:
    return (no if against[0] else yes), (no if against[1] else yes)


def _apart(one: Citation, other: Citation) -> bool:
    """Whether two speak, both by name."""
    if one.speaker is None or other.speaker is None:
        return False
    return not same_speaker(one.speaker, other.speaker)


def _beside(one: Citation, other: Citation) -> bool:
    """Whether the second follows the first at once, in the same paragraph."""
    near = one.source == other.source and one.paragraph == other.paragraph
    return near and min(abs(other.start - one.end), abs(one.start - other.end)) <= 2


def _opposed(question: str, one: Citation, other: Citation) -> Finding | None:
    """Two speakers of one paragraph: the later disagrees, or the question is which of two it is."""
    first, second = sorted((one, other), key=lambda c: c.start)
    if one.source != other.source or not _apart(one, other) or not _near(first, second):
        return None
    choice = _YES_NO.match(question) or _EITHER.search(question)
    if not _OPPOSES.search(second.quote) and not choice:
        return None
    return "opposed", "how to see it", one.speaker or "", other.speaker or ""


def _near(first: Citation, second: Citation) -> bool:
    return first.paragraph == second.paragraph and second.start - first.end < 400
