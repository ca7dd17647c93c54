"""The composer that lets a model write, and shows of it only what its citations say.

The model sees the sentences that the extractive composer would have answered with, nothing else.
Each sentence that it writes is held against what it cites before it is shown; one that fails is
dropped with its reason, and the cited sentence stands in its place, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.asked import breadth_of
from rag.compose.cite import Draft, cite
from rag.compose.extractive import Composition, compose_extractive, leans_back
from rag.compose.grammar import grammar_of, is_writable
from rag.compose.parts import Cited, parts_of
from rag.compose.prompts import Shown, messages_for
from rag.compose.view import view_of
from rag.compose.written import Written, sentences_written
from rag.models.writer import Message, Writer
from rag.question import Question
from rag.read import Reading
from rag.types import Document, Dropped, Hit, Span, Statement

__all__ = ["GenerativeComposer", "Writing"]

MAX_TOKENS = 400
MAX_PROMPT_TOKENS = 2048
#: How likely a sentence has to belong to the answer for no reply to leave it out.
NEEDED = 0.4


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
        plan = _plan(question, compose_extractive(reading, documents, question), reading, documents)
        page = _Page(plan, documents, reading)
        if plan.exhibits:
            for written in sentences_written(self._reply(question, plan, documents)):
                yield from page.take(written)
            yield from page.finish()
        yield Writing(page.composition(), page.stood)

    def _reply(
        self, question: Question, plan: _Plan, documents: Mapping[str, Document]
    ) -> Iterator[str]:
        """The model's reply over as many exhibits, from the first, as its prompt has room for.

        Where one sentence is all there is, and none of it can go, there is nothing to write.
        """
        if len(plan.cited) == 1 and len(parts_of(plan.cited[0]).loose) < 2:
            return iter(())
        exhibits = plan.exhibits
        messages = _messages(question, exhibits, documents)
        while len(exhibits) > 1 and self._tokens(messages) > MAX_PROMPT_TOKENS:
            exhibits = exhibits[:-1]
            messages = _messages(question, exhibits, documents)
        grammar = grammar_of(plan.cited[: len(exhibits)], plan.needed, plan.leaning)
        if grammar is None:
            return iter(())
        return self._writer.generate(messages, max_tokens=MAX_TOKENS, grammar=grammar)

    def _tokens(self, messages: Sequence[Message]) -> int:
        return sum(self._writer.count_tokens(m.content) for m in messages)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What may be written of: the sentences of the extractive answer, numbered from 1.

    `needed` are those that every answer states, `best` among them; `leaning` are those that only
    make sense right behind the one before; `unwritable` have signs that no reply may hold.
    """

    exhibits: tuple[Draft, ...]
    cited: tuple[Cited, ...]
    best: int
    needed: frozenset[int]
    leaning: frozenset[int]
    unwritable: frozenset[int]


class _Page:
    """The answer while it is written: the drafts that hold, and those that were dropped."""

    def __init__(self, plan: _Plan, documents: Mapping[str, Document], reading: Reading) -> None:
        self.stood = 0
        self._plan = plan
        self._documents = documents
        self._kept = _kept(reading, documents)
        self._drafts: list[Draft] = []
        self._dropped: list[Dropped] = []

    def composition(self) -> Composition:
        """All that stands so far, through the one function that makes citations."""
        statements, citations, dropped = cite(self._drafts, self._documents)
        return Composition(statements, citations, (*self._dropped, *dropped))

    def take(self, written: Written) -> Iterator[Statement]:
        """The statement that a written sentence makes, or the cited sentences in its place."""
        exhibits = self._plan.exhibits
        chosen = [exhibits[n - 1] for n in written.numbers if 0 < n <= len(exhibits)]
        yield from self._before(min(written.numbers, default=0))
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
        """What has to be said besides: the needed sentences; all of them where nothing stood."""
        exhibits = self._plan.exhibits
        needed = [exhibits[n - 1] for n in sorted(self._plan.needed)]
        yield from self._verbatim(needed if self.stood else exhibits)

    def _before(self, number: int) -> Iterator[Statement]:
        """The needed sentences before a number that the model could not write."""
        owed = [n for n in sorted(self._plan.needed & self._plan.unwritable) if n < number]
        yield from self._verbatim([self._plan.exhibits[n - 1] for n in owed])

    def _reason_against(self, draft: Draft) -> str | None:
        """Why a written draft may not be shown; None when it holds."""
        if self._said(draft.places):
            return "repeated"
        dropped = cite([draft], self._documents)[2]
        if dropped:
            return dropped[0].reason
        if self._kept is not None and self._kept[0] in _keys(draft.places):
            (source, _), answer = self._kept
            if _folded(answer.of(self._documents[source].text)) not in _folded(draft.text):
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


def _plan(
    question: Question, plain: Composition, reading: Reading, documents: Mapping[str, Document]
) -> _Plan:
    """What may and what has to be said; of a question that asks for several things, all of it."""
    exhibits = _exhibits(plain, reading)
    if not exhibits:
        return _Plan((), (), 0, frozenset(), frozenset(), frozenset())
    kept = _kept(reading, documents)
    cited = tuple(_cited(draft, documents, kept) for draft in exhibits)
    numbers = range(1, len(exhibits) + 1)
    best = max(numbers, key=lambda n: exhibits[n - 1].support)
    leaning = frozenset(
        n for n in numbers if _follows(exhibits, n) and leans_back(exhibits[n - 1].text)
    )
    likely = {
        (e.hit.passage.source, s.span): s.company for e in reading.evidence for s in e.sentences
    }
    needed = {best} if breadth_of(question.text) == "one" else set(numbers)
    for n in reversed(numbers):
        (place,) = _keys(exhibits[n - 1].places)
        if likely.get(place, 0.0) >= NEEDED or (n + 1 in needed and n + 1 in leaning):
            needed.add(n)
    unwritable = frozenset(n for n in numbers if not is_writable(cited[n - 1]))
    return _Plan(tuple(exhibits), cited, best, frozenset(needed), leaning, unwritable)


def _follows(exhibits: Sequence[Draft], number: int) -> bool:
    """Whether the exhibit before is of the same document."""
    here, before = exhibits[number - 1], exhibits[number - 2]
    return number > 1 and here.hit.passage.source == before.hit.passage.source


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
                " ".join(citation.quote.split()),
                hits[citation.passage_id],
                (span,),
                statement.support,
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


def _cited(
    draft: Draft, documents: Mapping[str, Document], kept: tuple[tuple[str, Span], Span] | None
) -> Cited:
    document, span = documents[draft.hit.passage.source], draft.spans[0]
    answer = None
    if kept is not None and kept[0] == (document.source, span):
        answer = Span(kept[1].start - span.start, kept[1].end - span.start)
    return Cited(span.of(document.text), document.language, answer)


def _keys(places: Sequence[tuple[Hit, Span]]) -> list[tuple[str, Span]]:
    return [(hit.passage.source, span) for hit, span in places]


def _kept(
    reading: Reading, documents: Mapping[str, Document]
) -> tuple[tuple[str, Span], Span] | None:
    """The place of the best sentence, and where in the document the answer stands in it."""
    best = reading.evidence[0] if reading.evidence else None
    if best is None or best.answer is None:
        return None
    inside = [s.span for s in best.sentences if s.span.overlaps(best.answer)]
    return ((best.hit.passage.source, inside[0]), best.answer) if inside else None


def _folded(text: str) -> str:
    return view_of(text).text.casefold()
