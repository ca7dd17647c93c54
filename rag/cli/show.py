"""`rag show`: a document, or one of its paragraphs the way a citation names it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import JsonOption, takes
from rag.cli.output import show as show_lines
from rag.cli.output import write_json
from rag.cli.session import opened_store
from rag.config import Settings
from rag.errors import BadInput, IndexBroken
from rag.render.clean import one_line
from rag.render.documents import (
    context_of,
    document_lines,
    document_to_dict,
    head_of,
    paragraph_numbers,
)
from rag.types import Document

if TYPE_CHECKING:
    from rag.store.protocol import Store

__all__ = ["find_document", "show"]

LISTED = 10
_NUMBER = re.compile(r"\s*\d{1,9}\s*")


@takes("store")
def show(
    settings: Settings,
    place: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE[:PARAGRAPH]",
            help="A source, its file name or the end of its path; with :4, its fourth paragraph.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show a paragraph in its context.

    Without a paragraph, the head of the document.
    """
    with opened_store(settings) as index:
        document, number = _find(index, place)
    shown = head_of(document) if number is None else context_of(document, number)
    if number is not None and not shown:
        raise _no_such_paragraph(document, number)
    if as_json:
        write_json(document_to_dict(document, shown, number=number))
    else:
        show_lines(document_lines(document, shown, number=number))


def find_document(index: Store, name: str) -> Document:
    """The one document that the name means; `BadInput` lists the candidates otherwise."""
    if not name.strip():
        raise BadInput("No source is named.", hint="Name a file, for example: rag show FILE:4")
    found = _sources(index, name) or _shown_as(index, name)
    if not found:
        raise BadInput(f"No document is called “{name}”.", hint=_nearest(index, name))
    if len(found) > 1:
        raise BadInput(f"“{name}” may mean {len(found)} documents.", hint=_listed(found))
    document = index.document(found[0])
    if document is None:
        raise IndexBroken(f"The index names {found[0]} but does not hold its text.")
    return document


def _find(index: Store, place: str) -> tuple[Document, int | None]:
    """A source may itself end in a colon and digits, so the whole is tried first."""
    name, colon, number = place.rpartition(":")
    if not colon or not name.strip() or _sources(index, place):
        return find_document(index, place), None
    if _NUMBER.fullmatch(number):
        return find_document(index, name), int(number)
    if not (_sources(index, name) or _shown_as(index, name)):
        return find_document(index, place), None
    said = f"“{number}” is no number of a paragraph." if number else "No paragraph is named."
    raise BadInput(said, hint=_numbers(find_document(index, name)))


def _sources(index: Store, name: str) -> list[str]:
    """What the name may mean in the index, or else as a path from the working directory."""
    found = index.find_source(name)
    if found:
        return found
    try:
        from_base = Path(os.path.relpath(name, index.base)).as_posix()
    except ValueError:  # another drive
        return []
    return [s for s in index.find_source(from_base) if s == from_base]


def _shown_as(index: Store, name: str) -> list[str]:
    """Sources that are shown by that name: two spaces as one, and control characters as signs."""
    shown = {d.source: one_line(d.source) for d in index.documents()}
    wanted = one_line(name)
    same = [source for source, seen in shown.items() if seen == wanted]
    return same or [source for source, seen in shown.items() if seen.endswith(f"/{wanted}")]


def _no_such_paragraph(document: Document, number: int) -> BadInput:
    return BadInput(f"{document.source} has no paragraph {number}.", hint=_numbers(document))


def _numbers(document: Document) -> str:
    numbers = paragraph_numbers(document)
    return f"Its paragraphs are {numbers[0]} to {numbers[-1]}." if numbers else "It has none."


def _nearest(index: Store, name: str) -> str:
    from difflib import get_close_matches
    from pathlib import PurePosixPath

    sources = [d.source for d in index.documents()]
    by_name = {PurePosixPath(s).name.casefold(): s for s in reversed(sources)}
    inside = [s for s in sources if name.casefold() in s.casefold()]
    near = inside or [by_name[n] for n in get_close_matches(name.casefold(), by_name, n=3)]
    if near:
        return "Did you mean " + _listed(near, "?")
    return "rag status says what is in the index." if sources else "The index is empty."


def _listed(sources: list[str], end: str = ".") -> str:
    more = f" and {len(sources) - LISTED} more" if len(sources) > LISTED else ""
    return ", ".join(sources[:LISTED]) + more + end
