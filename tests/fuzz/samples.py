"""Small files of every format, made here, and the ways in which they are spoilt."""

from __future__ import annotations

import io
import random
import zipfile
from email.message import EmailMessage

__all__ = ["SAMPLES", "mutated", "sample"]

_TEXT = (
    "Herons stood in the river on 7 November 2020.\n\nThe treaty, said A. Writer, was signed at"
    " night: 1,960 people came.\n\n- first point\n- second point\n\n“Quoted”, he added. Ünïcödé."
)

#: What parsers treat in a special way.
_TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80",
    b"\xe2\x80\xae", b"\\ud800", b"\r\n\r\n", b"<", b">", b"<!--", b"]]>", b"<![CDATA[",
    b"&#x110000;", b"&a;", b"<!DOCTYPE a [<!ENTITY a '&a;&a;'>]>", b"---\n", b"date: 9999-99-99\n",
    b'{"text":', b'"_id":', b"[" * 400, b"{" * 400, b"%PDF-1.7", b"endstream", b"endobj", b"xref",
    b"trailer", b"/Length 99999999999", b"/Kids [1 0 R]", b"stream\n", b"--x\n", b"PK\x03\x04",
    b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Transfer-Encoding: base64\n",
    b"=?utf-8?b?////?=", b"9" * 5000, b"-1", b"1e999", b"NaN",
)  # fmt: skip


def sample(suffix: str) -> bytes:
    """A sound file of a format."""
    return SAMPLES[suffix]


def _html() -> bytes:
    body = "".join(f"<p>{p}</p>" for p in _TEXT.split("\n\n"))
    meta = '<meta property="article:published_time" content="2020-11-07"><title>Herons</title>'
    table = "<table><tr><td>a</td><td>b</td></tr></table><script>x()</script>"
    return f"<html><head>{meta}</head><body><article>{body}{table}</article></body></html>".encode()


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.org>", "Herons, über alles"
    message["Date"] = "Sat, 07 Nov 2020 10:00:00 +0100"
    message.set_content(_TEXT)
    message.add_alternative(_html().decode(), subtype="html")
    message.add_attachment(b"\x00\x01bytes", maintype="application", subtype="octet-stream")
    return bytes(message)


def _pdf() -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_compression(False)
    pdf.set_title("Herons")
    for page in range(2):
        pdf.add_page()
        pdf.set_font("helvetica", size=12)
        pdf.multi_cell(0, 8, f"Page {page}. {_TEXT}".encode("latin-1", "replace").decode("latin-1"))
    return bytes(pdf.output())


def _docx() -> bytes:
    from docx import Document

    document = Document()
    document.add_heading("Herons", 1)
    for part in _TEXT.split("\n\n"):
        document.add_paragraph(part)
    document.add_table(2, 2).cell(0, 0).text = "cell"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


_RECORDS = "\n".join(
    f'{{"_id": "r{n}", "text": "{p}", "date": "2020-11-0{n + 1}", "title": "Title {n}"}}'
    for n, p in enumerate(_TEXT.replace("\n\n- first point\n- second point", "").split("\n\n"))
)
SAMPLES: dict[str, bytes] = {
    ".txt": _TEXT.encode(),
    ".md": f"---\ntitle: Herons\ndate: 2020-11-07\n---\n\n# Herons\n\n{_TEXT}\n".encode(),
    ".html": _html(),
    ".eml": _mail(),
    ".jsonl": _RECORDS.encode(),
    ".pdf": _pdf(),
    ".docx": _docx(),
}


def mutated(suffix: str, chance: random.Random) -> bytes:
    """A sample, spoilt in a few places; of a DOCX mostly a part inside its archive."""
    data = sample(suffix)
    if suffix == ".docx" and chance.random() < 0.8:
        return _inside(data, chance)
    return spoilt(data, chance)


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Bytes with bits flipped, pieces cut out, doubled, moved, or tokens put in."""
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice([1, 4, 40, 400]))
        match chance.randrange(8):
            case 0 | 1 if data:
                place = min(at, len(data) - 1)
                flipped = bytes([data[place] ^ 1 << chance.randrange(8)])
                data = data[:place] + flipped + data[place + 1 :]
            case 2:
                data = data[:at] + data[end:]
            case 3:
                data = data[:at] + data[at:end] * chance.choice([2, 3, 50]) + data[end:]
            case 4:
                data = data[:at] + chance.randbytes(end - at) + data[end:]
            case 5:
                data = data[:at] if chance.random() < 0.3 else data
            case _:
                data = data[:at] + chance.choice(_TOKENS) + data[at:]
    return data[: 1 << 20]


def _inside(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = "word/document.xml" if chance.random() < 0.6 else chance.choice(sorted(parts))
    parts[chosen] = spoilt(parts[chosen], chance)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()
