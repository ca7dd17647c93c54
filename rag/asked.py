"""How much a question asks for, and whose words: one thing, several, a change, or both sides.

Rules over English words. Where none holds, a question asks for one thing, and gets a short answer.
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = [
    "Breadth",
    "Order",
    "asks_opinion",
    "asks_speaker",
    "breadth_of",
    "order_of",
    "sayings",
    "says_next",
]

Breadth = Literal["one", "several", "change", "sides"]
"""`several` things, how something `change`d, or what the `sides` of a disputed matter say."""

Order = Literal["newest", "oldest"]

_AUX = frozenset(
    "is are was were do does did has have had can could will would should may might must".split()
)
_STOPS = _AUX | frozenset(
    """of for in on at to by from about with between behind against under over after before during
    that who which whom whose the a an this these those and or than as if when where why how said
    it he she they we you i not""".split()
)
_DETERMINERS = frozenset("the a an his her its their most more as to that it".split())
"""What follows a verb in the singular: `Which firm holds the …`."""
_NO_PLURAL = frozenset(
    """news series species politics headquarters sports mathematics physics economics economy
    always perhaps sometimes crisis basis analysis thesis yes across towards besides less unless
    plus gas bus status process progress success business access press class loss its his hers
    this was is has does times goods means whereabouts""".split()
)
_VERBS = frozenset(
    """holds owns controls borders runs leads wants needs knows gives takes keeps pays sells buys
    sends makes produces supplies contains includes becomes remains lies gets uses loses wins builds
    rules comes goes stands belongs governs occupies denies supports opposes""".split()
)
"""What ends like a plural and is a verb behind a noun: `Which region produces gold`."""
_IRREGULAR = frozenset("people men women children data media criteria phenomena police".split())
_MANY = (
    "explanations|reasons|positions|views|opinions|estimates|figures|numbers|claims|accounts"
    "|arguments|theories|interpretations|forecasts|predictions|readings|versions|responses"
    "|reactions|assessments|scenarios|consequences|causes|factors|objections|proposals|options"
    "|criticisms|warnings|lessons|attitudes|stances|viewpoints|perspectives|sides"
)
_OPINION_VERB = (
    r"(?:say|says|said|think|thinks|thought|argue[sd]?|claim(?:s|ed)?|believe[sd]?|den(?:y|ies|ied)"
    r"|warn(?:s|ed)?|predict(?:s|ed)?|expect(?:s|ed)?|call(?:s|ed)?|blame[sd]?|accuse[sd]?"
    r"|insist(?:s|ed)?|joke[sd]?|regret(?:s|ted)?|compare[sd]?|describe[sd]?|defend(?:s|ed)?"
    r"|dismiss(?:es|ed)?|reject(?:s|ed)?|doubt(?:s|ed)?|suggest(?:s|ed)?|maintain(?:s|ed)?"
    r"|hold(?:s)?|held|conclude[sd]?|consider(?:s|ed)?|see(?:s)?|saw|credit(?:s|ed)?|praise[sd]?"
    r"|criticis(?:e[sd]?)|criticiz(?:e[sd]?)|complain(?:s|ed)?|report(?:s|ed)?|announce[sd]?"
    r"|state[sd]?|admit(?:s|ted)?|tell|tells|told|write[s]?|wrote|reckon(?:s|ed)?|object(?:s|ed)?"
    r"|recall(?:s|ed)?|propose[sd]?|foresee[s]?|foresaw|fear(?:s|ed)?|hope[sd]?|attribute[sd]?"
    r"|interpret(?:s|ed)?|estimate[sd]?|support(?:s|ed)?|oppose[sd]?|favour(?:s|ed)?|favor(?:s|ed)?"
    r"|agree[sd]?|disagree[sd]?|assert(?:s|ed)?|contend(?:s|ed)?|mention(?:s|ed)?|remark(?:s|ed)?"
    r"|quip(?:s|ped)?|observe[sd]?|note[sd]?|explain(?:s|ed)?|repl(?:y|ies|ied)|answer(?:s|ed)?)"
)
_ADVERBS = r"(?:\s(?:once|first|later|also|still|ever|early|publicly|openly|really|\w+ly))?"
_THING_VERB = (
    r"(?:holds?|held|sees?|saw|foresees?|foresaw|called|supports?|supported|oppose[sd]?"
    r"|favou?rs?|favou?red|propose[sd]?|suggest(?:s|ed)?|announce[sd]?|report(?:s|ed)?|state[sd]?"
    r"|tells?|told|writes?|wrote|maintain(?:s|ed)?|answer(?:s|ed)?|credited|considered"
    r"|recall(?:s|ed)?|conclude[sd]?|observe[sd]?|note[sd]?|dismissed|rejected|defended"
    r"|agree[sd]?(?=\s(?:to|on)\b))\b"
)
"""Verbs of opinion that also take a thing: who `held the town`, `proposed the plan`."""
_WORD = r"[\w’'-]+"
_THAT_CLAUSE = rf"that\s(?!(?:year|month|week|day|night|time)\b){_WORD}\s\w"
_NO_THING = rf"(?:\s(?!(?:the|an?|his|her|its|their|that|this|these|those)\b){_WORD})"
_PLACING = r"(?:in|on|at|by|to|of|for|from|with|down|up|after|before|over|and)"
_AS_OPINION = (
    rf"(?={_NO_THING}{{0,4}}?\s{_THAT_CLAUSE}|\s(?:this|that|so)\W*\Z|\sit\s(?!{_PLACING}\b)\w"
    r"|\s(?:the|this|any)\s(?:charge|claim|idea|notion|accusation|suggestion|view|theory)\b)"
)
"""What tells that such a verb is one of opinion here: a clause, a claim, `it likely`."""
_COMPLEMENT = (
    rf"(?=(?:\s(?:the|an?|this|that|his|her|its|their))?\s{_WORD}"
    rf"(?:\s(?!{_PLACING}\b){_WORD}){{0,3}}?"
    r"\s(?:(?:an?|the|his|her|its|their|\w+s[’']|\w+[’']s)\s|[\"“‘]))"
)
"""`called the truce a defeat`."""
_TAKEN_FOR = rf"(?=(?:\s{_WORD}){{1,6}}?\sas\s(?!(?:it|he|she|they|we|soon|well|far|long|of)\b)\w)"
_VERB_OF_SPEAKER = (
    rf"(?:(?!{_THING_VERB}){_OPINION_VERB}\b|{_THING_VERB}{_AS_OPINION}"
    rf"|(?:tells?|told)(?=(?:\s{_WORD}){{1,4}}?\s{_THAT_CLAUSE})|called(?=\sfor\b)"
    rf"|(?:called|considered){_COMPLEMENT}|(?:sees?|saw|considered){_TAKEN_FOR}"
    rf"|(?:holds?|held)(?=(?:\s{_WORD}){{1,5}}?\s(?:responsible|accountable|guilty|liable)\b)"
    rf"|credited(?=(?:\s{_WORD}){{1,6}}?\swith\b)"
    r"|(?:reports?|reported|announced|stated)(?=\s(?:\w+\s){0,3}?\d))"
)
_NO_AUX = r"(?!(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should)\b)"
_SPEAKER = re.compile(
    rf"(?i:\bwho(?:\s(?:has|had|have|would|could|did))?{_ADVERBS}\s{_VERB_OF_SPEAKER}"
    r"|\bwho\s(?:(?:is|was|are|were|has\sbeen|had\sbeen)\s)?(?:\w+ly\s)?(?:cited|quoted)\s(?:as\s)?"
    r"\w+ing\b"
    r"|\bwhose\s(?:\w+\s){0,3}?(?:opinion|view|words?|idea|claim|theory|argument|verdict|belief"
    r"|judg[e]?ment|explanation|reading|phrase|prediction|forecast|estimate|position|account"
    r"|assessment|warning|quote|remark)s?\b"
    r"|\baccording\sto\swhom\b|\bin\swhose\s(?:view|opinion|words)\b"
    rf"|\b(?:which|what)\s(?:{_NO_AUX}{_WORD}\s){{1,2}}?(?:(?:has|had|have|would)\s)?(?!explain)"
    rf"{_VERB_OF_SPEAKER}(?=\s(?:that|it|the|a|an|in|from|to)\b|\s{_WORD}\sthat\b))"
)
_SAYING = re.compile(
    rf"(?i:\b{_OPINION_VERB}\b|\baccording\sto\b|\b(?:opinion|view|warning|objection|argument|claim"
    r"|answer|reply|answers?|verdict|position|explanation|prediction|forecast|justify|reading"
    r"|counter-argument|criticism|assessment|estimate|words)s?\b)"
)
_YES_NO = re.compile(
    r"(?i)\A\W*(?:(?:and|so|but)\W+)?(?:is|are|was|were|did|do|does|has|have|had|can|could|will"
    r"|would|should)\b"
)
_SIDES = re.compile(
    r"(?i)\bwhether\b|\bwhose\sfault\b|\b(?:to\sblame|at\sfault|responsible\sfor)\b"
    r"|\b(?:who|which\s(?:side|party|country|government|army))\b.{0,40}?\b(?:started|began|broke"
    r"|provoked|fired|attacked|caused|brought\sabout)\b"
    r"|\b(?:disputed?|contested|controversial|true)\b"
)
_EITHER = re.compile(
    r"(?i)(?::|\b(?:was|were|is|are|did|do|does|has|have|will|would)\b)[^?]{2,80}?\sor\s(?!\w+\s*\?\Z)"
)
_VERB_OF_CHANGE = (
    r"(?:change[sd]?|develop(?:ed|s)?|evolve[sd]?|shift(?:s|ed)?|var(?:y|ied)|gr[eo]w(?:n)?|progress"
    r"|rise|rose|risen)"
)
_QUANTITY = (
    r"(?:numbers?|shares?|prices?|support|tolls?|rates?|population|levels?|output|production|trade"
    r"|exports?|imports?|incomes?|wages?|inflation|unemployment|turnout|temperatures?|costs?|sales"
    r"|values?|figures?|estimates?|counts?|percentage|proportion|popularity|amounts?)"
)
_CHANGE = re.compile(
    rf"(?i)\bhow\s(?:did|has|have|had|does|do)\b[^?]*\b{_VERB_OF_CHANGE}"
    r"(?:\s(?:over|between|from|since|in|after|during|with|across|by|through)\b|\W*\Z)"
    rf"|\bhow\s(?:did|has|have|had|does|do)\b[^?]*\b{_QUANTITY}\b[^?]*"
    r"\b(?:fall|fell|fallen|moved?)\b(?!\sthrough\b)"
    r"|\bwhat\s(?:has\s|have\s|had\s)?changed\b|\bover\stime\b"
    r"|\bwhat\s(?:became|has\sbecome|had\sbecome|happened\slater)\b"
    r"|\bchange[sd]?\s(?:between|from)\b"
)
_BEHIND_PLURAL = (
    r"(?:are|were|is|was|do|did|does|has|have|had|can|could|may|might|will|would|of|in|behind"
    r"|led|lie|lay|exist(?:ed)?|contributed)"
)
_SEVERAL = re.compile(
    rf"(?i)\b(?:what|which)\s(?!(?:causes|accounts)\s(?!{_BEHIND_PLURAL}\b))(?:{_MANY})\b"
    rf"|\b(?:what|which)\s(?:\w+\s){{1,3}}?(?:{_MANY})\b(?!\s(?:(?:the|an?|that|it)\b|(?-i:[A-Z])))"
    rf"|\b(?:what|which)\s(?:are|were)\s(?:\w+[’'\w]*\s){{0,4}}?(?:{_MANY})\b"
    r"|\bwho\s\w+\swhat\b|\bwho\s(?:are|were)\b|\bwho\selse\b"
    r"|\bhow\s(?:do|did|does)\b[^?]*\b(?:differ|disagree|diverge|compare)\b"
    r"|\A\W*(?:list|name|give)\s(?:all|the|some|every)\b"
    r"|\bwhat\sdo(?!\s(?:i|you|we|they)\b)\b[^?]*\b(?:say|think|argue|claim|believe|expect|report"
    r"|see|want|fear|hope)\b"
    r"|\bwhat\s(?:did|have|had)\b[^?]*\sand\s[^?]*\b(?:say|said|think|thought|argue[d]?|claim(?:ed)?"
    r"|believe[d]?|expect(?:ed)?|report(?:ed)?|want(?:ed)?)\b"
)
_NEWEST_FIRST = re.compile(r"(?i)\b(?:newest|latest|most\srecent)\s(?:\w+\s)?first\b")
_OLDEST_FIRST = re.compile(
    r"(?i)\b(?:oldest|earliest)\s(?:\w+\s)?first\b|\bin\schronological\sorder\b"
    r"|\b(?:list|show|give|name|tell|sort|put|arrange|describe|happened)\b[^?]*"
    r"\bin\sorder(?!\s(?:to|that|for)\b)|\bchronological(?:ly)?\b|\bover\stime\b"
)


def breadth_of(question: str) -> Breadth:
    """How much the question asks for; `one` where no rule says more."""
    asked = " ".join(question.split())
    if _CHANGE.search(asked):
        return "change"
    if _SEVERAL.search(asked) or _plural(asked):
        return "several"
    if _YES_NO.match(asked) or _SIDES.search(asked) or _EITHER.search(asked):
        return "sides"
    return "one"


def asks_speaker(question: str) -> bool:
    """Whether the question is for the one who says, thinks or denies something."""
    return _SPEAKER.search(" ".join(question.split())) is not None


def asks_opinion(question: str) -> bool:
    """Whether the question is about what somebody says, not about what is."""
    return _SAYING.search(" ".join(question.split())) is not None


def sayings(question: str) -> list[int]:
    """Where its words of saying begin, but for `according to`: the speaker stands before them."""
    return [m.start() for m in _SAYING.finditer(question) if m[0][:9].lower() != "according"]


def says_next(text: str) -> bool:
    """Whether a text goes on with a verb of saying: what stands before it is the one who says."""
    return re.match(rf"(?i)\s(?:\w+ly\s)?{_OPINION_VERB}\b", text) is not None


def order_of(question: str) -> Order | None:
    """In which order of their dates the question wants its answers; None where it does not say."""
    asked = " ".join(question.split())
    if _NEWEST_FIRST.search(asked):
        return "newest"
    if _OLDEST_FIRST.search(asked) or _CHANGE.search(asked):
        return "oldest"
    return None


def _plural(asked: str) -> bool:
    """`Which camps …`, `What steps were …`, `What are the terms …`, `On which days …`."""
    for match in re.finditer(r"(?i)\b(what|which)\s+", asked):
        tokens = re.findall(r"[\w’'-]+|[^\w\s]", asked[match.end() :])[:8]
        if match[1].lower() == "what" and tokens and tokens[0].lower() in ("are", "were"):
            if any(_is_plural(t) for t in tokens[1:5]):
                return True
            continue
        for n, token in enumerate(tokens[:5]):
            if token.lower() in _STOPS or not token[0].isalpha():
                break
            if not _is_plural(token):
                continue
            behind = tokens[n + 1] if n + 1 < len(tokens) else ""
            if n and _is_verb(token, behind):
                break
            after = behind.lower()
            if after in _AUX or (match[1].lower() == "which" and after not in _DETERMINERS):
                return True
    return False


def _is_verb(token: str, behind: str) -> bool:
    """Whether what ends like a plural and follows a noun is its verb: `country borders Iran`."""
    if behind.lower() in _AUX:
        return False
    return behind[:1].isupper() or token.lower() in _VERBS or token.endswith(("ises", "izes"))


def _is_plural(token: str) -> bool:
    low = token.lower()
    if low in _NO_PLURAL or (token[0].isupper() and len(token) > 1):
        return False
    if low in _IRREGULAR:
        return True
    return len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is", "'s", "’s"))
