"""Whether a text mentions a name: as it stands, in its parts, by its initials or spelled out.

"Ter-Petrosyan" is there where both its parts are, "EU" where the text says European Union, and the
other way round (`rag.words.initials`, `rag.words.abbreviations`); "Iran" in "Iranian", "Erdogan" in
"Erdoğan", "Organisation" in "Organization". A text is searched many times for the names of one
question: `mentions_of` once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.text import words
from rag.words.abbreviations import defined_in
from rag.words.capitals import CAPITAL, folded, respelled, undotted
from rag.words.initials import (
    COMMON,
    Senses,
    Spelled,
    acronyms_in,
    as_acronym,
    bare,
    joined,
    phrase,
    spelled_in,
)

__all__ = [
    "CAPITAL",
    "Mentions",
    "lacking_names",
    "mentions_of",
    "stands_in",
    "undotted",
    "whole_names",
]

_WORD = re.compile(rf"{CAPITAL}[\w’'\-]*")
_LINK = r"(?:of|for|de|la|du|del|van|von)"
_NAME = re.compile(rf"{_WORD.pattern}(?: (?:{_LINK} (?:the )?)?{_WORD.pattern})*")
_LINKED = re.compile(rf" {_LINK} (?:the )?")
#: `T-72s` are of the kind T-72.
_PLURAL = re.compile(r"(?<=\d)s\Z")
#: What French and Italian put before a name, as one word with it: `d'Estaing`, `L'Aquila`.
_ELIDED = re.compile(r"\A(?:d|l|all|dall|dell|nell|sull)'(?=\w{3})")
#: A number as one word with what follows it: `20th`, `1990s`, `5km`.
_LED_BY_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?=[^\W\d_])")
#: The endings of a place's name, and of its people's or language's: `Turkey`, `Turkish`.
_OF_PLACES = ("", "a", "ia", "y", "ey", "en", "ay", "o", "e")
_OF_PEOPLES = tuple(
    """n ns an ans ian ians ean eans egian egians i is ish ese olese ic s ers""".split()
)
#: What is left without such an ending is no shorter, and no shorter without one that many words
#: have: `Europe`, not `George`.
_ROOT, _LONG_ROOT = 4, 6
_SHORT, _ALIKE = 3, 0.9
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){1,5}|\d{4,18}")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text names: its `words` as of `rag.text.words`, and acronyms in capitals.

    `acronyms` are those that it writes, `spelled` the initials of the names that it spells out,
    `senses` the abbreviations that it explains, and `running` all its words as a `phrase`.
    """

    words: frozenset[str]
    acronyms: frozenset[str]
    spelled: Mapping[str, Set[Spelled]]
    senses: Senses
    running: str


@lru_cache(maxsize=64)
def mentions_of(text: str) -> Mentions:
    """The words and acronyms of a text; a question and its passages are asked for in turn."""
    plain = undotted(folded(text))
    present = words(plain)
    found = {form for word in present for form in (word, _unelided(word), respelled(word))}
    found.update(match[0] for word in present if (match := _LED_BY_NUMBER.match(word)))
    return Mentions(
        frozenset(found), acronyms_in(plain), spelled_in(plain), defined_in(plain), joined(present)
    )


def stands_in(name: str, present: Mentions | Set[str]) -> bool:
    """Whether a name or word stands there: all its parts, each as itself or in a form of its own.

    A short name in capitals is sought among the acronyms, so that "US" is not found in "us". A
    name has fewer forms than a word: "India" is not found in "individual".
    """
    if not isinstance(present, Mentions):
        return all(_word_stands_in(w, present, name[:1].isupper()) for w in words(name))
    return _stands_in(name, present, present.senses)


def _stands_in(name: str, present: Mentions, senses: Senses) -> bool:
    named = name[:1].isupper()
    name = folded(name)
    short = as_acronym(name) or name.upper()
    longs = (*senses.get(short, ()), *COMMON.get(short, ()))
    if any(long in present.running for long in longs):
        return True
    if as_acronym(name):
        return _acronym_stands_in(short, present, senses.get(short))
    if "-" in name and not name.isupper():
        parts = _PLURAL.sub("", name).split("-")
        return all(_stands_in(part, present, senses) for part in parts)
    return all(_word_stands_in(word, present.words, named) for word in words(name))


def _acronym_stands_in(name: str, present: Mentions, known: Set[str] | None) -> bool:
    """Whether it is written or spelled out; as what is `known` to be meant, if that is known."""
    if name in present.acronyms or (len(name) > 3 and name.lower() in present.words):
        return True
    return any(_may_mean(long, known) for long in present.spelled.get(name, ()))


def lacking_names(
    text: str, names: Sequence[str], present: Mentions, defined: Senses | None = None
) -> list[str]:
    """Those of a question's names that are not mentioned, in their order.

    A name that is spelled out in `text`, the question, is there where its initials are, unless
    these are known to stand for another; `defined` holds what the document explains elsewhere.
    """
    asked = mentions_of(text)
    senses = _merged(asked.senses, present.senses, defined or {})
    short_there = _by_short_forms(asked, present, senses)
    lacking = [
        n for n in names if phrase([n]) not in short_there and not _stands_in(n, present, senses)
    ]
    # Where all is in capitals they make no acronym of `WAR`.
    return [n for n in lacking if not (text.isupper() and stands_in(n.lower(), present))]


def _by_short_forms(asked: Mentions, present: Mentions, senses: Senses) -> set[str]:
    """The words of the names that a question spells out and whose short form a text has."""
    found: set[str] = set()
    for initials in asked.spelled.keys() & present.acronyms:
        for long in asked.spelled[initials]:
            if _may_mean(long, senses.get(initials)):
                found.update(long)
    for short, longs in (*COMMON.items(), *senses.items()):
        plain = len(short) > 3 or not short.isalpha()
        if short in present.acronyms or (plain and short.lower() in present.words):
            told = [long for long in longs if long in asked.running]
            found.update(w for w in asked.words if any(w in long for long in told))
    return found


def _may_mean(long: Spelled, known: Set[str] | None) -> bool:
    """Whether a name may be what its initials are `known` to stand for, if anything is known.

    A word of it may be short itself, or spelled in another way: `UN Security Council`.
    """
    name = "".join(long)
    if not known or name in known or any(len(word) <= _SHORT for word in long):
        return True
    return any(SequenceMatcher(None, name, other).ratio() >= _ALIKE for other in known)


def _merged(*several: Senses) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for senses in several:
        for short, longs in senses.items():
            merged[short] = merged.get(short, frozenset()) | longs
    return merged


def whole_names(text: str, names: Sequence[str], lacking: Sequence[str]) -> list[str]:
    """What of a question's names is lacking, each with its neighbours: South Caucasus for South.

    A name is told with `of` inside only where all of it is lacking.
    """
    found: list[str] = []
    for match in _NAME.finditer(undotted(text)):
        if set(_own(match[0], names)) <= set(lacking):
            found.append(_between(match[0], names))
        else:
            parts = [p for p in _LINKED.split(match[0]) if set(_own(p, names)) & set(lacking)]
            found += [" ".join(_own(part, names)) for part in parts]
    told = {bare(word) for name in found for word in name.split()}
    return list(dict.fromkeys([*filter(None, found), *(n for n in lacking if n not in told)]))


def _own(text: str, names: Sequence[str]) -> list[str]:
    return [own for word in text.split() if (own := bare(word)) in names]


def _between(text: str, names: Sequence[str]) -> str:
    """A text from the first of some names to the last."""
    tokens = text.split()
    own = [n for n, word in enumerate(tokens) if bare(word) in names]
    return bare(" ".join(tokens[own[0] : own[-1] + 1])) if own else ""


def _word_stands_in(word: str, present: Set[str], named: bool) -> bool:
    if not _forms(word).isdisjoint(present):
        return True
    if any(ch.isdigit() for ch in word) or len(word) < _ROOT:
        return False
    if named and word.isascii():
        if any(p[:_ROOT] == word[:_ROOT] and _of_one_place(word, p) for p in present):
            return True
        stem = word[:-2] if len(word) > 7 else word[:-1] if len(word) == 7 else ""
    else:
        stem = word[: max(4, len(word) - 2)] if len(word) > 4 else ""
    return bool(stem) and any(p.startswith(stem) for p in present)


def _of_one_place(one: str, other: str) -> bool:
    """Whether at least one of two names is that of a people, and both have one root."""
    if other == f"{one}s" or one == f"{other}s":
        return min(len(one), len(other)) > _ROOT  # `Adams` is not of `Adam`
    (place, people), (land, nation) = (
        (_roots(name, _OF_PLACES), _roots(name, _OF_PEOPLES)) for name in (one, other)
    )
    return not people.isdisjoint(land | nation) or not place.isdisjoint(nation)


def _roots(name: str, endings: Sequence[str]) -> set[str]:
    found = {name.removesuffix(ending) for ending in endings if name.endswith(ending)}
    silent = name[:-1] if name.endswith("e") else ""
    return {r for r in found if len(r) >= (_LONG_ROOT if r == silent else _ROOT)}


def _forms(word: str) -> set[str]:
    """A word as it may stand in a text: `iran's` for `iran`, `1,960` for `1960`."""
    if _THOUSANDS.fullmatch(word):
        plain = word.replace(",", "")
        return {word, plain, f"{int(plain):,}"}
    return {word, f"{word}'s", _unelided(word), respelled(word)}


def _unelided(word: str) -> str:
    return _ELIDED.sub("", bare(word)) if "'" in word else word
