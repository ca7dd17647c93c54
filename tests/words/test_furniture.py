"""Datelines, bylines, credits and calls are told from sentences."""

from __future__ import annotations

import pytest

from rag.types import Document, Paragraph, Span
from rag.words.furniture import is_credit, is_furniture


def said(line: str, *, alone: bool = False) -> bool:
    text = line if alone else f"{line} Two boats sank off the coast."
    made = Document("a.txt", text, "", "text", (Paragraph(1, 0, len(text)),))
    return is_furniture(made, Span(0, len(line)))


@pytest.mark.parametrize(
    "line",
    [
        "Bergen, Fjord Wire.",
        "HAMMERTON, 4 March (Nordlys).",
        "Oslo, Nordlys.",
        "NEW HAVEN, March 4 (XP) —",
        "By Ida Krog and Per Lund",
        "By the Lens Week staff",
        "By Anna Blom, Staff Writer",
        "Photo: Per Lund/Nordlys.",
        "Editing by Tor Ness.",
        "Layout: Studio Nio.",
        "Minutes taken by J. Webb.",
        "Read more: The dams that nobody watches",
        "[Read more](https://paper.example/dams)",
        "See also: page 4.",
        "See figure 3.",
        "Continued on page 6.",
        "Page 1 of 9",
        "Click here to subscribe.",
        "Follow us on Instagram.",
        "All rights reserved.",
        "Sent from my phone",
        "Vol. 12, No. 3",
    ],
)
def test_what_a_page_has_beside_its_text(line: str) -> None:
    assert said(line)


@pytest.mark.parametrize(
    "line",
    [
        "The port authority.",
        "Berg, Krog and Holt.",
        "By Friday Berg had resigned.",
        "By 1994, Norrland held seven mines.",
        "On 4 May, Berg resigned.",
        "In Oslo, Nordlys reported losses.",
        "3 May 1994.",
        "Photos show Berg in Lund.",
        "Written by Anna Blom, the letter shocked Lund.",
        "Source: nobody knows.",
        "See how he lies.",
        "Follow the money and you reach Lund.",
        "Sign up closed on Monday.",
        "Reading on paper is better.",
        "Eleven people died.",
    ],
)
def test_what_says_something_is_no_furniture(line: str) -> None:
    assert not said(line)


def test_two_names_are_a_dateline_only_before_a_report() -> None:
    assert said("Lund, Nordlys.")
    assert not said("Lund, Nordlys.", alone=True)


def test_who_made_something_is_a_credit() -> None:
    text = "Text: Anna Blom. Oslo, Fjord Wire."
    made = Document("a.txt", text, "", "text", (Paragraph(1, 0, len(text)),))
    assert is_credit(made, Span(0, 16))
    assert not is_credit(made, Span(17, len(text)))


@pytest.mark.parametrize("part", ["A/B ", "A and A ", "A, ", "A of the B and "])
def test_a_long_row_of_names_is_read_in_no_time(part: str) -> None:
    """Each of these took for ever where one sign could be read as two parts of a row."""
    assert not said(f"Photo: {part * 60}"[:150] + " was x!")
