"""Dates in running words: found where they stand, and read from the day they were written on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates.when import moments
from rag.types import Span


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
        ("Saved 2020/11/10 12:30.", "2020/11/10", "2020-11-10", "2020-11-10"),
        ("Op 10-11-2020 was het stil.", "10-11-2020", "2020-11-10", "2020-11-10"),
        ("2020-11-10/2020-11-12 calm", "2020-11-10", "2020-11-10", "2020-11-10"),
        ("On 3, 4 and 5 May 2016.", "3, 4 and 5 May 2016", "2016-05-03", "2016-05-05"),
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


WRITTEN = "2020-10-01"


def days(text: str, written: str | None = WRITTEN) -> list[str]:
    """The days told, `first` or `first/last`."""
    return [a if a == b else f"{a}/{b}" for _, a, b in told(text, written)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The town was taken by rebels on 15 March.", "2020-03-15"),
        ("The treaty was signed by Norway on 27 November.", "2019-11-27"),
        ("Due to heavy rain on 15 March the dam broke.", "2020-03-15"),
        ("The siege lasted until 15 March.", "2020-03-15"),
        ("The bridge was closed till the end of March.", "2020-03-01/2020-03-31"),
        ("By 15 March the town had fallen.", "2020-03-15"),
        ("By 15 March, the town had fallen.", "2020-03-15"),
        ("Rebels seized the town by 15 March.", "2020-03-15"),
        ("The plan was signed on 15 March.", "2020-03-15"),
        ("The plans to build it were signed on 15 March.", "2020-03-15"),
        ("The attack, planned in Lund, came on 15 March.", "2020-03-15"),
        ("The schedule was signed on 15 March.", "2020-03-15"),
        ("The next day, 15 March, it fell.", "2020-03-15"),
        ("The road is to the left, he said on 15 March.", "2020-03-15"),
        ("The town will fall, he said. It fell on 15 March.", "2020-03-15"),
        ("He will meet Berg, who was elected on 15 March.", "2020-03-15"),
    ],
)
def test_what_is_past_is_not_put_off(text, day) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The troops must leave by 15 March.", "2021-03-15"),
        ("The troops have to leave by the end of March.", "2021-03-01/2021-03-31"),
        ("The deal, which was signed in Lund, obliges them to leave by 15 March.", "2021-03-15"),
        ("Shops are closed until mid-March.", "2021-03-01/2021-03-31"),
        ("The rent is due on 15 March.", "2021-03-15"),
        ("The talks are due to begin on 15 March.", "2021-03-15"),
        ("They plan to meet on 15 March.", "2021-03-15"),
        ("The minister plans to resign on 15 March.", "2021-03-15"),
        ("A summit planned for 15 March is in doubt.", "2021-03-15"),
        ("The road is expected to be opened on 15 March.", "2021-03-15"),
        ("It will have ended on 15 March.", "2021-03-15"),
        ("Talks will resume on Monday.", "2020-10-05"),
        ("The road will be opened on Monday.", "2020-10-05"),
        ("Parliament is to vote this Friday.", "2020-10-02"),
        ("The board is expected to meet on Friday.", "2020-10-02"),
        ("They will meet on Thursday.", "2020-10-01"),
        ("The ministry said that talks will resume on Monday.", "2020-10-05"),
    ],
)
def test_what_is_planned_lies_ahead(text, day) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It ended on Monday.", "2020-09-28"),
        ("They met this Monday.", "2020-09-28"),
        ("Talks will resume, officials said on Monday.", "2020-09-28"),
        ("The court will rule on the law that was passed on Monday.", "2020-09-28"),
    ],
)
def test_a_weekday_that_is_reported_is_the_last(text, day) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "The board was expected to meet on Friday.",
        "The vote was scheduled for 15 March.",
        "Schools closed until 15 March.",
        "They will discuss the attack reported on Monday.",
        "The accord was to be signed on 15 March.",
        "He agreed to leave by 15 March.",
    ],
)
def test_where_past_and_plan_are_in_doubt_there_is_no_day(text) -> None:
    assert days(text) == []


def test_where_both_mean_the_same_day_the_doubt_does_not_matter() -> None:
    assert days("The vote was scheduled for 15 September.") == ["2020-09-15"]
    assert days("The board was expected to meet on Thursday.") == ["2020-10-01"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ran from 27 September to 10 November 2018.", ["2018-09-27", "2018-11-10"]),
        ("It ran from 27 September-10 November 2018.", ["2018-09-27", "2018-11-10"]),
        ("It ran from September 27 – November 10, 2018.", ["2018-09-27", "2018-11-10"]),
        ("It ran from 27/9 to 10/11/2018.", ["2018-09-27", "2018-11-10"]),
        ("It ran from May to July 2018.", ["2018-05-01/2018-05-31", "2018-07-01/2018-07-31"]),
        ("It ran from 28 December to 3 January 2018.", ["2017-12-28", "2018-01-03"]),
        ("It was on 10 May and 3 June 2018.", ["2018-05-10", "2018-06-03"]),
        ("On 10 May, 3 June and on 4 July 2018.", ["2018-05-10", "2018-06-03", "2018-07-04"]),
        ("On 2-5 May or 3-4 June 2018.", ["2018-05-02/2018-05-05", "2018-06-03/2018-06-04"]),
        ("On 28 December and 3 January 2018.", ["2017-12-28", "2018-01-03"]),
        ("Between 28 December 2018 and 3 January.", ["2018-12-28", "2019-01-03"]),
        ("From 28 December 2018 to 3 January.", ["2018-12-28", "2019-01-03"]),
        ("It was 28 December 2018 – 3 January.", ["2018-12-28", "2019-01-03"]),
        ("On 28 December 2018 and 3 January.", ["2018-12-28", "2019-01-03"]),
        (
            "On 28 September 2020 he left; in February he had come.",
            ["2020-09-28", "2020-02-01/2020-02-29"],
        ),
        ("On 10 May 2018 and 3 April.", ["2018-05-10", "2018-04-03"]),
    ],
)
def test_days_that_are_joined_share_a_year(text, expected) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In April 2016 war broke out and on 5 April came a truce.", "2016-04-05"),
        ("In 2016, on 5 May, it fell.", "2016-05-05"),
        ("In the spring of 2016, on 5 May, it fell.", "2016-05-05"),
        ("Last year, on 5 May, it fell.", "2019-05-05"),
        ("It fell in Lund on 5 May last year.", "2019-05-05"),
        ("Early in June of this year it fell.", "2020-06-01/2020-06-30"),
        ("He came in 1990 and on 5 May that year left.", "1990-05-05"),
        ("On 5 May, in 2016, it fell.", "2016-05-05"),
        ("On 5 May of 2016 it fell.", "2016-05-05"),
        ("It was held on June 12-14, 2019.", "2019-06-12/2019-06-14"),
        ("It was held on June 12 and 14, 2019.", "2019-06-12/2019-06-14"),
        ("It was held on June 12–14.", "2020-06-12/2020-06-14"),
        ("After the 2016 war there were talks on 5 May.", "2020-05-05"),
    ],
)
def test_the_year_that_stands_in_the_sentence_holds(text, expected) -> None:
    assert expected in days(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was elected in 2016 and left on 5 May.", ["2016-01-01/2016-12-31"]),
        ("From 28 December 2018 they fought, and on 3 January came peace.", ["2018-12-28"]),
        ("It was on 10 November and 3 June 2018.", ["2018-06-03"]),
        ("In December 2016 it began and on 3 January ended.", ["2016-12-01/2016-12-31"]),
        ("In June of that year it fell.", []),
        ("It was on 14-12 June 2019.", []),
    ],
)
def test_a_day_whose_year_is_in_doubt_is_none(text, expected) -> None:
    assert days(text) == expected


def test_days_of_one_month_are_of_one_year() -> None:
    assert days("It is on 12-14 June.", "2020-06-05") == ["2020-06-12/2020-06-14"]


@pytest.mark.parametrize("written", ["9999-12-31", "0001-01-01"])
def test_at_the_ends_of_the_calendar(written) -> None:
    text = (
        "It will be on Sunday, next week, last week, next month, last year, in May, eight days ago."
    )
    assert all(m.first <= m.last for m in moments(text, written=written))
    assert days("What was known in May?", "9999-12-31") == ["9999-05-01/9999-05-31"]


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
        "Another 20 may have been wounded; only 1 may enter; may 20 enter?",
        "They march 20 miles, and in May 20 men came.",
        "2,000 civilians, 2000 soldiers, of 2000 people, 1,960 men.",
        "On 31 February 2020 and 2020-02-31 nothing was.",
        "The last week of the war was the worst. The last year before the vote was not.",
        # Counts, prices, lengths and times of day.
        "Bids of 1950 dollars, in 2000 villages, by 1880 votes and 2019 votes to none.",
        "Between 1900 and 2000 tonnes; from 1800 to 2000 men; the toll rose from 1900 to 1950.",
        "At 1945 local time, by 1800 hours and at 2010 GMT it rang; the pass lies at 2010 m.",
        "By March 20 men had died, and since May 30 people were ill.",
        "It is owned by 3/4 of the members, since 2/3 of the shares were sold.",
        # Of a century that is not read, or of a time told before.
        "It was on 27 September '20, in August, AD 74 and in 480 BC.",
        "The next year it fell, and the next month it was lost.",
        "In 1500 of the schools and in 1600 houses nothing was.",
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mill burned on 23 April 1564 and on 4 July 1776.", ["1564-04-23", "1776-07-04"]),
        ("In May 1453 it fell; in 1723, too.", ["1453-05-01/1453-05-31", "1723-01-01/1723-12-31"]),
        ("A fair was held in April, 2016.", ["2016-04-01/2016-04-30"]),
        ("A fair was held in April of 2016.", ["2016-04-01/2016-04-30"]),
        (
            "It was so in September/October 2018.",
            [f"2018-{m}" for m in ("09-01/2018-09-30", "10-01/2018-10-31")],
        ),
        ("On 5 to 7 April 2016 they met.", ["2016-04-05/2016-04-07"]),
        ("Between 5 and 7 April they met.", ["2020-04-05/2020-04-07"]),
        ("In the night of 3/4 July 2018 it burned.", ["2018-07-03/2018-07-04"]),
        (
            "Between January and March it rained.",
            ["2020-01-01/2020-01-31", "2020-03-01/2020-03-31"],
        ),
        (
            "The 1988–1994 war and the 1992-93 winter.",
            ["1988-01-01/1994-12-31", "1992-01-01/1993-12-31"],
        ),
        ("In 1941-5, in 1999-00.", ["1941-01-01/1945-12-31", "1999-01-01/2000-12-31"]),
        ("It was so as of 2018-03.", ["2018-03-01/2018-03-31"]),
        ("Many left in the late 1990s.", ["1990-01-01/1999-12-31"]),
        (
            "In Q3 2018 and the years 2016 or 2017.",
            [f"{y}-01-01/{y}-12-31" for y in (2018, 2016, 2017)],
        ),
        ("From late May to early July 2018.", ["2018-05-01/2018-05-31", "2018-07-01/2018-07-31"]),
        ("He led it 1991–1997 (ISBN 978-1991-1997).", ["1991-01-01/1997-12-31"]),
        ("Over the past year it grew.", ["2019-10-01/2020-10-01"]),
        ("In the last two months it fell.", ["2020-08-01/2020-10-01"]),
        ("He came the day before yesterday.", ["2020-09-29"]),
        ("He leaves tomorrow.", ["2020-10-02"]),
        ("In 2035 and 30 percent later.", ["2035-01-01/2035-12-31"]),
        ("On May 25 soldiers came.", ["2020-05-25"]),
    ],
)
def test_times_in_many_forms(text, expected) -> None:
    assert days(text) == expected


def test_a_range_reaches_to_its_end_and_a_supposed_year_is_marked() -> None:
    def marks(text: str) -> list[tuple[str, bool]]:
        return [(m.reach, m.supposed) for m in moments(text, written=WRITTEN)]

    assert marks("From 1988 to 1994 it was so.") == [("1994-12-31", False)] * 2
    assert marks("From 5 May to 3 June 2018.") == [("2018-06-03", False)] * 2
    assert marks("In 1988 and 1994.") == [("1988-12-31", False), ("1994-12-31", False)]
    assert marks("On 5 May.") == [("2020-05-05", True)]
    assert marks("In 2018, on 5 May.") == [("2018-12-31", False), ("2018-05-05", False)]


def test_a_long_paragraph_is_not_read_again_for_each_sentence() -> None:
    text = "It fell on 9 May 1992. " + "Nothing was told of it. " * 200 + "It rose on 18 May."
    assert [m.first for m in moments(text, Span(len(text) - 18, len(text)), WRITTEN, 0)] == [
        "2020-05-18"
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The permit expires on 1 December.", "2020-12-01"),
        ("The fair takes place on 5 December.", "2020-12-05"),
        ("The trial begins on Monday.", "2020-10-05"),
        ("A vote set for 6 December is in doubt.", "2020-12-06"),
        ("In December the council will vote.", "2020-12-01/2020-12-31"),
        ("On Wednesday, the council will vote.", "2020-10-07"),
        ("The ministry said that talks would resume on 15 March.", "2021-03-15"),
        # These look back.
        ("On Wednesday, he said that the council will vote.", "2020-09-30"),
        ("It will be remembered as the worst since 12 December.", "2019-12-12"),
        ("It would be the first such meeting since 5 March.", "2020-03-05"),
        ("The mill burned on 1 December.", "2019-12-01"),
    ],
)
def test_what_lies_ahead_is_told_in_many_ways(text, day) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "They agreed to meet on 1 December.",
        "He hopes to return in January.",
        "The elections on 6 December are unlikely to change this.",
        "Ahead of the elections on 6 December, tension rose.",
        "From 1 December no one may stay.",
        "He would die on 5 March.",
    ],
)
def test_a_day_that_may_be_to_come_is_none(text) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Sunday, 27 September 2015, it broke.", ["2015-09-27"]),
        ("On Sunday 27 September 2015 it broke. On Tuesday it was mended.", ["2015-09-27"]),
        ("On Sunday, September 27 , 2015 it broke.", ["2015-09-27"]),
        ("It was in October , 2015, and on 3 May , 2016.", ["2015-10-01/2015-10-31", "2016-05-03"]),
        ("It broke on 24 September. On Monday it was mended.", ["2020-09-24", "2020-09-28"]),
    ],
)
def test_a_weekday_is_that_of_the_date_beside_it(text, expected) -> None:
    assert days(text) == expected


def test_a_text_that_puts_the_month_first_does_so_throughout() -> None:
    assert days("Sent on 9/27/2018, paid on 11/10/2018.") == ["2018-09-27", "2018-11-10"]
    assert days("Sent on 27/9/2018, paid on 11/10/2018.") == ["2018-09-27", "2018-10-11"]
