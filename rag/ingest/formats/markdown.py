"""Markdown: the file's own text, with what its front matter says."""

from __future__ import annotations

import re
from typing import Any

from rag.ingest.encoding import decode
from rag.ingest.parts import Parts

__all__ = ["read_markdown"]

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def read_markdown(data: bytes) -> Parts:
    """Front matter that cannot be read counts as text. Raises `UnreadableFile`."""
    text, encoding = decode(data)
    front: dict[str, Any] = {}
    start = 0
    match = _FRONT.match(text)
    if match:
        loaded = _load(match.group(1))
        if loaded is not None:
            front, start = loaded, match.end()
    heading = _HEADING.search(text, start)
    title = _word(front.get("title")) or (heading.group(1).strip() if heading else None)
    return Parts(
        text,
        "markdown",
        title=title,
        author=_word(front.get("author")),
        dates=((front.get("date"), "front matter"),),
        encoding=encoding,
        body_start=start,
        markdown=True,
    )


def _load(block: str) -> dict[str, Any] | None:
    import yaml

    try:
        found = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _word(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or None
    return str(value).strip() or None if isinstance(value, str | int | float) else None
