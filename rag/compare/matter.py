"""Whether two sentences tell of one matter, as far as single words show that they do not."""

from __future__ import annotations

import re
from collections.abc import Set

from rag.compare.denial import negated, turns
from rag.compare.likeness import Content, content_of, stem, within
from rag.compare.opposites import among, opposite, roots, same
from rag.compare.quantities import Amount, amounts, days, without_days
from rag.text import words

__all__ = [
    "LIGHT",
    "clause",
    "one_matter",
    "other_act",
    "planned",
    "repeats",
    "same_names",
    "told_alike",
]

#: Where one sentence has a word of one group and the other a word of another, they are not alike.
_CONTRASTS = """
spring | summer | autumn | winter
morning | noon midday | afternoon | evening | night midnight
north northern | south southern | east eastern | west western
man men male boy boys | woman women female girl girls | child children
civilian civilians | soldier soldiers servicemen serviceman troops | policeman policemen
old | new
upper | lower
urban | rural
import imports imported | export exports exported
buy buys bought | sell sells sold
hire hires hired employed | dismiss dismissed sacked
announce announced | propose proposed | sign signed | ratify ratified | broke breached violated
begin begins began begun start started starts | open opens opened inaugurated | end ends ended\
 finish finished concluded complete completed | close closed closes shut | reopened
planned founded established | destroyed demolished collapsed | rebuilt restored repaired
design designed | build built constructed | own owned | bought sold
elected appointed | resigned dismissed
arrive arrived | depart departed left
arrested detained held | released freed | convicted sentenced
born | dead
dead perished drowned | wounded injured hurt | missing
rise rose risen increase increased grow grew grown | fall fell fallen drop dropped decline declined
accept accepted | reject rejected
yes | no
sank sunk sinks | raised salvaged refloated
win wins won | lose loses lost
revenue revenues turnover income | profit profits | loss losses | debt debts
long length | wide width | deep depth | high height tall
minimum | maximum | average
daily | weekly | monthly | annual annually yearly
father | mother | son | daughter | brother | sister | husband | wife
"""
LIGHT = roots(
    "take get have give make bring put leave lose cost claim catch hit happen occur place come go"
    " see day date time year"
)
"""Words that of themselves tell of nothing else: `the flames took 84 houses`."""

Told = tuple[str, Amount]
"""What is told around a number, and the number."""

_GROUPS = tuple(
    tuple(frozenset(map(stem, group.split())) for group in line.split("|"))
    for line in _CONTRASTS.strip().splitlines()
)
#: What only one sentence has sets it apart: the second lock is not the lock.
_ORDINAL = re.compile(
    r"(?i)(?<!came\s)(?<!finished\s)(?<!placed\s)(?<!ranked\s)\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?!\s(?:of|to|by)\b)"
    r"|\b\d+(?:st|nd|rd|th)\b|\b(?:again|re-?elected|re-?opened|rebuilt)\b"
    r"|(?<=\bvoted\s)against\b|(?<=\bvotes\s)against\b"
)
_IN_FORCE = re.compile(r"(?i)\b(?:into|in)\sforce\b|\btak(?:e|es|ing)\seffect\b|\btook\seffect\b")
_PLANNED = re.compile(
    r"\b(?:will|would|could|may|might|should|shall)\b(?!\shave\b)|\b(?:is|are|was|were)\s(?:to"
    r"|(?:now\s)?(?:expected|planned|scheduled|supposed|promised|meant|forecast))\b|\bto be\b"
    r"|\bdue (?:for|in|on|by|to (?:be|open|begin|start|end|close))\b"
    r"|\b(?:plans|planned|hopes|hoped|expects|expected|aims|aimed) to\b"
)
#: `They found the lake to be deep` is no plan.
_TAKEN_FOR = re.compile(
    r"\b(?:found|proved|known|thought|said|reported|believed|considered|estimated|reckoned|judged"
    r"|believes?|considers?)\b(?:\s[\w’'-]+){0,4}?\sto be\b(?!\s(?:\w+ed|built|held|sold|paid)\b)"
)
#: Shared words over those of the shorter sentence, from which the second says nothing new.
REPEATED = 0.75
#: Small words of which another one makes another sentence, though one may be without any of them.
_TURNS = """
before after during since until till
up down
over under above below
for against
more less fewer
all every most many some few
"""
_TURNING = tuple(frozenset(line.split()) for line in _TURNS.strip().splitlines())
_MARK = re.compile(r"[,;:()—]\s|\s[–—(]\s?|\s(?:that|which|who|because|although|while|if)\s")
_NAME = r"[^\W\d_a-z][\w’'-]+"
_JOINED = re.compile(
    rf"({_NAME})\s(?:and|or)\s(?:(?:in|at|near|the|of|from)\s)*({_NAME})"
    rf"|({_NAME})(?=(?:,\s{_NAME}){{0,5}},?\s(?:and|or)\s{_NAME})"
)


def one_matter(one: str, other: str) -> bool:
    """Whether no word sets two sentences apart: `killed` and `wounded`, `spring` and `autumn`."""
    a, b = _stems(one), _stems(other)
    for groups in _GROUPS:
        mine = {n for n, g in enumerate(groups) if a & g}
        theirs = {n for n, g in enumerate(groups) if b & g}
        if mine and theirs and not mine & theirs:
            return False
    return _ordinals(one) == _ordinals(other)


def same_names(one: str, a: Content, other: str, b: Content) -> bool:
    """Whether neither names what the other leaves out in exchange for something else, or adds.

    `In Lund and Bergen` is more than `in Lund`; `in Lund, Norway` is not.
    """
    if not (a.names <= b.names or b.names <= a.names):
        return False
    return not (_joined(one) & (a.names - b.names) or _joined(other) & (b.names - a.names))


def other_act(asked: Set[str], known: str, one: Told, other: Told) -> bool:
    """Whether only one tells what is asked of what is counted, and the other something else.

    Villages that were cut off are not those that were flooded. `known` tells nothing new.
    """
    held = [
        any(same(w, v) or v.startswith(w) for w in asked for v in roots(t)) for t, _ in (one, other)
    ]
    if held[0] == held[1]:
        return False
    (fits, _), (_, number) = (one, other) if held[0] else (other, one)
    told = roots(f"{known} {fits}") | LIGHT
    return any(not among(w, told) for w in roots(_beside(number)))


def _beside(number: Amount) -> str:
    """The words right before and behind a number, but for names."""
    before = _MARK.split(number.before)[-1].split()[-2:]
    after = _MARK.split(number.after)[0].split()[:4]
    return " ".join(w for w in (*before, *after) if w[0].islower())


def planned(text: str) -> bool:
    """Whether a sentence tells of what is to come or what was meant to."""
    return _PLANNED.search(_TAKEN_FOR.sub(" ", text)) is not None


def told_alike(one: str, other: str) -> bool:
    """Whether both assert or both deny, both tell of what was or both of what is planned."""
    return negated(one) == negated(other) and planned(one) == planned(other)


def repeats(one: str, other: str) -> bool:
    """Whether two sentences say the same: neither has a name, number or date against the other.

    And neither denies, or turns round by a small word, what the other says.
    """
    a, b = content_of(one), content_of(other)
    if within(a, b) < REPEATED or not (a.names <= b.names or b.names <= a.names):
        return False
    figures = [{x.low for x in amounts(text)} for text in (one, other)]
    dates = [{(d.year, d.month, d.day) for d in days(text)} for text in (one, other)]
    if not all(x <= y or y <= x for x, y in (figures, dates)):
        return False
    if not one_matter(one, other) or planned(one) != planned(other):
        return False
    return not (_turned(one, other) or _exchanged(one, other))


def clause(before: str, middle: str, after: str) -> str:
    """What stands around a part of a sentence, as far as no mark or link parts it off."""
    return _MARK.split(before)[-1] + middle + _MARK.split(after)[0]


def _exchanged(one: str, other: str) -> bool:
    """Whether each has a word against the other's: `guilty`, `innocent`; or just one is exchanged.

    `The army shelled it` and `The rebels shelled it` are two claims.
    """
    a, b = roots(one), roots(other)
    mine = [w for w in a if not among(w, b)]
    theirs = [w for w in b if not among(w, a)]
    if len(mine) == len(theirs) == 1:
        return True
    return any(opposite(w, v) for w in mine for v in theirs)


def _turned(one: str, other: str) -> bool:
    """Whether one denies more than the other, or has `after` where the other has `before`."""
    if turns(one) != turns(other):
        return True
    a, b = set(words(one)), set(words(other))
    return any(a & row and b & row and a & row != b & row for row in _TURNING)


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(without_days(text))))


def _ordinals(text: str) -> frozenset[str]:
    told = frozenset(m[0].lower() for m in _ORDINAL.finditer(without_days(text)))
    # A law is passed on one day and holds from another.
    return told | {"in force"} if _IN_FORCE.search(text) else told


def _joined(text: str) -> frozenset[str]:
    """The stems of names that stand in a row with `and`."""
    found = [name for match in _JOINED.finditer(text) for name in match.groups() if name]
    return frozenset(stem(w) for name in found for w in words(name))
