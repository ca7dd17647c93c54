"""Sentences for a question that asks for more than one thing: distinct ones, from distinct voices.

"Which explanations are given", "how did the figure change", "was it A or B": the best sentence
alone would hide the others. Each further one has to come near the best, from another document or
speaker first, and near repeats are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.asking.asked import Breadth
from rag.compare.matter import repeats
from rag.read import Reading
from rag.speech.voice import same_speaker, voice_of
from rag.text import words
from rag.types import Document, EvidenceSentence, Hit

__all__ = ["Pick", "gathered"]

Pick = tuple[Hit, EvidenceSentence]

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
    """A sentence with what tells it from others."""

    pick: Pick
    text: str
    source: str
    speaker: str | None

    @property
    def support(self) -> float:
        return self.pick[1].support


def gathered(
    reading: Reading,
    documents: Mapping[str, Document],
    breadth: Breadth,
    answer: Sequence[Pick],
) -> list[Pick]:
    """The sentences of the short answer and the distinct others that a broad question wants."""
    ranked = [(e.hit, s) for e in reading.evidence for s in e.sentences]
    ranked.sort(key=lambda item: (-item[1].support, item[0].passage.source, item[1].span.start))
    floor = FLOOR[breadth] * max((s.support for _, s in ranked), default=0.0)
    near = [_seen(pick, documents) for pick in ranked[:LOOKED_AT] if pick[1].support >= floor]
    chosen = [_seen(pick, documents) for pick in answer]
    while len(chosen) < MOST[breadth]:
        left = [s for s in near if _is_new(s, chosen)]
        best = max(left, key=lambda s: _worth(s, chosen), default=None)
        if best is None or _worth(best, chosen) < floor:
            break
        chosen.append(best)
    return [s.pick for s in chosen]


def _seen(pick: Pick, documents: Mapping[str, Document]) -> _Seen:
    hit, sentence = pick
    document = documents[hit.passage.source]
    voice = voice_of(document, sentence.span)
    text = sentence.span.of(document.text)
    return _Seen(pick, text, document.source, voice.name if voice else None)


def _is_new(seen: _Seen, chosen: Sequence[_Seen]) -> bool:
    """Whether it is a sentence of its own and says what none of the others says."""
    if len(words(seen.text)) < WORDS or seen.text.rstrip().endswith("?"):
        return False
    return not any(repeats(seen.text, other.text) for other in chosen)


def _worth(seen: _Seen, chosen: Sequence[_Seen]) -> float:
    """Support, less for each sentence of the same document and the same speaker before it."""
    worth = seen.support
    for other in chosen:
        if other.source == seen.source:
            same = (seen.speaker is None and other.speaker is None) or (
                seen.speaker is not None
                and other.speaker is not None
                and same_speaker(seen.speaker, other.speaker)
            )
            worth *= SAME_DOCUMENT * (SAME_SPEAKER if same else 1.0)
    return worth
