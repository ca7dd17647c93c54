"""The composer that never lies: it answers with the sources' own sentences, verbatim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.asking.asked import Order, breadth_of, order_of
from rag.asking.question import Question
from rag.compare.matter import repeats
from rag.compose.beside import Pick, adds
from rag.compose.cite import cite, verbatim
from rag.compose.gather import gathered
from rag.compose.leaning import leaned_on
from rag.compose.shorten import shortened
from rag.read import Reading
from rag.speech.voice import said_by, voice_of
from rag.types import Citation, Document, Dropped, EvidenceSentence, Hit, Span, Statement

__all__ = [
    "Composition",
    "choose",
    "compose_extractive",
    "marked_text",
    "others_needed",
]

MAX_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Composition:
    """An answer in the making: statements with their verified citations, and what was dropped."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]


def compose_extractive(
    reading: Reading, documents: Mapping[str, Document], question: Question | None = None
) -> Composition:
    """Picks the fewest sentences that answer and puts them in reading order.

    A question that asks for more than one thing gets distinct sentences, and the oldest or the
    newest document first where it wants them so.
    """
    order = order_of(question.form) if question is not None else None
    drafts = [
        verbatim(hit, span, support, documents)
        for hit, span, support in _in_reading_order(
            choose(reading, documents, question), documents, order
        )
    ]
    return Composition(*cite(drafts, documents))


def marked_text(statements: Sequence[Statement]) -> str:
    """The statements as running text, each followed by its `[n]` markers."""
    return " ".join(_pieces(statements))


def _pieces(statements: Sequence[Statement]) -> Iterator[str]:
    for statement in statements:
        markers = "".join(f"[{n}]" for n in statement.citations)
        yield f"{statement.text} {markers}"


def choose(
    reading: Reading, documents: Mapping[str, Document], question: Question | None = None
) -> list[tuple[Hit, Span, float]]:
    """The sentences that answer, and what a sentence leans back on."""
    picks = _sufficient(reading, documents, question)
    breadth = breadth_of(question.form) if question is not None else "one"
    if question is not None and breadth != "one":
        picks = gathered(question, reading, documents, breadth, picks)
    own = [(hit, _shown(documents[hit.passage.source], s), s) for hit, s in picks]
    answers: dict[str, list[Span]] = {}
    for hit, shown, _ in own:
        answers.setdefault(hit.passage.source, []).append(shown)
    chosen: list[tuple[Hit, Span, float]] = []
    for hit, shown, sentence in own:
        document = documents[hit.passage.source]
        before = [
            shortened(document.text, span, None)
            for span in _may_be_shown(reading, document, leaned_on(document, sentence.span))
            # Of a long one that answers too the stretch that does is shown.
            if span in answers[document.source]
            or not any(span.overlaps(o) for o in answers[document.source])
        ]
        for span in (*before, shown):
            place = (document.source, span)
            if all(place != (h.passage.source, s) for h, s, _ in chosen):
                chosen.append((hit, span, sentence.support))
    return chosen


def _may_be_shown(reading: Reading, document: Document, spans: Sequence[Span]) -> list[Span]:
    """Where one speaker's sentences are wanted, those that nobody else says."""
    only = reading.speaker
    if only is None:
        return list(spans)
    return [s for s in spans if voice_of(document, s) is None or said_by(document, s, only)]


def _shown(document: Document, sentence: EvidenceSentence) -> Span:
    return shortened(document.text, sentence.span, sentence.answer)


def _sufficient(
    reading: Reading, documents: Mapping[str, Document], question: Question | None
) -> list[Pick]:
    """The best sentence, and the likeliest others as far as `others_needed` says.

    Of these no sentence is shown that says nothing of what is asked, or the same.
    """
    ranked = sorted(
        ((e.hit, s) for e in reading.evidence for s in e.sentences),
        key=lambda item: (-item[1].support, item[0].passage.source, item[1].span.start),
    )
    if not ranked:
        return []
    best, others = ranked[0], sorted(ranked[1:], key=lambda item: -item[1].company)
    others = others[: others_needed(best[1].company, [s.company for _, s in others])]
    picks = [best]
    for other in others:
        if question is None or _adds(question, other, picks, documents):
            picks.append(other)
    return picks


def _adds(
    question: Question, other: Pick, picks: Sequence[Pick], documents: Mapping[str, Document]
) -> bool:
    """Whether a sentence says something of what is asked that the picks before do not say."""
    document = documents[other[0].passage.source]
    if not adds(question, other, picks[0], document):
        return False
    said = other[1].span.of(document.text)
    told = (s.span.of(documents[hit.passage.source].text) for hit, s in picks)
    return not any(repeats(said, text) for text in told)


def others_needed(best: float, others: Sequence[float]) -> int:
    """How many sentences to show beside the best: as long as they raise the F1 to expect.

    `best` and `others`, likeliest first, are the probabilities that each belongs to the answer.
    k sentences have an expected F1 of about 2 sum(p of those) / (k + sum(p of all)), so the best
    set takes the likeliest first (Ye et al. 2012, "Optimizing F-measure").
    """
    total = max(1.0, best + sum(others))
    gained = best
    for taken, probability in enumerate(others[: MAX_SENTENCES - 1]):
        more = gained + probability
        if more / (taken + 2 + total) <= gained / (taken + 1 + total):
            return taken
        gained = more
    return min(len(others), MAX_SENTENCES - 1)


def _in_reading_order(
    chosen: Sequence[tuple[Hit, Span, float]],
    documents: Mapping[str, Document],
    order: Order | None = None,
) -> list[tuple[Hit, Span, float]]:
    """Documents in the order of their best sentence; sentences of one document as they stand.

    With an order documents go by their dates instead, undated ones last.
    """
    places: dict[str, int] = {}
    for hit, _, _ in chosen:
        places.setdefault(hit.passage.source, len(places))
    if order is not None:
        dated = [(documents[s].date, s) for s in places]
        by_date = sorted((d, s) for d, s in dated if d is not None)
        if order == "newest":
            by_date.reverse()
        undated = [s for d, s in dated if d is None]
        places = {s: n for n, s in enumerate([*(s for _, s in by_date), *undated])}
    return sorted(chosen, key=lambda item: (places[item[0].passage.source], item[1].start))
