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

__all__ = ["is_terminal", "listed_skips", "print_error", "show", "skipped_lines", "write_json"]

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
    """Skipped sources with their reasons; where they are too many for a screen, by reason."""
    if not skipped:
        return []
    head = [BLANK, line(Piece(f"Skipped: {len(skipped)}", "warn"))]
    if len(skipped) <= SKIPPED_LISTED:
        return head + listed_skips(skipped)
    by_reason: dict[str, list[str]] = {}
    for source, reason in skipped:
        by_reason.setdefault(reason, []).append(source)
    return [
        *head,
        *[_one_reason(reason, found) for reason, found in by_reason.items()][:SKIPPED_LISTED],
        line(Piece("rag status names them all.", "dim"), lead="  "),
    ]


def listed_skips(skipped: Sequence[tuple[str, str]]) -> list[Line]:
    """A line for each skipped source."""
    return [line(Piece(name, "source"), f": {reason}", lead="  ") for name, reason in skipped]


def _one_reason(reason: str, sources: list[str]) -> Line:
    """`empty file (12): a.txt, b.txt, …`"""
    shown = ", ".join(sources[:2]) + (", …" if len(sources) > 2 else "")
    return line(f"{reason} ({len(sources)}): ", Piece(shown, "source"), lead="  ")


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
