"""`rag index`: builds the index or brings it up to date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.copies import fill_store, filled_line
from rag.cli.options import JsonOption, takes
from rag.cli.output import is_terminal, show, skipped_lines, write_json
from rag.cli.session import embedder_of, open_index
from rag.config import Settings, named_path
from rag.errors import BadInput, IndexNotFound, RagError
from rag.render.lines import Line, Piece, counted, line

if TYPE_CHECKING:
    from rag.models.embedder import Embedder
    from rag.store.publish import Published
    from rag.store.summary import Progress, UpdateOptions, UpdateSummary

__all__ = ["index"]

DEFAULT_ROOT = Path("corpus")


@takes("store", "engine", "engine_address", "embedder", "faiss")
def index(
    settings: Settings,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Files and folders. [default: those indexed before, at first corpus/]",
            show_default=False,
            parser=named_path,
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any file was skipped.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Forget the index and build it from nothing.")
    ] = False,
    purge: Annotated[
        bool,
        typer.Option(
            "--purge", help="Remove at once from the index's own files what this run removes."
        ),
    ] = False,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact",
            help="Write the index anew, without anything that was removed before.",
        ),
    ] = False,
    refill: Annotated[
        bool, typer.Option("--refill", help="With --store: forget what the store holds.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the index or bring it up to date.

    Only what is new or has changed is read again. A file that cannot be read is skipped and named.
    With --store, a copy for other machines is brought up to date as well.
    What is removed is not found any more; its bytes leave the index's files with --purge or
    --compact.
    """
    from rag.store.summary import UpdateOptions

    if refill and settings.store is None:
        raise BadInput("--refill needs a store.", hint="Name it with --store.")
    roots = paths or _default_roots(settings)
    embedder = embedder_of(settings, rebuild=rebuild)
    options = UpdateOptions(
        rebuild, purge, compact, embedder=None if rebuild else embedder, faiss=settings.faiss
    )
    kept = "the index is as it was" if rebuild else "what was done so far is kept"
    with _stopped(kept), _embedding(settings, embedder) as load:
        summary = _update(settings, roots, embedder, load, options)
    if not as_json:
        show(_lines(summary, settings))  # it holds, whatever becomes of the copy
    published = None
    if settings.store is not None:
        with _stopped("the index is up to date, its copy is not"):
            published = _publish(settings, settings.store, refill)
    if as_json:
        copied = {} if published is None else {"published": asdict(published)}
        write_json({**asdict(summary), **copied})
    elif published is not None:
        show([filled_line(published)])
    if strict and summary.skipped:
        raise typer.Exit(1)


@contextmanager
def _stopped(kept: str) -> Iterator[None]:
    """Says what is left of the work that Ctrl-C ends."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"rag: Stopped; {kept}. Run the command again to go on.", file=sys.stderr)
        raise


def _default_roots(settings: Settings) -> list[Path]:
    """Nothing for an index that knows its roots, else the sample corpus' place."""
    try:
        open_index(settings).close()
        return []
    except IndexNotFound:  # or one that was begun, and never finished
        pass
    except RagError:
        return []
    if not DEFAULT_ROOT.exists():
        raise BadInput(
            f"There is no folder {DEFAULT_ROOT}/ here, and nothing else was named to index.",
            hint="Name files or folders: rag index PATH …",
        )
    return [DEFAULT_ROOT]


@contextmanager
def _embedding(settings: Settings, embedder: str | None) -> Iterator[Callable[[], Embedder]]:
    """What loads the embedder: here, or on the machines of an engine."""
    if settings.engine is not None:
        from rag.engines.ray import on_ray

        with on_ray(embedder, settings.engine_address) as load:
            yield load
        return
    if settings.engine_address is not None:
        raise BadInput("An address needs an engine.", hint="Add --engine ray.")
    from rag.store.opening import model_for

    yield model_for(settings.index, embedder)[0]


def _update(
    settings: Settings,
    roots: list[Path],
    embedder: str | None,
    load: Callable[[], Embedder],
    options: UpdateOptions,
) -> UpdateSummary:
    from rag.store.opening import model_for
    from rag.store.update import update_index

    with _progress() as progress:
        return update_index(
            settings.index,
            roots,
            embedder=load,
            tokens=model_for(settings.index, embedder)[1],
            options=options,
            progress=progress,
        )


def _publish(settings: Settings, url: str, refill: bool) -> Published:
    with _progress() as progress:
        return fill_store(settings, url, refill, progress)


def _lines(summary: UpdateSummary, settings: Settings) -> list[Line]:
    counts = ("added", "changed", "moved", "removed", "unchanged")
    files = ", ".join(f"{getattr(summary, name)} {name}" for name in counts)
    size = f"{counted(summary.documents, 'document')}, {counted(summary.passages, 'passage')}"
    return [
        line("files: ", files),
        line(Piece(f"{size} in {settings.index}", "strong")),
        line(
            Piece(f"{counted(summary.embedded, 'text')} embedded, {summary.seconds:.1f} s", "dim")
        ),
        *skipped_lines([(s.source, s.reason) for s in summary.skipped]),
    ]


class _Bar:
    """`Progress` as a bar on standard error."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            Elapsed(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("reading files", total=None)

    def start(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def advance(self, n: int) -> None:
        self._bar.advance(self._task, n)

    def note(self, text: str) -> None:
        self._bar.update(self._task, description=text)

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


@contextmanager
def _progress() -> Iterator[Progress | None]:
    if not is_terminal(sys.stderr):
        yield None
        return
    with _Bar() as bar:
        yield bar
