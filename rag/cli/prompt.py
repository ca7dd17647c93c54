"""Reads what is typed: from a person at a terminal, or line by line from a script."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.conversation import COMMANDS, Conversation
from rag.cli.faults import tell

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

__all__ = ["ask_at_prompt", "ask_lines", "state_dir"]


def ask_at_prompt(conversation: Conversation) -> None:
    """The prompt, until Ctrl-D or /quit; Ctrl-C clears the line or stops the answer."""
    session = _session()
    greeting = sys.stderr if conversation.as_json else sys.stdout
    print("Ask a question; /help lists the commands, Ctrl-D leaves.", file=greeting)
    while True:
        try:
            typed = session.prompt(f"\nrag{conversation.limits_shown()}> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not conversation.take(typed):
                return
        except KeyboardInterrupt:
            print("\nStopped.", file=sys.stderr)
        except BrokenPipeError:
            raise
        except Exception as error:  # one bad line must not end the conversation
            tell(error)


def ask_lines(conversation: Conversation, lines: Iterable[str]) -> int:
    """Takes each line as if it were typed; the exit status of the first error, or 0."""
    status = 0
    for typed in lines:
        try:
            if not conversation.take(typed):
                break
        except BrokenPipeError:
            raise
        except Exception as error:  # one bad line must not end the conversation
            told = tell(error)
            status = status or told
        sys.stdout.flush()
    return status


def state_dir(environ: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Where this user's history is kept: `XDG_STATE_HOME`, or what the platform has for it."""
    chosen = environ.get("XDG_STATE_HOME", "")
    if Path(chosen).is_absolute():
        return Path(chosen) / "rag"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "rag"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "rag"
    return home / ".local" / "state" / "rag"


def _session() -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import History, InMemoryHistory
    from prompt_toolkit.shortcuts import CompleteStyle

    from rag.cli.history import KeptHistory

    history: History
    try:
        folder = state_dir(os.environ, Path("~")).expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "history").open("a"):
            pass
        history = KeptHistory(str(folder / "history"))
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home folder
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        print(f"rag: The history is not kept: {reason}.", file=sys.stderr)
        history = InMemoryHistory()
    words = WordCompleter(list(COMMANDS), sentence=True)
    return PromptSession(
        history=history,
        completer=words,
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,
    )
