"""Questions about the answer before: who said that, when was it written, where does it stand?

They are answered from the sentences that the last answer showed, found again word by word, and not
by looking for passages that resemble "Who said that?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.read import Reading
from rag.sentences import sentences
from rag.types import Document, Evidence, EvidenceSentence, Hit, Span
from rag.voice import own_author, same_speaker, voice_of

__all__ = ["Origin", "asked_origin", "only_speaker", "shown_again", "told_origin"]

Origin = Literal["who", "when", "where"]

#: Code points from which a sentence is surely the one that was shown.
LONG_ENOUGH = 20

_THAT = r"(?:that|this|it|so|these things|those words|these words)"
_ASKED: tuple[tuple[Origin, str], ...] = (
    (
        "who",
        rf"who\s(?:(?:said|says|wrote|writes|claim(?:s|ed)|state[sd]|argue[sd])\s{_THAT}|is\ssaying\s"
        rf"{_THAT}|told\s(?:you|them)\s{_THAT}|said|says|wrote)|says\swho"
        rf"|whose\s(?:words|opinion|view|claim)\s(?:is|are|was|were)\s(?:that|this|it|these|those)"
        rf"|according\sto\swhom",
    ),
    (
        "when",
        rf"when\s(?:was|is)\s{_THAT}\s(?:written|said|published|from|dated|reported)"
        rf"|when\sdid\s(?:he|she|they)\s(?:say|write|claim)\s{_THAT}|how\sold\sis\s{_THAT}"
        rf"|(?:from|of)\s(?:when|what\sdate)\sis\s{_THAT}|what\sdate\sis\s{_THAT}\sfrom",
    ),
    (
        "where",
        rf"where\s(?:does|did)\s(?:it|they|he|she)\s(?:say|stand|write)(?:\s{_THAT})?"
        rf"|where\s(?:is|was)\s{_THAT}(?:\s(?:from|written|said|published))?"
        rf"|where\s(?:did|do)\syou\s(?:get|have|find|read)\s{_THAT}(?:\sfrom)?"
        rf"|(?:which|what)\s(?:document|source|file|paragraph|article)\s(?:says|said|is|was)\s{_THAT}"
        rf"(?:\s(?:from|in))?|what(?:'s|’s|\sis)\s(?:the|your)\ssource(?:\s(?:of|for)\s{_THAT})?"
        r"|source",
    ),
)
_PATTERNS = tuple(
    (origin, re.compile(rf"(?i)\A\W*(?:(?:and|but|so|ok|okay)\W+)?(?:{asked})(?:\sthen)?\W*\Z"))
    for origin, asked in _ASKED
)


def asked_origin(question: str) -> Origin | None:
    """What a question wants to know of the answer before it, if it is about nothing else."""
    asked = " ".join(question.split())
    return next((origin for origin, pattern in _PATTERNS if pattern.match(asked)), None)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A sentence that the answer holds: where in the answer, and where in the documents."""

    place: int
    hit: Hit
    span: Span


def shown_again(
    answered: str, hits: Iterable[Hit], documents: Mapping[str, Document]
) -> Reading | None:
    """The sentences of the hits that stand in an answer word by word; None where none does."""
    answer = " ".join(answered.split())
    found: dict[tuple[str, Span], _Shown] = {}
    for hit in hits:
        document, passage = documents[hit.passage.source], hit.passage
        for span in sentences(document.text, passage.start, passage.end, document.language):
            quote = " ".join(span.of(document.text).split())
            place = answer.find(quote) if len(quote) >= LONG_ENOUGH else -1
            if place >= 0:
                found.setdefault((passage.source, span), _Shown(place, hit, span))
    if not found:
        return None
    return _reading(_once_each(found.values()))


def _once_each(found: Iterable[_Shown]) -> list[_Shown]:
    """In the answer's order; of a sentence that two documents hold, the one that ranks first."""
    first: dict[int, _Shown] = {}
    for shown in found:
        first.setdefault(shown.place, shown)
    return [first[place] for place in sorted(first)]


def _reading(shown: Sequence[_Shown]) -> Reading:
    """All of them company of each other; the supports only keep them in order."""
    by_row: dict[int, list[EvidenceSentence]] = {}
    hits: dict[int, Hit] = {}
    for n, one in enumerate(shown):
        row = one.hit.passage.row
        hits.setdefault(row, one.hit)
        by_row.setdefault(row, []).append(EvidenceSentence(one.span, 1.0 - n / 1000, 1.0))
    evidence = tuple(
        Evidence(n, hits[row], tuple(found), None, found[0].support)
        for n, (row, found) in enumerate(by_row.items(), start=1)
    )
    return Reading(evidence, 1.0, tuple(hits.values()))


def told_origin(origin: Origin, reading: Reading, documents: Mapping[str, Document]) -> str:
    """Whose the sentences are, of what date, or in which place, as a sentence beside the answer.

    An author counts where the document surely says it itself; what is not told is said.
    """
    told: dict[str, None] = {}
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for sentence in evidence.sentences:
            told.setdefault(_TOLD[origin](document, sentence.span))
    return f"{_HEADS[origin]}: {'; '.join(told)}."


def only_speaker(reading: Reading, documents: Mapping[str, Document]) -> str | None:
    """The name, as it stands in a source, of the one who says all of the sentences, if one does."""
    voices = [
        voice_of(documents[e.hit.passage.source], s.span)
        for e in reading.evidence
        for s in e.sentences
    ]
    first = voices[0] if voices else None
    if first is None:
        return None
    one = all(v is not None and same_speaker(v.name, first.name) for v in voices)
    return first.name if one else None


def _speaker(document: Document, span: Span) -> str:
    voice = voice_of(document, span)
    author = own_author(document, span)
    if voice is not None:
        return f"{voice.name} ({document.source})"
    if author is not None:
        return f"{author}, the author ({document.source})"
    return f"nobody is named in {document.source}"


def _date(document: Document, _: Span) -> str:
    if document.date is None:
        return f"{document.source} has none"
    origin = f", {document.date_origin}" if document.date_origin else ""
    return f"{document.date} ({document.source}{origin})"


def _place(document: Document, span: Span) -> str:
    numbered = [p for p in document.paragraphs if p.start <= span.start < p.end and not p.heading]
    return f"{document.source}, paragraph {numbered[0].number}" if numbered else document.source


_HEADS: Mapping[Origin, str] = {"who": "Speaker", "when": "Date", "where": "Place"}
_TOLD: Mapping[Origin, Callable[[Document, Span], str]] = {
    "who": _speaker, "when": _date, "where": _place,
}  # fmt: skip
