"""Questions about the answer before: who said that, when was it written, where does it stand?

They are answered from the sentences that the last answer showed, found again word by word, and not
by looking for passages that resemble "Who said that?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.compose.extractive import MAX_SENTENCES
from rag.compose.leaning import leaned_on
from rag.read import Reading
from rag.speech.voice import own_author, same_speaker, voice_of
from rag.types import Document, Evidence, EvidenceSentence, Hit, Span
from rag.words.sentences import sentences_within

__all__ = ["Origin", "asked_origin", "only_speaker", "shown_again", "told_origin"]

Origin = Literal["who", "when", "where"]

#: Code points from which a sentence is surely the one that was shown.
LONG_ENOUGH = 20

_THAT = r"(?:that|this|so|these things|those words|these words)"
#: `It` may be what the answer speaks of: "How old is it?", "Where was it published?".
_IT = r"(?:it|that|this|so|these things|those words|these words)"
_ASKED: tuple[tuple[Origin, str], ...] = (
    (
        "who",
        rf"who(?:\sexactly|\swas\sit\s(?:who|that))?\s(?:(?:said|says|claim(?:s|ed)|state[sd]|argue[sd])"
        rf"\s{_IT}(?:\sto\swhom)?|(?:wrote|writes|report(?:s|ed)|believe[sd]|thinks|thought)\s{_THAT}"
        rf"|is\ssaying\s{_IT}|told\s(?:you|them)\s{_IT}|said|says|wrote)|says\swho"
        rf"|who(?:'s|’s)\ssaying\s{_IT}|who\sis\s(?:{_THAT}\saccording\sto|(?:being\s)?quoted)"
        rf"|who\smade\s(?:that|this)\s(?:claim|statement|point|remark)|whose\s(?:words|opinion|view|claim)\s(?:is|are|was|were)\s(?:that|this|these|those)"
        rf"|according\sto\swhom",
    ),
    (
        "when",
        rf"when\s(?:was|is)\s(?:{_THAT}\s(?:written|published|from|dated|reported)|{_IT}\ssaid)"
        rf"|when\sdid\s(?:he|she|they)\s(?:(?:say|claim)\s{_IT}|write\s{_THAT})"
        rf"|(?:from|of)\s(?:when|what\sdate)\sis\s{_THAT}|what\sdate\sis\s{_THAT}\sfrom",
    ),
    (
        "where",
        rf"where\s(?:does|did)\s(?:it|they|he|she)\s(?:say\s{_IT}|write\s{_THAT})"
        rf"|where\sdoes\sit\ssay"
        rf"|where\s(?:is|was)\s(?:{_THAT}\s(?:from|written|published)|{_IT}\ssaid)"
        rf"|where\s(?:did|do)\syou\s(?:get|have|find|read)\s{_IT}(?:\sfrom)?"
        rf"|(?:which|what)\s(?:document|source|file|paragraph|article)\s(?:(?:says|said)\s{_IT}"
        rf"|(?:is|was)\s{_THAT}\s(?:from|in))"
        rf"|what(?:'s|’s|\sis)\s(?:the|your)\ssource(?:\s(?:of|for)\s{_THAT})?|source",
    ),
)
_PATTERNS = tuple(
    (
        origin,
        re.compile(
            rf"(?i)\A\W*(?:(?:and|but|so|ok|okay)\W+)?(?:{asked})(?:\W+(?:then|exactly|there|here))?\W*\Z"
        ),
    )
    for origin, asked in _ASKED
)


def asked_origin(question: str) -> Origin | None:
    """What a question wants to know of the answer before it, if it is about nothing else."""
    asked = " ".join(question.split())
    return next((origin for origin, pattern in _PATTERNS if pattern.match(asked)), None)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A sentence that the answer holds: where in the answer, and where in the documents."""

    place: Span
    hit: Hit
    span: Span


def shown_again(
    answered: str, hits: Iterable[Hit], documents: Mapping[str, Document]
) -> Reading | None:
    """The sentences of the hits that stand in an answer word by word; None where none does.

    A document that has a sentence too is a copy of the first.
    """
    answer = " ".join(answered.split())
    found: dict[tuple[str, Span], _Shown] = {}
    for hit in hits:
        document, passage = documents[hit.passage.source], hit.passage
        for span in sentences_within(document, passage.span):
            place = _place_in(answer, _words(document, span))
            if place is not None:
                found.setdefault((passage.source, span), _Shown(place, hit, span))
    if not found:
        return None
    return _reading(_as_shown(_once_each([*found.values()]), documents))


def _words(document: Document, span: Span) -> str:
    return " ".join(span.of(document.text).split())


def _place_in(answer: str, quote: str) -> Span | None:
    """Where a sentence stands in an answer by itself, and not as part of a word or quotation."""
    if len(quote) < LONG_ENOUGH:
        return None
    match = re.search(rf"(?<!\S){re.escape(quote)}(?!\S)", answer)
    return Span(*match.span()) if match is not None else None


def _once_each(found: Sequence[_Shown]) -> list[_Shown]:
    """In the answer's order, none that is part of another.

    Of a sentence in two documents the one that ranks first, with the other's passage as its copy.
    """
    first: dict[Span, _Shown] = {}
    for shown in found:
        if any(o.place != shown.place and _holds(o.place, shown.place) for o in found):
            continue
        held = first.setdefault(shown.place, shown)
        if held.hit.passage.source != shown.hit.passage.source:
            copies = (*held.hit.copies, shown.hit.passage)
            first[shown.place] = replace(held, hit=replace(held.hit, copies=copies))
    return [first[place] for place in sorted(first)]


def _holds(one: Span, other: Span) -> bool:
    return one.start <= other.start and other.end <= one.end


def _as_shown(found: Sequence[_Shown], documents: Mapping[str, Document]) -> list[_Shown]:
    """As many as an answer shows: those that answer, and behind them what they lean back on."""

    def leans_on(shown: _Shown) -> set[tuple[str, Span]]:
        source = shown.hit.passage.source
        return {(source, span) for span in leaned_on(documents[source], shown.span)}

    before = {place for shown in found for place in leans_on(shown)}
    own = [s for s in found if (s.hit.passage.source, s.span) not in before][:MAX_SENTENCES]
    kept = {place for shown in own for place in leans_on(shown)}
    return [*own, *(s for s in found if (s.hit.passage.source, s.span) in kept)]


def _reading(shown: Sequence[_Shown]) -> Reading:
    """All of them company of each other; the supports only keep them in order."""
    by_row: dict[int, list[EvidenceSentence]] = {}
    hits: dict[int, Hit] = {}
    for n, one in enumerate(shown):
        row = one.hit.passage.row
        copies = (*hits[row].copies, *one.hit.copies) if row in hits else one.hit.copies
        hits[row] = replace(one.hit, copies=tuple(dict.fromkeys(copies)))
        by_row.setdefault(row, []).append(EvidenceSentence(one.span, 1.0 - n / 1000, 1.0))
    evidence = tuple(
        Evidence(n, hits[row], tuple(found), None, found[0].support)
        for n, (row, found) in enumerate(by_row.items(), start=1)
    )
    return Reading(evidence, 1.0, tuple(hits.values()))


def _places(reading: Reading, documents: Mapping[str, Document]) -> Iterator[tuple[Document, Span]]:
    """Where the sentences stand, in each of the documents that have them."""
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for sentence in evidence.sentences:
            yield document, sentence.span
            said = _words(document, sentence.span)
            for copy in evidence.hit.copies:
                other = documents.get(copy.source)
                if other is not None:
                    spans = sentences_within(other, copy.span)
                    yield from ((other, s) for s in spans if _words(other, s) == said)


def told_origin(origin: Origin, reading: Reading, documents: Mapping[str, Document]) -> str:
    """Whose the sentences are, of what date, or in which place, as a sentence beside the answer.

    An author counts where the document surely says it itself; what is not told is said.
    """
    told = dict.fromkeys(_TOLD[origin](*place) for place in _places(reading, documents))
    return f"{_HEADS[origin]}: {'; '.join(told)}."


def only_speaker(reading: Reading, documents: Mapping[str, Document]) -> str | None:
    """The name, as it stands in a source, of the one who says all of the sentences, if one does."""
    voices = [voice_of(*place) for place in _places(reading, documents)]
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
