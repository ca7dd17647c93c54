"""Names: of texts and passages by their hashes, of sources as a person may write them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rag.types import Span

__all__ = ["meant_by", "passage_id", "text_sha"]


def text_sha(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def passage_id(source: str, sha: str, span: Span) -> str:
    """The id of a passage, from its document's source and `text_sha`, and its place in it."""
    return text_sha(f"{source}\0{sha}\0{span.start}\0{span.end}")[:16]


def meant_by(name: str, sources: Sequence[str]) -> list[str]:
    """The sources that a person may mean by a name: the source itself, or the end of a path."""
    if name in sources:
        return [name]
    tail = name.removeprefix("./")
    return [
        s
        for s in sources
        if f"/{s}".endswith(f"/{tail}") or f"/{s}".rsplit("#", 1)[0].endswith(f"/{tail}")
    ]
