"""Whether two names may mean one thing: spelled out, with a title, as a people or a capital."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from rag.compare.likeness import stem
from rag.text import words
from rag.words.mentions import mentions_of, stands_in, undotted

__all__ = ["TITLES", "may_be_one"]

#: Stems of what stands before a name and is none.
TITLES = frozenset(
    map(
        stem,
        """president prime minister premier chancellor king queen prince princess emperor sultan
        general colonel major captain lieutenant commander marshal admiral sergeant governor mayor
        senator deputy secretary director chairman chairwoman judge justice bishop archbishop pope
        father brother sister saint sir lord lady dame mr mrs ms miss dr doctor prof professor
        ambassador foreign interior defence defense former acting vice the""".split(),
    )
)
#: What a name is called with and without: `Russia`, `the Russian army`.
_BODIES = frozenset(
    map(
        stem,
        """forces force army armies troops soldiers military government governments side ministry
        officials authorities republic kingdom federation state people city town county district
        province region company firm group party union""".split(),
    )
)
#: A country by its name and its people, and by its capital: an agent is named by any of them.
_COUNTRIES = """
america american us usa united-states | washington white-house
britain british britons uk united-kingdom england english | london
france french | paris
germany german germans | berlin
russia russian russians | moscow kremlin
soviet soviets ussr | moscow kremlin
ukraine ukrainian ukrainians | kyiv kiev
poland polish poles | warsaw
norway norwegian norwegians | oslo
sweden swedish swedes | stockholm
denmark danish danes | copenhagen
finland finnish finns | helsinki
iceland icelandic | reykjavik
netherlands dutch holland | hague amsterdam
belgium belgian | brussels
europe european eu european-union | brussels
spain spanish spaniards | madrid
portugal portuguese | lisbon
italy italian | rome
greece greek greeks | athens
switzerland swiss | bern
austria austrian | vienna
hungary hungarian | budapest
ireland irish | dublin
scotland scottish scots | edinburgh
wales welsh | cardiff
turkey turkish turks turkiye | ankara
armenia armenian armenians | yerevan
azerbaijan azerbaijani azerbaijanis azeri | baku
georgia georgian georgians | tbilisi
iran iranian iranians persia | tehran
iraq iraqi iraqis | baghdad
syria syrian | damascus
israel israeli israelis | jerusalem
egypt egyptian | cairo
china chinese | beijing
japan japanese | tokyo
india indian | delhi new-delhi
pakistan pakistani | islamabad
canada canadian | ottawa
mexico mexican
brazil brazilian | brasilia
niger nigerien | niamey
nigeria nigerian nigerians | abuja
argentina argentine | buenos-aires
australia australian | canberra
"""
_ROWS = tuple(
    tuple(frozenset(form.split("-")) for form in line.replace("|", "").split())
    for line in _COUNTRIES.strip().splitlines()
)
_LANDS = tuple(
    frozenset(form.split("-"))
    for line in _COUNTRIES.strip().splitlines()
    for form in line.split("|")[0].split()
)
#: Endings by which an adjective or the name of a people differs from the name of a place.
_ENDINGS = frozenset("a o y e n s i ia an ian ean ese ish ic ans ians ns is er ers".split()) | {""}
#: From so many shared letters on, two forms may be of one word.
_SHARED = 5
_SPELLED_ALIKE = 0.77
#: Shorter forms share their consonants; more than two of them may stand among other vowels.
_SHORTEST, _OTHER_VOWELS = 4, 0.7
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
#: Letters that are not taken apart into a plain one and its mark.
_PLAIN = str.maketrans("łıøđðŁØĐ", "lioddLOD")
#: Consonants that spellings of one name exchange.
_SOUNDS = str.maketrans("gqcdzw", "kkktsv")
_PLACE = re.compile(r"(?i)\bwhere\b|\b(?:what|which) (?:city|town|village|place|country|region)\b")


def may_be_one(question: str, one: str, other: str) -> bool:
    """Whether two names that answer a question may mean one person, place or body."""
    one, other = _plain(undotted(one)), _plain(undotted(other))
    mine, theirs = _rows(one), _rows(other)
    if mine and theirs and not mine & theirs and _only_lands(one) and _only_lands(other):
        return False  # Niger is no spelling of Nigeria.
    if stands_in(one, mentions_of(other)) or stands_in(other, mentions_of(one)):
        return True
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if not short or mine & theirs:
        return True
    # A place may lie in the country: `in Geneva`, `in Switzerland`.
    lands = [any(form <= set(words(name)) for form in _LANDS) for name in (one, other)]
    if _PLACE.search(question) and any(lands) and not (mine and theirs):
        return True
    left = [word for word in short if word not in long]
    # Where all others are the same, one word may be spelled more freely.
    free = len(left) == 1 and 1 < len(short) == len(long)
    if len(left) == 1 < len(short) and any(_short_for(left[0], w) for w in long if w not in short):
        return True
    return all(any(_alike(word, w, free) for w in long) for word in left)


def _only_lands(name: str) -> bool:
    """Whether a name is that of a country, a people or a capital and nothing else."""
    held = frozenset(words(name)) - {"the"}
    return any(form == held for row in _ROWS for form in row)


def _short_for(one: str, other: str) -> bool:
    """Whether of two first names one is the other's initial or its beginning: `J.`, `Jonathan`."""
    short, long = sorted((one, other), key=len)
    return (len(short) == 1 or len(short) >= 3) and long.startswith(short)


def _plain(name: str) -> str:
    """A name without marks on its letters, and without the ending of a possessive."""
    marked = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", name).translate(_PLAIN))
    return "".join(c for c in marked if not unicodedata.combining(c))


def _bare(name: str) -> list[str]:
    """The words of a name without titles and without what kind of body it is."""
    return [w for w in words(name) if stem(w) not in TITLES and stem(w) not in _BODIES]


def _rows(name: str) -> frozenset[int]:
    held = frozenset(words(name))
    return frozenset(n for n, row in enumerate(_ROWS) if any(form <= held for form in row))


def _alike(one: str, other: str, free: bool = False) -> bool:
    """Whether two words are one, or one is of the other: `Georgia`, `Georgian`; `Aleksandr`."""
    if one == other:
        return True
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    shared = min(len(one), len(other)) if shared is None else shared
    if shared >= _SHARED and {one[shared:], other[shared:]} <= _ENDINGS:
        return True
    return _spelled_alike(one, other, free)


def _spelled_alike(one: str, other: str, free: bool) -> bool:
    """Whether two words may be spellings of one: `Aleksandr`, `Osama` and `Usama`, `Lviv`, `Lvov`.

    In short ones a single other letter is another name (`Malta`, `Yalta`), unless it is a vowel.
    """
    ratio = SequenceMatcher(None, one, other).ratio()
    shorter = min(len(one), len(other))
    if shorter > _SHARED and ratio >= _SPELLED_ALIKE:
        return True
    mine, theirs = _consonants(one), _consonants(other)
    if shorter < _SHORTEST or mine != theirs:
        return False
    return ratio >= (_OTHER_VOWELS if free or len(mine) > 2 else 0.8)


def _consonants(word: str) -> str:
    """What different spellings of a name leave as it is: `srksn` of `Sargsyan` and `Sarkisian`."""
    single = re.sub(r"(.)\1+", r"\1", word)
    return re.sub(r"(?<=\w)[yh]|[aeiou]", "", single).translate(_SOUNDS)
