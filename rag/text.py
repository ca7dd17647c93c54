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
    "LETTERS",
    "THREAD_MARKER",
    "line_of",
    "line_starts",
    "normalise",
    "passage_text",
    "raised",
    "trim",
    "turns_quote",
    "words",
]

BOM = "\ufeff"

LINE_END = re.compile(r"\r\n|\n|\r")

INLINE_DATE = re.compile(
    r"\A[\s\ufeff]*date\s*:?\s*(\d{4}-\d{2}-\d{2})(?!\d)(?:T[\d:.+Z-]+)?[.,;:]?[ \t]*",
    re.IGNORECASE,
)
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


_QUOTED = re.compile(r"\s*((?:>\s?)*)(.*)", re.DOTALL)
_ENDED = re.compile(r"[.!?:…][\"'”’)\]]*\Z")


def turns_quote(before: str, line: str) -> bool:
    """Whether a line is not of him who wrote the one before: mail quotes with `>` at line starts.

    A quoted line without words ends a paragraph. A rest that lost its `>` when it was wrapped
    goes on in small letters within a sentence.
    """
    if ">" not in before and ">" not in line:
        return False
    (marks, said), (more, says) = (_parts_quoted(text) for text in (before, line))
    if not said or not says:
        return marks != more or marks > 0
    rest = more < marks and says[0].islower() and _ENDED.search(said) is None
    return marks != more and not rest


def _parts_quoted(line: str) -> tuple[int, str]:
    """How often a line is quoted, and its words."""
    match = _QUOTED.match(line)
    return (match[1].count(">"), match[2].strip()) if match is not None else (0, line.strip())


_FIGURES = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_RAISED = re.compile(r"\s*[+−-]?\d+(?:\s*,\s*\d+)*\s*")


def raised(text: str) -> str | None:
    """Figures as they stand raised: a note's number, or an exponent; None if it is anything else.

    Left on the line they would make another number of the one before: 1,960 and note 3.
    """
    return text.strip().translate(_FIGURES) if _RAISED.fullmatch(text) else None


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


#: Signs for vowels and tones, which `re` takes for no part of a word, and the letters between them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07b0\u07eb-\u07f3\u07fd"
    "\u0816-\u082d\u0859-\u085b\u0898-\u08e1\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a51"
    "\u0a70-\u0a75\u0a81-\u0ae3\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83"
    "\u0cbc-\u0ce3\u0d00-\u0d4d\u0d57\u0d62-\u0d63\u0d81-\u0ddf\u0df2-\u0df3\u0e31-\u0e3a"
    "\u0e47-\u0e4e\u0eb1-\u0ecd\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6"
    "\u102b-\u103e\u1056-\u108f\u109a-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u17d3\u17dd"
    "\u180b-\u180d\u180f\u1885-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73"
    "\u1b80-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1dff\u2cef-\u2cf1"
    "\u2d7f-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua672\ua674-\ua67d\ua69e-\ua69f"
    "\ua6f0-\ua6f1\ua802-\ua827\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua953"
    "\ua980-\ua9c0\ua9e5\uaa29-\uaa4d\uaa7b-\uaac1\uaaeb-\uaaef\uaaf5-\uaaf6\uabe3-\uabea"
    "\uabec-\uabed\ufb1e\ufe20-\ufe2f"
)
LETTERS = rf"[^\W\d_]+(?:[{_MARKS}]++[^\W\d_]*+)*+"
"""A run of letters with their signs, as in हिन्दी."""

#: Raised figures number a note, or are the exponent of what stands before them.
_HIGH = "⁰¹²³⁴-⁹"
_RUN = rf"[^\W_{_HIGH}]+(?:[{_MARKS}]++[^\W_{_HIGH}]*+)*+"
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|{_RUN}(?:['’]{_RUN})*")


def words(text: str) -> list[str]:
    """Lower-cased words and numbers in order; `1,960`, `3.14` and `Russia's` stay whole."""
    return [match.lower().replace("’", "'") for match in _WORD.findall(text)]


def passage_text(title: str | None, text: str) -> str:
    """A passage as models are given it: behind its document's title.

    A passage rarely says what its document is about: the title does.
    """
    return f"{title}\n{text}" if title else text
