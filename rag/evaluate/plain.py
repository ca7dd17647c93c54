"""Figures as lines of plain text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from rag.evaluate.compare import Difference
from rag.evaluate.summary import SuiteResult
from rag.render.clean import one_line
from rag.render.lines import counted

__all__ = ["difference_line", "number", "suite_lines", "telling"]

#: What says most about a type of question, in this order; a line holds as many as fit.
_TELLING = (
    "answer_correct", "evidence_recall", "evidence_precision", "hit@1", "hit@10", "recall@5", "f1",
    "rouge_l", "citation_recall", "abstain_recall",
)  # fmt: skip

COLUMNS = 5


def number(metric: str, value: float) -> str:
    """A figure with the digits it deserves."""
    return f"{value:.1f}" if metric.endswith("_ms") else f"{value:.3f}"


def telling(result: SuiteResult, most: int = COLUMNS) -> list[str]:
    """The metrics to show by type: those that some type has."""
    return [m for m in _TELLING if any(m in f for f in result.by_type.values())][:most]


def suite_lines(result: SuiteResult) -> Iterator[str]:
    """A table of the figures, and one with a line a type."""
    failed = f", {result.failed} of them failed" if result.failed else ""
    yield f"{one_line(result.name)}: {counted(result.n, 'question')}{failed}"
    yield ""
    yield f"  {'metric':<22}{'value':>9}   95 % interval          n"
    for name, f in result.metrics.items():
        low, high = number(name, f.low), number(name, f.high)
        yield f"  {name:<22}{number(name, f.value):>9}   {low:>8} to {high:<8}{f.n:>6}"
    if result.by_type:
        yield ""
        yield from _type_lines(result)
    yield ""


def _type_lines(result: SuiteResult) -> Iterator[str]:
    shown = telling(result)
    yield f"  {'type':<22}{'n':>5}" + "".join(f"{m:>20}" for m in shown)
    for kind, figures in result.by_type.items():
        cells = (number(m, figures[m].value) if m in figures else "" for m in shown)
        row = f"  {one_line(kind):<22}{result.type_sizes[kind]:>5}"
        yield (row + "".join(f"{c:>20}" for c in cells)).rstrip()


def difference_line(difference: Difference) -> str:
    """One metric against the baseline, as a sentence."""
    d = difference
    return (
        f"{one_line(d.suite)} {d.metric}: {d.before:.3f} before, {d.after:.3f} now, "
        f"change {d.change:+.3f} ({d.low:+.3f} to {d.high:+.3f}, n {d.n}): {d.verdict}"
    )
