"""One self-contained HTML page of a run: tables, plots, and what went wrong, question by question.

Everything that comes from documents or questions is escaped: a page must not obey what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.evaluate.compare import Difference
from rag.evaluate.plots import bars, line_plot
from rag.evaluate.score import Outcome
from rag.evaluate.summary import SuiteResult

__all__ = ["write_report"]

SHOWN_FAILURES = 300

_STYLE = """
:root { --ink: #1d2330; --soft: #667; --line: #dde1e8; --blue: #2f6fb0; --bad: #b3402e; }
* { box-sizing: border-box } body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink);
  max-width: 68rem; margin: 2rem auto; padding: 0 1.2rem }
h1 { font-size: 1.7rem; margin: 0 0 .2rem }
h2 { margin: 2.4rem 0 .6rem } h3 { margin: 1.6rem 0 .4rem }
p.note { color: var(--soft); margin: .2rem 0 1rem }
table { border-collapse: collapse; font-size: .93rem } th, td { padding: .25rem .8rem .25rem 0;
  text-align: right; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem }
figure { margin: 0 } figcaption { color: var(--soft); font-size: .9rem }
details { border-bottom: 1px solid var(--line); padding: .45rem 0 } summary { cursor: pointer }
summary b { font-weight: 600 } .tag { color: var(--soft); font-size: .85rem; margin-right: .6rem }
blockquote { margin: .3rem 0 .3rem 1rem; padding-left: .7rem; border-left: 3px solid var(--line) }
.bad { color: var(--bad) } select { font: inherit; margin-right: .8rem }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa3b2; --line: #333a46;
  --blue: #6aa8e6; --bad: #e58a78 } body { background: #14181f } }
"""

_SCRIPT = """
for (const box of document.querySelectorAll('.filters')) {
  box.addEventListener('change', () => {
    const type = box.querySelector('.type').value, kind = box.querySelector('.kind').value;
    for (const d of box.parentElement.querySelectorAll('details'))
      d.hidden = (type && d.dataset.type !== type) || (kind && d.dataset.kind !== kind);
  });
}
"""


def write_report(
    path: Path,
    results: Sequence[SuiteResult],
    outcomes: Sequence[tuple[str, Outcome]],
    differences: Sequence[Difference],
) -> None:
    """Writes the page; raises `BadInput` where it cannot be written."""
    sections = [_suite(r, [o for name, o in outcomes if name == r.name]) for r in results]
    models: dict[str, Any] = next((o.answer["models"] for _, o in outcomes if o.answer), {})
    named = ", ".join(f"{k} {v}" for k, v in models.items() if v)
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>Evaluation</title>"
        f"<style>{_STYLE}</style><h1>Evaluation</h1><p class=note>{escape(named)}</p>"
        + "".join(sections)
        + _compared(differences)
        + f"<script>{_SCRIPT}</script></html>"
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The report cannot be written to {path} ({error.strerror}).") from error


def _suite(result: SuiteResult, outcomes: Sequence[Outcome]) -> str:
    rows = [
        (name, _n(name, f.value), f"{_n(name, f.low)} to {_n(name, f.high)}", str(f.n))
        for name, f in result.metrics.items()
    ]
    table = _table(("metric", "value", "95 % interval", "n"), rows)
    return (
        f"<h2>{escape(result.name)}</h2><p class=note>{result.n} questions, every one counted</p>"
        f"{table}<h3>Plots</h3><div class=plots>{''.join(_plots(result, outcomes))}</div>"
        f"{_by_type(result)}{_failures(outcomes)}"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(h)}" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}" for c in row) for row in rows)
    return f"<table><tr>{top}{body}</table>"


def _by_type(result: SuiteResult) -> str:
    if not result.by_type:
        return ""
    names = sorted({m for f in result.by_type.values() for m in f if not m.endswith("_ms")})
    chosen = [m for m in result.metrics if m in names][:8]
    rows = [
        (kind, *(_n(m, figures[m].value) if m in figures else "" for m in chosen))
        for kind, figures in result.by_type.items()
    ]
    return "<h3>By type of question</h3>" + _table(("type", *chosen), rows)


def _plots(result: SuiteResult, outcomes: Sequence[Outcome]) -> list[str]:
    """Recall at k, risk and coverage, calibration, latency, types: those there is data for."""
    found = []
    ranked = [o for o in outcomes if o.question.relevant and o.question.answerable is not False]
    if ranked:
        recall = [(float(k), _recall(ranked, k)) for k in range(1, 21)]
        found.append(line_plot("Recall at k", "k", "recall", [recall]))
    judged = sorted(
        ((float(o.answer["confidence"]), right) for o in outcomes if o.answer
         and (right := _right(o)) is not None), reverse=True,
    )  # fmt: skip
    if len(judged) >= 10:
        found.append(
            line_plot("Risk against coverage", "share answered", "share wrong", [_risk(judged)])
        )
        diagonal = [(0.0, 0.0), (1.0, 1.0)]
        found.append(
            line_plot(
                "Calibration", "stated confidence", "share right", [diagonal, _reliability(judged)]
            )
        )
    times = sorted(o.milliseconds for o in outcomes if o.error is None)
    if times:
        share = [(t, (i + 1) / len(times)) for i, t in enumerate(times)]
        found.append(line_plot("Latency", "milliseconds", "share of questions", [share]))
    key = "answer_correct" if "answer_correct" in result.metrics else "f1"
    kinds = {t: f[key].value for t, f in result.by_type.items() if key in f}
    if kinds:
        found.append(bars(f"{key} by type", kinds))
    return found


def _recall(outcomes: Sequence[Outcome], k: int) -> float:
    shares = [
        len(set(o.ranked[:k]) & set(o.question.relevant or ()))
        / len(set(o.question.relevant or ()))
        for o in outcomes
    ]
    return sum(shares) / len(shares)


def _right(outcome: Outcome) -> bool | None:
    """Whether the answer given is right; None where nothing was answered or gold is lacking."""
    if not (outcome.answer or {}).get("answered"):
        return None
    if outcome.question.answerable is False:
        return False
    for metric in ("answer_correct", "answer_in_citation"):
        if metric in outcome.scores:
            return outcome.scores[metric] > 0
    return None


def _risk(judged: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Share wrong among the most confident answers, by the share of them kept."""
    points, wrong = [], 0
    for n, (_, right) in enumerate(judged, start=1):
        wrong += not right
        points.append((n / len(judged), wrong / n))
    return points


def _reliability(judged: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float]]:
    points = []
    for b in range(bins):
        inside = [(c, r) for c, r in judged if min(int(c * bins), bins - 1) == b]
        if inside:
            stated = sum(c for c, _ in inside) / len(inside)
            points.append((stated, sum(r for _, r in inside) / len(inside)))
    return points


def _failures(outcomes: Sequence[Outcome]) -> str:
    """The questions that went wrong, each with all that is needed to see why."""
    failed = [(o, kind) for o in outcomes if (kind := _failure(o))]
    if not failed:
        return "<h3>Failures</h3><p>None.</p>"
    types = sorted({o.question.type or "" for o, _ in failed})
    kinds = sorted({kind for _, kind in failed})
    picks = (
        f"<p class=filters><select class=type>{_options('every type', types)}</select>"
        f"<select class=kind>{_options('every kind of failure', kinds)}</select></p>"
    )
    items = "".join(_item(o, kind) for o, kind in failed[:SHOWN_FAILURES])
    left = len(failed) - SHOWN_FAILURES
    more = f"<p class=note>{left} more are in the records.</p>" if left > 0 else ""
    return f"<h3>Failures ({len(failed)})</h3><div>{picks}{items}{more}</div>"


def _failure(outcome: Outcome) -> str | None:
    """What kind of failure a question is; None for a success."""
    if outcome.error:
        return "error"
    question, answer = outcome.question, outcome.answer
    if answer is None:
        return "not found" if outcome.scores.get("hit@10") == 0 else None
    if question.answerable is False:
        return "answered the unanswerable" if answer["answered"] else None
    if not answer["answered"]:
        return "abstained"
    return "wrong" if _right(outcome) is False else None


def _item(outcome: Outcome, kind: str) -> str:
    question, answer = outcome.question, outcome.answer or {}
    gold = "; ".join((*(question.answers or ()), *(question.references or ()))) or "no answer"
    quotes = "".join(
        f"<blockquote>{escape(c['quote'])}<br><span class=tag>{escape(c['source'])}, "
        f"paragraph {c['paragraph']}</span></blockquote>"
        for c in answer.get("citations", ())
    )
    passages = "".join(f"<li>{escape(_passage(p))}" for p in list(answer.get("passages", ()))[:3])
    said = outcome.error or str(answer.get("answer", ""))
    return (
        f"<details data-type='{escape(question.type or '')}' data-kind='{escape(kind)}'><summary>"
        f"<span class='tag bad'>{escape(kind)}</span><span class=tag>{escape(question.type or '')}"
        f"</span><b>{escape(question.text)}</b></summary><p>Gold: {escape(gold)}</p>"
        f"<p>Answer: {escape(said)}</p>{quotes}<ol>{passages}</ol></details>"
    )


def _passage(passage: dict[str, Any]) -> str:
    text = " ".join(str(passage["text"]).split())
    return f"{passage['source']}: {text[:240]}"


def _options(every: str, values: Sequence[str]) -> str:
    listed = "".join(f"<option>{escape(v)}" for v in values if v)
    return f"<option value=''>{escape(every)}{listed}"


def _compared(differences: Sequence[Difference]) -> str:
    if not differences:
        return ""
    rows = [
        (f"{d.suite} {d.metric}", f"{d.before:.3f}", f"{d.after:.3f}", f"{d.change:+.3f}",
         f"{d.low:+.3f} to {d.high:+.3f}", "yes" if d.significant else "no")
        for d in differences
    ]  # fmt: skip
    head = ("metric", "before", "now", "change", "95 % interval", "significant")
    return "<h2>Against the baseline</h2>" + _table(head, rows)


def _n(name: str, value: float) -> str:
    return f"{value:.0f}" if name.endswith("_ms") else f"{value:.3f}"
