"""Evidence in the light of whose words, and of which time, a question asks for.

The reader judges sentences by their words. That a sentence is said by the one who is asked about,
or tells of the day that is asked about, stands in other sentences or in the document's date. A
sentence that fits rises, one that tells of another time sinks, and so does one that only asks;
nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.asking.asked import asks_opinion, asks_speaker, sayings
from rag.asking.question import Question, names_in
from rag.compose.beside import only_asks
from rag.compose.in_time import Tells, tells_of
from rag.compose.period import Period
from rag.judging.judgement import log_odds, raised
from rag.read import Reading
from rag.speech.voice import Voice, voice_of
from rag.text import words
from rag.types import Document, Evidence, EvidenceSentence, Hit, Span
from rag.words.furniture import is_credit, is_furniture
from rag.words.mentions import CAPITAL, lacking_names, mentions_of

__all__ = ["fitted"]

#: Log odds of support that a sentence gains by its speaker: where the question asks who says it,
#: where it names the speaker, and (lost) where it names another one.
SOME_SPEAKER, THE_SPEAKER, ANOTHER_SPEAKER = 2.0, 1.5, -0.5

#: The same by its time: it names a day of the period asked for; it names none, and its document
#: is of that time; it names other days only.
TIME_GAINS: Mapping[Tells, float] = {"named": 1.0, "written": 0.5, "other": -0.7}

#: The same where its passage lacks all names of the question, or some of them, and another one,
#: whose support is such a share of the best one's, holds them all.
NO_NAME, LESS_NAMES, NAMED_NEAR = -4.0, -0.5, 0.5

#: The same where it is a question, unless questions are asked for, or a dateline or the like.
ONLY_ASKS = -2.5

#: Sentences, best first, whose speaker and time are looked for, and the share of the best one's
#: support from which they are.
LOOKED_AT, NEAR = 48, 0.1

#: How much of what the best sentence gains by its speaker, and by its time, counts for there being
#: an answer. Much is told of a day that is not what is asked of it.
VOICE_TRUST, TIME_TRUST = 1.0, 0.5

_NAME = rf"(?:[a-z]+\s){{0,3}}?({CAPITAL}[\w’'-]*(?:\s{CAPITAL}[\w’'-]*)*)"
_ACCORDING = re.compile(rf"(?i:\baccording\sto)\s{_NAME}")
_BY_WHOM = re.compile(rf"\b(?:by|(?:the|an?)\s(?:\w+\s)?(?!the|an?\b)\w+\sof)\s{_NAME}")


@dataclass(frozen=True, slots=True)
class _Gain:
    """What a sentence gains in log odds of support, by its speaker, its time, its names."""

    voice: float = 0.0
    time: float = 0.0
    name: float = 0.0
    form: float = 0.0

    @property
    def total(self) -> float:
        return self.voice + self.time + self.name + self.form

    @property
    def trusted(self) -> float:
        """What of it counts for there being an answer."""
        return VOICE_TRUST * self.voice + TIME_TRUST * self.time + self.form


def fitted(
    question: Question,
    reading: Reading,
    documents: Mapping[str, Document],
    period: Period | None,
) -> Reading:
    """The reading with supports, company and confidence as the speakers and times change them.

    `period` is the time asked about (`period_of`, `rag.compose.anchor`). Nearly every question
    asks for neither, and gets its reading back as it was.
    """
    voiced = asks_speaker(question.form) or asks_opinion(question.form)
    named = _asked_speakers(question) if voiced else []
    nearest = _nearest(reading)
    lacking = _lacking(question, nearest)
    asking = _only_asking(question, nearest, documents)
    if not (voiced or period or lacking or asking):
        return reading
    gained: dict[tuple[str, Span], _Gain] = {}
    for hit, sentence in nearest:
        source = hit.passage.source
        name = lacking.get(hit.passage.row, 0.0)
        time = _time_gain(documents[source], sentence.span, period) if period else 0.0
        voice = _voice_gain(question, named, documents[source], sentence.span) if voiced else 0.0
        form = ONLY_ASKS if (source, sentence.span) in asking else 0.0
        gained[source, sentence.span] = _Gain(voice, time, name, form)
    return _moved(reading, gained) if any(g.total for g in gained.values()) else reading


def _nearest(reading: Reading) -> list[tuple[Hit, EvidenceSentence]]:
    """The sentences that may yet become the best, with their hits."""
    found = [(e.hit, s) for e in reading.evidence for s in e.sentences]
    found.sort(key=lambda item: -item[1].support)
    least = NEAR * found[0][1].support if found else 0.0
    return [(hit, s) for hit, s in found[:LOOKED_AT] if s.support >= least]


def _lacking(
    question: Question, nearest: Sequence[tuple[Hit, EvidenceSentence]]
) -> dict[int, float]:
    """What passages lose, by row, that lack names of the question, where a close one has them."""
    if not question.names or not nearest or question.full != question.text:
        return {}
    close = NAMED_NEAR * nearest[0][1].support
    lost: dict[int, float] = {}
    whole = False
    for hit, sentence in nearest:
        there = mentions_of(f"{hit.passage.title or ''} {hit.passage.text}")
        lacking = len(lacking_names(question.full, question.names, there))
        if lacking:
            lost[hit.passage.row] = LESS_NAMES if lacking < len(question.names) else NO_NAME
        elif sentence.support >= close:
            whole = True
    return lost if whole else {}


def _only_asking(
    question: Question,
    nearest: Sequence[tuple[Hit, EvidenceSentence]],
    documents: Mapping[str, Document],
) -> frozenset[tuple[str, Span]]:
    """The sentences that state nothing and so answer nothing: questions, datelines, calls.

    One about what was asked is answered by a question, and one about who made it by a credit.
    """

    def states_nothing(document: Document, span: Span) -> bool:
        furniture = is_furniture(document, span) and not is_credit(document, span)
        return furniture or only_asks(question, document, span)

    return frozenset(
        (hit.passage.source, s.span)
        for hit, s in nearest
        if states_nothing(documents[hit.passage.source], s.span)
    )


def _voice_gain(question: Question, named: Sequence[str], document: Document, span: Span) -> float:
    voice = voice_of(document, span)
    if voice is None:
        return 0.0
    if asks_speaker(question.form):
        return 0.0 if _is_among(question.names, voice) else SOME_SPEAKER
    if _is_among(named, voice):
        return THE_SPEAKER
    return ANOTHER_SPEAKER if named else 0.0


def _is_among(names: Sequence[str], voice: Voice) -> bool:
    last = words(voice.name)[-1:]
    return bool(last) and last[0] in {w for name in names for w in words(name)}


def _asked_speakers(question: Question) -> list[str]:
    """Those whose words are asked for: `What does Holt say about Berg?` asks for none of Berg's.

    What a follow-up leans on, and one that asks the question before it again, name them anywhere.
    """
    asked, text = question.form, question.text
    beside = question.full.removesuffix(text) if asked == text else text
    return [*_speakers_in(asked), *names_in(beside)]


def _speakers_in(asked: str) -> list[str]:
    """The names before the first word of saying that has some, or as in `the view of Holt`."""
    quoted = [name for m in _ACCORDING.finditer(asked) for name in names_in(f"to {m[1]}")]
    before = (names_in(asked[:start]) for start in sayings(asked))
    behind = (names_in(f"by {m[1]}") for m in _BY_WHOM.finditer(asked))
    return quoted or next((names for names in (*before, *behind) if names), [])


def _time_gain(document: Document, span: Span, period: Period) -> float:
    tells = tells_of(document, span, period)
    return TIME_GAINS[tells] if tells else 0.0


def _moved(reading: Reading, gained: Mapping[tuple[str, Span], _Gain]) -> Reading:
    """The reading in its new order.

    The best sentence is the likeliest part of the answer; one that gained less is that much less
    its company.
    """
    most = max(
        (log_odds(s.support) + _gain_of(e, s, gained).total, _gain_of(e, s, gained).total)
        for e in reading.evidence
        for s in e.sentences
    )[1]
    evidence = [_moved_evidence(e, gained, most) for e in reading.evidence]
    evidence.sort(key=lambda e: -e.support)
    best = evidence[0]
    gain = _gain_of(best, best.sentences[0], gained)
    company = max(s.company for e in reading.evidence for s in e.sentences)
    first = replace(best.sentences[0], company=company)
    evidence[0] = replace(best, sentences=(first, *best.sentences[1:]))
    return replace(
        reading,
        evidence=tuple(replace(e, n=n) for n, e in enumerate(evidence, start=1)),
        confidence=raised(reading.confidence, gain.trusted - _overrated(reading, best, gained)),
    )


def _overrated(reading: Reading, best: Evidence, gained: Mapping[tuple[str, Span], _Gain]) -> float:
    """What the confidence owes to a sentence that only asks, where another one is the best now."""
    former = reading.evidence[0]
    if not _gain_of(former, former.sentences[0], gained).form:
        return 0.0
    place = (best.hit.passage.source, best.sentences[0].span)
    supports = [
        s.support
        for e in reading.evidence
        for s in e.sentences
        if (e.hit.passage.source, s.span) == place
    ]
    lead = log_odds(former.sentences[0].support) - log_odds(max(supports))
    return min(lead, -ONLY_ASKS)


def _moved_evidence(
    evidence: Evidence, gained: Mapping[tuple[str, Span], _Gain], most: float
) -> Evidence:
    moved = []
    for sentence in evidence.sentences:
        gain = _gain_of(evidence, sentence, gained).total
        support, company = sentence.support, sentence.company
        support = raised(support, gain) if gain else support
        company = raised(company, gain - most) if gain < most else company
        moved.append(replace(sentence, support=support, company=company))
    moved.sort(key=lambda s: (-s.support, s.span.start))
    best = moved[0]
    return replace(evidence, sentences=tuple(moved), answer=best.answer, support=best.support)


def _gain_of(
    evidence: Evidence, sentence: EvidenceSentence, gained: Mapping[tuple[str, Span], _Gain]
) -> _Gain:
    return gained.get((evidence.hit.passage.source, sentence.span), _Gain())
