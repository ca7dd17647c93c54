"""What kind of thing a question asks for: who, when, where, how many, why, or yes or no."""

from __future__ import annotations

import re

from rag.asking.saying import plainly

__all__ = ["ASKS_NUMBER", "ASKS_WHEN", "kind_of"]

_QUANTITY = (
    r"(?:revenues?|turnover|profits?|income|price|cost|budget|salary|debt|loss(?:es)?|value|fee|fine"
    r"|height|depth|length|width|weight|area|size|distance|capacity|amount|rate|margin|turnout"
    r"|population|number|total|death toll|toll)"
)
ASKS_NUMBER = re.compile(
    r"(?i)\bhow (?:many|much|long|far|old|high|tall|large|big|heavy|deep|wide|thick|fast|strong)\b"
    r"|\b(?:what|which) (?:number|share|percentage|proportion|figure|size|amount|price|sum|rate)\b"
    r"|\bdeath toll\b|\bpopulation\b|\bcost\b|\btoll\b"
    rf"|\bwhat (?:is|was|were|are) (?:[\w’'-]+ ){{1,6}}?{_QUANTITY}\b"
)
"""Asks for a number."""
_ASKING = r"(?:who|whom|whose|why|where|what|which|how)"
_YES_NO = (
    r"\W*(?:(?:and|but|so)\W+)?(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would)\b"
)
_KNOWING = r"(?:know|known|say|said|tell|told|sure|clear|recorded?|remember|me|us)"
#: Not where another word asks: `Who led the town when it fell?`, `Did it leak when it rained?`
ASKS_WHEN = re.compile(
    rf"(?i)\A(?!{_YES_NO}(?!.*\b{_KNOWING}\swhen\b))(?:(?!\b{_ASKING}\b).)*?\bwhen\b"
    rf"(?!.*,\s{_ASKING}\b)|\b(?:and|or|since|until|till|by|from)\swhen\b"
    r"|\b(?:what|which) (?:date|day|month|year)\b"
)

_PLACE = (
    r"(?:city|town|country|place|village|port|region|province|state|district|capital|station"
    r"|airport|island|river|lake|continent|county|street|location|site|nation)"
)
#: `What took place?` asks for no place.
_NO_EVENT = r"(?<!took place)(?<!take place)(?<!takes place)(?<!taken place)"
_BODY = (
    r"(?:person|man|woman|people|minister|president|premier|chancellor|king|queen"
    r"|(?<!what )general|officer|mayor|governor|senator|official|politician|leader|engineer"
    r"|expert|scientist|author|writer|artist|actor|player|judge|lawyer|doctor|journalist|company|firm|bank|party|organi[sz]ation"
    r"|agency|government|army|team|club|group|newspaper|ministry|union|university|institution)"
)
_AMOUNT = (
    r"(?:death\stoll|toll|number|population|price|costs?|length|height|depth|width|weight|size|age"
    r"|turnout|share|percentage|proportion|amount|salary|budget|distance|speed|temperature)"
)
_REASON = r"(?:reasons?|causes?|motives?|explanations?|rationale|grounds?)"
_IS = r"(?:['’]s|\s(?:is|was|are|were))"
_OF = r"\s(?:the|his|her|its|their|[\w’'-]+['’]s)\s(?:\w+\s)?"
_AUX = (
    r"(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should|must|might|ca)"
    r"(?:n['’]?t)?"
)
_OTHER = rf"(?:(?!{_AUX}\b|the\b|an?\b|his\b|her\b|its\b|their\b)[\w-]+ )"
#: A question that is no sentence: `the cost`, `population of Lund`.
_BARE = (
    r"\A\W*(?:(?:and|but|or|so|then)\W+)*(?:the\s|its\s|his\s|her\s|their\s)?(?:exact\s|real\s)?"
)
_ASKS = re.compile(
    rf"\b(?:who|whom|whose|what|which|when|where|why|how)\b|\A\W*(?:\w+\W+)?{_AUX}\b", re.IGNORECASE
)
_OPENED = re.compile(
    r"(?:\W*(?:(?:and|but|so|or|then|also|well|ok|okay|sorry|no|yes|actually)\W+)*)"
    r"(?:(?:by|to|with|for|from|of|about|since|until)\s)?(whom?|whose|why|where)\b"
)
#: Each pattern with what it tells: the first that is found holds.
_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("when", r"\bhow long ago\b|\bhow recently\b"),
        ("why", r"\bhow come\b"),
        (
            "how many",
            r"\bhow (?:many|much|few|long|large|big|small|old|far|tall|high|deep|wide|thick|heavy"
            r"|fast|often|frequently|expensive|hot|cold)\b"
            rf"|\b(?:what|which) (?:{_AMOUNT}|fraction|ratio|sum|figure)\b"
            rf"|\bwhat{_IS}{_OF}(?:average |total |final |exact )?{_AMOUNT}\b",
        ),
        ("when", ASKS_WHEN.pattern),
        (
            "when",
            r"\b(?:what|which) (?:exact )?(?:dates?|days?|months?|years?|week|decade|century|season"
            r"|time(?! (?:zone|limit|frame)))\b"
            rf"|\bwhat{_IS}{_OF}(?:exact )?(?:date|year|day)\b",
        ),
        (
            "why",
            r"\bwhy\b|\b(?:what|which) (?:explain(?:s|ed)|caused|led|leads|prompted|prompts"
            r"|motivated|drove|drives|triggered|made|makes|accounts for)\b"
            rf"|\b(?:what|which) {_REASON}\b|\b(?:what|which){_IS}{_OF}{_REASON}\b"
            r"|\b(?:for|on|with) (?:what|which) (?:reasons?|grounds?|purpose)\b",
        ),
        (
            "where",
            rf"\bwhere\b|\b(?:which|what) {_OTHER}?{_PLACE}\b{_NO_EVENT}"
            rf"|\bwhat{_IS}{_OF}(?:capital|location|birthplace)\b",
        ),
        ("who", rf"\b(?:who|whom|whose)\b|\b(?:which|what) {_OTHER}?{_BODY}\b"),
        ("who", rf"\bwhat{_IS}{_OF}(?:full |real )?names?\b"),
        (
            "yes/no",
            rf"\A\W*(?:(?:and|but|so|or|also|then)\W+)*{_AUX}\b"
            r"(?! (?:ist|hat|war|sind|wird|haben)\b)|\A\W*whether\b"
            rf"|,\s(?:{_AUX} (?:i|he|she|it|they|we|you|there)|right|correct)\W*\Z",
        ),
    )
)
_BARE_PATTERNS = tuple(
    (kind, re.compile(_BARE + pattern, re.IGNORECASE))
    for kind, pattern in (
        ("how many", rf"{_AMOUNT}\b"),
        ("when", r"(?:date|year|day)(?: (?:of|when)\b|\W*\Z)"),
        ("why", rf"{_REASON}(?: (?:of|for|behind|why)\b|\W*\Z)"),
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
    asked = plainly(asked).lower()
    opened = _OPENED.match(asked)
    if opened:
        return opened[1].replace("whom", "who").replace("whose", "who")
    told = next((kind for kind, pattern in _PATTERNS if pattern.search(asked)), None)
    if told is None and ASKS_NUMBER.search(asked):
        told = "how many"
    if told is None and not _ASKS.search(asked):
        told = next((kind for kind, pattern in _BARE_PATTERNS if pattern.match(asked)), None)
    return told or "other"
