"""Whether a text says nothing that another does not say: copies, cut short or slightly edited.

Judged sentence by sentence, from the words alone. A copy may be cut, spelled otherwise, differ in
signs and a few small words, and carry the line of an agency; any other word makes another sentence,
because two texts that differ in a number, a name or a denial contradict each other, and both have
to be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rag.text import LETTERS

__all__ = [
    "Copy",
    "names_another",
    "same_sentence",
    "sentence_keys",
    "titles_of_a_series",
    "wording",
]

Key = tuple[str, ...]
"""A sentence by its words, in their order, without articles and differences of spelling."""

#: Of an edited sentence, at least so much is as it was.
ALIKE = 0.8
#: Of the words of a copy, as they are written, at least so many are the other's.
MOSTLY = 0.7
#: A line of an agency or an author at either end of a copy has at most so many words.
CREDIT_WORDS = 14

#: A dash that stands apart is none; a hyphen or a minus that does may be.
_MINUS = r"(?<![\w)])(?:[-−]\s?|[‐-–])(?=[\d$€£¥])"
#: A loss as accounts write it: `(5) million`, `$(5,200)`.
_LOSS = (
    r"\((?=[$€£¥]?\d[\d.,]*\)\s?(?:%|[mM]illion|[bB]illion|[tT]housand|percent|m\b|bn\b))"
    r"|(?<=[$€£¥])\((?=\d[\d.,]*\))"
)
_PIECES = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n\s*\n|\n(?=\s*[-*•#])")
_WORDS = re.compile(
    rf"\d+(?:[.,]\d+)*|{_MINUS}|{_LOSS}|[$€£¥%‰°<>=≠±?+×÷^]|(?<=\w)#|#(?=\d)|(?<=\w)[/:](?=\w)|{LETTERS}"
)
#: What NFKC would run together with the number before it: `10⁶` is not 106, nor `1½` 11/2.
_RAISED, _APART = re.compile("(?<=\\d)(?=[⁰¹²³⁴-⁹⁺⁻])"), re.compile("(?<=\\d)(?=[¼-¾⅐-⅞₀-₉①-⑳])")
#: Signs that mean nothing: of a question, a quoted mail, a list or a line drawn.
_MARKUP = re.compile(r"[<>=?]+(?!\s?\d)|\A\s*[-−]\s")
_TITLE_WORD = re.compile(rf"(?:\d+|{LETTERS})++")
_AGENCIES = r"\((?:Reuters|AP|AFP|dpa|EFE|ANSA|TASS|UPI|PTI|Xinhua|Interfax|Bloomberg|CNN)\)"
_DATELINE = re.compile(
    r"\A\W*(?:[A-Z][\w.’' -]{1,40},? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2},? (?:\d{4},? )?)?"
    rf"{_AGENCIES}\s*[-–—]+\s*|\s*{_AGENCIES}\W*\Z"
)
_NAMES = r"[A-Z][\w.’'-]*(?:[\s,]+(?:and\s+|in\s+)?[A-Z][\w.’'-]*){1,8}"
_WROTE = r"(?:By|(?:[Aa]dditional )?[Rr]eporting by|[Ee]diting by|[Ww]riting by)"
#: Nothing but who wrote it, or whose it is: a sentence that begins so is none of these.
_CREDIT = re.compile(
    rf"\W*{_WROTE}\s+{_NAMES}(?:\s*[;,]\s*{_WROTE}\s+{_NAMES}){{0,3}}\W*"
    r"|\W*(?:©|Copyright(?: ©| \(c\))?)\s*\d{4}[^.!?]{0,60}\W*|\W*[Aa]ll rights reserved\W*"
)
_ARTICLES = frozenset("the a an".split())
#: Words that may come and go in a sentence without another meaning. Every other word counts: an
#: `is` for a `was`, a colour for another and a veto for an approval look as harmless to a program.
_SMALL = frozenset("that which also on said says however meanwhile moreover".split())
#: Of Latin and Greek letters, and those of `ё`: elsewhere a mark makes another letter.
_ACCENTS = re.compile("([\0-\u03ff]|[Ее](?=\u0308))[\u0300-\u036f]+")
_SPELLINGS = (
    (re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)\Z)"), "iz"),
    (re.compile(r"our(?=(?:s|ed|ing|ite|able|hood)?\Z)"), "or"),
    (re.compile(r"(?<=[bt])re(?=s?\Z)"), "er"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers)\Z)"), "l"),
    (re.compile(r"ogue(?=s?\Z)"), "og"),
)


class Copy:
    """What has been shown of one source: sentences that a copy may repeat."""

    def __init__(self) -> None:
        self._keys: dict[Key, None] = {}
        self._words: set[str] = set()
        self._new: list[str] = []

    def add(self, text: str) -> None:
        """Takes in the sentences of a passage."""
        self._words.update(text.split())
        self._new.append(text)

    def tells(self, text: str) -> bool:
        """Whether every sentence of a text is among those taken in, edits apart."""
        words = set(text.split())
        # Most texts that are alike are no copies; that costs little to see.
        if len(words & self._words) < MOSTLY * len(words):
            return False
        known, keys = self._known(), sentence_keys(text)
        return bool(keys) and all(key in known or _edited(key, known) for key in keys)

    def overlap(self, text: str) -> float:
        """The share of a text's words that stand in sentences taken in, in [0, 1]."""
        known, keys = self._known(), sentence_keys(text)
        total = sum(map(len, keys))
        return sum(len(k) for k in keys if k in known) / total if total else 0.0

    def _known(self) -> dict[Key, None]:
        for text in self._new:
            self._keys.update(dict.fromkeys(sentence_keys(text)))
        self._new.clear()
        return self._keys


def sentence_keys(text: str) -> list[Key]:
    """The sentences of a text as `Key`s; lines of agencies and authors are left out."""
    pieces = [p for p in _PIECES.split(_plain_signs(text)) if p and p.strip()]
    keys = []
    for piece in pieces:
        said = _DATELINE.sub("", piece)
        words = _WORDS.findall(said)
        if len(words) <= CREDIT_WORDS and _CREDIT.fullmatch(said):
            continue
        key = tuple(_plain(w) for at, w in enumerate(words) if not _is_article(at, words))
        if key:
            keys.append(key)
    return keys


def wording(text: str) -> Key:
    """All words of a text and the signs that make others of them, in any case and spelling.

    Empty where it has no word.
    """
    said = _MARKUP.sub(" ", _plain_signs(text))
    key = tuple(_plain(word).casefold() for word in _WORDS.findall(said))
    return key if any(word[0].isalnum() for word in key) else ()


def same_sentence(one: Key, other: Key) -> bool:
    """Whether two sentences differ by no more than a few small words."""
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return False
    if matcher.ratio() < ALIKE:
        return False
    return all(
        tag == "equal" or _SMALL.issuperset((*one[a:b], *other[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
    )


def titles_of_a_series(one: str | None, other: str | None) -> bool:
    """Whether two titles have other numbers, as those of two years' reports do."""
    return sorted(re.findall(r"\d+", one or "")) != sorted(re.findall(r"\d+", other or ""))


def names_another(title: str | None, question: str, other_title: str | None, other: str) -> bool:
    """Whether a question asks, by a word of a title, for what another document never mentions.

    Two branches of an office publish the same page, each under its name: who asks for the one is
    not served by the other.
    """
    asked, own, theirs = (
        set(_TITLE_WORD.findall(text.casefold()))
        for text in (question, title or "", other_title or "")
    )
    return any(word not in other.casefold() for word in (own - theirs) & asked)


def _edited(key: Key, known: Collection[Key]) -> bool:
    """Whether a sentence is an edited one of those known; the longer, the fewer come into question.

    A sentence of a few words has nothing beside the edit to be known by.
    """
    return len(key) >= 5 and any(same_sentence(key, other) for other in _near(key, known))


def _near(key: Key, known: Iterable[Key]) -> Iterable[Key]:
    words, size = set(key), len(key)
    return (
        k for k in known if abs(len(k) - size) <= 0.4 * size and 2 * len(words & set(k)) >= size
    )


def _is_article(at: int, words: Sequence[str]) -> bool:
    """Whether a word is an article; `hepatitis A` has a letter, which may open no sentence."""
    word = words[at]
    if at and word.casefold() != "the" and not word.islower():
        return False
    return word.casefold() in _ARTICLES and at + 1 < len(words)


def _plain_signs(text: str) -> str:
    """NFKC, with raised and lowered signs kept apart from the number before them."""
    if text.isascii():
        return text
    apart = _RAISED.sub("^", _APART.sub(" ", text))
    return unicodedata.normalize("NFKC", apart).replace("⁄", "/")


@lru_cache(maxsize=1 << 15)
def _plain(word: str) -> str:
    """A word without case, accents and national spelling; a name keeps its capital."""
    if word[0] in "-−‐‑‒–(":
        return "-"
    if word.isupper() and len(word) <= 4:
        return word
    bare = unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", unicodedata.normalize("NFD", word)))
    if not bare.islower():
        return bare.capitalize() if bare.isalpha() else bare
    for pattern, american in _SPELLINGS:
        bare = pattern.sub(american, bare) if len(bare) > 4 else bare
    return bare
