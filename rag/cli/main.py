"""The `rag` program: its commands, and the one place where an error becomes an exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rag import __version__
from rag.cli import eval as eval_command
from rag.cli.ask import ask
from rag.cli.chat import chat
from rag.cli.faults import tell
from rag.cli.index import index
from rag.cli.options import DebugOption
from rag.cli.output import print_error
from rag.cli.search import search
from rag.cli.show import show
from rag.cli.status import status
from rag.cli.timeline import timeline
from rag.cli.train import train_app
from rag.cli.verify import verify
from rag.errors import BadInput

__all__ = ["app", "run"]

#: `UsageError`, of which typer shows the subclass alone.
_USAGE_ERROR = typer.BadParameter.__base__ or typer.BadParameter

app = typer.Typer(
    name="rag",
    help="Ask a folder of dated documents and get answers you can check.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"rag {__version__}")
        raise typer.Exit()


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", callback=_print_version, is_eager=True
        ),
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Ask a folder of dated documents and get answers you can check."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


for _command in (index, ask, chat, search, timeline, show, verify, status):
    app.command()(_command)
app.add_typer(train_app, name="train")
app.command("eval", short_help="Ask question sets and score the answers.")(eval_command.evaluate)


def run() -> None:
    """Runs the program and leaves it with its exit status.

    0 done, 1 a failure, 2 a mistake in the call, 3 an abstention where `--fail-on-abstain` asked
    for it, 130 interrupted.
    """
    _replace_what_is_closed()
    try:
        code = _exit_code()
        sys.stdout.flush()
    except BrokenPipeError:
        code = _closed_pipe()
    sys.exit(code)


def _exit_code() -> int:
    _replace_what_cannot_be_encoded()
    try:
        return int(app(prog_name="rag", standalone_mode=False) or 0)
    except SystemExit as leaving:
        if isinstance(leaving.__context__, BrokenPipeError):  # typer makes it a plain 1
            raise leaving.__context__ from None
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        status = _mistake_in_the_call(error)
        return tell(error) if status is None else status


def _mistake_in_the_call(error: Exception) -> int | None:
    """Says what is wrong with the call, in this program's own form; None if nothing is."""
    if not isinstance(error, _USAGE_ERROR):
        return None
    usage: Any = error
    message = usage.format_message().strip()
    where = usage.ctx.command_path if usage.ctx is not None else _command_called()
    if message.startswith("Usage:"):  # a group of commands without one of them
        print(message, file=sys.stderr)
    else:
        hint = f"`{where} --help` lists what it takes."
        end = "" if message.endswith(("?", "!")) else "."
        print_error(BadInput(f"{message.rstrip('.')}{end}", hint=hint))
    return BadInput.exit_status


def _command_called() -> str:
    """`rag ask`, for an error that does not know of which command it is."""
    path = ["rag"]
    command: Any = typer.main.get_command(app)
    for word in sys.argv[1:]:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            break
        path.append(word)
    return " ".join(path)


def _replace_what_cannot_be_encoded() -> None:
    """A terminal that is not UTF-8 shows `?` for what it lacks, instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _replace_what_is_closed() -> None:
    """A stream that the caller has closed (`>&-`) is None in Python: it takes and gives nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 (to the end)
            setattr(sys, name, nothing)


def _closed_pipe() -> int:
    """The reader has left (`rag … | head`): nothing more can be said, and nothing went wrong."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    return 0
