"""Numbers as they are written, in figures, in words or in both, and what they come to."""

from __future__ import annotations

import re

__all__ = ["FIGURE", "NUMERALS", "SCALE", "is_plain", "precision", "value"]

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORTH = {w: n for n, w in enumerate(_ONES + _TEENS, 1)} | {
    w: 10 * n for n, w in enumerate(_TENS, 2)
}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "tn": 1e12,
}
_CURRENCY = (
    r"(?:US\s)?(?:dollar|euro|pound|crown|franc|rouble|ruble|lira|yen|yuan|mark|dram|manat|lari"
    r"|rupee|shilling|peso|krone[rn]?|kron[ao]r?|zloty|forint|USD|EUR|GBP)"
)
_ONE, _TEEN, _TEN = "|".join(_ONES), "|".join(_TEENS), "|".join(_TENS)
_LARGE = r"(?:dozen|hundred|thousand|million|billion|trillion)"
_SMALL = rf"(?:(?:{_TEN})(?:[\s-](?:{_ONE})\b(?!-))?|{_TEEN}|{_ONE})(?!-)\b"
# `Between one hundred and two hundred`: the two is no part of the first number.
_TAIL = rf"(?:\sand)?\s{_SMALL}(?!\s{_LARGE}\b)"
_HUNDREDS = (
    rf"(?:(?<!between\s)(?:{_SMALL}|a)\shundred\sand\s{_SMALL}(?!\s(?:hundred|dozen)\b)"
    rf"|{_SMALL}\shundred(?:{_TAIL})?|a\shundred{_TAIL})"
)
_THOUSANDS = (
    rf"(?:{_HUNDREDS}|{_SMALL}|a)\sthousand,?(?:\sand)?\s(?:{_HUNDREDS}|{_SMALL})(?!\s{_LARGE}\b)"
)
#: Of thousands, as signs or as spaces: `50 000`; a plain one only between whole groups of three.
_GAP = "[,\u00a0\u2009\u202f ]"
_DIGITS = (
    rf"(?:\d{{1,3}}(?:{_GAP}\d{{3}}(?!\d))+|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d+(?:\.\d+)?)"
    r"(?![\d,.]*\d|:\d)"
)
_VAGUE = r"(?:half\s)?an?(?=\s(?:million|billion|trillion|dozen)\b)"
FIGURE = rf"(?:{_DIGITS}|\b(?:{_THOUSANDS}|{_HUNDREDS}|{_SMALL}|{_VAGUE}))"
"""A number without its scale: `1,960`, `12.5`, `twenty-five`, `one hundred and twenty`."""

SCALE = (
    rf"(?:\s?(?P<short>bn|tn|mn?(?=\s{_CURRENCY}))(?!\w)"
    rf"|(?![\w/]|-\d)(?:[\s-](?P<scale>{_LARGE})\b)?)"
)
"""What may follow a number: `million`, `bn`; `m` only before a currency, as it may mean metres."""

NUMERALS = frozenset(_ONES[1:] + _TEENS + _TENS + list(_SCALES)[:6])
"""The words that make up numbers; `one` mostly counts nothing."""

#: The share of a scaled number up to which another may be that one, told more exactly.
_ROUNDED = 0.19


def is_plain(figure: str) -> bool:
    """Whether a number is the word `one` alone, which mostly counts nothing."""
    return figure.lower() == "one"


def value(figure: str, scale: str | None) -> float:
    """What a number comes to with its scale."""
    number = float(_plain(figure)) if figure[0].isdigit() else _spelled(figure)
    return number * _scaled(scale)


def _plain(figure: str) -> str:
    """A number in figures without the signs between its groups of three."""
    bare = re.sub(_GAP, "", figure)
    return bare.replace(".", "") if bare.count(".") > 1 else bare


def precision(figure: str, scale: str | None) -> float:
    """The unit of a number's last digit: 1 of `25`, 0.1 of `12.5`, 100,000 of `5.3 million`.

    `One million` is not told so roughly that it could be 700,000.
    """
    decimals = len(_plain(figure).partition(".")[2]) if figure[0].isdigit() else 0
    digit = 100.0 if figure.lower().endswith("hundred") else 10.0**-decimals
    unit = digit * _scaled(scale)
    return min(unit, _ROUNDED * value(figure, scale)) if scale or digit > 1 else unit


def _scaled(scale: str | None) -> float:
    return _SCALES.get((scale or "").lower(), 1.0)


def _spelled(figure: str) -> float:
    if re.fullmatch(_VAGUE.partition("(?=")[0], figure.lower()):
        return 0.5 if figure.lower().startswith("half") else 1.0
    total = part = 0.0
    for word in re.findall(r"[a-z]+", figure.lower()):
        if word == "thousand":
            total, part = (part or 1.0) * 1000, 0.0
        elif word == "hundred":
            part = (part or 1.0) * 100
        elif word not in {"a", "and"}:
            part += _WORTH[word]
    return total + part
