"""DOCX: paragraphs and tables in their order, by python-docx, after a look for a bomb."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import UnreadableFile
from rag.ingest.parts import Parts
from rag.text import raised

__all__ = ["read_docx"]

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
_PIECE = 1024 * 1024
#: A DOCX with a password lies encrypted in the container of the old formats.
_OLE = b"\xd0\xcf\x11\xe0"
_TEMPLATE_DAY = date(2013, 12, 23)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What a program that does not know a newer element shows in its place: the same once more.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    "del moveFrom pPr rPr tblPr trPr tcPr sdtPr sdtEndPr instrText txbxContent rt".split()
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


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
    """The paragraphs and tables of the body, then those of the notes."""
    yield from _blocks_in(document.element.body)
    for notes in _notes(document):
        yield from (block for note in notes for block in _blocks_in(note))


def _blocks_in(parent: Any) -> Iterator[str]:
    """The paragraphs and tables; one whose end was deleted goes on with the next."""
    begun = ""
    for element in _find(parent, "p", "tbl"):
        table = _name(element) == "tbl"
        if table and begun.strip():
            yield begun.strip()
            begun = ""
        text = _table_text(element) if table else begun + _text(element)
        begun = text if not table and _has(element, "pPr/rPr", "del", "moveFrom") else ""
        if text.strip() and not begun:
            yield text.strip()
    if begun.strip():
        yield begun.strip()


def _notes(document: Any) -> Iterator[list[Any]]:
    """The footnotes, then the endnotes, that the body refers to, in its order."""
    from docx.oxml import parse_xml

    for kind in ("footnote", "endnote"):
        body = document.element.body
        wanted = [node.get(f"{_W}id") for node in body.iter(f"{_W}{kind}Reference")]
        for relation in document.part.rels.values() if wanted else ():
            if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
                found = {node.get(f"{_W}id"): node for node in parse_xml(relation.target_part.blob)}
                yield [found[name] for name in dict.fromkeys(wanted) if name in found]


def _has(element: Any, path: str, *names: str) -> bool:
    """Whether the properties of an element have one of these names."""
    found = element.find("/".join(_W + name for name in path.split("/")))
    return found is not None and any(found.find(_W + name) is not None for name in names)


def _name(element: Any) -> str:
    """The name of an element of WordprocessingML; of others and of comments the empty string."""
    tag = element.tag
    return tag.removeprefix(_W) if isinstance(tag, str) and tag.startswith(_W) else ""


def _find(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names, in order, however wrapped: in content controls, insertions.

    Within one that is found nothing more is looked for.
    """
    for child in element:
        name = _name(child)
        if _left_out(child):
            continue
        if name in names:
            yield child
        else:
            yield from _find(child, *names)


def _left_out(element: Any) -> bool:
    """Whether nothing in an element is text of the document as it stands."""
    if _name(element) == "sdt":
        # The words that ask for an entry, where none has been made.
        return element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
    if _name(element) == "r" and _has(element, "rPr", "vanish"):
        return element.find(f"{_W}rPr/{_W}vanish").get(f"{_W}val") not in ("0", "false")
    return (
        not isinstance(element.tag, str)
        or element.tag == _FALLBACK
        or _name(element) in _SKIPPED
        or (_name(element) == "tr" and _has(element, "trPr", "del"))
    )


def _text(element: Any) -> str:
    """The text in an element: that of its runs, whatever they are wrapped in."""
    pieces: list[str] = []
    for child in element:
        name = _name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in _SIGNS:
            pieces.append(_SIGNS[name])
        elif not _left_out(child):
            pieces.append(_run_text(child) if name == "r" else _text(child))
    return "".join(pieces)


def _run_text(run: Any) -> str:
    """The text of a run; raised figures are apart from the number before them."""
    text = _text(run)
    align = run.find(f"{_W}rPr/{_W}vertAlign")
    high = align is not None and align.get(f"{_W}val") == "superscript"
    return (raised(text) if high else None) or text


def _table_text(table: Any) -> str:
    rows = (" | ".join(row) for row in _rows(table))
    return "\n".join(row for row in rows if row.strip(" |"))


def _rows(table: Any) -> Iterator[list[str]]:
    """The cells of each row; one that is merged over several rows stands in each of them."""
    above: dict[int, str] = {}
    for row in _find(table, "tr"):
        column = _number(row, "trPr/gridBefore", 0)
        cells: list[str] = []
        for cell in _find(row, "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            text = above.get(column, "") if goes_on else _cell_text(cell)
            above[column] = text
            cells.append(text)
            column += _number(cell, "tcPr/gridSpan", 1)
        yield cells


def _cell_text(cell: Any) -> str:
    """All paragraphs of a cell as one line, those of a table in it as well."""
    words: list[str] = []
    for element in _find(cell, "p", "tbl"):
        if _name(element) == "p":
            words += _text(element).split()
        else:
            words += (word for row in _rows(element) for text in row for word in text.split())
    return " ".join(words)


def _number(element: Any, path: str, default: int) -> int:
    """The value of a property; the default where there is none, or no number."""
    found = element.find("/".join(_W + name for name in path.split("/")))
    value = found.get(f"{_W}val", "") if found is not None else ""
    return int(value) if value.isdecimal() and len(value) < 4 else default


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
