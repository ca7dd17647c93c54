"""Where a document's date comes from, and that none is ever made up."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from rag.ingest.dates import date_in_name, find_date, inline_date, parse_any


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
