"""Numbers and dates are read for what they say, in figures, in words and with a bound."""

from __future__ import annotations

import pytest

from rag.compare.quantities import Amount, amounts, days, days_exclude, same_day


def only(text: str) -> Amount:
    (found,) = amounts(text)
    return found


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("No fewer than 25 people drowned.", 25, 50),
        ("Not less than 25 people drowned.", 25, 50),
        ("At least 25 people drowned.", 25, 50),
        ("No more than 20 people drowned.", 10, 20),
        ("Not more than 20 people drowned.", 10, 20),
        ("At most 20 people drowned.", 10, 20),
        ("30–40 people drowned.", 30, 40),
        ("30 - 40 people drowned.", 30, 40),
        ("30-40 people drowned.", 30, 40),
        ("Two or three people drowned.", 2, 3),
        ("Between one hundred and two hundred people drowned.", 100, 200),
        ("~30 people drowned.", 27, 33),
    ],
)
def test_bounds_and_ranges(text: str, low: float, high: float) -> None:
    assert (only(text).low, only(text).high) == (low, high)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("One hundred and twenty people drowned.", 120, "people"),
        ("A hundred and one people drowned.", 101, "people"),
        ("Twenty-five people drowned.", 25, "people"),
        ("Nine hundred people drowned.", 900, "people"),
        ("Two dozen people drowned.", 24, "people"),
        ("It cost 5 bn euros.", 5e9, "euros"),
        ("It cost 5bn euros.", 5e9, "euros"),
        ("It cost 5 mn euros.", 5e6, "euros"),
        ("It cost 5m euros.", 5e6, "euros"),
        ("It cost 5 m euros.", 5e6, "euros"),
        ("It cost €5m.", 5e6, None),
        ("It cost 2 trillion crowns.", 2e12, "crowns"),
        ("It is 5 m long.", 5, "m"),
        ("It rose by 31 percentage points.", 31, "percentage"),
        ("1950 people drowned.", 1950, "people"),
        ("In May 31 people drowned.", 31, "people"),
        ("One hundred and twenty-five thousand people fled.", 125e3, "people"),
        ("Two thousand three hundred people fled.", 2300, "people"),
    ],
)
def test_values(text: str, value: float, unit: str | None) -> None:
    amount = only(text)
    assert amount.low <= value <= amount.high <= 1.011 * value
    assert (amount.unit[:1] or (None,)) == (unit,)


@pytest.mark.parametrize(
    "text", ["One of them drowned.", "They won by 2–1.", "The Su-25 and the T-72.", "Of 1941–45."]
)
def test_what_is_no_amount(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("one", "other", "exclude"),
    [
        ("5 million people", "5.3 million people", False),
        ("5 million people", "6 million people", True),
        ("1 million people", "700,000 people", True),
        ("12 percent", "12.4 percent", False),
        ("12 percent", "13 percent", True),
        ("two dozen people", "25 people", False),
        ("two dozen people", "31 people", True),
        ("5 bn euros", "5 billion euros", False),
        ("2 trillion euros", "2,000 billion euros", False),
        ("five hundred people", "490 people", False),
        ("31 people", "32 people", True),
    ],
)
def test_a_rounded_number_does_not_exclude_an_exact_one(
    one: str, other: str, exclude: bool
) -> None:
    assert only(one).excludes(only(other)) is exclude
    assert only(other).excludes(only(one)) is exclude


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3–5 May 1921", (1921, 5, None)),
        ("from 3 to 5 May", (None, 5, None)),
        ("in the night of 3 to 4 May", (None, 5, None)),
        ("May 3–5, 1921", (1921, 5, None)),
        ("in 1941–45", (None, None, None)),
        ("in 1921/22", (None, None, None)),
        ("in 2020-09", (2020, None, None)),
        ("on May 31", (None, 5, 31)),
    ],
)
def test_a_range_of_days_leaves_the_day_open(text: str, parts: tuple[int | None, ...]) -> None:
    (day,) = days(text)
    assert (day.year, day.month, day.day) == parts


@pytest.mark.parametrize(
    ("one", "other", "exclude"),
    [
        ("on 3 May", "on 5 May", True),
        ("on 3 May 1921", "in May 1921", False),
        ("in 1904", "in 1911", True),
        ("before 1995", "in 1992", False),
        ("before 1995", "in 1998", True),
        ("no later than 1921", "in 1920", False),
        ("after 1921", "in 1925", False),
        ("after 1921", "in 1915", True),
        ("not opened until 1995", "in 1995", False),
        ("not opened until 1995", "in 1992", True),
        ("about 1904", "in 1905", False),
        ("about 1904", "in 1911", True),
        ("by 3 May", "in 1992", False),
    ],
)
def test_bounds_of_dates(one: str, other: str, exclude: bool) -> None:
    (first,), (second,) = days(one), days(other)
    assert days_exclude(first, second) is exclude
    assert days_exclude(second, first) is exclude
    assert not (same_day(first, second) and exclude)


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("50 000 people", 49_500),
        ("50\u202f123 people", 50_123),
        ("1.234.567 people", 1_234_567),
        ("half a million people", 495_000),
        ("a million people", 990_000),
        ("half a dozen boats", 6),
    ],
)
def test_other_ways_to_write_a_number(text: str, low: float) -> None:
    assert [a.low for a in amounts(text)] == [low]


def test_a_point_may_part_thousands_and_a_time_is_no_number() -> None:
    assert not amounts("50.000 people")[0].excludes(amounts("50,000 people")[0])
    assert amounts("By 12:30 people had left.") == []


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [("on Jan. 14", 1, 14), ("Sept. 3, 2020", 9, 3), ("3 Dec 2020", 12, 3)],
)
def test_short_names_of_months(text: str, month: int, day: int) -> None:
    assert [(d.month, d.day) for d in days(text)] == [(month, day)]


def test_a_short_name_alone_is_no_month() -> None:
    assert days("In Jan 31 people drowned, says Jan Berg.") == []
