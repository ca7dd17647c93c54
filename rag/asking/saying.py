"""Whether a question is for the one who says something, or for what somebody says.

Rules over English words. `plainly` first takes away what only makes a question polite.
"""

from __future__ import annotations

import re

from rag.words.mentions import CAPITAL

__all__ = ["asks_opinion", "asks_speaker", "plainly", "sayings", "says_next", "unset"]

_ASKS = (
    r"(?:who|whom|whose|what|which|when|where|why|how|(?:by|to|for|from|in|on|at|since|with)\s"
    r"(?:who|what|which|when)\w*)\b"
)
_TASK = (
    r"(?:tell|give|explain|show|describe|list|name|summari[sz]e|compare|find|say|know|remind"
    r"|outline|enumerate|clarify|elaborate)\b"
)
#: `Could you please tell …`, `I would like to know …`.
_REQUEST = re.compile(
    r"(?i)\A\W*(?:(?:and|but|so|ok|okay|well|also|hello|hi)\W+)*"
    r"(?:(?:(?:can|could|would|will)\s(?:you|anyone|somebody|someone)|i(?:['’]d|\swould)\slike\s"
    r"(?:you\s)?to|i\s(?:want|need|wish)\s(?:you\s)?to|(?:can|could|may)\si\s(?=know\b))\s"
    rf"(?:(?:please|kindly)\s)?|please\W+(?:(?:can|could|would)\syou\s)?)(?={_TASK})"
)
#: `Tell me who …`, `Do you know if …`, `Is it known when …`: what is asked comes behind.
_TO_KNOW = re.compile(
    r"(?i)\A\W*(?:(?:and|but|so|ok|okay|well|also)\W+)*(?:(?:tell|remind|show)\s(?:me|us)"
    r"|(?:explain|clarify)(?:\sto\s(?:me|us))?|(?:do|does|did)\s(?:you|anyone|anybody|we)\s"
    r"(?:happen\sto\s)?(?:know|remember|say)|know|say|find(?:\sout)?"
    r"|is\sit\s(?:known|clear|recorded))"
    rf"\s(?:exactly\s|precisely\s)?(?:(?P<whether>if|whether)\s|(?={_ASKS}))"
)
#: `According to the man who led it, when …`, `In 1990, did …`.
_SETTING = re.compile(
    r"(?i)\A\W*(?:(?:and|but|so)\W+)?(?:according\sto|regarding|concerning|about|as\sfor|in|on|at"
    r"|after|before|when|while|if|during|under|by|until|since|with|for|despite|given|once)\s"
    r"(?!(?:who|whom|whose|why|where|what|which|how)\b)[^,?]{3,100},\s"
    rf"(?={_ASKS}|(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should|must|might)\b)"
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
    r"|quip(?:s|ped)?|observe[sd]?|note[sd]?|explain(?:s|ed)?|repl(?:y|ies|ied)|answer(?:s|ed)?"
    r"|acknowledge[sd]?|concede[sd]?|confirm(?:s|ed)?|allege[sd]?|stress(?:es|ed)?|testif(?:y|ies"
    r"|ied)|declare[sd]?|hint(?:s|ed)?|disput(?:e[sd]?)|(?:speaks?|spoke)\sof|point(?:s|ed)?\sout)"
)
_ADVERBS = (
    r"(?:\s(?:once|first|later|also|still|ever|never|always|else|early|publicly|openly|really"
    r"|\w+ly))?"
)
_THING_VERB = (
    r"(?:holds?|held|sees?|saw|foresees?|foresaw|call(?:s|ed)|supports?|supported|oppose[sd]?"
    r"|favou?rs?|favou?red|propose[sd]?|suggest(?:s|ed)?|announce[sd]?|report(?:s|ed)?|state[sd]?"
    r"|tells?|told|writes?|wrote|maintain(?:s|ed)?|answer(?:s|ed)?|credited|considered"
    r"|recall(?:s|ed)?|conclude[sd]?|observe[sd]?|note[sd]?|dismissed|rejected|defend(?:s|ed)"
    r"|acknowledged|concede[sd]?|confirm(?:s|ed)?|testif(?:ies|ied)|declare[sd]?"
    r"|agree[sd]?(?=\s(?:to|on)\b)"
    r"|claim(?:s|ed)?(?=\s(?:the|an?|his|her|its|their|first)\s(?:\w+\s)?(?:prize|throne|crown|title"
    r"|seat|land|territor(?:y|ies)|island|islands|reward|inheritance|lives|life|place|victory)\W*\Z))\b"
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
_JUDGING = (
    r"(?:\w{2,}(?:less|ful|ous|ible|ish)|(?!(?:un)?(?:cable|table|constable|vegetable)\b)\w{2,}able"
    r"|il\w+al|un(?:fair|just|wise|safe|true|real|constitutional|necessary|lawful|clear|legal|holy)"
    r"|legal|fatal|vital|criminal|immoral|brutal|crucial|essential|historic|tragic|heroic|idiotic"
    r"|chaotic|toxic|dead|weak|strong|wrong|right|mad|absurd|corrupt|fragile|futile|premature"
    r"|overdue|excessive|expensive|cheap|naive|obsolete|stupid|false|true|fair|illicit|insane"
    r"|incomplete|inadequate|insufficient|irrelevant|incompetent|successful|safe|unsafe|broken"
    r"|flawed|biased|misguided|rigged|doomed|stolen|outdated|overrated|inhuman|evil|barbaric)"
)
_COMPLEMENT = (
    rf"(?=(?:(?:\s(?:the|an?|this|that|his|her|its|their))?\s{_WORD}"
    rf"(?:\s(?!{_PLACING}\b){_WORD}){{0,3}}?"
    r"\s(?:(?:an?|the|his|her|its|their|\w+s[’']|\w+[’']s)\s|[\"“‘])"
    rf"|(?:\s(?:the|an?|this|that|his|her|its|their)\s{_WORD}|\s(?-i:{CAPITAL}){_WORD})"
    rf"(?:\s{_WORD}){{0,3}}?\s(?:(?:very|too|so|deeply|utterly)\s)?{_JUDGING}\W*\Z))"
)
"""`called the truce a defeat`, `called the truce fragile`."""
_TAKEN_FOR = rf"(?=(?:\s{_WORD}){{1,6}}?\sas\s(?!(?:it|he|she|they|we|soon|well|far|long|of)\b)\w)"
_VERB_OF_SPEAKER = (
    rf"(?:(?!{_THING_VERB}){_OPINION_VERB}\b|{_THING_VERB}{_AS_OPINION}"
    rf"|(?:tells?|told)(?=(?:\s{_WORD}){{1,4}}?\s{_THAT_CLAUSE})|call(?:s|ed)(?=\sfor\b)"
    rf"|(?:call(?:s|ed)|considered){_COMPLEMENT}|(?:sees?|saw|considered){_TAKEN_FOR}"
    rf"|(?:holds?|held)(?=(?:\s{_WORD}){{1,5}}?\s(?:responsible|accountable|guilty|liable)\b)"
    rf"|credited(?=(?:\s{_WORD}){{1,6}}?\swith\b)"
    r"|(?:reports?|reported|announced|stated|confirmed|acknowledged)(?=\s(?:\w+\s){0,3}?\d))"
)
_NO_AUX = r"(?!(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should)\b)"
#: Where they stand: `Who in the government said`, `Who among the experts warns`.
_AMONG = (
    rf"(?:\s(?:in|at|among|amongst|from|on|inside|within|of)\s(?:(?:the|its|their)\s)?{_WORD}"
    rf"(?:\s(?!{_PLACING}\b){_NO_AUX}{_WORD}){{0,2}}?)?"
)
_SAID_THING = (
    r"(?:claims?|remarks?|comments?|statements?|accusations?|allegations?|figures?|estimates?"
    r"|predictions?|forecasts?|warnings?|arguments?|phrase|words?|expression|terms?|criticisms?"
    r"|objections?|quot(?:e|ation)s?|suggestions?|complaints?|comparison)"
)
#: `Who made the remark about …`, `Who put the toll at 50`, `the author of the quote`.
_SAYS_SO = (
    r"(?:(?:gave|gives|given|made|makes|raised|raises|coined|used|uses|issued|uttered|voiced)"
    rf"\s(?:the|this|that|an?|these|those)\s(?:[\w-]+\s){{0,2}}?{_SAID_THING}\b"
    r"|puts?\s(?:the|its|their|his|her)\s(?:[\w’'-]+\s){0,2}?(?:tolls?|number|figure|costs?|price|loss(?:es)?"
    r"|damage|total|dead|odds|chances?|share|strength|size|population|value)\s(?:[\w’'-]+\s){0,4}?at\b)"
)
_SPEAKER = re.compile(
    rf"(?i:\bwho{_AMONG}(?:\s(?:has|had|have|would|could|did|might))?{_ADVERBS}"
    rf"(?<!\bwould|\bcould|\bmight)\s{_VERB_OF_SPEAKER}"
    rf"|\bwho\s(?:would|could|might)\s(?:have\s)?{_VERB_OF_SPEAKER}"
    rf"|\bwho\s(?:is|was)\s(?:(?:the\s)?first\sto|it\s(?:that|who)){_ADVERBS}\s{_VERB_OF_SPEAKER}"
    r"|\bwho\s(?:(?:is|was|are|were|has\sbeen|had\sbeen)\s)?(?:\w+ly\s)?(?:cited|quoted)\s(?:as\s)?"
    r"\w+ing\b"
    r"|\bwhose\s(?:\w+\s){0,3}?(?:opinion|view|words?|idea|claim|theory|argument|verdict|belief"
    r"|judg[e]?ment|explanation|reading|phrase|prediction|forecast|estimate|position|account"
    r"|assessment|warning|quote|remark)s?\b"
    rf"|\bwho(?:\s(?:has|had|have|first))?\s{_SAYS_SO}"
    rf"|\b(?:who|whom)\b.{{0,20}}?\b(?:author|source|speaker)\sof\s\w+\s(?:[\w-]+\s)?{_SAID_THING}\b"
    rf"|\b(?:from|by)\swhom\s(?:is|was|are|were|comes|came)\s\w+\s(?:[\w-]+\s)?{_SAID_THING}\b"
    r"|\baccording\sto\swhom\b|\bin\swhose\s(?:view|opinion|words)\b"
    rf"|\b(?:which|what)\s(?:of\sthe\s)?(?:{_NO_AUX}{_WORD}\s){{1,2}}?(?:(?:has|had|have|would)\s)?"
    rf"(?!explain){_VERB_OF_SPEAKER}"
    rf"(?=\s(?:that|it|the|a|an|in|from|to|of)\b|\s{_WORD}\sthat\b"
    rf"|(?<!\bclaims)(?<!\bclaimed)\s(?-i:{CAPITAL})))"
)
_SAYING_NOUN = (
    r"(?:opinion|view|warning|objection|argument|claim|answer|reply|verdict|position|explanation"
    r"|prediction|forecast|reading|counter-argument|criticism|assessment|estimate|words|reason"
    r"|figure|advice|response|stance|demand|promise|account|description|charge|accusation)"
)
_SAYING = re.compile(
    rf"(?i:\b{_OPINION_VERB}\b|\baccording\sto\b|\b(?:opinion|view|warning|objection|argument|claim"
    r"|answer|reply|answers?|verdict|position|explanation|prediction|forecast|justify|reading"
    r"|counter-argument|criticism|assessment|estimate|words|stance|viewpoint|reaction)s?\b"
    r"|\bquoted\sas\b)"
)
_NAMED = rf"{CAPITAL}[\w’'-]*\.?(?:\s{CAPITAL}[\w’'-]*)*"
#: `What objection did Holt raise`: the speaker stands behind the word for what he says.
_GIVEN = re.compile(
    rf"(?i:\b{_SAYING_NOUN}s?\s(?:[a-z]+\s){{0,3}}?(?:did|does|do|has|have|had|will|would))\s"
    rf"(?:[a-z]+\s){{0,3}}?{_NAMED}(?=\s(?:ever\s)?(?i:give|gave|given|offer|raise|make|made|take|hold"
    r"|put|present|advance|cite|express|voice|issue|submit)(?:n|ed|d)?\b)"
)
#: What is said to or of somebody: `Was Holt told`, `Why is the mayor of Lund blamed`.
_DONE_TO = re.compile(
    rf"(?i:\b(?:is|are|was|were|be|been|being))\s(?:not\s|never\s)?(?:{_NAMED}\s"
    rf"|(?i:the|an?|his|her|its|their)\s(?:[a-z-]+\s){{1,3}}?(?:of\s(?:the\s)?(?:{_NAMED}|[a-z]+)\s)?"
    r"|(?i:he|she|it|they)\s)?(?:[a-z]+ly\s|ever\s|also\s|not\s|being\s)?\Z"
)
_NEAR = 120
_PARTICIPLE = re.compile(r"(?i)(?:(?!quoted)\w+ed|said|told|thought|held|seen|written)\b")


def plainly(question: str) -> str:
    """The question without `Could you tell me` and the like, on one line."""
    asked = " ".join(question.split())
    asked = _REQUEST.sub("", asked, count=1)
    return _TO_KNOW.sub(lambda m: "whether " if m["whether"] else "", asked, count=1)


def unset(asked: str) -> str:
    """The question without the clause before it that only says when, or by whom."""
    return _SETTING.sub("", asked, count=1)


def asks_speaker(question: str) -> bool:
    """Whether the question is for the one who says, thinks or denies something."""
    return _SPEAKER.search(plainly(question)) is not None


def asks_opinion(question: str) -> bool:
    """Whether the question is about what somebody says, not about what is."""
    asked = plainly(question)
    return _SAYING.search(asked) is not None or _GIVEN.search(asked) is not None


def sayings(question: str) -> list[int]:
    """Before which places its speakers are named: where its words of saying begin.

    Not `according to`, nor what is said of somebody.
    """
    found = [m.end() for m in _GIVEN.finditer(question)]
    for m in _SAYING.finditer(question):
        done = _PARTICIPLE.match(m[0]) and _DONE_TO.search(
            question[max(0, m.start() - _NEAR) : m.start()]
        )
        if m[0][:9].lower() != "according" and not done:
            found.append(m.start())
    return sorted(found)


def says_next(text: str) -> bool:
    """Whether a text goes on with a verb of saying: what stands before it is the one who says."""
    return re.match(rf"(?i)\s(?:\w+ly\s)?{_OPINION_VERB}\b", text) is not None
