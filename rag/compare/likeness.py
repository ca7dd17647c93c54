"""How alike two sentences are, by their names and other content words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.figures import NUMERALS
from rag.compare.quantities import without_days
from rag.text import words

__all__ = ["STOP", "Content", "alike", "content_of", "stem", "within"]

STOP = frozenset(
    """a an the of in on at to for from by with and or but as is are was were be been has have had
    it its he she they his her their this that these those who which when where there than then so
    not no never about some more at least over nearly almost only also now later first up out into
    after before under will would said says say told tell according argues argued reports reported
    report gives gave give puts put counts counted acknowledges acknowledged figure number total
    count officials authorities government ministry more than fewer less around roughly""".split()
)
_DEAD = frozenset(
    "dead died die dies death deaths killed kill kills lives fatalities victims".split()
)


@dataclass(frozen=True, slots=True)
class Content:
    """The stems of a sentence's names, and of all its content words, numbers and dates apart."""

    names: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1 << 10)
def content_of(text: str, speaker: str | None = None) -> Content:
    """The names and the other content words of a text, without its speaker, numbers, dates.

    A number in words is no name, though `Two people` may begin a sentence.
    """
    bare = without_days(text)
    said = set(words(speaker or ""))
    names = {w for m in re.finditer(r"\b[^\W\d_a-z][\w’'-]+", bare) for w in words(m[0])}
    tokens = {w for w in words(bare) if not any(c.isdigit() for c in w)} - said
    content = frozenset(stem(w) for w in tokens if w not in STOP)
    return Content(frozenset(stem(n) for n in names - said - STOP - NUMERALS), content)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A rough stem: without the possessive and the ending of a plural or a past."""
    word = re.sub(r"['’]s\Z", "", word)
    if word in _DEAD:
        return "dead"
    return re.sub(r"(?<=\w{3})(?:ed|ing|s)\Z", "", word)


def alike(a: Content, b: Content) -> float:
    """Shared content words over all of both (Jaccard)."""
    together = a.words | b.words
    return len(a.words & b.words) / len(together) if together else 0.0


def within(a: Content, b: Content) -> float:
    """Shared content words over those of the shorter sentence."""
    shorter = min(len(a.words), len(b.words))
    return len(a.words & b.words) / shorter if shorter else 0.0
