"""Of one speaker nothing but his own words is shown, and who else speaks where he does not."""

from __future__ import annotations

import pytest

from rag.asking.question import understand
from rag.compose.speaking import looking_for, nobody_said, only_of, spoken_by
from rag.speech.voice import said_by
from tests.compose.made import document, reading, span_in

HOLT = document("holt.txt", "Mira Holt argues that frost broke the dam. The dam was rebuilt.")
BERG = document("berg.txt", "Jonas Berg of Lund denies that frost broke the dam.")
OWN = document(
    "own.txt", "I think that rats broke it. Mira Holt says it was frost.", author="Ann Lee"
)


def test_sentences_of_others_fall_out() -> None:
    read, documents = reading(
        (BERG, BERG.text, 0.9),
        (HOLT, "Mira Holt argues that frost broke the dam.", 0.6),
        (HOLT, "The dam was rebuilt.", 0.5),
        confidence=0.8,
    )
    left = only_of("holt", read, documents)
    told = [s.span.of(HOLT.text) for e in left.evidence for s in e.sentences]
    assert told == ["Mira Holt argues that frost broke the dam."]
    assert left.evidence[0].n == 1
    assert 0 < left.confidence < read.confidence


def test_the_best_sentence_keeps_its_confidence() -> None:
    read, documents = reading((BERG, BERG.text, 0.9), confidence=0.8)
    assert abs(only_of("Jonas Berg", read, documents).confidence - 0.8) < 1e-9


def test_without_a_word_of_the_speaker_there_is_no_evidence() -> None:
    read, documents = reading((BERG, BERG.text, 0.9))
    assert only_of("Ida Krog", read, documents).evidence == ()


def test_passages_of_the_speaker_are_kept_in_order() -> None:
    read, documents = reading((BERG, BERG.text, 0.9), (HOLT, HOLT.text.split(". ")[1], 0.5))
    hits = [e.hit for e in read.evidence]
    assert spoken_by("Mira Holt", hits, documents) == [hits[1]]
    assert spoken_by("Lund", hits, documents) == []


def test_an_author_says_what_nobody_else_does() -> None:
    own, other = (
        span_in(OWN, "I think that rats broke it."),
        span_in(OWN, "Mira Holt says it was frost."),
    )
    assert said_by(OWN, own, "Ann Lee") and not said_by(OWN, other, "Ann Lee")
    assert said_by(OWN, other, "mira holt")
    assert not said_by(OWN, own, "")


@pytest.mark.parametrize("sign", "'’‘ʼ")
@pytest.mark.parametrize("typed", ["O'Dwyer", "O’Dwyer", "Nan O'Dwyer", "Ms O’Dwyer"])
def test_an_apostrophe_may_be_typed_in_any_way(sign: str, typed: str) -> None:
    own = document("own.txt", "I think that it is safe.", author=f"Nan O{sign}Dwyer")
    read, documents = reading((own, own.text, 0.9))
    assert spoken_by(typed, [e.hit for e in read.evidence], documents)


@pytest.mark.parametrize(("sign", "typed"), [("'", "o’dwyer"), ("’", "O'Dwyer")])
def test_a_speaker_with_an_apostrophe_is_found(sign: str, typed: str) -> None:
    made = document("lock.txt", f"Nan O{sign}Dwyer argues that the lock is safe.")
    read, documents = reading((made, made.text, 0.9))
    assert spoken_by(typed, [e.hit for e in read.evidence], documents)


def test_a_refusal_names_those_who_speak() -> None:
    read, documents = reading((BERG, BERG.text, 0.9), (HOLT, HOLT.text.split(". ")[1], 0.5))
    hits = [e.hit for e in read.evidence]
    assert nobody_said("Ida Krog", [], hits, documents) == (
        "Nothing found is said by Ida Krog. Those who speak in the nearest passages:"
        " Jonas Berg, Mira Holt."
    )
    assert nobody_said("Mira Holt", hits, hits, documents) == (
        "Nothing found that Mira Holt says answers this."
    )
    assert "no other speaker" in nobody_said("Ida Krog", [], [], documents)


def test_the_name_is_looked_for_beside_the_question() -> None:
    sought = looking_for(understand("What broke the dam?"), "Mira Holt")
    assert [e.text for e in sought.earlier] == ["Mira Holt"]
    assert sought.text == sought.full == "What broke the dam?"
