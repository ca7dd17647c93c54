"""Capital letters, and texts without what hides that two words are the same."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CAPITAL", "folded", "respelled", "undotted"]

#: What begins a name, as a class of a pattern: `[^\W\d_a-z]` would take é, т and თ as well.
CAPITAL = f"[{''.join(c for c in map(chr, range(0x2000)) if c.isupper())}]"

_DOTTED = re.compile(rf"\b(?:{CAPITAL}\.){{2,}}")
#: Letters that are not taken apart into a plain one and its mark.
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Æ": "Ae", "Œ": "Oe", "Þ": "Th"}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0487]+")
#: British endings of words with six letters and more, and American ones.
_BRITISH = (
    *(("isation", "ization"), ("isations", "izations"), ("ise", "ize"), ("ised", "ized")),
    *(("ising", "izing"), ("our", "or"), ("ours", "ors"), ("oured", "ored"), ("tre", "ter")),
    *(("tres", "ters"), ("fence", "fense"), ("fences", "fenses"), ("licence", "license")),
    *(("gramme", "gram"), ("grammes", "grams")),
)
_BRITISH_ENDINGS = tuple(british for british, _ in _BRITISH)
_SHORTEST_BRITISH = 6


def undotted(text: str) -> str:
    """The text with `U.S.` written `US`."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), text)


def folded(text: str) -> str:
    """Without the marks on letters, which a question may leave out: `Erdogan`, `Malmo`."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def respelled(word: str) -> str:
    """A word in small letters as Americans spell it: `organization`, `defense`, `center`."""
    if len(word) < _SHORTEST_BRITISH or not word.endswith(_BRITISH_ENDINGS):
        return word
    british, american = next(pair for pair in _BRITISH if word.endswith(pair[0]))
    return word.removesuffix(british) + american
