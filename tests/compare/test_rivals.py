"""Two documents answer one question differently: in other words, and only where both answer it."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.compare.claims import Claim
from rag.compare.naming import may_be_one
from rag.compare.rivals import rival, sought


def claim(sentence: str, answer: str, near: float = 0.95, around: str | None = None) -> Claim:
    assert answer in sentence
    return Claim(sentence, answer, around or sentence, near)


@pytest.mark.parametrize(
    ("question", "one", "other", "found"),
    [
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("On 28 February Lund elected its council.", "28 February"),
            ("date", "the date", "3 March", "28 February"),
        ),
        (
            "Who led the rescue at Lund?",
            claim("Mira Holt led the rescue at Lund.", "Mira Holt", 1.0),
            claim("In charge of the rescue work in Lund was Jonas Berg.", "Jonas Berg", 0.7),
            ("name", "the name", "Mira Holt", "Jonas Berg"),
        ),
        (
            "Who is the new mayor of Lund?",
            claim("Mira Holt became mayor of Lund.", "Mira Holt", 1.0),
            # The answer that a reader finds may be the sentence.
            claim("The new mayor of Lund is Jonas Berg.", "The new mayor of Lund is Jonas Berg"),
            ("name", "the name", "Mira Holt", "Jonas Berg"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("84 people lost their lives when the river came to Lund.", "84 people"),
            ("number", "the number of people", "31", "84"),
        ),
    ],
    ids=["date", "name", "a whole sentence", "number"],
)
def test_other_words_for_another_answer(question, one, other, found) -> None:
    assert rival(understand(question), one, other) == found
    kind, about, first, second = found
    assert rival(understand(question), other, one) == (kind, about, second, first)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "On what day was Lund flooded?",
            claim("Lund was flooded on 14 March 2020.", "14 March 2020", 1.0),
            claim("On 12 December 2019 the ferry of Lund ran aground.", "12 December 2019", 0.95),
        ),
        (
            "Who was in charge of the rescue work in Lund?",
            claim("In charge of the rescue work in Lund was Mira Holt.", "Mira Holt", 1.0),
            claim("The leader of the strike in Lund was Jonas Berg.", "Jonas Berg", 0.95),
        ),
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("Bergen voted on 28 February.", "28 February"),
        ),
        (
            "On what day did Lund vote?",
            claim("Lund voted on 3 March.", "3 March", 1.0),
            claim("On 3 March 2020 Lund elected its council.", "3 March 2020"),
        ),
        (
            "When was the strike in Lund broken up?",
            claim("The strike in Lund was broken up on 3 March.", "3 March", 1.0),
            claim("Lund was flooded on 28 May.", "28 May", 0.8),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("The flood in Lund sank 84 boats.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people on 3 May 2020.", "31", 1.0),
            claim("The flood in Lund killed 84 people on 9 June 2021.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("The flood in Lund killed 31 people.", "31", 1.0),
            claim("The flood in Lund killed 84 people.", "84", 0.4),
        ),
        (
            "Who led the rescue at Lund?",
            claim("Mira Holt led the rescue at Lund.", "Mira Holt", 1.0),
            claim("Holt led the rescue at Lund, too.", "Holt"),
        ),
        (
            "Who argues that Lund is safe?",
            claim("Mira Holt argues that Lund is safe.", "Mira Holt", 1.0),
            claim("Jonas Berg argues that Lund is safe.", "Jonas Berg"),
        ),
        (
            "Why was Lund flooded?",
            claim("Lund was flooded by 31 streams.", "31", 1.0),
            claim("Lund was flooded by 84 streams.", "84"),
        ),
    ],
    ids=[
        "another event's date",
        "another event's name",
        "elsewhere",
        "the same day",
        "something else there",
        "another noun",
        "other days",
        "far behind",
        "a part of the name",
        "both may say it",
        "neither is asked for",
    ],
)
def test_no_rivals(question, one, other) -> None:
    assert rival(understand(question), one, other) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ida Lündt", "Ida Lundt", True),
        ("Łomża", "Lomza", True),
        ("Ibrahim Kadyrov", "Ibrahim Kadirov", True),
        ("Hasan", "Hassan", True),
        ("Lvov", "Lviv", True),
        ("Margaryan", "Markarian", True),
        ("Norway's army", "Oslo", True),
        ("Malta", "Yalta", False),
        ("Iran", "Oran", False),
        ("Mira Holt", "Mira Hart", False),
        ("Jonas Berg", "Johan Berg", False),
        ("Ida Kadyrov", "Ramzan Kadyrov", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, alike: bool) -> None:
    assert may_be_one("Who signed it?", one, other) is alike
    assert may_be_one("Who signed it?", other, one) is alike


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the mill burn?", "date"),
        ("Who signed it and when?", "date"),
        ("How many died when the mill burned?", "number"),
        ("Who was mayor when the mill burned?", "name"),
        ("What happened when the mill burned?", None),
    ],
)
def test_what_is_sought(question: str, kind: str | None) -> None:
    assert sought(question) == kind


def test_a_name_may_stand_in_the_sentence_before() -> None:
    one = claim("The flood in Lund killed 31 people.", "31", 1.0)
    other = claim("It killed 84 people.", "84", around="A flood came to Lund. It killed 84 people.")
    assert rival(understand("How many people died in Lund?"), one, other) is not None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "How many people died in Oslo?",
            claim("31 people in Oslo died in the flood.", "31"),
            claim("12 houses in Oslo were lost when people died.", "12"),
        ),
        (
            "What percentage of people in Norway smoke?",
            claim("10 percent of women in Norway smoke.", "10 percent"),
            claim("20 percent of men in Norway smoke.", "20 percent"),
        ),
        (
            "How many people died in Lund?",
            claim("31 people were wounded in Lund.", "31"),
            claim("84 people died in Lund.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("No fewer than 25 people died in Lund.", "25"),
            claim("30 people died in Lund.", "30"),
        ),
        (
            "How many people died in Lund?",
            claim("Another 31 people died in Lund.", "31"),
            claim("84 people died in Lund.", "84"),
        ),
        (
            "How many people died in Lund?",
            claim("Three of the 120 people in Lund died.", "120"),
            claim("Three people died in Lund.", "Three"),
        ),
        (
            "What did the bridge at Lund cost?",
            claim("The bridge at Lund was to cost 40 million crowns.", "40 million"),
            claim("The cost of the bridge at Lund was 55 million crowns.", "55 million"),
        ),
        (
            "How long is the bridge at Lund?",
            claim("The bridge at Lund is 31 metres long.", "31"),
            claim("102 feet long is the bridge at Lund.", "102"),
        ),
        (
            "Who attacked Lund?",
            claim("Lund was attacked by the US.", "the US"),
            claim("The United States attacked Lund by night.", "The United States"),
        ),
        (
            "Who attacked Lund?",
            claim("Lund was attacked by Russia.", "Russia"),
            claim("It was Moscow that attacked Lund.", "Moscow"),
        ),
        (
            "Who visited Lund?",
            claim("President Macron visited Lund.", "President Macron"),
            claim("In May Emmanuel Macron came to Lund on a visit.", "Emmanuel Macron"),
        ),
        (
            "When was the bridge at Lund opened?",
            claim("The bridge at Lund was opened before 1995.", "1995"),
            claim("In 1992 the bridge at Lund was opened.", "1992"),
        ),
        (
            "When was the bridge at Lund opened?",
            claim("The bridge at Lund was opened on 3–5 May.", "5 May"),
            claim("On 4 May the bridge at Lund was opened.", "4 May"),
        ),
        (
            "When was the bridge at Lund opened?",
            claim("The bridge at Lund was begun in 1888.", "1888"),
            claim("The bridge at Lund was opened in 1889.", "1889"),
        ),
    ],
)
def test_answers_that_can_both_be_right(question, one, other) -> None:
    assert rival(understand(question), one, other) is None
    assert rival(understand(question), other, one) is None


@pytest.mark.parametrize(
    ("question", "one", "other", "about"),
    [
        (
            "How many prisoners died in Lund?",
            claim("Eleven prisoners are dead in Lund.", "Eleven"),
            claim("23 dead were counted among the prisoners of Lund.", "23"),
            "the number of prisoners",
        ),
        (
            "When was the bridge at Lund opened?",
            claim("The bridge at Lund was opened before 1995.", "1995"),
            claim("In 1998 the bridge at Lund was opened.", "1998"),
            "the date",
        ),
        (
            "When will the tunnel at Lund open?",
            claim("The tunnel at Lund is to open in 2025.", "2025"),
            claim("The tunnel at Lund opens in 2028.", "2028"),
            "the date",
        ),
        (
            "How many people were on the ferry to Lund?",
            claim("No more than 236 people were on the ferry to Lund.", "No more than 236"),
            claim("Not fewer than 397 people were on the Lund ferry.", "Not fewer than 397"),
            "the number of people",
        ),
        (
            "What share of voters in Lund chose the green list?",
            claim("In Lund 31 percent of the voters chose the green list.", "31 percent"),
            claim("The green list got 84 percent in Lund.", "84 percent"),
            "the percentage",
        ),
        (
            "How many people died in Lund?",
            claim("31 people died in Lund, where nobody was warned that it would rain.", "31"),
            claim("The dead in Lund were 84 people.", "84 people"),
            "the number of people",
        ),
    ],
)
def test_answers_that_cannot_both_be_right_in_other_words(question, one, other, about) -> None:
    found = rival(understand(question), one, other)
    assert found is not None
    assert found[1] == about


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("J. Berg", "Jonas Berg", True),
        ("Jon Berg", "Jonathan Berg", True),
        ("J. Berg", "Ida Berg", False),
        ("Niger", "Nigeria", False),
        ("Austria", "Australia", False),
    ],
)
def test_initials_and_countries_of_like_names(one: str, other: str, alike: bool) -> None:
    assert may_be_one("Who signed it?", one, other) is alike
    assert may_be_one("Who signed it?", other, one) is alike


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "when was season one of blue harbour filmed",
            claim("Work on the first season began in May 2015.", "May 2015", 1.0,
                  "Blue Harbour Work on the first season of Blue Harbour began in May 2015."),
            claim("Filming for the serial began on 2 July 2011.", "2 July 2011", 0.95,
                  "The Tide Filming for the serial began on 2 July 2011."),
        ),
        (
            "When did the fire at Lund break out?",
            claim("The fire at Lund broke out on 4 August 2020.", "4 August 2020", 1.0),
            claim("The mine at Lund collapsed on 6 May.", "The mine at Lund collapsed on 6 May"),
        ),
        (
            "Who led the strike at Lund?",
            claim("Mira Holt led the strike at Lund.", "Mira Holt", 1.0),
            claim("The commander of the firemen in Lund was Jonas Berg.",
                  "The commander of the firemen in Lund was Jonas Berg"),
        ),
        (
            "When was the Lund atlas written?",
            claim("The Lund atlas was first printed in 1978 by a Danish press.", "1978", 1.0),
            claim("The Lund atlas underwent a small revision in 1984.", "1984"),
        ),
    ],
    ids=["another series", "another thing", "another post", "another deed"],
)  # fmt: skip
def test_what_is_told_of_other_things_is_no_rival(question: str, one: Claim, other: Claim) -> None:
    assert rival(understand(question), one, other) is None
    assert rival(understand(question), other, one) is None
