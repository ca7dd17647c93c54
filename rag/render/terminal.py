"""Lines on a terminal: colour and wrapping by rich, which never sees markup from a document."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from rag.render.answers import MARKERS
from rag.render.clean import clean, collapsed
from rag.render.lines import Line, Style

__all__ = ["StreamPrinter", "make_console", "print_lines"]

STYLES: dict[Style, str] = {
    "": "",
    "marker": "bold cyan",
    "source": "bold",
    "strong": "bold",
    "dim": "dim",
    "warn": "bold yellow",
    "bad": "bold red",
    "good": "green",
}
NARROWEST = 12
INDENT = "  "


def make_console(file: TextIO | None = None, **options: object) -> Console:
    """A console that interprets nothing in what it prints; heeds NO_COLOR, COLUMNS and TERM."""
    console = Console(
        file=file or sys.stdout,
        highlight=False,
        markup=False,
        emoji=False,
        **options,  # type: ignore[arg-type]
    )
    # rich prints nothing at all where COLUMNS is 0; a width once set is no longer the terminal's
    if console.width < NARROWEST:  # noqa: PLR1730
        console.width = NARROWEST
    return console


def print_lines(console: Console, lines: Iterable[Line]) -> None:
    """Prints the lines wrapped to the width, what wraps standing right of the line's lead."""
    for item in lines:
        for row in _rows(console, item):
            console.print(row, no_wrap=True, overflow="ignore", crop=False)


def _rows(console: Console, item: Line) -> list[Text]:
    lead = Text(item.lead.text, STYLES[item.lead.style])
    body = Text.assemble(*((collapsed(p.text), STYLES[p.style]) for p in item.pieces))
    above: list[Text] = []
    if console.width - lead.cell_len < NARROWEST:  # no room beside the lead: the text goes below
        above = list(lead.wrap(console, console.width)) if lead.plain.strip() else []
        lead = Text(INDENT)
    wrapped = list(body.wrap(console, console.width - lead.cell_len)) or [Text()]
    rows = [Text.assemble(lead, wrapped[0])]
    rows += [Text.assemble(" " * lead.cell_len, row) for row in wrapped[1:]]
    for row in [*above, *rows]:
        row.rstrip()
    return [*above, *rows] if body else above or rows


class StreamPrinter:
    """Prints text that arrives in pieces, wrapped by words, with its `[n]` markers coloured."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._word = ""
        self._column = 0

    def feed(self, piece: str) -> None:
        """Takes a piece; a word is printed once white space shows that it is whole."""
        for part in re.split(r"(\s+)", piece):
            if not part.isspace():
                self._word += part
                continue
            self._flush()
            if "\n" in clean(part):
                self._break()

    def end(self) -> None:
        """Prints what is left and ends the line."""
        self._flush()
        self._break()

    def _flush(self) -> None:
        word = clean(self._word)
        self._word = ""
        if not word:
            return
        width = self._console.width
        if self._column and self._column + 1 + cell_len(word) > width:
            self._break()
        if self._column:
            self._put(" ", "")
        style = STYLES["marker"] if MARKERS.fullmatch(word) else ""
        pieces = chop_cells(word, width) if cell_len(word) > width else [word]
        for n, text in enumerate(pieces):
            if n:
                self._break()
            self._put(text, style)

    def _put(self, text: str, style: str) -> None:
        shown = Text(text, style)
        self._console.print(shown, end="", no_wrap=True, overflow="ignore", crop=False)
        self._column += cell_len(text)

    def _break(self) -> None:
        if self._column:
            self._console.print()
        self._column = 0
