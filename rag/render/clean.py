"""Makes text of documents harmless before it is shown: documents are data (law 8)."""

from __future__ import annotations

import re

__all__ = ["clean", "collapsed", "one_line", "snippet"]

_SPACES = re.compile(r"\s+")

_BIDI = (0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
_STAND_INS: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys((*range(0x80, 0xA0), *_BIDI, 0xFEFF), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates cannot be encoded
    **dict.fromkeys(range(0xE0000, 0xE0080), "\ufffd"),  # invisible tags
    0x2028: "\n",
    0x2029: "\n",
    0x85: "\n",
}


def clean(text: str) -> str:
    """The text with every code point that could drive a terminal shown as a stand-in.

    Escape and control characters become their pictures (`␛`), bidirectional overrides, lone
    surrogates and invisible tags become `\\ufffd`; line ends become `\\n`. The marks that
    ordinary Arabic, Hebrew, Persian or Indic text needs (LRM, RLM, joiners) stay.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_STAND_INS)


def collapsed(text: str) -> str:
    """Clean text with every run of white space as one space, at the ends too."""
    return _SPACES.sub(" ", clean(text))


def one_line(text: str) -> str:
    """Clean text on one line, without white space at the ends."""
    return collapsed(text).strip()


def snippet(text: str, length: int = 160) -> str:
    """The beginning of a text as one clean line of at most `length` code points."""
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    space = cut.rfind(" ", length // 2)
    return (cut[:space] if space > 0 else cut).rstrip(" ,;:") + "…"
