"""Which words of a text are written as names, and which are content words at all."""

from __future__ import annotations

import re

from rag.words.capitals import CAPITAL, undotted

__all__ = ["STOP_WORDS", "is_stop", "names_in"]

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by
    can could did do does doing done during each else even ever few for from further had has have
    having he her here hers him his how i if in into is it its itself just like many me might more
    most much must my near no nor not of off on once one only or other our out over own per please
    said say says shall she should so some such tell than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with within without would yet you your
    anyone anybody anything someone somebody something everyone everybody everything nobody nothing
    besides except instead actually really since among against across around behind despite whether
    either neither every another
    """.split()
)
_NAME = re.compile(rf"(?<![\w.]){CAPITAL}[\w’'\-]*")
_TITLE = (
    r"(?:Messrs|Mrs?|Ms|Mx|Dr|Prof|Gen|Col|Lt|Capt|Maj|Sgt|Adm|Cmdr|Brig|Sen|Rep|Gov|Rev|Hon|St|Pres"
    r"|Amb|Mme|Mlle|Jr|Sr)"
)
_TITLED = re.compile(rf"{_TITLE}\b")
_STARTS = re.compile(r"(?:^\s*|[.?!]\s+)[\"'“‘(\[¿¡«„]*$")
#: A stop that ends no sentence, behind a title, an initial or `Holt v. Berg`.
_SHORT = re.compile(
    rf"(?:\b{_TITLE}|(?<![\w’'.-]){CAPITAL}|\b(?:vs?|cf|approx|incl|et al|e\.g|i\.e|Mt|Ft))"
    r"\.\s+[\"'“‘(]*$"
)
#: Characters before a word that tell whether it begins a sentence.
_NEAR = 24
_BEFORE_NAME = re.compile(rf"\.(?!\w)|\s{CAPITAL}")
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
#: What stands next to a month, and not to Theresa May.
_DATED_BEFORE = re.compile(
    r"(?i)(?:\b(?:in|since|until|till|by|on|before|after|from|to|between|of|and|last|next|this|early"
    r"|late|mid|during|through|every)|\d(?:st|nd|rd|th)?|[-–])\s?$"
)
_CONTRACTED = re.compile(r"(?:n't|'(?:s|re|ll|ve|d|m))\Z")
_DATED_AFTER = re.compile(r"\.?\s\d")


def is_stop(word: str) -> bool:
    """Whether a lower-cased word is no content word, nor such a one run together: `what's`."""
    return word in STOP_WORDS or (
        "'" in word and _CONTRACTED.sub("", word) in STOP_WORDS | {"ca", "wo"}
    )


def names_in(text: str) -> list[str]:
    """Capitalised words that are not merely the first word of a sentence, nor titles, initials,
    nor parts of a date."""
    names = []
    text, shouted = undotted(text), text.isupper()
    for match in _NAME.finditer(text):
        word = match.group().rstrip("’'-")
        word = re.sub(r"[’']s$", "", word)
        start = match.start()
        before = text[:start] if start <= _NEAR else f"_{text[start - _NEAR : start]}"
        at_start = _STARTS.search(before) is not None and _SHORT.search(before) is None
        short = len(word) == 1 or _TITLED.fullmatch(word) is not None
        stops = word.lower() in STOP_WORDS and (len(word) == 1 or shouted or not word.isupper())
        if stops or (at_start and not word.isupper()):
            continue
        if short and _BEFORE_NAME.match(text, match.end()):
            continue
        if not _dates(word, before, text, match.end()):
            names.append(word)
    return names


def _dates(word: str, before: str, text: str, end: int) -> bool:
    """Whether a capitalised word is a day of the week, or a month and not who is called May."""
    if _WEEKDAY.fullmatch(word):
        return True
    if not _MONTH.fullmatch(word):
        return False
    return bool(_DATED_BEFORE.search(before) or _DATED_AFTER.match(text, end))
