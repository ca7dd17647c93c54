"""`rag train reader`: adapts the reader to question-answer data of one's own."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import DebugOption, JsonOption
from rag.cli.output import write_json
from rag.config import named_path, positive_number
from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.train.recipe import Recipe

__all__ = ["train_app"]

train_app = typer.Typer(
    help="Train the models that judge.", no_args_is_help=True, rich_markup_mode=None
)


@train_app.callback()
def _train() -> None:
    """Train the models that judge."""


@train_app.command()
def reader(  # noqa: PLR0913, PLR0917 (a command's options are its parameters)
    context: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="PATH",
            help="SQuAD JSON, JSON Lines in SQuAD's fields, or a suite folder; may be repeated.",
            parser=named_path,
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the weights and the log.",
            parser=named_path,
        ),
    ] = Path("reader"),
    held_out: Annotated[
        list[str] | None,
        typer.Option(
            "--held-out",
            metavar="TITLE",
            help="A document to test on and never train on; may be repeated.",
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="DIR",
            help="Weights to start from: a reader or a BERT encoder. [default: the bundled reader]",
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option("--steps", metavar="N", min=1, help="Steps at most.")
    ] = 2000,
    minutes: Annotated[
        float | None, typer.Option("--minutes", metavar="M", help="Minutes at most.")
    ] = None,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="X", help="The highest rate of the run.")
    ] = 1e-4,
    frozen_layers: Annotated[
        int,
        typer.Option(
            "--frozen-layers",
            metavar="N",
            min=0,
            help="The lowest layers, and the word vectors, left as they are: quicker steps.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Decides every draw.")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run that --out holds.")
    ] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Train a reader on questions of your own.

    The weights that did best on the held-out documents are left in OUT/best, for --reader. The
    run is saved every few minutes and can be resumed. It works on a CPU; a GPU is used if there
    is one.
    """
    from rag.train.loop import train_reader
    from rag.train.recipe import Recipe, load_recipe

    if minutes is not None:
        positive_number(minutes, "--minutes")
    positive_number(learning_rate, "--learning-rate")
    if resume:
        recipe = load_recipe(out)
        _check_unchanged(context, recipe)
    elif not data:
        raise BadInput("Nothing was named to train on.", hint="Name a file with --data.")
    else:
        recipe = Recipe(
            data=tuple(str(p) for p in data),
            held_out=tuple(held_out or ()),
            base=base or _bundled(),
            steps=steps,
            minutes=minutes,
            learning_rate=learning_rate,
            frozen_layers=frozen_layers,
            seed=seed,
        )
    result = train_reader(
        recipe, out, resume=resume, report=lambda line: print(line, file=sys.stderr)
    )
    if as_json:
        write_json({"reader": str(out / "best"), "check": result.as_dict() if result else None})
    else:
        print(f"The reader is in {out / 'best'}.")


def _check_unchanged(context: typer.Context, recipe: Recipe) -> None:
    """A run goes on as it was begun: the same command with `--resume`, or `--resume` alone."""
    for field in fields(recipe):
        source = context.get_parameter_source(field.name)
        if source is None or source.name != "COMMANDLINE":
            continue
        value, begun = context.params[field.name], getattr(recipe, field.name)
        if isinstance(value, (list, tuple)):
            value = tuple(map(str, value))
        if value != begun:
            option = field.name.replace("_", "-")
            raise BadInput(
                f"The run was begun with another --{option}, and goes on with that.",
                hint=f"Leave --{option} out, or begin a run in another folder.",
            )


def _bundled() -> str | None:
    from rag.models.reader import bundled_reader_path

    folder = bundled_reader_path()
    return None if folder is None else str(folder)
