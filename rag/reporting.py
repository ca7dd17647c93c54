"""The words by which English reports what somebody says, as patterns; no sentence is read here.

Who may say it is in `rag.speakers`.
"""

from __future__ import annotations

import re

from rag.speakers import ROLES

__all__ = [
    "ACCORDING",
    "ADVERB",
    "ADVERBIAL",
    "CLAUSE",
    "COORDINATE",
    "INVERTED",
    "NOUNS",
    "PARTICIPLE",
    "SUBORDINATE",
    "VERB",
    "inside_sentence",
]

ADVERBIAL = re.compile(r"\W*(?:In|At|After|Before|From|Asked|Told|[A-Z]\w+ing)\b")
"""What begins a sentence so that a subject follows its places: `At talks in Lund, Norway said`."""

_SAY = (
    r"say|says|said|saying|(?:tells?|told)(?!\s(?:\w+\s){1,2}to\s|\s(?:the|a)\sstory)"
    r"|thought(?=\s(?:that|it|he|she|they|the|this|of|a)\b)"
    "|argue|argues|argued|arguing|insist|insists|insisted"
    "|maintain that|maintains that|maintained that|contend|contends|contended|assert|asserts"
    "|asserted|believe|believes|believed|think|thinks|deny|denies|denied|warn|warns|warned"
    "|(?:claims?|claimed) to (?:have|be)"
    "|disagree|disagrees|disagreed|complain|complains|complained|stressed|stresses"
    "|accuse|accuses|accused|blame|blames|blamed|reply|replies|replied|reckon|reckons|reckoned"
    "|predict|predicts|predicted|remarked|joked|quipped|put it|puts it|joke|jokes"
    "|speak of|speaks of|spoke of|spoken of|dismisses"
    r"|(?:calls|call (?:it|this|that|the))(?!\s(?:him|her|them|on|upon|for|up|off)\b)"
    "|dismiss|dismissed|rejects? the (?:charge|claim|idea|word|notion|accusation|suggestion)"
    "|rejected the (?:charge|claim|idea|word|notion|accusation|suggestion)"
    "|(?:is|was|were|are) quoted as saying|points? to|pointed to|expects|disputes|disputed"
)
_THAT = (
    "hold|holds|held|declare|declares|declared|announce|announces|announced|report|reports|reported"
    "|note|notes|noted|add|adds|added|adding|admit|admits|admitted|concede|concedes|conceded"
    "|estimate|estimates|estimated|suggest|suggests|suggested|write|writes|wrote|written|claim|claims|claimed"
    "|acknowledge|acknowledges|acknowledged|confirm|confirms|confirmed|fears|hopes"
    "|remember|remembers|remembered|recall|recalls|recalled|conclude|concludes|concluded"
    "|repeat|repeats|repeated|answer|answers|answered|state|states|stated|explain|explains"
    "|explained|expect|expected|doubt|doubts|doubted|object|objects|objected|observe|observes"
    "|observed|allege|alleges|alleged|point out|points out|pointed out|hint|hints|hinted|reason"
    "|reasons|reasoned|testified|testifies|considers"
)
_PASSIVE = (
    r"(?:accused|blamed)\s(?:of|by|on|over)\b|(?:believed|denied|dismissed|told|warned)\sby\b"
    r"|(?:accused|believed|told|warned)\ssince\b|said\sby\s(?:the|an?|[A-Z])|thought\sof\sas\b"
    r"|(?:believed|told|said|thought|warned)\s(?:to\s(?:be|have)|dead)\b"
)
PARTICIPLE = re.compile(
    r"(?:accused|believed|blamed|denied|dismissed|told|warned)\s(?:of|about|against|in|on|at|last|once"
    r"|twice|again|earlier|\w+ly)\b(?:(?!\bthat\b)[^,.;:])*,(?!\sthat\b)"
)
"""What after a sign is done to somebody, and not by him: `X, 31, warned of a flood, left`."""

_NUMBER = r"(?:\w+\s){0,3}?\$?\d"
_COUNT = (
    "reports?|reported|acknowledges?|acknowledged|counts?|counted|lists?|listed|names?|gives?|gave"
    "|estimates?|estimated"
)
_THAT_CLAUSE = r"\sthat\b(?!\s(?:was|were|is|are|has|have|had|will|would|could)\b)"
_SOON = (
    rf"(?=(?:\s(?:(?!\b(?:the|an?|its|his|her)\b)[^.;:\"“”]){{0,60}}?)?(?:{_THAT_CLAUSE}|:\s)"
    r"|(?:\s\w+){0,2},?:?\s?[\"“])"
)
_NOUN_LIKE = (
    "answers|claims?|claimed|doubts|fears|hopes|notes|objects|reasons|reports|states|estimates"
    "|considers"
)
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?:has|have|had)\s(?:since\s|long\s|also\s|\w+ly\s)?)?"
    rf"(?:(?!{_PASSIVE})(?P<say>{_SAY})(?![\w’'-])(?!\s(?:nothing|little|no\smore|for\s))"
    rf"|(?P<that>(?!(?:{_NOUN_LIKE})\b(?!{_THAT_CLAUSE}|,?:?\s?[\"“]))(?:{_THAT})(?![\w’'-])){_SOON}"
    rf"|(?P<count>(?:{_COUNT})(?=\s{_NUMBER}))"
    rf"|(?P<aside>(?:{_THAT})(?=[,.]|,?\s*\Z)))"
)
"""A verb of saying: alone, with `that` or a quotation soon after it, before a number, or aside."""

NOUNS = frozenset(
    "answer blame call claim count doubt estimate fear hope joke list name note object reason reply"
    " report state".split()
)
"""Verbs that are nouns as well: only with a subject in the plural are they read as verbs."""

_TAG = (
    "says?|said|argues?|argued|writes?|wrote|explains?|explained|insists?|insisted|adds?|added"
    "|warns?|warned|notes?|noted|claims|claimed|replied|replies|thinks|believes|recalls|complains"
    "|complained|joked|admits|admitted|asked"
)
INVERTED = re.compile(rf"(?:(?<=[,\"”?!]\s)|(?<=[\"”]))(?:{_TAG})\s+(?=[\w@])")
"""`…, says X`: what follows is the subject."""

ACCORDING = re.compile(
    r"(?<!\w)(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:words|view|opinion|account)\sof"
    r"|For(?=\s(?:him|her)\s(?:the|an?|this|that|it|there)\b))\s+"
)
ADVERB = re.compile(
    r"\s(?:also|both|now|later|then|still|often|repeatedly|once|simply|all|even|first|himself"
    r"|herself|themselves|today|yesterday|since|\w+ly)\Z"
)

_TIME = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|(?:1[5-9]|20)\d\d|weeks?|months?|years?|days|today|yesterday"
    r"|later|earlier|ago"
)
CLAUSE = re.compile(
    rf"(?:\A|[,;:—–\"“”*•]|\s-|\b(?:and|but|while|whereas|yet|so|{_TIME})"
    rf"|(?:\A|[,;]\s)[Aa]s)\s*\Z"
)
"""What may stand before the subject of a clause that is not subordinate."""

COORDINATE = re.compile(r"\w\W+(?:and|but|yet|so)\s*\Z|;\s*\Z|\b[Ww]hile\b|\b[Ww]hereas\b")
"""A clause before this one that is joined to it and need not be of the same speaker."""

SUBORDINATE = re.compile(
    r"\b(?:that|which|whom|what|when|if|unless|because|after|before|where|although|though|how|why"
    r"|until|whether|than|neither|nor|not)\s*\Z",
    re.IGNORECASE,
)

_ARTICLES = frozenset(
    "a an another each four her his its many most one other our several some the their these those"
    " three two".split()
)


def inside_sentence(name: str) -> str:
    """A speaker as named in the middle of a sentence: `The army` is `the army` there."""
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    low = first.casefold()
    common = low in _ARTICLES or (low.endswith("s") and low in ROLES)
    return low + name[len(first) :] if common else name
