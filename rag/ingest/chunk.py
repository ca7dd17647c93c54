"""Cuts a document into passages: whole sentences within the embedder's window.

Lengths are *costs*: the embedder's tokens, or a sixteenth of the characters where that is
more, so that text the tokenizer hardly sees (one endless word) is still cut.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.errors import BadInput
from rag.text import sentences, trim
from rag.types import Document, Paragraph, Span

__all__ = ["ChunkConfig", "TokenCounter", "chunk_spans"]

_CHARS_PER_TOKEN = 16
_BATCH_CHARS = 200_000
_MARGIN = 8
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


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut again: a sentence (with the white space after it left out), or a part.

    `before` and `after` are the numbers of the document's tokens that start before the unit's
    start and end; `whole` is False for a part of a sentence.
    """

    start: int
    end: int
    before: int
    after: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Block:
    """The units of a paragraph together with the headings over it, on one page."""

    units: tuple[_Unit, ...]
    page: int | None
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Limits:
    target: int
    most: int
    overlap: int


def chunk_spans(document: Document, counter: TokenCounter, config: ChunkConfig) -> list[Span]:
    """The passages of a document, in order, cut at sentence ends wherever that is possible.

    Short neighbouring paragraphs on a page share a passage until it has about
    `target_tokens`; a paragraph over the limit is split with an overlap of whole sentences;
    a sentence over the limit is cut at clause ends, white space, or last anywhere. Every
    non-space character from `body_start` on is in a passage, and no passage has more tokens than
    the window. Deterministic; linear in the text.
    """
    most = max(1, min(config.max_tokens or counter.window, counter.window))
    limits = _Limits(min(config.target_tokens, most), most, config.overlap_sentences)
    cutter = _Cutter(document.text, counter, limits)
    blocks = _with_headings(cutter.blocks(document))
    return _packed(blocks, limits)


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

    def __init__(self, text: str, counter: TokenCounter, limits: _Limits) -> None:
        self._text = text
        self._counter = counter
        self._limits = limits
        self._base = 0

    def blocks(self, document: Document) -> Iterator[_Block]:
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

    def _counted(self, batch: Sequence[tuple[Paragraph, list[Span]]]) -> Iterator[_Block]:
        start, end = batch[0][1][0].start, batch[-1][1][-1].end
        tokens = [start + a for a, _ in self._offsets(start, end)]
        for paragraph, spans in batch:
            units: list[_Unit] = []
            for span in spans:
                unit = _Unit(
                    span.start,
                    span.end,
                    self._base + bisect_left(tokens, span.start),
                    self._base + bisect_left(tokens, span.end),
                )
                fits = _cost([unit], []) <= self._limits.most
                units += [unit] if fits else self._parts(unit, tokens)
            yield _Block(tuple(units), paragraph.page, paragraph.heading)
        self._base += len(tokens)

    def _offsets(self, start: int, end: int) -> list[tuple[int, int]]:
        return self._counter.offsets(_SURROGATE.sub("\ufffd", self._text[start:end]))

    def _parts(self, unit: _Unit, tokens: Sequence[int]) -> list[_Unit]:
        """A sentence over the limit, cut into parts that each fit when tokenised alone."""
        text, most = self._text, self._limits.most
        cost = max(unit.after - unit.before, -(-(unit.end - unit.start) // _CHARS_PER_TOKEN))
        goal = -(-cost // -(-cost // self._limits.target))
        parts: list[_Unit] = []
        at = unit.start
        while at < unit.end:
            first = bisect_left(tokens, at)
            limit = tokens[first + goal] if first + goal < len(tokens) else unit.end
            limit = min(max(limit, at + 1), unit.end, at + goal * _CHARS_PER_TOKEN)
            cut = limit if limit == unit.end else _cut_at(text, at, limit)
            while cut > at + 1 and len(self._offsets(at, cut)) > most:
                cut = _cut_at(text, at, at + (cut - at) // 2)
            span = trim(text, at, cut)
            before, after = bisect_left(tokens, span.start), bisect_left(tokens, span.end)
            parts.append(
                _Unit(span.start, span.end, self._base + before, self._base + after, whole=False)
            )
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
    return max(start + 1, limit)


def _cost(units: Sequence[_Unit], more: Sequence[_Unit]) -> int:
    """The cost of one passage from the first of `units` (or `more`) to the last of `more`."""
    first = (units or more)[0]
    last = (more or units)[-1]
    return max(last.after - first.before, -(-(last.end - first.start) // _CHARS_PER_TOKEN))


def _with_headings(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Puts headings in front of the block they stand over, page by page."""
    waiting: tuple[_Unit, ...] = ()
    page: int | None = None
    for block in blocks:
        if waiting and block.page != page:
            yield _Block(waiting, page)
            waiting = ()
        page = block.page
        if block.heading:
            waiting += block.units
        else:
            yield _Block(waiting + block.units, page)
            waiting = ()
    if waiting:
        yield _Block(waiting, page)


def _packed(blocks: Iterator[_Block], limits: _Limits) -> list[Span]:
    """Fills passages with whole blocks while they fit, and splits those that never do."""
    passages: list[Span] = []
    current: list[_Unit] = []
    page: int | None = None
    for block in blocks:
        if current and (block.page != page or not _joins(current, block, limits)):
            passages.append(Span(current[0].start, current[-1].end))
            current = []
        page = block.page
        if _cost(current, block.units) <= limits.most:
            current += block.units
            continue
        *done, current = _split([*current, *block.units], limits)
        passages += [Span(units[0].start, units[-1].end) for units in done]
    if current:
        passages.append(Span(current[0].start, current[-1].end))
    return passages


def _joins(current: Sequence[_Unit], block: _Block, limits: _Limits) -> bool:
    """Whether the block goes on the current passage: if that brings it nearer the target.

    A lead-in of a few words also joins a block that has to be split.
    """
    have, both = _cost(current, []), _cost(current, block.units)
    if both > limits.most:
        return have <= limits.target // 6 and _cost(block.units, []) > limits.most
    return both - limits.target <= limits.target - have


def _split(units: Sequence[_Unit], limits: _Limits) -> list[list[_Unit]]:
    """The units in runs of about equal cost near the target, overlapping by whole sentences."""
    cost = _cost(units, [])
    goal = -(-cost // -(-cost // limits.target))
    runs: list[list[_Unit]] = [[]]
    for i, unit in enumerate(units):
        run = runs[-1]
        both = _cost(run, [unit])
        if run and (both > limits.most or both - goal > goal - _cost(run, [])):
            overlap = _overlap(units[:i][-limits.overlap :] if limits.overlap else [], run, unit)
            if overlap and (_cost(overlap, []) > goal // 2 or _cost(overlap, [unit]) > limits.most):
                overlap = []
            runs.append([*overlap, unit])
        else:
            run.append(unit)
    return runs


def _overlap(tail: Sequence[_Unit], run: Sequence[_Unit], unit: _Unit) -> list[_Unit]:
    """The sentences repeated in front of `unit`: whole ones, fewer than the run before had."""
    kept = list(tail)[-(len(run) - 1) :] if len(run) > 1 else []
    return kept if unit.whole and all(u.whole for u in kept) else []
