"""What one speaker says: the passages and sentences that are left of those found, or that none is.

Who speaks is told from a paragraph, not from an index: so passages are found first, more of them
than are read, and those without a word of the speaker fall out before any is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.asking.question import Earlier, Question
from rag.judging.judgement import log_odds, raised
from rag.read import Reading
from rag.speech.speakers import plain_name
from rag.speech.voice import said_by, voice_of
from rag.types import Document, Evidence, Hit
from rag.words.sentences import sentences_within

__all__ = ["POOL", "looking_for", "nobody_said", "only_of", "spoken_by"]

_APOSTROPHE = re.compile("['’‘ʼ]")

#: Passages among which those of a speaker are looked for.
POOL = 200

#: Weight of the speaker's name in retrieval, beside 1 for the question.
NAME_WEIGHT = 0.5

#: Speakers that are named where the one asked for says nothing.
NAMED = 8


def looking_for(question: Question, speaker: str) -> Question:
    """The question with the speaker's name, for retrieval alone."""
    return replace(question, earlier=(*question.earlier, Earlier(speaker, NAME_WEIGHT)))


def spoken_by(speaker: str, hits: Iterable[Hit], documents: Mapping[str, Document]) -> list[Hit]:
    """The hits that hold a sentence of the speaker, in their order."""
    pool = list(hits)
    sources = dict.fromkeys(hit.passage.source for hit in pool)
    # Most documents lack the name: nothing of them has to be read.
    named = {source for source in sources if _is_named(speaker, documents[source])}
    return [
        hit
        for hit in pool
        if hit.passage.source in named and _speaks_in(speaker, hit, documents[hit.passage.source])
    ]


def _is_named(speaker: str, document: Document) -> bool:
    last = speaker.rsplit(maxsplit=1)[-1].casefold().lstrip("@")
    last = max(_APOSTROPHE.split(last), key=len)  # `O'Brien` and `O’Brien` are one
    return any(_holds(text.casefold(), last) for text in (document.text, document.author or ""))


def _speaks_in(speaker: str, hit: Hit, document: Document) -> bool:
    spans = sentences_within(document, hit.passage.span)
    return any(said_by(document, span, speaker) for span in spans)


def _holds(text: str, word: str) -> bool:
    """Whether a text has a word, with its accents or without: `Orban` stands in `Orbán`."""
    if word in text:
        return True
    bare, low = (plain_name(t).casefold() for t in (word, "" if text.isascii() else text))
    return bare in (low or text)


def only_of(speaker: str, reading: Reading, documents: Mapping[str, Document]) -> Reading:
    """The reading of the speaker's own sentences, as much less sure as its best one is."""
    evidence = [e for e in (_of(speaker, e, documents) for e in reading.evidence) if e is not None]
    if not evidence:
        return replace(reading, evidence=(), confidence=0.0, speaker=speaker)
    evidence.sort(key=lambda e: -e.support)
    lost = log_odds(reading.evidence[0].support) - log_odds(evidence[0].support)
    return replace(
        reading,
        evidence=tuple(replace(e, n=n) for n, e in enumerate(evidence, start=1)),
        confidence=raised(reading.confidence, -lost),
        speaker=speaker,
    )


def _of(speaker: str, evidence: Evidence, documents: Mapping[str, Document]) -> Evidence | None:
    document = documents[evidence.hit.passage.source]
    kept = tuple(s for s in evidence.sentences if said_by(document, s.span, speaker))
    if not kept:
        return None
    return replace(evidence, sentences=kept, answer=kept[0].answer, support=kept[0].support)


def nobody_said(
    speaker: str, found: Sequence[Hit], nearest: Sequence[Hit], documents: Mapping[str, Document]
) -> str:
    """Why nothing of a speaker is shown: none of it answers, or nobody of that name speaks.

    `found` are the hits of the speaker, `nearest` those of anybody.
    """
    if found:
        return f"Nothing found that {speaker} says answers this."
    names: dict[str, None] = {}
    for hit in nearest:
        document, passage = documents[hit.passage.source], hit.passage
        for span in sentences_within(document, passage.span):
            voice = voice_of(document, span)
            if voice is not None:
                names.setdefault(voice.name)
    if not names:
        return f"Nothing found is said by {speaker}, and no other speaker is named there."
    listed = ", ".join(list(names)[:NAMED])
    return f"Nothing found is said by {speaker}. Those who speak in the nearest passages: {listed}."
