"""Where results go: JSON, plain lines for a pipe, styled lines for a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rag.errors import RagError
from rag.render.clean import one_line
from rag.render.lines import BLANK, Line, Piece, line, to_text

__all__ = ["is_terminal", "print_error", "show", "skipped_lines", "write_json"]

SKIPPED_LISTED = 20

_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person watches the stream (standard output) on a terminal that has cursor codes."""
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def show(lines: Iterable[Line]) -> None:
    """Prints lines the way that suits standard output."""
    if is_terminal():
        from rag.render.terminal import make_console, print_lines

        print_lines(make_console(), lines)
    else:
        sys.stdout.write(to_text(lines) + "\n")


def skipped_lines(skipped: Sequence[tuple[str, str]]) -> list[Line]:
    """Skipped sources with their reasons, the first of them if there are many."""
    if not skipped:
        return []
    shown = [
        line(Piece(source, "source"), f": {reason}", lead="  ")
        for source, reason in skipped[:SKIPPED_LISTED]
    ]
    left = len(skipped) - len(shown)
    more = [line(Piece(f"… and {left} more; --json lists all", "dim"), lead="  ")] if left else []
    return [BLANK, line(Piece(f"Skipped: {len(skipped)}", "warn")), *shown, *more]


def write_json(value: Any) -> None:
    """One JSON object on one line; what a terminal could obey is written as `\\uXXXX`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    if encoding != "utf8":
        text = json.dumps(value, allow_nan=False)
    sys.stdout.write(_UNSAFE_IN_JSON.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n")
    sys.stdout.flush()


def print_error(error: RagError) -> None:
    """`rag: <sentence>` and the hint, on standard error."""
    sys.stdout.flush()
    print(f"rag: {one_line(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"     {one_line(error.hint)}", file=sys.stderr)
