"""Writes docs/commands.md from what `rag --help` says; with --check only compares.

python tools/make_command_reference.py [--check]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ["COLUMNS"] = os.environ["TERMINAL_WIDTH"] = "80"  # help is the same on every machine

from typer.main import get_command
from typer.testing import CliRunner

from rag.cli.conversation import COMMANDS
from rag.cli.main import app
from rag.config import KEYS

TARGET = Path(__file__).resolve().parents[1] / "docs" / "commands.md"

INTRODUCTION = """\
# Commands

Made from `--help` by `tools/make_command_reference.py`; change the help, not this file.

Exit status: 0 done (an answer that the documents do not say is also done), 1 a failure, 2 a
mistake in the call or the input, 3 an abstention where `--fail-on-abstain` asked for it, 4 a
significant loss against the `--baseline` of `rag eval`, 130 interrupted. With `--json`,
standard output holds JSON and nothing else; progress, warnings and errors go to standard error.
Piped output has no colour and no wrapping; on a terminal `NO_COLOR` and `COLUMNS` are heeded.
"""

SETTINGS = """\
## Settings

Each of these can be given as a flag, in the environment, or in a file `rag.toml` in the working
directory (at the top level or in a table `[rag]`). A flag wins over the environment, the
environment over the file.

| flag | environment | `rag.toml` |
| --- | --- | --- |
"""

DATES = """
A date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a year or a month means all of it. An unknown key in
`rag.toml` is an error that names the nearest one.
"""

CHAT = """\
### At the prompt of `rag chat`

| command | does |
| --- | --- |
"""


def main() -> int:
    """Writes or checks the page; 1 where the check finds it out of date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    given = parser.parse_args()
    page = reference()
    if given.check:
        current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        return int(current != page)
    TARGET.write_text(page, encoding="utf-8")
    return 0


def reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _section("rag", [])]
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        parts.append(_section(f"rag {name}", [name]))
        for inner in getattr(command, "commands", {}):
            parts.append(_section(f"rag {name} {inner}", [name, inner]))
        if name == "chat":
            parts.append(CHAT + "".join(f"| `{c}` | {text} |\n" for c, text in COMMANDS.items()))
    rows = (f"| `--{k.replace('_', '-')}` | `RAG_{k.upper()}` | `{k}` |\n" for k in KEYS)
    return "\n".join([*parts, SETTINGS + "".join(rows) + DATES])


def _section(title: str, argv: list[str]) -> str:
    done = CliRunner().invoke(app, [*argv, "--help"], prog_name="rag")
    if done.exit_code != 0:
        raise SystemExit(f"rag {' '.join(argv)} --help failed: {done.output}")
    rows = "\n".join(row.rstrip() for row in done.output.strip().splitlines())
    return f"## `{title}`\n\n```text\n{rows}\n```\n"


if __name__ == "__main__":
    sys.exit(main())
