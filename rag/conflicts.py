"""What in an answer cannot all be right: numbers, dates and names that differ, and denials.

Told from the words of the quotes alone, and only where the sentences are otherwise alike, or where
a sentence says itself that something is disputed. A false alarm costs more than a conflict missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations

from rag.differ import (
    NEARLY_EQUAL,
    Finding,
    Seen,
    dates,
    days_agree,
    names,
    numbers,
    numbers_agree,
    seen,
)
from rag.likeness import alike, stem, within
from rag.matter import negated, one_matter, same_names
from rag.quantities import amounts
from rag.types import Citation, Conflict
from rag.voice import same_speaker

__all__ = ["Finding", "conflicts_of", "contradicts"]

_YES_NO = re.compile(
    r"(?i)\A\s*(?:is|are|was|were|did|do|does|has|have|had|can|will|could|should|would)\b"
)
_WHETHER = re.compile(r"(?i)\bwhether\b")
_EITHER = re.compile(
    r"(?i)(?P<one>[\w’'-]+),?\sor\s(?:(?:an?|the|of|by|in|from|to|on|at|with|for|was|did)\s)*"
    r"(?P<other>[\w’'-]+)"
)
_AGREES = re.compile(
    r"(?i)\b(?:too|also|likewise|as well|the same|agree[sd]?|adds?|added|shares?|shared"
    r"|concur(?:s|red)?|echo(?:es|ed))\b"
)
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
    r"|conflicting (?:accounts|reports|claims|versions)"
    r"|(?:mock|disput|reject|contest|question|doubt)(?:e?s|ed) (?:the|this|that|these|those|its|his"
    r"|her|their) (?:figure|number|claim|count|estimate|version|account)s?)\b"
)


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
        finding = _finding(question, one, other) or _opposed(question, one, other, citations)
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
    a, b = seen(one), seen(other)
    rules: tuple[Callable[[str, Seen, Seen], Finding | None], ...] = (
        numbers, dates, names, _denial,
    )  # fmt: skip
    return next((f for f in (rule(question, a, b) for rule in rules) if f is not None), None)


def _denial(question: str, a: Seen, b: Seen) -> Finding | None:
    """A sentence and its negation, or a claim and its denial by somebody else."""
    one, other = a.citation, b.citation
    nots = [negated(c.quote) for c in (one, other)]
    if nots[0] != nots[1] and _same_but_for_not(a, b):
        return "yes or no", "whether it is so", *_told(nots, "no", "yes")
    denies = [_DENIES.search(c.quote) is not None for c in (one, other)]
    if not _YES_NO.match(question) or denies[0] == denies[1]:
        return None
    claim, denial = (other, one) if denies[0] else (one, other)
    answered = claim.speaker is not None and denial.speaker is None and _beside(one, other)
    near = _beside(one, other) or within(a.content, b.content) >= 0.5
    if not answered and not (_apart(one, other) and near):
        return None
    return "yes or no", "whether it is so", *_told(denies, "denied", "claimed")


def _same_but_for_not(a: Seen, b: Seen) -> bool:
    """Whether two documents say the same of the same names, days and numbers."""
    if a.citation.source == b.citation.source or not one_matter(a.quote, b.quote):
        return False
    if not same_names(a.quote, a.content, b.quote, b.content):
        return False
    counts = [bool(amounts(s.quote)) for s in (a, b)]
    same = counts[0] == counts[1] and numbers_agree(a, b) and numbers_agree(b, a)
    return same and days_agree(a, b) and alike(a.content, b.content) >= NEARLY_EQUAL


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


def _opposed(
    question: str, one: Citation, other: Citation, citations: Sequence[Citation]
) -> Finding | None:
    """Two speakers of one paragraph: the later disagrees, or they take the sides asked about.

    That she disagrees may stand in a sentence of its own before what she says.
    """
    first, second = sorted((one, other), key=lambda c: c.start)
    if one.source != other.source or not _apart(one, other) or not _near(first, second):
        return None
    agrees = _AGREES.search(second.quote) is not None
    said = [
        c.quote for c in citations
        if c.source == first.source and first.end <= c.start <= second.start
    ]  # fmt: skip
    if any(_OPPOSES.search(quote) for quote in said):
        # `He denies it too` is no word against one who denies it.
        apart = not (agrees and _OPPOSES.search(first.quote))
    else:
        apart = not agrees and _on_two_sides(question, first, second)
    if not apart:
        return None
    return "opposed", "how to see it", one.speaker or "", other.speaker or ""


def _on_two_sides(question: str, first: Citation, second: Citation) -> bool:
    """Whether a question leaves a choice, and one denies what the other says, or is for another."""
    if not (_YES_NO.match(question) or _WHETHER.search(question)):
        return False
    if negated(first.quote) != negated(second.quote):
        return True
    choice = _EITHER.search(question)
    if choice is None:
        return False
    sides = [stem(choice[side].casefold()) for side in ("one", "other")]
    held = [[side in seen(c).content.words for side in sides] for c in (first, second)]
    return held[0] != held[1]


def _near(first: Citation, second: Citation) -> bool:
    return first.paragraph == second.paragraph and second.start - first.end < 400
