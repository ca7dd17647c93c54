"""What a model may write of: the sentences of the extractive answer, and what holds for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.asking.asked import breadth_of
from rag.asking.question import Question
from rag.compose.cite import Draft, verbatim
from rag.compose.extractive import Composition
from rag.compose.grammar import is_writable
from rag.compose.leaning import leans_back, sentence_before
from rag.compose.parts import Cited
from rag.compose.shorten import cut_ends
from rag.read import Reading
from rag.types import Document, Hit, Span

__all__ = ["Plan", "kept_place", "keys", "plan_of"]

#: How likely a sentence has to belong to the answer for no reply to leave it out.
NEEDED = 0.4


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be written of: the sentences of the extractive answer, numbered from 1.

    `needed` are those that every answer states; `leaning` are those that only make sense right
    behind the one before; `led_in` are stated as they are, behind their speaker's name or as they
    were cut; `unwritable` are these and what holds signs that no grammar lets through.
    """

    exhibits: tuple[Draft, ...]
    cited: tuple[Cited, ...]
    needed: frozenset[int]
    leaning: frozenset[int]
    led_in: frozenset[int]
    unwritable: frozenset[int]


def plan_of(
    question: Question, plain: Composition, reading: Reading, documents: Mapping[str, Document]
) -> Plan:
    """What may and what has to be said; of a question that asks for several things, all of it."""
    exhibits = _exhibits(plain, reading, documents)
    if not exhibits:
        return Plan((), (), *[frozenset[int]()] * 4)
    kept = kept_place(reading, documents)
    cited = tuple(_cited(draft, documents, kept) for draft in exhibits)
    numbers = range(1, len(exhibits) + 1)
    best = max(numbers, key=lambda n: exhibits[n - 1].support)
    led_in, named_before = _voiced(plain, [e.text for e in exhibits])
    # Nothing more is left out of what was cut.
    led_in |= {
        n
        for n, e in enumerate(exhibits, start=1)
        if any(cut_ends(documents[e.hit.passage.source], e.spans[0]))
    }
    leaning = frozenset(
        n
        for n in numbers
        if _follows(exhibits, n) and (n in named_before or _leans(exhibits, n, documents))
    )
    cited = tuple(_kept_whole(c) if n + 1 in leaning else c for n, c in enumerate(cited, start=1))
    likely = {
        (e.hit.passage.source, s.span): s.company for e in reading.evidence for s in e.sentences
    }
    needed = {best} if breadth_of(question.form) == "one" else set(numbers)
    for n in reversed(numbers):
        (place,) = keys(exhibits[n - 1].places)
        if likely.get(place, 0.0) >= NEEDED or (n + 1 in needed and n + 1 in leaning):
            needed.add(n)
    unwritable = led_in | {n for n in numbers if not is_writable(cited[n - 1])}
    return Plan(tuple(exhibits), cited, frozenset(needed), leaning, led_in, unwritable)


def _voiced(plain: Composition, shown: Sequence[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers led in by their speaker's name, and those whose speaker an earlier one names."""
    led_in: set[int] = set()
    before: set[int] = set()
    text_of = {n: s.text for s in plain.statements for n in s.citations}
    for c in plain.citations:
        if c.speaker_span is not None and not c.start <= c.speaker_span.start < c.end:
            (before if text_of[c.id] == shown[c.id - 1] else led_in).add(c.id)
    return frozenset(led_in), frozenset(before)


def _follows(exhibits: Sequence[Draft], number: int) -> bool:
    """Whether the exhibit before is of the same document."""
    here, before = exhibits[number - 1], exhibits[number - 2]
    return number > 1 and here.hit.passage.source == before.hit.passage.source


def _leans(exhibits: Sequence[Draft], number: int, documents: Mapping[str, Document]) -> bool:
    """Whether an exhibit leans back on the one before, which stands right before it."""
    here, last = exhibits[number - 1], exhibits[number - 2]
    before = sentence_before(documents[here.hit.passage.source], here.spans[0])
    return before is not None and leans_back(here.text) and before.overlaps(last.spans[0])


def _exhibits(
    plain: Composition, reading: Reading, documents: Mapping[str, Document]
) -> list[Draft]:
    """The sentences of the extractive answer as drafts, in its order, each once."""
    hits = {e.hit.passage.id: e.hit for e in reading.evidence}
    by_number = {c.id: c for c in plain.citations}
    drafts: dict[int, Draft] = {}
    for statement in plain.statements:
        for number in statement.citations:
            citation = by_number[number]
            span = Span(citation.start, citation.end)
            hit = hits[citation.passage_id]
            drafts[number] = verbatim(hit, span, statement.support, documents)
    return [drafts[number] for number in sorted(drafts)]


def _cited(
    draft: Draft, documents: Mapping[str, Document], kept: tuple[tuple[str, Span], Span] | None
) -> Cited:
    document, span = documents[draft.hit.passage.source], draft.spans[0]
    answer = None
    if kept is not None and kept[0] == (document.source, span):
        answer = Span(kept[1].start - span.start, kept[1].end - span.start)
    before = sentence_before(document, span)
    said = before.of(document.text) if before is not None else None
    return Cited(span.of(document.text), document.language, answer, said)


def _kept_whole(cited: Cited) -> Cited:
    """A sentence that the next one leans back on: any part may tell whom its `he` means."""
    return replace(cited, answer=Span(0, len(cited.text)))


def kept_place(
    reading: Reading, documents: Mapping[str, Document]
) -> tuple[tuple[str, Span], Span] | None:
    """The place of the best sentence, and where in the document the answer stands in it."""
    best = reading.evidence[0] if reading.evidence else None
    if best is None or best.answer is None:
        return None
    inside = [s.span for s in best.sentences if s.span.overlaps(best.answer)]
    return ((best.hit.passage.source, inside[0]), best.answer) if inside else None


def keys(places: Sequence[tuple[Hit, Span]]) -> list[tuple[str, Span]]:
    return [(hit.passage.source, span) for hit, span in places]
