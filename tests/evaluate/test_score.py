"""What a question scores: which metrics, and which value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluate.questions import GoldEvidence
from tests.evaluate.samples import given, outcome, place, question, refused

EVIDENCE = (GoldEvidence("a.txt", "Rome fell"), GoldEvidence("b.txt", "Rome was sacked"))


def test_a_short_answer() -> None:
    asked = question(answerable=True, answers=("Rome", "the city of Rome"))
    scores = outcome(asked, given("It was Rome. [1]", short="city of Rome")).scores
    assert scores == {
        "em": 1,
        "f1": 1,
        "squad2_f1": 1,
        "answer_in_citation": 1,
        "answer_correct": 1,
    }


def test_without_a_short_answer_the_text_counts_without_its_markers() -> None:
    asked = question(answers=("Rome",))
    assert outcome(asked, given("Rome [1]")).scores["em"] == 1
    statements = [{"text": "Rome [7]", "citations": [1]}]
    assert outcome(asked, given("-", statements=statements)).scores["f1"] == pytest.approx(2 / 3)


def test_an_answer_beside_a_quote_that_lacks_it_is_right_but_not_in_a_citation() -> None:
    asked = question(answers=("Rome",))
    scores = outcome(asked, given("It was Rome. [1]", quotes=["It was the city."])).scores
    assert (scores["answer_correct"], scores["answer_in_citation"]) == (1, 0)
    scores = outcome(asked, given("It was the city. [1]", quotes=["It was Rome."])).scores
    assert (scores["answer_correct"], scores["answer_in_citation"]) == (1, 1)


def test_abstaining_from_what_has_an_answer_scores_zero_but_no_precision() -> None:
    asked = question(
        answerable=True,
        answers=("Rome",),
        references=("Rome fell.",),
        relevant=("x",),
        evidence=EVIDENCE,
        evidence_sentences=(("Rome fell.",),),
    )
    scores = outcome(asked, refused(), ranked=("x",)).scores
    assert scores["hit@1"] == 1
    zero = {m for m, v in scores.items() if v == 0}
    assert zero == {
        "em", "f1", "squad2_f1", "answer_in_citation", "answer_correct", "rouge_l", "evidence_f1",
        "citation_recall", "evidence_recall", "evidence_found@10",
    }  # fmt: skip


def test_abstaining_is_right_where_there_is_no_answer() -> None:
    asked = question(answerable=False, answers=())
    assert outcome(asked, refused(), also=["answers"]).scores == {
        "squad2_f1": 1,
        "answer_correct": 1,
    }
    assert set(outcome(asked, given(), also=["answers"]).scores.values()) == {0}


def test_a_suite_without_gold_answers_has_no_answer_metrics() -> None:
    asked = question(answerable=False, relevant=("x",))
    assert outcome(asked, refused(), also=["relevant", "references"]).scores == {}


def test_a_suite_of_nothing_but_unanswerable_questions_is_scored() -> None:
    asked = question(answerable=False, relevant=("x",))
    assert outcome(asked, refused()).scores == {"squad2_f1": 1, "answer_correct": 1}
    assert outcome(asked, given()).scores == {"squad2_f1": 0, "answer_correct": 0}


def test_a_failure_is_never_right() -> None:
    nothing = question(answerable=False)
    failed = outcome(nothing, None, error="the model broke", also=["answers"])
    assert failed.scores == {"squad2_f1": 0, "answer_correct": 0}
    something = question(answers=("Rome",), relevant=("x",), references=("Rome",))
    scores = outcome(something, None, error="the model broke").scores
    assert set(scores.values()) == {0}
    assert {"em", "hit@1", "rouge_l", "citation_recall"} <= set(scores)
    assert "citation_precision" not in scores


def test_the_passage_of_an_unanswerable_question_is_not_sought() -> None:
    asked = question(answerable=False, answers=(), relevant=("x",))
    scores = outcome(asked, given(), ranked=("x",), cited_ids=("x",), also=["answers"]).scores
    assert set(scores) == {"squad2_f1", "answer_correct"}


def test_cited_passages() -> None:
    asked = question(relevant=("x", "y", "z"))
    scores = outcome(asked, given(), cited_ids=("x", "w")).scores
    assert scores["citation_precision"] == 1 / 2
    assert scores["citation_recall"] == pytest.approx(1 / 3)


def test_an_answer_that_cites_nothing_has_no_precision_to_speak_of() -> None:
    asked = question(relevant=("x",), evidence=EVIDENCE)
    scores = outcome(asked, given(quotes=[])).scores
    assert scores["citation_precision"] == scores["evidence_precision"] == 0


def test_gold_evidence() -> None:
    asked = question(evidence=EVIDENCE)
    cited = (place("In 476 Rome fell."), place("In 476 Rome fell."), place("Rain fell."))
    scores = outcome(asked, given(), cited=cited).scores
    assert scores["evidence_recall"] == 1 / 2  # of two places, one is cited
    assert scores["evidence_precision"] == pytest.approx(2 / 3)  # of three citations


def test_gold_evidence_among_the_passages() -> None:
    asked = question(answerable=True, evidence=EVIDENCE)
    passage = {"source": "b.txt", "text": "Rome was sacked.", "page": None, "start": 0, "end": 16}
    other = {**passage, "text": "Nothing of it."}
    assert outcome(asked, given(), passages=(passage,)).scores["evidence_found@10"] == 1 / 2
    late = outcome(asked, given(), passages=(*[other] * 10, passage))
    assert late.scores["evidence_found@10"] == 0
    only_retrieved = outcome(asked, None, passages=(passage,), asked=False)
    assert only_retrieved.scores == {"evidence_found@10": 1 / 2}


def test_long_answers_take_the_best_reference() -> None:
    asked = question(
        references=("[ 1 Rome fell ] to the Goths", "Rome fell"),
        evidence_sentences=(("Nobody came to help.",), ("Rome fell in 410.",), ()),
    )
    scores = outcome(asked, given("Rome fell. [1]", quotes=["Rome fell in 410."])).scores
    assert scores == {"rouge_l": 1, "evidence_f1": 1}


def test_a_question_without_gold_scores_nothing() -> None:
    assert outcome(question(), given()).scores == {}
    assert outcome(question(answerable=True), refused()).scores == {}


@pytest.mark.parametrize("blank", [("",), (".", "…"), ("The",)])
def test_a_group_of_no_words_is_no_gold(blank) -> None:
    assert outcome(question(evidence_sentences=(blank,)), refused()).scores == {}
    both = question(evidence_sentences=(blank, ("The mill burned down.",)))
    assert outcome(both, refused()).scores == {"evidence_f1": 0}


def test_a_copy_in_the_gold_file_is_the_evidence() -> None:
    asked = question(evidence=(GoldEvidence("wire.txt", "Rome fell", 4, 900),))
    copied = replace(place("In 476 Rome fell.", "a.txt"), also_in=("x/wire.txt",))
    assert outcome(asked, given(), cited=(copied,)).scores["evidence_precision"] == 1
    passage = {"source": "a.txt", "text": copied.text, "page": None, "start": 0, "end": 17}
    found = outcome(asked, None, asked=False, passages=({**passage, "also_in": ["x/wire.txt"]},))
    assert found.scores["evidence_found@10"] == 1
    other = replace(copied, text="Carthage fell before it.")
    assert outcome(asked, given(), cited=(other,)).scores["evidence_precision"] == 0
