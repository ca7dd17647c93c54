"""JSON Lines: each line a document with `text` and, where known, `title`, `date`, `author`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rag.ingest.dates import stated
from rag.ingest.encoding import decode
from rag.ingest.formats.front import names_in
from rag.ingest.parts import WITHOUT_TEXT, Parts
from rag.text import LINE_END

__all__ = ["read_records"]


def read_records(data: bytes) -> tuple[list[Parts], list[tuple[str, str]]]:
    """The records, and (line name, reason) of those left out; raises `UnreadableFile`.

    A record has the name that it states, else one by its line, which no other record states.
    """
    text, encoding = decode(data)
    records: list[tuple[int, Parts]] = []
    skipped: list[tuple[str, str]] = []
    names: set[str] = set()
    for number, line in enumerate(LINE_END.split(text), start=1):
        if not line.strip().lstrip("\ufeff"):
            continue
        try:
            record = _record(json.loads(line.lstrip("\ufeff")), encoding)
        except RecursionError:
            skipped.append((str(number), "nested too deeply"))
            continue
        except ValueError as error:
            reason = str(error) if type(error) is ValueError else "not a JSON object"
            skipped.append((str(number), reason))
            continue
        if record.part is not None:
            if record.part in names:
                skipped.append((str(number), "its id has stood before"))
                continue
            names.add(record.part)
        records.append((number, record))
    return [_named(record, number, names) for number, record in records], skipped


def _named(record: Parts, number: int, taken: set[str]) -> Parts:
    """A record with a name: its own, else the number of its line, set apart from those taken."""
    if record.part is not None:
        return record
    name = str(number)
    while name in taken:
        name = f"line-{name}"
    return replace(record, part=name)


def _record(loaded: Any, encoding: str) -> Parts:
    """One record; its `part` is the id that it states, None where it has none."""
    if not isinstance(loaded, dict):
        raise ValueError("not a JSON object")
    text = loaded.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(WITHOUT_TEXT)
    ids = (loaded.get("_id"), loaded.get("id"))
    names = [str(n) for n in ids if isinstance(n, str | int) and not isinstance(n, bool)]
    return Parts(
        text,
        "jsonl",
        title=names_in(loaded.get("title")),
        author=names_in(loaded.get("author", loaded.get("authors"))),
        dates=tuple((value, "record") for value in stated(loaded)),
        encoding=encoding,
        part=next((name for name in names if name.strip()), None),
    )
