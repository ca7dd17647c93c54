"""Text of a JSON or JSON Lines file, as editors and shells write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

__all__ = ["json_text", "numbered_lines"]

_LINE_END = re.compile(r"\r\n|\n|\r")


def json_text(data: bytes) -> str:
    """UTF-8, with a byte order mark or not, or the UTF-16 that PowerShell's `>` makes of it.

    Raises `ValueError` where it is neither.
    """
    return data.decode(json.detect_encoding(data))


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, counted from 1.

    Not `splitlines()`: a JSON string may hold U+2028, which is no line end here.
    """
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if line.strip():
            yield number, line
