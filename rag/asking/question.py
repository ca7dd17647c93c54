"""What a question asks for, read from its words and from the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.asking.kinds import kind_of
from rag.asking.turns import context_of, form_of, last_answer, last_turns, leans_on_history
from rag.text import words
from rag.types import Turn
from rag.words.proper import STOP_WORDS, is_stop, names_in

__all__ = [
    "STOP_WORDS",
    "Earlier",
    "Question",
    "last_answer",
    "leans_on_history",
    "names_in",
    "understand",
]

#: `MH17` and `G7` are names, and no numbers.
_NUMBER = re.compile(r"(?<![^\W_])(?:\d[\d,.]*\d|\d)")
#: The number of a question in a list.
_LISTED = re.compile(r"\A\s*\(?\d{1,3}[.)]\s")

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
    leans, kind = leans_on_history(text, history), kind_of(text)
    full = f"{context_of(text, history)} {text}" if leans else text
    form = form_of(text, history) if leans and kind == "other" else text
    return Question(
        text=text,
        full=full,
        terms=_unique(w for w in words(full) if not is_stop(w)),
        names=_unique(names_in(full)),
        numbers=_unique(_NUMBER.findall(_LISTED.sub("", full))),
        kind=kind_of(form),
        earlier=_earlier(history, 1.0 if leans else _ALONE),
        form=form,
    )


def _earlier(history: Sequence[Turn], share: float) -> tuple[Earlier, ...]:
    """The last answer, which names most of what a follow-up is about, and the last question."""
    asked, answered = last_turns(history)
    if not answered:
        return (Earlier(asked, share * _ANSWERED),) if asked else ()
    found = (Earlier(answered, share * _ANSWERED), Earlier(asked, share * _ASKED))
    return tuple(e for e in found if e.text)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
