"""Whether a text mentions a name: as it stands, in its parts, by its initials or spelled out.

"Ter-Petrosyan" is there where both its parts are, "EU" where the text says European Union, and the
other way round; "Iran" in "Iranian", "Erdogan" in "Erdoğan". A text is searched many times for the
names of one question: `mentions_of` once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from rag.text import words

__all__ = [
    "CAPITAL",
    "Mentions",
    "lacking_names",
    "mentions_of",
    "stands_in",
    "undotted",
    "whole_names",
]

#: What begins a name, as a class of a pattern: `[^\W\d_a-z]` would take é, т and თ as well.
CAPITAL = f"[{''.join(c for c in map(chr, range(0x2000)) if c.isupper())}]"

_DOTTED = re.compile(rf"\b(?:{CAPITAL}\.){{2,}}")
_CAPITAL = re.compile(rf"{CAPITAL}[\w’'\-]*")
_NAME = re.compile(rf"{_CAPITAL.pattern}(?: {_CAPITAL.pattern})*")
#: Words that stand inside a name and give it no initial.
_LINKS = frozenset("of for and the in on de la du del van von".split())
_GAP = re.compile(r"\s(?:(?:of|for|and|the|in|on|de|la|du|del|van|von)\s){0,2}")
_POSSESSIVE = re.compile(r"['’]s?\Z")
#: What French and Italian put before a name, as one word with it: `d'Estaing`, `L'Aquila`.
_ELIDED = re.compile(r"\A(?:d|l|all|dall|dell|nell|sull)'(?=\w{3})")
#: A number as one word with what follows it: `20th`, `1990s`, `5km`.
_LED_BY_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?=[^\W\d_])")
#: Letters that are not taken apart into a plain one and its mark.
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Æ": "Ae", "Œ": "Oe", "Þ": "Th"}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0487]+")
#: The endings of a place's name, and of its people's or language's: `Turkey`, `Turkish`.
_OF_PLACES = ("", "a", "ia", "y", "ey", "en", "ay", "o", "e")
_OF_PEOPLES = tuple(
    """n ns an ans ian ians ean eans egian egians i is ish ese olese ic s ers""".split()
)
#: What is left without such an ending is no shorter, and no shorter without one that many words
#: have: `Europe`, not `George`.
_ROOT, _LONG_ROOT = 4, 6
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){1,5}|\d{4,18}")
#: An acronym is no longer; a longer word in capitals is a word.
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text names: its `words` as of `rag.text.words`, and acronyms in capitals.

    `acronyms` are those that it writes and the initials of the names that it spells out.
    """

    words: frozenset[str]
    acronyms: frozenset[str]


def mentions_of(text: str) -> Mentions:
    """The words and acronyms of a text."""
    plain = undotted(_folded(text))
    parts = (_bare(part) for w in _CAPITAL.findall(plain) for part in w.split("-"))
    written = {part for part in parts if _is_acronym(part)}
    spelled = {initials for run in _runs(plain) for initials, _ in _shortened(run)}
    present = words(plain)
    found = (form for word in present for form in (word, _unelided(word)))
    led = (match[0] for word in present if (match := _LED_BY_NUMBER.match(word)))
    return Mentions(frozenset((*found, *led)), frozenset(written | spelled))


def stands_in(name: str, present: Mentions | Set[str]) -> bool:
    """Whether a name or word stands there: all its parts, each as itself or in a form of its own.

    A short name in capitals is sought among the acronyms, so that "US" is not found in "us". A
    name has fewer forms than a word: "India" is not found in "individual".
    """
    named = name[:1].isupper()
    if isinstance(present, Mentions):
        name = _folded(name)
        if "-" in name and not name.isupper():
            return all(stands_in(part, present) for part in name.split("-"))
        if _is_acronym(name):
            return name in present.acronyms or (len(name) > 3 and name.lower() in present.words)
        present = present.words
    return all(_word_stands_in(word, present, named) for word in words(name))


def lacking_names(text: str, names: Sequence[str], present: Mentions) -> list[str]:
    """Those of a question's names that are not mentioned, in their order.

    A name that is spelled out in `text`, the question, is there where its initials are.
    """
    short: set[str] = set()
    for run in _runs(undotted(text)):
        for initials, name in _shortened(run):
            if _folded(initials) in present.acronyms:
                short.update(name)
    return [n for n in names if n not in short and not stands_in(n, present)]


def whole_names(text: str, names: Sequence[str], lacking: Sequence[str]) -> list[str]:
    """What of a question's names is lacking, each with its neighbours: South Caucasus for South."""
    found = []
    for match in _NAME.finditer(undotted(text)):
        own = [word for word in match[0].split() if word in names]
        if set(own) & set(lacking):
            found.append(" ".join(own))
    rest = [part for part in lacking if not any(part in name.split() for name in found)]
    return list(dict.fromkeys([*found, *rest]))


def undotted(text: str) -> str:
    """The text with `U.S.` written `US`."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), text)


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
    return {word, f"{word}'s", _unelided(word)}


def _folded(text: str) -> str:
    """Without the marks on letters, which a question may leave out: `Erdogan`, `Malmo`."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _unelided(word: str) -> str:
    return _ELIDED.sub("", _bare(word))


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= _LONGEST and word.isalpha() and word.isupper()


def _runs(text: str) -> Iterator[list[str]]:
    """Capitalised words that follow one another, with nothing but links between them."""
    run: list[str] = []
    end = -1
    for match in _CAPITAL.finditer(text):
        if run and not _GAP.fullmatch(text, end, match.start()):
            yield run
            run = []
        if match[0].lower() not in _LINKS:
            run.append(match[0])
        end = match.end()
    yield run


def _shortened(run: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """The initials of two to six words in a row, with those words."""
    for start in range(len(run) - 1):
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            yield "".join(word[0] for word in run[start:end]), run[start:end]
