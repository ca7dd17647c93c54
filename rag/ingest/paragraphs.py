"""Splits a text into the paragraphs a reader would count, by its line structure alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.ingest.lines import FENCE, is_item, is_prose, structure, title_like, unwrapped
from rag.text import LINE_END, has_word, trim, turns_quote
from rag.types import Paragraph, Span

__all__ = ["count_blocks", "split_paragraphs"]

_MARKER_ALONE = re.compile(r"^\s*\(?(\d{1,3})/(\d{1,3})\)?\s*$")
_NUMBERED = re.compile(r"^\d{1,2}\.\s+[^\W\d_a-z]")
_DATE_ALONE = re.compile(r"\ufeff?date\s*:?\s*\d{4}-\d{2}-\d{2}\.?", re.IGNORECASE)
_ATX = re.compile(r"^ {0,3}#{1,6}(?:[ \t]+\S|$)")
_SETEXT = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_TABLE_RULE = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph to be: its trimmed span, and whether it looks like a heading."""

    span: Span
    heading: bool = False


def split_paragraphs(
    text: str,
    *,
    start: int = 0,
    end: int | None = None,
    page: int | None = None,
    first_number: int = 1,
    markdown: bool = False,
) -> list[Paragraph]:
    """The paragraphs between two offsets, in order, disjoint, free of white space at the ends.

    Every non-space character is in exactly one. A blank line separates paragraphs; inside a
    block, posts, speaker turns, dated entries, list items and unwrapped lines each are one, while
    hard-wrapped lines stay together. Paragraphs count from `first_number`; a heading has the
    number of the paragraph after it, and one that nothing follows is a paragraph.
    """
    stop = len(text) if end is None else min(end, len(text))
    pieces: list[_Piece] = []
    for block in _blocks(_lines(text, max(0, start), stop), fences=markdown):
        if markdown:
            pieces += _markdown_pieces(block)
        else:
            pieces += [p for part in _by_quoting(block) for p in _plain_pieces(part)]
    pieces = [_Piece(trim(text, p.span.start, p.span.end), p.heading) for p in pieces]
    pieces = _without_fragments(text, [p for p in pieces if p.span.start < p.span.end])
    if not markdown:
        pieces = _with_plain_headings(text, pieces)
    return _numbered(pieces, first_number, page)


def count_blocks(
    text: str,
    blocks: Sequence[tuple[Span, bool]],
    *,
    first_number: int = 1,
    page: int | None = None,
) -> list[Paragraph]:
    """Paragraphs of blocks that a format has told apart itself; True is one that stands out.

    Of those that stand out, what reads as a title before prose is a heading.
    """
    out = {span.start for span, stands_out in blocks if stands_out}
    pieces = _without_fragments(text, [_Piece(span) for span, _ in blocks])
    titled = _with_plain_headings(text, pieces)
    pieces = [_Piece(p.span, p.heading and p.span.start in out) for p in titled]
    return _numbered(pieces, first_number, page)


def _lines(text: str, start: int, end: int) -> list[_Line]:
    lines: list[_Line] = []
    at = start
    for line_end in LINE_END.finditer(text, start, end):
        lines.append(_Line(at, line_end.start(), text[at : line_end.start()]))
        at = line_end.end()
    lines.append(_Line(at, end, text[at:end]))
    return lines


def _blocks(lines: Sequence[_Line], *, fences: bool) -> list[list[_Line]]:
    """Runs of lines between blank ones; with `fences` a fenced code block is a run of its own."""
    blocks: list[list[_Line]] = [[]]
    fence: str | None = None
    for line in lines:
        opener = FENCE.match(line.text) if fences else None
        if fence is not None:
            blocks[-1].append(line)
            if opener and opener[1].startswith(fence) and line.text.strip() == opener[1]:
                fence = None
                blocks.append([])
        elif opener:
            fence = opener[1]
            blocks.append([line])
        elif not line.text.strip() or (
            line.start == 0 and not line.text.removeprefix("\ufeff").strip()
        ):
            blocks.append([])
        else:
            blocks[-1].append(line)
    return [block for block in blocks if block]


def _by_quoting(block: Sequence[_Line]) -> list[list[_Line]]:
    """A block cut where mail goes over to what is quoted, deeper, less deep or not at all."""
    parts = [[block[0]]]
    for before, line in pairwise(block):
        if turns_quote(before.text, line.text):
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts


def _joined(lines: Sequence[_Line], *, heading: bool = False) -> _Piece:
    return _Piece(Span(lines[0].start, lines[-1].end), heading)


def _cut(block: Sequence[_Line], opens: Sequence[bool]) -> list[_Piece]:
    """One piece for each run of lines that starts at a line that opens one."""
    runs: list[list[_Line]] = []
    for line, opening in zip(block, opens, strict=True):
        if opening or not runs:
            runs.append([line])
        else:
            runs[-1].append(line)
    return [_joined(run) for run in runs]


def _plain_pieces(block: Sequence[_Line]) -> list[_Piece]:
    """The pieces of a block of plain text; what is no post, turn or entry is running text."""
    texts = [line.text for line in block]
    opens = structure(texts) if len(block) > 1 else None
    if opens is None:
        return _cut(block, unwrapped(texts))
    first = next(i for i, opening in enumerate(opens) if opening)
    last = max(i for i, opening in enumerate(opens) if opening)
    pieces = _cut(block[:first], unwrapped(texts[:first])) + _cut(
        block[first:last], opens[first:last]
    )
    # Text after a list that was extracted without its blank lines is not the last item's.
    rest = block[last:]
    listed = is_item(texts[last])
    opens = unwrapped(texts[last:]) if listed else [True] + [False] * (len(rest) - 1)
    return pieces + _cut(rest, opens)


def _markdown_pieces(block: Sequence[_Line]) -> list[_Piece]:
    """The pieces of one Markdown block: fence, table, heading, quote, list, or running text."""
    if FENCE.match(block[0].text):
        return [_joined(block)]
    pieces: list[_Piece] = []
    run: list[_Line] = []
    for line in block:
        if _ATX.match(line.text):
            pieces += _markdown_run(run)
            pieces.append(_joined([line], heading=True))
            run = []
        elif run and _SETEXT.match(line.text) and "|" not in run[-1].text:
            pieces.append(_joined([*run, line], heading=True))
            run = []
        elif _RULE.match(line.text):
            pieces += [*_markdown_run(run), _joined([line])]
            run = []
        else:
            run.append(line)
    return pieces + _markdown_run(run)


def _markdown_run(run: Sequence[_Line]) -> list[_Piece]:
    if not run:
        return []
    for i in range(1, len(run)):
        if "|" in run[i - 1].text and _TABLE_RULE.match(run[i].text) and "|" in run[i].text:
            return [*_markdown_run(run[: i - 1]), _joined(run[i - 1 :])]
    texts = [line.text for line in run]
    items = [is_item(text) for text in texts]
    if items[0] or sum(items) >= 2:
        return _cut(run, items)
    return _cut(run, structure(texts) or [True] + [False] * (len(run) - 1))


def _without_fragments(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Joins separators (`* * *`) and lone thread markers to the paragraph before them."""
    kept: list[_Piece] = []
    carried: int | None = None
    for piece in pieces:
        fragment = not has_word(text, piece.span.start, piece.span.end) or (
            _MARKER_ALONE.match(piece.span.of(text)) is not None
        )
        if fragment and kept and not kept[-1].heading:
            kept[-1] = _Piece(Span(kept[-1].span.start, piece.span.end))
        elif fragment:
            carried = piece.span.start if carried is None else carried
        else:
            at = piece.span.start if carried is None else carried
            kept.append(_Piece(Span(at, piece.span.end), piece.heading))
            carried = None
    if carried is not None:
        kept.append(_Piece(Span(carried, pieces[-1].span.end)))
    return kept


def _with_plain_headings(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Marks the short title-like lines that stand alone before a paragraph of prose."""
    marked = list(pieces)
    prose_follows, run = False, 0
    listed = [is_item(piece.span.of(text)) for piece in pieces]
    for i in range(len(pieces) - 1, -1, -1):
        body = pieces[i].span.of(text)
        if i == 0 and _DATE_ALONE.fullmatch(body):
            marked[i] = _Piece(pieces[i].span, heading=True)
            continue
        in_list = listed[i] and (
            not _NUMBERED.match(body) or any(listed[max(0, i - 1) : i] + listed[i + 1 : i + 2])
        )
        if prose_follows and run < 3 and not in_list and title_like(body):
            marked[i] = _Piece(pieces[i].span, heading=True)
            run += 1
        else:
            prose_follows, run = is_prose(body), 0
    return marked


def _numbered(pieces: Sequence[_Piece], first_number: int, page: int | None) -> list[Paragraph]:
    last = max((i for i, piece in enumerate(pieces) if not piece.heading), default=-1)
    paragraphs: list[Paragraph] = []
    number = first_number
    for i, piece in enumerate(pieces):
        heading = piece.heading and i < last
        paragraphs.append(Paragraph(number, piece.span.start, piece.span.end, page, heading))
        number += not heading
    return paragraphs
