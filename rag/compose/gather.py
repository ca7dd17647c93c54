"""Sentences for a question that asks for more than one thing: distinct ones, from distinct voices.

"Which explanations are given", "how did the figure change", "was it A or B": the best sentence
alone would hide the others. Each further one has to come near the best, from another document or
speaker first, and near repeats are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.asking.asked import Breadth
from rag.asking.question import Question
from rag.compare.matter import repeats
from rag.compose.beside import Pick, answers_alone, bound, states
from rag.read import Reading
from rag.speech.voice import same_speaker, voice_of
from rag.text import words
from rag.types import Document

__all__ = ["gathered"]

#: Per breadth: sentences at most, and the share of the best one's support that each needs.
MOST: Mapping[Breadth, int] = {"several": 5, "change": 5, "sides": 3}
FLOOR: Mapping[Breadth, float] = {"several": 0.5, "change": 0.75, "sides": 0.8}

#: What a sentence counts for each one taken before it from the same document, and by the same
#: speaker there.
SAME_DOCUMENT, SAME_SPEAKER = 0.75, 0.75

#: A shorter sentence is a remark, and no position of its own.
WORDS = 4

#: Sentences, best first, among which distinct ones are looked for.
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sentence with what tells it from others; `alone` says that it is an answer by itself."""

    pick: Pick
    text: str
    source: str
    speaker: str | None
    alone: bool = False

    @property
    def support(self) -> float:
        return self.pick[1].support


def gathered(
    question: Question,
    reading: Reading,
    documents: Mapping[str, Document],
    breadth: Breadth,
    answer: Sequence[Pick],
) -> list[Pick]:
    """The sentences of the short answer and the distinct others that a broad question wants."""
    ranked = [(e.hit, s) for e in reading.evidence for s in e.sentences]
    ranked.sort(key=lambda item: (-item[1].support, item[0].passage.source, item[1].span.start))
    floor = FLOOR[breadth] * max((s.support for _, s in ranked), default=0.0)
    near = [
        _seen(pick, documents, _is_alone(question, pick, answer[0], documents, breadth))
        for pick in ranked[:LOOKED_AT]
        if pick[1].support >= floor and _belongs(question, pick, answer, documents, breadth)
    ]
    chosen = [_seen(pick, documents) for pick in answer]
    while len(chosen) < MOST[breadth]:
        left = [s for s in near if _is_new(s, chosen)]
        best = max(left, key=lambda s: _worth(s, chosen), default=None)
        if best is None or _worth(best, chosen) < floor:
            break
        chosen.append(best)
    return [s.pick for s in chosen]


def _belongs(
    question: Question,
    pick: Pick,
    answer: Sequence[Pick],
    documents: Mapping[str, Document],
    breadth: Breadth,
) -> bool:
    document = documents[pick[0].passage.source]
    if not answer or not states(question, document, pick[1].span):
        return False
    return bound(question, pick, answer[0], document, close=breadth == "sides")


def _is_alone(
    question: Question,
    pick: Pick,
    best: Pick,
    documents: Mapping[str, Document],
    breadth: Breadth,
) -> bool:
    document = documents[pick[0].passage.source]
    return answers_alone(question, pick, best, document, close=breadth != "several")


def _seen(pick: Pick, documents: Mapping[str, Document], alone: bool = False) -> _Seen:
    hit, sentence = pick
    document = documents[hit.passage.source]
    voice = voice_of(document, sentence.span)
    text = sentence.span.of(document.text)
    return _Seen(pick, text, document.source, voice.name if voice else None, alone)


def _is_new(seen: _Seen, chosen: Sequence[_Seen]) -> bool:
    """Whether it is a sentence of its own and says what none of the others says."""
    if len(words(seen.text)) < WORDS:
        return False
    return not any(repeats(seen.text, other.text) for other in chosen)


def _worth(seen: _Seen, chosen: Sequence[_Seen]) -> float:
    """Support, less for each sentence of the same document and the same speaker before it.

    One that is an answer by itself is one wherever it stands, but for what its speaker said before.
    """
    worth = seen.support
    for other in chosen:
        if other.source == seen.source:
            same = _one_voice(seen.speaker, other.speaker)
            if not seen.alone or (same and seen.speaker is not None):
                worth *= SAME_DOCUMENT * (SAME_SPEAKER if same else 1.0)
    return worth


def _one_voice(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_speaker(one, other)
