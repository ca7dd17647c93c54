"""Reads what is typed: from a person at a terminal, or line by line from a script."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Never

from rag.cli.conversation import COMMANDS, Conversation, is_command
from rag.cli.faults import tell

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

__all__ = ["ask_at_prompt", "ask_lines", "state_dir"]


def ask_at_prompt(conversation: Conversation) -> None:
    """The prompt, until Ctrl-D or /quit; Ctrl-C clears the line or stops the answer.

    Where standard output is no terminal, it gets what was typed and the answers, without prompts.
    """
    session = _session()
    bare = conversation.as_json or not sys.stdout.isatty()
    greeting = sys.stderr if bare else sys.stdout
    print("Ask a question; /help lists the commands, Ctrl-D leaves.", file=greeting)
    with _interrupts_ignored():
        while True:
            try:
                shown = f"\nrag{conversation.limits_shown()}> "
                typed = session.prompt(shown, handle_sigint=False)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if not _take(conversation, typed):
                return


def _take(conversation: Conversation, typed: str) -> bool:
    """Takes what was typed, until Ctrl-C stops it; False when it is time to leave."""
    try:
        return _follow(conversation, typed)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return True
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _follow(conversation: Conversation, typed: str) -> bool:
    signal.signal(signal.SIGINT, _interrupt_once)
    try:
        parts = parts_of(typed)
        if parts and not sys.stdout.isatty():
            conversation.note(typed)
        for part in parts:
            if not conversation.take(part):
                return False
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except Exception as error:  # one bad line must not end the conversation
        tell(error)
    return True


def parts_of(typed: str) -> list[str]:
    """What was pasted, apart: a line with a command is one, the lines between are one question."""
    parts = [""]
    for row in typed.splitlines():
        if is_command(row):
            parts += [row, ""]
        else:
            parts[-1] += f"{row}\n"
    return [part for part in parts if part.strip()]


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Nothing is there to be stopped: the prompt itself reads Ctrl-C as a key."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt_once(*_: object) -> Never:
    """Who holds Ctrl-C down stops the answer, not what comes after it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


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
    from prompt_toolkit.output import create_output
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
        output=create_output(always_prefer_tty=True),
        completer=words,
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,
    )
