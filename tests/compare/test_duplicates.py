"""What counts as a copy, and what must never count as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare.duplicates import (
    Copy,
    names_another,
    same_sentence,
    sentence_keys,
    titles_of_a_series,
    wording,
)

STORY = (
    "The ministers of both countries signed the agreement in Vienna on 14 March 2021. "
    "It opens the border for 3,000 lorries a day. "
    "Observers from the organisation did not attend the ceremony. "
    "“We waited years for this,” said Anna Berg, who led the talks."
)


def tells(first: str, second: str) -> bool:
    copy = Copy()
    copy.add(first)
    return copy.tells(second)


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY[: STORY.index("Observers")],
        STORY.replace("organisation", "organization"),
        STORY.replace("“", '"').replace("”", '"').replace(" lorries", "  lorries"),
        "VIENNA, March 14 (Reuters) - " + STORY,
        STORY + "\n\nReporting by Carl Dorn; editing by Eva Falk",
        STORY.replace("which", "that").replace("It opens", "It also opens"),
        STORY.replace("signed the agreement", "signed an agreement"),
    ],
)
def test_a_copy_says_nothing_new(copy: str) -> None:
    assert copy and tells(STORY, copy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("14 March", "15 March"),
        ("2021", "2022"),
        ("3,000", "3,500"),
        ("3,000", "$3,000"),
        ("Vienna", "Geneva"),
        ("March", "April"),
        ("did not attend", "did attend"),
        ("Anna Berg", "Anna Borg"),
        ("opens the border", "closes the border"),
        ("opens the border", "has opened the border"),
        ("both countries", "three countries"),
        ("in Vienna on", "in Vienna reportedly on"),
        ("a day", "a week"),
    ],
)
def test_a_change_that_matters_makes_another_text(old: str, new: str) -> None:
    assert old in STORY
    assert not tells(STORY, STORY.replace(old, new))
    assert not tells(STORY.replace(old, new), STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("By the 6th century, the Rhine was within it.", "By the 6th century, it was not."),
        ("By Monday the harbour was open.", "By Monday the harbour was closed."),
        ("Copyright law was changed that year.", "Copyright law was left alone that year."),
        ("The bank has failed, he said (Reuters).", "The bank has not failed, he said (Reuters)."),
    ],
)
def test_a_sentence_is_no_credit_for_how_it_begins_or_ends(one: str, other: str) -> None:
    assert not tells(f"{STORY} {one}", f"{STORY} {other}")


@pytest.mark.parametrize(
    "line",
    [
        "By Carl Dorn",
        "By Carl Dorn and Eva Falk",
        "© 2021 The Harbour Post",
        "All rights reserved.",
    ],
)
def test_who_wrote_it_is_nothing_new(line: str) -> None:
    assert tells(STORY, f"{line}\n\n{STORY}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Then it sank to –3 degrees.", "Then it sank to 3 degrees."),
        ("All of it was in C#.", "All of it was in C++."),
        ("All of it was in C.", "All of it was in C++."),
        ("There were 10⁸ of them.", "There were 108 of them."),
        ("There were 2½ of them.", "There were 21/2 of them."),
        ("He had vitamin A there.", "He had vitamin there."),
        ("The vote was 12:45 then.", "The vote was 12/45 then."),
        ("His name was सीता there.", "His name was सोता there."),
        ("Это мой дом.", "Это мои дом."),
    ],
)
def test_a_sign_that_makes_another_word_counts(one: str, other: str) -> None:
    assert not tells(f"{STORY} {one}", f"{STORY} {other}")
    assert wording(one) != wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Then it sank to –3 degrees.", "Then it sank to −3 degrees."),
        ("There were 10⁸ of them.", "There were 10^8 of them."),
        ("It has 40 km² of woods.", "It has 40 km2 of woods."),
        ("A ship was there: it sank.", "The ship was there; it sank."),
        ("Все ёлки.", "Все елки."),
    ],
)
def test_a_sign_that_is_only_written_otherwise_does_not(one: str, other: str) -> None:
    assert tells(f"{STORY} {one}", f"{STORY} {other}")


def test_the_wording_of_a_sentence() -> None:
    assert wording("> The Café’s list.") == wording("- the cafe's LIST!")
    assert wording("??? — …") == ()
    assert wording("The ship.") != wording("A ship.")


def test_a_sentence_more_is_something_new() -> None:
    assert not tells(STORY, STORY + " The bridge was closed again in May.")
    assert tells(STORY + " The bridge was closed again in May.", STORY)


def test_a_question_is_no_statement() -> None:
    assert not tells("The border was opened to lorries.", "The border was opened to lorries?")


def test_windows_that_are_cut_elsewhere_add_up() -> None:
    copy = Copy()
    middle = STORY.index("Observers")
    copy.add(STORY[:middle])
    assert not copy.tells(STORY[STORY.index("It opens") :])
    copy.add(STORY[middle:])
    assert copy.tells(STORY[STORY.index("It opens") :])
    assert copy.overlap(STORY) == 1.0
    assert 0.0 < copy.overlap(STORY + " And much more was said by others that day.") < 1.0


def test_signs_alone_say_nothing() -> None:
    assert not tells(STORY, "")
    assert not tells(STORY, "— · —")
    assert not tells("", "")


def test_reports_of_two_years_are_a_series() -> None:
    assert titles_of_a_series("Annual report 2022", "Annual report 2023")
    assert not titles_of_a_series("Ministers sign", "Border agreement signed")
    assert not titles_of_a_series(None, "Border agreement signed")


def test_who_asks_for_one_branch_by_name_is_not_served_by_another() -> None:
    page = "Our services include training with wheelchairs."
    asked = "What does the Westport clinic offer?"
    assert names_another("Westport Clinic", asked, "Easton Clinic", page)
    assert not names_another("Easton Clinic", asked, "Westport Clinic", page)
    assert not names_another("Westport Clinic", asked, "Easton Clinic", page + " Also in Westport.")
    assert not names_another("Westport Clinic", "What does it offer?", "Easton Clinic", page)


@given(st.text(max_size=300))
def test_every_text_with_words_is_a_copy_of_itself(text: str) -> None:
    assert tells(text, text) == bool(sentence_keys(text))
    assert not tells("", text)


words = st.lists(st.sampled_from("one two not Berlin 5 grew that river 1990".split()), max_size=9)


@given(words, words)
def test_the_same_is_the_same_both_ways(one: list[str], other: list[str]) -> None:
    first, second = tuple(one), tuple(other)
    assert same_sentence(first, first)
    if same_sentence(first, second):
        assert [w for w in first if w != "that"] == [w for w in second if w != "that"]


def test_a_loss_in_brackets_is_no_profit() -> None:
    told = Copy()
    told.add("Net income for the year that ended in May was (5) million crowns.")
    assert not told.tells("Net income for the year that ended in May was 5 million crowns.")
