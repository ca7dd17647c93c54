"""Of which things two sentences tell: who leads the choir of a town does not lead its dig."""

from __future__ import annotations

import re
from collections.abc import Set

from rag.compare.denial import claims
from rag.compare.naming import may_be_one
from rag.compare.opposites import root, roots, same
from rag.compare.slots import unreported
from rag.text import words
from rag.words.mentions import CAPITAL, stands_in

__all__ = ["WHICH", "asked_things", "exchanged", "things", "two_doers", "without_title"]

#: The words of a thing up to what ends it: `the old fire brigade of`, `a school magazine in`.
_THING = re.compile(
    r"\b(?i:the|an?|its|his|her|their)\s((?:[\w’'-]+\s){0,3}?[\w’'-]+)(?=[.,;:?!)]|\Z"
    r"|\s(?:of|in|at|from|for|to|on|into|near|with|by|when|after|before|that|which|who|and|was|were"
    r"|is|are|had|has|have|will|did|broke|began|led|came|went|\w+ed)\b)"
)
#: What tells who somebody is: `the governor, X`, `the diver X`, `X, the fire chief, …`.
_BY_A_NAME = (
    r"(?:\b(?:[Tt]he|[Aa]n?)\s(?:(?!(?:of|in|at|was|is|were|by|for|to)\b)[\w’'-]+,?\s){{1,4}})?{}"
    r"(?:,\s[^,;:]{{2,80}}(?:,|(?=\.)))?"
)
WHICH = roots(
    "new old first last late former present current next same own second main whole big great young"
    " end time day night morning year week month charge head chair post place name lead work"
)
"""What only tells which or when, and is no thing itself."""


#: Who does something: `Norway sent`, but not `Norway counted`.
_DOES = re.compile(
    rf"\A(?P<name>{CAPITAL}[\w’'-]+(?:\s{CAPITAL}[\w’'-]+)*)\s(?:(?:has|have|had|also)\s)?"
    r"(?!(?:count|put|estimate|list|record|find|found|give|gave|speak|spoke|acknowledg|admit|number)\w*\b)(?P<verb>[a-z]{3,})\b"
)
#: Before a thing behind which a verb stands: `When was the painting`, `Where did the plane`.
_INVERTED = re.compile(
    r"(?i)\b(?:when|where|how|why|whom|what\s(?:year|month|day|date))\s(?:was|were|did|does|do|will)\s\Z"
)


def things(text: str) -> frozenset[str]:
    """The roots of the words of a text's things, but for names."""
    found = (w for m in _THING.finditer(text) for w in m[1].split() if w[0].islower())
    return frozenset(r for r in roots(" ".join(found)) if r not in WHICH)


def asked_things(question: str) -> frozenset[str]:
    """The things that a question names: `When was the painting stolen?` names the painting."""
    found = []
    for match in _THING.finditer(question):
        told = match[1].split()
        if len(told) > 1 and _INVERTED.search(question, 0, match.start()):
            told.pop()
        found += [w for w in told if w[0].islower()]
    return frozenset(r for r in roots(" ".join(found)) if r not in WHICH)


def exchanged(
    asked: Set[str], told: Set[str], met: Set[str], own: Set[str], *, whole: bool
) -> bool:
    """Whether a sentence has a thing of its `own` for one, or all, that are `asked` for.

    `told` are the roots around it and `met` those around another one, which has that thing.
    """
    lacking = {w for w in asked if not _stands(w, told)}
    if not any(_stands(w, met) for w in lacking) or (whole and lacking != asked):
        return False
    return any(not _stands(w, asked | met) for w in own)


def two_doers(question: str, one: str, other: str) -> bool:
    """Whether two of different names do the same: what Norway sent is not what Sweden sent."""
    first, second = (_DOES.match(unreported(text)) for text in (one, other))
    if first is None or second is None or not same(root(first["verb"]), root(second["verb"])):
        return False
    asked = frozenset(words(question))
    if claims(first[0]) or any(stands_in(m["name"], asked) for m in (first, second)):
        return False
    return not may_be_one(question, first["name"], second["name"])


def without_title(sentence: str, name: str) -> str:
    """A sentence without a name and what stands beside it to tell who that is."""
    return re.sub(_BY_A_NAME.format(re.escape(name)), " ", sentence)


def _stands(word: str, told: Set[str]) -> bool:
    """Whether a word is told, in another form or as a part of another: `fire`, `firemen`."""
    return any(same(word, t) or _part(word, t) for t in told)


def _part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and (long.startswith(short) or long.endswith(short))
