"""Which documents may answer by their dates, and the sentence that says so.

A question can name a time at which it was *written*: "what was known in March 2022", "as of
2021", "the latest", "last week". That narrows the documents, visibly, and is given up where
nothing that it leaves answers. A time at which something *happened* ("in 2016") narrows nothing:
the report of it may be of any later day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.compose.answer import Found
from rag.compose.period import narrowed
from rag.dates.when import Moment, moments
from rag.store.database import date_range
from rag.types import Filters

__all__ = ["Wish", "find_in_scope", "standing_at", "wish_of"]

Look = Callable[[Filters], Found]
"""Retrieves and reads under the given filters."""

#: For "the latest": so many of the newest dates found are tried, and one of them is taken if its
#: answer is at least so sure as this share of the surest at any date.
NEWEST_TRIED, NEAR_ENOUGH = 3, 0.5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question asks of the dates of documents: their last or their first, or the newest."""

    as_of: str | None = None
    since: str | None = None
    newest: bool = False


_KNOWN = (
    r"(?:known|th(?:ought|ink)|believed?|expect(?:ed)?|fear(?:ed)?|assumed|anticipated|foreseen"
    r"|rumoured)"
)
_HELD = rf"(?:{_KNOWN}|know|sa(?:id|y)|predict(?:ed)?|forecast|estimated)"
_TOPIC = r"\s(?:about|of|on|regarding|concerning)\s(?:(?!\bto\b)[^?.;:])*?"
_ABOUT = rf"(?:{_TOPIC})?"
_END_OF = (
    r"(?:(?:the\s)?(?:very\s)?(?:(?:end|close|middle|start|beginning|(?:first|second)\shalf"
    r"|(?:first|second|third|fourth|last)\squarter)\sof\s|(?:spring|summer|autumn|fall|winter)\s(?:of\s)?)"
    r"|early\s|late\s|mid[\s-]?|Q[1-4]\s)?"
)
_PAST = r"\b(?:was|were|did|had)\b"
_NOW = r"\b(?:is|are|has|have)\b"
_CLAUSE = r"[^?.;:]*?"
_AS_OF = re.compile(rf"\bas\s(?:of|at|on|it\sstood\s(?:in|on|at))\s{_END_OF}$", re.IGNORECASE)
#: What was held by a time stands in what was written by then. What was held *in* it, too; but with
#: a topic between, the time may be that of the topic (`say about the fighting in 2016`), unless it
#: says how things stood (`was known about the losses in March`). What is reported in a year
#: happened then.
_HELD_THEN = tuple(
    re.compile(rf"{form},?\s(?P<cue>{cues})\s{_END_OF}$", re.IGNORECASE)
    for form, cues in (
        (rf"{_PAST}{_CLAUSE}\b(?:{_HELD}|reported){_ABOUT}", "by|until|before"),
        (rf"{_NOW}{_CLAUSE}\b(?:{_HELD}|reported){_ABOUT}", "by"),
        (rf"{_PAST}{_CLAUSE}\b{_HELD}{_ABOUT}", "at"),
        (rf"{_PAST}{_CLAUSE}\b{_HELD}", "in|on"),
        (rf"\b(?:was|were|had\sbeen)\s(?:\w+\s){{0,2}}{_KNOWN}{_TOPIC}", "in|on"),
    )
)
_THEN_HELD = re.compile(
    rf"^,?\s(?:what|who|which|how)\b{_CLAUSE}{_PAST}{_CLAUSE}\b(?:{_HELD}|(?P<told>reported))"
    rf"{_ABOUT}[\s?.!]*$",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"^\s*(?P<cue>in|by|on|at|before)\s{_END_OF}$", re.IGNORECASE)
#: A balance "as of 30 September 2021" is told by what was filed later.
_BOOKS = re.compile(
    r"\b(?:balances?|assets|liabilities|cash|inventor(?:y|ies)|receivables|payables|borrowings|equity"
    r"|shares|stock|goodwill|deposits|backlog|carrying|outstanding)\b",
    re.IGNORECASE,
)
_START_OF = re.compile(r"\b(?:start|beginning)\sof\s$", re.IGNORECASE)
_END = re.compile(r"\b(?:end|close)\sof\s$", re.IGNORECASE)
#: Not `the latest date`, which is the last one, nor the most recent before something else.
_NEWEST = re.compile(
    r"(?<!\bat the )(?<!\bwhen is the )(?<!\bwhen was the )"
    r"\b(?:latest(?!\s(?:possible\s)?(?:date|deadline|day|time|moment|hour|point|year|month)\b)"
    r"(?!\sthat\b[^?]*\b(?:can|could|may|might|must|should|would|will)\b)"
    r"|newest|most recent)\b(?!\s+by\b)(?![^?]*\b(?:before|until|prior\sto)\b)",
    re.IGNORECASE,
)
#: `This week in 1991`.
_OF_A_YEAR = re.compile(r"\s(?:in|of)\s(?:\w+\s)?[12]\d{3}\b")
_MAY_NARROW = re.compile(
    rf"\bas\s(?:of|at|on|it)\b|\b(?:{_HELD}|reported)\b|\b(?:last|past|this|yesterday|ago)\b|{_NEWEST.pattern}",
    re.IGNORECASE,
)
_LOOKS_AHEAD = re.compile(r"^(?:next|today)\b", re.IGNORECASE)


def wish_of(question: str, today: date) -> Wish | None:
    """What the question asks of the documents' dates, relative times meant from `today`.

    None for nearly every question: one that names no time, or the time of an event.
    """
    asked = " ".join(question.split())
    if not _MAY_NARROW.search(asked):
        return None  # most questions: no date has to be read
    for moment in moments(asked, written=today.isoformat()):
        as_of = _stands_at(asked, moment)
        if as_of is not None:
            return Wish(as_of=as_of)
        if moment.relative and _is_new(asked, moment):
            return Wish(since=moment.first)
    return Wish(newest=True) if _NEWEST.search(asked) else None


def _is_new(asked: str, moment: Moment) -> bool:
    """Whether a relative time is one since which something may have been written."""
    ahead = _LOOKS_AHEAD.match(moment.span.of(asked))
    return not (ahead or _OF_A_YEAR.match(asked, moment.span.end))


def _stands_at(asked: str, moment: Moment) -> str | None:
    """The last day that the question allows, if it asks how things stood at the moment."""
    before, after = asked[: moment.span.start], asked[moment.span.end :]
    held = next((m for m in (form.search(before) for form in _HELD_THEN) if m), None)
    then, opening = _THEN_HELD.match(after), _OPENING.match(before)
    if then is None or (opening and then["told"] and opening["cue"].lower() in ("in", "on", "at")):
        opening = None
    as_of = _AS_OF.search(before) and not _BOOKS.search(asked)
    if not (held or opening or as_of):
        return None
    cue, (first, last) = held or opening, narrowed(before, moment)
    if cue and cue["cue"].lower() == "before" and not _END.search(before):
        return (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    return first if _START_OF.search(before) else last


def standing_at(filters: Filters, today: date) -> date:
    """The day from which a question means "last week": `as_of` moves it."""
    return date.fromisoformat(date_range(filters.as_of)[1]) if filters.as_of else today


def find_in_scope(look: Look, question: str, filters: Filters, today: date) -> Found:
    """What is found under the filters and the question's own wish, and which dates those were.

    The filters are never given up; a wish is where what it leaves does not answer.
    """
    until = date_range(filters.as_of)[1] if filters.as_of else None
    wish = wish_of(question, standing_at(filters, today))
    if wish is not None and wish.newest:
        return _newest(look, filters)
    if wish is None or not _narrows(wish, filters):
        return _told(look(filters), filters, _up_to(filters))
    within = replace(filters, as_of=wish.as_of or filters.as_of, since=wish.since or filters.since)
    told = f"Documents of {wish.since} and later" if wish.since else f"{_up_to(within)}"
    found = look(within)
    if found.because is None:
        limit = f", none after {until}" if wish.since and until else ""
        return _told(found, within, f"{told}{limit}")
    limited = filters.since or filters.until or filters.as_of  # which leaves undated ones out
    others = f"{'older' if wish.since else 'later'}{'' if limited else ' and undated'}"
    limit = f" up to {until}" if until else ""
    relaxed = f"{told} do not answer; {others} ones{limit} were searched too"
    return _told(_after(found, look(filters)), filters, relaxed)


def _narrows(wish: Wish, filters: Filters) -> bool:
    """Whether a wish leaves out something that the filters let pass."""
    if wish.since:
        return date_range(filters.since or "0001")[0] < wish.since
    limits = [date_range(d)[1] for d in (filters.as_of, filters.until) if d]
    return not limits or (wish.as_of or "") < min(limits)


def _newest(look: Look, filters: Filters) -> Found:
    """The answer of the newest documents that have a sure one, if any of the newest has."""
    widest = found = look(filters)
    if widest.because is None:
        for first in _newest_dates(widest):
            if filters.since and date_range(filters.since)[0] > date_range(first)[0]:
                continue  # a year may begin before the limit
            found = _after(found, look(replace(filters, since=first)))
            if found.because is None and _as_sure(found, widest):
                limit = f" ({_up_to(filters).lower()})" if filters.as_of else ""
                return _told(
                    found, filters, f"The newest documents that answer: from {first}{limit}"
                )
    return _told(replace(widest, timings=found.timings), filters, _up_to(filters))


def _as_sure(found: Found, widest: Found) -> bool:
    return found.reading.confidence >= NEAR_ENOUGH * widest.reading.confidence


def _newest_dates(found: Found) -> list[str]:
    """The newest dates among what was read, down to that of the best evidence."""
    best = found.reading.evidence[0].hit.passage.date if found.reading.evidence else None
    dates = {e.hit.passage.date for e in found.reading.evidence} - {None}
    newest = sorted((d for d in dates if d and d >= (best or "")), reverse=True)
    return newest[:NEWEST_TRIED]


def _after(first: Found, second: Found) -> Found:
    """The second look, with the time that the first took."""
    spent = {k: v + first.timings.get(k, 0.0) for k, v in second.timings.items()}
    return replace(second, timings=spent)


def _told(found: Found, filters: Filters, scope: str | None) -> Found:
    return replace(found, as_of=filters.as_of, scope=f"{scope}." if scope else None)


def _up_to(filters: Filters) -> str:
    return f"Documents up to {date_range(filters.as_of)[1]}" if filters.as_of else ""
