"""What stands beside the best sentence says something of what is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.asking.question import understand
from rag.compose.extractive import compose_extractive
from rag.compose.opposed import with_opposed
from rag.compose.speaking import only_of
from rag.compose.timeline import timeline_of
from rag.read import Reading
from rag.types import Document, Filters, Paragraph, Span
from tests.compose.made import document, reading, span_in


def shown(question: str, *found: tuple[Document, str, float], company: float = 0.0) -> list[str]:
    """The sentences of an answer; with `company` all that was read are likely parts of it."""
    read, documents = reading(*found)
    if company:
        read = all_likely(read, company)
    made = compose_extractive(read, documents, understand(question))
    return [s.text for s in made.statements]


def all_likely(read: Reading, company: float) -> Reading:
    evidence = [
        replace(e, sentences=tuple(replace(s, company=company) for s in e.sentences))
        for e in read.evidence
    ]
    return replace(read, evidence=tuple(evidence))


def turns(source: str, *paragraphs: str) -> Document:
    made, at = [], 0
    for n, text in enumerate(paragraphs, start=1):
        made.append(Paragraph(n, at, at + len(text)))
        at += len(text) + 2
    return Document(source, "\n\n".join(paragraphs), "0" * 64, "text", tuple(made))


DAM = "The dam at Sund broke in March because a valve was shut."


@pytest.mark.parametrize(
    ("question", "beside", "kept"),
    [
        # A dateline, a credit, a call to another page, a question.
        ("Why did the dam break?", "Sund, Fjord Wire.", False),
        ("Why did the dam break?", "Photo: Per Lund/Nordlys.", False),
        ("Why did the dam break?", "Read more: The dams of the north.", False),
        ("Why did the dam break?", "Could the dam have been saved?", False),
        ("What did the readers ask about the dam?", "Could the dam have been saved?", True),
        # Short remarks: a reason says something.
        ("Why did the dam break?", "Nobody guards it.", False),
        ("Why did the dam break?", "Five yrs is short.", False),
        ("Why did the dam break?", "The surface was rotten.", True),
        ("Why did the dam break?", "The breaks were old.", True),
        # What is asked by name or number wants that, or a word of the question.
        ("How many people drowned at the dam?", "31 bodies were found.", True),
        ("Who shut the valve?", "The key was with Olof Strand.", True),
        ("Did the dam break?", "The dam held in 1990.", True),
        ("What happened?", "It rained.", True),
    ],
)
def test_what_says_nothing_is_left_out(question: str, beside: str, kept: bool) -> None:
    made = document("a.txt", f"{DAM} Grass grew. {beside}")
    told = shown(question, (made, DAM, 0.9), (made, beside, 0.85), company=0.9)
    assert told == ([DAM, beside] if kept else [DAM])


def test_a_yes_or_no_question_keeps_near_claims_and_drops_far_remarks() -> None:
    best = "Some say that sailors burned the keep."
    other = "Others blame the lord, who owed money."
    remark = "The baker sold warm bread to every guest."
    made = document("a.txt", f"{best} {other} {remark}")
    told = shown(
        "Did sailors burn the keep?",
        (made, best, 0.99), (made, other, 0.9), (made, remark, 0.8),
        company=0.9,
    )  # fmt: skip
    assert told == [best, other]


def test_what_another_sentence_says_already_is_not_shown_again() -> None:
    one = document("a.txt", "The flood at Sund drowned 31 people.")
    two = document("b.txt", "The flood drowned 31 people at Sund.")
    other = document("c.txt", "The flood at Sund drowned 84 people.")
    found = ((one, one.text, 0.9), (two, two.text, 0.89), (other, other.text, 0.88))
    told = shown("How many people did the flood at Sund drown?", *found, company=0.9)
    assert told == [one.text, other.text]


ASKED = "Who is to blame for the break of the dam at Sund?"


@pytest.mark.parametrize(
    ("text", "date", "support", "kept"),
    [
        ("The builder is to blame for the dam at Sund, Jonas Berg says.", None, 0.9, True),
        # Nearly as sure as the best one: the reader's word is taken.
        ("Jonas Berg of Sund never looked at the wall.", None, 0.985, True),
        # Far behind it, and of something else.
        ("Jonas Berg of Sund signed the bus plan.", None, 0.85, False),
        ("The dam is to blame, they say in Lund.", None, 0.85, False),
    ],
)
def test_another_document_has_to_tell_of_the_matter(
    text: str, date: str | None, support: float, kept: bool
) -> None:
    best = document("a.txt", "Mira Holt blames the shift leader for the break of the dam at Sund.")
    other = document("b.txt", text, date)
    told = shown(ASKED, (best, best.text, 0.99), (other, text, support))
    assert told == ([best.text, text] if kept else [best.text])


@pytest.mark.parametrize(
    ("text", "date", "kept"),
    [
        ("The strike broke out because of low pay, Berg says.", "2022-06-01", True),
        ("The strike broke out in 1991 because of bread, Berg says.", "2022-06-01", False),
        ("The strike has lasted since 2020 because of pay, Berg says.", "2022-06-01", True),
        ("The strike broke out because of the guards, Berg says.", "1995-06-01", False),
    ],
)
def test_reasons_of_another_time_are_not_gathered(text: str, date: str, kept: bool) -> None:
    best = document("a.txt", "The strike of 2022 began because of a sacking, Holt says.")
    other = document("b.txt", text, date)
    told = shown(
        "What are the reasons for the strike in 2022?", (best, best.text, 0.99), (other, text, 0.9)
    )
    assert (text in told) is kept


def test_explanations_of_one_document_are_gathered_from_its_paragraphs() -> None:
    made = document(
        "a.txt",
        "Her view is that a chimney caught fire. Some say that sailors set the fire."
        " Others blame the lord for the fire. The fire began in a barn, Berg argues.",
    )
    lines = (
        ("Her view is that a chimney caught fire.", 0.98),
        ("Some say that sailors set the fire.", 0.95),
        ("Others blame the lord for the fire.", 0.94),
        ("The fire began in a barn, Berg argues.", 0.93),
    )
    told = shown("What explanations are there for the fire?", *((made, t, p) for t, p in lines))
    assert told == [t for t, _ in lines]


TALK = turns(
    "talk.txt",
    "HALE: You kept the bakery. Why?",
    "PETRENKO: Because of the oven. It cannot be moved.",
    "HALE: Was the money bad?",
    "PETRENKO: No. It was very good. I told them that three times.",
    "HALE: Will you sell one day?",
    "PETRENKO: Never.",
)


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        # A bare answer is shown behind what it answers.
        ("PETRENKO: Never.", ["HALE: Will you sell one day?", "PETRENKO: Never."]),
        (
            "It was very good.",
            ["HALE: Was the money bad?", "PETRENKO: No.", "It was very good."],
        ),
        ("PETRENKO: Because of the oven.", ["PETRENKO: Because of the oven."]),
    ],
)
def test_a_bare_reply_is_shown_with_its_question(best: str, expected: list[str]) -> None:
    assert shown("What did she say of the offer?", (TALK, best, 0.9)) == expected


def test_a_speaker_is_named_once_where_he_goes_on() -> None:
    far = turns("far.txt", "HALE: Why?", "PETRENKO: Well. Flour rose twice. Bread rose too.",
                "HALE: And?", "PETRENKO: Well. Rents rose twice.")  # fmt: skip
    told = shown(
        "What rose twice?",
        (far, "Flour rose twice.", 0.9),
        (far, "Bread rose too.", 0.89),
        (far, "Rents rose twice.", 0.88),
        company=0.9,
    )
    assert told == [
        "According to PETRENKO: Flour rose twice.",
        "Bread rose too.",
        "According to PETRENKO: Rents rose twice.",
    ]


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Those who left came to 90,000.", False),
        ("It is not known whether the dam will hold.", False),
        ("It was Berg who sold the land.", False),
        ("It took three weeks to clear the road.", False),
        ("This year the bus will end.", False),
        ("It rained for days.", False),
        ("Those were sold.", True),
        ("It was built to hold.", True),
        ("It was a law that banned bread.", True),
        ("This is why he left.", True),
        ("They left in May.", True),
    ],
)
def test_what_means_something_by_itself_brings_no_sentence_before(text: str, leans: bool) -> None:
    made = document("a.txt", f"The town had two hundred houses. {text}")
    told = shown("What is told of the town?", (made, text, 0.9))
    assert told == (["The town had two hundred houses.", text] if leans else [text])


def test_a_dateline_is_nothing_to_lean_on() -> None:
    made = document("a.txt", "Sund, Fjord Wire. It ended without a deal on Friday.")
    told = shown("How did it end?", (made, "It ended without a deal on Friday.", 0.9))
    assert told == ["It ended without a deal on Friday."]


def test_of_one_speaker_no_other_is_shown_beside() -> None:
    """Neither the question before his bare answer nor who denies what he says."""
    read, documents = reading((TALK, "PETRENKO: Never.", 0.9))
    asked = understand("Will she sell one day?")
    told = compose_extractive(only_of("Petrenko", read, documents), documents, asked)
    assert [s.text for s in told.statements] == ["PETRENKO: Never."]
    claim = "Ulf Rand says that the firm knew of the crack."
    made = document("a.txt", f"{claim} Elin Frost denies it.")
    read, documents = reading((made, claim, 0.9))
    asked = understand("Did the firm know of the crack?")
    for of, count in ((read, 2), (only_of("Rand", read, documents), 1)):
        composed = compose_extractive(of, documents, asked)
        assert len(with_opposed(asked, composed, of, documents).statements) == count


def test_another_answer_is_shown_in_whatever_words_and_however_far_behind() -> None:
    one = document("a.txt", "Mira Holt commanded the fire brigade at Lund.", "2020-01-02")
    other = document("b.txt", "The commander of the firemen in Lund was Jonas Berg.", "2021-01-02")
    read, documents = reading((one, one.text, 0.9995), (other, other.text, 0.92))
    spans = {"a.txt": span_in(one, "Mira Holt"), "b.txt": Span(0, len(other.text) - 1)}
    found = []
    for e in read.evidence:
        span = spans[e.hit.passage.source]
        found.append(replace(e, sentences=tuple(replace(s, answer=span) for s in e.sentences)))
    read = replace(read, evidence=tuple(found))
    asked = understand("Who commanded the fire brigade at Lund?")
    composed = compose_extractive(read, documents, asked)
    told = with_opposed(asked, composed, read, documents)
    assert [s.text for s in told.statements] == [one.text, other.text]


def test_a_dateline_is_no_event() -> None:
    event = "The dam at Sund broke on 3 March 2022."
    made = document("a.txt", f"SUND, 4 March 2022 (Fjord Wire Service). {event}", "2022-03-04")
    read, documents = reading(
        (made, event, 0.9), (made, "SUND, 4 March 2022 (Fjord Wire Service).", 0.8)
    )
    asked = understand("What happened at Sund?")
    listed = timeline_of(asked, read.evidence, documents, Filters(), 10, None)
    assert [e.text for e in listed.entries] == [event]
