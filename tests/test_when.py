"""Dates in running words: found where they stand, and read from the day they were written on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.types import Span
from rag.when import moments


def told(text: str, written: str | None = None) -> list[tuple[str, str, str]]:
    return [(m.span.of(text), m.first, m.last) for m in moments(text, written=written)]


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("It fell on 7 December 1988.", "7 December 1988", "1988-12-07", "1988-12-07"),
        ("It fell on December 7th, 1988.", "December 7th, 1988", "1988-12-07", "1988-12-07"),
        ("Votes of March 2022 count.", "March 2022", "2022-03-01", "2022-03-31"),
        ("By the April of 2016 it was.", "April of 2016", "2016-04-01", "2016-04-30"),
        ("It was so in 2016, too.", "2016", "2016-01-01", "2016-12-31"),
        ("The 2020 war ended.", "2020", "2020-01-01", "2020-12-31"),
        ("Between 2-5 April 2016 it rained.", "2-5 April 2016", "2016-04-02", "2016-04-05"),
        ("See 2020-11-10.", "2020-11-10", "2020-11-10", "2020-11-10"),
        ("Am 10.11.2020 war Ruhe.", "10.11.2020", "2020-11-10", "2020-11-10"),
        ("A line\nbreak of 12\nMay 2021.", "12\nMay 2021", "2021-05-12", "2021-05-12"),
    ],
)
def test_what_names_its_year_means_the_same_in_any_document(text, words, first, last) -> None:
    assert told(text) == told(text, "1999-01-01") == [(words, first, last)]


@pytest.mark.parametrize(
    ("text", "written", "words", "first", "last"),
    [
        ("The guns went quiet on 27/9.", "2020-10-05", "27/9", "2020-09-27", "2020-09-27"),
        ("They met last week.", "2023-11-07", "last week", "2023-10-30", "2023-11-05"),
        ("They met yesterday.", "2020-01-01", "yesterday", "2019-12-31", "2019-12-31"),
        ("Eight days ago he left.", "2010-04-30", "Eight days ago", "2010-04-22", "2010-04-22"),
        ("It ended on Wednesday.", "2023-09-20", "Wednesday", "2023-09-20", "2023-09-20"),
        ("It ended on Tuesday.", "2023-09-20", "Tuesday", "2023-09-19", "2023-09-19"),
        ("Due by 1 December.", "2020-11-10", "1 December", "2020-12-01", "2020-12-01"),
        ("It was on 1 December.", "2020-11-10", "1 December", "2019-12-01", "2019-12-01"),
        ("They will meet in May.", "2020-11-10", "May", "2021-05-01", "2021-05-31"),
        ("It was in November.", "2021-01-15", "November", "2020-11-01", "2020-11-30"),
        ("It was this month.", "2020-10-20", "this month", "2020-10-01", "2020-10-31"),
        ("It was last month.", "2021-01-20", "last month", "2020-12-01", "2020-12-31"),
    ],
)
def test_what_does_not_is_read_from_the_day_of_writing(text, written, words, first, last) -> None:
    assert told(text, written) == [(words, first, last)]
    assert told(text, None) == []


def test_a_day_takes_the_year_of_the_date_before_it() -> None:
    text = "From 2 April 2016 they fought, and on 5 April came a truce."
    assert [first for _, first, _ in told(text, "2020-10-01")] == ["2016-04-02", "2016-04-05"]
    text = "From January 1989, and it ended in November of the same year."
    assert [first for _, first, _ in told(text, "2008-02-20")] == ["1989-01-01", "1989-11-01"]


def test_a_day_goes_on_from_the_date_before_it_in_the_paragraph() -> None:
    text = "Shusha fell on 9 May 1992. Lachin followed on 18 May. On 2 April it had been quiet."
    lachin, april = Span(27, 54), Span(55, len(text))
    assert [m.first for m in moments(text, lachin, "2013-02-26")] == ["2012-05-18"]
    assert [m.first for m in moments(text, lachin, "2013-02-26", 0)] == ["1992-05-18"]
    assert [m.first for m in moments(text, april, "2013-02-26", 0)] == ["2012-04-02"]


@pytest.mark.parametrize(
    "text",
    [
        "Post 7/19 holds 1/2 of it, 24/7.",
        "After 9/11 and by 31/31 it was so.",
        "They may march in step.",
        "2,000 civilians, 2000 soldiers, of 2000 people, 1,960 men.",
        "On 31 February 2020 and 2020-02-31 nothing was.",
        "It was so in the 1990s.",
        "The last week of the war was the worst.",
    ],
)
def test_what_is_no_date_is_left_alone(text) -> None:
    assert told(text, "2020-10-05") == []


def test_only_the_stretch_asked_for_is_read() -> None:
    text = "In 2016 it began. In 2020 it ended."
    assert [m.span.of(text) for m in moments(text, Span(18, len(text)))] == ["2020"]


@settings(deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(["in 2016", "27/9", "on 3 May", "last week", "2020-02-30", "12.13.2020"]),
    st.sampled_from([None, "2020", "2020-05", "2020-02-29"]),
)
def test_whatever_the_text_spans_are_slices_and_days_are_in_order(noise, cue, written) -> None:
    text = f"{noise} {cue} {noise}"
    found = moments(text, written=written)
    assert all(m.first <= m.last and 0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
