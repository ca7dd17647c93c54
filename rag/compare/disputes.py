"""Sentences that say themselves that something is disputed, and whether that is what is asked.

Patterns over English: a word for a dispute, two who say different things in one sentence, a claim
and its denial, a number that is called false or counted anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from rag.asking.asked import asks_speaker
from rag.asking.kinds import ASKS_NUMBER, kind_of
from rag.asking.question import names_in
from rag.compare import dispute_words as told_by
from rag.compare.denial import denied_before
from rag.compare.measures import counted
from rag.compare.opposites import among, root, roots, shared
from rag.compare.quantities import Amount, amounts
from rag.compare.sides import BLAME, BROAD, beside
from rag.compare.stance import YES_NO
from rag.types import Citation

__all__ = ["leaves_open", "tells_of_dispute"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, what kind of thing it asks for, and its content roots."""

    text: str
    kind: str
    words: frozenset[str]

    @property
    def broad(self) -> bool:
        """Whether a dispute in general words may be about it."""
        return YES_NO.match(self.text) is not None or BROAD.search(self.text) is not None

    @property
    def of_blame(self) -> bool:
        """Whether it asks who or what is to blame."""
        return self.kind == "why" or BLAME.search(self.text) is not None

    def share(self, text: str) -> int:
        """How many of its words stand in a text, in any form."""
        return _held(self.words, text)

    @property
    def deeds(self) -> frozenset[str]:
        """Its words but for names."""
        return self.words - roots(" ".join(names_in(self.text)))


def tells_of_dispute(question: str, cited: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a sentence says itself that what is asked is disputed."""
    if ASKS_NUMBER.search(question) and told_by.FIGURE.search(cited.quote):
        return _of_a_number(cited, citations) or _tells(_asked(question), cited.quote)
    return _tells(_asked(question), cited.quote)


def leaves_open(question: str, quote: str, around: str) -> bool:
    """Whether a sentence says that what is asked is disputed, and what stands around is about it.

    Who is to blame is left open by `Each side blames the other` itself.
    """
    asked = _asked(question)
    if not _tells(asked, quote):
        return False
    blamed = BLAME.search(question) is not None and told_by.BLAMED.search(quote) is not None
    half = 2 * asked.share(quote) >= len(asked.words) > 0
    return blamed or half or 5 * asked.share(around) >= 3 * len(asked.words) > 0


def _held(wanted: Set[str], text: str) -> int:
    told = roots(text)
    return sum(among(w, told) for w in wanted)


def _asked(question: str) -> _Asked:
    return _Asked(question, kind_of(question), roots(told_by.HOW_MUCH.sub(" ", question)))


def _tells(asked: _Asked, quote: str) -> bool:
    question = asked.text
    if asks_speaker(question):
        return False
    near = asked.share(quote) > 0 or not asked.words
    plain = asked.kind in {"how many", "where", "when"} and told_by.OF_DISPUTE.search(question)
    told = not plain and _open(asked, quote)
    if asked.kind == "when" and near and told_by.TWO_DATES.search(quote):
        return True
    if ASKS_NUMBER.search(question):
        if told_by.FIGURE.search(quote) and near and _counts_it(asked, quote):
            return True
        if amounts(quote) and near and (told or _two_numbers(quote) or told_by.TWO.search(quote)):
            return True
    if told:
        return True
    if not asked.broad:
        return False
    two = told_by.TWO.search(quote)
    if asked.kind == "who" and not asked.of_blame:
        near = 2 * asked.share(quote) >= len(asked.words)
    blamed = two is not None and asked.of_blame and told_by.ACCUSES.search(two[0])
    return bool(two and (near or blamed)) or _denied(asked, quote)


def _open(asked: _Asked, quote: str) -> bool:
    """Whether a sentence says that something is disputed, and that this is what is asked."""
    return any(
        not denied_before(quote[: found.start()]) and _on_this(asked, quote, found)
        for found in told_by.DISPUTED.finditer(quote)
    )


def _on_this(asked: _Asked, quote: str, found: re.Match[str]) -> bool:
    """Whether what a match says to be disputed is what is asked."""
    clause = _clause(quote, found.start(), found.end())
    topics = {kind for kind, pattern in told_by.TOPICS.items() if pattern.search(clause)}
    if topics:
        near = asked.kind != "how many" or not asked.words or asked.share(quote) > 0
        return near and _fits(asked, topics, clause)
    # `Scholars disagree about its date` is no word on who wrote it.
    own = told_by.ABOUT.match(quote, found.end()) or told_by.INNER.search(found[0])
    if own is not None and asked.words and not asked.share(own["what"]):
        return False
    if _of_something_else(asked, quote, found):
        return False
    relative = told_by.RELATIVE.match(clause) is not None
    blamed = told_by.BLAMED.match(found[0]) is not None
    if blamed and BLAME.search(asked.text):
        return not relative or asked.share(clause) > 0
    # That each blames the other is no word on who was killed.
    if blamed or asked.kind in {"who", "why"}:
        return asked.share(clause) > 0
    if asked.broad:
        return not relative or asked.share(clause) > 0
    told = clause if relative else quote
    if asked.deeds and not _held(asked.deeds, told):
        return False  # A dispute over the town is none on when it was taken.
    return 2 * asked.share(told) >= len(asked.words)


def _of_something_else(asked: _Asked, quote: str, found: re.Match[str]) -> bool:
    """Whether what is disputed is called by a noun that is not asked for: `its value`."""
    subject = told_by.SUBJECT.search(quote, 0, found.start())
    named = roots(subject["what"]) if subject is not None else frozenset()
    if not named or not told_by.IS.match(found[0]):
        return False
    return not shared(named, told_by.ANY | asked.words)


def _fits(asked: _Asked, topics: set[str], clause: str) -> bool:
    """Whether what is disputed by its kind, such as a date, may be what is asked."""
    if asked.kind in topics:
        return True
    if asked.kind == "yes/no":
        return bool(topics & told_by.WIDE) or asked.share(clause) > 0
    return asked.broad and bool(topics & told_by.WIDE)


def _clause(text: str, start: int, end: int) -> str:
    """What stands around a place in a text, between marks or words that part it off."""
    begin = max((m.end() for m in told_by.PARTS.finditer(text, 0, start)), default=0)
    after = told_by.PARTS.search(text, end)
    # The sign that parts it off belongs to it: `, which is disputed`.
    return text[begin : after.start() if after else len(text)]


def _two_numbers(quote: str) -> bool:
    """Whether two count the same in one sentence and do not get the same number."""
    if told_by.TWO_COUNTS.search(quote):
        return True
    told = amounts(quote)
    for found in told_by.ONE_VERB.finditer(quote):
        first, last = (_at(told, quote, found.start(name)) for name in ("first", "last"))
        if first is not None and last is not None and first.excludes(last) and _alike(first, last):
            return True
    return False


def _at(told: Sequence[Amount], quote: str, start: int) -> Amount | None:
    """The amount whose figure begins at an offset."""
    return next((a for a in told if len(a.before) <= start < len(quote) - len(a.after)), None)


def _alike(one: Amount, other: Amount) -> bool:
    """Whether the second may count what the first does: the same noun, or none of its own."""
    a, b = counted(one), counted(other)
    return b is None or (a is not None and (a.noun == b.noun or not b.noun))


def _denied(asked: _Asked, quote: str) -> bool:
    """Whether somebody denies what is asked: who does so answers a charge."""
    return any(
        not denied_before(quote[: found.start()])
        and not told_by.RELATIVE.match(_clause(quote, found.start(), found.start()))
        and 2 * asked.share(found["what"]) >= max(1, len(asked.words))
        for found in told_by.DENIED.finditer(quote)
    )


def _counts_it(asked: _Asked, quote: str) -> bool:
    """Whether a figure of a sentence counts what is asked for, if it has any."""
    found = [counted(amount) for amount in amounts(quote)]
    nouns = [root(what.noun) for what in found if what is not None and what.noun]
    return not found or shared(nouns, asked.words)


def _of_a_number(cited: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a sentence has a number of another citation, or stands right behind one with any."""
    mine = {a.low for a in amounts(cited.quote)}
    others = [(c, {a.low for a in amounts(c.quote)}) for c in citations if c is not cited]
    return any(mine & low or (low and not mine and beside(c, cited)) for c, low in others)
