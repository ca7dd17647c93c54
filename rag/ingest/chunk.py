"""Cuts a document into passages: whole sentences within the embedder's window."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.errors import BadInput
from rag.ingest.packing import CHARS_PER_TOKEN, Block, Limits, Unit, cost_of, packed, with_headings
from rag.text import trim
from rag.types import Document, Paragraph, Span
from rag.words.sentences import sentences

__all__ = ["ChunkConfig", "TokenCounter", "chunk_spans"]

_BATCH_CHARS = 200_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLAUSE_END = re.compile(r"[;:,–—)\]][\"'”’»]?\s")
_SPACE = re.compile(r"\s")


class TokenCounter(Protocol):
    """The embedder's view of length; `window` is the tokens of text that fit, specials off."""

    window: int

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Half-open code-point offsets of the tokens of `text`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class ChunkConfig:
    """How long a passage should be and may be, in the embedder's tokens.

    `max_tokens` is the window where None, and never more than the window;
    `overlap_sentences` are repeated where a long paragraph is split. Raises BadInput.
    """

    target_tokens: int = 180
    max_tokens: int | None = None
    overlap_sentences: int = 1

    def __post_init__(self) -> None:
        if self.target_tokens < 1 or (self.max_tokens is not None and self.max_tokens < 1):
            raise BadInput("A passage needs room for at least one token.")
        if self.overlap_sentences < 0:
            raise BadInput("The number of overlapping sentences cannot be negative.")


def chunk_spans(document: Document, counter: TokenCounter, config: ChunkConfig) -> list[Span]:
    """The passages of a document, in order, cut at sentence ends wherever that is possible.

    Short neighbouring paragraphs on a page share a passage until it has about
    `target_tokens`; a paragraph over the limit is split with an overlap of whole sentences;
    a sentence over the limit is cut at clause ends, white space, or last anywhere. Every
    non-space character from `body_start` on is in a passage, and no passage has more tokens than
    the window. Deterministic; linear in the text.
    """
    most = max(1, min(config.max_tokens or counter.window, counter.window))
    limits = Limits(min(config.target_tokens, most), most, config.overlap_sentences)
    cutter = _Cutter(document.text, counter, limits)
    blocks = with_headings(cutter.blocks(document))
    return packed(blocks, limits)


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """The document's paragraphs and, so that nothing is lost, what stands between them."""
    text, at, page = document.text, document.body_start, None
    for paragraph in sorted(document.paragraphs, key=lambda p: (p.start, p.end)):
        start, end = max(at, paragraph.start), min(paragraph.end, len(text))
        if start >= end:
            continue
        gap = trim(text, at, start)
        if gap.start < gap.end:
            yield Paragraph(paragraph.number, gap.start, gap.end, page or paragraph.page)
        page, at = paragraph.page, end
        span = trim(text, start, end)
        if span.start < span.end:
            yield replace(paragraph, start=span.start, end=span.end)
    rest = trim(text, at, len(text))
    if rest.start < rest.end:
        yield Paragraph(0, rest.start, rest.end, page)


class _Cutter:
    """Turns paragraphs into units; the document's tokens are counted once, in batches."""

    def __init__(self, text: str, counter: TokenCounter, limits: Limits) -> None:
        self._text = text
        self._counter = counter
        self._limits = limits

    def blocks(self, document: Document) -> Iterator[Block]:
        """The paragraphs of the document as blocks of units, in order."""
        batch: list[tuple[Paragraph, list[Span]]] = []
        size = 0
        for paragraph in _paragraphs(document):
            for spans in _batches(self._sentence_spans(paragraph, document.language)):
                length = spans[-1].end - spans[0].start
                if batch and size + length > _BATCH_CHARS:
                    yield from self._counted(batch)
                    batch, size = [], 0
                batch.append((paragraph, spans))
                size += length
        if batch:
            yield from self._counted(batch)

    def _sentence_spans(self, paragraph: Paragraph, language: str) -> list[Span]:
        """Spans that cover the paragraph: its sentences, each up to where the next begins."""
        found = sentences(self._text, paragraph.start, paragraph.end, language)
        starts = [paragraph.start, *(span.start for span in found[1:])]
        ends = [*starts[1:], paragraph.end]
        return [trim(self._text, a, b) for a, b in zip(starts, ends, strict=True)]

    def _counted(self, batch: Sequence[tuple[Paragraph, list[Span]]]) -> Iterator[Block]:
        start, end = batch[0][1][0].start, batch[-1][1][-1].end
        tokens = sorted(start + at for at, _ in self._offsets(start, end))
        for paragraph, spans in batch:
            units: list[Unit] = []
            for span in spans:
                count = bisect_left(tokens, span.end) - bisect_left(tokens, span.start)
                unit = Unit(span.start, span.end, count)
                fits = cost_of([unit]) <= self._limits.most
                units += [unit] if fits else self._parts(unit, tokens)
            yield Block(tuple(units), paragraph.page, paragraph.heading)

    def _offsets(self, start: int, end: int) -> list[tuple[int, int]]:
        return self._counter.offsets(_SURROGATE.sub("\ufffd", self._text[start:end]))

    def _parts(self, unit: Unit, tokens: Sequence[int]) -> list[Unit]:
        """A sentence over the limit, cut into parts that each fit when tokenised alone."""
        text, cost = self._text, cost_of([unit])
        goal = -(-cost // -(-cost // self._limits.target))
        parts: list[Unit] = []
        at, torn = unit.start, False
        while at < unit.end:
            beyond = bisect_left(tokens, at) + goal
            limit = tokens[beyond] if beyond < len(tokens) else unit.end
            limit = min(max(limit, at + 1), unit.end, at + goal * CHARS_PER_TOKEN)
            cut = limit if limit == unit.end else _cut_at(text, at, limit)
            while (count := len(self._offsets(at, cut))) > self._limits.most and cut > at + 1:
                cut = _cut_at(text, at, at + (cut - at) // 2)
            span = trim(text, at, cut)
            parts.append(Unit(span.start, span.end, count, whole=False, torn=torn))
            torn = not (text[cut - 1].isspace() or text[cut : cut + 1].isspace())
            at = trim(text, cut, unit.end).start
        return parts


def _batches(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of sentences of at most about a batch's characters; mostly the whole list."""
    run: list[Span] = []
    for span in spans:
        if run and span.end - run[0].start > _BATCH_CHARS:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _cut_at(text: str, start: int, limit: int) -> int:
    """The best place to cut in the second half of `text[start:limit]`, `limit` at the latest."""
    half = start + max(1, (limit - start) // 2)
    for pattern in (_CLAUSE_END, _SPACE):
        ends = [match.end() for match in pattern.finditer(text, half, limit)]
        if ends:
            return ends[-1]
    cut = max(start + 1, limit)
    # A mark, joiner or skin tone stays with the character it changes, within reason.
    while cut - 1 > max(start, limit - 16) and _clings(text, cut):
        cut -= 1
    return cut


def _clings(text: str, at: int) -> bool:
    """Whether the character at the offset and the one before are read as one."""
    after = text[at : at + 1]
    return bool(after) and (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or "\u200d" in (after, text[at - 1])
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
