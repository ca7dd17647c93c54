"""How a question leans on the turns before it.

Rules only: no model is needed to tell that "And in 2016?" or "No, I meant Lund" does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import words
from rag.types import Turn
from rag.words.mentions import CAPITAL
from rag.words.proper import STOP_WORDS, is_stop, names_in

__all__ = ["context_of", "form_of", "last_answer", "last_turns", "leans_on_history"]

_AUX = r"(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should)(?:n['’]t)?"
_PERIOD = r"(?:week|month|year|morning|spring|summer|autumn|winter|decade|century)"
#: Words that point back, but for `that` and `those` with a clause of their own, `there is`, `this
#: year`, and what a question says of its own subject (`how many lost their lives`).
_POINTS_BACK = re.compile(
    r"\b(?:he|him|she|hers|it|they|them|theirs|these|(?<!the\s)then)\b"
    rf"|\bthis\b(?!\s{_PERIOD}\b)"
    r"|\bthose\b(?!\s(?:who|that|which)\b)|\bth(?:at|ere)\W*\Z"
    r"|\bthat\s(?:year|month|week|day|night|time|spring|summer|autumn|winter)\b"
    rf"|(?:\A\W*|\b(?:{_AUX}|why|how|when|of|about|after|before|by|with|since|for|in|on|to|at|from"
    r"|than|like|behind|against|during)\s)that\b"
    rf"|\b(?:think|believe|sa(?:y|id))s?\sthat\s{_AUX}\b"
    r"|(?<!\blost\s)(?<!\blose\s)(?<!\bleft\s)(?<!\bleave\s)(?<!\bkept\s)(?<!\bchanged\s)"
    r"\b(?:his|her|its|their)\b(?!\sown\b)",
    re.IGNORECASE,
)
#: Persons who are named nowhere before: `When did she visit Baku?`, `What was his task in Baku?`
_PERSON = re.compile(r"\b(?:he|she|him|they|them|his|her|their|its)\b", re.IGNORECASE)
_POSSESSIVE = frozenset("his her their its".split())
_SOMEBODY = re.compile(r"\b(?:the|an?|which|every|each)\s+(\w+)", re.IGNORECASE)
_BEHIND_AUX = re.compile(rf"\b{_AUX}\s+\Z", re.IGNORECASE)
_LINK = (
    r"(?:when|after|before|because|that|if|while|and|as|since|though|until|than|where|who|which"
    r"|or|but)"
)
_THING = r"(?:(?:it|this|these|those)\b|(?:that|so)\b(?=\W*\Z))"
#: Things that are named nowhere before: `Did this anger Baku?`, `Who gave it to Berg?`, `When did
#: Berg sign it?`; but not `Is it true that …`.
_OPEN_THING = re.compile(
    rf"(?i:\A\W*(?:(?:wh\w+|how)\s(?:\w+\s)?)?{_AUX})\s(?:(?i:this|that|these|those)\b"
    rf"(?!\s(?i:{_PERIOD})\b)|(?i:it)\b(?!\s(?i:rain|snow|take|took|matter|come|came|happen|cost|seem"
    r"|appear|pay|make|look)\b)(?!.*\b(?i:that|to|who|whom|whether|when|why|how|what|where|for)\b))"
    rf"|(?i:\A\W*(?:who|what)\s(?!made\b|{_AUX}\b)\w+\s{_THING})(?!\s(?:(?i:was|is|were|are|had|has|the|an?|would"
    rf"|will)\b|{CAPITAL}))(?!.*\bthat\b.)"
    rf"|\b(?i:{_AUX})\s(?:{CAPITAL}[\w’'-]*\.?\s)+(?:(?!(?i:{_LINK})\b)[\w-]+\s){{1,4}}{_THING}"
    r"(?=\W*\Z|\s(?:off|up|down|out|in|on|at|to|with|for|from|by|of|into|over|again|back|too|first"
    r"|as|after|before|about|during|through|\w+ly)\b)"
    r"|(?i:\bof\s(?:these|this|it)\b)"
)
#: `What did Berg do next?`, `Who was mayor of Lund at the time?`
_OPEN_TIME = re.compile(
    r"(?i)\bat\s(?:that\s(?:time|point|moment)|the\stime(?!\s(?:of|when|that|the|as)\b))\b"
    r"|\b(?:the|that)\s(?:same|next|following|previous)\s(?:year|month|week|day|night|morning|evening"
    r"|summer|winter|spring|autumn)\b(?!\s(?:as|that|of|when)\b)"
    r"|\bsince\W*\Z|\b(?:year|month|week|day)\s(?:before|after|later|earlier)\W*\Z"
    r"|\b(?:afterwards?|meanwhile|beforehand|thereafter|subsequently)\b"
    r"|\b(?:happen(?:s|ed)?|do|came|comes|went|follow(?:s|ed)?)\s(?:\w+\s)?(?:next|then|later|before"
    r"|after)\W*\Z"
)
_TOLD_TIME = re.compile(r"(?i)\d|\b(?:when|after|before|while|once|during)\b")
#: What answers something: `Did Berg agree?`, `How did Norway react?`, `What did Berg say?`
_ANSWERING = re.compile(
    rf"(?i)\b{_AUX}\s[^?]{{1,60}}?\b(?:(?:dis)?agreed?|object(?:ed)?|respond(?:ed)?|react(?:ed)?"
    r"|repl(?:y|ied)|answer(?:ed)?|accept(?:ed)?|refused?|compl(?:y|ied)|comment(?:ed)?"
    r"|confirm(?:ed)?|den(?:y|ied)|condemn(?:ed)?|apologi[sz]ed?|protest(?:ed)?|interven(?:ed?)|approved?|consent(?:ed)?|retaliat(?:ed?)|involved|say|think"
    r"|mean|mind)\W*\Z"
)
#: `Who is Holt?` asks for all that there is; `Why Holt?` does not.
_WHOLE = re.compile(
    rf"^\W*(?:(?:who|what|where|when|why|how|which)(?:\s{_AUX}\b|['’]s\b)|tell\s(?:me|us)\s(?:all\s"
    r"|everything\s|something\s)?about\b|(?:describe|summari[sz]e|explain)\b)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"^\s*(?:(?:and|but|so|or|also|what about|how about)\b\W*)+", re.IGNORECASE)
_OWN_FORM = re.compile(
    rf"\b(?:who|whom|whose|what|which|when|where|why|how|{_AUX}|list|describe|tell|give|name|show"
    r"|explain|summari[sz]e|compare|elaborate|translate|outline)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^\s*(and|but|so|or|also|what about|how about|(?:what|who|where|when|why|how)\s(?:else|others?"
    r"|more)(?!\sthan)|(?:which|any)\sothers?(?!\sthan)|any(?:thing|one|body)\s(?:else|more)"
    r"|why(?: not)?\?"
    r"|(?:is|are|was|were)\sthere\s(?:any\s)?(?:others?|another|more)(?!\sthan)"
    rf"|{_AUX}\s(?:any\s|the\s)?others?(?!\sthan))(?=\W|$)",
    re.IGNORECASE,
)
#: `No, I meant 2016`, `actually Lund`, `the same for Lund`, `besides Berg`: more is asked of the
#: question before, unless a question of its own comes behind.
_AMENDS = re.compile(
    r"(?i)\A\W*(?:(?:no|nope|sorry|pardon|oops|wait|ah|oh|ok|okay|well|yes|yeah)\b\W*)*"
    r"(?:(?:i|we)\s(?:meant?(?:\sto\s(?:say|ask))?|(?:was|am)\sasking|asked)(?:\s(?:about|for))?"
    r"|actually|rather|instead(?:\sof)?|make\s(?:that|it)|not|(?:the\s)?same(?=\W*\Z|\s(?:question\s"
    r"|thing\s|again\s)?(?:for|in|with|about|on|as|of)\b)|sorry|besides|except|apart\sfrom"
    r"|other\sthan|unlike|without|others?|another|only|more|(?:less|fewer)\sthan"
    r"|vs|versus|compared\s(?:to|with)|according\sto)\b\W*"
)
#: `Norway, not Denmark`.
_NOT_THAT = re.compile(r"(?i)\A\W*(?:[\w’'-]+\s){0,3}[\w’'-]+,\s(?:and\s)?not\s")
#: `Ok, and in 2016?`, `Thanks! Who else?`
_COURTESY = re.compile(
    r"(?i)\A\W*(?:(?:ok|okay|thanks|thank you|yes|yeah|hm+|oh|ah|hi|hello)\b[\s,.!;:—–-]+"
    r"|no\s(?:wait|sorry)\b[\s,.!;:—–-]*|(?:wait|sorry|oops"
    r"|no|great|good|nice|right|well|wow|cool|alright|fine|perfect|interesting|got it|i see)\b"
    r"[,.!;:—–-]+\s*)+(?=\w)"
)
_TIME_WORDS = frozenset(
    """january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday
    sunday year years month months week weeks day days night morning evening spring summer autumn
    winter century decade next previous following last later earlier afterwards same time moment
    today now yesterday tomorrow early late mid""".split()
)
_TASK = re.compile(
    r"(?i)\A\W*(?:please\s)?(?:give|show|list|name|tell|compare)\b(?:\s(?:me|us)\b)?"
)
_MARKER = re.compile(r"\s*\[\d+\]")
_REFUSAL = re.compile(r"^\s*the documents do not say", re.IGNORECASE)
#: What is answered, not what is asked: `Who said that?`, `Which of them?`, `The second one?`
_ANSWERED = re.compile(
    r"\b(?:that|this|it|its|he|she|him|his|hers?|they|them|theirs?|those|these|ones?|former|latter)\b",
    re.IGNORECASE,
)
#: Follow-ups that a question is read with, beside the question that they all lean on, and
#: characters of the answer.
_CHAIN, _LONGEST = 2, 300


def leans_on_history(text: str, history: Sequence[Turn]) -> bool:
    """Whether a question cannot be understood without the turns before it."""
    if not any(turn.role == "user" for turn in history):
        return False
    text = _COURTESY.sub("", text)
    amended = _AMENDS.sub("", text, count=1)
    if _OPENERS.match(text) or (amended != text and not _OWN_FORM.search(amended)):
        return True
    if not _OWN_FORM.search(text) and _NOT_THAT.search(text):
        return True
    if not _OWN_FORM.search(text) and _only_time(text):
        return True
    names = names_in(text)
    points = _POINTS_BACK.search(text) is not None
    if len(_content(text)) <= 1 and (points or not names or not _WHOLE.match(text)):
        return True
    if _ANSWERING.search(text) or _leaves_open_when(text):
        return True
    return _leaves_open_who(text) or _leaves_open_what(text) if names else points


def _leaves_open_who(text: str) -> bool:
    """Whether a pronoun stands for a person whom nothing before it tells."""
    person = _PERSON.search(text)
    if person is None:
        return False
    before = text[: person.start()]
    if names_in(before) or (person[0].lower() in _POSSESSIVE and _content(before)):
        return False
    told = any(noun.lower() not in STOP_WORDS for noun in _SOMEBODY.findall(before))
    return not told or _BEHIND_AUX.search(before) is not None


def _leaves_open_what(text: str) -> bool:
    return _OPEN_THING.search(" ".join(text.split())) is not None


def _leaves_open_when(text: str) -> bool:
    """Whether a time is meant that nothing before it tells."""
    found = _OPEN_TIME.search(text)
    return found is not None and not _TOLD_TIME.search(text[: found.start()])


def _only_time(text: str) -> bool:
    """`In May 2017?`, `The next day?`"""
    content = _content(text)
    return bool(content) and all(w in _TIME_WORDS or w[0].isdigit() for w in content)


def _content(text: str) -> list[str]:
    return [w for w in words(_TASK.sub("", text)) if not is_stop(w)]


def context_of(text: str, history: Sequence[Turn]) -> str:
    """The earlier words a follow-up leans on.

    "Who said that?" points at what was answered; "And in 2016?" at what was asked.
    """
    first, *others = _chain(history) or [""]
    asked = " ".join(_ended(q, "?") for q in (first, *others[-_CHAIN:]) if q)
    answered = last_answer(history)
    if len(answered) > _LONGEST:
        answered = answered[: _LONGEST + 1].rpartition(" ")[0]  # no name is cut in two
    points = _ANSWERED.search(text) or _leaves_open_when(text)
    return f"{asked} {_ended(answered, '.')}" if points and answered else asked


def _ended(text: str, sign: str) -> str:
    """The text with a sign at its end, so that what comes behind begins a sentence."""
    return text if text.rstrip("\"'”’)» ").endswith((".", "?", "!", "…")) else f"{text}{sign}"


def _chain(history: Sequence[Turn]) -> list[str]:
    """The last question, behind those that it leans on: the first one stands alone."""
    chain: list[str] = []
    for n in reversed(range(len(history))):
        asked = history[n].content.strip()
        if history[n].role != "user" or (chain and not asked):
            continue
        chain.insert(0, asked)
        if not leans_on_history(asked, history[:n]):
            break
    return chain


def form_of(text: str, history: Sequence[Turn]) -> str:
    """The question that says what is wanted; a follow-up without a verb asks the one before it."""
    asked = [*_chain(history), text]
    return next((q for q in reversed(asked) if _OWN_FORM.search(_bare(q))), text)


def _bare(text: str) -> str:
    """A question without `Ok, and what about`."""
    return _ALSO.sub("", _COURTESY.sub("", text))


def last_answer(history: Sequence[Turn]) -> str:
    """The last answer without its markers; empty where there is none or it was refused."""
    return last_turns(history)[1]


def last_turns(history: Sequence[Turn]) -> tuple[str, str]:
    """What was asked last, and the answer to it without markers; empty where it was refused."""
    asked = next((t.content for t in reversed(history) if t.role == "user"), "").strip()
    answered = next((t.content for t in reversed(history) if t.role == "assistant"), "")
    return asked, "" if _REFUSAL.match(answered) else _MARKER.sub("", answered).strip()
