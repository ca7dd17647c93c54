"""`rag chat`: the prompt."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from rag.cli.options import FILTERS, MODELS, takes
from rag.cli.session import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = ["chat"]

INTERRUPTED = 130


@takes("store", "top_k", *FILTERS, *MODELS)
def chat(
    settings: Settings,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each answer as one JSON object on one line.")
    ] = False,
) -> None:
    """Ask and follow up at a prompt.

    Type /help there to see what else it can do. What is typed and answered can be kept: rag chat >
    FILE. Where standard input is not a terminal, each of its lines is a question or a command.
    """
    from rag.cli.conversation import Conversation
    from rag.cli.prompt import ask_at_prompt, ask_lines
    from rag.cli.worker import AssistantThread

    # Where a file or a pipe takes the answers, a person types at the terminal all the same.
    typed = sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty())
    spaced, status = not (typed and sys.stdout.isatty()), 0
    try:
        with AssistantThread(lambda: open_assistant(settings)) as assistant:
            conversation = Conversation(assistant, settings, as_json=as_json, spaced=spaced)
            if typed:
                # The models load while the first question is typed; what fails fails again then.
                assistant.begin(_warm_up)
                ask_at_prompt(conversation)
                if assistant.busy:
                    _leave_at_once(0)
            else:
                _take_any_bytes(sys.stdin)
                status = ask_lines(conversation, sys.stdin)
    except KeyboardInterrupt:
        _leave_at_once(INTERRUPTED)
    if status:
        raise typer.Exit(status)


def _warm_up(assistant: Assistant) -> None:
    """Loads what a question needs; nothing is asked, which a writing model elsewhere would hear."""
    assistant.load()
    assistant.search("warm up", top_k=1)


def _take_any_bytes(stream: TextIO) -> None:
    """A byte that cannot be decoded spoils its own line only; a byte-order mark is no text."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    encoding, begin = stream.encoding or "", b""
    if hasattr(stream.buffer, "peek"):
        begin = stream.buffer.peek(2)[:2]
    if begin in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):  # what PowerShell's `>` writes
        encoding = "utf-16"
    elif encoding.lower().replace("-", "") == "utf8":
        encoding = "utf-8-sig"
    reconfigure(encoding=encoding, errors="replace")


def _leave_at_once(status: int) -> None:
    """Ends the program without waiting for a model that still loads or an answer left behind.

    Python would wait for their thread; it writes nothing that could be left half done.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)
