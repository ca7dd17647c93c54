"""Two answers of a reader to one question, in two documents, that cannot both be right.

Where sentences are worded differently, what ties them is the question: both answer it, both hold
its names, and the spans that the reader takes for the answer are a number, date or name each.
"""

from __future__ import annotations

import re

from rag.asking.asked import asks_speaker, breadth_of
from rag.asking.kinds import ASKS_NUMBER, ASKS_WHEN
from rag.asking.question import Question
from rag.compare.claims import (
    NAME,
    Claim,
    amount_of,
    day_of,
    named_in,
    only_begins,
    to_the_value,
)
from rag.compare.denial import negated
from rag.compare.likeness import STOP, content_of, stem
from rag.compare.matter import LIGHT, clause, one_matter, other_act, planned
from rag.compare.measures import about, fates, shared_noun
from rag.compare.naming import TITLES, may_be_one
from rag.compare.opposites import among, root, roots
from rag.compare.quantities import days, days_exclude, near, same_day
from rag.compare.slots import apart, other_thing, unreported
from rag.compare.things import WHICH, asked_things, exchanged, things, two_doers, without_title
from rag.text import words
from rag.words.mentions import lacking_names, mentions_of, stands_in

__all__ = ["rival", "sought"]

_WHO = re.compile(r"(?i)\b(?:who|whom|whose|where|which)\b")
#: What is told by a number of something, and is no other thing: `the flood's toll`.
_TOTALS = roots(
    "death toll population number count total official final latest own first initial new known"
    " size length height depth width cost price value share revenue turnover profit membership"
    " budget area capacity"
)
_THING = re.compile(r"(?i)\b(?:the|an?|its|his|her|their)\s([\w-]+)")
#: A plan of the past: `was planned with 300 rooms`.
_MEANT = re.compile(
    r"(?i)\b(?:was|were|had\sbeen)\s(?:to\b|(?:first\s|at\sfirst\s|originally\s)?(?:planned|meant|supposed"
    r"|scheduled|expected|designed\s(?:for|with)|forecast|promised|budgeted|priced)\b)|\bplans\sfor\b"
)
#: The share of the question's other content words that a sentence has to hold, and how near the
#: best one's support it has to come: a name is given for many reasons, a number for few.
COVERED = 0.5
#: So near the best one, a sentence may answer in other words than those of the question.
SURE = 0.9
CLOSE = {"number": 0.6, "date": 0.6, "name": 0.6}
_ASKING = frozenset("day date year month time number share percentage figure".split())


def rival(question: Question, one: Claim, other: Claim) -> tuple[str, str, str, str] | None:
    """Kind, what it is about, and both values, where two documents answer differently."""
    kind = sought(question.form)
    if kind is None or min(one.near, other.near) < CLOSE[kind]:
        return None
    one, other = to_the_value(question, kind, one), to_the_value(question, kind, other)
    if not (_to_the_point(question, one) and _to_the_point(question, other)):
        return None
    if not (_told_alike(question, kind, one, other) and _other_days_agree(one, other)):
        return None
    if not _one_event(question, kind, one, other):
        return None
    whole = kind == "number"
    if any(_of_other_things(question, *c, whole=whole) for c in ((one, other), (other, one))):
        return None
    if kind == "number":
        several = two_doers(question.form, one.sentence, other.sentence)
        return None if several else _numbers(question, one, other)
    return _dates(one, other) if kind == "date" else _names(question, one, other)


def sought(asked: str) -> str | None:
    """`number`, `date` or `name`; None where an answer may be of another kind or have many."""
    if ASKS_WHEN.search(asked):
        return "date"
    if ASKS_NUMBER.search(asked):
        return "number"
    alone = not asks_speaker(asked) and breadth_of(asked) in ("one", "sides")
    return "name" if alone and _WHO.search(asked) else None


def _to_the_point(question: Question, claim: Claim) -> bool:
    """Whether the question's names stand around the sentence, and some of its words in it."""
    if lacking_names(question.full, question.names, mentions_of(claim.around)):
        return False
    wanted = _wanted(question)
    held = _held(wanted, claim.sentence)
    return not wanted or claim.near >= SURE or held >= COVERED * len(wanted)


def _wanted(question: Question) -> set[str]:
    """The question's content words, but for names and what asks for a date."""
    named = {stem(w) for name in question.names for w in words(name)}
    wanted = {t for t in question.terms if t not in STOP and stem(t) not in named | _ASKING}
    return {w for w in wanted if not any(c.isdigit() for c in w)}


def _held(wanted: set[str], text: str) -> int:
    """How many of some words stand in a text, in any form or in another word for the same."""
    here, there = set(words(text)), roots(text)
    stems = {stem(w) for w in here}
    return sum(stands_in(w, here) or stem(w) in stems or among(root(w), there) for w in wanted)


def _one_event(question: Question, kind: str, one: Claim, other: Claim) -> bool:
    """Whether two claims may be of one event although one has no word of the question.

    Nor is it the same where one has nothing, or for a date less than half, of what the other has
    of the question or of the deed that is asked for, and tells of another thing: a painting is
    stolen on one day and found on another. A date that is left has to be near the other, and a
    name is none.
    """
    wanted = _wanted(question)
    if kind == "number" or not wanted:
        return True
    named = asked_things(question.text) | WHICH | LIGHT
    deeds = {w for w in wanted if root(w) not in named}
    for sought in (wanted, deeds):
        held = [_held(sought, c.around) for c in (one, other)]
        fits, strays = (one, other) if held[0] >= held[1] else (other, one)
        least = max(held) / 2 if kind == "date" else min(1, max(held))
        if min(held) < least and _tells_else(question, fits, strays):
            return False
    if kind == "date" and deeds and not any(_held(deeds, c.around) for c in (one, other)):
        return not (_tells_else(question, one, other) and _tells_else(question, other, one))
    if all(_held(wanted, c.around) for c in (one, other)):
        return True
    first, second = day_of(one), day_of(other)
    return kind == "date" and first is not None and second is not None and near(first, second)


def _tells_else(question: Question, fits: Claim, strays: Claim) -> bool:
    """Whether a claim has things or deeds of its own, and none that is asked for."""
    known = roots(question.full) | roots(fits.sentence) | roots(strays.answer) | LIGHT
    named = roots(" ".join(NAME.findall(strays.sentence)))
    own = roots(unreported(strays.sentence)) - named
    return any(not among(w, known) for w in own)


def _told_alike(question: Question, kind: str, one: Claim, other: Claim) -> bool:
    """Whether no word by the answers sets them apart, and both or neither are planned."""
    a, b = _clause(one), _clause(other)
    if negated(a) != negated(b) or not one_matter(a, b):
        return False
    if kind == "number":
        set_apart = other_thing(question.text, one.sentence, other.sentence, _TOTALS)
    else:
        set_apart = _of_another(question, one, other)
    if set_apart:
        return False
    if apart(question.text, one.sentence, other.sentence, roots(f"{one.answer} {other.answer}")):
        return False
    if _meant(a) != _meant(b) and planned(a) != planned(b):
        return False  # What was meant to be, and what is.
    return planned(question.text) or planned(a) == planned(b)


def _meant(text: str) -> bool:
    return _MEANT.search(text) is not None


def _of_another(question: Question, one: Claim, other: Claim) -> bool:
    """Whether two sentences differ in one word, and one of the two is asked for: steel, cement."""
    given = roots(f"{one.answer} {other.answer}") | WHICH
    a, b = (roots(unreported(c.sentence)) - given for c in (one, other))
    mine = {w for w in a if not among(w, b)}
    theirs = {w for w in b if not among(w, a)}
    asked = roots(question.text)
    sets_apart = len(mine) == len(theirs) == 1 and bool((mine | theirs) & asked)
    # Verbs that differ may mean one thing; of things that differ each has its own word.
    sets_apart = sets_apart and mine <= _things(one.sentence) and theirs <= _things(other.sentence)
    return sets_apart or other_thing(question.text, one.sentence, other.sentence)


def _things(text: str) -> frozenset[str]:
    """The roots of words right behind an article or a possessive."""
    return frozenset(root(m[1].lower()) for m in _THING.finditer(text))


def _of_other_things(question: Question, claim: Claim, fits: Claim, *, whole: bool) -> bool:
    """Whether a claim has a thing of its own for one, or for all (`whole`), that are asked for."""
    told, met = (roots(c.around) | {root(w) for w in words(c.around)} for c in (claim, fits))
    known = roots(question.full) | roots(fits.sentence) | roots(claim.answer)
    own = things(unreported(without_title(claim.sentence, claim.answer)))
    return exchanged(asked_things(question.text), told, met, own - known, whole=whole)


def _clause(claim: Claim) -> str:
    """The clause of the answer."""
    start = claim.sentence.find(claim.answer)
    before, after = claim.sentence[:start], claim.sentence[start + len(claim.answer) :]
    return clause(before, claim.answer, after)


def _numbers(question: Question, one: Claim, other: Claim) -> tuple[str, str, str, str] | None:
    first, second = amount_of(one), amount_of(other)
    if first is None or second is None or not first.excludes(second):
        return None
    asked = fates(question.text)
    if bool(asked & fates(one.around)) != bool(asked & fates(other.around)):
        return None  # Those on board are not the dead.
    noun = shared_noun(first, second, answers=True)
    if noun is None:
        return None
    act = {root(w) for w in _wanted(question) if stem(w) != stem(noun)} - WHICH
    known = f"{question.full} {noun} {one.answer} {other.answer}"
    if other_act(act, known, (unreported(one.around), first), (unreported(other.around), second)):
        return None
    return "number", about(noun), first.text, second.text


def _dates(one: Claim, other: Claim) -> tuple[str, str, str, str] | None:
    first, second = day_of(one), day_of(other)
    if first is None or second is None or not days_exclude(first, second):
        return None
    return "date", "the date", first.text, second.text


def _other_days_agree(one: Claim, other: Claim) -> bool:
    """Whether the dates of the sentences, but for the answers, can be the same."""
    mine, theirs = (
        [d for d in days(c.sentence) if d.text not in c.answer and c.answer not in d.text]
        for c in (one, other)
    )
    return not mine or not theirs or any(same_day(d, e) for d in mine for e in theirs)


def _names(question: Question, one: Claim, other: Claim) -> tuple[str, str, str, str] | None:
    asked = {stem(w) for w in words(question.text)}
    first, second = (named_in(claim.answer, asked) for claim in (one, other))
    if len(first) != 1 or len(second) != 1:
        return None
    mine, theirs = content_of(f"so {first[0]}").names, content_of(f"so {second[0]}").names
    if not mine or not theirs or (mine | theirs) & asked or (mine & theirs) - TITLES:
        return None
    if may_be_one(question.form, first[0], second[0]):
        return None
    held = content_of(one.sentence).words | content_of(other.sentence).words
    if not (mine | theirs) <= held or _in_both(mine, theirs, one, other):
        return None
    if any(only_begins(name, c) for name, c in ((first[0], one), (second[0], other))):
        return None
    return "name", "the name", first[0], second[0]


def _in_both(mine: frozenset[str], theirs: frozenset[str], one: Claim, other: Claim) -> bool:
    """Whether a sentence names the other's answer too: `Holt and Berg wrote it`."""
    return bool(mine & content_of(other.sentence).words or theirs & content_of(one.sentence).words)
