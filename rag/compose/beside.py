"""What may stand beside the best sentence of an answer: what says something of what is asked.

The probabilities of a reader tell near sentences from far ones, and a remark from a statement less
well. So a sentence has to share a word with the question, hold the kind of thing that it seeks, or
go on with the best one; for a question of reasons it has to say something at all.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.asking.question import Question
from rag.compare.denial import charges, claims, opposes
from rag.compare.opposites import roots, shared
from rag.compose.leaning import is_reply, leaned_on, leans_back, sentence_before
from rag.compose.period import Period, asked_for, opened
from rag.dates.when import Moment, moments
from rag.judging.features import span_features
from rag.judging.judgement import log_odds
from rag.speech.speakers import LABEL
from rag.store.database import date_range
from rag.text import words
from rag.types import Document, EvidenceSentence, Hit, Span
from rag.words.furniture import is_furniture
from rag.words.mentions import lacking_names, mentions_of

__all__ = ["Pick", "adds", "answers_alone", "bound", "only_asks", "states"]

Pick = tuple[Hit, EvidenceSentence]

#: How far, in log odds of support, one of another document may be behind the best one: of a
#: disputed matter, of any, and what somebody holds; so far that only its passage holds a word
#: asked about; and so near that the reader takes the two for as good.
FARTHEST_SIDE, FARTHEST, FARTHEST_CLAIM, APART, AS_GOOD = 4.5, 5.0, 6.0, 3.5, 1.0

#: How far one may be that names nothing of what is sought, and is yet nearly as good.
NEAR = 2.0

#: Content words of a sentence from which it says something without one of the question.
SAYS = 2

#: Kinds of question that a sentence answers by what it names or by the question's own words.
_NAMED = frozenset({"who", "where", "when", "how many", "yes/no"})

#: What a question asks with, and not about.
_ASKING = roots(
    "explanation explanations reason reasons position positions view views opinion opinions"
    " argument arguments theory theories interpretation version response reaction claim claims"
    " account accounts say think believe expect argue want see ask answer give happen come go"
    " mention list name show get take make do tell describe people person thing things kind way"
    " really true"
)
#: What somebody holds, beside what `claims` tells: `Some say that`, `Her view is that`.
_THINKS = re.compile(
    r"(?i)\b(?:say|thinks?|warn(?:s|ed)?|doubts?|doubted|reckon(?:s|ed)?|(?:hold|holds|held|told\s\w+"
    r"|(?:view|opinion|guess|reading|answer|explanation|theory)\s(?:is|was))\sthat)\b"
)
_ABOUT_ASKING = re.compile(
    r"(?i)\b(?:ask(?:s|ed|ing)?|questions?|wonder(?:s|ed)?|doubt(?:s|ed)?)\b"
)
#: Units and small words that say nothing by themselves: `Five yrs is short.`
_BARE = roots(
    "yrs year years month months week weeks day days hour hours minute minutes yes no nobody"
    " everybody somebody none nothing many much few lot all both neither still too very quite just"
    " really here now again anyway ok okay sure well"
    " one two three four five six seven eight nine ten dozen hundred hundreds"
)
#: Characters before a time that may say `since` or `until`.
_BEFORE = 80
#: What stood then may have been told long before.
_AS_OF = re.compile(r"(?i)\bas\s(?:of|at|on)\b|\b(?:latest|newest|most\srecent)\b")


def states(question: Question, document: Document, span: Span) -> bool:
    """Whether a sentence states something: it does not only ask, and is no furniture."""
    return not (only_asks(question, document, span) or is_furniture(document, span))


def only_asks(question: Question, document: Document, span: Span) -> bool:
    """Whether a sentence is a question, and not for one who asks what was asked."""
    asks = span.of(document.text).rstrip("\"'”’)»* ").endswith("?")
    return asks and _ABOUT_ASKING.search(question.text) is None


def adds(question: Question, pick: Pick, best: Pick, document: Document) -> bool:
    """Whether a likely sentence adds to an answer, beside the best one."""
    span = pick[1].span
    said = span.of(document.text)
    if not states(question, document, span):
        return False
    if _goes_on(question, pick, best, document):
        return True
    if is_reply(said) or document.language != "en":
        return not is_reply(said)
    said = _unlabelled(said)
    if not roots(question.full) - _ASKING:
        return True  # `What happened?`
    if _touches(roots(question.full), said) or span_features(question, said)[0]:
        return True
    told = _lead(pick, best) <= NEAR or _holds(said) or not _is_worded(question, best)
    return (told or question.kind not in _NAMED) and _content(said) >= SAYS


def bound(question: Question, pick: Pick, best: Pick, document: Document, *, close: bool) -> bool:
    """Whether a sentence that stands apart from the best one tells of the same matter.

    Its passage names what the question names, and holds a word of what is asked; with `close` the
    sentence itself does, with what it leans on. It tells of no other time than the one asked about.
    """
    hit, sentence = pick
    span = sentence.span
    if document.language != "en" or hit.passage.source == best[0].passage.source:
        return True
    behind, said = _lead(pick, best), span.of(document.text)
    farthest = FARTHEST_CLAIM if _holds(said) else FARTHEST_SIDE if close else FARTHEST
    if behind > farthest or _of_another_time(question, document, span):
        return False
    if behind <= AS_GOOD:
        return True
    around = f"{hit.passage.title or ''} {hit.passage.text}"
    if lacking_names(question.full, question.names, mentions_of(around)):
        return False
    text = document.text
    close = close or behind > APART
    own = " ".join(s.of(text) for s in (*leaned_on(document, span), span)) if close else around
    if _touches(_asked(question), own) or not (behind > APART or _is_worded(question, best)):
        return True
    return not close and bool(question.names)


def answers_alone(
    question: Question, pick: Pick, best: Pick, document: Document, *, close: bool
) -> bool:
    """Whether a sentence is an answer of its own, as good as the best one.

    With `close`, and where it is only nearly as good, it has to tell of what is asked.
    """
    span, behind = pick[1].span, _lead(pick, best)
    if behind > NEAR or _of_another_time(question, document, span):
        return False
    said = span.of(document.text)
    as_good = behind <= AS_GOOD and not close
    return as_good or _holds(said) or _touches(_asked(question), said)


def _lead(pick: Pick, best: Pick) -> float:
    """How far a sentence is behind the best one."""
    return log_odds(best[1].support) - log_odds(pick[1].support)


def _content(said: str) -> int:
    """How many words of a sentence say something by themselves, figures among them."""
    figures = {w for w in words(said) if any(c.isdigit() for c in w)}
    return len((roots(said) - _BARE) | figures)


def _holds(said: str) -> bool:
    """Whether somebody holds something there, or holds it against somebody."""
    return claims(said) or charges(said) or opposes(said) or _THINKS.search(said) is not None


def _goes_on(question: Question, pick: Pick, best: Pick, document: Document) -> bool:
    """Whether one of the two stands behind the other and leans back on it.

    What stands behind the yes or no of a turn leans on that.
    """
    if pick[0].passage.source != best[0].passage.source:
        return False
    first, second = sorted((pick[1].span, best[1].span))
    if sentence_before(document, second) != first:
        return False
    yes_no = question.kind == "yes/no" and is_reply(first.of(document.text))
    return yes_no or leans_back(second.of(document.text))


def _touches(asked: frozenset[str], said: str) -> bool:
    """Whether a text has a word of those asked about, in any form."""
    told = roots(said)
    return shared(asked, told)


def _unlabelled(said: str) -> str:
    label = LABEL.match(said)
    return said[label.end() :] if label is not None else said


def _is_worded(question: Question, best: Pick) -> bool:
    """Whether the passage of the best one has a word of what is asked, so that others may too."""
    passage = best[0].passage
    return _touches(_asked(question), f"{passage.title or ''} {passage.text}")


def _asked(question: Question) -> frozenset[str]:
    """The words of a question that tell what it is about, its names apart."""
    return roots(question.full) - roots(" ".join(question.names)) - _ASKING


def _of_another_time(question: Question, document: Document, span: Span) -> bool:
    """Whether a sentence names days, and none of those that the question names.

    One that names none does not tell of what came to pass after its document was written.
    """
    period = _period(question.text) if question.full == question.text else None
    if period is None:
        return False
    found = moments(document.text, span, document.date)
    told = [m for m in found if period.compares(m.first, m.last)]
    if not told:
        written = date_range(document.date)[1] if document.date else None
        return bool(written and period.first and not period.yearly and written < period.first)
    return not any(_holds_in(period, document.text, m) for m in told)


def _holds_in(period: Period, text: str, moment: Moment) -> bool:
    """Whether a day, or what lasts since or until it, lies in a period."""
    said = opened(text[max(0, moment.span.start - _BEFORE) : moment.span.start], moment)
    if said.first is None or said.last is None:
        return period.holds(said.first or "0001-01-01", said.last or "9999-12-31")
    return period.holds(moment.first, moment.reach)


@lru_cache(maxsize=8)
def _period(asked: str) -> Period | None:
    """The days that a question names by themselves, whenever it is asked."""
    if _AS_OF.search(asked):
        return None
    return asked_for(asked, [m for m in moments(asked) if not (m.relative or m.supposed)])
