"""What a question asks for, read from its words and from the conversation before it.

Rules only: no model is needed to tell that "And in 2016?" leans on the turn before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.mentions import undotted
from rag.text import words
from rag.types import Turn

__all__ = ["Earlier", "Question", "last_answer", "leans_on_history", "understand"]

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

_ANAPHORA = frozenset(
    "he him his she her hers it its they them their theirs that this these those there then".split()
)
_OPENERS = re.compile(
    r"^\s*(and|but|so|or|also|what about|how about|what else|who else|anything else|why(?: not)?\?)"
    r"(?=\W|$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w.])[^\W\d_a-z][\w’'\-]*")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_MARKER = re.compile(r"\s*\[\d+\]")
_REFUSAL = re.compile(r"^\s*the documents do not say", re.IGNORECASE)

#: Weights of the last answer and of the last question in retrieval, beside 1 for the question
#: itself; `_ALONE` is the share of them for a question that reads as if it stood alone.
_ANSWERED, _ASKED, _ALONE = 0.7, 0.1, 0.8


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
    history: most follow-ups do not show that they are one.
    """

    text: str
    full: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    kind: str
    rarity: Mapping[str, float] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()


def understand(text: str, history: Sequence[Turn] = ()) -> Question:
    """Reads a question in the light of the turns before it."""
    leans = leans_on_history(text, history)
    full = f"{_context(text, history)} {text}" if leans else text
    return Question(
        text=text,
        full=full,
        terms=_unique(w for w in words(full) if w not in STOP_WORDS),
        names=_unique(_names(full)),
        numbers=_unique(_NUMBER.findall(full)),
        kind=_kind(text),
        earlier=_earlier(history, 1.0 if leans else _ALONE),
    )


def leans_on_history(text: str, history: Sequence[Turn]) -> bool:
    """Whether a question cannot be understood without the turns before it."""
    if not any(turn.role == "user" for turn in history):
        return False
    tokens = words(text)
    content = [w for w in tokens if w not in STOP_WORDS]
    if _OPENERS.match(text) or len(content) <= 1:
        return True
    return any(w in _ANAPHORA for w in tokens) and len(_names(text)) == 0


def _context(text: str, history: Sequence[Turn]) -> str:
    """The earlier words a follow-up leans on.

    "Who said that?" points at what was answered; "And in 2016?" at what was asked.
    """
    points_at_answer = re.search(r"\b(that|this|it|he|she|they|those|these)\b", text, re.IGNORECASE)
    asked, answered = _last_turns(history)
    return f"{asked} {answered[:300]}" if points_at_answer and answered else asked


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


def _names(text: str) -> list[str]:
    """Capitalised words that are not merely the first word of a sentence."""
    names = []
    text, shouted = undotted(text), text.isupper()
    for match in _NAME.finditer(text):
        word = match.group().rstrip("’'-")
        word = re.sub(r"[’']s$", "", word)
        at_start = re.search(r"(^|[.?!]\s+)[\"'“‘(]*$", text[: match.start()]) is not None
        stops = word.lower() in STOP_WORDS and (len(word) == 1 or shouted or not word.isupper())
        if stops or (at_start and not word.isupper()):
            continue
        names.append(word)
    return names


def _kind(text: str) -> str:
    lowered = text.lower()
    patterns = (
        ("how many", r"\bhow (many|much|long|large|big|old|far)\b"),
        ("when", r"\b(when|what (year|date|day|month)|which (year|date|day|month)|since when)\b"),
        ("why", r"\b(why|what (explains|explanations?|reasons?|caused)|for what reason)\b"),
        ("where", r"\b(where|which (city|town|country|place)|in what (city|town|country))\b"),
        ("who", r"\b(who|whom|whose)\b"),
        ("yes/no", r"^\s*(did|do|does|is|are|was|were|has|have|had|can|could|will|would)\b"),
    )
    return next((kind for kind, pattern in patterns if re.search(pattern, lowered)), "other")


def _unique(items: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))  # type: ignore[call-overload]
