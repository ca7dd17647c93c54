"""Names: of texts and passages by their hashes, of sources as a person may write them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from rag.types import Span

__all__ = ["composed", "meant_by", "passage_id", "text_sha"]


def text_sha(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def passage_id(source: str, sha: str, span: Span) -> str:
    """The id of a passage, from its document's source and `text_sha`, and its place in it."""
    return text_sha(f"{source}\0{sha}\0{span.start}\0{span.end}")[:16]


def composed(name: str) -> str:
    """A name with letters and accents as one sign: macOS writes two where a keyboard writes one."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def meant_by(name: str, sources: Sequence[tuple[str, str]]) -> list[str]:
    """The sources that a person may mean by a name: the source itself, or the end of a path.

    Each of `sources` comes with the path of its file; see `composed`.
    """
    wanted = composed(name)
    same = [source for source, _ in sources if composed(source) == wanted]
    if same:
        return [name] if name in same else same
    tail = f"/{wanted.removeprefix('./')}"
    return [
        source
        for source, path in sources
        if any(f"/{composed(end)}".endswith(tail) for end in (source, path))
    ]
