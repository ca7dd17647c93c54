"""What a sentence leans back on: those before it without which its `he` or `this` means nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.compose.parts import Cited
from rag.speech.speakers import LABEL
from rag.types import Document, Span
from rag.words.furniture import is_furniture
from rag.words.sentences import sentences

__all__ = ["in_right_order", "is_reply", "leaned_on", "leans_back", "may_follow", "sentence_before"]

#: Sentences that one may lean back on in turn.
MOST_BACK = 3

_OPENS = r"^[\"“'‘(]*"
_REFERS = (
    r"(?:he|she|it|they|his|her|its|their|this|that|these|those|according to (?:him|her|them)"
    r"|such|the (?:same|latter|former))\b"
)
_ASIDE = r"(?:(?:not|yet|still|also|now|long|well|almost|quite|very|far|from|however)\s){0,3}"
#: What opens with such a word and means nothing before it: `Those who left`, `It is said that`.
_BY_ITSELF = re.compile(
    rf"{_OPENS}(?:(?:those|they)\s(?:who|whom|whose|which|that|with|without|in|from|of|at|on|behind)\b"
    r"|(?:this|these)\s(?:(?:past|last|coming)\s)?(?:morning|afternoon|evening|night|day|week|month"
    r"|year|decade|century|spring|summer|autumn|winter|season|time\saround)s?\b"
    r"|this\s(?:article|report|paper|study|text|note|memo|page|chapter|brief|post|thread|letter)\b"
    rf"|it\s(?:is|was|has\sbeen|had\sbeen|will\sbe|remains|became|becomes)\s{_ASIDE}(?:(?:clear|unclear"
    r"|known|unknown|likely|unlikely|true|certain|uncertain|obvious|evident|said|believed|thought"
    r"|reported|expected|hoped|feared|alleged|claimed|agreed|decided|noted|no\s(?:secret|surprise"
    r"|wonder|coincidence))\s(?:that|whether|if|how|why|who|what|when|where)"
    r"|(?:possible|impossible|necessary|important|too\s(?:early|late|soon)|time)\s(?:that|to|for))\b"
    r"|it\s(?:seems|seemed|appears|appeared|turn(?:s|ed)\sout|emerged|follows)\sthat\b"
    r"|it\s(?:(?:has|had)\s)?(?:rain|snow|hail)(?:s|ed)\b|it\s(?:was|is)\s(?:rain|snow)ing\b"
    r"|it\s(?:took|takes|will\stake)\s(?:[\w’'-]+\s){1,6}to\b)",
    re.IGNORECASE,
)
#: `It was Berg who sold it.`
_CLEFT = re.compile(rf"{_OPENS}It\s(?:was|is)\s(?:[A-Z][\w’'-]+\s){{1,4}}(?:who|that)\b")
_REFERS_BACK = re.compile(_OPENS + _REFERS, re.IGNORECASE)
_LEANS_BACK = re.compile(
    rf"{_OPENS}(?:{_REFERS}|(?:but|however|moreover|therefore|thus|instead)\b)", re.IGNORECASE
)
_TIME = (
    r"(?:\d[\d,.:]*(?:st|nd|rd|th|s)?|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|the|that|an?|same|next"
    r"|following|last|first|second|third|early|late|mid|end|start|beginning|middle|few|several|some"
    r"|two|three|four|five|six|seven|eight|nine|ten|spring|summer|autumn|winter|morning|afternoon"
    r"|evening|night|noon|midnight|(?:hour|minute|day|week|month|year|decade|centur)(?:s|y|ies)?"
    r"|later|earlier|ago|of|in|on|at|then|now|time|moment|afterwards|yesterday|today|soon|finally)"
)
#: "In May he resigned": behind nothing but a time, whom it means is told before.
_WHEN_HE = re.compile(
    rf"{_OPENS}(?:(?:(?:in|on|at|by|after|before|since|until|during|from|within|for)\s)?"
    rf"{_TIME},?\s)(?:{_TIME},?\s){{0,6}}(?:he|she|they)\b",
    re.IGNORECASE,
)
#: Whom these mean may stand in another sentence, wherever in their own they stand.
_SOMEBODY = re.compile(r"\b(?:he|she|they|him|his|hers?|them|theirs?)\b", re.IGNORECASE)
#: A turn of somebody else, a quoted mail or an item of a list begins so.
_TURN = re.compile(rf"\s*(?:[-–—•*>]|@\w+)|{LABEL.pattern}", re.MULTILINE)
_REPLY = re.compile(
    r"(?i)(?:\W*\b(?:yes|no|not|nonsense|never|always|absolutely|exactly|perhaps|maybe|of|course"
    r"|certainly|definitely|partly|many|few|some|a|lot|very|much|so|at|all|both|neither|nobody|everybody"
    r"|really|probably|true|false|wrong|right|correct|indeed|quite|well|i|do|don[’']t|think|know|who"
    r"|knows|hope|sometimes|often|rarely|it|is|was|did|does|they|we|he|she|that|depends)\b){1,4}\W*"
)
_ENDED = re.compile(r"[.!?…][\"”’')»]*\s*\Z")


def leans_back(sentence: str) -> bool:
    """Whether a sentence begins with a word for something said before it, or behind a time."""
    if _BY_ITSELF.match(sentence) or _CLEFT.match(sentence):
        return False
    return (_LEANS_BACK.match(sentence) or _WHEN_HE.match(sentence)) is not None


def leaned_on(document: Document, span: Span) -> list[Span]:
    """The sentences that one leans back on, in order; none where it stands by itself."""
    found: list[Span] = []
    while len(found) < MOST_BACK:
        said, before = span.of(document.text), None
        if leans_back(said):
            before = sentence_before(document, span)
        elif is_reply(said):
            before = _turn_before(document, span)
        if before is None:
            break
        found.insert(0, before)
        span = before
    return found


def is_reply(sentence: str) -> bool:
    """Whether a turn begins with words that only mean something behind a question: `BERG: No.`"""
    label = LABEL.match(sentence)
    return label is not None and _REPLY.fullmatch(sentence, label.end()) is not None


def _turn_before(document: Document, span: Span) -> Span | None:
    """The last sentence of the turn before the one that a sentence begins."""
    for last, paragraph in pairwise(document.paragraphs):
        if paragraph.start <= span.start < paragraph.end:
            own = span.start == paragraph.start and LABEL.match(document.text, last.start)
            found = sentences(document.text, last.start, last.end, document.language) if own else []
            return found[-1] if found else None
    return None


def sentence_before(document: Document, span: Span) -> Span | None:
    """The sentence before, in the same paragraph or, for a word that means it, in the one before.

    None behind a heading, and where another hand begins: there the word means something else.
    """
    for last, paragraph in pairwise((None, *document.paragraphs)):
        if paragraph is None or paragraph.heading:
            continue
        if paragraph.start <= span.start < paragraph.end:
            own = sentences(document.text, paragraph.start, paragraph.end, document.language)
            earlier = [s for s in own if s.end <= span.start]
            if earlier and is_furniture(document, earlier[-1]):
                return None
            if earlier or last is None or _REFERS_BACK.match(span.of(document.text)) is None:
                return earlier[-1] if earlier else None
            within = not last.heading and last.start >= document.body_start
            return _last_of(document, last.span, paragraph.span) if within else None
    return None


def _last_of(document: Document, before: Span, here: Span) -> Span | None:
    """The last sentence of the paragraph before, if the two go on in one hand."""
    if _TURN.match(document.text, here.start):
        return None
    spans = sentences(document.text, before.start, before.end, document.language)
    # What ends without a stop is a title, a line of a table or the head of a mail.
    ended = spans and _ENDED.search(spans[-1].of(document.text))
    return spans[-1] if ended else None


def may_follow(first: Cited, second: Cited) -> bool:
    """Whether the second sentence still means the same when it is joined to the first.

    A pronoun in it would mean somebody of the first, so that has to be what stands before it.
    """
    return not _refers(second.text) or second.before == first.text


def in_right_order(cited: Sequence[Cited]) -> bool:
    """Whether sentences joined in this order mean what they mean: no pronoun before its name."""
    head, texts = cited[0], [c.text for c in cited]
    led = not _refers(head.text) or head.before not in texts
    return led and all(may_follow(a, b) for a, b in pairwise(cited))


def _refers(sentence: str) -> bool:
    return bool(_REFERS_BACK.match(sentence) or _SOMEBODY.search(sentence))
