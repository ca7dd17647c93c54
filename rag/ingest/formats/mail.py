"""E-mail: the text parts of a message, its subject, sender and date."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from rag.errors import NoText, UnreadableFile
from rag.ingest.encoding import decode
from rag.ingest.formats.html import html_text
from rag.ingest.parts import Parts

__all__ = ["read_mail"]

_BEFORE_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")
_TEXTS = ("text/plain", "text/html")
#: So many times the words of a text that only points to a page has that page, and at least so many.
_STUB, _A_PAGE = 3, 30


def read_mail(data: bytes) -> Parts:
    """The plain text, else the HTML; attachments are left out. Raises `UnreadableFile`."""
    message = message_from_bytes(_BEFORE_HEADERS.sub(b"", data, count=1), policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableFile("not an e-mail message")
    texts = list(_texts(message))
    if not texts:
        raise NoText("a message without text")
    whole = texts[0][0] if len(texts) == 1 else "\n\n".join(t.strip("\r\n") for t, _ in texts)
    return Parts(
        whole,
        "email",
        title=_header(message, "Subject"),
        author=_header(message, "From"),
        dates=((_header(message, "Date"), "header"),),
        encoding=texts[0][1],
    )


def _texts(part: MIMEPart) -> Iterator[tuple[str, str | None]]:
    """The texts of a part and of those in it, with their encodings; blank ones are none."""
    kind = part.get_content_type()
    if part.is_attachment():
        return
    if kind in _TEXTS:
        text, encoding = _content(part)
        text = html_text(text) if kind == "text/html" else text
        if text.strip():
            yield text, encoding
    elif kind == "multipart/alternative":
        yield from _best_of(part)
    elif part.get_content_maintype() == "multipart":
        parts = list(part.iter_parts())
        # What is related to a page are its images and styles.
        for inner in parts[:1] if kind == "multipart/related" else parts:
            yield from _texts(inner)


def _best_of(part: MIMEPart) -> list[tuple[str, str | None]]:
    """The texts of one of the alternatives: of the plain one, if it is not blank.

    Nor may it be a stub that sends the reader to the page: then the page has far more words.
    """
    parts = sorted(part.iter_parts(), key=lambda inner: inner.get_content_type() != "text/plain")
    found = [texts for inner in parts if (texts := list(_texts(inner)))]
    if not found:
        return []
    words = [sum(len(text.split()) for text, _ in texts) for texts in found]
    stub = max(words) > max(_STUB * words[0], _A_PAGE)
    return found[words.index(max(words)) if stub else 0]


def _content(part: MIMEPart) -> tuple[str, str | None]:
    """The text of a part, and its charset or what was found in its place.

    ASCII is also what is sent without a thought of a charset, and Latin-1 is Windows-1252 in
    practice: there the bytes decide. So they do where the charset is none that Python knows, or
    is UTF-8 and the bytes are not.
    """
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    codec = _codec(charset)
    if codec in {"ascii", "iso8859-1"}:
        if data.isascii():
            return data.decode("ascii"), charset
        return decode(data, "cp1252" if codec == "iso8859-1" else None)
    try:
        return data.decode(codec), charset
    except UnicodeDecodeError:
        return decode(data) if codec == "utf-8" else (data.decode(codec, "replace"), charset)
    except (LookupError, ValueError):
        return decode(data)


def _codec(charset: str | None) -> str:
    """Python's name of a charset; ASCII where none is named, as the standard has it."""
    try:
        return codecs.lookup(charset or "ascii").name
    except (LookupError, ValueError):
        return "unknown"


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) or None if value is not None else None
