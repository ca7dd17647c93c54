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


def of_lines(*pages: list[str], foot: str = "") -> FPDF:
    """Pages of single lines, all of one size; `foot` stands at the foot with `{}` for the page."""
    pdf = FPDF()
    for number, lines in enumerate(pages, start=1):
        pdf.add_page()
        pdf.set_font("times", size=11)
        for line in lines:
            pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
        if foot:
            pdf.set_y(-25)
            pdf.cell(text=foot.format(number))
    return pdf


def words(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


def filled(name: str, lines: int = 5) -> list[str]:
    """The lines of a page that no other page has."""
    return [f"{name} has line {'x' * number}." for number in range(1, lines + 1)]


NAMES = ("Aragats", "Bazum", "Chaltan")
NUMBERED = {
    "form": [
        [f"Station {i}", f"Rainfall {7 * i} mm", f"Temperature {3 * i} degrees"] for i in (1, 2, 3)
    ],
    "form of tenths": [
        [f"Station {i}", f"Rainfall 7.{i} mm", f"Temperature 3.{i} degrees"] for i in (1, 2, 3)
    ],
    "slides": [["Revenue", f"Revenue in 202{i} was {i} million euros."] for i in (1, 2, 3)],
    "full slides": [
        ["Revenue", f"Revenue in 202{i} was {i} million euros.", *filled(name)]
        for i, name in enumerate(NAMES, start=1)
    ],
    "statements": [
        [f"Opening balance: {n} euros", *filled(name), f"Closing balance: {m} euros"]
        for name, n, m in zip(NAMES, (100, 250, 175), (250, 175, 900), strict=True)
    ],
    "numbered as the pages": [
        [f"Station {i}", *filled(name), f"{i} degrees"] for i, name in enumerate(NAMES, start=1)
    ],
    "years": [[f"202{i}", *filled(name)] for i, name in enumerate(NAMES, start=1)],
}


@pytest.mark.parametrize("kind", sorted(NUMBERED))
@pytest.mark.parametrize("foot", ["", "{}", "Page {} of 3"])
def test_lines_that_differ_in_a_number_are_kept(made, kind, foot) -> None:
    pages = NUMBERED[kind]
    expected = dict.fromkeys(line for page in pages for line in page)
    assert words(made(of_lines(*pages, foot=foot)).text) == words(*expected)


@pytest.mark.parametrize(
    "foot",
    ["{}", "- {} -", "Page {}", "p. {}", "Seite {} von 3", "{} / 3", "{}0"],
)
def test_page_numbers_alone_are_left_out(made, foot) -> None:
    pages = [filled(name) for name in NAMES]
    found = made(of_lines(*pages, foot=foot)).text
    assert words(found) == words(*(line for page in pages for line in page))


@pytest.mark.parametrize(
    ("foot", "stays"),
    [
        ("Institute of Rivers | {}", 1),
        ("Institute of Rivers, page {}", 1),
        ("{} Institute of Rivers", 1),
        ("Institute of Rivers, Paper 14 - {}", 1),
        ("Institute of Rivers 20{}", 3),
        ("Institute of Rivers | 202{}", 3),
        ("{} degrees", 3),
    ],
)
def test_a_header_with_the_number_of_its_page_stands_once(made, foot, stays) -> None:
    document = made(of_lines(*map(filled, NAMES), foot=foot))
    assert [foot.format(n) in document.text for n in (1, 2, 3)].count(True) == stays


def test_a_header_with_its_number_at_the_other_margin_stands_once(made) -> None:
    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("times", size=11)
            self.cell(100, text="Institute of Rivers")
            self.cell(0, text=f"{self.page_no() + 40}", align="R", new_x="LMARGIN", new_y="NEXT")

    pdf = Paper()
    for body in ("Aragats", "Bazum", "Chaltan"):
        pdf.add_page()
        pdf.set_font("times", size=11)
        pdf.multi_cell(0, 5, f"{body}. {PROSE} {PROSE} {PROSE} {PROSE}")
    document = made(pdf)
    assert document.text.count("Institute of Rivers") == 1


def test_a_short_page_loses_what_most_pages_have_and_keeps_its_numbers(made) -> None:
    pages = [["City of Tarnwick", "Visitors", str(n)] for n in (120, 150, 90)]
    document = made(of_lines(*pages))
    assert document.text.count("City of Tarnwick") == document.text.count("Visitors") == 1
    assert all(str(n) in document.text for n in (120, 150, 90))


def test_raised_figures_are_apart_from_a_number_and_end_no_paragraph(made) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    for text, place in (
        ("It killed 1,960", "LINE"),
        ("3", "SUP"),
        (" birds, 10", "LINE"),
        ("12", "SUP"),
        (" flies of CO", "LINE"),
        ("2", "SUB"),
        (" on the 4", "LINE"),
        ("th", "SUP"),
        (" day, as was told at noon on Monday in the hall of the town.", "LINE"),
    ):
        pdf.char_vpos = place
        pdf.write(5, text)
    told = "It killed 1,960³ birds, 10¹² flies of CO2 on the 4th day, as was told"
    (found,) = texts(made(pdf))
    assert found.startswith(told)


def test_a_number_at_the_start_of_a_line_may_end_a_sentence(made) -> None:
    filled = "It found that neither had kept the terms to which they had put their names under"
    rows = [f"{filled} Article", "5. Both denied it.", f"{filled} pressure;", "6. and so on"]
    assert texts(made(of_lines(rows))) == [
        f"{filled} Article 5. Both denied it.",
        f"{filled} pressure;",
        "6. and so on",
    ]


def test_cells_of_one_figure_stay_in_their_row(made) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    for row in (("Region", "Dead", "Lost"), ("Orn", "5", "4"), ("Ulm and around", "17", "1")):
        for cell in row:
            pdf.cell(40, 5, cell, align="R")
        pdf.ln(5)
    assert texts(made(pdf)) == ["Region Dead Lost\nOrn 5 4\nUlm and around 17 1"]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("COVID-", "19", "COVID-19"),
        ("2016-", "2020", "2016-2020"),
        ("call 1-877-", "344-7529", "call 1-877-344-7529"),
        ("a ten-", "year plan", "a ten-year plan"),
        ("a state-of-the-", "art plant", "a state-of-the-art plant"),
        ("https://example.org/the-long-", "road", "https://example.org/the-long-road"),
        ("ida-", "krog@example.org", "ida-krog@example.org"),
        ("3 -", "2 to them", "3 - 2 to them"),
        ("ten-", "sion", "tension"),
    ],
)
def test_a_hyphen_of_its_own_at_the_end_of_a_line(made, first, second, whole) -> None:
    rows = [f"This is a line which is about as long as they come, and it is {first}", f"{second}."]
    assert f"and it is {whole}." in made(of_lines(rows)).text
