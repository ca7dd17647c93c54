"""Text functions that keep offsets: lines, trimming, and forms for comparing.

A line ends at `\\n`, `\\r\\n` or a lone `\\r`, and at nothing else (`str.splitlines` knows more).
White space is what `str.isspace` says, and a byte order mark at offset 0.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from rag.types import Span

__all__ = [
    "INLINE_DATE",
    "THREAD_MARKER",
    "line_of",
    "line_starts",
    "normalise",
    "passage_text",
    "trim",
    "words",
]

BOM = "\ufeff"

LINE_END = re.compile(r"\r\n|\n|\r")

INLINE_DATE = re.compile(r"\A\ufeff?\s*[Dd]ate:?[ \t]+(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?=\s|\Z)[ \t]*")
"""The ` date YYYY-MM-DD ` that some documents carry before their first sentence."""

THREAD_MARKER = r"\(?(?<![\d/])(\d{1,3})/(\d{1,3})\)?(?![\d/])"
"""`7/19` or `(7/19)`; whether it numbers a post is for `is_thread_marker` to say."""

_WORDY = re.compile(r"[^\W_]")


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines begin; the first is 0, and a final line end opens no line."""
    starts = [0]
    starts += [m.end() for m in LINE_END.finditer(text) if m.end() < len(text)]
    return starts


def line_of(starts: list[int], offset: int) -> int:
    """The 1-based number of the line that holds `offset`."""
    return max(1, bisect_right(starts, offset))


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at either end; empty (start == end) where nothing is left."""
    while start < end and (text[start].isspace() or (start == 0 and text[0] == BOM)):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def has_word(text: str, start: int, end: int) -> bool:
    """Whether a letter or a digit stands between the offsets."""
    return _WORDY.search(text, start, end) is not None


def is_thread_marker(number: str, total: str) -> bool:
    """Whether `number/total` can number a post: 1 <= number <= total, total at least 2."""
    return 1 <= int(number) <= int(total) >= 2


_FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "\u00ad": None,
        BOM: None,
    }
)


def normalise(text: str) -> str:
    """A form for comparing, never for quoting: NFKC, case, quotes, dashes, white space folded."""
    folded = unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")


def words(text: str) -> list[str]:
    """Lower-cased words and numbers in order; `1,960`, `3.14` and `Russia's` stay whole."""
    return [match.lower().replace("’", "'") for match in _WORD.findall(text)]


def passage_text(title: str | None, text: str) -> str:
    """A passage as models are given it: behind its document's title.

    A passage rarely says what its document is about: the title does.
    """
    return f"{title}\n{text}" if title else text
