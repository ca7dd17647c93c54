"""A normalised view of a text that knows where each of its characters stands in the text.

For comparing what was written with what it cites: two spellings of the same words (ligatures,
full-width forms, curly quotes, a word broken at a line's end) are the same in the view.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Span

__all__ = ["View", "view_of"]

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
#: A word broken at the end of a line. Before a capital the hyphen is taken to be the word's own.
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010][^\S\r\n]*(?:\r\n|\n|\r)\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class View:
    """`text` is normalised; `starts[i]` and `ends[i]` bound the source of its character `i`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The half-open span of the source behind a stretch of the view that is not empty."""
        return Span(self.starts[start], self.ends[end - 1])

    def find(self, text: str) -> Span | None:
        """Where in the source another text's view first stands, None if nowhere."""
        wanted = view_of(text).text
        at = self.text.find(wanted) if wanted else -1
        return None if at < 0 else self.span(at, at + len(wanted))


def view_of(text: str) -> View:
    """NFKC, one kind of quote and dash, single spaces, no invisible signs; case is kept."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        form = _form(text[start:end])
        for character in form.translate(_FOLDED):
            shown = " " if character.isspace() else character
            if shown == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(shown)
            starts.append(start)
            ends.append(end)
    while characters and characters[-1] == " ":
        del characters[-1], starts[-1], ends[-1]
    return View("".join(characters), tuple(starts), tuple(ends))


def _form(cluster: str) -> str:
    """NFKC, but for signs that mean a number without being its digits: `10²` is not `102`."""
    if unicodedata.category(cluster[0]) == "No":
        return cluster
    return unicodedata.normalize("NFKC", cluster.translate(_FOLDED))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The characters with the marks that combine with them; what is invisible is left out."""
    broken = {m.start(): m.end() for m in _BROKEN.finditer(text) if text[m.end()].islower()}
    at = 0
    while at < len(text):
        if at in broken:
            at = broken[at]
            continue
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if text[at].isspace() or unicodedata.category(text[at]) not in ("Cc", "Cf", "Cs"):
            yield at, end
        at = end
