"""Nothing in a document can reach the terminal as anything but text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.render.clean import clean, one_line, snippet

DRIVES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\rb\r\nc", "a\nb\nc"),
        ("\x9b2J", "\ufffd2J"),
        ("\x7f\x00\x07", "␡␀␇"),
        ("\u202eabc\u202c", "\ufffdabc\ufffd"),
        ("\ud800", "\ufffd"),
        ("\U000e0041", "\ufffd"),
        ("a\u2028b", "a\nb"),
        ("می\u200cخواهم \u200f", "می\u200cخواهم \u200f"),
        ("👩\u200d🚀 é e\u0301 漢", "👩\u200d🚀 é e\u0301 漢"),
        ("[bold]kept[/bold]", "[bold]kept[/bold]"),
    ],
)
def test_stand_ins_are_visible_and_ordinary_text_stays(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(st.characters()))
def test_nothing_that_drives_a_terminal_is_left(text: str) -> None:
    assert not DRIVES.search(clean(text))
    assert "\n" not in one_line(text)
    one_line(text).encode("utf-8")


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
def test_printable_text_is_not_touched(text: str) -> None:
    expected = "".join(c for c in text if unicodedata.category(c) != "Cf")
    assert clean(text) == expected == text


@given(st.text(), st.integers(2, 80))
def test_a_snippet_is_a_beginning_of_bounded_length(text: str, length: int) -> None:
    shown = snippet(text, length)
    assert len(shown) <= length
    assert one_line(text).startswith(shown.removesuffix("…"))


def test_a_snippet_ends_at_a_word() -> None:
    assert snippet("one two three four", 12) == "one two…"
    assert snippet("一" * 50, 10) == "一" * 9 + "…"
