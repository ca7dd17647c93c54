"""The words by which English reports what somebody says, as patterns; no sentence is read here.

Who may say it is in `rag.speech.speakers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.speech.speakers import NAME, ROLES

__all__ = [
    "ACCORDING",
    "ADVERB",
    "ADVERBIAL",
    "CLAUSE",
    "COORDINATE",
    "HEARSAY",
    "INVERTED",
    "IN_THE_VIEW",
    "LEARNT",
    "NOUNS",
    "PARTICIPLE",
    "SUBORDINATE",
    "TIME",
    "VERB",
    "inside_sentence",
    "inversions",
    "names_a_work",
]

ADVERBIAL = re.compile(r"\W*(?:In|At|After|Before|From|Asked|Told|[A-Z]\w+ing)\b")
"""What begins a sentence so that a subject follows its places: `At talks in Lund, Norway said`."""

_WITHHELD = (
    "access|entry|visas?|permission|bail|asylum|leave|parole|aid|help|treatment|funding|credit|loans?"
    "|citizenship|passage|supplies|permits?|licen[cs]es?|service|refuge|rights?"
)
_CLAIM = (
    "claims?|allegations?|charges?|ideas?|reports?|suggestions?|criticisms?|fears|concerns|rumou?rs?"
    "|accusations?|warnings?|notions?|talk|complaints?|figures?|theory|theories"
)
_SAY = (
    r"say|says|said(?!\s(?:goodbye|hello|farewell|(?:a|his|her|their)\sprayers?)\b)|saying|(?:tells?|told)(?!\s(?:\w+\s){1,2}to\s"
    r"|\s(?:(?:the|an?|another|his|her|their|its|this|that)\s)?(?:\w+\s)?"
    r"(?:story|stories|tales?|jokes?|truth|lies?)\b)"
    r"|thought(?=\s(?:that|it|he|she|they|the|this|of|a)\b)"
    "|argue|argues|argued|arguing|insist|insists|insisted"
    "|maintain that|maintains that|maintained that|contend|contends|contended|assert|asserts"
    r"|asserted|(?:believe|believes|believed)(?!\sin\s(?!the\b))|think|thinks"
    rf"|(?:deny|denies|denied)(?!\s(?:[\w’'-]+\s){{0,4}}(?:{_WITHHELD})\b)|warn|warns|warned"
    "|(?:claims?|claimed) to (?:have|be)"
    "|disagree|disagrees|disagreed|complain|complains|complained|stressed|stresses"
    "|accuse|accuses|accused|blame|blames|blamed|reply|replies|replied|reckon|reckons|reckoned"
    "|predict|predicts|predicted|remarked|joked|quipped|put it|puts it|joke|jokes"
    "|speak of|speaks of|spoke of|spoken of"
    r"|(?:calls|call (?:it|this|that|the))(?!\s(?:him|her|them|on|upon|for|up|off)\b)"
    rf"|dismiss(?:es|ed)?(?=\s(?:(?:[\w’'-]+\s){{0,7}}as\s|(?:[\w’'-]+\s){{0,4}}(?:{_CLAIM}|it|this|that)"
    r"\b))|reject(?:s|ed)?\sthe\s(?:charge|claim|idea|word|notion|accusation|suggestion)"
    r"|(?:is|was|were|are)\squoted(?:\s(?:by|in)\s(?:[\w’'-]+\s){0,4}[\w’'-]+)?\sas\ssaying"
    "|points? to|pointed to|expects|disputes|disputed"
)
_THAT = (
    r"(?:hold|holds|held)(?!\sthat\s(?:position|post|office|title|job|seat|rank|record|view|line|land)\b)"
    "|declare|declares|declared|announce|announces|announced|report|reports|reported"
    "|note|notes|noted|add|adds|added|adding|admit|admits|admitted|concede|concedes|conceded"
    "|estimate|estimates|estimated|suggest|suggests|suggested|write|writes|wrote|written|claim|claims|claimed"
    "|acknowledge|acknowledges|acknowledged|confirm|confirms|confirmed|fears|hopes"
    "|remember|remembers|remembered|recall|recalls|recalled|conclude|concludes|concluded"
    "|repeat|repeats|repeated|answer|answers|answered|state|states|stated|explain|explains"
    "|explained|expect|expected|doubt|doubts|doubted|object|objects|objected|observe|observes"
    "|observed|allege|alleges|alleged|point out|points out|pointed out|hint|hints|hinted|reason"
    "|reasons|reasoned|testified|testifies|considers"
    "|asks|asked|ruled|continues|continued|responds|responded|comments|commented|tweets|tweeted|posted"
    "|retorts|retorted|counters|countered|laments|lamented|cautions|cautioned|exclaimed|shouted"
    "|cried|whispered|muttered|promises|promised|pledged|vows|vowed|jokes|joked|suspects|suspected"
    "|recounts|recounted|emphasises|emphasised|emphasizes|emphasized|advises|advised"
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

_NUMBER = r"(?:(?!(?:is|are|was|were|that|by|of|from|to|for)\b)\w+\s){0,3}?\$?\d"
_TOLL = (
    r"(?:dead|deaths?|killed|wounded|injured|hurt|missing|victims|casualties|people|per\s?cent|%"
    r"|percent|as)\b"
)
_COUNT = (
    "reports?|reported|acknowledges?|acknowledged|counts?|counted|lists?|listed|names?"
    rf"|(?:gives?|gave)(?=\s(?:\w+\s){{0,3}}?\d[\d.,]*\s{_TOLL}|\s\w+\s(?:figure|toll|number|total)\s)"
    "|estimates?|estimated"
)
_THAT_CLAUSE = r"\sthat\b(?!\s(?:was|were|is|are|has|have|had|will|would|could)\b)"
_SOON = (
    rf"(?=(?:\s(?:(?!\b(?:the|an?|its|his|her)\b)[^.;:\"“”]){{0,60}}?)?(?:{_THAT_CLAUSE}|:\s)"
    r"|(?:\s\w+){0,2},?:?\s?[\"“])"
)
_NOUN_LIKE = (
    "answers|claims?|claimed|doubts|fears|hopes|notes|objects|reasons|reports|states|estimates"
    "|considers|promises|counters|vows|comments"
)
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?:has|have|had)\s(?:since\s|long\s|also\s|\w+ly\s)?)?"
    rf"(?:(?!{_PASSIVE})(?P<say>{_SAY})(?![\w’'-])(?!\s(?:nothing|little|no\smore|for\s))"
    rf"|(?P<that>(?!(?:{_NOUN_LIKE})\b(?!{_THAT_CLAUSE}|,?:?\s?[\"“]))(?:{_THAT})(?![\w’'-])){_SOON}"
    rf"|(?P<count>(?:{_COUNT})(?=\s{_NUMBER}))"
    r"|(?P<label>(?:call|called|describe[sd]|brand(?:s|ed)|dub(?:s|bed)|label(?:s|led|ed)|term(?:s|ed))"
    r"(?=(?:\s[\w’'-]+){1,5}\s[\"“]))|(?P<asks>asked(?=\s))"
    r"|(?P<to>(?:wrote|writes|testified|explained|announced|stated|confirmed|admitted|declared|noted)"
    rf"(?=\s(?:in|to|at|on|by|before|during)\s(?:the|an?|its|his|her|their)\s"
    rf"(?:(?!that\b)[\w’'-]+\s){{1,4}}?(?<=\s)(?:{_THAT_CLAUSE[2:]})))"
    rf"|(?P<aside>(?!h[eo]ld|(?:promise|comment|counter|vow|lament|caution)s\b)(?:{_THAT})(?=(?:\s(?:on|in|at|last|late|early)\s[^,.;:]{{1,30}})?(?:[,.]|\s*\Z))))"
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
    "|complained|joked|admits|admitted|recalled|continued|continues|observed|observes|remarked|quipped"
    "|responded|declared|concluded|stated|tweeted|shouted|exclaimed|cried|retorted|countered|laughed"
    "|muttered|whispered|lamented|suggested|suggests"
)
_CLOSED_QUOTE = r"(?<=[\"”?!]\s)|(?<=[\"”])|(?<=\x00[’']\s)|(?<=\x00[’'])"
INVERTED = re.compile(
    rf"(?:(?:{_CLOSED_QUOTE}|(?<=,\s))(?:{_TAG})|(?:{_CLOSED_QUOTE})asked)\s+(?=[\w@])"
)
"""`…, says X`: what follows is the subject."""
_INVERTED_FIRST = re.compile(
    r"(?:Said|Says|Asked|Adds|Added|Writes|Wrote|Explains|Explained)\s+(?=[\w@][^.:?!]*:\s)"
)

ACCORDING = re.compile(
    r"(?<!\w)(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:words|view|opinion|account|eyes|estimation)\sof"
    r"|For(?=\s(?:him|her)\s(?:the|an?|this|that|it|there)\b))\s+"
)
_VIEW = r"(?:own\s)?(?:view|opinion|words|account|eyes|telling|estimation|judge?ment|reckoning)\b"
IN_THE_VIEW = re.compile(
    rf"(?<!\w)[Ii]n\s(?P<whose>(?:his|her|their)|{NAME}(?<=[’'s]))\s{_VIEW}(?!\sof\b)"
)
"""`In X's view`, `in her words`."""

HEARSAY = re.compile(
    r"\b(?:[Rr]eportedly|[Aa]llegedly|[Ss]upposedly|[Pp]urportedly|[Rr]umou?red|alleged)\b"
    r"|\b(?:is|are|was|were|been|be)\s(?:\w+ly\s|also\s|now\s)?(?:said|believed|thought|understood"
    r"|reported|claimed|told|informed|assured)\b"
    rf"|\bcall(?:s|ed)\s(?:it|him|her|them|{NAME})\s(?:an?|the|“|\")"
    r"|\b(?:RT|MT|[Vv]ia)\s@|\bto\sthe\smind\sof\b"
    rf"|(?<!\w)For\s{NAME},|(?<!\b[MmOo]y\s)(?<!\b[Oo]ur\s)\b(?:view|opinion|belief|claim|argument"
    r"|contention|verdict|conclusion|suspicion|thesis|position)s?\s(?:(?:is|was|are|were|remains)\s)?that\b"
    r"|\b(?:not|n[’']t|never|would|could)\s(?:dispute|accept|confirm|agree)\b"
    r"|\b(?:wrote|writes)\s(?:[\w’'-]+\s){1,6}that\b"
)
"""Signs that a sentence tells what others say, without a subject and its verb."""
LEARNT = re.compile(
    r"\b(?:hear|hears|heard|finds?|found|shows?|showed|shown|learns?|learned|learnt|suspects?"
    r"|suspected|fears?|feared|hopes?|hoped|feels?|felt|agrees?|agreed|swears?|swore|sees?|saw"
    r"|suggests?|suggested|asserts?|implies|implied|proves?|proved|knows?|knew)\sthat\b"
)
"""Verbs of learning and holding with `that`, of which the author's own are his."""

ADVERB = re.compile(
    r"\s(?:also|both|now|later|then|still|often|repeatedly|once|simply|all|even|first|himself"
    r"|herself|themselves|today|yesterday|since|\w+ly)\Z"
)

TIME = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)(?:\s\d\d?(?:st|nd|rd|th)?)?|(?:(?:1[5-9]|20)\d\d|weeks?|months?|years?|days|today|yesterday"
    r"|later|earlier|ago)"
)
CLAUSE = re.compile(
    rf"(?:\A|[,;:—–\"“”*•]|\x00[’']|\s-|\A(?:But|And|Yet|So|Still|Then|Now|However|Meanwhile|Instead"
    r"|(?!Report|Alleg|Suppos|Possib|Probab|Hard|Like|Rare|Seldom)[A-Z]\w{3,}ly)(?=\s)"
    rf"|\b(?:and|but|while|whereas|yet|so|{TIME})"
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


def inversions(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The places in a sentence where a subject follows its verb of saying."""
    first = _INVERTED_FIRST.match(text, start, end)
    if first is not None:
        yield first
    yield from INVERTED.finditer(text, start, end)


def names_a_work(text: str, verb: re.Match[str]) -> bool:
    """Whether a verb of writing has the title of a work behind it: `wrote “The Long Rain”`."""
    if not re.match(r"(?:\w+\s)*(?:wrote|writes?|written)\Z", verb[0]):
        return False
    title = re.compile(r"\s(?:[\w’'-]+\s){0,3}[\"“‘]([^\"“”‘’]{1,80})[\"”’]").match(
        text, verb.end()
    )
    words = [w for w in re.findall(r"[\w’'-]+", title[1]) if len(w) > 3] if title else []
    return bool(words) and all(w[0].isupper() or w[0].isdigit() for w in words)


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
