"""The paired comparison with an earlier run."""

from __future__ import annotations

import pytest

from rag.evaluate.compare import Difference, compare
from rag.evaluate.row import Row
from tests.evaluate.samples import row


def earlier(rows: list[Row], suite: str = "s") -> dict[tuple[str, str], Row]:
    return {(suite, r.id): r for r in rows}


def scored(values: list[float], metric: str = "f1") -> list[Row]:
    return [row(str(n), scores={metric: v}) for n, v in enumerate(values)]


def by_metric(before: list[Row], after: list[Row]) -> dict[str, Difference]:
    return {d.metric: d for d in compare(earlier(before), "s", after)}


def test_a_planted_loss_is_found_and_a_gain_is_none() -> None:
    hard_and_easy = [0.0, 1.0] * 20
    worse = [*([0.0] * 20), *hard_and_easy[20:]]
    lost = by_metric(scored(hard_and_easy), scored(worse))["f1"]
    assert (lost.before, lost.after, lost.change) == (0.5, 0.25, -0.25)
    assert (lost.n, lost.moved) == (40, 10)
    assert lost.is_loss
    assert lost.verdict == "loss"
    won = by_metric(scored(worse), scored(hard_and_easy))["f1"]
    assert (won.verdict, won.is_loss) == ("gain", False)
    assert (won.low, won.high) == (-lost.high, -lost.low)


def test_pairing_sees_a_small_loss_that_unpaired_intervals_hide() -> None:
    before = [n / 99 for n in range(100)]
    after = [max(0.0, v - 0.02) for v in before]
    found = by_metric(scored(before), scored(after))["f1"]
    assert found.is_loss
    assert found.high - found.low < 0.005


def test_the_same_run_shows_no_difference() -> None:
    rows = scored([0.0, 0.3, 1.0] * 5)
    found = by_metric(rows, rows)["f1"]
    assert (found.low, found.high, found.moved, found.significant) == (0, 0, 0, False)
    assert found.verdict == "no difference shown"


def test_three_questions_prove_nothing() -> None:
    assert not by_metric(scored([1.0] * 3), scored([0.0] * 3))["f1"].significant
    assert by_metric(scored([1.0] * 4), scored([0.0] * 4))["f1"].is_loss


def test_ups_and_downs_that_cancel_out_are_no_difference() -> None:
    assert not by_metric(scored([0.0, 1.0] * 10), scored([1.0, 0.0] * 10))["f1"].significant


def test_only_common_questions_count() -> None:
    found = by_metric(scored([1.0] * 10), scored([1.0] * 20))["f1"]
    assert (found.n, found.before, found.after) == (10, 1, 1)
    assert compare(earlier(scored([1.0])), "other", scored([1.0])) == []


def test_abstaining_less_often_where_there_is_no_answer_is_a_loss() -> None:
    before = [row(str(n), answerable=n % 2 == 0, abstained=n % 2 == 1) for n in range(20)]
    after = [row(str(n), answerable=n % 2 == 0, abstained=n in {1, 3}) for n in range(20)]
    found = by_metric(before, after)
    recall = found["abstain_recall"]
    assert (recall.before, recall.after, recall.n, recall.is_loss) == (1, 0.2, 10, True)
    precision = found["abstain_precision"]
    assert (precision.before, precision.after, precision.significant) == (1, 1, False)


def test_confidence_that_tells_less_is_a_loss() -> None:
    def run(high: float, low: float) -> list[Row]:
        return [
            row(str(n), answerable=n % 2 == 0, confidence=high if n % 2 == 0 else low)
            for n in range(40)
        ]

    assert by_metric(run(0.9, 0.1), run(0.1, 0.9))["answerability_auroc"].is_loss


def test_a_larger_calibration_error_is_the_loss() -> None:
    def run(confidence: float) -> list[Row]:
        return [row(str(n), confidence=confidence, right=n % 2 == 0) for n in range(40)]

    worse = by_metric(run(0.5), run(0.95))["ece"]
    assert worse.change == pytest.approx(0.45)
    assert worse.verdict == "loss"
    assert by_metric(run(0.95), run(0.5))["ece"].verdict == "gain"


def test_precision_is_compared_where_either_run_answered() -> None:
    # The figures compared are the figures reported: the new run answers, and cites wrongly, what
    # the old one left alone.
    before = [row(str(n), scores={"citation_precision": 1.0} if n < 10 else {}) for n in range(20)]
    after = [row(str(n), scores={"citation_precision": float(n < 10)}) for n in range(20)]
    found = by_metric(before, after)["citation_precision"]
    assert (found.before, found.after, found.n, found.is_loss) == (1, 0.5, 20, True)


def test_time_is_not_compared_and_a_metric_of_one_run_neither() -> None:
    before = [row(str(n), scores={"em": 1.0}, milliseconds=1.0) for n in range(9)]
    after = [row(str(n), scores={"f1": 1.0}, milliseconds=9.0) for n in range(9)]
    assert by_metric(before, after) == {}


def test_rounded_scores_have_not_moved() -> None:
    found = by_metric(scored([0.333333] * 9), scored([1 / 3] * 9))["f1"]
    assert (found.moved, found.significant) == (0, False)


def test_a_comparison_is_the_same_every_time() -> None:
    before, after = scored([0.1, 0.9] * 9), scored([0.2, 0.5] * 9)
    assert by_metric(before, after) == by_metric(before, after)
    told = by_metric(before, after)["f1"].to_dict()
    assert (told["before"], told["after"], told["change"], told["n"]) == (0.5, 0.35, -0.15, 18)


def test_another_question_of_the_same_id_is_no_pair() -> None:
    before = [row(str(n), scores={"f1": 1.0}, text_hash=f"h{n}") for n in range(8)]
    after = [row(str(n), scores={"f1": 0.0}, text_hash=f"h{n + n // 4}") for n in range(8)]
    assert by_metric(before, after)["f1"].n == 4
    unknown = [row(str(n), scores={"f1": 1.0}) for n in range(8)]
    assert by_metric(unknown, after)["f1"].n == 8
