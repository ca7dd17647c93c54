"""The second opinion on what is shown finds what a claim made up, and nothing where all is held."""

from __future__ import annotations

import pytest

from benchmarks.facts import missing_facts, unsourced

HELD = (
    "On 9 November 2020, after six weeks, Russia sent 1,960 peacekeepers to the Lachin road;"
    " Turkey did not."
)


@pytest.mark.parametrize(
    "text",
    [
        HELD,
        "Russia sent 1960 peacekeepers to the Lachin road; Turkey did not.",
        "On November 9, 2020, Russia sent peacekeepers; Turkey did not.",
        "On 2020-11-09 Russia sent them; Turkey did not.",
        "Russia sent 1,960 after 6 weeks; Turkey did not.",
    ],
)
def test_what_is_held_is_not_missing(text: str) -> None:
    assert missing_facts(text, HELD) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Russia sent 1,961 peacekeepers; Turkey did not.", ["number 1961"]),
        ("Russia sent seven peacekeepers; Turkey did not.", ["number 7"]),
        ("On 10 November 2020 Russia came; Turkey did not.", ["number 10", "date nov 10"]),
        ("On 9 December 2020 it came; Turkey did not.", ["date dec 2020", "date dec 9"]),
        ("It came in November 2021; Turkey did not.", ["number 2021", "date nov 2021"]),
        ("Then Georgia came; Turkey did not.", ["name Georgia"]),
        ("Then Russia sent peacekeepers; Turkey did.", ["negation"]),
        ("Russia never sent them; Turkey did not.", ["negation"]),
    ],
)
def test_what_is_not_held_is_found(text: str, missing: list[str]) -> None:
    found = missing_facts(text, HELD)
    assert set(missing) <= set(found)


def test_marks_without_a_source_are_found() -> None:
    assert unsourced("One. [1] Two. [2][4]", {1, 2}) == [4]
