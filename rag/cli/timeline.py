"""`rag timeline`: the dated evidence in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import FILTERS, JsonOption, takes
from rag.cli.output import show, write_json
from rag.cli.session import limits, open_assistant
from rag.config import Settings
from rag.render.answers import citation_place
from rag.render.lines import BLANK, Line, Piece, line

if TYPE_CHECKING:
    from rag.compose.timeline import Entry, Timeline

__all__ = ["timeline"]

UNDATED = "undated"


@takes("store", "top_k", *FILTERS, "embedder", "reader")
def timeline(
    settings: Settings,
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="What it is about; quotes may be left out."),
    ],
    as_json: JsonOption = False,
) -> None:
    """List the dated evidence in order, one cited sentence a line.

    A sentence stands at the date that it names, else at that of its document. At most --top-k
    sentences are listed; a period in the question ("in 2016") keeps those dated in it.
    """
    with open_assistant(settings) as assistant:
        found = assistant.timeline(" ".join(question), **limits(settings))
    if as_json:
        write_json(found.to_dict())
    else:
        show(_lines(found))


def _lines(found: Timeline) -> list[Line]:
    scope = [BLANK, line(Piece(found.scope, "dim"))] if found.scope else []
    if not found.entries:
        return [line(Piece("No evidence found.", "warn")), *scope]
    width = max(len(_when(e)) for e in found.entries) + 2
    places = [line(citation_place(c), lead=Piece(f"[{c.id}] ", "marker")) for c in found.citations]
    entries = [_entry(e, width) for e in found.entries]
    return [*entries, *scope, BLANK, line(Piece("Sources", "strong")), *places]


def _entry(entry: Entry, width: int) -> Line:
    marker = Piece(f"[{entry.citation}]", "marker")
    whose = [Piece(" (date of the document)", "dim")] if entry.dated_by == "document" else []
    lead = Piece(f"{_when(entry):<{width}}", "strong")
    return line(f"{entry.text} ", marker, *whose, lead=lead)


def _when(entry: Entry) -> str:
    """`2020-11-10`, `2020-11`, `2020`, or the first and the last year or day."""
    if entry.first is None or entry.last is None:
        return UNDATED
    if entry.first == entry.last:
        return entry.first
    for length in (4, 7):
        if _whole(entry.first, entry.last, entry.first[:length]):
            return entry.first[:length]
    if entry.first.endswith("-01-01") and entry.last.endswith("-12-31"):
        return f"{entry.first[:4]} to {entry.last[:4]}"
    return f"{entry.first} to {entry.last}"


def _whole(first: str, last: str, date: str) -> bool:
    from rag.store.database import date_range

    return date_range(date) == (first, last)
