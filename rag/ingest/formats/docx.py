"""DOCX: paragraphs and tables in their order, by python-docx, after a look for a bomb."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import UnreadableFile
from rag.ingest.parts import Parts

__all__ = ["read_docx"]

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
_PIECE = 1024 * 1024
#: A DOCX with a password lies encrypted in the container of the old formats.
_OLE = b"\xd0\xcf\x11\xe0"
_TEMPLATE_DAY = date(2013, 12, 23)


def read_docx(data: bytes) -> Parts:
    """The text with blank lines between paragraphs; raises `UnreadableFile`."""
    if data.startswith(_OLE):
        raise UnreadableFile("encrypted DOCX, or an old Office file")
    _check_archive(data)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # whatever the parsers below python-docx make of a damaged part
        raise UnreadableFile("a damaged or truncated DOCX") from error
    properties = document.core_properties
    # A file made by python-docx says when that library's template was made, and by whom.
    template = properties.created is not None and properties.created.date() == _TEMPLATE_DAY
    author = (properties.author or "").strip()
    return Parts(
        "\n\n".join(_blocks(document)),
        "docx",
        title=(properties.title or "").strip() or None,
        author=None if author == "python-docx" else author or None,
        late_dates=() if template else ((properties.created, "docx metadata"),),
    )


def _blocks(document: Any) -> Iterator[str]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = (" | ".join(_cells(row)) for row in item.rows)
            text = "\n".join(r for r in rows if r.strip(" |"))
        else:
            text = str(item.text)
        if text.strip():
            yield text.strip()


def _cells(row: Any) -> list[str]:
    """The cells of a row, a merged one once."""
    cells: list[str] = []
    seen: list[Any] = []
    for cell in row.cells:
        if not any(cell._tc is s for s in seen):
            seen.append(cell._tc)
            cells.append(" ".join(cell.text.split()))
    return cells


def _check_archive(data: bytes) -> None:
    """Refuses what is no DOCX, is cut short, or unpacks to far more than it should.

    The sizes that an archive declares can lie, so the parts are unpacked and counted as well.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "word/document.xml" not in names:
                raise UnreadableFile("not a DOCX document")
            limit = min(MAX_UNPACKED, max(MAX_RATIO * len(data), 10 * _PIECE))
            if sum(i.file_size for i in archive.infolist()) > limit:
                raise UnreadableFile("an archive that unpacks to far too much")
            left = limit
            for name in names:
                with archive.open(name) as member:
                    while piece := member.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise UnreadableFile("an archive that unpacks to far too much")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableFile("a damaged or truncated DOCX") from error
