"""Questions and passages that look answerable and are not: what teaches a reader to refuse.

Random passages teach nothing about near misses. Three kinds are made here: a passage that the
lexical leg ranks high and that lacks the answer, the right passage with the answer's sentence
taken out, and the right passage under a question with one fact changed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag.store.lexical import analyse, lexical_index
from rag.train.examples import Example

__all__ = ["Changer", "retrieved_negatives", "without_answer"]

_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'’-]+)*")
_HEAD = re.compile(r"\b(?:the|a|an|this|his|her|their) ([a-z]{4,}) (?:of|in|for|to|from|by)\b")
_AUXILIARY = re.compile(r"\b(is|are|was|were|did|does|do|has|had|have|can|could|will|would)\b")
_ASKING = frozenset(
    "What Who Whom Whose When Where Which Why How In On At The A An Is Are Was Were Did Does Do "
    "According Name".split()
)
_OPPOSITES = dict(
    pair
    for a, b in (
        ("first", "last"), ("largest", "smallest"), ("highest", "lowest"), ("before", "after"),
        ("most", "least"), ("more", "fewer"), ("north", "south"), ("east", "west"),
        ("northern", "southern"), ("eastern", "western"), ("increase", "decrease"),
        ("increased", "decreased"), ("rise", "fall"), ("rose", "fell"), ("best", "worst"),
        ("win", "lose"), ("won", "lost"), ("buy", "sell"), ("bought", "sold"),
        ("began", "ended"), ("begin", "end"), ("start", "end"), ("started", "finished"),
        ("oldest", "youngest"), ("old", "new"), ("older", "newer"), ("early", "late"),
        ("good", "bad"), ("better", "worse"), ("higher", "lower"), ("larger", "smaller"),
        ("major", "minor"), ("longest", "shortest"), ("support", "oppose"), ("like", "dislike"),
        ("supported", "opposed"), ("allowed", "forbidden"), ("allow", "forbid"),
        ("cheap", "expensive"),
        ("founded", "dissolved"), ("married", "divorced"), ("born", "buried"), ("enter", "leave"),
        ("arrived", "departed"), ("accepted", "rejected"), ("public", "private"), ("men", "women"),
        ("king", "queen"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"),
        ("husband", "wife"), ("rich", "poor"), ("strong", "weak"), ("easy", "difficult"),
        ("always", "never"), ("with", "without"), ("inside", "outside"), ("above", "below"),
        ("minimum", "maximum"), ("internal", "external"), ("positive", "negative"),
        ("attack", "defend"), ("attacked", "defended"), ("created", "destroyed"),
    )
    for pair in ((a, b), (b, a))
)  # fmt: skip


def retrieved_negatives(
    examples: Sequence[Example], *, each: int = 6, depth: int = 14
) -> list[list[str]]:
    """For each example, contexts that rank high for its question and do not answer it.

    Where it is not known which contexts answer, those that hold none of its answers. An example
    without an answer gets none: nothing would tell a better context from it.
    """
    contexts = list(dict.fromkeys(e.context for e in examples))
    index = lexical_index((i, analyse(context)) for i, context in enumerate(contexts))
    result = []
    for example in examples:
        found = index.search(dict.fromkeys(analyse(example.question)), depth)
        near = (contexts[place] for place, _ in found)
        good = [c for c in near if c != example.context and not _answers(c, example)]
        result.append(good[:each] if example.answerable else [])
    return result


def _answers(context: str, example: Example) -> bool:
    """Whether a context answers or, where that is not known, holds one of the answers."""
    if example.answering is not None:
        return context in example.answering
    return any(a.lower() in context.lower() for a in example.answers)


def without_answer(example: Example) -> str | None:
    """The context less the sentence that answers; None where too little or the answer is left."""
    if example.start is None or example.end is None:
        return None
    text = example.context
    start = max(text.rfind(mark, 0, example.start) for mark in ".!?\n") + 1
    ends = [p for p in (text.find(mark, example.end) for mark in ".!?\n") if p >= 0]
    rest = text[:start] + text[(min(ends) + 1 if ends else len(text)) :]
    if len(rest) < 200 or any(a.lower() in rest.lower() for a in example.answers):
        return None
    return rest


class Changer:
    """Changes one fact of a question, so that its context no longer answers it."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._heads = sorted({h for e in examples for h in _HEAD.findall(e.question)})
        self._names = sorted({n for e in examples[:5000] for n in _names(e.question)})

    def change(self, example: Example, rng: random.Random) -> str | None:
        """The question with a number, a name, a noun or the sense changed; None if none fits."""
        ways = [self._number, self._name, self._head]
        if not _AUXILIARY.match(example.question.lower()):
            # "Is it good?" and "Is it bad?" have the same passage for an answer.
            ways += [_opposite, _opposite, _negation]
        rng.shuffle(ways)
        for way in ways:
            changed = way(example, rng)
            if changed is not None and changed != example.question:
                return changed
        return None

    def _number(self, example: Example, rng: random.Random) -> str | None:
        present = _NUMBER.findall(example.context)
        found = [m for m in _NUMBER.finditer(example.question) if m.group() in present]
        if not found:
            return None
        match = rng.choice(found)
        others = [
            n for n in present
            if n not in example.question and len(n) == len(match.group())
            and not any(n in a for a in example.answers)
        ]  # fmt: skip
        new = rng.choice(others) if others and rng.random() < 0.5 else _other_number(match, rng)
        if new in example.context and new not in others:
            return None
        return _replaced(example.question, match.span(), new)

    def _name(self, example: Example, rng: random.Random) -> str | None:
        found = [
            m for m in _NAME.finditer(example.question)
            if m.group() not in _ASKING and m.group() in example.context
        ]  # fmt: skip
        if not found:
            return None
        match = rng.choice(found)
        near = [
            n for n in _names(example.context)
            if n not in example.question and match.group() not in n
            and not any(n in a or a in n for a in example.answers)
        ]  # fmt: skip
        pool = near if near and rng.random() < 0.6 else self._names
        if not pool:
            return None
        return _replaced(example.question, match.span(), rng.choice(pool))

    def _head(self, example: Example, rng: random.Random) -> str | None:
        found = [m for m in _HEAD.finditer(example.question) if m.group(1) in example.context]
        if not found or not self._heads:
            return None
        new = rng.choice(self._heads)
        if new in example.context.lower():
            return None
        return _replaced(example.question, rng.choice(found).span(1), new)


def _names(text: str) -> list[str]:
    """Capitalised words that do not merely begin a sentence."""
    return [
        m.group() for m in _NAME.finditer(text)
        if m.group() not in _ASKING and m.start() > 0 and text[max(0, m.start() - 2)] not in ".!?"
    ]  # fmt: skip


def _other_number(match: re.Match[str], rng: random.Random) -> str:
    """A number of the same shape: a digit changed, never the first of a year."""
    digits = list(match.group())
    places = [i for i, c in enumerate(digits) if c.isdigit() and (i > 1 or len(digits) < 4)]
    place = rng.choice(places or [len(digits) - 1])
    digits[place] = rng.choice([d for d in "123456789" if d != digits[place]])
    return "".join(digits)


def _opposite(example: Example, rng: random.Random) -> str | None:
    words = list(re.finditer(r"[A-Za-z]+", example.question))
    found = [m for m in words if m.group() in _OPPOSITES]
    found = [m for m in found if _OPPOSITES[m.group()] not in example.context.lower().split()]
    if not found:
        return None
    match = rng.choice(found)
    return _replaced(example.question, match.span(), _OPPOSITES[match.group()])


def _negation(example: Example, rng: random.Random) -> str | None:
    if rng.random() < 0.6 or re.search(r"\bnot\b|n't|\bnever\b", example.question):
        return None
    found = list(_AUXILIARY.finditer(example.question))
    if not found:
        return None
    match = rng.choice(found)
    return _replaced(example.question, match.span(), f"{match.group()} not")


def _replaced(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]
