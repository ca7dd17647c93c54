"""Dates and globs as the conditions that Milvus applies before it ranks."""

from __future__ import annotations

import re

from rag.config import parse_date
from rag.store.database import date_range
from rag.store.milvus_client import literal
from rag.store.names import composed
from rag.types import Filters

__all__ = ["date_condition", "days_of", "ends_condition", "glob_condition", "near_glob"]

#: The days of a document without a date: no limit lets it pass.
UNDATED = (99_999_999, 0)

_NAMES = ("source", "path", "name")


def days_of(date: str | None) -> tuple[int, int]:
    """The first and the last day of a date of any precision, as numbers like 20201130."""
    if date is None:
        return UNDATED
    first, last = date_range(date)
    return _number(first), _number(last)


def date_condition(filters: Filters) -> list[str]:
    """What the dates of some filters ask for, to be joined by `and`; `BadInput` for no date."""
    asked = []
    if filters.since is not None:
        asked.append(f"last_day >= {_number(date_range(parse_date(filters.since))[0])}")
    if filters.until is not None:
        asked.append(f"first_day <= {_number(date_range(parse_date(filters.until))[1])}")
    if filters.as_of is not None:
        last = _number(date_range(parse_date(filters.as_of))[1])
        asked.append(f"last_day > 0 and last_day <= {last}")
    return asked


def glob_condition(pattern: str) -> str | None:
    """The condition that says just what a glob says; None where Milvus has no words for it.

    `*` is its `%`. It has nothing for `?` and `[a-z]`, and not every version can say that a `%` or
    `_` stands for itself. Of an accent it does not know that it may be a sign of its own.
    """
    if not pattern.isascii():
        return None
    if not any(sign in pattern for sign in "*?["):
        return "(" + " or ".join(f"{n} == {literal(pattern)}" for n in _NAMES) + ")"
    if any(sign in pattern for sign in '?[]%_\\"'):
        return None
    like = literal(pattern.replace("*", "%"))
    return "(" + " or ".join(f"{n} like {like}" for n in _NAMES) + ")"


def near_glob(pattern: str) -> str:
    """A condition that lets pass all that a glob lets pass, and perhaps more."""
    start = re.split(r'[*?\[%_\\"]|[^\x00-\x7f]', composed(pattern), maxsplit=1)[0]
    if not start:
        return "born >= 0"
    return "(" + " or ".join(f"{n} like {literal(start + '%')}" for n in _NAMES) + ")"


def ends_condition(name: str) -> str:
    """A condition that lets pass all sources and paths that end in a name, and perhaps more."""
    end = re.split(r"[^\x00-\x7f]", composed(name))[-1]
    # Signs that would have to be escaped stand for any one sign here.
    like = "".join("_" if sign in '\\"%' else sign for sign in end)
    return "(" + " or ".join(f"{n} like {literal('%' + like)}" for n in _NAMES[:2]) + ")"


def _number(day: str) -> int:
    return int(day.replace("-", ""))
