"""What in an answer cannot all be right: numbers, dates and names that differ, and denials.

Told from the words of the quotes alone, and only where the sentences are otherwise alike, or where
a sentence says itself that something is disputed. A false alarm costs more than a conflict missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from rag.compare.denial import denies, negated
from rag.compare.differ import (
    NEARLY_EQUAL,
    Finding,
    Seen,
    dates,
    days_agree,
    names,
    numbers,
    numbers_agree,
    one_time,
    seen,
)
from rag.compare.disputes import tells_of_dispute
from rag.compare.likeness import alike, within
from rag.compare.matter import one_matter, same_names
from rag.compare.quantities import amounts
from rag.compare.sides import apart, beside, opposed, yes_or_no
from rag.compare.stance import PRESENT, YES_NO, opposed_stances
from rag.types import Citation, Conflict

__all__ = ["Finding", "conflicts_of", "contradicts"]


def conflicts_of(
    question: str,
    citations: Sequence[Citation],
    more: Callable[[Citation, Citation], Finding | None] | None = None,
    between: Callable[[Citation, Citation], str] | None = None,
) -> tuple[Conflict, ...]:
    """The conflicts among the citations of an answer; those about one thing are one conflict.

    `more` may find what the words of two quotes do not show; `between` gives what stands between
    two quotes of one paragraph.
    """
    found: dict[tuple[str, str], list[dict[int, str]]] = {}
    for one, other in combinations(citations, 2):
        finding = _finding(question, one, other)
        finding = finding or opposed(question, one, other, citations, between)
        if finding is None and more is not None:
            finding = more(one, other)
        if finding is not None:
            kind, about, first, second = finding
            _join(found.setdefault((kind, about), []), {one.id: first, other.id: second})
    conflicts = [
        Conflict(tuple(sorted(v)), about, tuple(v[n] for n in sorted(v)), kind)
        for (kind, about), groups in found.items()
        for v in groups
    ]
    told = {n for conflict in conflicts for n in conflict.citations}
    conflicts += [
        Conflict((c.id,), "this, by their own words", (), "disputed")
        for c in citations
        if c.id not in told and tells_of_dispute(question, c, citations)
    ]
    return tuple(conflicts)


def _join(groups: list[dict[int, str]], values: dict[int, str]) -> None:
    """Adds values to the group that has one of their citations; two such groups become one.

    What two pairs of citations differ on need not be one thing though it has one name.
    """
    met = [g for g in groups if g.keys() & values.keys()]
    joined = {n: value for group in met for n, value in group.items()} | values
    groups[:] = [*(g for g in groups if g not in met), joined]


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
    if one.source != other.source:
        taken = _stances(question, one, other)
        if taken is not None:
            return yes_or_no(taken)
    against = [denies(c.quote) for c in (one, other)]
    if not YES_NO.match(question) or against[0] == against[1]:
        return None
    claim, denial = (other, one) if against[0] else (one, other)
    answered = claim.speaker is not None and denial.speaker is None and beside(one, other)
    near = beside(one, other) or within(a.content, b.content) >= 0.5
    if not answered and not (apart(one, other) and near):
        return None
    return "yes or no", "whether it is so", *_told(against, "denied", "claimed")


def _same_but_for_not(a: Seen, b: Seen) -> bool:
    """Whether two documents say the same of the same names, days and numbers."""
    if a.citation.source == b.citation.source or not one_matter(a.quote, b.quote):
        return False
    if not same_names(a.quote, a.content, b.quote, b.content):
        return False
    counts = [bool(amounts(s.quote)) for s in (a, b)]
    same_counts = counts[0] == counts[1] and numbers_agree(a, b) and numbers_agree(b, a)
    return same_counts and days_agree(a, b) and alike(a.content, b.content) >= NEARLY_EQUAL


def _told(against: list[bool], no: str, yes: str) -> tuple[str, str]:
    return (no if against[0] else yes), (no if against[1] else yes)


def _stances(question: str, one: Citation, other: Citation) -> tuple[bool, bool] | None:
    """Whether each of two documents says yes, where they differ in it."""
    states = PRESENT.search(one.quote) or PRESENT.search(other.quote)
    if states and not one_time(one, other):
        return None
    return opposed_stances(question, one.quote, other.quote)
