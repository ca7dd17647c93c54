"""Dated evidence in order: when the sentence says so itself, else when it was written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from rag.compose.cite import cite, verbatim
from rag.compose.scope import wish_of
from rag.mentions import lacking_names, mentions_of, stands_in
from rag.question import Question
from rag.serialise import citation_to_dict
from rag.store.database import date_range
from rag.text import words
from rag.types import Citation, Document, Evidence, Filters, Hit, Span
from rag.when import Moment, moments

__all__ = ["Entry", "Period", "Timeline", "names_a_thing", "period_of", "timeline_of"]

#: A sentence stands in a timeline from this score on, and from this share of the best one's.
LEAST, SHARE = 0.03, 0.08

#: What a sentence without a date of its own counts, beside one with.
UNDATED = 0.5

#: Names that say when, not what.
_CALENDAR = frozenset(n.lower() for n in (*calendar.month_name, *calendar.day_name))

#: A shorter one is a by-line or a remark.
WORDS = 4


@dataclass(frozen=True, slots=True)
class Period:
    """Days, `YYYY-MM-DD`, both of them in it; None leaves that end open."""

    first: str | None
    last: str | None

    def holds(self, first: str | None, last: str | None) -> bool:
        """Whether some of the days between the two lie in it; nothing undated does."""
        if first is None or last is None:
            return False
        return (self.first or "") <= last and first <= (self.last or "9999")


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence with the days it is about and the number of its citation.

    `dated_by` is `text` where the sentence names the time (in the words `named`), `document`
    where its document's date stands in for it, or None.
    """

    first: str | None
    last: str | None
    dated_by: str | None
    named: str | None
    text: str
    citation: int
    support: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries from the earliest to the latest with their citations; undated ones if all are."""

    question: str
    entries: tuple[Entry, ...]
    citations: tuple[Citation, ...]
    as_of: str | None = None
    scope: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The object of `rag timeline --json`."""
        return {
            "question": self.question,
            "as_of": self.as_of,
            "scope": self.scope,
            "entries": [{**asdict(e), "support": round(e.support, 4)} for e in self.entries],
            "citations": [citation_to_dict(c) for c in self.citations],
        }


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    span: Span
    support: float
    score: float
    first: str | None
    last: str | None
    dated_by: str | None
    named: str | None


def timeline_of(
    question: Question,
    evidence: Iterable[Evidence],
    documents: Mapping[str, Document],
    filters: Filters,
    lines: int,
    today: date,
) -> Timeline:
    """The best sentences of the evidence, at most `lines`, in the order of their dates.

    A period that the question names keeps the sentences dated in it, unless there are none.
    """
    period = period_of(question.text, today)
    everything = _dated(question, evidence, documents, period)
    found = [f for f in everything if f.first is not None] or everything
    inside = [f for f in found if period is None or period.holds(f.first, f.last)]
    best = max((f.score for f in inside or found), default=0.0)
    kept = [f for f in inside or found if f.score >= max(LEAST, SHARE * best)]
    kept = sorted(kept, key=lambda f: (-f.score, f.hit.passage.source, f.span))[:lines]
    kept.sort(key=lambda f: (f.first or "9999", f.last or "", f.hit.passage.source, f.span))
    entries, citations = _cited(kept, documents)
    scope = _scope(filters, period, relaxed=bool(found) and not inside)
    return Timeline(question.text, entries, citations, filters.as_of, scope)


def _cited(
    found: Sequence[_Found], documents: Mapping[str, Document]
) -> tuple[tuple[Entry, ...], tuple[Citation, ...]]:
    """Entries with their citations; one that cannot be cited is no evidence."""
    drafts = [verbatim(f.hit, f.span, f.support, documents) for f in found]
    _, citations, _ = cite(drafts, documents)
    numbers = {(c.source, c.start, c.end): c.id for c in citations}
    entries = []
    for draft, f in zip(drafts, found, strict=True):
        number = numbers.get((f.hit.passage.source, f.span.start, f.span.end))
        if number is not None:
            days = (f.first, f.last, f.dated_by, f.named)
            entries.append(Entry(*days, draft.text, number, f.support))
    return tuple(entries), citations


def _dated(
    question: Question,
    evidence: Iterable[Evidence],
    documents: Mapping[str, Document],
    period: Period | None,
) -> list[_Found]:
    """Every sentence that has to do with the question, with its days and its score."""
    found: dict[tuple[str, Span], _Found] = {}
    for item in evidence:
        document = documents[item.hit.passage.source]
        for sentence in item.sentences:
            span, key = sentence.span, (document.source, sentence.span)
            shared = _shared(question, document, span)
            if key in found or not shared or len(words(span.of(document.text))) < WORDS:
                continue
            days = _days(document, span, period)
            score = sentence.support * shared * (1.0 if days[2] == "text" else UNDATED)
            found[key] = _Found(item.hit, span, sentence.support, score, *days)
    return list(found.values())


def _shared(question: Question, document: Document, span: Span) -> float:
    """The share of the question's names, or of its words if it has none, in the paragraph."""
    named = [n for n in question.names if n.lower() not in _CALENDAR]
    wanted = named or [t for t in question.terms if not t.isdigit() and t not in _CALENDAR]
    if not wanted:
        return 1.0
    around = next((p.span for p in document.paragraphs if p.span.overlaps(span)), span)
    there = mentions_of(f"{document.title or ''} {around.of(document.text)}")
    lacking = (
        lacking_names(question.full, named, there)
        if named
        else [w for w in wanted if not stands_in(w, there)]
    )
    return 1 - len(lacking) / len(wanted)


def _days(
    document: Document, span: Span, period: Period | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """First and last day, what dates the sentence, and the words that do."""
    begin = next((p.start for p in document.paragraphs if p.span.overlaps(span)), None)
    named = moments(document.text, span, document.date, begin)
    told = [m for m in named if not names_a_thing(document, m)]
    inside = [m for m in told if period and period.holds(m.first, m.last)]
    if told:
        moment = min(inside or told, key=lambda m: (_length(m), m.span.start))
        return moment.first, moment.last, "text", " ".join(moment.span.of(document.text).split())
    if document.date is None:
        return None, None, None, None
    return *date_range(document.date), "document", None


def names_a_thing(document: Document, moment: Moment) -> bool:
    """Whether a year is part of a name, as in "the 2020 war", and dates nothing else."""
    year = moment.span.end - moment.span.start == 4
    return (
        year and re.search(r"\bthe\s$", document.text[: moment.span.start][-5:], re.I) is not None
    )


def _length(moment: Moment) -> timedelta:
    return date.fromisoformat(moment.last) - date.fromisoformat(moment.first)


_END_OF = r"\s+(?P<end>the end of\s+)?$"
_OPEN_END = re.compile(rf"\b(?:since|from|(?P<without>after)){_END_OF}", re.IGNORECASE)
_OPEN_START = re.compile(rf"\b(?:until|till|up to|by|(?P<without>before)){_END_OF}", re.IGNORECASE)


def period_of(question: str, today: date) -> Period | None:
    """The time of the events asked for: "in 2016", "between 2020 and 2023", "since 2020".

    "After 2016" begins with 2017, "before 2016" ends with 2015.
    None where the question names no time, or the time of writing (see `rag.compose.scope`).
    """
    asked = " ".join(question.split())
    if wish_of(asked, today):
        return None
    found = moments(asked, written=today.isoformat())
    if not found:
        return None
    if len(found) > 1:
        return Period(min(m.first for m in found), max(m.last for m in found))
    return _opened(asked[: found[0].span.start], found[0])


def _opened(before: str, moment: Moment) -> Period:
    """The period that a moment and the words before it mean."""
    since, until = _OPEN_END.search(before), _OPEN_START.search(before)
    if since:
        return Period(_moved(moment.last, 1) if since["without"] else moment.first, None)
    if until:
        whole = not until["without"] or until["end"]
        return Period(None, moment.last if whole else _moved(moment.first, -1))
    return Period(moment.first, moment.last)


def _moved(day: str, by: int) -> str:
    """The day before or after another; itself where the calendar ends."""
    try:
        return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
    except OverflowError:
        return day


def _scope(filters: Filters, period: Period | None, *, relaxed: bool) -> str | None:
    """Which documents and which dates are shown, as sentences."""
    told = [f"Documents up to {date_range(filters.as_of)[1]}."] if filters.as_of else []
    if period is not None:
        since = f"from {period.first}" if period.first else ""
        until = f"to {period.last}" if period.last else ""
        dates = " ".join(part for part in (since, until) if part)
        told.append(
            f"Nothing found is dated {dates}; other dates are shown."
            if relaxed
            else f"Dates {dates}."
        )
    return " ".join(told) or None
