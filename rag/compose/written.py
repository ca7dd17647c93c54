"""Takes a model's reply apart: its sentences, and the numbers that each one cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.words.sentences import sentences

__all__ = ["Written", "sentences_written"]

_MARKS = re.compile(r"(?:\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\])+")
_NUMBER = re.compile(r"\d+")
_ENDED = re.compile(r"[.!?…][\"”’')»*_]*\s*\Z")
_GAPS = re.compile(r"(\s\s)\s+")
_DECORATION = re.compile(r"\A(?:\s*(?:[-*•>]|\d{1,2}[.)]|#{1,6})\s+)+|\*\*|__")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence without its marks, and the numbers it cites; `whole` if it came to an end."""

    text: str
    numbers: tuple[int, ...]
    whole: bool = True


def sentences_written(pieces: Iterable[str]) -> Iterator[Written]:
    """The sentences of a reply, each as soon as the text behind it shows that it is whole.

    A sentence reaches to the marks that end it: `… text. [1][2]` or `… text [1].`, with further
    marks inside (`… [1] and … [2].`). Sentences before that one in the same stretch cite nothing.
    """
    buffer = ""
    for piece in pieces:
        # White space without end would be looked through again at each piece.
        buffer = _GAPS.sub(r"\1", buffer + piece)
        while "]" in buffer and (end := _end(buffer)) is not None:
            yield from _split(buffer[:end])
            buffer = buffer[end:]
    yield from _split(buffer)


def _end(buffer: str) -> int | None:
    """Where the first cited sentence ends, once what follows it has begun."""
    for marks in _MARKS.finditer(buffer):
        after = buffer[marks.end() :]
        stop = re.match(r"\s*[.!?…]+[\"”’')»]*(?=\s+\S|[^\W_])", after)
        if stop is not None:
            return marks.end() + stop.end()
        # A stop behind the marks belongs to what they mark; what follows it is still to come.
        if _ENDED.search(buffer[: marks.start()]) and re.match(r"\s*[^\s\[.!?…]", after):
            return marks.end()
    return None


def _split(text: str) -> Iterator[Written]:
    """What one stretch holds: uncited sentences, then the one with the marks."""
    last = None
    for last in _MARKS.finditer(text):  # noqa: B007 (the last one is wanted)
        pass
    if last is None:
        yield from _uncited(text)
        return
    before = _MARKS.sub("", text[: last.start()])
    closing = text[last.end() :].strip()
    spans = sentences(before, 0, len(before))
    marked_from = spans[-1].start if spans else 0
    yield from _uncited(before[:marked_from])
    numbers = tuple(dict.fromkeys(int(n) for m in _MARKS.findall(text) for n in _NUMBER.findall(m)))
    body, tail = before[marked_from:], ""
    if re.fullmatch(r"[.!?…]+[\"”’')»]*", closing):
        body += "" if _ENDED.search(body) else closing
    else:
        tail = closing
    yield Written(_plain(body), numbers)
    yield from _uncited(tail)


def _uncited(text: str) -> Iterator[Written]:
    for span in sentences(text, 0, len(text)):
        said = _plain(span.of(text))
        if said:
            yield Written(said, (), _ENDED.search(said) is not None)


def _plain(text: str) -> str:
    """One line without the decoration of lists and Markdown."""
    return " ".join(_DECORATION.sub("", text).split())
