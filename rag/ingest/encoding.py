"""Bytes to text: UTF-8 first, then what the bytes say of themselves, then a guess."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from rag.errors import UnreadableFile

__all__ = ["decode", "looks_binary"]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
_MAX_CONTROL_SHARE = 0.02

#: Letters and signs that Windows-1252 has and Western text hardly: where they stand, the bytes
#: are Central European, Baltic or Turkish. So is an õ that no Portuguese ending follows, and an
#: ordinal sign that is neither 1º, nº nor ºC.
_NOT_WESTERN = re.compile(
    "[þðýÞÐÝšžŠŽÿ¤¦¨¬¯´¶¸ƒˆ†‡‰˜›]|õ(?![es])|\\w[¿¡£¢«»×÷](?=\\w)|[\x00-\x08\x0e-\x1f]"
    "|(?<!\\d)(?<!\\b[nNM])[ªº](?![CF]\\b)"
)
#: Signs that Western text has as well (m³, ¼ cup, 5 µg, ±2, ¥500, a footnote¹), where they can
#: only be the letters of other bytes: within a word (zosta³a, S¥D; not m³s-1), in front of a
#: Slovak one (¾udia), at the end of a Polish one (s¹, maj¹), or in a run such as Chinese has.
_SIGN_FOR_LETTER = re.compile(
    "(?<=[^\\W\\d_])[³¹¼½¾](?=[a-zß-öø-ÿœ])(?![sh]\\b)|(?<=[A-Z])¥(?=[A-Z])"
    "|(?<!\\w)[¼¾](?=[uú]|a[dhvn])|(?<!\\w)[Ss]¹(?!\\w)|j¹(?!\\w)"
    "|(?=[^\x00-\x7f]{4})[^\x00-\x7f]{0,3}[³¹¼½¾µ¥±]"
)
#: The same of a Polish ł at the edge of a word (by³, ³adny). A text that has a ² as well has
#: footnotes or powers.
_EDGE_FOR_LETTER = re.compile("[^\\W\\d_][aeiuy]³(?!\\w)|(?<!\\w)³(?=[a-zó]{2})")
_MAX_WESTERN_SHARE = 0.25
#: What Cyrillic text is written in, and the letters that make most of it in any language.
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866")
_COMMON = frozenset("оеаинтсрвл")
_MIN_COMMON_SHARE = 0.5
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|[а-яё][А-ЯЁ]")
_MAX_SENSELESS_SHARE = 0.2
_VALID_PER_ERROR = 10
_FEW = 8


def looks_binary(data: bytes) -> bool:
    """Whether bytes are not text in any encoding: a NUL, or many control characters."""
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return False
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return _utf16(sample) is None
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return bool(sample) and controls / len(sample) > _MAX_CONTROL_SHARE


def _utf16(sample: bytes) -> str | None:
    """The UTF-16 of a text without a BOM: every other byte is NUL, or one of the few of a script.

    In Cyrillic or Greek it is NUL for spaces alone.
    """
    halves = sample[0::2], sample[1::2]
    for half, other, name in ((*halves, "utf-16-be"), (*halves[::-1], "utf-16-le")):
        few = len(half) > _FEW and half.count(0) > 0 and len(set(half)) <= _FEW // 2
        if b"\0" not in other and (few or half.count(0) > len(half) // 2):
            return name
    return None


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding; line ends and a BOM stay as they are.

    `declared` is what a format says of its own encoding, believed where UTF-8 does not fit.
    Raises `UnreadableFile` where no encoding gives text.
    """
    for name in _candidates(data, declared):
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):
            mended = _mended(data) if name == "utf-8" else None
            if mended is None:
                continue
            return mended, "utf-8 with errors"
        if not _senseless(text):
            return text, name.replace("_", "-")
    raise UnreadableFile("cannot be decoded as text")


def _candidates(data: bytes, declared: str | None) -> Iterator[str]:
    """Names of encodings to try, the likeliest first; each is looked for only when needed."""
    marked = [name for bom, name in _BOMS if data.startswith(bom)]
    yield from marked
    unmarked = None if marked else _utf16(data[:_SAMPLE])
    if unmarked is not None:
        yield unmarked
    yield "utf-8"
    if declared:
        yield declared
    # The part of the file around the first byte that is not ASCII says more than its beginning.
    first = next((m.start() for m in re.finditer(rb"[\x80-\xff]", data)), 0)
    sample = data[max(0, first - 1024) : first + _SAMPLE]
    if _western(sample):
        yield "cp1252"
    yield from _cyrillic(sample)
    guess = _guess(sample)
    if guess is not None:
        yield guess


def _mended(data: bytes) -> str | None:
    """UTF-8 in which a few bytes are wrong or cut off, each as U+FFFD; None if it is none."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(ch > "\x7f" for ch in text) - wrong
    return text if right >= _VALID_PER_ERROR * wrong else None


def _western(sample: bytes) -> bool:
    """Whether a sample reads as Western text in Windows-1252, the commonest encoding but UTF-8.

    Asked before the guess, which takes short texts with a few quotation marks for anything.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    if sum(ch > "\x7f" for ch in text) > _MAX_WESTERN_SHARE * len(text):
        return False
    signs = [_NOT_WESTERN, _SIGN_FOR_LETTER] + ([] if "²" in text else [_EDGE_FOR_LETTER])
    return not any(sign.search(text) for sign in signs)


def _cyrillic(sample: bytes) -> list[str]:
    """The encoding in which a sample reads as Cyrillic; the guess takes short texts for Japanese.

    In a wrong one of them capitals and signs stand within words, and rare letters are common.
    """
    found: list[tuple[float, str]] = []
    for name in _CYRILLIC:
        text = sample.decode(name, "replace")
        beyond = [ch for ch in text if ch > "\x7f"]
        common = sum(ch.lower() in _COMMON for ch in beyond)
        signs = sum(unicodedata.category(ch)[0] == "S" and ch != "№" for ch in beyond)
        wrong = len(_MIXED.findall(text)) + signs
        if len(beyond) >= _FEW and common - wrong >= _MIN_COMMON_SHARE * len(beyond):
            found.append((wrong - common, name))
    return [name for _, name in sorted(found)[:1]]


def _guess(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.2).best()
    if best is None or (len(sample) > 8 * _FEW and len(set(str(best))) < 2 * _FEW):
        return None  # the same few characters again and again are nobody's text
    return str(best.encoding)


def _senseless(text: str) -> bool:
    """Whether what was decoded is no text: unassigned, private, format and control characters."""
    sample = text[:_SAMPLE]
    odd = sum(unicodedata.category(ch)[0] == "C" and ch not in "\t\n\r\f\v" for ch in sample)
    return odd > max(_FEW, _MAX_SENSELESS_SHARE * len(sample))
