"""Reads files in a process of its own: names come in as lines, documents go out as lines.

Lines of JSON, because what passes between the two is data and nothing that could run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.errors import NoText, UnreadableFile
from rag.ingest.read import ReadResult, read_file
from rag.types import Document, Paragraph

__all__ = ["READY", "main", "request", "result_of"]

#: The first line that comes back; another program does not send it, nor a Python that has other
#: libraries.
READY = f"rag reads, {sys.version_info[:3]} {sys.prefix!a}\n".encode()


def request(path: Path, source: str) -> bytes:
    """The line that asks for a file."""
    return json.dumps([os.fsdecode(path), source]).encode() + b"\n"


def result_of(line: bytes) -> ReadResult:
    """What a line of answer says; raises `UnreadableFile` where that is what it says."""
    found: Mapping[str, Any] = json.loads(line)
    if "unreadable" in found:
        raise (NoText if found["no_text"] else UnreadableFile)(found["unreadable"])
    skipped = tuple((source, reason) for source, reason in found["skipped"])
    return ReadResult(tuple(map(_document, found["documents"])), skipped)


def _document(values: dict[str, Any]) -> Document:
    paragraphs: Sequence[Sequence[Any]] = values.pop("paragraphs")
    return Document(paragraphs=tuple(Paragraph(*p) for p in paragraphs), **values)


def _answer(line: bytes) -> dict[str, Any]:
    path, source = json.loads(line)
    try:
        result = read_file(Path(path), source)
    except UnreadableFile as error:
        return {"unreadable": error.message, "no_text": isinstance(error, NoText)}
    documents = []
    for document in result.documents:
        values = asdict(document)
        values["paragraphs"] = [list(p.values()) for p in values["paragraphs"]]
        documents.append(values)
    return {"documents": documents, "skipped": result.skipped}


def main() -> None:
    """Answers until there are no more lines, so until the process that asks has ended."""
    # What a parser prints must not come between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out.write(READY)
    out.flush()
    for line in sys.stdin.buffer:
        out.write(json.dumps(_answer(line)).encode() + b"\n")
        out.flush()
