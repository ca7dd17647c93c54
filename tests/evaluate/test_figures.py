"""From rows to figures: which ones, their values, their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.row import Row, columns, rows_from
from rag.evaluate.summary import summarise
from tests.evaluate.samples import row

#: Two right abstentions of three, one unanswerable question answered, one failure.
ABSTENTIONS = [
    row("a", answerable=False, abstained=True, confidence=0.1),
    row("b", answerable=False, abstained=True, confidence=0.3),
    row("c", answerable=True, abstained=True, confidence=0.3),
    row("d", answerable=False, confidence=0.6, right=False),
    row("e", answerable=True, confidence=0.9, right=True),
    row("f", answerable=True, failed=True),
]


def test_a_mean_is_over_the_questions_that_have_the_metric() -> None:
    rows = [row("a", scores={"f1": 1.0}), row("b", scores={"f1": 0.5}), row("c")]
    result = summarise("s", rows)
    assert (result.n, result.metrics["f1"].n) == (3, 2)
    assert result.metrics["f1"].value == 0.75
    assert "em" not in result.metrics


def test_abstention_by_hand() -> None:
    metrics = summarise("s", ABSTENTIONS).metrics
    precision, recall = metrics["abstain_precision"], metrics["abstain_recall"]
    assert (precision.value, precision.n) == (pytest.approx(2 / 3), 3)
    assert (recall.value, recall.n) == (pytest.approx(2 / 3), 3)
    # Answerable 0.3, 0.9 and 0 (failed: the worst) against 0.1, 0.3 and 0.6:
    # 0.3 wins one and ties one, 0.9 wins three, 0 none.
    area = metrics["answerability_auroc"]
    assert (area.value, area.n) == (pytest.approx(4.5 / 9), 6)


def test_a_failure_is_no_right_abstention() -> None:
    rows = [row("a", answerable=False, failed=True), row("b", answerable=True, confidence=0.2)]
    metrics = summarise("s", rows).metrics
    assert metrics["abstain_recall"].value == 0
    assert metrics["answerability_auroc"].value == 0
    assert "abstain_precision" not in metrics
    assert summarise("s", rows).failed == 1


def test_without_unanswerable_questions_abstention_is_absent() -> None:
    rows = [row("a", answerable=True, abstained=True), row("b", answerable=True)]
    assert not {m for m in summarise("s", rows).metrics if m.startswith(("abstain", "answerab"))}
    untold = [row("a", abstained=True), row("b")]
    assert set(summarise("s", untold).metrics) == {"p50_ms", "p95_ms"}


def test_retrieval_alone_abstains_from_nothing() -> None:
    rows = [row("a", answerable=False, asked=False), row("b", answerable=True, asked=False)]
    assert set(summarise("s", rows).metrics) == {"p50_ms", "p95_ms"}


def test_verbatim_is_the_share_of_quotes_not_of_questions() -> None:
    rows = [row("a", quotes=1, exact_quotes=0), row("b", quotes=4, exact_quotes=4), row("c")]
    figure = summarise("s", rows).metrics["verbatim"]
    assert (figure.value, figure.n) == (4 / 5, 2)


def test_calibration_is_over_answers_known_to_be_right_or_wrong() -> None:
    figure = summarise("s", ABSTENTIONS).metrics["ece"]
    assert (figure.value, figure.n) == (pytest.approx((0.6 + 0.1) / 2), 2)


def test_latency_leaves_failures_out() -> None:
    rows = [row(str(i), milliseconds=float(i)) for i in range(1, 102)]
    metrics = summarise("s", [*rows, row("x", failed=True, milliseconds=9e9)]).metrics
    assert (metrics["p50_ms"].value, metrics["p95_ms"].value) == (51, 96)
    assert metrics["p50_ms"].n == 101


def test_a_question_counts_under_each_of_its_types() -> None:
    rows = [
        row("a", scores={"f1": 1.0}, types=("fact", "keyword")),
        row("b", scores={"f1": 0.0}, types=("fact",)),
        row("c", types=("odd",)),
        row("d"),
    ]
    result = summarise("s", rows)
    assert result.type_sizes == {"fact": 2, "keyword": 1, "odd": 1}
    assert result.by_type["fact"]["f1"].value == 0.5
    assert result.by_type["keyword"]["f1"].value == 1
    assert "f1" not in result.by_type["odd"]


def test_an_interval_holds_its_value_and_narrows_with_n() -> None:
    def width(n: int) -> float:
        rows = [row(str(i), scores={"em": float(i % 2)}) for i in range(n)]
        figure = summarise("s", rows).metrics["em"]
        assert figure.low <= figure.value == 0.5 <= figure.high
        return figure.high - figure.low

    # 1.96 * 2 * sqrt(0.25 / n), give or take the resampling.
    assert width(100) == pytest.approx(0.196, abs=0.03)
    assert width(400) == pytest.approx(0.098, abs=0.02)


def test_figures_are_the_same_every_time() -> None:
    assert summarise("s", ABSTENTIONS).to_dict() == summarise("s", ABSTENTIONS).to_dict()


def test_the_json_object_has_the_promised_form() -> None:
    rows = [row("a", scores={"f1": 1 / 3}, types=("fact",))]
    found = summarise("s", rows).to_dict()
    figure = {"value": 0.3333, "low": 0.3333, "high": 0.3333, "n": 1}
    assert found["metrics"]["f1"] == found["by_type"]["fact"]["f1"] == figure
    assert (found["name"], found["n"], found["failed"]) == ("s", 1, 0)


made_rows = st.lists(
    st.builds(
        Row,
        id=st.uuids().map(str),
        scores=st.dictionaries(st.sampled_from(["em", "f1", "hit@1"]), st.floats(0, 1)),
        types=st.lists(st.sampled_from(["fact", "why"]), unique=True).map(tuple),
        answerable=st.sampled_from([True, False, None]),
        asked=st.booleans(),
        failed=st.booleans(),
        abstained=st.booleans(),
        confidence=st.floats(0, 1),
        right=st.sampled_from([True, False, None]),
        quotes=st.just(3),
        exact_quotes=st.integers(0, 3),
        milliseconds=st.floats(0, 1e4),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=6)
@given(made_rows)
def test_figures_stay_in_range(rows) -> None:
    for name, figure in summarise("s", rows).metrics.items():
        top = 1e4 if name.endswith("_ms") else 1 + 1e-9
        assert 0 <= figure.low <= figure.high <= top
        assert 0 <= figure.value <= top
        assert 1 <= figure.n <= len(rows)


@settings(deadline=None, max_examples=40)
@given(made_rows)
def test_rows_survive_json_but_for_rounding(rows) -> None:
    back = rows_from(columns(rows))
    assert [r.id for r in back] == [r.id for r in rows]
    for old, new in zip(rows, back, strict=True):
        assert new.scores == pytest.approx(old.scores, abs=1e-6)
        assert (new.types, new.right, new.abstained) == (old.types, old.right, old.abstained)
        assert new.confidence == old.confidence
