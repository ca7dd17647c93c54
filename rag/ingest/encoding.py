"""Bytes to text: UTF-8 first, then what the bytes say of themselves, then a guess."""

from __future__ import annotations

import codecs

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


def looks_binary(data: bytes) -> bool:
    """Whether bytes are not text in any encoding: a NUL, or many control characters."""
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return False
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return bool(sample) and controls / len(sample) > _MAX_CONTROL_SHARE


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; line ends and a BOM stay as they are.

    Raises `UnreadableFile` where no encoding fits.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(name), name
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], threshold=0.2).best()
    if best is not None and best.encoding:
        try:
            return data.decode(best.encoding), str(best.encoding).replace("_", "-")
        except (UnicodeDecodeError, LookupError):
            pass
    raise UnreadableFile("cannot be decoded as text")
