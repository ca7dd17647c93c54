"""The composer that lets a model write, and shows of it only what its citations say.

The model sees the sentences that the extractive composer would have answered with, nothing else.
Each sentence that it writes is held against what it cites before it is shown; one that fails is
dropped with its reason, and the cited sentence stands in its place, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.asking.question import Question
from rag.compose.cite import Draft, cite
from rag.compose.claims import fault
from rag.compose.extractive import Composition, compose_extractive
from rag.compose.grammar import grammar_of
from rag.compose.plan import Plan, kept_place, keys, plan_of
from rag.compose.prompts import Shown, messages_for
from rag.compose.view import view_of
from rag.compose.written import Written, sentences_written
from rag.models.writer import Message, Writer
from rag.read import Reading
from rag.types import Document, Dropped, Hit, Span, Statement

__all__ = ["GenerativeComposer", "Writing"]

MAX_TOKENS = 400
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
        plain = compose_extractive(reading, documents, question)
        plan = plan_of(question, plain, reading, documents)
        page = _Page(plan, documents, reading)
        if plan.exhibits:
            for written in sentences_written(self._reply(question, plan, documents)):
                yield from page.take(written)
            yield from page.finish()
        yield Writing(page.composition(), page.stood)

    def _reply(
        self, question: Question, plan: Plan, documents: Mapping[str, Document]
    ) -> Iterator[str]:
        """The model's reply over as many exhibits, from the first, as its prompt has room for.

        It is not asked where the evidence leaves nothing to choose.
        """
        exhibits = plan.exhibits
        messages = _messages(question, exhibits, documents)
        while len(exhibits) > 1 and self._tokens(messages) > MAX_PROMPT_TOKENS:
            exhibits = exhibits[:-1]
            messages = _messages(question, exhibits, documents)
        cited = plan.cited[: len(exhibits)]
        grammar = grammar_of(cited, plan.needed, plan.leaning, plan.unwritable)
        if grammar is None:
            return iter(())
        return self._writer.generate(messages, max_tokens=MAX_TOKENS, grammar=grammar)

    def _tokens(self, messages: Sequence[Message]) -> int:
        return sum(self._writer.count_tokens(m.content) for m in messages)


class _Page:
    """The answer while it is written: the drafts that hold, and those that were dropped."""

    def __init__(self, plan: Plan, documents: Mapping[str, Document], reading: Reading) -> None:
        self.stood = 0
        self._plan = plan
        self._documents = documents
        self._kept = kept_place(reading, documents)
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
            reason = self._reason_against(draft, written.numbers)
            if reason is None:
                self.stood += 1
                yield from self._leaned_on(min(written.numbers))
                yield self._add(draft)
                return
            self._drop(written, reason)
        yield from self._verbatim([n for n in written.numbers if 0 < n <= len(exhibits)])

    def finish(self) -> Iterator[Statement]:
        """What has to be said besides: the needed sentences; all of them where nothing stood."""
        every = range(1, len(self._plan.exhibits) + 1)
        yield from self._verbatim(sorted(self._plan.needed) if self.stood else every)

    def _before(self, number: int) -> Iterator[Statement]:
        """The needed sentences before a number that the model could not write."""
        owed = sorted(self._plan.needed & self._plan.unwritable)
        yield from self._verbatim([n for n in owed if n < number])

    def _leaned_on(self, number: int) -> Iterator[Statement]:
        """What a sentence leans on, unless just said: its `he` would mean whom the last one names.

        It is said once more where something else has been said since.
        """
        if number not in self._plan.leaning:
            return
        before = self._plan.exhibits[number - 2]
        last = keys(self._drafts[-1].places)[-1:] if self._drafts else []
        if last != keys(before.places):
            yield from self._leaned_on(number - 1)
            yield self._add(before)

    def _misplaced(self, numbers: Sequence[int]) -> str | None:
        """Why sentences may not be put otherwise, or may not be joined."""
        if self._plan.led_in.intersection(numbers):
            return "kept_as_it_is"
        later = self._plan.leaning.intersection(numbers) - {min(numbers)}
        return "unsupported" if any(n - 1 not in numbers for n in later) else None

    def _reason_against(self, draft: Draft, numbers: Sequence[int]) -> str | None:
        """Why a written draft may not be shown; None when it holds."""
        misplaced = self._misplaced(numbers)
        if misplaced is not None:
            return misplaced
        if self._said(draft.places):
            return "repeated"
        dropped = cite([draft], self._documents)[2]
        if dropped:
            return dropped[0].reason
        if self._kept is not None and self._kept[0] in keys(draft.places):
            (source, _), answer = self._kept
            if not _has(draft.text, answer.of(self._documents[source].text)):
                return "answer_left_out"
        # What the next sentence leans back on is kept in these.
        return fault(draft.text, [self._plan.cited[n - 1] for n in numbers])

    def _verbatim(self, numbers: Iterable[int]) -> Iterator[Statement]:
        for number in numbers:
            exhibit = self._plan.exhibits[number - 1]
            if not self._said(exhibit.places):
                yield from self._leaned_on(number)
                yield self._add(exhibit)

    def _add(self, draft: Draft) -> Statement:
        self._drafts.append(draft)
        return cite(self._drafts, self._documents)[0][-1]

    def _drop(self, written: Written, reason: str) -> None:
        self._dropped.append(Dropped(written.text, reason))

    def _said(self, places: Sequence[tuple[Hit, Span]]) -> bool:
        """Whether all of these places are cited already."""
        said = {key for draft in self._drafts for key in keys(draft.places)}
        return all(key in said for key in keys(places))


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


def _has(text: str, answer: str) -> bool:
    """Whether a text holds an answer, and not as a part of other words."""
    said, sought = (view_of(t).text.casefold() for t in (text, answer))
    return re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", said) is not None
