"""Times counted from an event that a document dates, and from no other."""

from __future__ import annotations

import pytest

from rag.compose.anchor import anchor_of
from rag.compose.timeline import Period
from tests.compose.made import document, reading

BEGUN = document("news.txt", "The strike at Lund began on 24 February 2022.", "2022-03-01")


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("What was feared before the strike?", Period(None, "2022-02-23")),
        ("What has changed since the strike?", Period("2022-02-24", None)),
        ("How many had joined by day 5 of the strike?", Period("2022-02-24", "2022-02-28")),
        ("What happened on day 3 of the strike?", Period("2022-02-26", "2022-02-26")),
        ("What happened on the strike?", None),
        ("What was feared before the flood?", None),
        ("What was feared in Lund?", None),
    ],
)
def test_a_time_is_counted_from_the_day_that_a_document_gives(question, period) -> None:
    read, documents = reading((BEGUN, BEGUN.text, 0.9))
    found = anchor_of(question, read, documents)
    assert (found.period if found else None) == period


def test_the_note_says_what_was_read_and_by_which_source() -> None:
    read, documents = reading((BEGUN, BEGUN.text, 0.9))
    found = anchor_of("What was feared before the strike?", read, documents)
    assert found is not None
    assert found.note == "“before the strike” is read as up to 2022-02-23, by news.txt."


def test_two_days_are_none() -> None:
    other = document("other.txt", "The strike at Bergen began on 3 March 2022.", "2022-03-05")
    read, documents = reading((BEGUN, BEGUN.text, 0.9), (other, other.text, 0.8))
    assert anchor_of("What was feared before the strike?", read, documents) is None


def test_a_sentence_that_does_not_tell_of_a_beginning_gives_no_day() -> None:
    made = document("m.txt", "The strike at Lund was discussed on 3 March 2022.", "2022-03-05")
    read, documents = reading((made, made.text, 0.9))
    assert anchor_of("What was feared before the strike?", read, documents) is None
