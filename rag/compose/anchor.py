"""The day of an event that a question counts from: "before the invasion", "by day 5 of the war".

The day is taken from a sentence that was read and dates the event's beginning. Where none does, or
two give different days, the words of the question stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.asking.question import STOP_WORDS
from rag.compose.period import Period
from rag.dates.when import moments
from rag.read import Reading
from rag.text import words
from rag.types import Document, Span
from rag.words.mentions import stands_in

__all__ = ["Anchor", "anchor_of"]

_COUNTED = re.compile(
    r"(?i)\b(?P<cue>before|after|since|until|by|on)\s"
    r"(?:(?:the\s)?day\s(?P<day>\d{1,3})\s(?:of|in|into)\s)?"
    r"(?P<event>the\s(?!(?:end|start|beginning|middle|time)\b)[a-z][\w’'-]*(?:\s(?:of\s)?(?!(?:did|was|were|had|has"
    r"|is|are|and|or|who|what|how|in|on|at|by|to|with|began|begin|started)\b)[\w’'-]+){0,3})"
)
_WAS = r"(?:has\sbeen|have\sbeen|had\sbeen|was|were|is|are|has|have|had)"
_STARTED = r"(?:beg[au]n|started|launched|opened|signed)"
#: The verbs that an event is the subject of when it begins.
_BEGINS = re.compile(
    rf"(?i)(?<=\s)(?:{_WAS}\s(?:(?:first|formally|officially|also|then|finally)\s)?)?"
    rf"(?:{_STARTED}|begins?|starts?|launch(?:es)?|opens?|erupt(?:s|ed)?|br(?:eaks?|oken?)\sout"
    r"|(?:take[sn]?|took)\s(?:place|effect)|c(?:omes?|ame)\sinto\sforce|(?<=[se]\s)held)(?!\w)"
)
#: Those that it is the object of: "they launched the attack".
_MADE = re.compile(rf"(?i)\b{_STARTED}\s(?=(?:the|an?|its|his|her|their)\s)")
_CLAUSE_END = re.compile(
    r"(?i)[,;:()“”\"—–]|\b(?:and|but|or|that|which|who|whom|whose|when|while|as|because|than|said)\b"
)
#: Where one of these stands with a verb, the day need not be that on which it came to pass.
_ASTRAY = re.compile(
    r"(?i)\b(?:after|before|since|until|till|during|following|if|unless|whether|will|would|could|should|may|might|to\shave|no|not|never|none|neither"
    r"|nor|hardly|almost|nearly)\b|n['’]t\b"
)
#: "Two days later than 3 March", "by 3 March".
_ELSEWHEN = re.compile(
    rf"(?i){_ASTRAY.pattern[4:]}|\b(?:days?|weeks?|months?|years?|hours?)\b|\bby\s(?:the\s)?\Z"
)
_PREPOSITION = (
    r"(?:about|across|against|along|amid|among|around|at|between|by|despite|for|from|in|into|near|of"
    r"|on|over|through|to|towards?|under|upon|with|within|without)"
)
_DETERMINERS = frozenset("the a an this that these its his her their our".split())
#: Places and bodies open too, but nothing is said `before the court` or `by the bridge` in time.
_PLACES = frozenset(
    "airport assembly bank bar base bench board border bridge camp camera cameras chamber church"
    " commission committee congregation council court crowd door embassy factory fence field gate"
    " hall hospital house judge judges jury library line market mosque museum office panel"
    " parliament park pipeline plant pool port press public restaurant river road school senate"
    " shop stadium station store street theatre tribunal tunnel university wall".split()
)
_DENIED = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|disput(?:es?|ed|ing)|doubt(?:s|ed|ing)?|false(?:ly)?|wrong(?:ly)?"
    r"|untrue|reject(?:s|ed|ing)?|refut(?:es?|ed|ing)|claim(?:s|ed|ing)?|alleg(?:es?|ed|ing))\b"
)
#: The words of an event: its noun comes last before the first preposition.
_NAMED = re.compile(
    rf"(?i)\s*(?P<noun>(?:(?!{_PREPOSITION}\b)[\w’'-]+\s){{1,6}})"
    rf"(?:{_PREPOSITION}\s(?:(?:the|an?)\s)?(?:[\w’'-]+\s){{1,3}}){{0,2}}"
)
#: What may stand between a verb and the words that say when or where.
_NO_OBJECT = re.compile(rf"(?i)\s*(?:\Z|[^\w\s]|(?:{_PREPOSITION}|early|late|again|as|\w+ly)\b)")
_ON = re.compile(r"(?i)\s*(?:(?:and|but|then)\s)?(?:(?:early|late)\s)?(?:on\s)?(?:the\s)?")
_DAY = re.compile(
    r"(?i)\s(?:(?:early|late)\s)?(?:on\s(?:the\s)?)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?\Z"
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
    noun = words(match["event"].split(" of ")[0])[-1]
    if noun in _PLACES:
        return None
    begun: dict[str, str] = {}
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for sentence in evidence.sentences:
            day = _begins(document, sentence.span, sought, noun)
            if day is not None:
                begun.setdefault(day, document.source)
    if not sought or len(begun) != 1:
        return None
    day, source = next(iter(begun.items()))
    try:
        period = _counted(match["cue"].lower(), int(match["day"] or 0), date.fromisoformat(day))
    except OverflowError:  # beyond the calendar
        return None
    return Anchor(match[0], period, source) if period is not None else None


def _begins(document: Document, span: Span, sought: Sequence[str], noun: str) -> str | None:
    """The one day on which a sentence says that the event begins."""
    text = span.of(document.text)
    if _DENIED.search(text) or not all(stands_in(w, set(words(text))) for w in sought):
        return None
    begin = next((p.start for p in document.paragraphs if p.span.overlaps(span)), None)
    found = moments(document.text, span, document.date, begin)
    if len(found) != 1 or found[0].first != found[0].last:
        return None
    day = Span(found[0].span.start - span.start, found[0].span.end - span.start)
    named = (*_subjects(text, day), *_objects(text, day))
    return found[0].first if any(_is_event(n, sought, noun) for n in named) else None


def _subjects(text: str, day: Span) -> Iterator[str]:
    """The subjects of the verbs that say that something begins on the day."""
    for verb in _BEGINS.finditer(text):
        before, after = text[: verb.start()], text[verb.end() :]
        if verb.end() <= day.start:
            between = _DAY.sub(" ", text[verb.end() : day.start])
            subject = _last_clause(before)
            apart = _ELSEWHEN.search(text[verb.end() : day.start])
            plain = not (_CLAUSE_END.search(between) or apart)
            after = between
        else:
            subject = re.sub(r"(?i)\A\W*(?:when\s)?", "", before[day.end :])
            plain = _ON.fullmatch(_last_clause(before[: day.start])) is not None
        if plain and _NO_OBJECT.match(after) and not _ASTRAY.search(subject):
            yield subject


def _objects(text: str, day: Span) -> Iterator[str]:
    """The objects of the verbs that say that someone began something on the day."""
    for verb in _MADE.finditer(text, 0, day.start):
        said = text[verb.end() : day.start]
        left = _last_clause(text[: verb.start()])
        if _DAY.search(said) and not (_ASTRAY.search(left) or _ELSEWHEN.search(said)):
            yield _DAY.sub(" ", said)


def _last_clause(text: str) -> str:
    """What stands behind the last sign or word that ends a clause."""
    return text[max((m.end() for m in _CLAUSE_END.finditer(text)), default=0) :]


def _is_event(named: str, sought: Sequence[str], noun: str) -> bool:
    """Whether words name the event that is sought, and not something that has to do with it."""
    match = _NAMED.fullmatch(named)
    if match is None or not all(stands_in(w, set(words(named))) for w in sought):
        return False
    first, *others = match["noun"].lower().split()
    if any(w in _DETERMINERS or w.endswith("ing") for w in others[:-1]):
        return False  # "talks ending the strike"
    return stands_in(noun, {others[-1] if others else first})


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
