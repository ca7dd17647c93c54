"""Times counted from an event that a document dates, and from no other."""

from __future__ import annotations

import pytest

from rag.compose.anchor import anchor_of
from rag.compose.period import Period
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


def last_day_before(event: str, told: str) -> str | None:
    made = document("m.txt", told, "2022-03-05")
    read, documents = reading((made, made.text, 0.9))
    found = anchor_of(f"What was feared before {event}?", read, documents)
    return found.period.last if found else None


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("the strike", "The strike began in Lund early on 3 March 2022."),
        ("the strike", "The second strike had begun on 3 March 2022."),
        ("the strike", "On 3 March 2022, the strike at Lund began."),
        ("the strike", "On 3 March 2022 the strike began."),
        ("the strike", "He said that the strike of the miners began on 3 March 2022."),
        ("the invasion of Norway", "The invasion of Norway began on 3 March 2022."),
        ("the treaty", "The treaty was signed by Norway on 3 March 2022."),
        ("the invasion", "They launched their invasion of Norway on 3 March 2022."),
        ("the war", "The 44-day war broke out on 3 March 2022."),
    ],
)
def test_the_day_is_that_on_which_the_event_itself_begins(event, told) -> None:
    assert last_day_before(event, told) == "2022-03-02"


@pytest.mark.parametrize(
    "told",
    [
        "The strike at Lund was discussed on 3 March 2022.",
        # Another thing begins.
        "Talks after the strike began on 3 March 2022.",
        "Talks following the strike began on 3 March 2022.",
        "Talks ending the strike began on 3 March 2022.",
        "Efforts to end the strike began on 3 March 2022.",
        "The strike committee began on 3 March 2022.",
        "The end of the strike began on 3 March 2022.",
        "The strike was ended by talks that began on 3 March 2022.",
        "The strike opened the door to talks on 3 March 2022.",
        "They launched talks on the strike on 3 March 2022.",
        # Nothing begins, or it is not known to.
        "The strike did not begin on 3 March 2022.",
        "The strike didn’t begin on 3 March 2022.",
        "The strike never began on 3 March 2022.",
        "No strike began on 3 March 2022.",
        "They did not launch the strike on 3 March 2022.",
        "The strike was not launched on 3 March 2022.",
        "The strike may have begun on 3 March 2022.",
        "The strike is to begin on 3 March 2022.",
        "If the strike began on 3 March 2022, it was legal.",
        # The day is another one.
        "The strike began, and on 3 March 2022 talks were held.",
        "The strike began after 3 March 2022.",
        "The strike began two days later than 3 March 2022.",
        "The strike began by 3 March 2022.",
        "After 3 March 2022 the strike began.",
        "Before the strike began on 3 March 2022 there was hope.",
    ],
)
def test_a_sentence_that_does_not_tell_of_the_beginning_gives_no_day(told) -> None:
    assert last_day_before("the strike", told) is None


def test_a_day_beyond_the_calendar_is_none() -> None:
    assert last_day_before("the strike", "The strike began on 0001-01-01.") is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who stood before the court?", "The court opened on 3 March 2022."),
        ("Who appeared before the committee on fishing?", "The committee opened on 3 March 2022."),
        ("Who sang by the bridge?", "The bridge opened on 3 March 2022."),
        ("What was feared before the strike?", "He denied that the strike began on 3 March 2022."),
        ("What was feared before the strike?",
         "It is false that the strike began on 3 March 2022."),
    ],
)  # fmt: skip
def test_a_place_is_no_time_and_what_is_denied_no_day(question: str, told: str) -> None:
    made = document("m.txt", told, "2022-03-05")
    read, documents = reading((made, made.text, 0.9))
    assert anchor_of(question, read, documents) is None
