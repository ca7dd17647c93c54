"""Reads one file into dated documents, or says in a few words why it cannot."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NoText, UnreadableFile
from rag.ingest.dates import date_in_name, find_date, inline_date
from rag.ingest.encoding import looks_binary
from rag.ingest.paragraphs import split_paragraphs
from rag.ingest.parts import WITHOUT_TEXT, Parts
from rag.types import Document
from rag.words.language import detect_language

__all__ = ["MAX_BYTES", "ReadResult", "read_documents", "read_file"]

MAX_BYTES = 100 * 1024 * 1024
#: So much tells whether a file is text; see `looks_binary`.
_HEAD = 64 * 1024
_LANGUAGE_SAMPLE = 20_000

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "an archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "an archive"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "RTF"),
    (b"%!PS", "PostScript"),
)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The documents of a file, and (source, reason) of the records that were left out."""

    documents: tuple[Document, ...]
    skipped: tuple[tuple[str, str], ...] = ()


def read_documents(path: Path, source: str) -> list[Document]:
    """The documents of a file; raises `UnreadableFile` with the reason."""
    return list(read_file(path, source).documents)


def read_file(path: Path, source: str) -> ReadResult:
    """Reads a file by its kind; raises `UnreadableFile`, and nothing else, with the reason."""
    data = _bytes(path)
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise NoText("empty file")
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        parts, skipped = _parts(path, data)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile("too large to read") from error
    except Exception as error:
        # Third-party parsers fail in their own ways on damaged files; one file must not end a run.
        raise UnreadableFile(f"cannot be parsed ({type(error).__name__})") from error
    documents = tuple(_document(p, path, source, sha256) for p in parts)
    if not any(_visible(d.text[d.body_start :]) for d in documents):
        if any(why != WITHOUT_TEXT for _, why in skipped):
            raise UnreadableFile(skipped[0][1])
        raise NoText(WITHOUT_TEXT if skipped else "no text in it")
    return ReadResult(documents, tuple((f"{source}#{name}", why) for name, why in skipped))


def _visible(text: str) -> bool:
    """Whether there is more in a text than white space and characters that nobody sees."""
    return any(unicodedata.category(ch)[0] not in "CZ" for ch in text)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not path.is_file():
            raise UnreadableFile("not a regular file")
        if status.st_size > MAX_BYTES:
            raise UnreadableFile(f"larger than {MAX_BYTES // (1024 * 1024)} MB")
        with path.open("rb") as file:
            data = file.read(_HEAD)
            _refuse_what_is_no_text(path.suffix.lower(), data)
            data += file.read(MAX_BYTES + 1 - len(data))
    except FileNotFoundError as error:
        raise UnreadableFile("the file is gone") from error
    except PermissionError as error:
        raise UnreadableFile("no permission to read") from error
    except OSError as error:
        raise UnreadableFile(f"cannot be read ({error.strerror or 'system error'})") from error
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"larger than {MAX_BYTES // (1024 * 1024)} MB")
    return data


def _refuse_what_is_no_text(suffix: str, head: bytes) -> None:
    """Raises `UnreadableFile` for what the first bytes tell: no film is read for its name."""
    if suffix in {".pdf", ".docx"}:
        return
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(f"not text but {kind}")
    if looks_binary(head):
        raise UnreadableFile("not text but binary data")


def _parts(path: Path, data: bytes) -> tuple[list[Parts], list[tuple[str, str]]]:
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from rag.ingest.formats.pdf import read_pdf

        return [read_pdf(data)], []
    if suffix == ".docx":
        from rag.ingest.formats.docx import read_docx

        return [read_docx(data)], []
    if suffix in {".jsonl", ".ndjson"}:
        from rag.ingest.formats.records import read_records

        return read_records(data)
    return [_text_reader(suffix)(data)], []


def _text_reader(suffix: str) -> Callable[[bytes], Parts]:
    """The reader of a text format; whatever decodes as text is read as plain text."""
    if suffix in {".md", ".markdown"}:
        from rag.ingest.formats.markdown import read_markdown

        return read_markdown
    if suffix in {".html", ".htm", ".xhtml"}:
        from rag.ingest.formats.html import read_html

        return read_html
    if suffix == ".eml":
        from rag.ingest.formats.mail import read_mail

        return read_mail
    from rag.ingest.formats.plain import read_plain

    return read_plain


def _document(parts: Parts, path: Path, source: str, sha256: str) -> Document:
    body = parts.text[parts.body_start :]
    inline = inline_date(body[:200])
    front = [d for d in parts.dates if d[1] == "front matter"]
    stated = [d for d in parts.dates if d[1] != "front matter"]
    date, origin = find_date(
        [
            *front,
            (inline, "inline"),
            *stated,
            (date_in_name(path.stem), "file name"),
            *parts.late_dates,
        ]
    )
    paragraphs = parts.paragraphs
    if paragraphs is None:
        found = split_paragraphs(parts.text, start=parts.body_start, markdown=parts.markdown)
        paragraphs = tuple(found)
    return Document(
        source=source if parts.part is None else f"{source}#{parts.part}",
        text=parts.text,
        sha256=sha256,
        format=parts.format,
        paragraphs=paragraphs,
        title=parts.title,
        author=parts.author,
        date=date,
        date_origin=origin,
        encoding=parts.encoding,
        language=detect_language(body[:_LANGUAGE_SAMPLE]),
        body_start=parts.body_start,
    )
