"""Plain text: the document's text is the file's own."""

from __future__ import annotations

from rag.ingest.encoding import decode
from rag.ingest.parts import Parts

__all__ = ["read_plain"]


def read_plain(data: bytes) -> Parts:
    """The whole file as it is; raises `UnreadableFile`."""
    text, encoding = decode(data)
    return Parts(text, "text", encoding=encoding)
