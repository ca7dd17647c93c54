"""Whether a text tells of the time that a question asks about, and passages ordered by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from rag.compose.period import Period, opened
from rag.compose.timeline import told_days
from rag.dates.when import Moment
from rag.store.database import date_range
from rag.types import Document, Hit, Span

__all__ = ["Tells", "nearer_in_time", "tells_of"]

Tells = Literal["named", "written", "other"]
"""It names a day of the time; it names none and was written then; it names other days only."""

#: A report of an event may be written so long after it.
REPORTED_WITHIN = timedelta(days=45)

#: What a passage that names a day of the time asked about, and one that was written then, gains
#: beside its score in [0, 1].
NAMED, WRITTEN = 0.15, 0.15

#: So many characters before a time are looked at for "since" or "until".
_LEAD = 80


def tells_of(document: Document, span: Span, period: Period) -> Tells | None:
    """How a stretch of a document stands to a period; None where nothing dates it."""
    told = told_days(document, span)
    if any(period.holds(m.first, m.reach) for m in told):
        return "named"
    apart = [m for m in told if period.compares(m.first, m.last)]
    if apart and not any(_lasts(document.text, m, period) for m in apart):
        return "other"
    return "written" if _written_in(document, period) else None


def _lasts(text: str, moment: Moment, period: Period) -> bool:
    """Whether what holds "since" or "until" a day may hold in a period, as the day does not."""
    said = opened(text[max(0, moment.span.start - _LEAD) : moment.span.start], moment)
    if said.first is None or said.last is None:
        return period.holds(said.first or "0001-01-01", said.last or "9999-12-31")
    return False


def nearer_in_time(
    hits: Sequence[Hit], documents: Mapping[str, Document], period: Period
) -> list[Hit]:
    """The hits anew by score, which rises where a day named or the document's date is of the time.

    None is left out, and one about something else stays behind: the gain is small beside a score.
    """
    raised = [replace(h, score=h.score + _gain(h, documents, period)) for h in hits]
    return sorted(raised, key=lambda h: -h.score)


def _gain(hit: Hit, documents: Mapping[str, Document], period: Period) -> float:
    document = documents[hit.passage.source]
    if tells_of(document, hit.passage.span, period) == "named":
        return NAMED
    return WRITTEN if _written_in(document, period) else 0.0


def _written_in(document: Document, period: Period) -> bool:
    """Whether a document's date is of a period, or so near behind it that it may report of it."""
    if document.date is None or len(document.date) < 7:
        return False
    written, _ = date_range(document.date)
    return any(_reports(written, p) for p in period.near(written))


def _reports(written: str, period: Period) -> bool:
    later = _reported_by(period.last) if period.last else None
    return (period.first or "") <= written and (later is None or written <= later.isoformat())


def _reported_by(last: str) -> date:
    """The day up to which a report of something of that day may be written."""
    day = date.fromisoformat(last.replace("-02-29", "-02-28"))
    return day + REPORTED_WITHIN if date.max - day > REPORTED_WITHIN else date.max
