"""The values that flow through the system; frozen, and free of third-party imports.

All `start` / `end` pairs are half-open code-point offsets into `Document.text`, so that
`text[start:end]` is the one way to a quote (a slice, never a stored copy).
Paragraphs and lines count from 1. Dates are ISO strings: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.serialise import answer_to_dict, hit_to_dict

__all__ = [
    "Answer",
    "Citation",
    "Conflict",
    "Document",
    "Dropped",
    "Evidence",
    "EvidenceSentence",
    "Filters",
    "Hit",
    "Leg",
    "Paragraph",
    "Passage",
    "Span",
    "Statement",
    "Turn",
    "hit_to_dict",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets into a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The text between the offsets."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is cited: a paragraph as a reader would count it (a post of a thread is one).

    A heading (`heading=True`) has the number of the paragraph after it and is not counted itself.
    """

    number: int
    start: int
    end: int
    page: int | None = None
    heading: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Document:
    """One dated text. `source` names it to people: a path, with `#part` for a record of a file.

    `sha256` is of the source file's bytes; `body_start` is where the text proper begins
    (after front matter, which no passage holds). `date_origin` is one of `front matter`, `inline`,
    `html`, `record`, `header`, `file name`, `pdf metadata`, `docx metadata`, or None where undated.
    """

    source: str
    text: str
    sha256: str
    format: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    author: str | None = None
    date: str | None = None
    date_origin: str | None = None
    encoding: str | None = None
    language: str = "en"
    body_start: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: whole sentences of one document within the embedder's window.

    `row` is the passage's number inside the index; `id` outlives re-indexing of the same text
    at the same source. `paragraph` and `line` are those of the passage's first character.
    """

    id: str
    row: int
    source: str
    start: int
    end: int
    text: str
    paragraph: int
    line: int
    title: str | None = None
    date: str | None = None
    page: int | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Leg:
    """One retriever's opinion of a hit: its 1-based rank and its raw score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage, its fused score (higher is better) and what each leg said.

    `legs` has the keys `dense`, `lexical` and, where it ran, `rerank`; a leg that did not
    return the passage is absent. `sentences` holds the cosine of each of its sentences with the
    question, in order. `copies` are passages of other sources folded into it: they add nothing.
    """

    passage: Passage
    score: float
    legs: Mapping[str, Leg] = field(default_factory=dict, hash=False)
    sentences: tuple[float, ...] = ()
    copies: tuple[Passage, ...] = ()

    @property
    def also_in(self) -> tuple[str, ...]:
        """The sources of the copies, each once."""
        return tuple(dict.fromkeys(copy.source for copy in self.copies))


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be retrieved at all, applied before ranking.

    `since` and `until` are ISO dates (inclusive; a year or month means all of it); `source` is a
    glob over the source path or its file name. `as_of` allows what was surely published by the end
    of that date: a document of a whole year passes `until` if the year begins in time, `as_of` only
    if it is over. `speaker` bounds no passage: it is for who reads them (`rag.compose.speaking`).
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    as_of: str | None = None
    speaker: str | None = None

    @property
    def empty(self) -> bool:
        """Whether every document may be retrieved."""
        return all(x is None for x in (self.since, self.until, self.source, self.as_of))


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of a conversation; `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence of a passage that may answer; `support` in [0, 1] says how well.

    `company` in [0, 1] is the probability that it belongs to the answer, if there is one;
    `answer` is the stretch of it that a trained reader would give as the short answer.
    """

    span: Span
    support: float
    company: float = 0.0
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the reader found in one hit: sentences best first, and the short answer's span."""

    n: int
    hit: Hit
    sentences: tuple[EvidenceSentence, ...]
    answer: Span | None
    support: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A verified pointer from a statement to the very words of a source.

    `speaker` is who says them where the document itself does not, by the name at `speaker_span` of
    its text. `also_in` are sources with a copy of the passage in which the very quote stands too.
    """

    id: int
    passage_id: str
    source: str
    title: str | None
    date: str | None
    page: int | None
    paragraph: int
    line: int
    start: int
    end: int
    quote: str
    source_sha256: str
    speaker: str | None = None
    speaker_span: Span | None = None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer with the ids of the citations that carry it.

    `speaker` is the one that its citations share; `speaker_span` lies in the document of the first.
    """

    text: str
    citations: tuple[int, ...]
    verified: bool
    support: float
    speaker: str | None = None
    speaker_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Citations of one answer that cannot all be right, and what each of them says.

    `values` go with `citations`; none where one sentence tells of a dispute itself. `kind` is
    `number`, `date`, `name`, `yes or no`, `opposed` (two speakers) or `disputed`.
    """

    citations: tuple[int, ...]
    about: str
    values: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was not shown, and why (`uncited`, `unknown_ref`, `quote_not_found`, …)."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can be checked, or a reasoned refusal with the nearest passages.

    `as_of` is the date up to which documents were searched; `scope` says in a sentence which
    dates were, where not all, and whether a limit that the question itself named was given up.
    """

    question: str
    answered: bool
    answer: str
    short_answer: str | None
    confidence: float
    abstained_because: str | None
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(hash=False)
    models: Mapping[str, str | None] = field(hash=False)
    dropped: tuple[Dropped, ...] = ()
    as_of: str | None = None
    scope: str | None = None
    conflicts: tuple[Conflict, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The object of `rag ask --json`; survives a round trip through JSON."""
        return answer_to_dict(self)

    def __str__(self) -> str:
        from rag.render.plain import answer_to_text

        return answer_to_text(self)

    def _repr_markdown_(self) -> str:
        from rag.render.plain import answer_to_markdown

        return answer_to_markdown(self)
