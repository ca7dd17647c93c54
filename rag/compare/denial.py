"""What counts as a denial: negations, and words against what somebody says.

Patterns over English (and the commonest negations of a few other languages), in one place, so that
a rule that needs to know whether a sentence denies something asks here.
"""

from __future__ import annotations

import re

__all__ = [
    "DENY",
    "UNDONE",
    "agrees",
    "answers_back",
    "charges",
    "claims",
    "denied_before",
    "denies",
    "negated",
    "opposes",
    "parity",
    "turns",
]

#: A day, before which `not` denies nothing: `not opened before 1995`.
_DAY = (
    r"\s(?:\d|(?:the|next|this|last|early|mid|late)\s(?:end|start|beginning|middle|week|month|year"
    r"|spring|summer|autumn|winter)|(?-i:[A-Z])\w+(?:day|uary|ch|ril|ber)\b|(?-i:May|June|July|August)"
    r"|noon|midnight|dawn|dusk|tomorrow|spring|summer|autumn|winter)"
)
_NOT = re.compile(
    r"(?i)(?:(?:\bnot|n['’]t)\b(?!\s(?:only|less|more|fewer|later|just|least|merely|simply|yet"
    r"|all|every\w*|always|necessarily|entirely|until|till|before|any\s(?:more|longer)"
    r"|the\s(?:first|last|only))\b)"
    rf"(?![^.;]{{0,300}}\b(?:until|till|before(?={_DAY}))\b|[^.;,]{{0,300}}\bbut\b)"
    r"|\bnever\b(?!\s(?:before|mind)\b)"
    r"|\bno\b(?!\.\s?\d|\s(?:fewer|less|more|later|longer|doubt|sooner|matter)\b)|\bcannot\b)"
)
#: `Holt, not Berg, led it`; `whether or not it holds`; `if not`.
_NO_DENIAL = re.compile(r"(?i)(?<=,\s)not\s|\b(?:or|if|why)\snot\b")

#: Every word that turns a sentence round, also those that `negated` lets pass.
_TURNS = re.compile(
    r"(?i)n['’]t\b|\b(?:nearly|almost)\s(?=\w+ed\b)|\b(?:not(?!\sonly\b)|no(?!\.\s?\d|\sdoubt\b)"
    r"|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|scarcely"
    r"|nicht|nichts|kein\w*|nie|niemals|niet|geen|ne|pas|jamais|non|não|nunca|не|нет|никогда)\b"
    r"(?!\s(?:fewer|less|more|later|earlier|sooner)\sthan\b)"
)

DENY = r"(?:den(?:y|ies|ied)|disput(?:e|es|ed))"
_SAID = (
    r"(?:claims?|charges?|accusations?|allegations?|figures?|numbers?|reports?|accounts?|counts?"
    r"|estimates?|versions?|story|suggestions?|ideas?|notions?|arguments?|views?|interpretations?"
    r"|descriptions?|explanations?)"
)
_THIS = r"(?:it|this|that|both)"
_THE_SAID = rf"(?:the|this|that|these|such|all|any)\s{_SAID}"
_CHARGES = r"(?:the|these|those|such|all|any)\s(?:charges?|accusations?|allegations?)"
#: What is no truth: `calls that a lie`, `That is nonsense`.
_UNTRUE = (
    r"(?:an?\s)?(?:(?:\w+ly|pure|sheer|complete|utter|absolute|total)\s)?(?:lies?|nonsense|rubbish|absurd(?:ity)?"
    r"|myth|fiction|invention|untrue|false|wrong|baseless|unfounded|ridiculous|slander|propaganda"
    r"|fabrications?|fabricated|incorrect|too\ssimple|a\smisunderstanding|not\s(?:true|so|correct"
    r"|the\scase))"
)
_BACK = re.compile(
    rf"(?i)\b{DENY}\s(?P<that>that)(?=\s(?!(?:in|at|on|before|and|but)\b)\w)"
    rf"|\b(?:{DENY}|reject(?:s|ed)?|contest(?:s|ed)?|contradict(?:s|ed)?|refut(?:es?|ed)|doubt(?:s|ed)?"
    rf"|dismiss(?:es|ed)?)\s(?:{_THIS}|(?P<having>having)|(?P<charges>{_CHARGES})|{_THE_SAID})\b"
    r"|\b(?:says?|insists?|claims?)\sotherwise\b"
    rf"|\bcall(?:s|ed)?\s(?:{_THIS}|{_THE_SAID})\s{_UNTRUE}\b"
    rf"|\b(?:(?<!believe\s)(?:it|this|that)|{_THE_SAID})\s(?:is|was|are|were)\s{_UNTRUE}(?=\W*\Z|[,;.!”]|\s(?:and|said|says)\b)"
    rf"|\b(?:not|n['’]t)\s(?:believe|accept|buy)\s(?:{_THIS}|{_THE_SAID})\b|\A\W*not\sat\sall\b"
    rf"|\bdisagree[sd]?(?=\W*\Z)|\bnot\sso\b(?=,)|\bthat['’]s\s{_UNTRUE}\b|\A\W*{_UNTRUE}\W*(?:\Z|(?:said|says|repl\w+|answer\w*)\b)"
    r"|\bsees?\s(?:it|this|that|things|the\smatter)\s(?:\w+\s)?differently\b"
    r"|\b(?:is|are|was|were)\s(?:not\s|un)convinced\b|\bbegs?\sto\sdiffer\b"
    r"|\bprotest(?:s|ed)?\s(?:his|her|its|their)\sinnocence\b|\bplead(?:s|ed)?\snot\sguilty\b"
    r"|\b(?:insist|maintain|repl(?:y|ie)|say|swear|claim)(?:s|ed)?\s(?:that\s)?\w+\s(?:did|does|do|was|were|is"
    r"|are|has|have|had|will|would|can|could)(?:\snot|n['’]t)(?=\W*\Z)"
    rf"|\b(?:charge|accusation|allegation|claim|suggestion)s?\s(?:\w+\s)?(?:has|have|had|is|are|was|were)\s(?:no\s"
    r"(?:basis|foundation|truth)|without\s(?:basis|foundation))\b"
    r"|\btakes?\s(?:an?|the)\s(?:opposite|contrary|different|other)\sview\b"
)
#: `He does not dispute it`.
_UNDENIED = re.compile(
    r"(?i)(?:\b(?:not|never|nobody|no one|without|neither|none|cannot)|n['’]t)\b[^,;]*\Z"
)
_DENIES = re.compile(rf"(?i)\b(?:{DENY}|reject(?:s|ed)? (?:the|that|this|it)|dismiss(?:es|ed)?)\b")
_OPPOSES = re.compile(
    r"(?i)\b(?:disagree[sd]?(?!\s(?:about|over|on)\s(?!(?:it|this|that)\b))"
    r"|opposite (?:view|conclusion|lesson)|repl(?:y|ies|ied) that"
    r"|rejected the (?:charge|claim|accusation)|den(?:y|ies|ied)|less sure|on the contrary"
    r"|counter(?:s|ed) that|sees? (?:it|this|that|things) (?:\w+ )?differently"
    r"|(?:is|are|was|were) (?:not convinced|unconvinced|(?:more )?s[ck]eptical)|begs? to differ"
    r"|takes? (?:a|the) (?:different|contrary|other) view)\b"
)
_AGREES = re.compile(
    r"(?i)\b(?:too|also|likewise|as well|the same|agree[sd]?|adds?|added|shares?|shared"
    r"|concur(?:s|red)?|echo(?:es|ed))\b"
)
_CLAIMS = re.compile(
    r"(?i)\b(?:claim|accus|alleg|charg|said|says|insist|according|blam|believ|argu|maintain"
    r"|suggest|vouch|promis|assur|assert|contend|regard|consider|declar|guarante)\w*|\bcall(?:s|ed)?\b|\bspeaks?\sof\b|\bspoke\sof\b"
    r"|\b(?:found|report\w*|think\w*|was told|were told) that\b"
)
_ACCUSES = re.compile(r"(?i)\b(?:accus|alleg|charg|blam|claim|guilt|suspect|indict|prosecut)\w*")
UNDONE = re.compile(
    r"(?i)\b(?:not yet|yet to|no longer|any (?:more|longer)|so far|not (?:all|every\w*|always"
    r"|necessarily|entirely|only)|almost|nearly|partly|half)\b"
)
"""What leaves it open or makes it so for a time or in part: it says neither yes nor no."""
_WITHHELD = re.compile(
    r"(?i)\b(?:nothing|nobody|none|neither|hardly|barely|scarcely|(?:(?:refus|declin)e[sd]?|fail(?:s|ed)?)\sto"
    rf"|unable\sto|far\sfrom|{DENY}\s(?:that|having|it\b)|without(?=\s\w+ing\b)"
    r"|(?:false|untrue|a\slie|a\smyth)\sthat|rule[sd]?\sout)\b"
)


def negated(text: str) -> bool:
    """Whether a sentence denies something; `not until 1995` and `no fewer than` deny nothing."""
    return _NOT.search(_NO_DENIAL.sub(" ", text)) is not None


def turns(text: str) -> int:
    """How many words turn a text round, also such as `negated` lets pass."""
    return len(_TURNS.findall(text))


def parity(clause: str) -> bool:
    """Whether a clause says no: by an odd number of negations, verbs such as `refuse to` too."""
    bare = _NO_DENIAL.sub(" ", clause)
    return (len(_NOT.findall(bare)) + len(_WITHHELD.findall(bare))) % 2 == 1


def denies(text: str) -> bool:
    """Whether somebody denies something there; `does not deny it` is no denial."""
    return any(not _UNDENIED.search(text[: m.start()]) for m in _DENIES.finditer(text))


def denied_before(before: str) -> bool:
    """Whether what stands before a word turns it round: `does not`, `nobody`."""
    return _UNDENIED.search(before) is not None


def answers_back(text: str) -> re.Match[str] | None:
    """Where a sentence denies what stands before it.

    Group `charges` is set where it denies such; `that` and `having` begin an object of its own.
    """
    found = _BACK.search(text)
    return None if found is None or _UNDENIED.search(text[: found.start()]) else found


def claims(text: str) -> bool:
    """Whether a sentence has somebody claim something."""
    return _CLAIMS.search(text) is not None


def charges(text: str) -> bool:
    """Whether somebody is accused there."""
    return _ACCUSES.search(text) is not None


def opposes(text: str) -> bool:
    """Whether somebody disagrees there with somebody else."""
    return _OPPOSES.search(text) is not None


def agrees(text: str) -> bool:
    """Whether a sentence joins what was said before it."""
    return _AGREES.search(text) is not None
