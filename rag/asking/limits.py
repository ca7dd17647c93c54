"""What a caller gives beside the question, checked before anything is searched."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from rag.config import check_range, check_utf8, date_setting
from rag.errors import BadInput
from rag.types import Filters, Turn

__all__ = ["filters_of", "turns_of"]


def filters_of(
    since: str | None,
    until: str | None,
    as_of: str | None,
    source: str | None,
    speaker: str | None,
) -> Filters:
    """What was given to the library, checked as the settings are; a blank text is none.

    Raises `BadInput` for a date, a range or a text that is none.
    """
    named = (("since", since), ("until", until), ("as_of", as_of))
    first, last, published = (
        None if _is_blank(day) else date_setting(day, name) for name, day in named
    )
    check_range(first, last)
    check_range(first, published)
    for what, text in (("source", source), ("speaker", speaker)):
        if not isinstance(text, str | None):
            raise BadInput(f"The {what} must be a text, not {text!r}.")
        check_utf8(text or "", f"The {what}")
    return Filters(
        since=first,
        until=last,
        as_of=published,
        source=None if _is_blank(source) else _as_indexed(source or ""),
        speaker=(speaker or "").strip() or None,
    )


def _as_indexed(source: str) -> str:
    """A glob as sources are written: without `./`, and with `/` where the system has another."""
    return source.replace(os.sep, "/").removeprefix("./")


def turns_of(history: Iterable[Turn | Mapping[str, str]] | None) -> tuple[Turn, ...]:
    """The turns before a question; a dictionary with `role` and `content` is taken for one.

    Raises `BadInput` for what is no turn.
    """
    if history is None:
        return ()
    if isinstance(history, str | Mapping | Turn) or not isinstance(history, Iterable):
        raise BadInput(f"The history must be a list of turns, not {history!r}.")
    return tuple(_turn(given) for given in history)


def _turn(given: Any) -> Turn:
    if isinstance(given, Mapping):
        found: Mapping[str, Any] = {"role": None, "content": None, **given}
        given = Turn(found["role"], found["content"])
    if not isinstance(given, Turn) or not isinstance(given.content, str):
        raise BadInput(
            f"A turn of the history is none: {given!r}.",
            hint="Write Turn(role, content), or a dictionary with these two.",
        )
    if given.role not in ("user", "assistant"):
        raise BadInput(f"The role of a turn must be user or assistant, not {given.role!r}.")
    return given


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
