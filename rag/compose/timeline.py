"""Dated evidence in order: when the sentence says so itself, else when it was written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from rag.asking.question import Question
from rag.compose.beside import states
from rag.compose.cite import cite, verbatim
from rag.compose.period import Period, asked_for
from rag.compose.scope import wish_of
from rag.dates.when import Moment, moments
from rag.serialise import citation_to_dict
from rag.store.database import date_range
from rag.text import words
from rag.types import Citation, Document, Evidence, Filters, Hit, Span
from rag.words.mentions import lacking_names, mentions_of, stands_in

__all__ = ["Entry", "Timeline", "listed_period", "period_of", "timeline_of", "told_days"]

#: A sentence stands in a timeline from this score on, and from this share of the best one's.
LEAST, SHARE = 0.03, 0.08

#: What a sentence without a date of its own counts, beside one with.
UNDATED = 0.5

#: Words that say when, or only that there is something, not what.
_CALENDAR = frozenset(
    n.lower()
    for n in (*calendar.month_name, *calendar.day_name, *calendar.month_abbr, *calendar.day_abbr)
) | frozenset(
    """
    sept spring summer autumn winter early late mid last past next ago day days week weeks month
    months year years yesterday today happen happens happened happening occur occurred take took
    taken place event events development developments timeline chronology order date dates give list
    show known
    """.split()
)
_FIGURE = re.compile(r"\d+(?:st|nd|rd|th|s)?|q[1-4]", re.IGNORECASE)

#: So many years may be of an event; more of them in brackets are a life.
A_WAR = 15
_A_YEAR = timedelta(days=366)
_BORN = re.compile(r"\b(?:born|b\.)\s(?:in\s|on\s)?(?:the\s)?\Z", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"\bthe\s\Z", re.IGNORECASE)
_YEARS = re.compile(r"\d{4}(?:\s?[-–/]\s?(?:\d\d){1,2})?")

#: A shorter one is a by-line or a remark.
WORDS = 4


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
    period: Period | None,
) -> Timeline:
    """The best sentences of the evidence, at most `lines`, in the order of their dates.

    A period keeps the sentences dated in it, unless there are none.
    """
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
            said = len(words(span.of(document.text))) >= WORDS and states(question, document, span)
            if key in found or not shared or not said:
                continue
            days = _days(document, span, period)
            score = sentence.support * shared * (1.0 if days[2] == "text" else UNDATED)
            found[key] = _Found(item.hit, span, sentence.support, score, *days)
    return list(found.values())


def _shared(question: Question, document: Document, span: Span) -> float:
    """The share of the question's names, or of its words if it has none, in the paragraph."""
    named = [n for n in question.names if not _says_when(n)]
    wanted = named or [t for t in question.terms if not _says_when(t)]
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


def _says_when(word: str) -> bool:
    """Whether it is no word for the matter: `November`, `27`, `Q3`, `1990s`, `happened`."""
    return word.lower() in _CALENDAR or bool(_FIGURE.fullmatch(word))


def _days(
    document: Document, span: Span, period: Period | None
) -> tuple[str | None, str | None, str | None, str | None]:
    """First and last day, what dates the sentence, and the words that do."""
    told = told_days(document, span)
    inside = [m for m in told if period and period.holds(m.first, m.reach)]
    if told:
        events = [m for m in told if not _is_birth(document.text, m)]
        moment = min(inside or events or told, key=lambda m: (_length(m), m.span.start))
        return moment.first, moment.last, "text", " ".join(moment.span.of(document.text).split())
    if document.date is None:
        return None, None, None, None
    return *date_range(document.date), "document", None


def _is_birth(text: str, moment: Moment) -> bool:
    """Whether it dates somebody's birth, not what else the sentence tells."""
    return _BORN.search(text[max(0, moment.span.start - 20) : moment.span.start]) is not None


def _is_life(text: str, moment: Moment) -> bool:
    """Whether it begins the years of somebody's life: "(12 March 1950 – 5 May 2010)"."""
    years = int(moment.reach[:4]) - int(moment.first[:4])
    return years > A_WAR and text[moment.span.start - 1 : moment.span.start] == "("


def told_days(document: Document, span: Span) -> list[Moment]:
    """The times that date a stretch of a document."""
    begin = next((p.start for p in document.paragraphs if p.span.overlaps(span)), None)
    named = moments(document.text, span, document.date, begin)
    lives = {m.reach for m in named if _is_life(document.text, m)}
    return [
        m for m in named if not (m.reach in lives or _names_a_thing(document, m) or _is_vague(m))
    ]


def _is_vague(moment: Moment) -> bool:
    """Whether it is "the last ten years" or the like, which dates nothing."""
    return moment.relative and _length(moment) > _A_YEAR


def _names_a_thing(document: Document, moment: Moment) -> bool:
    """Whether years are part of a name, as in "the 2020 war", and date nothing else."""
    start, said = moment.span.start, moment.span.of(document.text)
    named = _BEFORE_NAME.search(document.text[max(0, start - 5) : start])
    return named is not None and _YEARS.fullmatch(said) is not None


def _length(moment: Moment) -> timedelta:
    return date.fromisoformat(moment.last) - date.fromisoformat(moment.first)


def period_of(question: str, today: date) -> Period | None:
    """The time of the events asked for: "in 2016", "between 2020 and 2023", "since 2020".

    "After 2016" begins with 2017, "before 2016" ends with 2015; "on 5 May" is that day of any year.
    None where the question names no time, or the time of writing (see `rag.compose.scope`).
    """
    asked = " ".join(question.split())
    wish = wish_of(asked, today)
    if wish and not wish.newest:
        return None
    found = [m for m in moments(asked, written=today.isoformat()) if not _is_now(asked, m)]
    told = [m for m in found if not m.supposed]
    if not told:
        return _of_any_year(asked, found)
    return asked_for(asked, told)


def listed_period(question: str, today: date) -> Period | None:
    """The time that a timeline is of: also "last week", which narrows an answer's documents."""
    wish = wish_of(question, today)
    if wish is None or wish.since is None:
        return period_of(question, today)
    found = moments(" ".join(question.split()), written=today.isoformat())
    return next((Period(m.first, m.last) for m in found if m.first == wish.since), None)


def _is_now(asked: str, moment: Moment) -> bool:
    """Whether "today" only asks how things are."""
    return moment.span.of(asked).lower() == "today"


def _of_any_year(asked: str, found: Sequence[Moment]) -> Period | None:
    """The days of a question that names no year; None where they bound no days of each year."""
    period = asked_for(asked, found)
    return replace(period, yearly=True) if period and period.first and period.last else None


def _scope(filters: Filters, period: Period | None, *, relaxed: bool) -> str | None:
    """Which documents and which dates are shown, as sentences."""
    told = [f"Documents up to {date_range(filters.as_of)[1]}."] if filters.as_of else []
    if period is not None:
        told.append(
            f"Nothing found is dated {period}; other dates are shown."
            if relaxed
            else f"Dates {period}."
        )
    return " ".join(told) or None
