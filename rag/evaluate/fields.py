"""Fields of a question's JSON object: each as what the format says it is, or `ValueError`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.config import parse_date

__all__ = [
    "date_in",
    "list_in",
    "number_in",
    "object_of",
    "plain",
    "sentence_groups_in",
    "text_in",
    "texts_in",
    "words_of",
]


def object_of(value: object, what: str) -> Mapping[str, Any]:
    """A JSON object; `what` names it in the error."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is not an object")
    return value


def plain(value: object, what: str) -> str:
    """A text, or a number as one; a list, an object, true, false or null is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{what} is not a text")
    return str(value)


def list_in(record: Mapping[str, Any], name: str) -> list[Any] | None:
    value = record.get(name)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"`{name}` is not a list")
    return value


def texts_in(record: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """A list of texts, without those that are blank: a table exported has one for nothing."""
    values = list_in(record, name)
    if values is None:
        return None
    texts = [plain(v, f"an entry of `{name}`") for v in values]
    return tuple(t for t in texts if t.strip())


def sentence_groups_in(record: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...] | None:
    """A list of sentences for each reference; one flat list is that of one reference."""
    groups = list_in(record, name)
    if groups and all(isinstance(g, str) for g in groups):
        groups = [groups]
    if groups is None:
        return None
    if not all(isinstance(g, list) for g in groups):
        raise ValueError(f"`{name}` is not one list of sentences a reference")
    return tuple(tuple(plain(s, f"a sentence of `{name}`") for s in group) for group in groups)


def text_in(record: Mapping[str, Any], name: str) -> str | None:
    """A text; a blank one says as little as none."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{name}` is not a text")
    return value if value and value.strip() else None


def date_in(record: Mapping[str, Any], name: str) -> str | None:
    """A date, also a year as a number; a blank text is none."""
    value = record.get(name)
    text = "" if value is None else str(value)
    return parse_date(text) if text.strip() else None


def number_in(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise ValueError(f"`{name}` of an evidence is not a whole number from 0 on")
    return value


def words_of(record: Mapping[str, Any], name: str) -> list[str]:
    """A label or a list of labels."""
    value = record.get(name)
    if value is None:
        return []
    labels = value if isinstance(value, list) else [value]
    return [plain(label, f"an entry of `{name}`") for label in labels]
