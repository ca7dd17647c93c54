"""The names of texts and passages: hashes, so that a name that does not fit its text is noticed."""

from __future__ import annotations

import hashlib

from rag.types import Span

__all__ = ["passage_id", "text_sha"]


def text_sha(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def passage_id(source: str, sha: str, span: Span) -> str:
    """The id of a passage, from its document's source and `text_sha`, and its place in it."""
    return text_sha(f"{source}\0{sha}\0{span.start}\0{span.end}")[:16]
