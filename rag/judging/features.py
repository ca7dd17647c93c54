"""What speaks for a sentence as the answer, and for there being an answer at all, in numbers.

The weights that go with these features are in `rag.judging.judgement`, in the same order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median

from rag.asking.question import Question, names_in
from rag.store.lexical import analyse
from rag.text import words
from rag.types import Document, Hit
from rag.words.mentions import lacking_names, mentions_of, stands_in

__all__ = [
    "Terms",
    "background_features",
    "company_features",
    "named_features",
    "sentence_features",
    "span_features",
    "terms_of",
]

_CAUSES = re.compile(
    r"\b(because|since|due to|as a result|result(?:s|ed|ing)? (?:from|in)|owing to|thanks to"
    r"|caus(?:e[ds]?|ing)|so that|in order to|therefore|thus|hence|in response to|fear(?:s|ed|ing)?"
    r"|reasons?|explain\w*|explanations?|suggests?|led to|prompted|triggered|motivated|driven by"
    r"|blam(?:e[ds]?|ing)|after)\b",
    re.IGNORECASE,
)
#: `May` and `March` only with a capital: it may rain.
_DATE_WORDS = re.compile(
    r"\b(?:1\d\d\ds?|20\d\ds?|May|March|\d{1,2}/\d{1,2}|\d{1,2}:\d\d|(?i:january|february|april|june"
    r"|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|days?|weeks?|months?|years?|decades?|century|centuries|yesterday|today|tonight|tomorrow"
    r"|morning|evening|noon|midnight|spring|summer|autumn|winter|o['’]clock))(?!\w)"
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)|May|June|July|Aug(?:ust|\.)"
    r"|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
#: Numbers that count nothing: `in 2016`, `3 March`; but `of 1960 men`.
_DATES = re.compile(
    rf"\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}\b)?|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?"
    rf"{_MONTH}(?:,?\s\d{{4}}\b)?|\b{_MONTH},?\s\d{{4}}\b|\b(?i:in|since|until|till|by|of|during|before"
    r"|after|between|from|to|and|or|early|late|mid)[\s-][12]\d{3}s?\b(?!\s[a-z])"
)
_COUNTS = re.compile(
    r"\d[\d.,]*(?<![.,])|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four"
    r"|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?"
    r"|thousands?|[mb]illions?|half|thirds?|quarters?|percent|several|once|twice|daily|weekly|monthly"
    r"|yearly|annually|every)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The analysed words of a question, and those of a passage behind its title, in one language.

    Made once a passage: all its sentences are judged by them.
    """

    wanted: frozenset[str]
    around: frozenset[str]
    language: str


def terms_of(question: Question, hit: Hit, language: str) -> Terms:
    """The `Terms` of a question over a hit."""
    around = analyse(f"{hit.passage.title or ''} {hit.passage.text}", language)
    return Terms(frozenset(analyse(question.full, language)), frozenset(around), language)


def sentence_features(
    question: Question, hit: Hit, place: int, text: str, cosine: float, terms: Terms
) -> tuple[float, ...]:
    """What speaks for a sentence; every feature lies in about [0, 1].

    In order: cosine to the question, share of the question's words in the sentence, the same in
    its passage, the passage's score, the kind of answer sought is there, the reciprocal of its
    passage's place (from 0) among the hits. `terms` are those of `terms_of` over its passage.
    """
    here = set(analyse(text, terms.language))
    return (
        max(cosine, 0.0),
        _coverage(terms.wanted, here, question.rarity),
        _coverage(terms.wanted, terms.around, question.rarity),
        max(hit.score, 0.0),
        float(_holds_kind(question, text)),
        1.0 / (1 + place),
    )


def named_features(question: Question, hit: Hit, document: Document) -> tuple[float, ...]:
    """What of the question stands in the passage, its title or date.

    In order: the shares of its names and of its numbers that do, the rarity of the rarest of its
    terms that does not.
    """
    text = f"{hit.passage.title or ''} {document.date or ''} {hit.passage.text}"
    around = mentions_of(text)
    present = set(analyse(text, document.language))
    wanted = set(analyse(question.full, document.language))
    lacking = [_weight(t, question.rarity) for t in wanted - present]
    return (
        _share(question.names, lacking_names(question.full, question.names, around)),
        _share(question.numbers, [n for n in question.numbers if not stands_in(n, around)]),
        max(lacking, default=0.0),
    )


def span_features(question: Question, span: str) -> tuple[float, float, float]:
    """What a reader's span is: of the kind asked for, new beside the question, and short.

    In order: 1 where it holds the kind of thing asked for, the share of its words that the
    question does not hold, 1 over the square root of its number of words.
    """
    found = words(span)
    if not found:
        return 0.0, 0.0, 0.0
    asked = set(words(question.full))
    fresh = sum(w not in asked for w in found) / len(found)
    return float(_holds_kind(question, f"… {span}")), fresh, 1 / math.sqrt(len(found))


def background_features(hits: Iterable[Hit]) -> tuple[float, float]:
    """The median and the lowest retrieval score of the passages read, each once, in [0, 1].

    A high score says little where every passage has one: of a large collection, what is read at
    all is near the question.
    """
    scores = {hit.passage.row: hit.score for hit in hits}.values()
    return median(scores), min(scores)


def company_features(
    question: Question, odds: float, best_odds: float, distance: int | None, same_paragraph: bool
) -> tuple[float, ...]:
    """What speaks for a sentence as a part of the answer, seen from the best one.

    `odds` are log odds of support, `distance` the sentences from the best one in the same
    document (None in another). In order: its odds, the best one's lead, being the best, next to
    it, near it, same document, same paragraph, a question for more than a name or number, the
    same near the best.
    """
    broad = float(question.kind in ("why", "other"))
    near = distance is not None and abs(distance) <= 3
    return (
        odds / 5,
        (best_odds - odds) / 5,
        float(distance == 0),
        float(distance in (-1, 1)),
        float(near),
        float(distance is not None),
        float(same_paragraph),
        broad,
        broad * float(near),
    )


def _holds_kind(question: Question, text: str) -> bool:
    """Whether a sentence holds the kind of thing asked for, beyond the question's own words."""
    if question.kind in ("who", "where"):
        held = names_in(text)
    elif question.kind == "how many":
        held = _COUNTS.findall(_DATES.sub(" ", text))
    elif question.kind in ("when", "why"):
        held = (_DATE_WORDS if question.kind == "when" else _CAUSES).findall(text)
    else:
        return False
    asked = set(words(question.full))
    return any(not asked.issuperset(words(found)) for found in held)


def _coverage(wanted: Set[str], present: Set[str], rarity: Mapping[str, float]) -> float:
    """Share of the wanted stems that are present; rare ones weigh more than common ones."""
    total = sum(_weight(w, rarity) for w in wanted)
    if total == 0:
        return 0.0
    return sum(_weight(w, rarity) for w in wanted if w in present) / total


def _weight(stem: str, rarity: Mapping[str, float]) -> float:
    return rarity.get(stem, math.sqrt(len(stem)) / 5)


def _share(wanted: Sequence[str], absent: Sequence[str]) -> float:
    """The share of what is wanted that is there; 1 when nothing is wanted."""
    return 1.0 - len(absent) / len(wanted) if wanted else 1.0
