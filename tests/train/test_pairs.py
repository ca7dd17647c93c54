"""What a reader is shown: an answer, and beside it something that only looks like one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.train import pairs
from rag.train.examples import Example
from rag.train.negatives import Changer, retrieved_negatives, without_answer
from rag.train.pairs import LONG_WINDOW, PairMaker

SENTENCES = (
    "The Harbour Board of Lindau opened the first lighthouse in 1853.",
    "It was painted red by Anna Weber before the storm of 1871.",
    "The keeper of the light earned 40 guilders and lived with two goats.",
    "Ships from Bregenz paid a toll to the mayor, Josef Gruber, until 1890.",
    "After the war the tower stood empty and was sold to a brewer.",
)


def example(question: str, answer: str, context: str | None = None) -> Example:
    context = " ".join(SENTENCES) if context is None else context
    start = context.index(answer)
    return Example(question, context, "Lindau", start, start + len(answer), (answer,))


EXAMPLES = [
    example("Who opened the first lighthouse in 1853?", "The Harbour Board of Lindau"),
    example("Who painted it red before the storm of 1871?", "Anna Weber"),
    example("How much did the keeper of the light earn?", "40 guilders"),
    example("Which mayor was paid a toll by ships from Bregenz?", "Josef Gruber"),
    example("Who bought the tower after the war?", "a brewer"),
    example("How many ravens live in the belfry?", "nine", "The belfry has nine ravens. " * 9),
]


def test_a_changed_question_differs_and_asks_something_else() -> None:
    changer = Changer(EXAMPLES)
    for seed in range(200):
        rng = random.Random(seed)
        chosen = rng.choice(EXAMPLES)
        changed = changer.change(chosen, rng)
        if changed is not None:
            assert changed != chosen.question
            assert not any(a.lower() in changed.lower() for a in chosen.answers)


def test_a_number_is_changed_into_one_that_the_context_does_not_put_there() -> None:
    changer = Changer(EXAMPLES)
    found = {changer._number(EXAMPLES[0], random.Random(seed)) for seed in range(50)} - {None}
    assert found
    assert all("1853" not in str(q) for q in found)


def test_a_yes_no_question_is_not_turned_into_its_opposite() -> None:
    chosen = Example("Is it the first?", "It is the first.", "d", 0, 5, ("It is",))
    assert Changer([chosen]).change(chosen, random.Random(0)) is None


def test_the_sentence_that_answers_is_taken_out() -> None:
    rest = without_answer(EXAMPLES[2])
    assert rest is not None
    assert "40 guilders" not in rest
    assert "Anna Weber" in rest
    assert without_answer(EXAMPLES[5]) is None, "the answer stands in every sentence"


def test_retrieved_negatives_hold_no_answer_and_are_not_the_context() -> None:
    found = retrieved_negatives(EXAMPLES)
    for chosen, contexts in zip(EXAMPLES, found, strict=True):
        for context in contexts:
            assert context != chosen.context
            assert not any(a.lower() in context.lower() for a in chosen.answers)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_the_answer_is_where_its_sample_says(seed: int) -> None:
    long = example("Who painted it red?", "Anna Weber", " ".join(SENTENCES * 1) + " Filler." * 200)
    early = example("What was sold?", "the tower", "x " * 700 + SENTENCES[4])
    unanswerable = Example("Who painted it blue?", EXAMPLES[0].context, "Lindau")
    maker = PairMaker([*EXAMPLES, long, early, unanswerable])
    answers = {a for e in (*EXAMPLES, long, early) for a in e.answers}
    for yes, no in maker.epoch(seed):
        assert no.start is None
        assert yes.start is not None
        assert yes.context[yes.start : yes.end] in answers
        assert len(yes.context.removeprefix("Lindau\n")) <= LONG_WINDOW[1]


def test_an_epoch_is_decided_by_its_seed_and_holds_what_people_wrote() -> None:
    unanswerable = Example("Who painted it blue?", EXAMPLES[0].context, "Lindau")
    maker = PairMaker([*EXAMPLES, unanswerable])
    assert maker.epoch(3) == maker.epoch(3)
    assert maker.epoch(3) != maker.epoch(4)
    refused = [no.question.lower() for _, no in maker.epoch(5)]
    assert sum("blu" in q or "bl" in q for q in refused) >= 2


@pytest.mark.model
def test_the_tokens_of_a_span_are_those_of_the_answer() -> None:
    from transformers import AutoTokenizer

    from rag.models.bundled import bundled_embedder_path
    from rag.train.batches import batches

    tokenizer = AutoTokenizer.from_pretrained(bundled_embedder_path(), local_files_only=True)
    pairs = PairMaker(EXAMPLES).epoch(0)
    [batch] = batches(pairs, tokenizer, 16, random.Random(0))
    half = len(pairs)
    assert batch.ids.shape == batch.mask.shape == batch.types.shape
    assert batch.starts[half:].tolist() == batch.ends[half:].tolist() == [0] * half
    answers = {a.lower() for e in EXAMPLES for a in e.answers}
    for row in range(half):
        span = batch.ids[row, batch.starts[row] : batch.ends[row] + 1]
        assert tokenizer.decode(span) in answers


def test_without_near_misses_any_other_context_stands_beside_the_answer() -> None:
    pairs = PairMaker(EXAMPLES, near_misses=False).epoch(1)
    assert pairs
    for yes, no in pairs:
        assert no.question.lower().rstrip("?")[:3] == yes.question.lower().rstrip("?")[:3]
        assert (no.start, no.end) == (None, None)
        assert yes.context != no.context


def test_where_all_that_answers_is_known_a_context_with_the_same_words_is_a_near_miss() -> None:
    right = "The mayor, Josef Gruber, opened the bridge in May."
    wrong = "The mayor, Josef Gruber, did not open the bridge in 1871."
    asked = Example("Who opened the bridge?", right, "d", 11, 23, ("Josef Gruber",))
    other = Example("Who opened the bridge in 1871?", wrong, "d", 11, 23, ("Josef Gruber",))
    assert retrieved_negatives([asked, other])[0] == []
    known = replace(asked, answering=frozenset({right}))
    assert retrieved_negatives([known, other])[0] == [wrong]


def test_some_questions_stand_behind_an_earlier_one_of_the_passage_that_misses(monkeypatch) -> None:
    monkeypatch.setattr(pairs, "FOLLOWING", 1.0)
    asked = {e.question.lower().rstrip("?") for e in EXAMPLES}
    for yes, no in PairMaker(EXAMPLES).epoch(3):
        assert any(yes.question.lower().startswith(q[:12]) for q in asked)
        assert len(no.question.split()) > 8


def test_the_sentences_of_a_window_say_which_of_them_answers() -> None:
    made = [replace(e, places=((e.start or 0, e.end or 0),)) for e in EXAMPLES]
    for yes, no in PairMaker(made).epoch(5):
        assert not any(gold for _, _, gold in no.sentences)
        assert any(gold for _, _, gold in yes.sentences)
        for start, end, gold in yes.sentences:
            assert 0 <= start < end <= len(yes.context)
            assert yes.start is not None and yes.end is not None
            assert gold == (start < yes.end and yes.start < end) or "ravens" in yes.context


@pytest.mark.model
def test_tokens_know_the_sentence_they_stand_in() -> None:
    from transformers import AutoTokenizer

    from rag.models.bundled import bundled_embedder_path
    from rag.train.batches import batches

    tokenizer = AutoTokenizer.from_pretrained(bundled_embedder_path())
    made = [replace(e, places=((e.start or 0, e.end or 0),)) for e in EXAMPLES]
    found = PairMaker(made).epoch(3)
    batch = next(iter(batches(found, tokenizer, len(found), random.Random(0))))
    assert batch.sentences.shape == batch.ids.shape
    for row in range(len(batch.gold)):
        there = set(batch.sentences[row].tolist()) - {0}
        assert there == set(range(1, 1 + int((batch.gold[row] >= 0).sum())))
    half = len(batch.gold) // 2
    assert (batch.gold[:half].max(1).values == 1).all()
    assert (batch.gold[half:] <= 0).all()
