"""What kind of thing a question asks for: who, when, where, how many, why, or yes or no."""

from __future__ import annotations

import re

from rag.asking.saying import plainly, unset

__all__ = ["ASKS_NUMBER", "ASKS_WHEN", "kind_of"]

#: What is always told in numbers: `What salary …`.
_AMOUNT = (
    r"(?:death\stoll|toll(?!\s(?:bridge|road|gate|booth)s?\b)|number|population|price|costs?|length"
    r"|height|depth|width|weight|size|age|turnout|share|portion|percentage|per\s?cent|proportion|amount"
    r"|quantity|salary|wages?|budget|distance|speed|temperature|duration|gauge|calib(?:er|re)|voltage"
    r"|attendance|ransom|(?:prison|jail)\s(?:sentence|term)|fraction|ratio|sum|rate"
    r"|fine(?!\sarts?\b)|fee|figures?(?=\s(?:is|was|are|were|did|do|does|has|have|of|for|in)\b))"
)
#: What is, where it is asked what it is: `What was the value …`, not `What area …`.
_QUANTITY = (
    rf"(?:{_AMOUNT}|revenues?|turnover|profits?|income|sales|earnings|tally|debt|loss(?:es)?|value"
    r"|capacity|margin|total|area(?=\sof\b|\W*\Z)|sentence(?=\s(?:of|in)\b|\W*\Z)|score)"
)
_AUX = (
    r"(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should|must|might|ca)"
    r"(?:n['’]?t)?"
)
_ASKING = r"(?:who|whom|whose|why|where|what|which|how)"
_IS = r"(?:['’]s|\s(?:is|was|are|were))"
#: Words up to a preposition: behind one, `the effect of the price` is no price.
_DIRECTLY = r"(?:(?!(?:of|for|on|to|in|at|by|about|with|from|behind|between)\b)[\w’'-]+\s){1,6}?"
_WHICH_OF_THEM = (
    r"(?:total|final|average|exact|annual|monthly|daily|overall|maximum|minimum|highest|lowest|initial"
    r"|original|net|gross|combined|estimated|unemployment|interest|inflation|growth|birth|death)"
)
_ABSTRACT = (
    r"(?:case|evidence|arguments?|claims?|ties|links?|bonds?|friendship|alliance|opposition|stakes"
    r"|rifts?|divides?|divisions?|mistrust|distrust|hatred|commitment)"
)
#: What no number answers: `how big a role`, `how strong is the evidence`, `how much does she know`.
_UNMEASURED = (
    r"(?!-|\san?\s(?:[\w-]+\s)?(?:role|part|threat|problem|danger|risk|factor|difference|influence"
    r"|blow|shock|surprise)\b"
    rf"|\s(?:is|are|was|were)\s(?:[\w’'-]+\s){{1,2}}{_ABSTRACT}\b"
    r"|\s(?:influence|power|truth|trust|freedom|sense)\b|\salong\b"
    rf"|(?<=\bmuch)\s{_AUX}\s[^?]{{0,80}}?\b(?:trust|care|know|matter|respect|understand)\b"
    rf"|(?<=\bfar)\s{_AUX}\s[^?]{{0,80}}?\b(?:agree(?!\sto\b)|trust|succeed|justified|responsible)\b)"
)
ASKS_NUMBER = re.compile(
    r"(?i)\bhow (?:many|much|few|long|large|big|small|old|far|tall|high|low|deep|wide|thick|heavy"
    rf"|fast|often|frequently|expensive|hot|cold|near|strong)\b{_UNMEASURED}"
    rf"|\b(?:what|which) (?:{_WHICH_OF_THEM}\s){{0,2}}{_AMOUNT}\b"
    rf"|\bwhat{_IS}\s{_DIRECTLY}{_QUANTITY}\b(?!\sfor\W*\Z)"
    rf"|\bwhat {_AUX}\s[^?]{{1,80}}?\b(?<!the\s)cost\b"
    rf"|\bwhat {_AUX}\s(?:(?!(?:think|say|believe|feel|see|make|learn|write)\b)[^\s?]+\s){{1,9}}?"
    r"(?:pay|paid|earn(?:ed)?|weigh(?:ed)?|fined)\b"
    r"(?!\s(?:attention|tribute|heed|homage|with|by|a\svisit)\b|\sfor\W*\Z)"
    r"|\bwhat sentence\b[^?]{1,80}?\b(?:receive|get|given|hand|serve|impose|pass|face)"
    rf"|\A(?!\W*(?:describe|explain|discuss|outline|summari[sz]e|reason|cause|{_ASKING}|when|{_AUX})\b)"
    rf"(?:{_DIRECTLY})?(?:death toll|population|cost|toll(?!\s(?:bridge|road|gate|booth)s?\b))\b"
)
"""Asks for a number."""
_YES_NO = (
    r"\W*(?:(?:and|but|so)\W+)?(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would)\b"
)
_KNOWING = (
    r"(?:know|known|say|said|tell|told|sure|clear|recorded?|remember|me|us|explain|reveal|learn|find\sout"
    r"|found\sout|decided?|determined?|mention|show|understand|asked?|state|specify)"
)
#: Not where another word asks: `Who led the town when it fell?`, `Did it leak when it rained?`
ASKS_WHEN = re.compile(
    rf"(?i)\A(?!{_YES_NO}(?!.*\b{_KNOWING}\swhen\b))(?:(?!\b{_ASKING}\b).)*?\bwhen\b"
    rf"(?!.*,\s{_ASKING}\b)|\b(?:and|or|since|until|till|by|from)\swhen\b"
    r"|\b(?:what|which) (?:date|day|month|year)\b(?!-)"
)

_PLACE = (
    r"(?:city|town|country|place|village|port|region|province|state|district|capital|station"
    r"|airport|island|river|lake|continent|county|street|location|site|nation|hospital|school|hotel"
    r"|prison|camp|cemetery)"
)
#: `What took place?` asks for no place.
_NO_EVENT = r"(?<!took place)(?<!take place)(?<!takes place)(?<!taken place)"
_BODY = (
    r"(?:person|man|woman|people|minister|president|premier|chancellor|king|queen"
    r"|(?<!what )general|officer|mayor|governor|senator|official|politician|leader|engineer"
    r"|expert|scientist|author|writer|artist|actor|player|judge|lawyer|doctor|journalist|company|firm|bank|party|organi[sz]ation"
    r"|commander|director|chair(?:man|woman)|ambassador|envoy|spokes(?:man|woman|person)"
    r"|agency|government|army|team|club|group|newspaper|ministry|union|university|institution|court"
    r"|side(?!\seffect))"
)
_REASON = r"(?:reasons?|causes?|motives?|explanations?|rationale|grounds?)"
_OF = r"\s(?:the|his|her|its|their|[\w’'-]+['’]s)\s(?:[\w’'-]+\s)?"
_OTHER = rf"(?:(?!{_AUX}\b|the\b|an?\b|his\b|her\b|its\b|their\b)[\w-]+ )"
_NAME = r"(?:name|nickname|surname|pseudonym|alias|code\s?name)s?"
#: A question that is no sentence, `the cost`, `population of Lund`, or names what is wanted:
#: `Tell me the year in which …`.
_TASK = (
    r"\A\W*(?:please\s)?(?:(?:tell|give|show|remind)\s(?:me|us)|give|name|state|know|find(?:\sout)?|list"
    r"|identify|provide|specify)\s(?:the|an?|his|her|its|their)\s"
)
_BARE = (
    rf"(?:{_TASK}|\A\W*(?:(?:and|but|or|so|then)\W+)*(?:the\s|its\s|his\s|her\s|their\s)?)"
    r"(?:[\w-]+['’]s\s)?(?:exact\s|real\s|full\s)?"
)
_ASKS = re.compile(
    rf"\b(?:who|whom|whose|what|which|when|where|why|how)\b|\A\W*(?:\w+\W+)?{_AUX}\b", re.IGNORECASE
)
_OPENED = re.compile(
    r"(?:\W*(?:(?:and|but|so|or|then|also|well|ok|okay|sorry|no|yes|actually)\W+)*)"
    r"(?:(?:by|to|with|for|from|of|about|since|until)\s)?(whom?|whose|why|where)\b"
)
_YES_OR_NO = re.compile(
    rf"\A\W*(?:(?:and|but|so|or|also|then)\W+)*(?:{_AUX}|am|may(?!\s(?:\d|day\b)))\b"
    r"(?! (?:ist|hat|war|sind|wird|haben)\b)"
)
#: `Did he say why …`, `Did he leave, and why?`, not `Was he the man who …`.
_WITHIN = re.compile(
    rf"\b(?:(?!know\b){_KNOWING}|and|if\sso(?:,?\sthen)?)\W+(?=(?:(?:by|to|for|from|in|on|at|since)\s)?"
    r"(?:who|whom|whose|why|where|what|which|how|when)\b)"
    r"|(?<!\breason\s)(?<!\breasons\s)\b(?=why\b|how\s(?:many|much|long|far|often|old|large|big)\b)"
)
#: Each pattern with what it tells: the first that is found holds.
_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "when",
            r"\bhow (?:long|many (?:years|months|weeks|days|decades|centuries)) ago\b"
            r"|\bhow (?:recently|soon|early)\b",
        ),
        ("why", r"\bhow come\b|\bhow is it that\b|\A\W*what for\b"),
        ("how many", ASKS_NUMBER.pattern.removeprefix("(?i)")),
        ("when", ASKS_WHEN.pattern.removeprefix("(?i)")),
        (
            "when",
            r"\b(?:what|which) (?:exact )?(?:dates?|days?|months?|years?|week|decade|century|season"
            r"|hour|time(?! (?:zone|limit|frame)))\b(?!-)"
            rf"|\bwhat{_IS}{_OF}(?:exact )?(?:date|year|day|birthday)\b",
        ),
        (
            "why",
            r"\bwhy\b|\b(?:what|which) (?:explain(?:s|ed)|caused|led|leads|prompted|prompts"
            r"|motivated|drove|drives|triggered|sparked|provoked|persuaded|convinced|forced"
            r"|brought about|gave rise to|lies behind|lay behind|made(?! up)|makes(?! up| of)"
            r"|accounts for)\b"
            r"|\bwhat (?:is|was|were) behind\b"
            rf"|\b(?:what|which) {_REASON}\b|\b(?:what|which){_IS}{_OF}{_REASON}\b"
            r"|\b(?:for|on|with) (?:what|which) (?:reasons?|grounds?|purpose)\b"
            rf"|\bhow {_AUX} [^?]{{1,120}}?\b(?:explain|justify|account for)\b",
        ),
        (
            "where",
            rf"\bwhere(?:abouts)?\b|\b(?:which|what) {_OTHER}?{_PLACE}\b{_NO_EVENT}"
            rf"|\bwhat{_IS}{_OF}(?:capital|location|birthplace|whereabouts|address|headquarters"
            r"|home\s?town|place of (?:birth|death|burial))\b",
        ),
        ("who", rf"\b(?:who|whom|whose)\b|\b(?:which|what) {_OTHER}?(?:{_BODY}|{_NAME})\b"),
        (
            "who",
            rf"\bwhat{_IS}{_OF}(?:full |real )?{_NAME}\b"
            r"|\bwhat (?:is|was|are|were) [^?]{1,120}\b(?:called|named|nicknamed)\W*\Z",
        ),
        (
            "yes/no",
            rf"\A\W*whether\b|,\s(?:{_AUX} (?:i|he|she|it|they|we|you|there)|right|correct)\W*\Z",
        ),
    )
)
_BARE_PATTERNS = tuple(
    (kind, re.compile(_BARE + pattern, re.IGNORECASE))
    for kind, pattern in (
        ("how many", rf"{_AMOUNT}\b"),
        ("when", r"(?:date|year|day|month|time)(?: (?:of|when|(?:in|on|at) which|that)\b|\W*\Z)"),
        ("why", rf"{_REASON}(?: (?:of|for|behind|why)\b|\W*\Z)"),
        ("where", r"(?:capital|location|birthplace|site|whereabouts) (?:of|where)\b"),
        ("where", rf"{_PLACE} (?:where|(?:in|at|to|from) which)\b"),
        ("who", rf"{_NAME}(?: of\b|\W*\Z)|(?!bank of the\b){_BODY} (?:of|in|who|that|which)\b"),
        ("who", rf"(?<=\b(?:his|her|its)\s){_BODY}\W*\Z|(?<=\btheir\s){_BODY}\W*\Z"),
    )
)
_BEGINS = re.compile(
    r"\W*(?:(?:and|but|so|by|to|in|on|at|for|from|with|since|until)\W+)*"
    rf"(?:who|whom|whose|what|which|when|where|why|how|{_AUX})\b",
    re.IGNORECASE,
)
#: The question behind what is told before it.
_BEHIND = re.compile(r"(?<=\w\w\w[.!] )[^.!?]+\?\W*\Z")


def kind_of(question: str) -> str:
    """`who`, `when`, `where`, `how many`, `why`, `yes/no` or `other`."""
    asked = " ".join(question.split())
    behind = _BEHIND.search(asked)
    before = asked[: behind.start()] if behind else ""
    if behind and _ASKS.search(behind[0]) and "?" not in before and not _BEGINS.match(before):
        asked = behind[0]
    asked = unset(plainly(asked)).lower()
    if _YES_OR_NO.match(asked):
        within = _WITHIN.search(asked)
        if within is None:
            return "yes/no"
        asked = asked[within.end() :]
    opened = _OPENED.match(asked)
    if opened:
        return opened[1].replace("whom", "who").replace("whose", "who")
    bare = not _ASKS.search(asked) or re.match(_TASK, asked)
    patterns = (*(_BARE_PATTERNS if bare else ()), *_PATTERNS)
    return next((kind for kind, pattern in patterns if pattern.search(asked)), "other")
