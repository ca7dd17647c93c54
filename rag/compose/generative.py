"""The composer that lets a model write, and shows of it only what its citations say.

The model sees the sentences that the extractive composer would have answered with, nothing else.
Each sentence that it writes is held against what it cites before it is shown; one that fails is
dropped with its reason, and the cited sentence stands in its place, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.compose.cite import Draft, cite
from rag.compose.extractive import Composition, compose_extractive
from rag.compose.grammar import grammar_of
from rag.compose.parts import Cited
from rag.compose.prompts import Shown, messages_for
from rag.compose.view import view_of
from rag.compose.written import Written, sentences_written
from rag.models.writer import Message, Writer
from rag.question import Question
from rag.read import Reading
from rag.types import Document, Dropped, Hit, Span, Statement

__all__ = ["GenerativeComposer", "Writing"]

MAX_TOKENS = 160
MAX_PROMPT_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Writing:
    """A finished answer, and how many of its statements are in the model's words."""

    composition: Composition
    stood: int


class GenerativeComposer:
    """Turns evidence into statements that a model wrote and that were verified."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @property
    def name(self) -> str:
        """The name of the model that writes."""
        return self._writer.name

    def compose(
        self, question: Question, reading: Reading, documents: Mapping[str, Document]
    ) -> Iterator[Statement | Writing]:
        """Yields each statement once it is verified, numbered as it will stay, then the whole.

        The sentence that answers best is always stated: in the model's words where those hold,
        else in its own. If nothing written holds, the whole is the extractive answer. Closing the
        iterator stops the model. Raises `ModelUnavailable`.
        """
        exhibits = _exhibits(compose_extractive(reading, documents), reading)
        page = _Page(exhibits, documents, reading)
        if exhibits:
            for written in sentences_written(self._reply(question, exhibits, documents)):
                yield from page.take(written)
            yield from page.finish()
        yield Writing(page.composition(), page.stood)

    def _reply(
        self, question: Question, exhibits: Sequence[Draft], documents: Mapping[str, Document]
    ) -> Iterator[str]:
        """The model's reply over as many exhibits, from the first, as its prompt has room for."""
        count = len(exhibits)
        messages = _messages(question, exhibits, documents)
        while count > 1 and self._tokens(messages) > MAX_PROMPT_TOKENS:
            count -= 1
            messages = _messages(question, exhibits[:count], documents)
        grammar = grammar_of([_cited(draft, documents) for draft in exhibits[:count]])
        if grammar is None:
            return iter(())
        return self._writer.generate(messages, max_tokens=MAX_TOKENS, grammar=grammar)

    def _tokens(self, messages: Sequence[Message]) -> int:
        return sum(self._writer.count_tokens(m.content) for m in messages)


class _Page:
    """The answer while it is written: the drafts that hold, and those that were dropped."""

    def __init__(
        self, exhibits: Sequence[Draft], documents: Mapping[str, Document], reading: Reading
    ) -> None:
        self.stood = 0
        self._exhibits = exhibits
        self._documents = documents
        self._short = _needed(reading, documents)
        self._drafts: list[Draft] = []
        self._dropped: list[Dropped] = []

    def composition(self) -> Composition:
        """All that stands so far, through the one function that makes citations."""
        statements, citations, dropped = cite(self._drafts, self._documents)
        return Composition(statements, citations, (*self._dropped, *dropped))

    def take(self, written: Written) -> Iterator[Statement]:
        """The statement that a written sentence makes, or the cited sentences in its place."""
        chosen = [self._exhibits[n - 1] for n in written.numbers if 0 < n <= len(self._exhibits)]
        if len(chosen) < len(written.numbers):
            self._drop(written, "unknown_ref")
        elif not chosen:
            self._drop(written, "uncited" if written.whole else "truncated")
        else:
            draft = _joined(written.text, chosen)
            reason = self._reason_against(draft)
            if reason is None:
                self.stood += 1
                yield self._add(draft)
                return
            self._drop(written, reason)
        yield from self._verbatim(chosen)

    def finish(self) -> Iterator[Statement]:
        """What has to be said besides: the best sentence; all of them where nothing stood."""
        best = max(self._exhibits, key=lambda draft: draft.support)
        yield from self._verbatim([best] if self.stood else self._exhibits)

    def _reason_against(self, draft: Draft) -> str | None:
        """Why a written draft may not be shown; None when it holds."""
        if self._said(draft.places):
            return "repeated"
        dropped = cite([draft], self._documents)[2]
        if dropped:
            return dropped[0].reason
        if self._short is not None:
            place, answer = self._short
            if place in _keys(draft.places) and answer not in _folded(draft.text):
                return "answer_left_out"
        return None

    def _verbatim(self, exhibits: Sequence[Draft]) -> Iterator[Statement]:
        for exhibit in exhibits:
            if not self._said(exhibit.places):
                yield self._add(exhibit)

    def _add(self, draft: Draft) -> Statement:
        self._drafts.append(draft)
        return cite(self._drafts, self._documents)[0][-1]

    def _drop(self, written: Written, reason: str) -> None:
        self._dropped.append(Dropped(written.text, reason))

    def _said(self, places: Sequence[tuple[Hit, Span]]) -> bool:
        """Whether all of these places are cited already."""
        said = {key for draft in self._drafts for key in _keys(draft.places)}
        return all(key in said for key in _keys(places))


def _exhibits(plain: Composition, reading: Reading) -> list[Draft]:
    """The sentences of the extractive answer as drafts, in its order, each once."""
    hits = {e.hit.passage.id: e.hit for e in reading.evidence}
    by_number = {c.id: c for c in plain.citations}
    drafts: dict[int, Draft] = {}
    for statement in plain.statements:
        for number in statement.citations:
            citation = by_number[number]
            span = Span(citation.start, citation.end)
            drafts[number] = Draft(
                statement.text, hits[citation.passage_id], (span,), statement.support
            )
    return [drafts[number] for number in sorted(drafts)]


def _joined(text: str, chosen: Sequence[Draft]) -> Draft:
    """A model's sentence over the exhibits it cites, as sure as the least sure of them."""
    support = min(draft.support for draft in chosen)
    also = tuple(place for draft in chosen[1:] for place in draft.places)
    return Draft(text, chosen[0].hit, chosen[0].spans, support, also, written=True)


def _messages(
    question: Question, exhibits: Sequence[Draft], documents: Mapping[str, Document]
) -> list[Message]:
    shown = []
    for draft in exhibits:
        document = documents[draft.hit.passage.source]
        shown.append(Shown(draft.text, document.source, document.date))
    return messages_for(question.full, shown)


def _cited(draft: Draft, documents: Mapping[str, Document]) -> Cited:
    document = documents[draft.hit.passage.source]
    return Cited(draft.spans[0].of(document.text), document.language)


def _keys(places: Sequence[tuple[Hit, Span]]) -> list[tuple[str, Span]]:
    return [(hit.passage.source, span) for hit, span in places]


def _needed(
    reading: Reading, documents: Mapping[str, Document]
) -> tuple[tuple[str, Span], str] | None:
    """The place of the best sentence, and the words in it that the reader takes for the answer."""
    best = reading.evidence[0] if reading.evidence else None
    if best is None or best.answer is None:
        return None
    source = best.hit.passage.source
    inside = [s.span for s in best.sentences if s.span.overlaps(best.answer)]
    if not inside:
        return None
    return (source, inside[0]), _folded(best.answer.of(documents[source].text))


def _folded(text: str) -> str:
    return view_of(text).text.casefold()
