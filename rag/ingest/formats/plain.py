"""Plain text: the document's text is the file's own."""

from __future__ import annotations

from rag.ingest.encoding import decode
from rag.ingest.formats.front import front_matter
from rag.ingest.parts import Parts

__all__ = ["read_plain"]


def read_plain(data: bytes) -> Parts:
    """The whole file as it is; front matter is as good as in Markdown. `UnreadableFile`."""
    text, encoding = decode(data)
    front = front_matter(text)
    return Parts(
        text,
        "text",
        title=front.title,
        author=front.author,
        dates=front.dates,
        encoding=encoding,
        body_start=front.end,
    )
