"""One self-contained HTML page of a run: tables, plots, and what went wrong.

Everything that comes from documents or questions is escaped: a page must not obey what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.errors import BadInput
from rag.evaluate.calibration import reliability, risk_and_coverage
from rag.evaluate.compare import Difference
from rag.evaluate.cover import covers, place_of
from rag.evaluate.failures import failures
from rag.evaluate.figures import TIMES
from rag.evaluate.outcome import Outcome
from rag.evaluate.page import document, safe, table
from rag.evaluate.plain import number, telling
from rag.evaluate.plots import Axis, Interval, histogram, intervals, line_plot, whisker
from rag.evaluate.summary import Figure, SuiteResult
from rag.evaluate.whole import written_whole
from rag.render.lines import counted

__all__ = ["write_report"]

#: Fewer judged answers than this make no curve.
FEWEST_JUDGED = 10

_GROUPS = {
    "Answers": ("answer_correct", "em", "f1", "squad2_f1", "answer_in_citation", "rouge_l"),
    "Citations": ("evidence_recall", "evidence_precision", "evidence_f1", "citation_precision",
                  "citation_recall", "verbatim"),
    "Retrieval": ("evidence_found@10", "hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@5",
                  "recall@10"),
    "Abstention and confidence": ("abstain_precision", "abstain_recall", "answerability_auroc",
                                  "ece"),
    "Time": ("p50_ms", "p95_ms"),
}  # fmt: skip

_TILES = ("answer_correct", "hit@1", "hit@10", "evidence_recall", "rouge_l", "citation_precision",
          "abstain_recall", "verbatim", "p50_ms")  # fmt: skip


def write_report(
    path: Path,
    results: Sequence[SuiteResult],
    outcomes: Mapping[str, Sequence[Outcome]],
    differences: Sequence[Difference],
) -> None:
    """Writes the page; raises `BadInput` where it cannot be written."""
    answers = [o.answer for asked in outcomes.values() for o in asked if o.answer]
    models = answers[0]["models"] if answers else {}
    named = " · ".join(f"{safe(k)} {safe(v)}" for k, v in models.items() if v)
    links = "".join(f"<a href='#suite-{n}'>{safe(r.name)}</a>" for n, r in enumerate(results))
    body = f"<h1>Evaluation</h1><p class=note>{named}</p>"
    body += f"<nav>{links}</nav>" if len(results) > 1 else ""
    for n, result in enumerate(results):
        compared = [d for d in differences if d.suite == result.name]
        body += f"<section id=suite-{n}>{_suite(result, outcomes[result.name], compared)}</section>"
    try:
        with written_whole(path) as file:
            file.write(document(body))
    except OSError as error:
        raise BadInput(f"The report cannot be written to {path} ({error.strerror}).") from error


def _suite(
    result: SuiteResult, outcomes: Sequence[Outcome], differences: Sequence[Difference]
) -> str:
    failed = f" {result.failed} could not be asked and count as wrong." if result.failed else ""
    asked = f"{counted(result.n, 'question')}, every one counted."
    note = f"{asked}{failed} Bars are 95 % bootstrap intervals."
    tiles = [_tile(m, result.metrics[m]) for m in _TILES if m in result.metrics][:6]
    return (
        f"<h2>{safe(result.name)}</h2><p class=note>{note}</p>"
        f"<div class=tiles>{''.join(tiles)}</div>{_compared(differences)}"
        f"<h3>Plots</h3><div class=plots>{''.join(_plots(result, outcomes))}</div>"
        f"<h3>All figures</h3>{_figures(result)}{_by_type(result)}{failures(outcomes)}"
    )


def _tile(metric: str, f: Figure) -> str:
    low, high = (_digits(metric, v).removesuffix(" ms") for v in (f.low, f.high))
    return (
        f"<div class=tile><span>{safe(metric)}</span><b>{_digits(metric, f.value)}</b>"
        f"<span>{low} to {high}, n {f.n}</span></div>"
    )


def _digits(metric: str, value: float) -> str:
    return f"{value:.0f} ms" if metric in TIMES else f"{value:.2f}"


def _figures(result: SuiteResult) -> str:
    """Every figure, by what it speaks of."""
    grouped = {m for names in _GROUPS.values() for m in names}
    groups = {**_GROUPS, "Other": tuple(m for m in result.metrics if m not in grouped)}
    rows = []
    for title, names in groups.items():
        shown = [m for m in names if m in result.metrics]
        rows += [f"<tr class=group><td colspan=5>{title}"] if shown else []
        rows += [_figure_row(m, result.metrics[m]) for m in shown]
    head = "<tr><th>metric<th>value<th>95 % interval<th class=picture><th>n"
    return f"<div class=sheet><table>{head}{''.join(rows)}</table></div>"


def _figure_row(metric: str, f: Figure) -> str:
    low, high = number(metric, f.low), number(metric, f.high)
    picture = "" if metric in TIMES else whisker(Interval(metric, f.value, f.low, f.high, f.n))
    return (
        f"<tr><td>{safe(metric)}<td>{number(metric, f.value)}<td>{low} to {high}"
        f"<td class=picture>{picture}<td>{f.n}"
    )


def _by_type(result: SuiteResult) -> str:
    if not result.by_type:
        return ""
    chosen = telling(result, 7)
    rows = [
        (
            safe(kind),
            str(result.type_sizes[kind]),
            *(number(m, figures[m].value) if m in figures else "" for m in chosen),
        )
        for kind, figures in result.by_type.items()
    ]
    return "<h3>By type of question</h3>" + table(("type", "n", *chosen), rows)


def _compared(differences: Sequence[Difference]) -> str:
    if not differences:
        return ""
    colours = {"gain": "good", "loss": "bad"}
    rows = [
        (safe(d.metric), f"<span class={colours.get(d.verdict, 'soft')}>{d.verdict}</span>",
         f"{d.change:+.3f}", f"{d.low:+.3f} to {d.high:+.3f}", f"{d.before:.3f}",
         f"{d.after:.3f}", str(d.n))
        for d in differences
    ]  # fmt: skip
    head = ("metric", "", "change", "95 % interval", "before", "now", "n")
    return "<h3>Against the baseline</h3>" + table(head, rows)


def _plots(result: SuiteResult, outcomes: Sequence[Outcome]) -> list[str]:
    """Those plots that there is data for."""
    found = [*_recall_plot(outcomes), *_types_plot(result), *_confidence_plots(outcomes)]
    times = [o.milliseconds for o in outcomes if o.error is None]
    if times:
        marks = [(m[:3], result.metrics[m].value) for m in sorted(TIMES) if m in result.metrics]
        found.append(histogram("Latency", "One question, warm.", "milliseconds", times, marks))
    return found


def _recall_plot(outcomes: Sequence[Outcome]) -> list[str]:
    """Recall at k of the relevant ids, or of the gold evidence."""
    asked = [o for o in outcomes if o.question.answerable is not False]
    ranked = [o for o in asked if o.question.relevant]
    sought = [o for o in asked if o.question.evidence]
    if ranked:
        depth = 20
        note = f"Relevant passages among the first k; {counted(len(ranked), 'question')}."
        shares = [_ranks(o) for o in ranked]
    elif sought:
        depth = 10
        note = f"Gold evidence in the first k passages; {counted(len(sought), 'question')}."
        shares = [_evidence_ranks(o) for o in sought]
    else:
        return []
    points = [
        (float(k), sum(sum(r <= k for r in s) / len(s) for s in shares) / len(shares))
        for k in range(1, depth + 1)
    ]
    return [line_plot("Recall at k", note, (Axis("k", 0, depth), Axis("recall")), points)]


def _ranks(outcome: Outcome) -> list[float]:
    """The rank of each relevant id; infinite for one that was not retrieved."""
    places = {doc: float(n) for n, doc in enumerate(outcome.ranked, start=1)}
    return [places.get(doc, float("inf")) for doc in set(outcome.question.relevant or ())]


def _evidence_ranks(outcome: Outcome) -> list[float]:
    places = [place_of(p) for p in outcome.passages]
    return [
        next((float(n) for n, p in enumerate(places, start=1) if covers(p, gold)), float("inf"))
        for gold in outcome.question.evidence or ()
    ]


def _types_plot(result: SuiteResult) -> list[str]:
    metric = next(iter(telling(result)), None)
    rows = [
        Interval(kind, f.value, f.low, f.high, f.n)
        for kind, figures in result.by_type.items()
        if (f := figures.get(metric or "")) is not None
    ]
    return [intervals("By type of question", f"{metric}, with intervals.", rows)] if rows else []


def _confidence_plots(outcomes: Sequence[Outcome]) -> list[str]:
    judged = [(o.confidence, o.right) for o in outcomes if o.right is not None]
    if len(judged) < FEWEST_JUDGED:
        return []
    total = sum("answer_correct" in o.scores for o in outcomes)
    risk = [(share, wrong) for share, wrong, _ in risk_and_coverage(judged, total)]
    stated = [(c, r) for c, r, _ in reliability(judged)]
    coverage = (Axis("share of questions answered"), Axis("share of answers wrong"))
    calibration = (Axis("stated confidence"), Axis("share right"))
    return [
        line_plot(
            "Risk against coverage",
            "What a higher threshold would give: the line ends at today's.",
            coverage,
            risk,
        ),
        line_plot(
            "Reliability",
            "On the dashed line, confidence is what it says.",
            calibration,
            stated,
            ideal=((0.0, 0.0), (1.0, 1.0)),
        ),
    ]
