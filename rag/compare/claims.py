"""What a reader's answer to a question claims: a number, a date or a name, alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.asking.question import Question
from rag.compare.likeness import STOP, stem
from rag.compare.quantities import Amount, Day, amounts, days
from rag.text import words
from rag.words.mentions import CAPITAL

__all__ = ["NAME", "Claim", "amount_of", "day_of", "named_in", "only_begins", "to_the_value"]

#: What may begin a sentence without an article and is no name.
_COMMON = re.compile(
    r".*(?:[^s]s|men|people|police|children)|(?:no|some|any|every)(?:body|one)|he|she|it|they|we|you"
    r"|who|what|that|this|these|those|here|there|one|many|some|most|all|others?|nature|god|fog|rain"
    r"|fire|water|snow|ice|storm|fate|staff|management|parliament|government|congress|labour|industry"
)
NAME = re.compile(
    rf"(?<![\w’'-]){CAPITAL}[\w’'-]*(?:\s(?:de|van|von|of|al|bin)?\s?{CAPITAL}[\w’'-]*)*"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the reader's answer in it, and the words of it and of the sentence before.

    `near` is its support as a share of the best one's.
    """

    sentence: str
    answer: str
    around: str
    near: float


def to_the_value(question: Question, kind: str, claim: Claim) -> Claim:
    """A claim whose answer is the name or day alone, where a reader gave most of the sentence.

    What else stands in the sentence has to show whether it tells of what is asked.
    """
    if 2 * len(words(claim.answer)) <= len(words(claim.sentence)):
        return claim
    found = [d.text for d in days(claim.answer)] if kind == "date" else []
    if kind == "name":
        found = named_in(claim.answer, {stem(w) for w in words(question.text)})
    return replace(claim, answer=found[0]) if len(found) == 1 else claim


def amount_of(claim: Claim) -> Amount | None:
    """The amount of the sentence that is the answer."""
    told = [a.low for a in amounts(claim.answer)]
    if len(told) != 1:
        return None
    fits = [a for a in amounts(claim.sentence) if a.low == told[0] or a.text in claim.answer]
    return fits[0] if len(fits) == 1 else None


def day_of(claim: Claim) -> Day | None:
    """The date that is the answer, as the sentence tells it: the answer may leave out `before`."""
    told = days(claim.answer)
    if len(told) != 1:
        return None
    fits = [d for d in days(claim.sentence) if told[0].text in d.text or d.text in told[0].text]
    return fits[0] if len(fits) == 1 else told[0]


def named_in(answer: str, asked: set[str]) -> list[str]:
    """The names of an answer, which may be a whole sentence, but for those of the question."""
    found = NAME.findall(answer)
    if len(found) == 1:
        return found
    known = asked | {stem(w) for w in STOP}
    return [name for name in found if not {stem(w) for w in words(name)} <= known]


def only_begins(name: str, claim: Claim) -> bool:
    """Whether one word has its capital from the sentence that it begins: `Drivers have …`.

    A single thing would have an article, and a name has none.
    """
    if " " in name or not claim.sentence.lstrip("\"“‘'(").startswith(name):
        return False
    return _COMMON.fullmatch(name.lower()) is not None
