"""E-mail: every text part of a message, in the encoding that its bytes are in."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from rag.errors import UnreadableFile
from rag.ingest.read import read_documents
from rag.types import Document

HEAD = b"Subject: Border\r\nDate: Tue, 07 Nov 2023 10:00:00 +0400\r\n"


def read(tmp_path: Path, data: bytes) -> Document:
    (tmp_path / "a.eml").write_bytes(data)
    return read_documents(tmp_path / "a.eml", "a.eml")[0]


def part(kind: str, text: str, more: str = "") -> str:
    return f"Content-Type: {kind}\r\n{more}\r\n{text}\r\n"


def multipart(kind: str, *parts: str, mark: str = "mark") -> str:
    inner = "".join(f"--{mark}\r\n{p}\r\n" for p in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n{inner}--{mark}--\r\n'


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("", "utf-8"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("ISO-8859-1", "utf-8"),
        ("latin1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("utf-8", "cp1252"),
        ("x-unknown", "utf-8"),
        ("base64", "utf-8"),
    ],
)
def test_a_body_is_decoded_as_its_bytes_are(tmp_path: Path, charset: str, codec: str) -> None:
    text = "Das Büro sagte: “Die Straße ist offen” – seit gestern, für alle Gäste."
    kind = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
    head = HEAD + kind.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    assert read(tmp_path, head + text.encode(codec)).text == text


def test_other_charsets_are_believed(tmp_path: Path) -> None:
    for charset in ("iso-2022-jp", "koi8-r", "utf-16"):
        text = "国境は開いた。" if charset == "iso-2022-jp" else "Граница открыта."
        more = "Content-Transfer-Encoding: base64\r\n"
        body = part(f"text/plain; charset={charset}", "", more)[:-2].encode()
        document = read(tmp_path, HEAD + body + b64encode(text.encode(charset)))
        assert (document.text, document.encoding) == (text, charset)


def test_a_body_in_ascii_keeps_the_name_of_its_charset(tmp_path: Path) -> None:
    document = read(tmp_path, HEAD + part("text/plain; charset=iso-8859-1", "Open.").encode())
    assert (document.text, document.encoding) == ("Open.\r\n", "iso-8859-1")


HTML = part("text/html", "<html><body><p>The road to the border is open again.</p></body></html>")


@pytest.mark.parametrize("blank", ["", "\r\n \r\n", "\u00a0"])
def test_the_html_is_read_where_the_plain_text_is_blank(tmp_path: Path, blank: str) -> None:
    plain = part("text/plain; charset=utf-8", blank)
    whole = HEAD + multipart("alternative", plain, HTML).encode()
    assert read(tmp_path, whole).text == "The road to the border is open again."


def test_the_plain_text_is_read_where_there_is_one(tmp_path: Path) -> None:
    for parts in ((part("text/plain", "Plain."), HTML), (HTML, part("text/plain", "Plain."))):
        assert read(tmp_path, HEAD + multipart("alternative", *parts).encode()).text == "Plain.\r\n"


def test_all_texts_of_a_message_are_read_but_no_attachments(tmp_path: Path) -> None:
    image = part("image/png", "iVBORw0KGgo=", "Content-Disposition: inline\r\n")
    attached = part("text/plain", "Attached.", "Content-Disposition: attachment\r\n")
    forwarded = part("message/rfc822", "Subject: old\r\n\r\nForwarded.")
    pages = multipart("related", HTML, part("text/plain", "A style."), mark="inner")
    body = multipart(
        "mixed", part("text/plain", "One."), image, part("text/plain", "Two."), attached, forwarded,
        multipart("alternative", part("text/plain", " "), pages, mark="middle"),
    )  # fmt: skip
    expected = "One.\n\nTwo.\n\nThe road to the border is open again."
    assert read(tmp_path, HEAD + body.encode()).text == expected


def test_a_message_of_attachments_has_no_text(tmp_path: Path) -> None:
    attached = part("text/plain", "Attached.", "Content-Disposition: attachment\r\n")
    with pytest.raises(UnreadableFile, match="without text"):
        read(tmp_path, HEAD + multipart("mixed", attached).encode())


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\n", b"\xef\xbb\xbf \n\t\r\n"])
def test_what_stands_before_the_headers_is_stripped(tmp_path: Path, before: bytes) -> None:
    document = read(tmp_path, before + HEAD + b"\r\nThe road is open.")
    assert (document.title, document.date) == ("Border", "2023-11-07")
    assert document.text == "The road is open."


def test_a_page_of_words_stands_for_a_stub_that_points_to_it(tmp_path: Path) -> None:
    page = "<p>The road to the border is open again, as both of the ministries said.</p>" * 3
    stub = part("text/plain", "Your program shows no pages: http://example.org/1")
    whole = multipart("alternative", stub, part("text/html", f"<html><body>{page}</body></html>"))
    assert read(tmp_path, HEAD + whole.encode()).text.count("as both of the ministries") == 3


def test_a_short_page_keeps_its_sentences_whole(tmp_path: Path) -> None:
    page = (
        "<div>Hi <b>Ida</b>,</div><div><br></div><div>the <i>road</i> is open.<br>See <a href=x>the"
        " note</a>.</div><ul><li>by <b>car</b></li></ul>"
    )
    document = read(tmp_path, HEAD + part("text/html", page).encode())
    assert document.text == "Hi Ida,\n\nthe road is open.\nSee the note.\n\n- by car"
