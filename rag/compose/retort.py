"""The sentence right behind a cited one that denies it, takes its number back or counts otherwise.

Shown without it, a claim would look undisputed and a first count final.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.asking.asked import asks_opinion, asks_speaker, breadth_of
from rag.asking.question import Question
from rag.compare.conflicts import Finding
from rag.compare.denial import answers_back, charges, claims
from rag.compare.measures import counted
from rag.compare.opposites import roots, shared
from rag.compare.quantities import Amount, amounts, days
from rag.compare.rivals import sought
from rag.compare.roles import REVISES, role_of
from rag.speech.voice import same_speaker, voice_of
from rag.types import Citation, Document, Paragraph, Span
from rag.words.mentions import lacking_names, mentions_of
from rag.words.sentences import sentences

__all__ = ["Retort", "recount", "retort_to"]

#: Characters before a sentence in which what it is about may be named.
BEFORE = 20_000

#: Somebody else who counts: with a number of its own, it is another answer.
_COUNTS = re.compile(
    r"(?i)\b(?:count(?:ed|s)|estimate[sd]?|(?:spoke|speaks?|wrote|writes?|tells?|told)\b[^.;]{0,20}"
    r"\sof|g[ai]ves?|gave|puts?|lists?|listed|recorded|verified|confirm(?:ed|s)|documented|says?|said"
    r"|claim(?:ed|s)?|reported|reckon(?:ed|s)?|work(?:s|ed)?\s(?:\w+\s)?with|shows?|showed|found"
    r"|calculate[sd]?|arrive[sd]?\sat|(?:has|have|had|keeps?|drew\sup)\sa\slist\sof|collected"
    r"|stands?\sat|believe[sd]?|fear(?:s|ed)?|expect(?:s|ed)?|admit(?:s|ted)?|acknowledge[sd]?|concede[sd]?)\b"
)
#: Whose they are: the dead of the enemy are not our own.
_SIDE = re.compile(
    r"(?i)\b(?:enem(?:y|ies)|opponents?|other\sside|own|on\sthe\s[\w’'-]+\sside|(?:its|their|his|her|our)\s(?:side|part))\b"
)
#: What a number is said of, where nothing is counted: `put the cost at 80 million`.
_MEASURE = re.compile(
    r"(?i)\b(?:cost|damage|price|bill|budget|loss|debt|age|length|height|depth|distance|area|speed"
    r"|temperature|wind|magnitude|chance|odds|value|worth)s?\b"
)
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
    counting = sought(question.form) == "number" and _names_met(question, cited, document)
    numbers = _other_count(cited.quote, text) if counting else None
    if numbers is not None:
        first, last = numbers
        apart = first.excludes(last)
        values = (first.text, last.text)
        return Retort(span, ("number", "the number", *values) if apart else None)
    if _denies(question, cited, text) and _is_asked(question, cited, document):
        return Retort(span, ("yes or no", "whether it is so", "claimed", "denied"))
    return None


def recount(
    question: Question, first: Citation, second: Citation, document: Document
) -> Finding | None:
    """The two numbers, where of two sentences of one paragraph the second counts the same anew."""
    if sought(question.form) != "number" or not _names_met(question, first, document):
        return None
    counts = _other_count(first.quote, second.quote)
    if counts is None or not counts[0].excludes(counts[1]):
        return None
    return "number", "the number", counts[0].text, counts[1].text


def _denies(question: Question, cited: Citation, text: str) -> bool:
    """Whether a sentence denies what the cited one has somebody claim."""
    found = answers_back(text)
    if found is None or not (cited.speaker is not None or claims(cited.quote)):
        return False
    if breadth_of(question.form) in ("sides", "several"):
        return True
    # Who says it, or what he says, is so although another denies it.
    if asks_speaker(question.form) or asks_opinion(question.form):
        return False
    # Elsewhere it is `it` that is denied, or something that is claimed: `The defence denies the
    # charges` is no word on the day of the trial.
    if found["that"] or found["having"]:
        return len(roots(text[found.end() :]) & roots(cited.quote)) >= 2
    return found["charges"] is None or charges(cited.quote)


def _names_met(question: Question, cited: Citation, document: Document) -> bool:
    """Whether the document names what the question names, up to a cited sentence."""
    before = document.text[max(0, cited.end - BEFORE) : cited.end]
    told = mentions_of(f"{document.title or ''} {before}")
    return not lacking_names(question.full, question.names, told)


def _is_asked(question: Question, cited: Citation, document: Document) -> bool:
    """Whether a word of the question, but for names, stands in the paragraph up to the claim."""
    begin = next((p.start for p in document.paragraphs if p.start <= cited.start < p.end), 0)
    asked = roots(question.full) - roots(" ".join(question.names))
    told = roots(document.text[max(begin, cited.end - BEFORE // 5) : cited.end])
    return not asked or shared(asked, told)


def _next_sentence(cited: Citation, document: Document) -> Span | None:
    paragraph = next((p for p in document.paragraphs if p.start <= cited.start < p.end), None)
    if paragraph is None or not _ended(cited.quote):
        return None
    after = sentences(document.text, cited.end, paragraph.end, document.language)
    if cited.end >= paragraph.end or not after:
        return _next_turn(cited, paragraph, document)
    # The rest of a sentence that was shortened is no sentence of its own.
    begins = not document.text[cited.end : after[0].start].strip(' \n\r\t"”’)»')
    return after[0] if begins else None


def _next_turn(cited: Citation, paragraph: Paragraph, document: Document) -> Span | None:
    """The first sentence of the next paragraph, where it is another one's turn to speak."""
    behind = next((p for p in document.paragraphs if p.start >= paragraph.end), None)
    if behind is None or behind.heading or cited.speaker is None:
        return None
    found = sentences(document.text, behind.start, behind.end, document.language)
    voice = voice_of(document, found[0]) if found else None
    if voice is None or same_speaker(voice.name, cited.speaker):
        return None
    return found[0] if answers_back(found[0].of(document.text)) else None


def _ended(quote: str) -> bool:
    return quote.rstrip("\"”’')» ").endswith((".", "!", "?", "…"))


def _other_count(quote: str, text: str) -> tuple[Amount, Amount] | None:
    """The last number of each, where the second sentence counts the same thing anew."""
    first, last = _plain(quote), _plain(text)
    if not first or not last or first[-1].low == last[-1].low:
        return None
    if _words(_MEASURE, text) - _words(_MEASURE, quote):
        return None
    if _words(_SIDE, quote) != _words(_SIDE, text):
        return None
    if REVISES.search(text):
        return first[-1], last[-1]
    # What is counted at another time is another thing.
    if not _COUNTS.search(text) or any(day.text not in quote for day in days(text)):
        return None
    return next(((a, b) for b in last for a in first if a.low != b.low and _alike(a, b)), None)


def _words(pattern: re.Pattern[str], text: str) -> set[str]:
    return {m[0].lower() for m in pattern.finditer(text)}


def _plain(text: str) -> list[Amount]:
    """The amounts that count something, which percentages and sums of money do not."""
    found = [a for a in amounts(text) if not _MONEY.search(f"{a.text} {a.after[:12]}")]
    return [a for a in found if role_of(a) != "part"]


def _alike(one: Amount, other: Amount) -> bool:
    """Whether two amounts may count one thing: one noun, or one of them has none."""
    a, b = counted(one), counted(other)
    if any(c is not None and (c.measured or c.role) for c in (a, b)):
        return False
    if a is not None and b is not None and None not in (a.fate, b.fate) and a.fate != b.fate:
        return False
    bare = a is None or b is None or not a.noun or not b.noun
    return bare or (a is not None and b is not None and a.noun == b.noun)
