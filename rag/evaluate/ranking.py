"""Ranking metrics of one question, computed by ir-measures."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

__all__ = ["RANKING_METRICS", "ranking_scores"]

#: Name in our reports, measure of ir-measures.
RANKING_METRICS = {
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "hit@10": "Success@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
    "recall@5": "R@5",
    "recall@10": "R@10",
}


def ranking_scores(ranked: Sequence[str], relevant: Sequence[str]) -> dict[str, float]:
    """Every ranking metric for ids ranked best first against the relevant ids (binary gains).

    A question for which nothing was retrieved scores 0 on each.
    """
    from ir_measures import Qrel, ScoredDoc

    measures = _measures()
    unique = list(dict.fromkeys(ranked))
    # Numbers stand in for ids: the library behind this one dies of an id that is not valid UTF-8.
    names = {doc: str(n) for n, doc in enumerate(dict.fromkeys([*unique, *relevant]))}
    qrels = [Qrel("q", names[doc], 1) for doc in dict.fromkeys(relevant)]
    run = [ScoredDoc("q", names[doc], float(len(unique) - i)) for i, doc in enumerate(unique)]
    evaluator = _provider().evaluator(list(measures.values()), qrels)
    values = {str(m.measure): float(m.value) for m in evaluator.iter_calc(run)} if run else {}
    return {name: values.get(str(measure), 0.0) for name, measure in measures.items()}


@functools.cache
def _measures() -> dict[str, Any]:
    import ir_measures

    return {name: ir_measures.parse_measure(m) for name, m in RANKING_METRICS.items()}


@functools.cache
def _provider() -> Any:
    import ir_measures

    return ir_measures.DefaultPipeline
