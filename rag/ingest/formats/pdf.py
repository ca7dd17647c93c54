"""PDF: the text of each page by pdfium, lines rejoined to paragraphs, pages kept."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rag.errors import NoText, UnreadableFile
from rag.ingest.formats.pdf_lines import (
    HYPHEN,
    OTHER_SIZE,
    Line,
    body_size,
    page_lines,
    without_running_lines,
)
from rag.ingest.paragraphs import count_blocks
from rag.ingest.parts import Parts
from rag.types import Paragraph, Span

__all__ = ["read_pdf"]

#: An encrypted file is told from a damaged one by pdfium's own words.
_ENCRYPTED = re.compile("password|security|encrypt", re.IGNORECASE)
_NOT_A_TITLE = re.compile(
    r"^(microsoft word|untitled|document\d*$|[\d-]+$|.*\.(docx?|pdf|indd|qxd)$)", re.I
)
_BULLET = re.compile(r"^([•▪●◦–*☐☒-]|\(?[a-z0-9]{1,3}[.)])(?:\s|$)", re.IGNORECASE)
_ENDS = tuple(".!?:;”\"'…")
#: What a line may end with before an item of a list, and how wide one is that goes on.
_BEFORE_ITEM, _FILLED = (*_ENDS, ",", " and", " or"), 0.85
#: What a number goes on with: no word is divided before one.
_RANGE = re.compile(f"(?:\\w[{HYPHEN}-]|\\d–)$")
#: No syllables, so that what stands before them at the end of a line is a word as well.
_WORDS_BEHIND = frozenset("year years month months based backed related".split())
#: An address, or a word that has had a hyphen before, as `state-of-the`.
_WITH_HYPHENS = re.compile(
    rf"(?:://|www\.|@)\S*$|\w-[^\W\d_]{{1,3}}[{HYPHEN}-]$|[{HYPHEN}-]\S+@\S+$"
)
_ROWS_TOGETHER = 12
_FIGURES_OF_A_ROW = 4
_NEW_PARAGRAPH_GAP = 1.25


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
        pages = [_lines(pdf, i) for i in range(len(pdf))]
        metadata = pdf.get_metadata_dict(skip_empty=True)
    finally:
        pdf.close()
    text, paragraphs = _laid_out(without_running_lines(pages))
    if not text.strip():
        raise NoText("PDF without text (scanned images?)")
    title = (metadata.get("Title") or "").strip()
    return Parts(
        text,
        "pdf",
        title=None if _NOT_A_TITLE.match(title) else title or None,
        author=(metadata.get("Author") or "").strip() or None,
        late_dates=((metadata.get("CreationDate"), "pdf metadata"),),
        paragraphs=paragraphs,
    )


def _lines(pdf: Any, number: int) -> list[Line]:
    page = pdf[number]
    try:
        view = page.get_textpage()
        try:
            return page_lines(view)
        finally:
            view.close()
    finally:
        page.close()


def _laid_out(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[Paragraph, ...]]:
    """One text with blank lines between paragraphs; rows of a table on one page stay together."""
    vocabulary = _vocabulary(pages)
    body = body_size(pages)
    pieces: list[str] = []
    blocks: list[list[tuple[Span, bool]]] = []
    at = 0
    for page in pages:
        blocks.append([])
        for block in _blocks(page):
            pieces.append(_joined(block, vocabulary))
            blocks[-1].append((Span(at, at + len(pieces[-1])), _stands_out(block, body)))
            at += len(pieces[-1]) + 2
    text = "\n\n".join(pieces)
    paragraphs: list[Paragraph] = []
    for number, found in enumerate(blocks, start=1):
        first = paragraphs[-1].number + 1 if paragraphs else 1
        paragraphs += count_blocks(text, found, first_number=first, page=number)
    return text, tuple(paragraphs)


def _vocabulary(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The words of a document, but not the parts of those divided at the end of a line."""
    found: set[str] = set()
    for page in pages:
        divided = False
        for line in page:
            words = line.text.casefold().split()[divided:]
            divided = line.text.endswith((HYPHEN, "-"))
            for word in words[:-1] if divided else words:
                found.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", word))
    return frozenset(found)


def _stands_out(block: Sequence[Line], body: float) -> bool:
    """Whether a block may be a heading: no row, but a header or set off by size or letters."""
    return all(
        line.running
        or (not line.gaps and (line.bold or line.size > OTHER_SIZE * body or line.text.isupper()))
        for line in block
    )


def _blocks(page: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page in runs: a paragraph, a heading, or the rows of a table."""
    if not page:
        return []
    full = max(line.right for line in page) - min(line.left for line in page)
    leading = _leading(page)
    blocks = [[page[0]]]
    for before, line in pairwise(page):
        rows, block = _is_row(line), blocks[-1]
        if rows and _is_row(before) and len(block) < _ROWS_TOGETHER:
            apart = not _follows(before, line, leading)
        elif rows or _is_row(before):
            apart = not (rows and _label_of_row(before, line, leading) and len(block) == 1)
        else:
            apart = _opens(before, line, leading, full)
        if apart:
            blocks.append([line])
        else:
            block.append(line)
    return blocks


def _leading(page: Sequence[Line]) -> float:
    """How far, in sizes of its letters, a line of running text stands under the one before."""
    drops = [
        (before.bottom - line.bottom) / line.size
        for before, line in pairwise(page)
        if 0.5 * line.size < before.bottom - line.bottom < 2 * line.size
    ]
    return statistics.median_low(drops) if drops else 1.2


def _follows(before: Line, line: Line, leading: float) -> bool:
    """Whether a line stands right under another: no gap, no other size, no other column."""
    drop = (before.bottom - line.bottom) / line.size
    sizes = max(before.size, line.size) / min(before.size, line.size)
    return 0.3 < drop <= max(_NEW_PARAGRAPH_GAP * leading, leading + 0.2) and sizes < OTHER_SIZE


def _opens(before: Line, line: Line, leading: float, full: float) -> bool:
    """Whether a line of running text opens a paragraph."""
    if before.running or line.running:
        return True
    if before.text.endswith(HYPHEN):
        return False
    if _BULLET.match(line.text):
        return not _number_in_sentence(before, line, full)
    if before.bottom < line.bottom - before.size:  # on to the next column
        return before.text.endswith(_ENDS) or not line.text[0].islower()
    if not _follows(before, line, leading) or (before.bold and not line.bold and _short(before)):
        return True
    return before.text.endswith(_ENDS) and before.right - before.left < 0.75 * full


def _number_in_sentence(before: Line, line: Line, full: float) -> bool:
    """Whether a number that begins a line ends the sentence before: `under Article` | `5. It`."""
    filled = before.right - before.left >= _FILLED * full
    return line.text[0].isdecimal() and filled and not before.text.endswith(_BEFORE_ITEM)


def _short(line: Line) -> bool:
    return len(line.text) < 60


def _is_row(line: Line) -> bool:
    """Whether a line is a row of a table: columns far apart, or full of figures.

    Figures in running text, such as those of a date, stand close together; signs that stand for
    nothing are figures.
    """
    words = line.text.split()
    figures = sum(any(ch.isdigit() for ch in w) or w in {"—", "–", "-", "$"} for w in words)
    if line.gaps:
        return line.gaps > 1 or figures > 0
    return len(line.text) < 200 and figures >= _FIGURES_OF_A_ROW and figures * 3 >= len(words)


def _label_of_row(before: Line, line: Line, leading: float) -> bool:
    """Whether a line is the first half of a label that a row goes on with."""
    goes_on = line.text[0].islower() or line.text[0] == "("
    return goes_on and not before.text.endswith(_ENDS) and _follows(before, line, leading)


def _joined(block: Sequence[Line], vocabulary: frozenset[str]) -> str:
    """The text of a block; rows keep their lines, running text becomes one line."""
    text = block[0].text
    for before, line in pairwise(block):
        if text.endswith((HYPHEN, "-")) and text[-2:-1].isalpha() and line.text[0].isalpha():
            text = _undivided(text, line.text, vocabulary)
        elif _RANGE.search(text) and line.text[0].isdecimal():
            text = f"{text.replace(HYPHEN, '-')}{line.text}"  # COVID-19, 2016-2020
        elif _is_row(before):
            text = f"{text}\n{line.text}"
        else:
            text = f"{text.removesuffix(HYPHEN)} {line.text}"
    return text.removesuffix(HYPHEN)


def _undivided(text: str, after: str, vocabulary: frozenset[str]) -> str:
    """Joins a word that was divided at the end of a line, by what the document writes elsewhere.

    Where neither form stands elsewhere, a hyphen between two words of the document is its own.
    """
    head = text.rstrip(f"{HYPHEN}-")
    first = re.search(r"[^\W\d_]+$", head)
    second = re.match(r"[^\W\d_]+", after)
    if first is None or second is None:
        return f"{head}-{after}"
    left, right = first[0].casefold(), second[0].casefold()
    if left + right in vocabulary:
        return head + after
    known = f"{left}-{right}" in vocabulary or (left in vocabulary and right in vocabulary)
    known = known or right in _WORDS_BEHIND or second[0][0].isupper()
    own = (
        known
        or _WITH_HYPHENS.search(text)
        or _WITH_HYPHENS.search(text + after.split(maxsplit=1)[0])
    )
    return f"{head}-{after}" if own else head + after
