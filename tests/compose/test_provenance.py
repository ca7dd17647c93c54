"""Questions about the answer before are answered from the sentences that it showed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from rag.asking.question import understand
from rag.compose.answer import Found
from rag.compose.extractive import compose_extractive, marked_text
from rag.compose.provenance import asked_origin, only_speaker, shown_again, told_origin
from rag.finding import Finder
from rag.types import Filters, Turn
from tests.compose.made import document, reading

FROST = "Mira Holt argues that frost broke the wall."
RATS = "Rats had dug under the wall for years."
HOLT = document("holt.txt", f"{FROST} The wall was rebuilt.", "2020-01-01")
BERG = document("berg.txt", f"{RATS} Nobody looked.", "2021-05-06", author="Jonas Berg")
BARE = document("bare.txt", "The wall stood for sixty years before that.")


@pytest.mark.parametrize(
    ("question", "origin"),
    [
        ("Who said that?", "who"),
        ("And who says so?", "who"),
        ("who wrote this", "who"),
        ("Says who?", "who"),
        ("Whose words are these?", "who"),
        ("According to whom?", "who"),
        ("Who exactly said that?", "who"),
        ("Who's saying that?", "who"),
        ("And who was it who said that?", "who"),
        ("Who made that claim?", "who"),
        ("Who is quoted there?", "who"),
        ("Who reported that?", "who"),
        ("Who said that to the court?", None),
        ("Who reported it?", None),
        ("Who is quoted in the report?", None),
        ("When was that written?", "when"),
        ("When did he say that?", "when"),
        ("Where does it say that?", "where"),
        ("Which document says this?", "where"),
        ("What's your source for that?", "where"),
        ("Who said that frost broke the wall?", None),
        ("Who said that in 2016?", None),
        ("When was the dam built?", None),
        ("Where is the dam?", None),
        ("Who wrote the treaty?", None),
        ("Where is that town?", None),
        ("Where was that published?", "where"),
        ("Who said it?", "who"),
        ("How old is it?", None),
        ("Where is it?", None),
        ("Where was that?", None),
        ("Where does it stand?", None),
        ("Who wrote it?", None),
        ("When was it reported?", None),
        ("What is the source of it?", None),
    ],
)
def test_what_is_asked_of_the_answer_before(question: str, origin: str | None) -> None:
    assert asked_origin(question) == origin


def test_the_sentences_of_an_answer_are_found_again_in_its_order() -> None:
    made, documents = reading((HOLT, FROST, 0.9), (BERG, RATS, 0.8))
    again = shown_again(
        f"{RATS} According to X: {FROST}", [e.hit for e in made.evidence], documents
    )
    assert again is not None
    shown = [s.span.of(documents[e.hit.passage.source].text) for e in again.evidence
             for s in e.sentences]  # fmt: skip
    assert shown == [RATS, FROST]
    assert again.confidence == 1.0


def test_nothing_is_found_again_of_an_answer_in_other_words() -> None:
    made, documents = reading((HOLT, FROST, 0.9))
    hits = [e.hit for e in made.evidence]
    assert shown_again("Frost, Holt thinks, was the cause.", hits, documents) is None


def test_the_answer_is_composed_of_all_of_them() -> None:
    made, documents = reading((HOLT, FROST, 0.9), (BERG, RATS, 0.8))
    again = shown_again(f"{FROST} {RATS}", [e.hit for e in made.evidence], documents)
    assert again is not None
    composed = compose_extractive(again, documents)
    assert marked_text(composed.statements) == f"{FROST} [1] {RATS} [2]"


def test_each_origin_is_told_with_its_document() -> None:
    made, documents = reading((HOLT, FROST, 0.9), (BERG, RATS, 0.8), (BARE, BARE.text, 0.7))
    assert told_origin("who", made, documents) == (
        "Speaker: Mira Holt (holt.txt); Jonas Berg, the author (berg.txt);"
        " nobody is named in bare.txt."
    )
    assert told_origin("when", made, documents) == (
        "Date: 2020-01-01 (holt.txt); 2021-05-06 (berg.txt); bare.txt has none."
    )
    assert told_origin("where", made, documents) == (
        "Place: holt.txt, paragraph 1; berg.txt, paragraph 1; bare.txt, paragraph 1."
    )


SAID = f"Mira Holt says: “{BARE.text}”"


def test_a_sentence_inside_the_one_shown_is_not_shown() -> None:
    quoting, own = document("two.txt", SAID), document("one.txt", BARE.text, author="Ann Lee")
    made, documents = reading((own, BARE.text, 0.9), (quoting, SAID, 0.8))
    hits = [e.hit for e in made.evidence]
    again = shown_again(SAID, hits, documents)
    assert again is not None
    assert told_origin("where", again, documents) == "Place: two.txt, paragraph 1."
    assert shown_again(SAID, hits[:1], documents) is None


def test_all_documents_that_have_a_sentence_are_named() -> None:
    other = document("other.txt", f"{FROST} It froze.", "2022-02-02")
    made, documents = reading((HOLT, FROST, 0.9), (other, FROST, 0.8))
    again = shown_again(FROST, [e.hit for e in made.evidence], documents)
    assert again is not None
    assert told_origin("when", again, documents) == (
        "Date: 2020-01-01 (holt.txt); 2022-02-02 (other.txt)."
    )
    shown = compose_extractive(again, documents)
    assert marked_text(shown.statements) == f"{FROST} [1]"
    assert [c.also_in for c in shown.citations] == [("other.txt",)]


def test_nothing_is_told_of_what_is_not_shown() -> None:
    texts = [f"The lock of the {n} canal was opened by boys." for n in "abcdefg"]
    texts[1] = "They came from the town by the water."
    holders = [document(f"{n}.txt", t) for n, t in enumerate(texts) if n != 1]
    holders[0] = document("0.txt", f"{texts[0]} {texts[1]}")
    made, documents = reading(*((d, d.text, 0.9 - n / 100) for n, d in enumerate(holders)))
    again = shown_again(" ".join(texts), [e.hit for e in made.evidence], documents)
    assert again is not None
    shown = compose_extractive(again, documents)
    assert [s.text for s in shown.statements] == texts[:6]
    told = told_origin("where", again, documents)
    assert [f"{n}.txt" in told for n in (0, 2, 3, 4, 5, 6)] == [True] * 5 + [False]


def test_where_a_date_comes_from_is_told() -> None:
    named = replace(HOLT, date_origin="file name")
    made, documents = reading((named, FROST, 0.9))
    assert told_origin("when", made, documents) == "Date: 2020-01-01 (holt.txt, file name)."


def test_the_short_answer_is_a_name_that_stands_in_a_source() -> None:
    made, documents = reading((HOLT, FROST, 0.9))
    assert only_speaker(made, documents) == "Mira Holt"
    made, documents = reading((HOLT, FROST, 0.9), (BERG, RATS, 0.8))
    assert only_speaker(made, documents) is None


@pytest.fixture
def finder(monkeypatch) -> Finder:
    """A finder that finds the wall's documents for whatever is asked, and may not read."""
    made, documents = reading((HOLT, FROST, 0.9), (BERG, RATS, 0.8))
    found = Finder(SimpleNamespace(rarity=lambda _: {}))  # type: ignore[arg-type]
    monkeypatch.setattr(found, "hits", lambda *_: [e.hit for e in made.evidence])
    monkeypatch.setattr(found, "documents", lambda _: documents)
    looked = Found(understand("?"), 5, made, documents, "Nobody knows.", {}, 0.0)
    monkeypatch.setattr(found, "_look", lambda *_: looked)
    return found


def test_the_finder_shows_the_last_answer_again(finder: Finder) -> None:
    history = [Turn("user", "What broke the wall?"), Turn("assistant", f"{FROST} [1]")]
    found = finder.find("Who said that?", 5, Filters(), history)
    assert found.origin == "who" and found.because is None
    assert [e.hit.passage.source for e in found.reading.evidence] == ["holt.txt"]
    assert found.scope == "Speaker: Mira Holt (holt.txt)."


def test_limits_hold_for_the_last_answer_too(finder: Finder) -> None:
    history = [Turn("user", "What broke it?"), Turn("assistant", f"{FROST} [1] {RATS} [2]")]
    filters = Filters(as_of="2021", speaker="Holt")
    found = finder.find("When was that written?", 5, filters, history)
    assert found.as_of == "2021"
    assert found.scope == (
        "Only what Holt says. Date: 2020-01-01 (holt.txt). Documents up to 2021-12-31."
    )
    assert finder.find("Who said that?", 5, Filters(speaker="Krog"), history).origin is None


@pytest.mark.parametrize(
    "history",
    [
        [],
        [Turn("user", "Who built it?"), Turn("assistant", "The documents do not say. So it is.")],
        [Turn("user", "Who built it?"), Turn("assistant", "A company from Malmö, it seems.")],
    ],
)
def test_without_an_answer_to_show_it_is_a_question_like_any_other(
    finder: Finder, history: list[Turn]
) -> None:
    found = finder.find("Who said that?", 5, Filters(), history)
    assert (found.origin, found.because) == (None, "Nobody knows.")
