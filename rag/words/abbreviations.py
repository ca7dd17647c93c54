"""Abbreviations that a text explains.

`Collective Security Treaty Organization (CSTO)` explains one, as do `the CSTO, or …` and
`CSTO (…)`: the letters of the short form stand in the long one in their order, at the beginning of
each of its words (after Schwartz and Hearst, 2003, who ask that of the first word only).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.words.capitals import CAPITAL, folded, undotted
from rag.words.initials import LINKS, as_acronym, body_before, phrase, spelled_in

__all__ = ["defined_in"]

_SHORT = rf"{CAPITAL}[^\W_]*(?:[&/-]?[^\W_]+)?"
_QUOTE = "[\"“”'‘’«»]?"
#: What stands between the two forms: `(`, `(or the “`, `, or`.
_JOINT = re.compile(
    r"(?:(?P<open>[(\[])(?:(?:or|the|also|known|called|as|hereinafter|hereafter|in\sshort|for\sshort"
    r"|short\sfor|short|acronym|i\.e\.,?)\s)*|,\s(?:or|abbreviated(?:\sto|\sas)?|(?:also\s)?known\sas"
    rf"|(?:in|for)\sshort|short\sfor|that\sis,?|i\.e\.,?)\s(?:the\s)?){_QUOTE}"
)
_SHORT_BEHIND = re.compile(rf"(?P<short>{_SHORT}){_QUOTE}(?P<closed>[)\];,])?(?![\w-])")
_SHORT_BEFORE = re.compile(rf"(?<![\w-])(?P<short>{_SHORT}){_QUOTE}\s?\Z")
_LONG_BEHIND = re.compile(r"[^()\[\];:,.!?\n]{3,120}")
_LONGEST = 10
#: So much before a short form is looked at.
_NEAR = 160
_BREAK = re.compile(r"[.;:!?()\[\]\"“”]\s|\n\s*\n|[(\[\"“]")
_TOKEN = re.compile(r"[^\W_][\w’'-]*")


def defined_in(text: str) -> dict[str, frozenset[str]]:
    """The abbreviations that a text explains, each with the `phrase` of what it stands for."""
    found: dict[str, frozenset[str]] = {}
    plain = undotted(folded(text))
    for joint in _JOINT.finditer(plain):
        short, long = _behind(plain, joint) or _before(plain, joint) or ("", ())
        if long:
            found[_key(short)] = found.get(_key(short), frozenset()) | {phrase(long)}
    return found


def _behind(text: str, joint: re.Match[str]) -> tuple[str, Sequence[str]] | None:
    """The short form behind what joins it to the long one: `… Organization (CSTO)`."""
    bracketed = joint["open"] is not None
    match = _SHORT_BEHIND.match(text, joint.end())
    if match is None or not _may_be_short(match["short"]) or (bracketed and not match["closed"]):
        return None
    long = _long_before(match["short"], text, joint.start(), bracketed=bracketed)
    return (match["short"], long) if long else None


def _before(text: str, joint: re.Match[str]) -> tuple[str, Sequence[str]] | None:
    """The short form before it: `CSTO (Collective …)`, `the CSTO, or Collective …`."""
    match = _SHORT_BEFORE.search(text, max(0, joint.start() - _LONGEST - 3), joint.start())
    behind = _LONG_BEHIND.match(text, joint.end())
    if match is None or behind is None or not _may_be_short(match["short"]):
        return None
    return match["short"], _long_behind(match["short"], behind[0])


def _key(short: str) -> str:
    return as_acronym(short) or short.upper()


def _may_be_short(short: str) -> bool:
    return 2 <= len(short) <= _LONGEST and sum(ch.isupper() for ch in short) >= 2


def _long_before(short: str, text: str, end: int, *, bracketed: bool) -> tuple[str, ...]:
    """The words before a short form that it stands for; empty where none do.

    One that has as many words as the short form letters goes before any other. In brackets behind
    a body's name an acronym may be that of its name in another language.
    """
    start = max(0, end - _NEAR)
    start = max((m.end() for m in _BREAK.finditer(text, start, end)), default=start)
    before = [m[0] for m in _TOKEN.finditer(text, start, end)][-2 * len(short) :]
    fitting = [
        tuple(before[n:]) for n in range(len(before) - 1, -1, -1) if _stands_for(short, before[n:])
    ]
    exact = [long for long in fitting if len(_content(long)) == len(short)]
    if exact or fitting:
        long = (exact or [long for long in fitting if len(long) > 1] or fitting)[0]
        return () if _may_be_person(short, long, text[start:end]) else long
    return body_before(text[start:end]) if bracketed and short.isupper() else ()


def _may_be_person(short: str, long: Sequence[str], before: str) -> bool:
    """Whether two letters stand for two words that may be a person's: `Ursula Stone (US)`."""
    return len(short) == 2 and long[0][0].isupper() and short not in spelled_in(before)


def _long_behind(short: str, text: str) -> tuple[str, ...]:
    """The first words of a text that a short form stands for."""
    behind = [m[0] for m in _TOKEN.finditer(text)][: 2 * len(short)]
    fitting = (tuple(behind[:n]) for n in range(2, len(behind) + 1))
    return next((long for long in fitting if _stands_for(short, long)), ())


def _stands_for(short: str, long: Sequence[str]) -> bool:
    """Whether the letters of `short` are those of `long`, at the beginning of each of its words."""
    if _is_link(long[0]) or _is_link(long[-1]):
        return False
    if len(long) == 1 and len(long[0]) < 3 * len(short):
        return False
    if short.casefold() in (word.casefold() for word in long):
        return False
    letters = "".join(ch for ch in short.lower() if ch.isalnum())
    return _aligned(letters, [word.replace("-", "") for word in long])


def _aligned(letters: str, long: Sequence[str]) -> bool:
    """Whether the letters are taken from the words in order, from each its first and maybe more."""
    if not long or not letters:
        return not letters and all(_is_link(word) for word in long)
    word, rest = long[0].lower(), long[1:]
    if _is_link(long[0]) and _aligned(letters, rest):
        return True
    if word[0] != letters[0]:
        return False
    at = 1
    for taken in range(1, len(letters) + 1):
        if _aligned(letters[taken:], rest):
            return True
        at = word.find(letters[taken], at) + 1 if taken < len(letters) else 0
        if not at:
            return False
    return False


def _is_link(word: str) -> bool:
    return word.lower() in LINKS or (len(word) <= 3 and word.islower())


def _content(long: Iterable[str]) -> list[str]:
    return [word for word in long if not _is_link(word)]
