"""Which side of a question a sentence takes: yes or no, this or that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.denial import UNDONE, parity
from rag.compare.figures import NUMERALS
from rag.compare.matter import planned
from rag.compare.opposites import among, opposite, root, roots, same, unphrased
from rag.compare.quantities import days, same_day
from rag.compare.slots import apart, other_thing, unreported
from rag.text import words
from rag.words.mentions import CAPITAL, stands_in

__all__ = ["PRESENT", "YES_NO", "held_sides", "opposed_sides", "opposed_stances"]

YES_NO = re.compile(
    r"(?i)\A\W*(?:(?:and|but|so)\W+)?(?:is|are|was|were|did|do|does|has|have|had|can|will|could"
    r"|should|would)(?:n['’]t)?\b"
)
_EITHER = re.compile(
    r"(?i)(?P<one>[\w’'-]+),?\sor\s(?:(?:an?|the|of|by|in|from|to|on|at|with|for|was|did)\s)*"
    r"(?P<other>[\w’'-]+)"
)
_ASKING = frozenset(
    map(
        root,
        """really actually ever true truly indeed anyone anybody anything any still already it
        whether case fact do does did can will could should would we you us""".split(),
    )
)
_CLAUSE = re.compile(
    r"[;:–—()]|,\s(?:and|but|while|whereas|although|though|because|so|yet|which|who|where|when)\b"
    r"|\sand\s(?=(?:will|would|may|might|could|is|was|has|had|did)\b)"
    r"|\s(?:but|while|whereas|although|because|which|who|where)\s"
)
PRESENT, _PAST = (
    re.compile(r"(?i)\b(?:is|are|isn['’]t|aren['’]t)\b"),
    re.compile(r"(?i)\b(?:was|were|wasn['’]t|weren['’]t)\b"),
)
#: `The co-pilot` is not the pilot.
_RANK = re.compile(
    r"(?i)\b(?:co|ex|vice|deputy|prime|assistant|under|sub|earlier|previous|another|first|second|third)[-\s](?=\w{4})"
    r"|\b(?:lower|higher|upper)\s(?=(?:court|house|chamber)\b)"
)
#: A name, but for a word that a sentence begins with.
_NAME = re.compile(rf"(?<=[\w,;:] ){CAPITAL}[\w’'-]+")
#: What says nothing of how far a sentence reaches.
_HARMLESS = frozenset(map(root, "today yesterday again still ever even indeed all any".split()))


@dataclass(frozen=True, slots=True)
class _Stance:
    """The clause of a sentence that is about the question, what it holds of it, and its side."""

    clause: str
    held: frozenset[str]
    yes: bool
    turned: bool


def opposed_stances(
    question: str, one: str, other: str, around: tuple[str, str] | None = None
) -> tuple[bool, bool] | None:
    """Whether each says yes, where of two sentences one says yes and the other no; else None.

    `around` is where the question's names may stand, such as the sentences before.
    """
    if (
        not YES_NO.match(question)
        or _EITHER.search(question)
        or _ranks(unreported(one)) != _ranks(unreported(other))
    ):
        return None
    sought = frozenset(w for w in roots(question) if w not in _ASKING | NUMERALS)
    wide = around or (one, other)
    first, second = (
        _stance(sought, text, near) for text, near in zip((one, other), wide, strict=True)
    )
    if first is None or second is None or first.yes == second.yes:
        return None
    if not _one_time(first.clause, second.clause) or apart(question, one, other):
        return None
    if other_thing(question, one, other):
        return None
    if _elsewhere(question, one, other) or _elsewhere(question, other, one):
        return None
    if _narrower(first, second, sought) or _narrower(second, first, sought):
        return None
    return first.yes, second.yes


def opposed_sides(question: str, one: str, other: str) -> tuple[str, str] | None:
    """The side that each takes where a question is `this or that`, and they take different ones."""
    choice = _EITHER.search(question)
    if choice is None:
        return None
    sides = (choice["one"], choice["other"])
    held = [_taken(sides, text) for text in (one, other)]
    if held[0] is None or held[1] is None or held[0] == held[1]:
        return None
    return sides[held[0]], sides[held[1]]


def held_sides(question: str, text: str) -> tuple[bool, bool]:
    """Which of the two sides of a question a text names; neither where it has none."""
    choice = _EITHER.search(question)
    if choice is None:
        return False, False
    told = roots(text)
    one, other = (among(root(choice[n].casefold()), told) for n in ("one", "other"))
    return one, other


def _taken(sides: tuple[str, str], text: str) -> int | None:
    """The side that a text is for: it names it alone, or denies the other alone."""
    told = roots(unreported(text))
    named = [among(root(side.casefold()), told) for side in sides]
    if named[0] == named[1] or UNDONE.search(text):
        return None
    return named.index(True) ^ int(parity(text))


def _stance(sought: frozenset[str], text: str, around: str) -> _Stance | None:
    """Which side a sentence takes, where it is about all that is asked, or nearly so."""
    said = unphrased(unreported(text))
    here = roots(around) | roots(said)
    found = _hits(sought, here)
    if not sought or len(found) < max(1, len(sought) - len(sought) // 3):
        return None
    clauses = [c for c in _CLAUSE.split(said) if c and c.strip()]
    scored = [(_hits(sought, roots(c)), c) for c in clauses]
    hits, clause = max(scored, key=lambda item: len(item[0]), default=(frozenset[str](), ""))
    if not hits or UNDONE.search(clause):
        return None
    there = roots(clause)
    against = {w for w in sought if not among(w, there) and _turned_in(w, there)}
    turned = len(_distinct(against)) % 2 == 1
    return _Stance(clause, hits, parity(clause) == turned, bool(against))


def _distinct(found: set[str]) -> list[str]:
    """Words of which no two mean the same: `freely`, `voluntarily` are one."""
    kept: list[str] = []
    for word in sorted(found):
        if not among(word, kept):
            kept.append(word)
    return kept


def _ranks(text: str) -> frozenset[str]:
    return frozenset(m[0][:-1].lower() for m in _RANK.finditer(text))


def _hits(sought: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    return frozenset(w for w in sought if any(same(w, h) or opposite(w, h) for h in there))


def _turned_in(wanted: str, there: frozenset[str]) -> bool:
    return any(opposite(wanted, h) for h in there)


def _one_time(one: str, other: str) -> bool:
    """Whether both tell of what was, of what is or of what is to be, and of no other days."""
    if planned(one) != planned(other):
        return False
    tenses = [(bool(PRESENT.search(c)), bool(_PAST.search(c))) for c in (one, other)]
    if {(True, False), (False, True)} == set(tenses):
        return False
    first, second = days(one), days(other)
    return not first or not second or any(same_day(d, e) for d in first for e in second)


def _elsewhere(question: str, text: str, other: str) -> bool:
    """Whether a sentence has a name of its own for one that is asked for and that the other has."""
    named = {w for m in _NAME.finditer(question) for w in words(m[0])}
    here, there = set(words(text)), set(words(other))
    lacking = {w for w in named & there if not stands_in(w, here)}
    if not lacking:
        return False
    own = {w for m in _NAME.finditer(unreported(text)) for w in words(m[0])}
    return any(not stands_in(w, there | set(words(question))) for w in own)


def _narrower(no: _Stance, yes: _Stance, sought: frozenset[str]) -> bool:
    """Whether what is denied is only a part of what is asked: `not safe for infants`."""
    if no.yes or no.turned:
        return False
    told = roots(yes.clause) | sought
    extra = {w for w in roots(no.clause) if not among(w, told)}
    return any(w not in _HARMLESS and not w.endswith("ly") and not _says_no(w) for w in extra)


def _says_no(word: str) -> bool:
    return word in {
        "nothing",
        "nobody",
        "none",
        "neither",
        "nor",
        "cannot",
        "fail",
        "refus",
        "deny",
    }
