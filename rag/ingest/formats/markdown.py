"""Markdown: the file's own text, with what its front matter says."""

from __future__ import annotations

import re

from rag.ingest.encoding import decode
from rag.ingest.formats.front import front_matter
from rag.ingest.parts import Parts

__all__ = ["read_markdown"]

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def read_markdown(data: bytes) -> Parts:
    """The whole file as it is, titled by its front matter or first heading. `UnreadableFile`."""
    text, encoding = decode(data)
    front = front_matter(text)
    heading = _HEADING.search(text, front.end)
    return Parts(
        text,
        "markdown",
        title=front.title or (heading.group(1).strip() if heading else None),
        author=front.author,
        dates=front.dates,
        encoding=encoding,
        body_start=front.end,
        markdown=True,
    )
