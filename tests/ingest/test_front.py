"""Front matter: what is read of it, and that one invalid line does not cost the rest."""

from __future__ import annotations

import pytest

from rag.ingest.dates import find_date
from rag.ingest.formats.front import Front, front_matter


def _front(*lines: str) -> Front:
    return front_matter("\n".join(["---", *lines, "---", "Text of it.", ""]))


@pytest.mark.parametrize(
    ("line", "title", "author"),
    [
        ("title: Budget 2024: the second reading", "Budget 2024: the second reading", None),
        ("title: [Draft] Budget", "[Draft] Budget", None),
        ('title: "A "good" note"', 'A "good" note', None),
        ("author: @ann", None, "@ann"),
        ("author: `ann`", None, "`ann`"),
        ("tags:\n\t- a\n\t- b", None, None),
        ("tags: [a, b", None, None),
        ("title: {{ title }}", None, None),
        ("draft: !!bool maybe", None, None),
    ],
)
def test_an_invalid_line_costs_no_other_its_value(
    line: str, title: str | None, author: str | None
) -> None:
    front = _front(line, "# a comment", "", "date: 2023-11-07", "note: >", "  more: of it")
    assert find_date(front.dates) == ("2023-11-07", "front matter")
    assert (front.title, front.author) == (title, author)
    assert front.end > 0


@pytest.mark.parametrize("value", ["2023-02-30", "{{ date }}", "@today", "2023-11-07: late: no"])
def test_a_date_that_is_none_is_left_out(value: str) -> None:
    front = _front(f"date: {value}", "title: 'A note'", "authors:", "- Ann", "- Bob")
    assert find_date(front.dates)[0] == ("2023-11-07" if value.startswith("2023-11") else None)
    assert (front.title, front.author) == ("A note", "Ann, Bob")


def test_line_ends_of_windows() -> None:
    front = front_matter("---\r\ntitle: A: b\r\ndate: 2023-11-07\r\n---\r\nText.\r\n")
    assert front.title == "A: b"
    assert find_date(front.dates)[0] == "2023-11-07"


@pytest.mark.parametrize(
    "lines",
    [
        ("title: [unclosed",),
        ("date: {{ date }}",),
        ("Q: Is it so: a war?", "A: It is: yes."),
        ("title: Budget 2024: the second reading", "This is a sentence of the text."),
    ],
)
def test_what_only_looks_like_front_matter_is_text(lines: tuple[str, ...]) -> None:
    assert _front(*lines) == Front()


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        (("author: {name: Ida Krog, place: Orn}",), "Ida Krog"),
        (("authors:", "- name: Ida Krog", "- name: Bo Lind", "- Jon"), "Ida Krog, Bo Lind, Jon"),
        (("author: true",), None),
    ],
)
def test_authors_with_more_than_a_name(lines: tuple[str, ...], author: str | None) -> None:
    front = _front("publish_date: 2023-11-07", *lines)
    assert (front.author, find_date(front.dates)[0]) == (author, "2023-11-07")


def test_the_first_day_of_all_is_no_date() -> None:
    assert find_date(_front("date: 0001-01-01", "title: 2023-11-07").dates) == (None, None)
