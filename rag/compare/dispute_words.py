"""The words by which a sentence says that something is disputed, as patterns; none is read here.

What is asked, and whether a dispute is about it, is in `rag.compare.disputes`.
"""

from __future__ import annotations

import re

from rag.compare.denial import DENY
from rag.compare.opposites import roots

__all__ = [
    "ABOUT",
    "ACCUSES",
    "ANY",
    "BLAMED",
    "DENIED",
    "DISPUTED",
    "FIGURE",
    "HOW_MUCH",
    "INNER",
    "IS",
    "OF_DISPUTE",
    "ONE_VERB",
    "PARTS",
    "RELATIVE",
    "SUBJECT",
    "TOPICS",
    "TWO",
    "TWO_COUNTS",
    "TWO_DATES",
    "WIDE",
]

_HOW = r"(?:(?:still|hotly|much|long|now|itself|also|\w+ly)\s){0,2}"
_PEOPLE = (
    r"(?:analysts|historians|experts|observers|sources|scholars|witnesses|economists|scientists"
    r"|researchers|doctors|engineers|lawyers|jurists|critics|commentators|politicians|parties"
    r"|governments|sides|opinions?|views|accounts|estimates|reports|versions|figures|records)"
)
_SPLIT = r"(?:differ|disagree|quarrel|vary|conflict|diverge|clash|argue\s(?=about\b|over\b))"
_REJECTED = (
    r"(?:word|term|label|description|figure|number|claim|count|estimate|version|account|charge"
    r"|accusation|allegation|suggestion)s?"
)
DISPUTED = re.compile(
    rf"(?i)\b(?:(?:is|are|remains?|(?:has|have)\s(?:long\s)?been)\s{_HOW}(?:disputed|contested"
    r"|debated|controversial|in\sdispute|under\sdispute|open\sto\sdispute|a\s(?:matter|subject|point"
    r"|source|question)\sof\s(?:\w+\s)?(?:dispute|controversy|contention|debate|argument))"
    # Not `both`: `Both sides claimed` need not be against one another.
    r"|each\s(?:\w+\s)?[a-z]+\s(?:says|blames|accuses|claims)"
    r"|(?:blam|accus)(?:es?|ed|ing)\s(?:each\sother|the\sother|one\sanother)"
    r"|hold(?:s|ing)?\s(?:each\sother|the\sother|one\sanother)\sresponsible"
    r"|trad(?:es?|ed|ing)\s(?:accusations|blame|charges|recriminations)"
    r"|(?:both|two|three|several|many|rival|various)\s[a-z]+(?:\s[a-z]+)?\s(?:both\s)?claim(?:ed)?\s"
    r"(?:[\w’'-]+\s){0,6}?(?:credit|honou?r|victory|as\stheir\sown|for\sthemselves)"
    rf"|{_PEOPLE}\s(?:[^.,;:]{{1,50}}\s)?(?:(?:still|sharply|widely|greatly)\s)?(?:{_SPLIT}|are\s(?:\w+ly\s)?(?:divided|split)"
    r"|is\s(?:\w+ly\s)?(?:divided|split))(?:\s\w+ly)?(?=\W*\Z|\W+(?:about|over|on|as|whether|who|when|why|how|where"
    r"|to\sthis|in|among|between|from)\b|[,;:])"
    r"|(?:estimates?|figures?|counts?|tolls?|accounts?|guesses)\b[^.,;:]{0,60}?\srang(?:e|es|ed)\sfrom"
    r"|no\s(?:agreement|consensus)\s(?:(?:exists?|among\s\w+)\s)?(?=about|over|on|as)"
    r"|(?:never|not|cannot)\s(?:yet\s|been\sable\sto\s)?agree[sd]?(?=\s(?:about|over|on)\b)"
    r"|conflicting\s(?:accounts|reports|claims|versions)"
    rf"|(?:reject|disput|contest)(?:s|es|ed)\sthe\s{_REJECTED}"
    rf"|(?:mock|question|doubt)(?:e?s|ed)\sthe\s{_REJECTED}"
    r"|(?:mock|disput|reject|contest|question|doubt)(?:e?s|ed)\s(?:this|that|these|those|its|his"
    r"|her|their)\s(?:figure|number|claim|count|estimate|version|account)s?)\b"
)
BLAMED = re.compile(
    r"(?i)each\s|(?:.*\s)?(?:blam|accus)(?:es?|ed|ing)\s|trad(?:es?|ed|ing)\s|hold|.*\s(?:blam|accus)(?:es?|ed|ing)\b"
)
ABOUT = re.compile(r"(?i)\s(?:about|over|on|as to)\s(?P<what>[^.;:]+)")
#: `120,000 is an invented number`, `That figure is exaggerated`.
FIGURE = re.compile(
    r"(?i)\b(?:invented|exaggerated|inflated|fictitious|made-up|imaginary|implausible)"
    r"\s(?:figure|number|count|estimate)s?\b|\b(?:figures?|numbers?|counts?|estimates?|totals?"
    r"|tolls?|first|latter|former|\d[\d,.]*)\s(?:is|are|was|were)\s(?:\w+ly\s|much\s|far\s)?"
    r"(?:invented|exaggerated|inflated|implausible|overstated|understated|too\s(?:high|low)"
    r"|made\sup)\b"
)
_SAYING = (
    r"(?:says?|said|claim(?:s|ed)?|insist(?:s|ed)?|hears?|sees?|(?:speaks?|spoke)\sof"
    r"|call(?:s|ed)?|blame[sd]?|argue[sd]?)"
)
_OTHER = r"(?:the\s|an?\s|its\s|his\s|her\s|their\s)?[\w’']+(?:\s[\w’']+){0,2}?"
_THIS = r"(?:it|this|that|him|her|them|both)"
_BACK = (
    rf"(?:{DENY}\s{_THIS}\b|(?:reject|dismiss|contest|contradict|doubt|refute|oppose)(?:s|es|e?d)?\s(?:{_THIS}\b"
    rf"|(?:the|these|all|any)\s{_REJECTED}\b)|disagree[sd]?\b|repl(?:y|ies|ied)\b|retort(?:s|ed)?\b"
    r"|counter(?:s|ed)?\b|(?:insist|say)s?\sotherwise\b)"
)
_VIEW = (
    r"(?:say|think|believe|hold|argue|see|call|claim|consider|regard|blame|doubt|insist|find|fear"
    r"|suspect|maintain|credit)"
)
#: `Lund hears a promise, Oslo hears a threat`; `He says that she won, while she denies it`;
#: `Critics say that he knew; supporters reply that he did not`; `Some think so, others do not`.
TWO = re.compile(
    rf"(?i)\b(?P<verb>{_SAYING})\s[^.;:]{{3,120}}?[,;]\s(?:(?:but|while|whereas|and)\s)?{_OTHER}\s"
    rf"(?P=verb)\s|\b{_SAYING}\s[^.;:]{{3,120}}?[,;]\s(?:but|while|whereas)\s{_OTHER}\s"
    rf"(?:{_SAYING}|{DENY})\s"
    rf"|\b(?:{_SAYING}|{_VIEW}|according\sto|(?:attributed|ascribed|credited)\sto|want|support|favour|favor"
    rf"|back)\s[^.;:]{{3,160}}?[,;]\s(?:(?:but|while|whereas|and"
    rf"|though|although)\s)?{_OTHER}\s{_BACK}"
    rf"|\b(?:some|many|most)\s(?:[\w’'-]+\s){{0,3}}?{_VIEW}\s[^.;:]{{3,160}}?[,;]\s(?:(?:but|while"
    r"|whereas|and)\s)?others\b"
    rf"|\b(?:{_SAYING}|accuse[sd]?|according\sto)\s[^.;:]{{3,160}}?,\s(?:which|(?:a|an)\s(?:claim|charge|accusation"
    rf"|allegation|version|view)\s(?:that\s)?)\s?(?:[\w’'-]+\s){{1,5}}?(?:{DENY}|rejects?|rejected"
    r"|contests?|contested)\b"
)
ACCUSES = re.compile(r"(?i)\b(?:blam|accus)")
#: `The list stands at 31, but journalists have collected more than 90 names`.
TWO_COUNTS = re.compile(
    r"(?i)\d[^.;]{0,60}[,;]\s(?:but|while|whereas|although|though)\s[^.;]{3,80}?\s(?:count(?:ed|s)?"
    r"|collected|puts?|says?|said|lists?|estimate[sd]?|found|sp(?:ea|o)ks?e?\sof|recorded|reckon(?:ed|s)?"
    r"|documented|verified|believe[sd]?|claim(?:ed|s)?)\s[^.;]{0,40}?\d"
)
_COUNTS = (
    r"(?:count(?:ed|s)?|puts?|list(?:s|ed)?|estimate[sd]?|(?:speaks?|spoke|talks?)\sof|reckon(?:ed|s)?"
    r"|claim(?:ed|s)?|report(?:s|ed)?|g[ai]ves?|gave|admit(?:s|ted)?|found|recorded|verified"
    r"|(?:says?|said)(?=\s(?:(?:some|about|over|only|at\sleast)\s)?\d))"
)
_WHO_ELSE = (
    r"(?:(?:but|while|and|whereas)\s)?(?!(?:and|but|in|on|by|at|from|after|of|with|among|mostly|including"
    r"|about|some|for|which|who|that|it|he|she|they|its|his|her|their)\b)(?:the\s|an?\s)?"
    r"[\w’']+(?:\s[\w’']+){0,3}?\s"
)
#: `The police counted 300, the unions 2,000`; `The owners admit 40; the union lists 112`.
ONE_VERB = re.compile(
    rf"(?i)\b{_COUNTS}\s[^.,;]{{0,40}}?(?P<first>\d[\d.,]*\b)[^.,;]{{0,40}}?[,;]\s{_WHO_ELSE}"
    rf"(?:{_COUNTS}\s)?(?:(?:of|at|only|about|some|over|more|than|nearly|almost|least|no|fewer)\s){{0,4}}"
    r"(?P<last>\d[\d.,]*\b)"
)
#: `Dealers put the vase in 1720, scholars in 1790`.
TWO_DATES = re.compile(
    rf"(?i)\b(?:put|date|place|set)(?:s|d)?\s[^.,;]{{1,60}}?\d[^.,;]{{0,20}}[,;]\s{_WHO_ELSE}"
    r"(?:(?:put|date|place|set)(?:s|d)?\s(?:it\s)?)?(?:in|to|at|on|around|about)\s[^.,;]{0,20}?\d"
)
#: `He denies that he took part`: a charge stands behind it.
DENIED = re.compile(
    rf"(?i)\b{DENY}\s(?:that|having|any|being|(?=\w+ing\b)|(?:the|his|her|its|their|an?)\s(?=\w))(?P<what>[^.;:]+)"
)
RELATIVE = re.compile(r"(?i)\A\s*(?:which|who|whose|that|where|and\swhich)\b")
PARTS = re.compile(r"[,;:()—]\s?|\s(?:but|although|though|while|whereas)\s")
IS = re.compile(r"(?i)(?:is|are|remains?|has|have)\b")
#: What is disputed may be something else: `its value is disputed`.
SUBJECT = re.compile(r"(?P<what>[\w-]+)\s\Z")
ANY = roots(
    "matter question point issue claim account story version report charge result outcome truth"
    " fact affair case verdict"
)
INNER = re.compile(r"(?i)\s(?:on|about|over|as\sto)\s(?P<what>[^.,;:]+?)\s(?:\w+ly\s)?\w+\Z")
HOW_MUCH = re.compile(r"(?i)\bhow\s\w+")
OF_DISPUTE = re.compile(r"(?i)\b(?:disput|contest|debat|disagree|controver)\w*")
#: What is disputed, by what kind of question asks for it.
TOPICS = {
    "when": re.compile(r"(?i)\b(?:dates?|dating|year|day|age|when|chronology)\b"),
    "who": re.compile(
        r"(?i)\b(?:who|whom|whose|author\w*|identity|credit|blame|responsib\w+|paternity|ownership|fault)\b"
    ),
    "how many": re.compile(
        r"(?i)\b(?:number|figures?|toll|counts?|size|total|how\s(?:many|much)|extent|amount|cost"
        r"|population|\d[\d,.]*)\b"
    ),
    "why": re.compile(r"(?i)\b(?:causes?|reasons?|why|motives?|origins?|explanations?)\b"),
    "where": re.compile(r"(?i)\b(?:places?|location|site|where|position|route)\b"),
}
#: A dispute about these leaves it open whether it was so at all.
WIDE = frozenset(("why",))
