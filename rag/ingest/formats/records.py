"""JSON Lines: each line a document with `text` and, where known, `title`, `date`, `author`."""

from __future__ import annotations

import json
from typing import Any

from rag.ingest.encoding import decode
from rag.ingest.parts import Parts

__all__ = ["read_records"]


def read_records(data: bytes) -> tuple[list[Parts], list[tuple[str, str]]]:
    """The records, and (line name, reason) of those left out; raises `UnreadableFile`."""
    text, encoding = decode(data)
    records: list[Parts] = []
    skipped: list[tuple[str, str]] = []
    names: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip().lstrip("\ufeff"):
            continue
        try:
            record = _record(json.loads(line.lstrip("\ufeff")), number, encoding)
        except RecursionError:
            skipped.append((str(number), "nested too deeply"))
            continue
        except ValueError as error:
            reason = str(error) if type(error) is ValueError else "not a JSON object"
            skipped.append((str(number), reason))
            continue
        if record.part in names:
            skipped.append((str(number), "its id has stood before"))
            continue
        names.add(str(record.part))
        records.append(record)
    return records, skipped


def _record(loaded: Any, number: int, encoding: str) -> Parts:
    if not isinstance(loaded, dict):
        raise ValueError("not a JSON object")
    text = loaded.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("a record without text")
    names = (loaded.get("_id"), loaded.get("id"), number)
    name = next(n for n in names if isinstance(n, str | int) and str(n).strip())
    dates = [loaded.get(k) for k in ("date", "published", "created_at", "timestamp")]
    return Parts(
        text,
        "jsonl",
        title=_word(loaded.get("title")),
        author=_word(loaded.get("author")),
        dates=tuple((d, "record") for d in dates if d is not None),
        encoding=encoding,
        part=str(name),
    )


def _word(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
