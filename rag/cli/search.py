"""`rag search`: retrieval only."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import FILTERS, JsonOption, takes
from rag.cli.output import is_terminal, show, write_json
from rag.cli.session import limits, open_assistant
from rag.config import Settings
from rag.render.hits import hit_columns, hit_lines, hit_table
from rag.serialise import hit_to_dict
from rag.types import Hit

__all__ = ["search"]

TABLE_WIDTH = 90


@takes("store", "top_k", *FILTERS, "embedder")
def search(
    settings: Settings,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words to search for.")],
    as_json: JsonOption = False,
) -> None:
    """Find passages, without answering.

    Each is shown with its score and its rank by meaning (dense) and by words (lexical); --json
    prints one object a line.
    """
    with open_assistant(settings) as assistant:
        hits = assistant.search(" ".join(query), **limits(settings))
    if as_json:
        for hit in hits:
            write_json(hit_to_dict(hit))
    elif not hits:
        typer.echo("No passage matches.", err=True)
    elif is_terminal():
        _print_on_terminal(hits)
    else:
        show(hit_columns(hits))


def _print_on_terminal(hits: list[Hit]) -> None:
    from rag.render.terminal import make_console

    console = make_console()
    if console.width < TABLE_WIDTH:
        show(hit_lines(hits))
    else:
        console.print(hit_table(hits))
