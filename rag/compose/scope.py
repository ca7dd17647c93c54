"""Which documents may answer by their dates, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.compose.answer import Found
from rag.store.database import date_range
from rag.types import Filters

__all__ = ["find_in_scope"]

Look = Callable[[Filters], Found]
"""Retrieves and reads under the given filters."""


def find_in_scope(look: Look, filters: Filters) -> Found:
    """What is found under the filters, with the sentence that names the date they end at."""
    found = look(filters)
    if filters.as_of is None:
        return found
    return replace(found, as_of=filters.as_of, scope=f"{_up_to(filters.as_of)}.")


def _up_to(as_of: str) -> str:
    return f"Documents up to {date_range(as_of)[1]}"
