"""Paragraphs of PDFs as a reader counts them: pages made here, with everything that pages have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from rag.ingest.read import read_documents
from rag.types import Document

PROSE = (
    "The commission met in the spring and heard both sides on the question of the border. It"
    " found that neither had kept the terms to which they had put their names a year before."
)


@pytest.fixture
def made(tmp_path: Path) -> Callable[[FPDF], Document]:
    def read(pdf: FPDF) -> Document:
        path = tmp_path / "a.pdf"
        pdf.output(str(path))
        return read_documents(path, "a.pdf")[0]

    return read


def bodies(page: int) -> list[str]:
    last = ("the first", "another", "the very last")[page - 1]
    return [f"On page {page} it begins. {PROSE}", f"{PROSE} With this ends {last} of its pages."]


def pages(number: int, title: str = "") -> FPDF:
    """So many pages, each with a header, a title, two paragraphs and a page number."""

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("times", "I", 9)
            self.cell(text="Institute of Rivers, Paper 14", new_x="LMARGIN", new_y="NEXT")
            self.ln(6)

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("times", size=9)
            self.cell(text=f"{self.page_no()}")

    pdf = Paper()
    for n in range(1, number + 1):
        pdf.add_page()
        pdf.set_font("times", "B", 13)
        pdf.cell(text=f"{title or 'What was found'} {n}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("times", size=11)
        for body in bodies(n):
            pdf.multi_cell(120, 5, body, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(4)
    return pdf


def texts(document: Document, *, headings: bool = False) -> list[str]:
    found = [p for p in document.paragraphs if p.heading == headings]
    return [p.span.of(document.text) for p in found]


def test_paragraphs_are_told_apart_by_the_gaps_between_them(made) -> None:
    document = made(pages(3))
    assert texts(document) == [*bodies(1), *bodies(2), *bodies(3)]
    counted = [(p.number, p.page) for p in document.paragraphs if not p.heading]
    assert counted == [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3)]


def test_a_header_stands_once_and_page_numbers_never(made) -> None:
    headings = texts(made(pages(3)), headings=True)
    assert headings == [
        "Institute of Rivers, Paper 14",
        *(f"What was found {n}" for n in (1, 2, 3)),
    ]


def test_rows_of_a_table_are_lines_of_one_paragraph(made) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    pdf.multi_cell(120, 5, PROSE, align="L", new_x="LMARGIN", new_y="NEXT")
    rows = [("Votes for", "57,172", "13,324"), ("Votes against", "75,612", "-")]
    for row in rows:
        for width, cell in zip((60, 40, 40), row, strict=True):
            pdf.cell(width, 5, cell)
        pdf.ln(5)
    pdf.multi_cell(120, 5, PROSE, align="L")
    assert texts(made(pdf)) == [PROSE, "Votes for 57,172 13,324\nVotes against 75,612 -", PROSE]


def test_a_date_at_the_start_of_a_line_is_no_row(made) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    first = "The principles were handed over to both of the sides by the co-chairs in Madrid on"
    for row in (first, "29 November 2007."):
        pdf.cell(text=row, new_x="LMARGIN", new_y="NEXT")
    assert texts(made(pdf)) == [f"{first} 29 November 2007."]


@pytest.mark.parametrize(
    ("before", "first", "second", "whole"),
    [
        ("It was done by standards-based means.", "standards-", "based", "standards-based"),
        ("They spoke of single things. A click followed.", "single-", "click", "single-click"),
        ("The operation went on.", "opera-", "tion", "operation"),
        ("Nothing here.", "mobili-", "sation", "mobilisation"),
        ("Nothing here.", "post-", "Soviet", "post-Soviet"),
    ],
)
def test_a_word_divided_at_the_end_of_a_line(made, before, first, second, whole) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    for row in (before, f"This is a line which is about as long as they come and is {first}",
                f"{second} at its end."):  # fmt: skip
        pdf.cell(text=row, new_x="LMARGIN", new_y="NEXT")
    assert f"and is {whole} at its end." in made(pdf).text


def test_two_columns_are_read_one_after_the_other(made) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    with pdf.text_columns(ncols=2, gutter=10, text_align="L") as columns:
        columns.write(f"Left begins. {PROSE}")
        columns.new_column()
        columns.write(f"Right begins. {PROSE}")
    found = texts(made(pdf))
    assert found == [f"Left begins. {PROSE}", f"Right begins. {PROSE}"]
