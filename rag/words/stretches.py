"""Stretches of a text that no sentence crosses: posts, items, rows, turns, what is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text import LINE_END, THREAD_MARKER, is_thread_marker, trim, turns_quote
from rag.types import Span

__all__ = ["stretches", "trailing_marker"]

_EOL = r"(?:\r\n|\n|\r(?!\n))"
_BLANK_LINE = re.compile(rf"{_EOL}[^\S\r\n]*{_EOL}\s*")
_MARKER_AT_END = re.compile(r"(?:^|(?<=\s))" + THREAD_MARKER + r"\Z")
_DATED_BY = frozenset(
    "on by since until till of from to the about before after and or is was".split()
)
_OPENER = re.compile(
    r"\s*(?:[•‣▪◦|]|#{1,6}\s|\(?\d{1,3}/\d{0,3}\)?\s|(?P<label>[^\W\d_][^:\r\n]{1,40}):\s)"
)
_BULLET = re.compile(r"(?:^|[\r\n])[^\S\r\n]*(?:[-*+]|\d{1,3}[.)]|\[\d{1,3}\])[^\S\r\n]")
#: What parts the cells of a row, beside a tab: a sign that neither a space nor thousands follow.
_CELL_END = re.compile(r"[,;](?![^\S\r\n])(?!(?<=\d,)\d{3}(?!\d))")
_FEWEST_ROWS, _FEWEST_CELL_ENDS = 3, 2


def stretches(text: str, start: int, end: int) -> Iterator[Span]:
    """Stretches that no sentence crosses: between blank lines, posts, items, turns."""
    at = start
    for blank in _BLANK_LINE.finditer(text, start, end):
        yield from _stretches(text, at, blank.start())
        at = blank.end()
    yield from _stretches(text, at, end)


def _stretches(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between two blank lines; list items count where there are two or more.

    So does each row of a table whose cells are set apart by signs, and a change of who is quoted.
    """
    span = trim(text, start, end)
    rows = _are_rows(LINE_END.split(span.of(text)))
    bullets = [m.end() for m in _BULLET.finditer(text, max(0, span.start - 1), span.end)]
    listed = frozenset(bullets if len(bullets) > 1 else ())
    at = line = span.start
    for line_end in LINE_END.finditer(text, span.start, span.end):
        before, after = text[line : line_end.start()], line_end.end()
        line = after
        bullet = _BULLET.match(text, max(at, after - 1), span.end) if listed else None
        if (
            rows
            or turns_quote(before, _line_at(text, after, span.end))
            or (bullet is not None and bullet.end() in listed)
            or _opens_stretch(text, after, span.end)
            or _HEADING.match(text, at, line_end.start())
            or trailing_marker(text, at, line_end.start()) is not None
        ):
            yield trim(text, at, line_end.start())
            at = trim(text, after, span.end).start
    if at < span.end:
        yield trim(text, at, span.end)


_HEADING = re.compile(r"#{1,6}\s")


def _line_at(text: str, start: int, end: int) -> str:
    """The line that begins at `start`, as far as `end`."""
    line_end = LINE_END.search(text, start, end)
    return text[start : end if line_end is None else line_end.start()]


def _are_rows(lines: Sequence[str]) -> bool:
    """Whether lines are the rows of a table, as of comma-separated values: every one has cells."""
    return len(lines) >= _FEWEST_ROWS and all(
        "\t" in line.strip() or len(_CELL_END.findall(line)) >= _FEWEST_CELL_ENDS for line in lines
    )


def _opens_stretch(text: str, start: int, end: int) -> bool:
    """Whether a bullet, table row, heading, post number or SPEAKER: begins at `start`."""
    match = _OPENER.match(text, start, end)
    return match is not None and (match["label"] is None or match["label"].isupper())


def trailing_marker(text: str, start: int, end: int) -> int | None:
    """Where between the offsets a thread marker at their end begins, if there is one.

    A date or fraction looks alike: not after "on" or "since", and a total of up to 4 needs
    another marker with the same total nearby.
    """
    end = trim(text, start, end).end
    if end == start or text[end - 1] not in "0123456789)":
        return None
    at = max(start, end - 24)
    match = _MARKER_AT_END.search(text[at:end])
    if match is None or not is_thread_marker(match[1], match[2]):
        return None
    before = text[at : at + match.start()].split()
    if before and before[-1].casefold() in _DATED_BY:
        return None
    if int(match[2]) <= 4 and not _has_sibling(text, end, match[1], match[2]):
        return None
    return at + match.start()


def _has_sibling(text: str, at: int, number: str, total: str) -> bool:
    """Whether another number over the same total ends or starts a line within 5,000 characters."""
    pattern = rf"(?:(?<=[\r\n])|\s)\(?(\d{{1,3}})/{total}\)?(?![\d/])(?P<end>\s*(?:[\r\n]|\Z))?"
    return any(
        match[1] != number and (match["end"] is not None or not match[0][0].isspace())
        for match in re.finditer(pattern, text[max(0, at - 5000) : at + 5000])
    )
