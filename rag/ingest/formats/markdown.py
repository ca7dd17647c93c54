"""Markdown: the file's own text, with what its front matter says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.ingest.encoding import decode
from rag.ingest.formats.front import front_matter
from rag.ingest.lines import FENCE
from rag.ingest.parts import Parts
from rag.text import LINE_END

__all__ = ["read_markdown"]

_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*")
#: A line that an underline may make a heading: no code, quote, row or heading already.
_UNDERLINED = re.compile(r" {0,3}[^\s#|>=][^|]*")


def read_markdown(data: bytes) -> Parts:
    """The whole file as it is, titled by its front matter or first heading. `UnreadableFile`."""
    text, encoding = decode(data)
    front = front_matter(text)
    return Parts(
        text,
        "markdown",
        title=front.title or _first_heading(text[front.end :]),
        author=front.author,
        dates=front.dates,
        encoding=encoding,
        body_start=front.end,
        markdown=True,
    )


def _first_heading(text: str) -> str | None:
    """The first heading of the first level, as `# Title` or underlined."""
    for before, line in pairwise(["", *_without_code(text)]):
        if heading := _HEADING.fullmatch(line):
            return heading[1].strip()
        if _UNDERLINE.fullmatch(line) and _UNDERLINED.fullmatch(before):
            return before.strip()
    return None


def _without_code(text: str) -> Iterator[str]:
    """The lines of a text, those of fenced code empty."""
    fence: str | None = None
    for line in LINE_END.split(text.removeprefix("\ufeff")):
        mark = FENCE.match(line)
        yield "" if fence or mark else line
        if fence is None:
            fence = mark[1] if mark else None
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = None
