"""What is shown, as lines of styled pieces: one description for the pipe and the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rag.render.clean import collapsed

__all__ = ["BLANK", "Line", "Piece", "Style", "counted", "line", "to_text"]

Style = Literal["", "marker", "source", "strong", "dim", "warn", "bad", "good"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one style; whoever prints it neutralises it first."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: `lead` stands before it, and what wraps is set off by the lead's width.

    A lead is made by this program alone, so it is printed as it is.
    """

    pieces: tuple[Piece, ...] = ()
    lead: Piece = Piece("")


BLANK = Line()


def line(*pieces: str | Piece, lead: str | Piece = "") -> Line:
    """A line of pieces, bare strings being unstyled."""
    return Line(tuple(_piece(p) for p in pieces), _piece(lead))


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def to_text(lines: Iterable[Line]) -> str:
    """The lines as plain text: no colour, no wrapping, the same at every width."""
    return "\n".join(_plain(item) for item in lines)


def _plain(item: Line) -> str:
    return (item.lead.text + "".join(collapsed(p.text) for p in item.pieces)).rstrip()


def _piece(value: str | Piece) -> Piece:
    return value if isinstance(value, Piece) else Piece(value)
