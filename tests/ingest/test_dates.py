"""Where a document's date comes from, and that none is ever made up."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from rag.ingest.dates import date_in_name, find_date, inline_date, parse_any, stated


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-11-07", "2023-11-07"),
        ("2023-11-07T10:00:00+04:00", "2023-11-07"),
        ("2023-11", "2023-11"),
        ("2023", "2023"),
        (2023, "2023"),
        (date(2023, 11, 7), "2023-11-07"),
        (datetime(2023, 11, 7, 12), "2023-11-07"),
        ("7 November 2023", "2023-11-07"),
        ("November 7, 2023", "2023-11-07"),
        ("Nov 2023", "2023-11"),
        ("Tue, 07 Nov 2023 10:00:00 +0400", "2023-11-07"),
        ("D:20120324120000Z", "2012-03-24"),
        ("2023-02-30", None),
        ("2023-13-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (12345678, None),
        ("0001-01-01", None),
    ],
)
def test_metadata_values(value: object, expected: str | None) -> None:
    assert parse_any(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2020-09-28-brief-second-day", "2020-09-28"),
        ("FOOTLOCKER_2022_8K_dated-2022-05-20", "2022-05-20"),
        ("note_20200928", "2020-09-28"),
        ("note_2020_09_28", "2020-09-28"),
        ("minutes-2020-09", "2020-09"),
        ("ADOBE_2022_10K", "2022"),
        ("AMCOR_2023Q4_EARNINGS", "2023"),
        ("memo-losses-1992-1993", None),
        ("invoice-99999999", None),
        ("2020-02-31-x", "2020-02"),
        ("room-1234x", None),
        ("notes", None),
    ],
)
def test_file_names(name: str, expected: str | None) -> None:
    assert date_in_name(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" date 2022-03-31 The timing", "2022-03-31"),
        ("\ufeffDate: 2022-03-31\nText", "2022-03-31"),
        ("The date 2022-03-31 came", None),
        ("date 2022-03-311", None),
    ],
)
def test_inline_prefix(text: str, expected: str | None) -> None:
    assert inline_date(text) == expected


def test_the_first_real_date_wins() -> None:
    candidates = [("2020-02-30", "front matter"), (None, "inline"), ("2021", "html")]
    assert find_date(candidates) == ("2021", "html")
    assert find_date([("soon", "html")]) == (None, None)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("report 10 November 2020", "2020-11-10"),
        ("Report10Nov2020", "2020-11-10"),
        ("Nov-2020-report", "2020-11"),
        ("camera_20201110_123000", "2020-11-10"),
        ("x20201110123000", "2020-11-10"),
        ("2020-5-6", "2020-05-06"),
        ("25-12-2020", "2020-12-25"),
        ("report_10-11-2020", "2020"),
        ("20201310", None),
    ],
)
def test_more_forms_of_a_name(name: str, date: str | None) -> None:
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (20201110, "2020-11-10"),
        (1605000000, "2020-11-10"),
        (1605000000000, "2020-11-10"),
        ("1605000000.000200", "2020-11-10"),
        ("10.11.2020", "2020-11-10"),
        ("7. November 2023", "2023-11-07"),
        ("13/11/2020", "2020-11-13"),
        ("11/13/2020", "2020-11-13"),
        ("10/11/2020", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_more_forms_of_metadata(value: object, date: str | None) -> None:
    assert parse_any(value) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2023-00", None),
        ("2023-0", None),
        ("2023-00-00", None),
        ("2023-11-00", None),
        ("2023-00-07", None),
        ("20231100", None),
        ("00.11.2020", None),
        ("0 November 2023", "2023-11"),
    ],
)
def test_a_month_or_day_of_zero_is_no_date(value: str, date: str | None) -> None:
    assert parse_any(value) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("invoice_2023-00", "2023"),
        ("episode-2020-00-pilot", "2020"),
        ("episode-2020-00-00", "2020"),
        ("note_2020-11-00", "2020-11"),
        ("note_20201100", None),
    ],
)
def test_a_month_or_day_of_zero_in_a_name(name: str, date: str | None) -> None:
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    "value",
    [
        "07-Nov-2023",
        "7-Nov-2023",
        "7-NOV-2023 10:00",
        "Nov-7-2023",
        "7th of November 2023",
        "7 of November, 2023",
        "2023 Nov 7",
        "2023 November 7th",
        "2023-Nov-07",
        "2023, Nov. 7",
    ],
)
def test_written_forms(value: str) -> None:
    assert parse_any(value) == "2023-11-07"
    assert date_in_name(f"report {value}") == "2023-11-07"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2023 (revised 7 November 2024)", "2023"),
        ("2023 Nov 31", "2023"),
        ("2023 edition 7", "2023"),
        ("12023 Nov 2024", "2024-11"),
    ],
)
def test_a_year_that_no_day_follows(value: str, date: str) -> None:
    assert parse_any(value) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (2023.1, None),
        (2023.11, None),
        (2023.0, "2023"),
        (20231107.0, "2023-11-07"),
        (1605000000.0, "2020-11-10"),
        (1605000000.0002, "2020-11-10"),
        (1605000000000.0, "2020-11-10"),
        (1e300, None),
        (float("inf"), None),
    ],
)
def test_a_number_with_a_fraction_is_a_date_only_as_an_epoch(
    value: float, date: str | None
) -> None:
    assert parse_any(value) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2011.12345v2", None),
        ("UNSC-Resolution-1973", None),
        ("rfc_1945", None),
        ("climate-goals-2090", None),
        ("what-happened-in-2008", None),
        ("the-valley-since-2008", None),
        ("history_of_the_1917_rising", None),
        ("forecast for 2021", None),
        ("review-2021", "2021"),
        ("report.2020", "2020"),
        ("minutes-of-2020-05-06", "2020-05-06"),
        ("plan-for-2090-05-06", "2090-05-06"),
    ],
)
def test_a_bare_year_that_a_document_tells_of(name: str, date: str | None) -> None:
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    "value", [date(1, 1, 1), datetime(1, 1, 1), date(9999, 12, 31), 9999999999, "9999999999"]
)
def test_a_day_that_stands_for_none_is_no_date(value: object) -> None:
    assert parse_any(value) is None


@pytest.mark.parametrize(
    "text", ["DATE 2022-03-31. Text", "Date:2022-03-31", "date: 2022-03-31T10:00:00Z Text"]
)
def test_more_inline_prefixes(text: str) -> None:
    assert inline_date(text) == "2022-03-31"


@pytest.mark.parametrize("day", ["1970-01-01T00:00:00Z", "D:19800101000000"])
def test_a_clock_that_was_never_set_dates_nothing(day: str) -> None:
    for origin in ("pdf metadata", "docx metadata", "header"):
        assert find_date([(day, origin), ("2021", "file name")]) == ("2021", "file name")
    assert find_date([(day, "front matter")])[1] == "front matter"


def test_names_that_metadata_has_for_a_date() -> None:
    values = {"timestamp": 5, "Publish_Date": "b", "updated": "x", "publishedAt": "c", "date": None}
    assert stated(values) == ["b", "c", 5]
