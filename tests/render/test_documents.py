"""A document as lines: what was a row of a table stays one."""

from __future__ import annotations

import pytest

from rag.render.documents import document_lines
from rag.render.lines import to_text
from rag.types import Document, Paragraph, Span

TEXT = "Votes for 57 13\nVotes against 75 20"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("pdf", "  1  page 2, line 1  Votes for 57 13\n" + " " * 21 + "Votes against 75 20"),
        ("text", "  1  page 2, line 1  Votes for 57 13 Votes against 75 20"),
    ],
)
def test_rows_of_a_table_are_shown_as_rows(kind: str, shown: str) -> None:
    paragraph = Paragraph(1, 0, len(TEXT), page=2)
    document = Document("a", TEXT, "0" * 64, kind, (paragraph,))
    quote = Span(TEXT.index("13"), TEXT.index("against"))
    lines = document_lines(document, [paragraph], quote=quote)
    assert to_text(lines).split("\n\n", 1)[1] == shown
