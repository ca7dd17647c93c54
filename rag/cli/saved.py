"""Saved answers, read from the files in which people keep them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from rag.config import named_path
from rag.errors import BadInput

__all__ = ["Saved", "read_saved"]

_HINT = "Give a file that rag ask --json has written."


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer as JSON, and what it goes by among those of its file."""

    name: str
    answer: object


def read_saved(file: str) -> list[Saved]:
    """The answers of a file (`-` is standard input), in order.

    It holds one, several one a line (as `rag chat --json` prints them) or in an array, or the
    records of `rag eval`, whose questions without an answer are passed over. Raises `BadInput`.
    """
    at = "Standard input" if file == "-" else file
    found = [_saved(n, value) for n, value in enumerate(_objects(_read(file), at), start=1)]
    answers = [saved for saved in found if saved is not None]
    if not answers:
        raise BadInput(f"{at} holds no answer.", hint=_HINT)
    return answers


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else named_path(file).read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror or error}.") from error


def _objects(data: bytes, at: str) -> list[Any]:
    """What the JSON of a file holds: a value, the values of an array, or one a line."""
    from rag.evaluate.json_text import json_text, numbered_lines

    try:
        text = json_text(data)
        try:
            whole = json.loads(text)
        except json.JSONDecodeError:
            values: list[Any] = []
            for number, line in numbered_lines(text):
                values.append(_line(line, f"{at}, line {number}" if values else at))
            return values
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{at} is not JSON.", hint=_HINT) from error
    return whole if isinstance(whole, list) else [whole]


def _line(line: str, at: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{at} is not JSON.", hint=_HINT) from error


def _saved(number: int, value: Any) -> Saved | None:
    """An answer, or that of a record; None for a record that has none."""
    if isinstance(value, dict) and {"suite", "_id", "answer"} <= value.keys():
        named = f"{value['suite']} {value['_id']}"
        return None if value["answer"] is None else Saved(named, value["answer"])
    return Saved(f"answer {number}", value)
