"""The day of an event that a question counts from: "before the invasion", "by day 5 of the war".

The day is taken from a sentence that was read and dates the event's beginning. Where none does, or
two give different days, the words of the question stay words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rag.compose.timeline import Period
from rag.mentions import stands_in
from rag.question import STOP_WORDS
from rag.read import Reading
from rag.text import words
from rag.types import Document, Span
from rag.when import moments

__all__ = ["Anchor", "anchor_of"]

_COUNTED = re.compile(
    r"(?i)\b(?P<cue>before|after|since|until|by|on)\s"
    r"(?:(?:the\s)?day\s(?P<day>\d{1,3})\s(?:of|in|into)\s)?"
    r"(?P<event>the\s(?!(?:end|start|beginning|middle|time)\b)[a-z][\w’'-]*(?:\s(?:of\s)?(?!(?:did|was|were|had|has"
    r"|is|are|and|or|who|what|how|in|on|at|by|to|with|began|begin|started)\b)[\w’'-]+){0,3})"
)
_BEGINS = re.compile(
    r"(?i)\b(?:beg[aiu]ns?|start(?:s|ed)?|br(?:eak|eaks|oke)\sout|launch(?:es|ed)?|erupt(?:s|ed)?"
    r"|open(?:s|ed)?|took\splace|takes?\splace|(?:was|is)\sheld|sign(?:s|ed)?|took\seffect"
    r"|takes?\seffect|came\sinto\sforce|invade[sd]?|attack(?:s|ed)?)\b"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The time that the words of a question mean, and the source that dates the event."""

    words: str
    period: Period
    source: str

    @property
    def note(self) -> str:
        """`“before the invasion” is read as up to 2022-02-23, by news.txt.`"""
        first, last = self.period.first, self.period.last
        since = f"from {first}" if first else ""
        until = f"up to {last}" if last else ""
        told = " ".join(part for part in (since, until) if part)
        return f"“{self.words}” is read as {told}, by {self.source}."


def anchor_of(asked: str, reading: Reading, documents: Mapping[str, Document]) -> Anchor | None:
    """The time counted from an event; None where the question counts from none, or in doubt."""
    match = _COUNTED.search(" ".join(asked.split()))
    if match is None:
        return None
    sought = [w for w in words(match["event"]) if w not in STOP_WORDS]
    begun: dict[str, str] = {}
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for sentence in evidence.sentences:
            day = _begins(document, sentence.span, sought)
            if day is not None:
                begun.setdefault(day, document.source)
    if not sought or len(begun) != 1:
        return None
    day, source = next(iter(begun.items()))
    period = _counted(match["cue"].lower(), int(match["day"] or 0), date.fromisoformat(day))
    return Anchor(match[0], period, source) if period is not None else None


def _begins(document: Document, span: Span, sought: list[str]) -> str | None:
    """The one day on which a sentence says that the event begins."""
    text = span.of(document.text)
    here = set(words(text))
    if not all(stands_in(w, here) for w in sought) or not _BEGINS.search(text):
        return None
    begin = next((p.start for p in document.paragraphs if p.span.overlaps(span)), None)
    found = moments(document.text, span, document.date, begin)
    return found[0].first if len(found) == 1 and found[0].first == found[0].last else None


def _counted(cue: str, day: int, first: date) -> Period | None:
    """The period that the words mean; the first day of an event is its day 1."""
    if day:
        that = first + timedelta(days=day - 1)
        if cue in ("by", "until"):
            return Period(first.isoformat(), that.isoformat())
        first = that
    if cue in ("before", "until", "by"):
        return Period(None, (first - timedelta(days=1)).isoformat())
    if cue == "on":
        return Period(first.isoformat(), first.isoformat()) if day else None
    return Period(first.isoformat(), None)
