"""Prints an answer on a terminal while it is composed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console

from rag.cli.output import is_terminal
from rag.errors import RagError
from rag.render.answers import NOT_SAID, rest_lines, text_lines
from rag.render.lines import Line, Piece, line
from rag.render.terminal import StreamPrinter, make_console, print_lines
from rag.types import Answer

__all__ = ["print_stream"]


def print_stream(pieces: Iterable[str | Answer]) -> Answer:
    """Prints the pieces as they come and, once the answer is whole, its sources and footer.

    Text that turns out not to be the verified answer is followed by the one that is.
    """
    console = make_console()
    printer = StreamPrinter(console)
    said, answer = "", None
    with _waiting() as settled:
        try:
            for piece in pieces:
                settled()
                if isinstance(piece, Answer):
                    answer = piece
                    continue
                shown_before = not _may_abstain(said)
                said += piece
                if not _may_abstain(said):
                    printer.feed(piece if shown_before else said)
        finally:
            printer.end()
    if answer is None:
        raise RagError("The answer broke off.", hint="Ask again.")
    print_lines(console, [*_text_not_yet_shown(said, answer), *rest_lines(answer, seconds=True)])
    return answer


def _may_abstain(said: str) -> bool:
    """Whether the text so far may be an abstention, which is shown whole and in its own form."""
    return NOT_SAID.startswith(said) or said.startswith(NOT_SAID)


def _text_not_yet_shown(said: str, answer: Answer) -> list[Line]:
    if _may_abstain(said):
        return text_lines(answer)
    if said.split() == answer.answer.split():
        return []
    return [line(Piece("After checking, the answer is:", "warn")), *text_lines(answer)]


@contextmanager
def _waiting() -> Iterator[Callable[[], None]]:
    """A sign of life on standard error until the function it gives is called."""
    if not is_terminal(sys.stderr):
        yield lambda: None
        return
    spinner = Console(stderr=True).status("Reading the documents …", spinner_style="dim")
    try:
        # Inside: an interrupt while it starts must not leave it turning for ever.
        spinner.start()
        yield spinner.stop
    finally:
        spinner.stop()
