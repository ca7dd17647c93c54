"""Answer metrics against numbers worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.answers import (
    exact_match,
    holds_answer,
    normalise_answer,
    rouge_l,
    sentence_f1,
    token_f1,
    unbracketed,
    unmarked,
)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("An apple, a day", "apple day"),
        ("$4,756", "4756"),
        ("1914–1918", "1914–1918"),  # only ASCII punctuation goes, as in the published script
        ("theatre", "theatre"),
        ("", ""),
    ],
)
def test_normalisation_is_squads(text, normalised) -> None:
    assert normalise_answer(text) == normalised


def test_exact_match_takes_any_gold() -> None:
    assert exact_match("the Normans.", ["Vikings", "Normans"]) == 1
    assert exact_match("Norman", ["Vikings", "Normans"]) == 0
    assert exact_match("Normans", []) == 0


def test_token_f1_by_hand() -> None:
    # Given {10th, and, 11th, centuries}, gold {10th, century}: one common, P 1/4, R 1/2.
    assert token_f1("in 10th and 11th", ["10th century"]) == pytest.approx(2 / 4 * 1 / 2 / (3 / 4))
    # A word twice in the answer and once in gold counts once: P 1/2, R 1.
    assert token_f1("Rome Rome", ["Rome"]) == pytest.approx(2 / 3)
    assert token_f1("Paris", ["Rome"]) == 0
    assert token_f1("Paris", ["Rome", "city of Paris"]) == pytest.approx(2 * 1 * (1 / 3) / (4 / 3))
    assert token_f1("the", ["a"]) == 1  # nothing is left on either side
    assert token_f1("the", ["Rome"]) == 0
    assert token_f1("Rome", []) == 0


def test_an_answer_is_held_as_whole_words() -> None:
    assert holds_answer("The toll was 32, they said.", ["32"])
    assert not holds_answer("It ended in 1932.", ["32"])
    assert holds_answer("It was the 10-th corps", ["10th Corps"])
    assert not holds_answer("anything", ["the", ""])


def test_rouge_l_by_hand() -> None:
    # Longest common subsequence "police kill gunman" of 4 and 4 words would need both; here
    # "police the gunman" (3 of 4 and 3 of 4) after Lin (2004).
    assert rouge_l("police kill the gunman", ["police killed the gunman"]) == 1  # stems agree
    assert rouge_l("police ended the gunman", ["police kill the gunman"]) == pytest.approx(3 / 4)
    assert rouge_l("the gunman kill police", ["police kill the gunman"]) == pytest.approx(2 / 4)
    assert rouge_l("gunman", ["police kill the gunman"]) == pytest.approx(2 * 1 * 0.25 / 1.25)
    assert rouge_l("nothing alike", ["police kill the gunman", "nothing"]) == pytest.approx(2 / 3)
    assert rouge_l("x", []) == 0


def test_sentence_f1_by_hand() -> None:
    gold = ["The war ended in vain.", "It began in June.", "Nobody won it."]
    # One of two cited is gold, one of three gold is cited: P 1/2, R 1/3.
    cited = ["The war ended in vain.", "Rain fell on the city."]
    assert sentence_f1(cited, gold) == pytest.approx(2 / 2 * 1 / 3 / (5 / 6))
    # A quote of two sentences counts as two: no gain from citing more than is gold.
    both = ["The war ended in vain. Rain fell on the city."]
    assert sentence_f1(both, gold) == sentence_f1(cited, gold)
    # Part of a sentence is that sentence; two words are not.
    assert sentence_f1(["war ended in vain"], gold[:1]) == 1
    assert sentence_f1(["in vain"], gold[:1]) == 0
    assert sentence_f1([], gold) == 0


def test_markers_go_and_other_brackets_stay() -> None:
    assert unmarked("He won [1]. She lost [2, 3] too [4][5].") == "He won. She lost too."
    assert unmarked("He [sic] won") == "He [sic] won"


def test_quoted_references_become_plain_words() -> None:
    marked = 'Some say [ 1 at least one year ] , others [ 12 "Ango" is [sic] 90 days. ]'
    assert unbracketed(marked) == 'Some say at least one year , others "Ango" is [sic] 90 days.'
    assert unbracketed("On [1 January] it was [sic]") == "On [1 January] it was [sic]"
    assert unbracketed("plain  words ") == "plain  words "


texts = st.text(alphabet=st.sampled_from("abc the .,[]1 –é\n"), max_size=40)


@settings(deadline=None, max_examples=60)
@given(texts, st.lists(texts, max_size=3))
def test_values_stay_in_range(answer, golds) -> None:
    for metric in (exact_match, token_f1, rouge_l):
        assert 0 <= metric(answer, golds) <= 1
    assert 0 <= sentence_f1([answer], golds) <= 1
    assert exact_match(answer, golds) <= token_f1(answer, golds)


@settings(deadline=None)
@given(texts)
def test_an_answer_equals_itself(answer) -> None:
    assert exact_match(answer, [answer]) == token_f1(answer, [answer]) == 1


def test_a_gold_answer_in_plain_marks_is_found_in_typographic_ones() -> None:
    assert holds_answer("Turkey’s entry – “a shock” – changed that.", ["Turkey's entry"])
    assert holds_answer("from 1988–94 on", ["1988-94"])
    assert not holds_answer("Turkeys entry", ["Turkey entry"])


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("The strike—called by Verdan—ended on Monday.", "Verdan"),
        ("The strike -- called by Verdan--ended on Monday.", "Verdan"),
        ("The toll rose to 41…then nobody counted.", "41"),
        ("Sie trafen sich im Hotel „Adler“ am See.", "Adler"),
        ("Ils l’ont nommé «Aurore».", "Aurore"),
        ("Договор подписал «Север».", "Север"),
        ("¿Valencia? Nadie lo dijo.", "Valencia"),
        ("the Cafe\u0301 Bleu", "Café Bleu"),
        ("die Grund\u00adsteuer", "Grundsteuer"),
    ],
)
def test_typography_hides_no_answer(text, gold) -> None:
    assert holds_answer(text, [gold])
    assert sentence_f1([f"{text} It was so."], [f"so {gold}", "It was so."]) > 0
    assert not holds_answer(text, [gold + "er"])
    assert not holds_answer("It ended in 1941, or 241.", ["41"])
