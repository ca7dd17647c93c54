"""The lexical leg."""

from __future__ import annotations

import numpy as np
import pytest

from rag.store.lexical import K1, B, analyse, lexical_index, query_terms
from tests.store.fakes import Store


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("The ceasefires of 2020", "en", ["ceasefir", "2020"]),
        ("Turkey’s 1,960 drones", "en", ["turkey", "1960", "drone"]),
        ("Äpfel und Birnen", "de", ["apfel", "birn"]),
        ("ÉTÉ été", "xx", ["ete", "ete"]),
        ("1,450,000.5 of 2,19 in 2020,450", "en", ["1450000.5", "2,19", "2020,450"]),
        ("12\u00a0500 et 3\u202f000", "fr", ["12500", "3000"]),
        ("The WHO’s IT, who knows it", "en", ["WHO", "IT", "know"]),
        ("WHO", "en", ["WHO"]),
        ("SEARCH AT THE QUAY The IT ship", "en", ["search", "quay", "IT", "ship"]),
        ("WHO IS IT", "en", []),
        ("the U.S. and the U.N.", "en", ["us", "un"]),
        ("Who won at Rostov-on-Don? They won’t.", "en", ["won", "rostov", "don"]),
        ("मेरी हिन्दी", "hi", ["मेरी", "हिन्दी"]),
        ("كَتَبَ كتب", "xx", ["كتب", "كتب"]),
        ("", "en", []),
    ],
)
def test_analyse(text: str, language: str, terms: list[str]) -> None:
    assert analyse(text, language) == terms


def test_a_rare_word_is_found_and_allowed_rows_are_respected(store: Store) -> None:
    for number in range(40):
        store.write(f"docs/{number:02d}.txt", f"A common sentence of file {number}.\n")
    store.write("docs/17.txt", "Nothing in common with a zeppelin, in one long line.\n")
    store.update("docs")
    with store.open() as index:
        [(row, score)] = index.lexical("zeppelins", 5)
        assert index.passages([row])[0].source == "docs/17.txt"
        assert score > 0
        assert index.lexical("zeppelins", 5, np.array([1, 2], dtype=np.int64)) == []
        assert index.lexical("zeppelins", 0) == []
        assert index.lexical("unheardof", 5) == index.lexical("", 5) == []
        found = index.lexical("sentence", 7)
        assert [r for r, _ in found] == sorted(r for r, _ in found)
        assert len(found) == 7
        allowed = np.array([30, 20, row], dtype=np.int64)
        assert {r for r, _ in index.lexical("common", 7, allowed)} == {20, 30, row}


def test_scores_are_those_of_bm25(store: Store) -> None:
    texts = ["raven raven crow", "raven owl", "owl owl owl crow", "heron"]
    for number, text in enumerate(texts):
        store.write(f"docs/{number}.txt", text)
    store.update("docs")
    length = np.array([len(t.split()) for t in texts])
    count = np.array([t.split().count("raven") for t in texts])
    idf = np.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    wanted = idf * count / (count + K1 * (1 - B + B * length / length.mean()))
    with store.open() as index:
        found = dict(index.lexical("raven", 9))
    assert found == pytest.approx({1: wanted[0], 2: wanted[1]}, rel=1e-5)


def test_documents_of_several_languages_are_asked_in_each(store: Store) -> None:
    store.write("docs/a.txt", "The ships are in the harbour and they are waiting for the storm.\n")
    store.write(
        "docs/b.txt", "Die Häuser stehen in der Stadt und die Kinder spielen mit dem Hund.\n"
    )
    store.update("docs")
    with store.open() as index:
        assert [index.passages([r])[0].source for r, _ in index.lexical("Haus Häusern", 3)] == [
            "docs/b.txt"
        ]


def test_a_language_of_one_document_is_asked_in_too(store: Store) -> None:
    for number in range(24):
        store.write(f"docs/{number:02d}.txt", f"The boats of pier {number} were at the quay.\n")
    store.write(
        "docs/x.txt", "Die Brücken sind alt und die Türme der Stadt sind es auch, the end.\n"
    )
    store.update("docs")
    with store.open() as index:
        assert index.languages == ("en", "de")
        found = index.lexical("What of the Brücken?", 3)
        assert [index.passages([row])[0].source for row, _ in found] == ["docs/x.txt"]
        assert index.lexical("What of the end of the it?", 3) == index.lexical("end", 3)


def test_a_stop_word_of_the_commonest_language_is_one_in_the_others() -> None:
    assert query_terms("the WHO Brücken", ["en", "de"]) == ("WHO", "brucken", "who", "bruck")
    assert query_terms("the WHO Brücken", ["de", "en"]) == ("the", "who", "bruck", "WHO", "brucken")
    assert query_terms("the Brücken", []) == ()


def test_texts_without_a_word_make_an_empty_leg(store: Store) -> None:
    store.write("docs/a.txt", "the of and\n")
    store.update("docs")
    assert store.found("the raven")[1] == ("lexical", [])
    assert lexical_index([]).search(["raven"], 3) == []
    assert lexical_index([(1, [])]).search(["raven"], 3) == []


def test_scores_of_other_parameters_are_computed_anew(store: Store, monkeypatch) -> None:
    store.write("docs/a.txt", "raven raven crow")
    store.write("docs/b.txt", "owl")
    store.update("docs")
    with store.open() as index:
        before = index.lexical("raven", 1)
    monkeypatch.setattr("rag.store.lexical.K1", 2 * K1)
    with store.open() as index:
        after = index.lexical("raven", 1)
    assert [row for row, _ in after] == [row for row, _ in before]
    assert after[0][1] < before[0][1]
