"""One epoch of training pairs: a question with what answers it, and beside it a near miss."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from rag.text import passage_text
from rag.train.examples import Example
from rag.train.negatives import Changer, retrieved_negatives, without_answer
from rag.types import Span
from rag.words.sentences import sentences

__all__ = ["PairMaker", "Sample"]

#: Shares of the near misses, of the questions for which each kind can be made.
CHANGED, RETRIEVED = 0.30, 0.55
#: How often each unanswerable question that a person wrote is shown in an epoch; once where it is
#: asked of several contexts.
HUMAN_REPEATS = 5
#: Code points of context shown: short windows train faster, one in `LONG` is a long one.
WINDOW, LONG_WINDOW, LONG = (250, 650), (650, 1100), 8
#: Code points of a sentence that have to stand in a window for it to be one of its sentences.
SHOWN = 25
#: Share of the pairs whose windows stand behind their document's title.
TITLED = 0.5
#: Share of the answerable questions that lose a word, so that the reader leans less on each.
SPARSE = 0.2
#: Share of the pairs whose questions stand behind an earlier one, as those of a conversation do.
FOLLOWING = 0.08


@dataclass(frozen=True, slots=True)
class Sample:
    """What the network sees once: `start` and `end` are None where it has to refuse.

    `sentences` are the half-open offsets of those in the context, and whether each answers.
    """

    question: str
    context: str
    start: int | None
    end: int | None
    sentences: tuple[tuple[int, int, bool], ...] = ()


class PairMaker:
    """Makes a new epoch of `(answerable, near miss)` pairs from a seed."""

    def __init__(self, examples: Sequence[Example], *, near_misses: bool = True) -> None:
        """Without `near_misses`, beside each answer stands any other context: a baseline."""
        self._near_misses = near_misses
        answerable = [e for e in examples if e.answerable]
        near = retrieved_negatives(answerable) if near_misses else [[] for _ in answerable]
        self._retrieved = list(zip(answerable, near, strict=True))
        self._examples = {e.context: e for e in examples}
        self._contexts = tuple(self._examples)
        self._asked = _questions_on(answerable)
        self._changer = Changer(answerable)
        self._written = _beside_their_context(examples) if near_misses else []

    def epoch(self, seed: int) -> list[tuple[Sample, Sample]]:
        """The pairs of one epoch, shuffled; the same for the same seed."""
        rng = random.Random(seed)
        pairs = [
            self._pair(example, near, rng) for example, near in self._retrieved
        ]  # fmt: skip
        for yes, no in self._written:
            times = HUMAN_REPEATS if no.answering is None else 1
            pairs += [_windowed(yes, no, rng) for _ in range(times)]
        made = [p for p in pairs if p is not None]
        rng.shuffle(made)
        return made

    def _pair(
        self, example: Example, near: Sequence[str], rng: random.Random
    ) -> tuple[Sample, Sample] | None:
        miss = self._near_miss(example, near, rng)
        if miss is None:
            return None
        if rng.random() < FOLLOWING:
            # What the wrong passage answers was asked before: only the last question counts.
            earlier = rng.choice(self._asked.get(miss.context) or self._asked[example.context])
            example = replace(example, question=f"{earlier} {example.question}")
            miss = replace(miss, question=f"{earlier} {miss.question}")
        return _windowed(example, miss, rng)

    def _near_miss(
        self, example: Example, near: Sequence[str], rng: random.Random
    ) -> Example | None:
        if not self._near_misses:
            other = rng.choice(self._contexts)
            held = any(a.lower() in other.lower() for a in example.answers)
            return None if held else self._asked_of(example.question, other)
        chance = rng.random()
        if chance < CHANGED:
            question = self._changer.change(example, rng)
            if question is not None:
                return self._asked_of(question, example.context)
        if chance > CHANGED + RETRIEVED:
            rest = without_answer(example)
            if rest is not None:
                return replace(self._asked_of(example.question, example.context), context=rest)
        return self._asked_of(example.question, rng.choice(near)) if near else None

    def _asked_of(self, question: str, context: str) -> Example:
        """A question that a context does not answer."""
        found = self._examples[context]
        return Example(question, context, found.document, title=found.title)


def _questions_on(examples: Sequence[Example]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        found[example.context].append(example.question)
    return dict(found)


def _beside_their_context(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Each unanswerable question with the likest answerable one of the same context."""
    asked: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.answerable:
            asked[example.context].append(example)
    pairs = []
    for example in examples:
        if not example.answerable and asked[example.context]:
            words = set(example.question.lower().split())
            likest = max(
                asked[example.context], key=lambda e: len(words & set(e.question.lower().split()))
            )
            pairs.append((likest, example))
    return pairs


def _windowed(yes: Example, no: Example, rng: random.Random) -> tuple[Sample, Sample]:
    """Both in windows of one size; of one and the same window where they share a context."""
    size = rng.randint(*(WINDOW if rng.randrange(LONG) else LONG_WINDOW))
    assert yes.start is not None and yes.end is not None
    first = _window_start(yes.context, yes.start, yes.end, size, rng)
    context = yes.context[first : first + size]
    asked = _sparser(yes.question, rng) if rng.random() < SPARSE else yes.question
    positive = Sample(
        _noisy(asked, rng),
        context,
        yes.start - first,
        min(yes.end - first, len(context)),
        _sentences(yes.context, first, first + size, yes.places),
    )
    cut = first
    if no.context != yes.context:
        cut = _at_word(no.context, rng.randint(0, max(0, len(no.context) - size)))
    shown = _sentences(no.context, cut, cut + size, ())
    negative = Sample(_noisy(no.question, rng), no.context[cut : cut + size], None, None, shown)
    if rng.random() < TITLED:
        return _titled(positive, yes), _titled(negative, no)
    return positive, negative


def _titled(sample: Sample, example: Example) -> Sample:
    """The title before the window, as the reader is given passages, where it says something."""
    title = passage_text(_title_of(example), "")
    if not title:
        return sample
    start = None if sample.start is None else sample.start + len(title)
    end = None if sample.end is None else sample.end + len(title)
    moved = tuple((a + len(title), b + len(title), gold) for a, b, gold in sample.sentences)
    return Sample(sample.question, title + sample.context, start, end, moved)


def _sentences(
    context: str, first: int, last: int, places: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int, bool], ...]:
    """The sentences of a window, in its offsets; a stump answers only by what is left of it."""
    found = []
    for span in _all_sentences(context):
        start, end = max(span.start, first), min(span.end, last)
        gold = any(a < end and b > start for a, b in places)
        if start < end and (gold or end - start >= SHOWN):
            found.append((start - first, end - first, gold))
    return tuple(found)


@lru_cache(maxsize=100_000)
def _all_sentences(context: str) -> tuple[Span, ...]:
    return tuple(sentences(context, 0, len(context)))


def _title_of(example: Example) -> str | None:
    """A context's title or its document's name; None where the text shares no word with that."""
    if example.title:
        return example.title
    title = unquote(example.document).replace("_", " ")
    text = example.context.lower()
    named = any(len(w) > 3 and w in text for w in re.findall(r"\w+", title.lower()))
    return title if named else None


def _window_start(text: str, start: int, end: int, size: int, rng: random.Random) -> int:
    low = max(0, min(end + 20 - size, start))
    high = max(low, min(start, len(text) - size))
    return min(_at_word(text, rng.randint(low, high)), start)


def _at_word(text: str, place: int) -> int:
    """The next beginning of a word, so that no window begins within one."""
    if place == 0:
        return 0
    space = text.find(" ", place, place + 30)
    return place if space < 0 else space + 1


def _sparser(question: str, rng: random.Random) -> str:
    """The question less one of its longer words: still answered by its context.

    Never done to a near miss, where the word may be the one that makes it miss.
    """
    found = list(re.finditer(r" [A-Za-z]{5,}(?= )", question))
    if len(found) < 3:
        return question
    lost = rng.choice(found)
    return question[: lost.start()] + question[lost.end() :]


def _noisy(question: str, rng: random.Random) -> str:
    """People type in lower case, without question marks and with slips; readers meet that."""
    if rng.random() < 0.15:
        question = question.lower()
    if rng.random() < 0.15:
        question = question.rstrip("?")
    if rng.random() < 0.05:
        question = _slip(question, rng)
    return question


def _slip(question: str, rng: random.Random) -> str:
    words = list(re.finditer(r"[a-z]{6,}", question))
    if not words:
        return question
    place = rng.randint(rng.choice(words).start() + 1, words[-1].end() - 2)
    return question[:place] + question[place + 1] + question[place] + question[place + 2 :]
