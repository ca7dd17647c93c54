"""`rag eval`: runs question sets and prints the figures, with intervals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import MODELS, JsonOption, takes
from rag.cli.output import write_json
from rag.cli.session import open_assistant
from rag.config import Settings
from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.evaluate.compare import Difference
    from rag.evaluate.run import Suite
    from rag.evaluate.score import Outcome
    from rag.evaluate.summary import SuiteResult

__all__ = ["SIGNIFICANT_LOSS", "evaluate"]

SIGNIFICANT_LOSS = 4
DEFAULT_SUITE = Path("eval/questions.jsonl")
DEFAULT_CORPUS = Path("corpus")


@takes("top_k", *MODELS)
def evaluate(  # noqa: PLR0913, PLR0917 (a command's options are its parameters)
    settings: Settings,
    suites: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="SUITE",
            help="Folders with corpus.jsonl and queries.jsonl, or question files asked of the"
            " index. [default: eval/questions.jsonl]",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Ask only so many, drawn at random.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draw.")] = 0,
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="Only questions of this split.")
    ] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Rank passages; answer nothing.")
    ] = False,
    records: Annotated[
        Path | None,
        typer.Option("--records", metavar="FILE", help="Write one JSON record a question."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="Records of an earlier run; exit with 4 where one metric lost significantly.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a page with plots.")
    ] = None,
) -> None:
    """Run question sets and print the figures, overall and by type of question.

    Every figure has a 95 % bootstrap interval and the number of questions behind it.
    """
    from rag.evaluate.compare import compare, read_records, record, write_records
    from rag.evaluate.run import RunOptions, find_suite
    from rag.evaluate.summary import summarise

    chosen = [find_suite(path) for path in suites or [DEFAULT_SUITE]]
    earlier = read_records(baseline) if baseline else {}
    options = RunOptions(limit, seed, split, settings.top_k, retrieval_only)
    results: list[SuiteResult] = []
    differences: list[Difference] = []
    kept: list[tuple[str, Outcome]] = []
    for suite in chosen:
        outcomes = _run(suite, settings, options)
        results.append(summarise(suite.name, outcomes))
        differences += compare(earlier, suite.name, outcomes)
        kept += [(suite.name, outcome) for outcome in outcomes]
    if records:
        write_records(records, (record(name, outcome) for name, outcome in kept))
    if report:
        from rag.evaluate.report import write_report

        write_report(report, results, kept, differences)
    if as_json:
        write_json(_object(results, differences, records))
    else:
        _print(results, differences)
    if baseline and not differences:
        raise BadInput(f"No question of {baseline} was asked in this run.")
    if any(d.is_loss for d in differences):
        raise typer.Exit(SIGNIFICANT_LOSS)


def _run(suite: Suite, settings: Settings, options: Any) -> list[Outcome]:
    """Brings the suite's index up to date and asks its questions."""
    from dataclasses import replace

    from rag.evaluate.run import run_suite, suite_index

    folder = suite_index(suite, settings.index, settings.embedder)
    _build(suite, folder, settings)
    # Warm up first, so that the first question's time is not that of loading the models.
    with open_assistant(replace(settings, index=folder)) as assistant:
        assistant.search("warm up")
        return run_suite(suite, assistant, options, _progress(suite.name))


def _build(suite: Suite, folder: Path, settings: Settings) -> None:
    """A suite's corpus is indexed once; the sample corpus where no index exists yet."""
    from rag.models.embedder import load_embedder
    from rag.models.tokens import token_counter
    from rag.store.database import DATABASE
    from rag.store.update import UpdateOptions, update_index

    exists = (folder / DATABASE).is_file()
    if suite.corpus is None and (exists or not DEFAULT_CORPUS.is_dir()):
        return
    if not exists:
        print(f"Indexing {suite.corpus or DEFAULT_CORPUS} …", file=sys.stderr)
    update_index(
        folder,
        [suite.corpus or DEFAULT_CORPUS],
        embedder=lambda: load_embedder(settings.embedder),
        tokens=token_counter(settings.embedder),
        options=UpdateOptions(),
    )


def _progress(name: str) -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def shown(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{name}: {done} of {total}", end=end, file=sys.stderr, flush=True)

    return shown


def _object(
    results: Sequence[SuiteResult], differences: Sequence[Difference], records: Path | None
) -> dict[str, Any]:
    found: dict[str, Any] = {"suites": [r.to_dict() for r in results]}
    if records:
        found["records"] = str(records)
    if differences:
        found["differences"] = [
            {
                "suite": d.suite,
                "metric": d.metric,
                "before": round(d.before, 4),
                "after": round(d.after, 4),
                "low": round(d.low, 4),
                "high": round(d.high, 4),
                "n": d.n,
                "significant": d.significant,
            }
            for d in differences
        ]
    return found


def _print(results: Sequence[SuiteResult], differences: Sequence[Difference]) -> None:
    for result in results:
        print(f"{result.name}: {result.n} questions\n")
        print(f"  {'metric':<22}{'value':>9}   95 % interval          n")
        for name, f in result.metrics.items():
            low, high = _number(name, f.low), _number(name, f.high)
            print(f"  {name:<22}{_number(name, f.value):>9}   {low:>8} to {high:<8}{f.n:>6}")
        if result.by_type:
            _print_types(result)
        print()
    for d in differences:
        mark = "loss" if d.is_loss else "gain" if d.significant else "no difference shown"
        print(
            f"{d.suite} {d.metric}: {d.before:.3f} before, {d.after:.3f} now, "
            f"change {d.change:+.3f} ({d.low:+.3f} to {d.high:+.3f}, n {d.n}): {mark}"
        )


def _print_types(result: SuiteResult) -> None:
    """One line a type, with the few metrics that say most about it."""
    wanted = ("answer_correct", "evidence_recall", "evidence_precision", "f1", "hit@1", "hit@10")
    shown = [m for m in wanted if any(m in f for f in result.by_type.values())]
    print(f"\n  {'type':<22}{'n':>5}" + "".join(f"{m:>20}" for m in shown))
    for kind, figures in result.by_type.items():
        n = max((f.n for f in figures.values()), default=0)
        cells = (_number(m, figures[m].value) if m in figures else "" for m in shown)
        print(f"  {kind:<22}{n:>5}" + "".join(f"{c:>20}" for c in cells))


def _number(name: str, value: float) -> str:
    return f"{value:.1f}" if name.endswith("_ms") else f"{value:.3f}"
