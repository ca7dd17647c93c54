"""Whether a saved answer and its citations have the shape of what `rag ask --json` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rag.errors import BadInput

__all__ = ["answer_object", "malformed"]

_FIELDS: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "source": (str,),
    "quote": (str,),
    "source_sha256": (str,),
    "start": (int,),
    "end": (int,),
    "paragraph": (int,),
    "line": (int,),
    "page": (int, type(None)),
    "date": (str, type(None)),
    "title": (str, type(None)),
}
#: What an answer of an earlier version need not have.
_MAY_LACK: dict[str, tuple[type, ...]] = {
    "speaker": (str, type(None)),
    "speaker_span": (list, type(None)),
    "also_in": (list, tuple),
}


def answer_object(answer: object) -> dict[str, Any]:
    """The answer if it has the shape of one; a text of any other shape is a mistake in the call."""
    hint = "Give a file that rag ask --json has written."
    if not isinstance(answer, dict):
        raise BadInput("This is not a saved answer.", hint=hint)
    for name in ("citations", "statements"):
        items = answer.get(name)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise BadInput(f"The saved answer has no proper list of {name}.", hint=hint)
    if not isinstance(answer.get("answer"), str):
        raise BadInput("The saved answer has no text.", hint=hint)
    for n, statement in enumerate(answer["statements"], start=1):
        ids = statement.get("citations")
        numbered = isinstance(ids, list) and all(type(i) is int for i in ids)
        if not isinstance(statement.get("text"), str) or not numbered:
            raise BadInput(f"Statement {n} of the saved answer is not well formed.", hint=hint)
    return answer


def malformed(citation: Mapping[str, Any]) -> Iterator[str]:
    """The names of the fields of a citation that are not there or of another type."""
    for name, kinds in _FIELDS.items():
        value = citation.get(name, ...)
        if not isinstance(value, kinds) or isinstance(value, bool):
            yield name
    for name, kinds in _MAY_LACK.items():
        if name in citation and not isinstance(citation[name], kinds):
            yield name
