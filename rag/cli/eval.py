"""`rag eval`: runs question sets and prints the figures, with intervals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.eval_files import Results, check_files, read_earlier
from rag.cli.options import MODELS, JsonOption, takes
from rag.cli.output import write_json
from rag.cli.session import open_assistant
from rag.config import Settings, named_path
from rag.errors import BadInput
from rag.render.clean import one_line
from rag.render.lines import counted

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.evaluate.compare import Difference
    from rag.evaluate.outcome import Outcome
    from rag.evaluate.row import Row
    from rag.evaluate.run import RunOptions
    from rag.evaluate.suites import Suite
    from rag.evaluate.summary import SuiteResult

__all__ = ["SIGNIFICANT_LOSS", "evaluate"]

SIGNIFICANT_LOSS = 4
DEFAULT_SUITE = Path("eval/questions.jsonl")
DEFAULT_CORPUS = Path("corpus")

#: Unknown gold sources that a warning names.
NAMED = 3


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
            parser=named_path,
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
        typer.Option(
            "--records",
            metavar="FILE",
            help="Write one JSON record a question.",
            parser=named_path,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="An earlier run's --records or --json; exit with 4 where one metric lost"
            " significantly.",
            parser=named_path,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="Write a page with plots.", parser=named_path
        ),
    ] = None,
) -> None:
    """Run question sets and print the figures, overall and by type of question.

    Every figure has a 95 % bootstrap interval and the number of questions behind it.
    """
    from rag.evaluate.compare import compare
    from rag.evaluate.row import row_of
    from rag.evaluate.run import RunOptions
    from rag.evaluate.suites import find_suites
    from rag.evaluate.summary import summarise

    chosen = find_suites(suites or [DEFAULT_SUITE])
    options = RunOptions(limit, seed, split, settings.top_k, retrieval_only)
    _check_questions(chosen, options)
    check_files(records, report, baseline, chosen, settings.index)
    earlier = read_earlier(baseline, chosen)
    for suite in chosen:
        _prepare(suite, settings, several=len(chosen) > 1)
    results: list[SuiteResult] = []
    differences: list[Difference] = []
    outcomes: dict[str, list[Outcome]] = {}
    files = Results(records)
    for suite in chosen:
        outcomes[suite.name] = _run(suite, settings, options)
        files.keep(suite.name, outcomes[suite.name])
        rows = [row_of(o) for o in outcomes[suite.name]]
        results.append(summarise(suite.name, rows))
        differences += compare(earlier, suite.name, rows)
        _warn_of_other_words(suite, earlier, rows)
        if not as_json:
            _print_suite(results[-1])
    if report:
        from rag.evaluate.report import write_report

        with files.putting_off():
            write_report(report, results, outcomes, differences)
    _show(results, differences, as_json=as_json)
    files.settle()
    if baseline and not differences:
        raise BadInput(_nothing_compared(baseline, earlier, outcomes))
    if any(d.is_loss for d in differences):
        raise typer.Exit(SIGNIFICANT_LOSS)


def _nothing_compared(
    baseline: Path, earlier: Mapping[tuple[str, str], Row], outcomes: Mapping[str, list[Outcome]]
) -> str:
    from rag.evaluate.compare import is_same_question
    from rag.evaluate.row import row_of

    asked = {(name, o.question.id): row_of(o) for name, found in outcomes.items() for o in found}
    if any(is_same_question(earlier.get(key), row) for key, row in asked.items()):
        return f"The questions shared with {baseline} have no figure in common to compare."
    if asked.keys() & earlier.keys():
        return f"The questions of {baseline} have ids of this run, and were asked otherwise."
    return f"No question of {baseline} was asked in this run."


def _warn_of_other_words(
    suite: Suite, earlier: Mapping[tuple[str, str], Row], rows: Sequence[Row]
) -> None:
    from rag.evaluate.compare import is_same_question

    before = {r.id: earlier.get((suite.name, r.id)) for r in rows}
    others = [r.id for r in rows if before[r.id] and not is_same_question(before[r.id], r)]
    if others:
        what = f"{counted(len(others), 'question')} asked otherwise in the baseline, not compared"
        _warn(suite, what, others)


def _check_questions(suites: Sequence[Suite], options: RunOptions) -> None:
    """A mistake in any file is said before anything is embedded or asked."""
    from rag.evaluate.misnamed import misnamed_fields
    from rag.evaluate.questions import read_questions
    from rag.evaluate.run import sample

    for suite in suites:
        sample(read_questions(suite.questions), options)
        meant = [f"{a} (is {b} meant?)" for a, b in misnamed_fields(suite.questions).items()]
        if meant:
            _warn(suite, "fields that are not read", meant)


def _prepare(suite: Suite, settings: Settings, *, several: bool) -> None:
    """Brings the suite's index up to date; of several, that one cannot be asked is said first."""
    from rag.evaluate.suites import suite_index

    _build(suite, suite_index(suite, settings.index, settings.embedder), settings.embedder)
    if several:
        with _opened(suite, settings):
            pass


def _opened(suite: Suite, settings: Settings) -> Assistant:
    from rag.evaluate.suites import suite_index

    folder = suite_index(suite, settings.index, settings.embedder)
    return open_assistant(replace(settings, index=folder, store=None))


def _run(suite: Suite, settings: Settings, options: RunOptions) -> list[Outcome]:
    """Asks the questions of a suite."""
    from rag.evaluate.run import run_suite, unknown_gold

    with _opened(suite, settings) as assistant:
        unknown = unknown_gold(suite, assistant)
        if unknown:
            _warn(suite, f"{counted(len(unknown), 'gold source')} not in the index", unknown)
        outcomes = run_suite(suite, assistant, options, _progress(suite.name))
    failed = [f"{o.question.id}: {o.error}" for o in outcomes if o.error]
    if failed:
        _warn(suite, f"{counted(len(failed), 'question')} failed, counted as wrong", failed)
    return outcomes


def _build(suite: Suite, folder: Path, embedder: str | None) -> None:
    """A suite's corpus is indexed once; the sample corpus where the set over it finds no index."""
    from rag.evaluate.suites import build_index, is_built

    corpus, built = suite.corpus, is_built(folder)
    if corpus is None and not built and suite.questions == DEFAULT_SUITE:
        corpus = DEFAULT_CORPUS if DEFAULT_CORPUS.is_dir() else None
    if corpus is None:
        return
    if not built:
        print(f"Indexing {corpus} …", file=sys.stderr)
    build_index(folder, corpus, embedder)


def _warn(suite: Suite, what: str, names: Sequence[str]) -> None:
    listed = "; ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    print(one_line(f"{suite.name}: {what}: {listed}"), file=sys.stderr)


def _progress(name: str) -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def shown(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{one_line(name)}: {done} of {total}", end=end, file=sys.stderr, flush=True)

    return shown


def _print_suite(result: SuiteResult) -> None:
    """A suite's figures as soon as they are there: what follows may still go wrong."""
    from rag.evaluate.plain import suite_lines

    with suppress(BrokenPipeError):  # who reads has left; the files are still to be written
        print("\n".join(suite_lines(result)), flush=True)


def _show(
    results: Sequence[SuiteResult], differences: Sequence[Difference], *, as_json: bool
) -> None:
    """All of it as JSON, or the comparison below the figures."""
    if as_json:
        compared = {"differences": [d.to_dict() for d in differences]} if differences else {}
        write_json({"suites": [r.to_dict() for r in results], **compared})
        return
    from rag.evaluate.plain import difference_line

    for difference in differences:
        print(difference_line(difference))
