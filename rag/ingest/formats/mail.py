"""E-mail: the text part of a message, its subject, sender and date."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from rag.errors import UnreadableFile
from rag.ingest.encoding import decode
from rag.ingest.formats.html import html_text
from rag.ingest.parts import Parts

__all__ = ["read_mail"]


def read_mail(data: bytes) -> Parts:
    """The plain text part, else the HTML part; attachments are left out. `UnreadableFile`."""
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableFile("not an e-mail message")
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise UnreadableFile("a message without text")
    text, encoding = _content(body)
    if body.get_content_type() == "text/html":
        text = html_text(text)
    return Parts(
        text,
        "email",
        title=_header(message, "Subject"),
        author=_header(message, "From"),
        dates=((_header(message, "Date"), "header"),),
        encoding=encoding,
    )


def _content(body: MIMEPart) -> tuple[str, str | None]:
    """The text of a part; where its charset is none that Python knows, the bytes decide."""
    try:
        return str(body.get_content()), body.get_content_charset()
    except (LookupError, UnicodeError):
        payload = body.get_payload(decode=True)
        return decode(payload if isinstance(payload, bytes) else b"")


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) or None if value is not None else None
