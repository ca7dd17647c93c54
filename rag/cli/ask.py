"""`rag ask`: one question, one answer with citations."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import FILTERS, MODELS, JsonOption, takes
from rag.cli.output import is_terminal, show, write_json
from rag.cli.session import limits, open_assistant
from rag.config import Settings
from rag.render.answers import answer_lines

__all__ = ["ABSTAINED", "ask"]

ABSTAINED = 3


@takes("store", "top_k", *FILTERS, *MODELS)
def ask(
    settings: Settings,
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="The question; quotes around it may be left out."),
    ],
    as_json: JsonOption = False,
    fail_on_abstain: Annotated[
        bool, typer.Option("--fail-on-abstain", help="Exit with 3 if the documents do not say.")
    ] = False,
) -> None:
    """Answer a question, citing every statement.

    The answer is in the sources' own words, or that the documents do not say.
    """
    text = " ".join(question)
    with open_assistant(settings) as assistant:
        if is_terminal() and not as_json:
            from rag.cli.stream import print_stream

            answer = print_stream(assistant.stream(text, **limits(settings)))
        else:
            answer = assistant.ask(text, **limits(settings))
            if as_json:
                write_json(answer.to_dict())
            else:
                show(answer_lines(answer))
    if fail_on_abstain and not answer.answered:
        raise typer.Exit(ABSTAINED)
