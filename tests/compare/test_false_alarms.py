"""Pairs of sentences that can both be right, and beside them pairs that cannot."""

from __future__ import annotations

import pytest

from rag.compare.conflicts import conflicts_of
from rag.types import Citation


def citation(text: str, n: int, date: str) -> Citation:
    return Citation(n, f"p{n}", f"{n}.txt", None, date, None, 1, 1, 0, len(text), text, "0" * 64)


def kinds(
    question: str, one: str, other: str, written: tuple[str, str] = ("2021-01-01", "2022-01-01")
) -> set[str]:
    """The kinds of conflict between two documents, in both orders."""
    found = []
    for first, second in (
        ((one, written[0]), (other, written[1])),
        ((other, written[1]), (one, written[0])),
    ):
        made = conflicts_of(
            question, [citation(first[0], 1, first[1]), citation(second[0], 2, second[1])]
        )
        found.append({c.kind for c in made})
    assert found[0] == found[1]
    return found[0]


KILLED = "How many people were killed in the attack on Goris?"
NUMBERS_THAT_AGREE = (
    # Another noun.
    (KILLED, "31 civilians were killed in the attack on Goris.",
     "84 soldiers were killed in the attack on Goris."),
    ("How many?", "31 new houses burned in Lund.", "12 new schools burned in Lund."),
    ("How many?", "31 dead soldiers lay at Goris.", "84 dead civilians lay at Goris."),
    ("How many?", "31 people in Oslo caught fever.", "12 houses in Oslo caught fire."),
    # Another unit of measure, or another dimension.
    ("How high?", "The dam is 31 metres high.", "The dam is 102 feet high."),
    ("How long?", "The canal is 5 km long.", "The canal is 5,000 m long."),
    ("How long?", "The canal to Lund is 5 km long and old.",
     "The canal to Lund is 3 km wide and old."),
    ("How long?", "The battle of Lund lasted 36 hours.", "The battle of Lund lasted two days."),
    ("What did it cost?", "It cost Lund 5 million dollars.", "It cost Lund 4.6 million euros."),
    # Shares of different groups, and a change by and to.
    ("What share?", "10 percent of women in Norway smoke.", "20 percent of men in Norway smoke."),
    ("What share?", "31 percent of voters in Lund chose it.",
     "42 percent of farmers in Lund chose it."),
    ("How much?", "Prices in Lund rose by 10 percent.", "Prices in Lund rose to 20 percent."),
    ("How much?", "It rose by 3 percentage points in Lund.", "It rose by 20 percent in Lund."),
    # The same number in other words.
    ("How many?", "No fewer than 25 people drowned.", "30 people drowned."),
    ("How many?", "No more than 20 people drowned.", "15 people drowned."),
    ("How many?", "30–40 people drowned in Lund.", "35 people drowned in Lund."),
    ("How many?", "In the old town of Lund one hundred and twenty people drowned.",
     "In the old town of Lund 120 people drowned."),
    ("How many?", "Two dozen people of the town drowned.", "24 people of the town drowned."),
    ("How much?", "The bridge cost 5 bn euros.", "The bridge cost 5 billion euros."),
    ("How much?", "The bridge cost 2 trillion crowns.", "The bridge cost 2,000 billion crowns."),
    ("How many?", "Two or three people drowned.", "Two people drowned."),
    ("How many?", "20-odd people drowned in Lund.", "24 people drowned in Lund."),
    ("How many?", "Lund has 5 million people.", "Lund has 5.3 million people."),
    # A part and the whole, a rate, an age, a number that is none.
    (KILLED, "31 young people were killed in Goris.", "84 people were killed in Goris."),
    (KILLED, "Another 31 people were killed in Goris.", "84 people were killed in Goris."),
    (KILLED, "31 more people were killed in Goris.", "84 people were killed in Goris."),
    (KILLED, "31 soldiers were killed in Goris.", "84 were killed in Goris."),
    (KILLED, "Three of the 120 soldiers were killed in Goris.",
     "Three soldiers were killed in Goris."),
    (KILLED, "84 people, including 31 people of Oslo, were killed in Goris.",
     "31 people of Oslo were killed in Goris."),
    ("How many?", "The flood killed 31 people in Lund.",
     "The flood killed 84 people in Lund and Bergen."),
    ("How many?", "The flood killed 84 people in Lund, Bergen and Turku.",
     "The flood killed 31 people in Lund."),
    ("How many?", "31 people a day came to Lund.", "84 people came to Lund."),
    ("How old?", "Mira Holt of Lund is 31 years old.", "Mira Holt of Lund is 32 years old."),
    ("How old?", "A 31-year-old man died in Lund.", "A 54-year-old man died in Lund."),
    ("When?", "The church of Lund was built 31 years ago.",
     "The church of Lund was built 35 years ago."),
    # Something else befell or was done, elsewhere or at another time.
    (KILLED, "The attack on Goris killed 31 people.", "The attack on Goris wounded 84 people."),
    (KILLED, "31 people were killed and 84 wounded in Goris.",
     "31 were killed and 84 people were wounded in Goris."),
    ("How many people died in Lund?", "The flood in Lund killed 31 people.",
     "In Lund 84 people live."),
    ("How many?", "In spring 31 villagers left Lund.", "In autumn 12 villagers left Lund."),
    ("How many?", "In the north of Lund 31 houses burned.",
     "In the south of Lund 12 houses burned."),
    ("How many?", "31 members voted for the plan of Lund.",
     "12 members voted against the plan of Lund."),
    ("How many?", "In Lund 51 percent of voters chose yes.",
     "In Lund 49 percent of voters chose no."),
    ("How many?", "The 3rd battalion lost 31 men at Lund.",
     "The 5th battalion lost 12 men at Lund."),
    ("How many?", "In Lund 31 people were not rescued.", "In Lund 84 people were rescued."),
    ("How much?", "The bridge will cost 40 million crowns.", "The bridge cost 55 million crowns."),
)  # fmt: skip
DATES_THAT_AGREE = (
    ("When?", "The bridge at Lund opened on 3 May 1921.", "The bridge at Lund opened in May 1921."),
    ("When?", "The talks at Lund were held on 3–5 May.", "The talks at Lund were held on 4 May."),
    ("When?", "The talks at Lund ran from 3 to 5 May.", "The talks at Lund ran on 3 May."),
    ("When?", "The bridge at Lund was built in 1941–45.", "The bridge at Lund was built in 1943."),
    ("When?", "The bridge at Lund opened before 1995.", "The bridge at Lund opened in 1992."),
    ("When?", "The bridge at Lund opened about 1904.", "The bridge at Lund opened in 1905."),
    ("When?", "The railway line to Lund was begun in 1888.",
     "The railway line to Lund was opened in 1889."),
    ("When?", "The peace treaty of Lund was signed on 3 May.",
     "The peace treaty of Lund was ratified on 9 June."),
    ("When?", "The first lock at Lund opened in 1921.", "The second lock at Lund opened in 1931."),
    ("When?", "The lock at Lund opened in 1921.", "The second lock at Lund opened in 1931."),
    ("When?", "Mira Holt was elected mayor in 2001.", "Mira Holt was re-elected mayor in 2005."),
    ("When?", "The bridge at Lund will open on 3 May.", "The bridge at Lund opened on 5 May."),
    ("When?", "The bridge at Lund was not opened on 3 May.",
     "The bridge at Lund was opened on 5 May."),
    ("When?", "Mira Holt was born in the mill of Lund in 1904.",
     "Mira Holt died in the mill of Lund in 1961."),
)  # fmt: skip
NAMES_THAT_AGREE = (
    ("Who did it?", "The town was attacked by the US.",
     "The town was attacked by the United States."),
    ("Who did it?", "The old town by the sea was attacked by Russia by night.",
     "The old town by the sea was attacked by Russian forces by night."),
    ("Who did it?", "The town was attacked by Moscow.", "The town was attacked by Russia."),
    ("Who did it?", "The town was attacked by the UK.", "The town was attacked by Britain."),
    ("Who did it?", "The talks in town were led by the EU.",
     "The talks in town were led by Brussels."),
    ("Who came?", "President Macron visited the old harbour.",
     "Emmanuel Macron visited the old harbour."),
    ("Who came?", "Mr Holt visited the old harbour.", "Mira Holt visited the old harbour."),
    ("Who came?", "The President visited the old harbour.",
     "Mira Holt visited the old harbour."),
    ("Who came?", "Aleksandr Holt visited the old harbour.",
     "Alexander Holt visited the old harbour."),
    ("Who came?", "Mira Holt never visited the old harbour.",
     "Jonas Berg visited the old harbour."),
    ("Where?", "The envoys met quietly in Oslo.", "The envoys met quietly in Norway."),
    ("Where?", "The envoys met quietly in Geneva.", "The envoys met quietly in Switzerland."),
)  # fmt: skip
NO_DENIALS = (
    ("Did they?", "No fewer than 25 people died in the flood.",
     "At least 25 people died in the flood."),
    ("Did it?", "The bridge over the river Lund in Oslo was not opened until 1995.",
     "The bridge over the river Lund in Oslo was opened in 1995."),
    ("Did it?", "No. 5 Street bridge in Oslo was opened by Holt.",
     "The 5 Street bridge in Oslo was opened by Holt."),
    ("Did it?", "The dam at Lund was not only old but weak.", "The dam at Lund was old and weak."),
    ("Did it?", "In 1990 the dam at Lund was not safe.", "In 1995 the dam at Lund was safe."),
    ("Did it?", "The new bridge over the river at Lund is not yet open.",
     "The new bridge over the river at Lund is open."),
    ("Did it?", "The new bridge over the river at Lund is no longer open.",
     "The new bridge over the river at Lund is open."),
    ("Did it?", "Holt, not Berg, led the long strike at Lund.",
     "Holt led the long strike at Lund."),
    ("Did it?",
     "The old stone dam over the wide river by the old grey mill at Lund was never safe.",
     "The old stone dam over the wide river by the old grey mill at Turku was safe."),
    ("Did it?", "In the flood the mill of Lund was not lost.",
     "In the flood the mill of Lund lost $31."),
)  # fmt: skip
REAL = (
    ("number", "How many?", "31 people drowned in Lund.", "84 people drowned in Lund."),
    ("number", "How many?", "31 new houses burned in Lund.", "12 houses burned in Lund."),
    ("number", "How many?", "31 dead soldiers lay at Goris.", "84 soldiers lay at Goris."),
    ("number", KILLED, "31 were killed in Goris.", "84 were killed in Goris."),
    ("number", KILLED, "31 were killed in Goris.", "84 people were killed in Goris."),
    ("number", "How many?", "31 officials were held in Lund.", "84 officials were held in Lund."),
    ("number", "How many?", "The flood in Lund drowned 31 people.",
     "The flood in Lund killed 84 people."),
    ("number", "How many?", "The flood in Lund, Norway, drowned 31 people.",
     "The flood in Lund drowned 84 people."),
    ("number", "How many?", "Two people drowned in the flood at Lund.",
     "Three people drowned in the flood at Lund."),
    ("number", "How many?", "No fewer than 25 people drowned.", "12 people drowned."),
    ("number", "How many?", "30–40 people drowned in Lund.", "84 people drowned in Lund."),
    ("number", "How long?", "The canal to Lund is 5 km long.",
     "The canal to Lund is 7 kilometres long."),
    ("number", "How much?", "The bridge cost 5 bn euros.", "The bridge cost 7 billion euros."),
    ("number", "How much?", "The bridge cost 5 million euros.", "The bridge cost 5 billion euros."),
    ("number", "How many?", "Lund has 1 million people.", "Lund has 700,000 people."),
    ("number", "How many?", "31 people a day came to Lund.", "84 people a day came to Lund."),
    ("number", "How much?", "Prices in Lund rose 10 percent.",
     "Prices in Lund rose by 20 percent."),
    ("number", "What share?", "In Lund 31 percent of the voters chose it.",
     "It was chosen by 84 percent of the voters in Lund."),
    ("date", "When?", "The bridge at Lund opened after 1921.",
     "The bridge at Lund opened in 1915."),
    ("date", "When?", "The talks at Lund were held on 3–5 May.",
     "The talks at Lund were held on 4 June."),
    ("name", "Who did it?", "The town was attacked by the US.", "The town was attacked by Russia."),
    ("name", "Who came?", "President Macron visited the old harbour.",
     "President Holt visited the old harbour."),
    ("name", "Where?", "The envoys met quietly in Geneva.", "The envoys met quietly in Vienna."),
    ("yes or no", "Did it?", "The dam at Lund was safe in the flood.",
     "The dam at Lund was not safe in the flood."),
    ("yes or no", "Did it?", "Norway has never signed the treaty.",
     "Norway has signed the treaty."),
)  # fmt: skip


@pytest.mark.parametrize(("question", "one", "other"), NUMBERS_THAT_AGREE)
def test_numbers_that_can_both_be_right(question: str, one: str, other: str) -> None:
    assert kinds(question, one, other) == set()


@pytest.mark.parametrize(("question", "one", "other"), DATES_THAT_AGREE)
def test_dates_that_can_both_be_right(question: str, one: str, other: str) -> None:
    assert kinds(question, one, other) == set()


@pytest.mark.parametrize(("question", "one", "other"), NAMES_THAT_AGREE)
def test_names_that_may_mean_one(question: str, one: str, other: str) -> None:
    assert kinds(question, one, other) == set()


@pytest.mark.parametrize(("question", "one", "other"), NO_DENIALS)
def test_what_denies_nothing(question: str, one: str, other: str) -> None:
    assert kinds(question, one, other) == set()


@pytest.mark.parametrize(("kind", "question", "one", "other"), REAL)
def test_what_cannot_both_be_right_is_still_found(
    kind: str, question: str, one: str, other: str
) -> None:
    assert kinds(question, one, other) == {kind}


def test_a_yearly_event_that_each_document_tells_of_for_its_own_year() -> None:
    one, other = "The fair at Lund began on 3 May 2019.", "The fair at Lund began on 5 May 2020."
    assert kinds("When?", one, other, ("2019-06-01", "2020-06-01")) == set()
    assert kinds("When?", one, other, ("2021-06-01", "2021-08-01")) == {"date"}


def test_a_state_may_change_between_documents_years_apart() -> None:
    one, other = "Lund has 31,000 inhabitants.", "Lund has 84,000 inhabitants."
    assert kinds("How many?", one, other, ("1990-01-01", "2020-01-01")) == set()
    assert kinds("How many?", one, other, ("2019-01-01", "2020-01-01")) == {"number"}
    one, other = "The canal is 31 km long.", "The canal is 84 km long."
    assert kinds("How long?", one, other, ("1990-01-01", "2020-01-01")) == {"number"}
