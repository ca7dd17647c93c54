"""Conflicts: found in pairs of documents that differ in one thing, and only there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from time import perf_counter

import pytest

from rag.asking.question import understand
from rag.compare.conflicts import conflicts_of, contradicts
from rag.compare.quantities import amounts, days, same_day
from rag.compose.answer import Found, answer_of
from rag.compose.extractive import compose_extractive
from rag.compose.generative import Writing
from rag.compose.opposed import conflicts_in, with_opposed
from rag.read import Reading
from rag.render.disagreement import conflict_sentence
from rag.types import (
    Answer,
    Citation,
    Conflict,
    Document,
    Evidence,
    EvidenceSentence,
    Hit,
    Paragraph,
    Passage,
    Span,
)

PLACES = ("Lund", "Bergen", "Turku", "Aarhus", "Vaasa")
NUMBERS = (
    ("How many people drowned in the flood?", "The flood in {place} drowned {x} people.", 31, 84),
    ("How many boats were lost?", "In {place} the storm sank {x} boats and a ferry.", 7, 12),
    ("How many workers were hurt?", "At least {x} workers were hurt at the mill of {place}.", 5, 2),
    ("How much did the bridge cost?", "The bridge at {place} cost {x} million crowns.", 40, 55),
    ("How many houses burned?", "Fire took {x} houses in the old town of {place}.", 120, 90),
    ("How many villagers left?", "About {x} villagers left {place} by the first snow.", 900, 400),
    ("What share voted yes?", "In {place} {x} percent of the voters chose yes.", 51, 67),
    ("How long is the canal?", "The canal to {place} is {x} kilometres long.", "1,768", "1,442"),
)
DATES = (
    ("When was the lock opened?", "The lock at {place} was opened on {x}.", "3 May 1921",
     "5 May 1921"),
    ("When did the mill burn?", "The great mill of {place} burned down in {x}.", "1904", "1911"),
    ("On what day did the strike begin?", "The strike at {place} began on {x} in heavy rain.",
     "12 March", "14 March"),
    ("When was the treaty signed?", "The treaty of {place} was signed on {x}.", "May 4, 1931",
     "June 4, 1931"),
    ("In what year did the line open?", "The railway line to {place} opened in {x}.", "1888",
     "1889"),
    ("When did the mayor resign?", "The mayor of {place} resigned on {x} after the flood.",
     "2020-09-28", "2020-09-30"),
)  # fmt: skip
NAMES = (
    ("Who designed the bridge?", "The bridge at {place} was designed by {x}.", "Mira Holt",
     "Jonas Berg"),
    ("Who led the strike?", "{x} led the strike of the mill workers in {place}.", "Ann Lee",
     "Olof Strand"),
    ("Which firm built the canal?", "The canal to {place} was built by the firm {x}.", "Norvik",
     "Sundal"),
    ("Who was mayor during the flood?", "The mayor of {place} during the flood was {x}.",
     "Ida Krog", "Per Moe"),
    ("Whose ship brought the grain?", "The grain for {place} was brought by a ship of {x}.",
     "Eva Ros", "Nils Dahl"),
    ("Where did the envoys of Norway meet?", "The envoys for {place} met quietly in {x} that year.",
     "Oslo", "Riga"),
)  # fmt: skip


def citation(text: str, n: int = 1, **changes: object) -> Citation:
    made = Citation(
        n, f"p{n}", f"{n}.txt", None, f"202{n}-01-01", None, 1, 1, 0, len(text), text, "0" * 64
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def made_pairs() -> list[tuple[str, str, str, str, str, str]]:
    """`(kind, question, older sentence, newer sentence, old value, new value)`."""
    kinds = (("number", NUMBERS), ("date", DATES), ("name", NAMES))
    return [
        (
            kind,
            question,
            form.format(place=place, x=a),
            form.format(place=place, x=b),
            str(a),
            str(b),
        )
        for kind, forms in kinds
        for (question, form, a, b), place in product(forms, PLACES)
    ]


def test_there_are_enough_pairs() -> None:
    assert len(made_pairs()) >= 100


@pytest.mark.parametrize("kind", ["number", "date", "name"])
def test_pairs_that_differ_in_one_thing_are_conflicts_about_it(kind: str) -> None:
    pairs = [pair for pair in made_pairs() if pair[0] == kind]
    missed = []
    for _, question, older, newer, old, new in pairs:
        found = conflicts_of(question, [citation(older), citation(newer, 2)])
        told = [(c.kind, c.citations) for c in found]
        fits = told == [(kind, (1, 2))] and old in found[0].values[0] and new in found[0].values[1]
        if not fits:
            missed.append((older, newer, found))
    assert len(missed) <= 0.05 * len(pairs), missed


def test_unchanged_pairs_are_no_conflict() -> None:
    for _, question, older, newer, *_ in made_pairs():
        for text in (older, newer):
            again = f"As was known, {text[0].lower() + text[1:]}"
            for other in (text, again):
                assert conflicts_of(question, [citation(text), citation(other, 2)]) == (), other


def test_sentences_about_different_places_are_no_conflict() -> None:
    alarms, asked = [], 0
    for kind, forms in (("number", NUMBERS), ("date", DATES), ("name", NAMES)):
        for question, form, a, b in forms:
            for here, there in pairwise(PLACES):
                texts = (form.format(place=here, x=a), form.format(place=there, x=b))
                found = conflicts_of(question, [citation(texts[0]), citation(texts[1], 2)])
                asked += 1
                alarms += [(kind, texts)] if found else []
    assert len(alarms) <= 0.05 * asked, alarms


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How many drowned?", "Norway lost 31 sailors.", "Sweden lost 50 sailors."),
        ("How many drowned?", "About 100,000 people left Lund.", "In Lund 100,600 people left."),
        ("How many drowned?", "More than 200 people drowned.", "The flood drowned 230 people."),
        ("How many drowned?", "The flood drowned 31 people.", "The flood drowned 12 cows."),
        ("How many drowned?", "On 3 May 31 people drowned.", "On 9 May 12 people drowned."),
        ("When was it?", "In 1921 the lock was opened.", "On 3 May 1921 the lock was opened."),
        ("When was it?", "The lock was opened on 3 May.", "The bridge was blown up on 5 May."),
        ("Who led it?", "Mira Holt led the strike.", "Jonas Berg denounced the governor."),
        ("Why did it fail?", "Norway declared war.", "Sweden declared war."),
        ("Did it hold?", "The dam did not hold.", "A ferry sank in the bay."),
    ],
)
def test_what_can_both_be_right_is_no_conflict(question: str, one: str, other: str) -> None:
    assert conflicts_of(question, [citation(one), citation(other, 2)]) == ()


def test_a_denial_by_somebody_else() -> None:
    claim = citation("Norway says that it was sunk.", speaker="Norway", source="a", end=29)
    denial = citation("Swedes deny it.", 2, speaker="Swedes", source="a", start=30)
    found = conflicts_of("Was the ferry sunk?", [claim, denial])
    assert [(c.kind, c.values) for c in found] == [("yes or no", ("claimed", "denied"))]
    assert conflicts_of("Was it sunk?", [replace(claim, speaker=None), denial]) == ()
    several = replace(denial, speaker=None, quote="Swedes and Danes deny it, and Finns laugh.")
    assert conflicts_of("Was it sunk?", [claim, several])[0].values == ("claimed", "denied")


def test_a_sentence_and_its_negation_in_two_documents() -> None:
    yes, no = "The dam at Lund held in the flood.", "The dam at Lund never held in the flood."
    found = conflicts_of("Did the dam hold?", [citation(yes), citation(no, 2)])
    assert [(c.kind, c.values) for c in found] == [("yes or no", ("yes", "no"))]


def test_a_speaker_who_disagrees_with_the_one_before() -> None:
    first = citation("Mira Holt argues that it leaks.", speaker="Mira Holt", source="a", end=31)
    second = citation(
        "Jonas Berg, who built it, disagrees.", 2, speaker="Jonas Berg", source="a", start=32
    )
    found = conflicts_of("Who built it?", [first, second])
    assert [(c.kind, c.values) for c in found] == [("opposed", ("Mira Holt", "Jonas Berg"))]
    assert conflicts_of("Who built it?", [first, replace(second, source="b")]) == ()
    quiet = replace(second, quote="Jonas Berg says that it is dry.")
    assert conflicts_of("Who built it?", [first, quiet]) == ()
    assert conflicts_of("Does it leak or hold?", [first, quiet])[0].kind == "opposed"


@pytest.mark.parametrize(
    ("question", "first", "second", "opposed"),
    [
        ("Did frost break it?", "frost broke it", "says that frost was at work too", False),
        ("Did frost break it?", "frost broke it", "thinks of frost", False),
        ("Did frost break it?", "frost broke it", "says that frost did not break it", True),
        ("What of frost or rats?", "frost broke it", "says that rats dug there", False),
        ("Was it frost or rats?", "frost broke it", "says that the frost was hard", False),
        ("Was it frost or rats?", "frost broke it", "says that it was the rats", True),
        ("Was it frost or rats?", "frost broke it", "adds that rats dug there", False),
        ("What broke it?", "frost broke it", "disagrees, and adds that rats dug there", True),
    ],
)
def test_two_speakers_differ_only_where_they_take_sides(
    question: str, first: str, second: str, opposed: bool
) -> None:
    texts = (f"Mira Holt argues that {first}.", f"Jonas Berg {second}.")
    one = citation(texts[0], speaker="Mira Holt", source="a", end=len(texts[0]))
    other = citation(texts[1], 2, speaker="Jonas Berg", source="a", start=one.end + 1)
    assert [c.kind for c in conflicts_of(question, [one, other])] == ["opposed"] * opposed


def test_two_who_deny_one_thing_are_not_opposed() -> None:
    one = citation("Norway denies the charge.", speaker="Norway", source="a", end=25)
    other = citation("Sweden also denies it.", 2, speaker="Sweden", source="a", start=26)
    assert conflicts_of("Who sank it?", [one, other]) == ()


def test_a_sentence_that_tells_of_a_dispute() -> None:
    found = conflicts_of("Who won?", [citation("Who won is disputed.")])
    assert [(c.kind, c.citations, c.values) for c in found] == [("disputed", (1,), ())]


def test_three_values_are_one_conflict() -> None:
    texts = [f"The flood in Lund drowned {n} people." for n in (20, 68, 170)]
    found = conflicts_of("How many drowned?", [citation(t, n) for n, t in enumerate(texts, 1)])
    assert [(c.citations, c.values) for c in found] == [((1, 2, 3), ("20", "68", "170"))]


def test_one_document_contradicts_itself_only_by_two_voices_or_a_revision() -> None:
    texts = ("The flood in Lund drowned 31 people.", "The flood in Lund drowned 84 people.")
    one, other = (citation(t, n, source="a") for n, t in enumerate(texts, 1))
    assert conflicts_of("How many drowned?", [one, other]) == ()
    spoken = [replace(one, speaker="Norway"), replace(other, speaker="Sweden")]
    assert len(conflicts_of("How many drowned?", spoken)) == 1


def test_only_another_document_contradicts() -> None:
    one, other = (citation(f"The flood in Lund drowned {n} people.", n % 9) for n in (20, 30))
    assert contradicts("How many?", one, other)
    assert not contradicts("How many?", one, replace(other, source=one.source))


def test_numbers_and_dates_are_read() -> None:
    told = amounts("More than 1,960 men, ten cows and 70,000 to 75,000 people; 12.5 % on 3 May.")
    assert [(a.text, a.unit[0]) for a in told] == [
        ("More than 1,960", "men"), ("ten", "cows"), ("70,000 to 75,000", "people"),
        ("12.5 %", "%"),
    ]  # fmt: skip
    assert (told[2].low, told[2].high) == (69300, 75750)
    one, other, third = days("On 3 May 1921, in 1921 and on 2021-05-03.")
    assert same_day(one, other) and not same_day(one, third)


def document(source: str, text: str, date: str | None) -> Document:
    return Document(source, text, "0" * 64, "txt", (Paragraph(1, 0, len(text)),), date=date)


def evidence(n: int, made: Document, support: float) -> Evidence:
    size = len(made.text)
    passage = Passage(f"p{n}", n, made.source, 0, size, made.text, 1, 1, date=made.date)
    sentence = EvidenceSentence(Span(0, size), support, company=support if n == 1 else 0.0)
    return Evidence(n, Hit(passage, 1.0), (sentence,), None, support)


def answered(first: str, second: str, support: float) -> Answer:
    """The answer where the reader saw two documents and its best sentence is that of the first."""
    made = [document("old.txt", first, "2020-09-28"), document("new.txt", second, "2020-09-30")]
    reading = Reading((evidence(1, made[0], 0.9), evidence(2, made[1], support)), 0.9)
    documents = {d.source: d for d in made}
    question = understand("How many people drowned?")
    found = Found(question, 5, reading, documents, None, {}, 0.0)
    return answer_of(found, Writing(compose_extractive(reading, documents), 0), 0.0, {})


def test_what_another_document_says_against_the_answer_is_shown_and_named() -> None:
    made = answered("The flood drowned 31 people.", "The flood drowned 84 people.", 0.8)
    assert made.answer.endswith("31 people. [1] The flood drowned 84 people. [2]")
    assert [c.id for c in made.citations] == [1, 2]
    assert made.to_dict()["conflicts"] == [
        {
            "citations": [1, 2],
            "about": "the number of people",
            "values": ["31", "84"],
            "kind": "number",
        }
    ]
    line = (
        "The sources disagree on the number of people: 31 [1] (2020-09-28), 84 [2] (2020-09-30);"
        " the newer document says 84 [2]."
    )
    assert line in str(made)
    assert "**The sources disagree on**" in made._repr_markdown_()


@pytest.mark.parametrize(
    ("second", "support"),
    [("The flood drowned 84 people.", 0.3), ("The flood drowned 31 people.", 0.8)],
    ids=["far behind", "the same"],
)
def test_without_a_close_contradiction_the_answer_is_as_it_was(second: str, support: float) -> None:
    made = answered("The flood drowned 31 people.", second, support)
    assert (len(made.statements), made.conflicts) == (1, ())
    assert "disagree" not in str(made)


def test_a_conflict_names_dates_and_voices_and_no_newer_one_in_doubt() -> None:
    one = citation("31 drowned.", speaker="Officials in Lund", date="2020")
    other = citation("84 drowned.", 2, date="2020-09")
    conflict = Conflict((1, 2), "the number of people", ("31", "84"), "number")
    assert conflict_sentence(conflict, [one, other]) == (
        "the number of people: 31 [1] (2020, according to officials in Lund), 84 [2] (2020-09)."
    )
    undated = [one, replace(other, date=None)]
    assert conflict_sentence(conflict, undated).endswith("84 [2] (undated).")
    assert conflict_sentence(Conflict((2,), "this", (), "disputed"), [one, other]) == "this [2]."


def test_a_sentence_between_two_speakers_says_that_they_disagree() -> None:
    texts = (
        ("Ann Lee argues that frost broke the wall.", "Ann Lee"),
        ("Jan Berg draws the opposite conclusion.", None),
        ("For him the mortar was to blame.", "Jan Berg"),
    )
    at, told = 0, []
    for n, (text, speaker) in enumerate(texts, 1):
        made = replace(citation(text, n, source="a"), speaker=speaker, paragraph=1)
        told.append(replace(made, start=at, end=at + len(text)))
        at += len(text) + 1
    found = conflicts_of("What broke the wall?", told)
    assert [(c.kind, c.citations) for c in found] == [("opposed", (1, 3))]
    assert conflicts_of("What broke the wall?", [told[0], told[2]]) == ()


def test_a_figure_that_somebody_rejects_is_disputed() -> None:
    told = citation("The union spoke of 900 and the firm disputes the figure.")
    found = conflicts_of("How many?", [told])
    assert [c.kind for c in found] == ["disputed"]


def test_what_two_pairs_differ_on_is_two_conflicts() -> None:
    texts = [f"The flood in {p} drowned {n} people." for p, n in
             (("Lund", 20), ("Lund", 68), ("Bergen", 5), ("Bergen", 9))]  # fmt: skip
    found = conflicts_of("How many drowned?", [citation(t, n) for n, t in enumerate(texts, 1)])
    assert [(c.citations, c.values) for c in found] == [
        ((1, 2), ("20", "68")), ((3, 4), ("5", "9"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "quote", "told"),
    [
        ("What is the height of the tower?", "Experts differ on what follows.", False),
        ("Who wrote the anthem?", "Scholars disagree about its age.", False),
        ("Who wrote the anthem?", "Who wrote it is disputed.", True),
        ("Where is the pass?", "Each side says that the other fired first.", False),
        ("Who broke the truce?", "Each side says that the other fired first.", True),
        (
            "How many people live in Lund?",
            "For the mayor 4,000 people is an invented number.",
            True,
        ),
        ("Where is Lund?", "For the mayor 4,000 is an invented number.", False),
        (
            "How many nurses work in Lund?",
            "That nurses left and 900 died is an invented number.",
            False,
        ),
        ("Does it give a right of way?", "Oslo sees a right of way, Riga sees a favour.", True),
        ("When was Lund lost?", "They did not agree on a word for what Lund is.", False),
        ("When was Lund lost?", "Historians disagree about when Lund was lost.", True),
        ("Was it a siege?", "The army rejects the word siege.", True),
        ("How many died?", "The list of those who died has 31, but kin counted 90.", True),
    ],
)
def test_a_dispute_has_to_be_about_what_is_asked(question: str, quote: str, told: bool) -> None:
    assert [c.kind for c in conflicts_of(question, [citation(quote)])] == ["disputed"] * told


def test_a_newer_document_for_another_side_is_named() -> None:
    one = citation("Fog caused the crash.", date="2020-01-01")
    other = citation("Drink caused the crash.", 2, date="2021-01-01")
    found = conflicts_of("Was it fog or drink that caused the crash?", [one, other])
    assert [conflict_sentence(c, [one, other]) for c in found] == [
        "how to see it: fog [1] (2020-01-01), drink [2] (2021-01-01);"
        " the newer document says drink [2]."
    ]


@pytest.mark.parametrize(
    ("second", "end"),
    [
        ("By evening that number had risen to 40.", "; the later number is 40 [2]."),
        ("The hospital put the number at 40.", "40 [2] (2021-01-01)."),
    ],
)
def test_a_number_that_a_document_revises_itself(second: str, end: str) -> None:
    one = citation("The mayor spoke of 12 dead.", source="a", end=27)
    other = citation(second, 2, source="a", start=28, date="2021-01-01")
    conflict = Conflict((1, 2), "the number", ("12", "40"), "number")
    assert conflict_sentence(conflict, [one, other]).endswith(end)


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("Who started the shooting at Lund?", "Lund lay quiet. Each side blames the other.", True),
        ("Who was mayor of Lund?", "Lund lay quiet. Each side blames the other.", False),
        ("Who started the shooting at Oslo?", "Lund lay quiet. Each side blames the other.", False),
        ("Why did the mill of Lund burn?", "The cause of the mill fire in Lund is disputed.", True),
        ("Why did the mill of Lund burn?", "The date of the mill fire in Lund is disputed.", False),
    ],
)
def test_evidence_that_says_what_is_asked_is_disputed_is_shown(
    question: str, text: str, shown: bool
) -> None:
    made = [document("a.txt", "Lund heard a first shot at noon.", "2020-09-28"),
            document("b.txt", text, "2020-09-30")]  # fmt: skip
    reading = Reading((evidence(1, made[0], 0.9), replace(evidence(2, made[1], 0.1), n=2)), 0.9)
    documents = {d.source: d for d in made}
    composed = compose_extractive(reading, documents)
    asked = understand(question)
    after = with_opposed(asked, composed, reading, documents)
    assert (len(after.statements) > len(composed.statements)) is shown
    assert [c.id for c in after.citations] == list(range(1, len(after.citations) + 1))
    of_one = with_opposed(asked, composed, replace(reading, speaker="Mira Holt"), documents)
    assert of_one.statements == composed.statements
    assert (
        any(c.kind == "disputed" for c in conflicts_in(asked, after.citations, reading, documents))
        is shown
    )


def test_rows_of_a_table_are_not_compared_number_by_number() -> None:
    rows = "1,2,3 4 5 " * 100
    told = [citation(rows, 1), citation(f"{rows} 6", 2)]
    begun = perf_counter()
    assert conflicts_of("How many people died?", told) == ()
    assert perf_counter() - begun < 5


def test_those_on_board_once_are_no_yearly_number() -> None:
    told = "The Lund ferry had {} passengers on board when it ran aground."
    one = citation(told.format(374), date="2019-08-30")
    other = citation(told.format(474), 2, date="2020-04-01")
    asked = "How many passengers were on board when the Lund ferry ran aground?"
    assert [c.values for c in conflicts_of(asked, [one, other])] == [("374", "474")]
    yearly = "The Lund ferry carried {} passengers."
    one = citation(yearly.format(374), date="2019-08-30")
    other = citation(yearly.format(474), 2, date="2020-04-01")
    assert conflicts_of("How many passengers did the Lund ferry carry?", [one, other]) == ()
