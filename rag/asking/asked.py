"""How much a question asks for, and whose words: one thing, several, a change, or both sides.

Rules over English words. Where none holds, a question asks for one thing, and gets a short answer.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.asking.saying import asks_opinion, asks_speaker, plainly, sayings, says_next, unset

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
_PAST = re.compile(
    r"(?i)sent|won|lost|laid|took|gave|made|built|sold|bought|paid|led|fought|struck|broke|fell|rose|drew"
    r"|kept|left|met|saw|sought|brought|caught|got|went|came|became|began|ran|signed|killed|used|wrote"
    r"|chose|held|hosted|joined|voted|refused|passed|backed|opposed|supported|hid|stole|shot|told|said"
)
"""Verbs, but for most that end in -ed, which may also stand before a noun."""
_GROUPS = frozenset(
    """countries companies parties groups people banks cities towns villages states nations regions
    firms organisations organizations governments ministers armies teams newspapers experts
    analysts""".split()
)
_IRREGULAR = frozenset("people men women children data media criteria phenomena police".split())
_MANY = (
    "explanations|reasons|positions|views|opinions|estimates|figures|numbers|claims|accounts"
    "|arguments|theories|interpretations|forecasts|predictions|readings|versions|responses"
    "|reactions|assessments|scenarios|consequences|causes|factors|objections|proposals|options"
    "|criticisms|warnings|lessons|attitudes|stances|viewpoints|perspectives|sides"
)
_YES_NO = re.compile(
    r"(?i)\A\W*(?:(?:and|so|but|or|also|then)\W+)*(?:is|are|was|were|did|do|does|has|have|had|can"
    r"|could|will|would|should|must|might|ca)(?:n['’]?t)?\b(?!\s(?:ist|hat|war|sind|wird|haben)\b)"
    r"|,\s(?:\w+n['’]t\s(?:he|she|it|they|we|there)|right|correct)\W*\Z"
)
"""But for `Was ist …`, which is German."""
_FIGHT = (
    r"(?:wars?|fight(?:ing|s)?|fire|first|shots?|shooting|conflicts?|clash(?:es)?|hostilities|truce"
    r"|cease-?fire|armistice|violence|riots?|escalation|attack|crisis|quarrel|feud|dispute|peace|it)"
)
"""`Who started the war` has two answers, `Who started the firm` has one."""
_SIDES = re.compile(
    r"(?i)\bwhether\b|\bwhose\sfault\b|\b(?:to\sblame|at\sfault|responsible\sfor)\b"
    r"|\bwhich\s(?:side|party|country|government|army)\b.{0,40}?\b(?:started|began|broke"
    r"|provoked|fired|attacked|caused|brought\sabout)\b"
    r"|\bwho\b.{0,20}?\b(?:started|began|broke|provoked|fired|attacked|caused|brought\sabout)\b"
    rf".{{0,30}}?\b{_FIGHT}\b"
    r"|\b(?:disputed?|contested|controversial|(?<!the\s)(?<!its\s)true)\b"
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
    rf"(?i)\bhow\s(?:did|has|have|had|does|do|the|its|their|his|her)\b[^?]{{0,200}}\b{_VERB_OF_CHANGE}"
    r"(?:\s(?:over|between|from|since|in|after|during|with|across|by|through)\b|\W*\Z)"
    rf"|\bhow\s(?:did|has|have|had|does|do)\b[^?]{{0,200}}\b{_QUANTITY}\b[^?]{{0,200}}"
    r"\b(?:fall|fell|fallen|moved?)\b(?!\sthrough\b)"
    r"|\bwhat\s(?:has\s|have\s|had\s)?changed\b|\bover\stime\b"
    r"|\bwhat\s(?:became|has\sbecome|had\sbecome|happened\slater)\b"
    r"|\bchange[sd]?\s(?:between|from)\b"
)
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)"
_BEHIND_PLURAL = (
    r"(?:are|were|is|was|do|did|does|has|have|had|can|could|may|might|will|would|of|in|behind"
    r"|led|lie|lay|exist(?:ed)?|contributed)"
)
_SEVERAL = re.compile(
    rf"(?i)\b(?:what|which)\s(?!(?:causes|accounts)\s(?!{_BEHIND_PLURAL}\b))(?:{_MANY})\b"
    rf"|\b(?:what|which)\s(?:\w+\s){{1,3}}?(?:{_MANY})\b(?!\s(?:(?:the|an?|that|it)\b|(?-i:[A-Z])))"
    rf"|\b(?:what|which)\s(?:are|were)\s(?:\w+[’'\w]*\s){{0,4}}?(?:{_MANY})\b"
    r"|\bwho\s\w+\swhat\b|\bwho\s(?:are|were)\b|\b(?:who|what|where)\selse\b"
    r"|\bwho\b[^?]{1,80}\band\swho\b|\A\W*(?:how|what|which|who|when|where)\b[^?]{1,200}"
    r"\b(?:each\s(?:side|party|country|army|camp)|(?:did|does|do|was|has|had)\seach\sof)\b"
    r"|\A\W*(?:i\s(?:need|want)\s)?(?:all|every)\s(?!in\sall\b)[^?,]{1,80}\Z"
    r"|\beverything\s(?:about|on|known)\b|\A\W*any\s(?:other|more|further)\s\w+s\b"
    r"|\bhow\sdo\s(?!(?:i|you|we|they)\b)[^?]{1,80}?\s(?:view|see|interpret|judge|assess)\b"
    r"|\b(?:how|why)\sdo\s(?!(?:i|you|we|they)\b)[^?]{1,80}?\s(?:explain|think|believe|justify)\b"
    r"|\bhow\s(?:do|did|does)\b[^?]{0,200}\b(?:differ|disagree|diverge|compare)\b"
    r"|\A\W*(?:list|enumerate|outline|name|give|show|mention)\s(?:(?:me|us)\s)?(?:all|some|every|both"
    rf"|several|any|(?:an?|the)\s(?:full\s|complete\s)?(?:list|overview|summary)\sof|{_NUMBER}\s)"
    r"|\A\W*(?:compare|contrast)\b|\bdifferences?\sbetween\b"
    r"|\bwhat\sdo(?!\s(?:i|you|we|they)\b)\b[^?]{0,200}\b(?:say|think|argue|claim|believe|expect|report"
    r"|see|want|fear|hope)\b"
    r"|\bwhat\s(?:did|have|had)\b[^?]{0,200}\sand\s[^?]{0,200}\b(?:say|said|think|thought|argue[d]?|claim(?:ed)?"
    r"|believe[d]?|expect(?:ed)?|report(?:ed)?|want(?:ed)?)\b"
)
_TASK = re.compile(
    r"(?i)\A\W*(?:list|enumerate|outline|name|give|show|mention|summari[sz]e|describe)\s"
    r"(?:(?:me|us)\s)?(?P<whom>[^?.!]+)"
)
_MANY_SAY = re.compile(
    r"(?i)\bwhat\s(?:did|have|had|will|would)\s(?P<whom>[^?]{0,200}?)\s(?:say|said|think|thought|argue[d]?"
    r"|claim(?:ed)?|believe[d]?|expect(?:ed)?|report(?:ed)?|want(?:ed)?|predict(?:ed)?|warn(?:ed)?)\b"
)
_NEWEST_FIRST = re.compile(r"(?i)\b(?:newest|latest|most\srecent)\s(?:\w+\s)?first\b")
_OLDEST_FIRST = re.compile(
    r"(?i)\b(?:oldest|earliest)\s(?:\w+\s)?first\b|\bin\schronological\sorder\b"
    r"|\b(?:list|show|give|name|tell|sort|put|arrange|describe|happened)\b[^?]{0,200}"
    r"\bin\sorder(?!\s(?:to|that|for)\b)|\bchronological(?:ly)?\b|\bover\stime\b"
)


def breadth_of(question: str) -> Breadth:
    """How much the question asks for; `one` where no rule says more."""
    asked = plainly(question)
    if _CHANGE.search(asked):
        return "change"
    if _SEVERAL.search(asked) or _plural(asked) or _of_many(asked):
        return "several"
    if _YES_NO.search(unset(asked)) or _SIDES.search(asked) or _EITHER.search(asked):
        return "sides"
    return "one"


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
        tokens = re.findall(r"[\w’'-]+|[^\w\s]", asked[match.end() : match.end() + 200])[:8]
        if match[1].lower() == "what" and tokens and tokens[0].lower() in ("are", "were"):
            if any(_is_plural(t) for t in tokens[1:5]):
                return True
            continue
        for n, token in enumerate(tokens[:5]):
            if token.lower() in _STOPS or not token[0].isalpha() or (n and _PAST.fullmatch(token)):
                break
            if not _is_plural(token):
                continue
            behind = tokens[n + 1] if n + 1 < len(tokens) else ""
            if n and _is_verb(token, behind):
                break
            if n and tokens[n - 1].endswith("ed") and not _goes_on(behind):
                break  # `Which side fired missiles?`, not `Which armed camps signed?`
            after = behind.lower()
            if after in _AUX or (match[1].lower() == "which" and after not in _DETERMINERS):
                return True
            if token.lower() in _GROUPS and _goes_on(behind):
                return True
            if _PAST.fullmatch(after) or (after.endswith("ed") and token.lower() not in _VERBS):
                return True
    return False


def _goes_on(behind: str) -> bool:
    """Whether a verb may follow what ends like a plural."""
    return behind[:1].isalpha() and behind.lower() not in _STOPS - _AUX


def _of_many(asked: str) -> bool:
    """`Name the ministers who …`, `What did the critics of the plan say?`"""
    found = _TASK.match(asked) or _MANY_SAY.search(asked)
    if found is None:
        return False
    tokens = re.findall(r"[\w’'-]+|[^\w\s]", found["whom"])
    if tokens and tokens[0].lower() in _DETERMINERS | {"these", "those"}:
        del tokens[0]
    for token in tokens[:4]:
        if token.lower() in _STOPS or not token[0].isalpha():
            return False
        if _is_plural(token):
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
