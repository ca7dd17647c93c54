"""What sets two sentences apart by phrases in like places: `in the senate`, `in the lower house`.

Two numbers, dates or names in sentences of like words may be of two parts, partners, places or
stretches of time. A phrase counts where neither the other sentence nor the question has its words.
"""

from __future__ import annotations

import re
from itertools import product

from rag.compare.opposites import among, root, roots, shared, unphrased
from rag.compare.quantities import without_days
from rag.text import words
from rag.words.mentions import CAPITAL

__all__ = ["apart", "other_thing", "reporter", "unreported"]

#: `The school's library`, `the foreword of the report`.
_OWNED = (
    re.compile(r"\b(?P<owner>[a-z][\w-]+)['’]s?\s(?P<thing>[a-z][\w-]+)"),
    re.compile(
        r"\b(?i:the|an?|its)\s(?P<thing>[\w-]+)\s(?:of|to)\s(?:the|this|its)\s(?P<owner>[a-z][\w-]+)"
    ),
)
_VERB = (
    r"(?:says?|said|tells?|told|warn(?:s|ed)?|insist(?:s|ed)?|claim(?:s|ed)?|argue[sd]?|shows?"
    r"|showed|found|finds|admit(?:s|ted)?|report(?:s|ed)?|writes?|wrote|believe[sd]?|thinks?"
    r"|thought|add(?:s|ed)?|note[sd]?|maintain(?:s|ed)?|state[sd]?|announced?|estimate[sd]?"
    r"|suggest(?:s|ed)?|recall(?:s|ed)?|confirm(?:s|ed)?|conclude[sd]?|rule[sd]?|testified|explain(?:s|ed)?|reckon(?:s|ed)?)"
)
_TAGS = (
    r"(?:says?|said|argue[sd]?|warn(?:s|ed)?|insist(?:s|ed)?|claim(?:s|ed)?|writes?|wrote|admits?)"
)
_TAIL = re.compile(
    rf"(?i),[\"”]?\s(?:(?P<who>[^,;:]{{2,60}}?)\s{_VERB}(?:\s(?!that\b)[^,;:]{{1,40}})?"
    rf"|{_TAGS}\s(?!that\b)(?P<by>[^,;:]{{2,80}}?)(?:,[^;:]{{2,60}})?)[.]?\W*\Z"
)
_HEAD = re.compile(
    rf"\A(?P<who>[^,;:“\"]{{2,60}}?\s|[^,;:“\"]{{2,40}},[^;:“\"]{{2,80}},\s)(?i:{_VERB})\s(?:[^,;:“\"]{{2,30}}?\s)??that\s"
)
_PRONOUN = re.compile(r"(?i)(?:he|she|it|they|we|you|i|who|this|that|there)\b")
_ACCORDING = re.compile(r"(?i)(?:\A\W*|,?\s)according to [^,.;]+,?")

_PREPOSITIONS = r"in|at|near|from|for|on|among|against|under|with|to|by"
_PHRASE = re.compile(
    rf"(?i)\b(?P<by>{_PREPOSITIONS})\s(?P<what>(?:(?!(?:{_PREPOSITIONS}|of|and|or|but|that|which|who"
    r"|was|were|is|are|has|have|had|will|when|while|after|before)\b)[\w’'-]+\s?){1,4})"
)
_KIND = re.compile(
    rf"\b(?P<by>(?i:{_PREPOSITIONS}))\s(?:(?:the|its|his|her|their|our)\s)?(?P<kind>{CAPITAL}[\w-]+)"
    r"\s(?P<what>[a-z][\w-]+)"
)
_STRETCH = re.compile(
    r"(?i)\b(?:in|over|within|during|for|of)\s(?:(?:an?|the|its|his|her|their|one|two|three|four"
    r"|five|six|ten|first|last|past|\d+|single|whole|entire|few|same)\s){1,3}"
    r"(?P<unit>minute|hour|day|night|week|month|quarter|half|season|year|decade|century|career"
    r"|lifetime)s?\b|\b(?:last|this|next|all|first|second|third|fourth|full|whole|half)[\s-]"
    r"(?P<bare>hour|day|night|week|month|quarter|half|season|year|decade)s?\b"
    r"|\b(?:in|over)\s(?:his|her|its|their)\s(?P<long>career|lifetime|life)\b"
)
_SPAN = re.compile(r"(?i)\b(?:first|second|third|fourth)[\s-](?:quarter|half|year|season)")
#: What is so now, and what was so: the mill employs 430 and employed 2,000.
_STATES = tuple(
    (
        re.compile(rf"(?i)\b(?:{now})\b(?!\s(?:been|not|\w+ed|\w+en)\b)"),
        re.compile(rf"(?i)\b{then}\b(?!\s(?:been|not|\w+ed|\w+en)\b)"),
    )
    for now, then in (
        ("has|have", "had"),
        ("employs?", "employed"),
        ("owns?", "owned"),
        ("lives?", "lived"),
        ("produces?", "produced"),
        ("holds", "held"),
        ("belongs?", "belonged"),
    )
)
_IS_THERE = re.compile(
    r"(?i)\b(?:(?:has|have|had)\b(?!\s(?:\w+ly\s)?(?:\w+(?:ed|en)|lost|won|shed|sold|bought|cut|hired)\b)|counts"
    r"|numbers|employs|there\s(?:are|is|were))"
)
_CHANGED = re.compile(
    r"(?i)\b(?:los[et]|gain(?:ed)?|shed|recruit(?:ed)?|expel(?:led)?|add(?:ed)?|hired?|sold|bought)\b(?!\sthat\b)"
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
#: A count that goes on: more were added to what stood at a day before.
_UNTIL = re.compile(
    r"(?i)\b(?:by\s(?:the\send\sof|then|now|\w+day)|so\sfar|to\sdate|in\s(?:all|total))\b"
)


def unreported(text: str) -> str:
    """A sentence without the words that tell who says it, where these stand at its ends."""
    text = _ACCORDING.sub(" ", text)
    return _HEAD.sub("", _TAIL.sub(".", text), count=1).strip()


def reporter(text: str) -> str | None:
    """Who reports, by the words at either end: `His brother says that …`; no pronoun."""
    found = _HEAD.match(text) or _TAIL.search(text)
    who = (found["who"] or found.groupdict().get("by") or "").strip(" ,") if found else ""
    return who if who and not _PRONOUN.match(who) else None


def apart(question: str, one: str, other: str, but: frozenset[str] = frozenset()) -> bool:
    """Whether a phrase of place, part, partner or time sets two sentences apart.

    `but` are roots that are compared anyhow, such as those of two names.
    """
    first, second = unreported(one), unreported(other)
    if any(_then_and_now(*states, first, second) for states in _STATES):
        return True
    if _gained_or_lost(question, first, second) or _gained_or_lost(question, second, first):
        return True
    return _other_times(first, second) or _other_phrases(question, first, second, but)


def other_thing(question: str, one: str, other: str, but: frozenset[str] = frozenset()) -> bool:
    """Whether only one tells of a thing of what is asked: `the school's library`, not the school.

    Not where that thing is asked for, or is one of `but`.
    """
    asked = frozenset(root(w) for w in words(unphrased(question))) | but
    return bool(_owned(one, asked) ^ _owned(other, asked))


def _owned(text: str, asked: frozenset[str]) -> frozenset[str]:
    pairs = [(m["owner"], m["thing"]) for p in _OWNED for m in p.finditer(unreported(text))]
    stems = [(root(owner.lower()), root(thing.lower())) for owner, thing in pairs]
    return frozenset(
        thing for owner, thing in stems if among(owner, asked) and not among(thing, asked)
    )


def _then_and_now(now: re.Pattern[str], then: re.Pattern[str], one: str, other: str) -> bool:
    told = [(bool(now.search(text)), bool(then.search(text))) for text in (one, other)]
    return sorted(told) == [(False, True), (True, False)]


def _gained_or_lost(question: str, one: str, other: str) -> bool:
    """Whether one tells what there is and the other only what was added or taken away."""
    changed = [_CHANGED.search(text) for text in (question, one, other)]
    return (
        changed[2] is not None
        and not any(changed[:2])
        and (_IS_THERE.search(one) is not None and _IS_THERE.search(other) is None)
    )


def _other_times(one: str, other: str) -> bool:
    """Whether both tell of weekdays or of stretches of time, and of no common one."""
    days = [set(_WEEKDAY.findall(text)) for text in (one, other)]
    if all(days) and not days[0] & days[1]:
        return True
    if any(days) and not all(days) and _UNTIL.search(one if days[1] else other):
        return True
    spans = [_spans(text) for text in (one, other)]
    return all(spans) and not spans[0] & spans[1]


def _spans(text: str) -> set[str]:
    numbered = {m[0].lower().replace("-", " ") for m in _SPAN.finditer(text)}
    return numbered or {
        (m["unit"] or m["bare"] or m["long"]).lower() for m in _STRETCH.finditer(text)
    }


def _other_phrases(question: str, one: str, other: str, but: frozenset[str]) -> bool:
    """Whether like phrases have other words, none of which stands in the other sentence."""
    asked = roots(question) | but
    told = [roots(text) for text in (one, other)]
    phrases = [_phrases(text) for text in (one, other)]
    for by in phrases[0].keys() & phrases[1].keys():
        mine, theirs = (_unmet(phrases[n][by], told[1 - n] | asked) for n in (0, 1))
        if mine and theirs:
            return True
    return _other_kinds(asked, first=one, second=other)


def _other_kinds(asked: frozenset[str], first: str, second: str) -> bool:
    """Whether like things of two peoples or places are told of: `in its Finnish plants`."""
    for one, other in product(_KIND.finditer(first), _KIND.finditer(second)):
        if one["what"] != other["what"] or one["by"].lower() != other["by"].lower():
            continue
        mine, theirs = root(one["kind"].lower()), root(other["kind"].lower())
        met = (
            among(mine, roots(second) | asked),
            among(theirs, roots(first) | asked),
        )
        if not any(met):
            return True
    return False


def _unmet(phrases: list[frozenset[str]], told: frozenset[str]) -> bool:
    """Whether no word of any of the phrases is told."""
    return all(not shared(phrase, told) for phrase in phrases)


def _phrases(text: str) -> dict[str, list[frozenset[str]]]:
    """The phrases of a sentence by their prepositions, those without content words left out."""
    found: dict[str, list[frozenset[str]]] = {}
    for match in _PHRASE.finditer(without_days(text)):
        told = roots(match["what"])
        if told:
            found.setdefault(match["by"].lower(), []).append(told)
    return found
