"""PDF: the text of each page by pdfium, lines rejoined to paragraphs, pages kept."""

from __future__ import annotations

import re
import statistics
from typing import Any

from rag.errors import UnreadableFile
from rag.ingest.parts import Parts
from rag.types import Paragraph

__all__ = ["read_pdf"]

#: An encrypted file is told from a damaged one by pdfium's own words.
_ENCRYPTED = re.compile("password|security|encrypt", re.IGNORECASE)
_NOT_A_TITLE = re.compile(
    r"^(microsoft word|untitled|document\d*$|.*\.(docx?|pdf|indd|qxd)$)", re.I
)
_BULLET = re.compile(r"^([•▪●◦–*-]|\(?[a-z0-9]{1,3}[.)])\s", re.IGNORECASE)
_SOFT_HYPHENS = re.compile("[\ufffe\u00ad\x02]\n?")


def read_pdf(data: bytes) -> Parts:
    """All pages, paragraphs with their page; raises `UnreadableFile`."""
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile("not a PDF")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = _ENCRYPTED.search(str(error)) is not None
        raise UnreadableFile("encrypted PDF" if encrypted else "damaged PDF") from error
    try:
        pages = [_page_blocks(pdf, i) for i in range(len(pdf))]
        metadata = pdf.get_metadata_dict(skip_empty=True)
    finally:
        pdf.close()
    text, paragraphs = _laid_out(pages)
    if not text.strip():
        raise UnreadableFile("PDF without text (scanned images?)")
    title = (metadata.get("Title") or "").strip()
    return Parts(
        text,
        "pdf",
        title=None if _NOT_A_TITLE.match(title) else title or None,
        author=(metadata.get("Author") or "").strip() or None,
        late_dates=((metadata.get("CreationDate"), "pdf metadata"),),
        inline_date=False,
        paragraphs=paragraphs,
    )


def _page_blocks(pdf: Any, number: int) -> list[str]:
    """The paragraphs of a page: its lines, rejoined where a line runs on."""
    page = pdf[number]
    try:
        view = page.get_textpage()
        try:
            raw = str(view.get_text_range(errors="replace"))
        finally:
            view.close()
    finally:
        page.close()
    raw = _SOFT_HYPHENS.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [" ".join(line.split()) for line in raw.split("\n")]
    return _rejoined(lines)


def _rejoined(lines: list[str]) -> list[str]:
    """Joins a line to the one before unless that one ends a paragraph.

    A paragraph ends at a blank line, at a line clearly shorter than the page's full ones that
    ends a sentence or starts a new item, and around rows of a table.
    """
    lengths = [len(line) for line in lines if len(line) > 20]
    full = statistics.quantiles(lengths, n=10)[8] if len(lengths) > 2 else 80
    blocks: list[str] = []
    open_block = False
    for line in lines:
        if not line:
            open_block = False
            continue
        if open_block and not _starts(line) and not _is_row(line) and not _is_row(blocks[-1]):
            joined = blocks[-1]
            # A hyphen at the end of a line followed by a small letter is the typesetter's.
            if joined.endswith("-") and line[0].islower() and joined[-2:-1].isalpha():
                blocks[-1] = joined[:-1] + line
            else:
                blocks[-1] = f"{joined} {line}"
        else:
            blocks.append(line)
        open_block = not (len(line) < 0.75 * full and (line[-1] in '.!?:;”"' or _short(line, full)))
    return blocks


def _starts(line: str) -> bool:
    return _BULLET.match(line) is not None


def _short(line: str, full: float) -> bool:
    return len(line) < 0.5 * full


def _is_row(line: str) -> bool:
    """Whether a line is a row of figures: at least two, and a third of its words or more."""
    words = line.split()
    figures = sum(any(ch.isdigit() for ch in w) for w in words)
    return len(line) < 200 and figures >= 2 and figures * 3 >= len(words)


def _laid_out(pages: list[list[str]]) -> tuple[str, tuple[Paragraph, ...]]:
    """One text with blank lines between paragraphs; rows of a table on one page stay together."""
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    at = 0
    for number, blocks in enumerate(pages, start=1):
        for block in _tables_together(blocks):
            pieces.append(block)
            paragraphs.append(Paragraph(len(paragraphs) + 1, at, at + len(block), number))
            at += len(block) + 2
    return "\n\n".join(pieces), tuple(paragraphs)


def _tables_together(blocks: list[str], most: int = 12) -> list[str]:
    """Joins neighbouring rows of a table to one paragraph of at most `most` lines."""
    joined: list[str] = []
    rows = 0
    for block in blocks:
        if _is_row(block) and rows and rows < most:
            joined[-1] += "\n" + block
            rows += 1
        else:
            joined.append(block)
            rows = 1 if _is_row(block) else 0
    return joined
