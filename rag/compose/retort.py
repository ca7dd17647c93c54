"""The sentence right behind a cited one that denies it, takes its number back or counts otherwise.

Shown without it, a claim would look undisputed and a first count final.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.conflicts import Finding
from rag.measures import counted
from rag.quantities import Amount, amounts, days
from rag.question import Question
from rag.rivals import sought
from rag.sentences import sentences
from rag.types import Citation, Document, Span

__all__ = ["Retort", "retort_to"]

_REVISES = re.compile(
    r"(?i)\b(?:raised|lowered|revised|corrected|updated|increased|reduced|put)\s(?:it|this|that|the"
    r"\s(?:figure|number|count|toll))\b|\bit\s(?:later\s)?(?:became|rose|grew|climbed|fell|went)\b"
)
#: Somebody else who counts: with a number of its own, it is another answer.
_COUNTS = re.compile(
    r"(?i)\b(?:count(?:ed|s)|estimate[sd]?|(?:spoke|speaks?|wrote|writes?|tells?|told)\b[^.;]{0,20}"
    r"\sof|g[ai]ves?|gave|puts?|lists?|listed|recorded|verified|confirm(?:ed|s)|documented|says?|said"
    r"|claim(?:ed|s)?|reported|reckon(?:ed|s)?)\b"
)
_CLAIM = (
    r"(?:claims?|charges?|accusations?|allegations?|figures?|numbers?|reports?|accounts?|counts?"
    r"|estimates?|versions?|story)"
)
_DENIES = re.compile(
    rf"(?i)\b(?:den(?:y|ies|ied)|disput(?:e|es|ed)|reject(?:s|ed)?|contest(?:s|ed)?"
    rf"|contradict(?:s|ed)?)\s(?:it|this|that|having|both|(?:the|this|that|these|all|any)\s{_CLAIM})\b"
    rf"|\b(?:den(?:y|ies|ied)|disput(?:es?|ed))\sthat\b|\bsays?\sotherwise\b"
)
#: `He does not dispute it`.
_NOT = re.compile(r"(?i)\b(?:not|n['’]t|never|nobody|no one|without|neither)\b[^,;]*\Z")
_CLAIMS = re.compile(r"(?i)\b(?:claim|accus|alleg|charg|said|says|insist|according)\w*")
_MONEY = re.compile(r"[$€£%]|\b(?:per\s?cent|dollars?|euros?|pounds?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Retort:
    """Where it stands, and what cannot both be right; None where that is not certain."""

    span: Span
    finding: Finding | None


def retort_to(question: Question, cited: Citation, document: Document) -> Retort | None:
    """The sentence behind a cited one, in its paragraph, that answers back."""
    span = _next_sentence(cited, document)
    if span is None:
        return None
    text = span.of(document.text)
    numbers = _other_count(cited.quote, text) if sought(question.form) == "number" else None
    if numbers is not None:
        first, last = numbers
        apart = first.excludes(last)
        values = (first.text, last.text)
        return Retort(span, ("number", "the number", *values) if apart else None)
    if _is_denial(text) and (cited.speaker is not None or _CLAIMS.search(cited.quote)):
        return Retort(span, ("yes or no", "whether it is so", "claimed", "denied"))
    return None


def _next_sentence(cited: Citation, document: Document) -> Span | None:
    paragraph = next((p for p in document.paragraphs if p.start <= cited.start < p.end), None)
    if paragraph is None or cited.end >= paragraph.end:
        return None
    after = sentences(document.text, cited.end, paragraph.end, document.language)
    # The rest of a sentence that was shortened is no sentence of its own.
    begins = after and not document.text[cited.end : after[0].start].strip(' \n\r\t"”’)»')
    return after[0] if begins and _ended(cited.quote) else None


def _ended(quote: str) -> bool:
    return quote.rstrip("\"”’')» ").endswith((".", "!", "?", "…"))


def _is_denial(text: str) -> bool:
    found = _DENIES.search(text)
    return found is not None and not _NOT.search(text[: found.start()])


def _other_count(quote: str, text: str) -> tuple[Amount, Amount] | None:
    """The last number of each, where the second sentence counts the same thing anew."""
    first, last = _plain(quote), _plain(text)
    if not first or not last or first[-1].low == last[-1].low:
        return None
    if _REVISES.search(text):
        return first[-1], last[-1]
    # What is counted at another time is another thing.
    if not _COUNTS.search(text) or any(day.text not in quote for day in days(text)):
        return None
    return next(((a, b) for b in last for a in first if a.low != b.low and _alike(a, b)), None)


def _plain(text: str) -> list[Amount]:
    """The amounts that count something, which percentages and sums of money do not."""
    return [a for a in amounts(text) if not _MONEY.search(f"{a.text} {a.after[:12]}")]


def _alike(one: Amount, other: Amount) -> bool:
    """Whether two amounts may count one thing: one noun, or one of them has none."""
    a, b = counted(one), counted(other)
    if any(c is not None and (c.measured or c.role) for c in (a, b)):
        return False
    bare = a is None or b is None or not a.noun or not b.noun
    return bare or (a is not None and b is not None and a.noun == b.noun)
