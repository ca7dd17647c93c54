"""Ranking metrics of the library against numbers worked by hand."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.ranking import ranking_scores


def test_one_relevant_passage_at_rank_three() -> None:
    assert ranking_scores(["a", "b", "c", "d"], ["c"]) == {
        "hit@1": 0,
        "hit@5": 1,
        "hit@10": 1,
        "mrr@10": pytest.approx(1 / 3),
        "ndcg@10": pytest.approx(1 / log2(4)),
        "recall@5": 1,
        "recall@10": 1,
    }


def test_several_relevant_passages() -> None:
    # Relevant at ranks 1 and 6, a third not retrieved.
    ranked = ["x", "a", "b", "c", "d", "y", "e"]
    scores = ranking_scores(ranked, ["x", "y", "z"])
    assert scores["hit@1"] == 1
    assert scores["mrr@10"] == 1
    assert scores["recall@5"] == pytest.approx(1 / 3)
    assert scores["recall@10"] == pytest.approx(2 / 3)
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert scores["ndcg@10"] == pytest.approx((1 + 1 / log2(7)) / ideal)


def test_rank_eleven_is_too_late() -> None:
    scores = ranking_scores([*"abcdefghij", "x"], ["x"])
    assert set(scores.values()) == {0.0}


def test_ids_count_once_and_nothing_retrieved_scores_zero() -> None:
    assert ranking_scores(["a", "a", "x"], ["x", "x"])["mrr@10"] == pytest.approx(1 / 2)
    assert set(ranking_scores([], ["x"]).values()) == {0.0}


def test_any_text_is_an_id() -> None:
    # A lone surrogate once ended the whole process, by a segmentation fault.
    for odd in ("\ud800", "a b\t\n", "", "\x00"):
        assert ranking_scores(["a", odd], [odd])["mrr@10"] == 1 / 2


ids = st.lists(st.sampled_from("abcdefghijklmn"), max_size=14)


@settings(deadline=None, max_examples=50)
@given(ids, ids.filter(bool))
def test_values_stay_in_range_and_grow_with_depth(ranked, relevant) -> None:
    scores = ranking_scores(ranked, relevant)
    assert all(0 <= v <= 1 + 1e-9 for v in scores.values())
    assert scores["hit@1"] <= scores["mrr@10"] <= scores["hit@10"]
    assert scores["hit@1"] <= scores["hit@5"] <= scores["hit@10"]
    assert scores["recall@5"] <= scores["recall@10"]
