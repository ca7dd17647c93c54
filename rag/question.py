"""What a question asks for, read from its words and from the conversation before it.

Rules only: no model is needed to tell that "And in 2016?" leans on the turn before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.differ import ASKS_WHEN
from rag.mentions import CAPITAL, undotted
from rag.text import words
from rag.types import Turn

__all__ = ["Earlier", "Question", "last_answer", "leans_on_history", "names_in", "understand"]

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by
    can could did do does doing done during each else even ever few for from further had has have
    having he her here hers him his how i if in into is it its itself just like many me might more
    most much must my near no nor not of off on once one only or other our out over own per please
    said say says shall she should so some such tell than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with within without would yet you your
    """.split()
)

_AUX = r"(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should)"
#: Words that point back, but for `that` and `those` with a clause of their own, `there is`, `this
#: year`, and what a question says of its own subject (`how many lost their lives`).
_POINTS_BACK = re.compile(
    r"\b(?:he|him|she|hers|it|they|them|theirs|these|(?<!the\s)then)\b"
    r"|\bthis\b(?!\s(?:week|month|year|morning|spring|summer|autumn|winter|decade|century)\b)"
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
_PERSON = re.compile(r"\b(?:he|she|him|they|them|his|her|their)\b", re.IGNORECASE)
_POSSESSIVE = frozenset("his her their".split())
_SOMEBODY = re.compile(r"\b(?:the|an?|which|every|each)\s+(\w+)", re.IGNORECASE)
_BEHIND_AUX = re.compile(rf"\b{_AUX}\s+\Z", re.IGNORECASE)
#: `Who is Holt?` asks for all that there is; `Why Holt?` does not.
_WHOLE = re.compile(rf"^\W*(?:who|what|where|when|why|how|which)\s{_AUX}\b", re.IGNORECASE)
_ALSO = re.compile(r"^\s*(?:(?:and|but|so|or|also|what about|how about)\b\W*)+", re.IGNORECASE)
_OWN_FORM = re.compile(
    rf"\b(?:who|whom|whose|what|which|when|where|why|how|{_AUX}|list|describe|tell|give|name|show)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^\s*(and|but|so|or|also|what about|how about|what else|who else|anything else|why(?: not)?\?)"
    r"(?=\W|$)",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?<![\w.]){CAPITAL}[\w’'\-]*")
_TITLE = (
    r"(?:Messrs|Mrs?|Ms|Mx|Dr|Prof|Gen|Col|Lt|Capt|Maj|Sgt|Adm|Cmdr|Brig|Sen|Rep|Gov|Rev|Hon|St|Pres"
    r"|Amb|Mme|Mlle|Jr|Sr)"
)
_TITLED = re.compile(rf"{_TITLE}\b")
_STARTS = re.compile(r"(?:^|[.?!]\s+)[\"'“‘(]*$")
#: A stop that ends no sentence, behind a title or an initial.
_SHORT = re.compile(rf"(?:\b{_TITLE}|(?<![\w’'.-]){CAPITAL})\.\s+[\"'“‘(]*$")
#: Characters before a word that tell whether it begins a sentence.
_NEAR = 24
_BEFORE_NAME = re.compile(rf"\.(?!\w)|\s{CAPITAL}")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_MARKER = re.compile(r"\s*\[\d+\]")
_REFUSAL = re.compile(r"^\s*the documents do not say", re.IGNORECASE)

#: Weights of the last answer and of the last question in retrieval, beside 1 for the question
#: itself; `_ALONE` is the share of them for a question that reads as if it stood alone.
_ANSWERED, _ASKED, _ALONE = 0.7, 0.1, 0.8
#: Follow-ups that a question is read with, beside the question that they all lean on.
_CHAIN = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said before a question, and its weight in retrieval beside the question's own 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready for retrieval and reading.

    `text` is what the user typed; `full` stands on its own, with the turns it leans on in front.
    `terms` are its content words in order of appearance, lower-cased; `names` are those that
    are written as names (a capital that the sentence start does not explain), spelled as they
    stand, and `numbers` those with digits. `kind` is `who`, `when`, `where`, `how many`, `why`,
    `yes/no` or `other`. `rarity` says how rare each of its analysed terms is in the index, in
    (0, 1], where it is known. `earlier` is what retrieval also looks for, for any question with a
    history: most follow-ups do not show that they are one. `form` is the question that says what
    is wanted: `text`, or an earlier one that "And in 2016?" asks again.
    """

    text: str
    full: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    kind: str
    rarity: Mapping[str, float] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()
    form: str = ""


def understand(text: str, history: Sequence[Turn] = ()) -> Question:
    """Reads a question in the light of the turns before it."""
    leans = leans_on_history(text, history)
    full = f"{_context(text, history)} {text}" if leans else text
    form = _form(text, history) if leans else text
    return Question(
        text=text,
        full=full,
        terms=_unique(w for w in words(full) if w not in STOP_WORDS),
        names=_unique(names_in(full)),
        numbers=_unique(_NUMBER.findall(full)),
        kind=_kind(form) if _kind(text) == "other" else _kind(text),
        earlier=_earlier(history, 1.0 if leans else _ALONE),
        form=form,
    )


def leans_on_history(text: str, history: Sequence[Turn]) -> bool:
    """Whether a question cannot be understood without the turns before it."""
    if not any(turn.role == "user" for turn in history):
        return False
    names = names_in(text)
    if _OPENERS.match(text):
        return True
    points = _POINTS_BACK.search(text) is not None
    if len(_content(text)) <= 1 and (points or not names or not _WHOLE.match(text)):
        return True
    return _leaves_open_who(text) if names else points


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


def _content(text: str) -> list[str]:
    return [w for w in words(text) if w not in STOP_WORDS]


def _context(text: str, history: Sequence[Turn]) -> str:
    """The earlier words a follow-up leans on.

    "Who said that?" points at what was answered; "And in 2016?" at what was asked.
    """
    points_at_answer = re.search(
        r"\b(that|this|it|he|she|him|his|her|they|those|these)\b", text, re.IGNORECASE
    )
    first, *others = _chain(history) or [""]
    asked, answered = " ".join([first, *others[-_CHAIN:]]), last_answer(history)
    return f"{asked} {answered[:300]}" if points_at_answer and answered else asked


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


def _form(text: str, history: Sequence[Turn]) -> str:
    """The question that says what is wanted; a follow-up without a verb asks the one before it."""
    asked = [*_chain(history), text]
    return next((q for q in reversed(asked) if _OWN_FORM.search(_ALSO.sub("", q))), text)


def _earlier(history: Sequence[Turn], share: float) -> tuple[Earlier, ...]:
    """The last answer, which names most of what a follow-up is about, and the last question."""
    asked, answered = _last_turns(history)
    if not answered:
        return (Earlier(asked, share * _ANSWERED),) if asked else ()
    found = (Earlier(answered, share * _ANSWERED), Earlier(asked, share * _ASKED))
    return tuple(e for e in found if e.text)


def last_answer(history: Sequence[Turn]) -> str:
    """The last answer without its markers; empty where there is none or it was refused."""
    return _last_turns(history)[1]


def _last_turns(history: Sequence[Turn]) -> tuple[str, str]:
    """What was asked last, and the answer to it without markers; empty where it was refused."""
    asked = next((t.content for t in reversed(history) if t.role == "user"), "").strip()
    answered = next((t.content for t in reversed(history) if t.role == "assistant"), "")
    return asked, "" if _REFUSAL.match(answered) else _MARKER.sub("", answered).strip()


def names_in(text: str) -> list[str]:
    """Capitalised words that are not merely the first word of a sentence, nor titles, initials."""
    names = []
    text, shouted = undotted(text), text.isupper()
    for match in _NAME.finditer(text):
        word = match.group().rstrip("’'-")
        word = re.sub(r"[’']s$", "", word)
        start = match.start()
        before = text[:start] if start <= _NEAR else f"_{text[start - _NEAR : start]}"
        at_start = _STARTS.search(before) is not None and _SHORT.search(before) is None
        short = len(word) == 1 or _TITLED.fullmatch(word) is not None
        stops = word.lower() in STOP_WORDS and (len(word) == 1 or shouted or not word.isupper())
        if stops or (at_start and not word.isupper()):
            continue
        if short and _BEFORE_NAME.match(text, match.end()):
            continue
        names.append(word)
    return names


def _kind(text: str) -> str:
    lowered = text.lower()
    opened = re.match(r"\W*(?:(?:and|but|so)\W+)?(who|why|where)\b", lowered)
    if opened:
        return opened[1]
    patterns = (
        ("how many", r"\bhow (many|much|long|large|big|old|far)\b"),
        ("when", ASKS_WHEN.pattern),
        ("why", r"\b(why|what (explains|explanations?|reasons?|caused)|for what reason)\b"),
        ("where", r"\b(where|which (city|town|country|place)|in what (city|town|country))\b"),
        ("who", r"\b(who|whom|whose)\b"),
        ("yes/no", r"^\s*(did|do|does|is|are|was|were|has|have|had|can|could|will|would)\b"),
    )
    return next((kind for kind, pattern in patterns if re.search(pattern, lowered)), "other")


def _unique(items: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))  # type: ignore[call-overload]
