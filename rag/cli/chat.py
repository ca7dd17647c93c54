"""`rag chat`: the prompt."""

from __future__ import annotations

import os
import sys
from typing import Annotated, TextIO

import typer

from rag.cli.options import FILTERS, MODELS, takes
from rag.cli.session import open_assistant
from rag.config import Settings

__all__ = ["chat"]


@takes("store", "top_k", *FILTERS, *MODELS)
def chat(
    settings: Settings,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each answer as one JSON object on one line.")
    ] = False,
) -> None:
    """Ask and follow up at a prompt.

    Type /help there to see what else it can do. Where standard input is not a terminal, each of
    its lines is a question or a command.
    """
    from rag.cli.conversation import Conversation
    from rag.cli.prompt import ask_at_prompt, ask_lines
    from rag.cli.worker import AssistantThread

    with AssistantThread(lambda: open_assistant(settings)) as assistant:
        if sys.stdin.isatty() and sys.stdout.isatty():
            # The models load while the first question is typed; what fails here fails again then.
            assistant.begin(lambda a: a.ask("warm up", top_k=1))
            ask_at_prompt(Conversation(assistant, settings, as_json=as_json))
            if assistant.busy:
                _leave_at_once()
            return
        _take_any_bytes(sys.stdin)
        conversation = Conversation(assistant, settings, as_json=as_json, spaced=True)
        status = ask_lines(conversation, sys.stdin)
    if status:
        raise typer.Exit(status)


def _take_any_bytes(stream: TextIO) -> None:
    """A byte that cannot be decoded spoils its own line only; a byte-order mark is no text."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        is_utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
        reconfigure(encoding="utf-8-sig" if is_utf8 else stream.encoding, errors="replace")


def _leave_at_once() -> None:
    """Ends the program without waiting for a model that still loads or an answer left behind.

    Python would wait for their thread; it writes nothing that could be left half done.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
