"""Numbers, dates, names and negations of a text that what it cites lacks: a second opinion.

Written on purpose without any code of the program's, so that a fault in its own check of what a
model writes cannot hide itself. It knows English, and errs on the side of finding something.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

__all__ = ["missing_facts", "unsourced"]

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH = "(?:" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + "|Sept)"
_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = "thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = {word: n for n, word in enumerate(_COUNTED)} | {
    word: 30 + 10 * n for n, word in enumerate(_TENS)
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot|hardly|barely)\b|n't\b", re.I
)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!,?\d)")
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\b\.?(?: \d{{1,2}})?(?: ?,)? (\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NAME = re.compile(r"(?<![\w'])[^\W\d_a-z][\w'-]*")
_MARK = re.compile(r"\[(\d+)\]")


def missing_facts(text: str, cited: str) -> list[str]:
    """What a statement says and its citations do not, in words; empty when nothing is missing."""
    said, held = _plain(text), _plain(cited)
    if said == held:
        return []
    missing = [f"number {n}" for n in sorted(_numbers(said) - _numbers(held))]
    missing += [f"date {a} {b}" for a, b in sorted(_dates(said) - _dates(held))]
    opening, names = said[:2], _names(said)
    for at, name in enumerate(names):
        opens = at == 0 and name[0] in opening
        if not _stands(name, held) and not (opens and _stands(name.casefold(), held.casefold())):
            missing.append(f"name {name}")
    if _negations(said) != _negations(held):
        missing.append("negation")
    return missing


def unsourced(answer: str, sources: set[int]) -> list[int]:
    """The `[n]` marks of an answer that no source has."""
    return [n for n in map(int, _MARK.findall(answer)) if n not in sources]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.replace("²", " ").replace("³", " "))
    for odd, even in zip("‘’“”‐‑‒–—", "''\"\"-----", strict=True):
        folded = folded.replace(odd, even)
    return " ".join("".join(c for c in folded if unicodedata.category(c) != "Cf").split())


def _numbers(text: str) -> set[str]:
    bare = _ISO.sub(lambda m: f"{m[1]} {int(m[3])}", text)
    found = {n.replace(",", "") for n in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", bare)}
    words = re.findall(r"[a-z]+", bare.casefold())
    return {n.lstrip("0") or "0" for n in found} | {
        str(_SPELLED[w]) for w in words if w in _SPELLED
    }


def _dates(text: str) -> set[tuple[str, str]]:
    """Pairs of (month, day) and (month, year): half a date is enough to be wrong."""
    found = {(_month(m[2]), str(int(m[1]))) for m in _DAY_FIRST.finditer(text)}
    found |= {(_month(m[1]), str(int(m[2]))) for m in _MONTH_FIRST.finditer(text)}
    found |= {(_month(m[1]), m[2]) for m in _MONTH_YEAR.finditer(text)}
    for m in _ISO.finditer(text):
        name = _month(_MONTHS[int(m[2]) - 1]) if 1 <= int(m[2]) <= 12 else m[2]
        found |= {(name, str(int(m[3]))), (name, m[1])}
    return found


def _month(name: str) -> str:
    return name[:3].casefold()


def _names(text: str) -> list[str]:
    """Words with a capital, an article at the start left out."""
    found = [m.group() for m in _NAME.finditer(text)]
    return found[1:] if found[:1] and found[0].casefold() in ("a", "an", "the") else found


def _stands(name: str, held: str) -> bool:
    """Whether a name stands in a text as a whole word."""
    if any(name[:3].casefold() == m[:3].casefold() and name in (m, m[:3]) for m in _MONTHS):
        return any(month == _month(name) for month, _ in _dates(held)) or name in held
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", held) is not None


def _negations(text: str) -> Counter[str]:
    return Counter(n.casefold() for n in _NEGATION.findall(text))
