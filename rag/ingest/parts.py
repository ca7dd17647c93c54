"""What a format's reader finds in a file, before dates are weighed and paragraphs counted."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Paragraph

__all__ = ["WITHOUT_TEXT", "Parts"]

#: Why a record is left out that was read and says nothing.
WITHOUT_TEXT = "a record without text"


@dataclass(frozen=True, slots=True)
class Parts:
    """The text of one document and what the file says about it.

    `dates` are (value, origin) in the order they count, without those of the file name and of the
    text itself; `late_dates` (PDF and DOCX metadata) come after both. `paragraphs` is None where
    they are to be found in the text, from `body_start` on. `part` names a record of a file.
    """

    text: str
    format: str
    title: str | None = None
    author: str | None = None
    dates: tuple[tuple[object, str], ...] = ()
    late_dates: tuple[tuple[object, str], ...] = ()
    encoding: str | None = None
    body_start: int = 0
    markdown: bool = False
    paragraphs: tuple[Paragraph, ...] | None = None
    part: str | None = None
