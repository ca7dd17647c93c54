"""Every format read for real, and every bad file refused with its reason."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import BadInput, UnreadableFile
from rag.ingest.read import MAX_BYTES, read_documents, read_file
from rag.ingest.walk import FoundFile, SkippedFile, walk
from rag.types import Document

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def covered(document: Document) -> None:
    """Paragraphs are in order, apart, and hold every character that is not white space."""
    inside: set[int] = set()
    last = 0
    for paragraph in document.paragraphs:
        assert last <= paragraph.start < paragraph.end <= len(document.text)
        last = paragraph.end
        inside.update(range(paragraph.start, paragraph.end))
    for at in range(document.body_start, len(document.text)):
        if not document.text[at].isspace() and document.text[at] != "\ufeff":
            assert at in inside, document.text[at : at + 20]


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda p: p.name)
def test_the_sample_corpus_reads(path: Path) -> None:
    documents = read_documents(path, f"corpus/{path.name}")
    assert documents
    for document in documents:
        covered(document)
        assert document.source.startswith(f"corpus/{path.name}")


@pytest.mark.parametrize(
    ("name", "date", "origin"),
    [
        ("2020-09-28-brief-second-day.txt", "2020-09-28", "file name"),
        ("thread-after-the-war.txt", None, None),
        ("the-line-that-stopped-at-the-river.txt", None, None),
        ("minsk-process-twenty-years.pdf", "2012-03-24", "pdf metadata"),
        ("memo-losses-1992-1993.docx", "2013-02-26", "docx metadata"),
    ],
)
def test_dates_of_the_sample_corpus(name: str, date: str | None, origin: str | None) -> None:
    document = read_documents(CORPUS / name, name)[0]
    assert (document.date, document.date_origin) == (date, origin)


def test_html_keeps_the_text_and_leaves_the_menu() -> None:
    document = read_documents(CORPUS / "eu-monitoring-mission.html", "x.html")[0]
    assert document.date_origin == "html"
    assert document.title
    assert len(document.paragraphs) >= 3


def test_pdf_pages_are_kept() -> None:
    document = read_documents(CORPUS / "minsk-process-twenty-years.pdf", "x.pdf")[0]
    assert {p.page for p in document.paragraphs} == {1, 2}


def test_front_matter_counts_before_everything_else(tmp_path: Path) -> None:
    path = tmp_path / "2001-01-01-note.md"
    path.write_text("---\ntitle: A note\ndate: 2020-05-06\n---\n# Head\n\nText here.\n")
    document = read_documents(path, path.name)[0]
    assert (document.date, document.date_origin) == ("2020-05-06", "front matter")
    assert document.title == "A note"
    assert all(p.start >= document.body_start for p in document.paragraphs)


def test_broken_front_matter_is_text(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("---\ntitle: [unclosed\n---\nText here.\n")
    document = read_documents(path, path.name)[0]
    assert document.body_start == 0
    assert document.date is None


def test_a_bad_record_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"_id": "a", "text": "One."}\nnot json\n{"text": ""}\n{"text": "Two."}\n')
    result = read_file(path, "x.jsonl")
    assert [d.source for d in result.documents] == ["x.jsonl#a", "x.jsonl#4"]
    assert [s for s, _ in result.skipped] == ["x.jsonl#2", "x.jsonl#3"]


def test_mail(tmp_path: Path) -> None:
    path = tmp_path / "m.eml"
    path.write_text(
        "From: Ani <ani@example.org>\nSubject: Border\nDate: Tue, 07 Nov 2023 10:00:00 +0400\n\n"
        "The road is open.\n"
    )
    document = read_documents(path, "m.eml")[0]
    assert (document.title, document.date, document.date_origin) == (
        "Border",
        "2023-11-07",
        "header",
    )


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [("utf-8", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32"), ("cp1251", None)],
)
def test_encodings(tmp_path: Path, encoding: str, recorded: str | None) -> None:
    text = "Переговоры в Минске закончились без соглашения, сообщили участники встречи. " * 8
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    document = read_documents(path, "x.txt")[0]
    assert document.text.lstrip("\ufeff") == text
    if recorded:
        assert document.encoding == recorded


def docx_bytes(body: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body)
    return file.getvalue()


def pdf_bytes(*, encrypted: bool, text: bool) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    if encrypted:
        pdf.set_encryption(owner_password="owner", user_password="user")
    pdf.add_page()
    if text:
        pdf.set_font("helvetica", size=12)
        pdf.cell(text="Some words.")
    else:
        pdf.rect(10, 10, 50, 50)
    return bytes(pdf.output())


BAD = {
    "empty.txt": (b"", "empty file"),
    "blank.txt": (b" \n\t\n", "empty file"),
    "binary.txt": (b"\x00\x01\x02" * 100, "binary"),
    "image.txt": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "an image"),
    "undecodable.txt": (bytes(range(128, 256)) * 40 + b"\x81\x8d\x8f\x90\x9d" * 50, "decoded"),
    "fake.pdf": (b"plain words", "not a PDF"),
    "broken.pdf": (b"%PDF-1.7\n" + b"garbage " * 50, "damaged PDF"),
    "fake.docx": (b"plain words", "DOCX"),
    "bomb.docx": (docx_bytes(b"<a>" + b"0" * 30_000_000 + b"</a>"), "far too much"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_files_are_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    data, reason = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read_file(path, name)
    assert "Traceback" not in caught.value.message
    assert "\n" not in caught.value.message


def test_encrypted_and_scanned_pdfs(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf_bytes(encrypted=True, text=True))
    with pytest.raises(UnreadableFile, match="encrypted PDF"):
        read_file(path, "x.pdf")
    path.write_bytes(pdf_bytes(encrypted=False, text=False))
    with pytest.raises(UnreadableFile, match="without text"):
        read_file(path, "x.pdf")
    path.write_bytes(pdf_bytes(encrypted=False, text=True))
    assert read_documents(path, "x.pdf")[0].text == "Some words."


def test_a_truncated_docx(tmp_path: Path) -> None:
    whole = (CORPUS / "memo-losses-1992-1993.docx").read_bytes()
    path = tmp_path / "x.docx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match="damaged or truncated"):
        read_file(path, "x.docx")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2 * MAX_BYTES)
    with pytest.raises(UnreadableFile, match="larger than 100 MB"):
        read_file(path, "huge.txt")


def test_a_file_that_is_gone_or_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="gone"):
        read_file(tmp_path / "none.txt", "none.txt")
    path = tmp_path / "x.txt"
    path.write_text("words")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(UnreadableFile, match="no permission"):
        read_file(path, "x.txt")


def test_walking_survives_loops_pipes_and_dead_links(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / ".hidden").write_text("h")
    (tmp_path / "~$a.docx").write_text("h")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("b")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    found = list(walk([tmp_path, tmp_path / "a.txt"]))
    files = [f.path.name for f in found if isinstance(f, FoundFile)]
    skipped = {f.path.name: f.reason for f in found if isinstance(f, SkippedFile)}
    assert files == ["a.txt", "b.txt"]
    assert set(skipped) == {"up", "self", "dead", "pipe"}
    assert "circle" in skipped["self"]
    assert skipped["pipe"] == "not a regular file"
    assert all(f.no_file for f in found if isinstance(f, SkippedFile))


def test_what_may_come_back_may_still_be_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    (tmp_path / "link").symlink_to(tmp_path / "away")
    monkeypatch.setattr(Path, "stat", refuse)
    [found] = walk([tmp_path / "link"])
    assert found == SkippedFile(tmp_path / "link", "cannot be read (input/output error)")


def test_a_missing_path_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file or folder"):
        list(walk([tmp_path / "nowhere"]))


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf", ".docx", ".eml", ".jsonl"])
@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=300))
def test_random_bytes_give_documents_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / f"x{suffix}"
    path.write_bytes(data)
    try:
        documents = read_documents(path, path.name)
    except UnreadableFile as error:
        assert error.message
    else:
        for document in documents:
            covered(document)


@pytest.mark.parametrize(
    "name",
    ["minsk-process-twenty-years.pdf", "memo-losses-1992-1993.docx", "eu-monitoring-mission.html"],
)
@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.01, 0.99))
def test_truncated_files_give_documents_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, name: str, share: float
) -> None:
    whole = (CORPUS / name).read_bytes()
    path = tmp_path_factory.mktemp("cut") / name
    path.write_bytes(whole[: int(len(whole) * share)])
    try:
        assert read_documents(path, name)
    except UnreadableFile as error:
        assert error.message


def _read(tmp_path: Path, name: str, data: bytes | str) -> Document:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_documents(path, name)[0]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.md", '---\nTitle: A note\nDate: "10 November 2020"\n---\n'),
        ("b.md", "+++\ntitle = 'A note'\ndate = 2020-11-10\n+++\n"),
        ("c.txt", "---\ntitle: A note\ndate: 2020-11-10\n---\n"),
        ("d.md", "\ufeff---\r\ntitle: A note\r\npublished: 20201110\r\n---\r\n"),
    ],
)
def test_forms_of_front_matter(tmp_path: Path, name: str, head: str) -> None:
    document = _read(tmp_path, name, head + "Text of it.\n")
    assert (document.title, document.date) == ("A note", "2020-11-10")
    assert document.date_origin == "front matter"
    assert [p.span.of(document.text) for p in document.paragraphs] == ["Text of it."]


def test_empty_front_matter_is_no_paragraph(tmp_path: Path) -> None:
    document = _read(tmp_path, "a.md", "---\n---\nText of it.\n")
    assert [p.span.of(document.text) for p in document.paragraphs] == ["Text of it."]


def test_a_bomb_of_yaml_aliases_is_not_written_out(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    document = _read(tmp_path, "a.md", f"---\n{bomb}title: *j\n---\nText of it.\n")
    assert document.title is None


@pytest.mark.parametrize("text", ["\ufeff", "\u00a0\u200b\n", "---\ntitle: a\n---\n"])
def test_what_nobody_sees_is_no_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"empty file|no text"):
        _read(tmp_path, "a.md", text)


def test_a_page_is_decoded_as_it_says(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='iso-8859-2'></head><body><p>Rusija će poslati mirovne snage"
        " na granicu, rekao je predsjednik.</p></body></html>"
    )
    document = _read(tmp_path, "a.html", page.encode("iso8859-2"))
    assert document.encoding == "iso-8859-2"
    assert "će poslati" in document.text


def test_rows_of_a_table_in_a_page_are_one_paragraph(tmp_path: Path) -> None:
    prose = "<p>The table below lists what each side had said about the talks in Geneva.</p>"
    table = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    document = _read(tmp_path, "a.html", f"<html><body>{prose}{table}</body></html>")
    last = document.paragraphs[-1].span.of(document.text)
    assert last == "| A | B |\n| 1 | 2 |"


def test_a_mail_of_an_unknown_charset_is_read(tmp_path: Path) -> None:
    head = "Subject: s\r\nContent-Type: text/plain; charset=unknown-8bit\r\n\r\n"
    document = _read(tmp_path, "a.eml", head.encode() + "Café text here.\r\n".encode("cp1252"))
    assert "Café text here." in document.text


def test_the_template_of_python_docx_dates_nothing(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_paragraph("Written today, from a template of 2013.")
    made.save(str(tmp_path / "a.docx"))
    document = read_documents(tmp_path / "a.docx", "a.docx")[0]
    assert (document.date, document.date_origin, document.author) == (None, None, None)


def test_a_record_is_named_by_a_proper_id_or_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "One.", "id": {"a": 1}}\n{"text": "Two.", "id": "x"}\n')
    assert [d.source for d in read_documents(path, "a.jsonl")] == ["a.jsonl#1", "a.jsonl#x"]


def test_folders_may_lie_deeper_than_calls_can(tmp_path: Path) -> None:
    here, deep = Path.cwd(), 1_200
    os.chdir(tmp_path)
    try:
        for _ in range(deep):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.txt").write_text("Deep.\n")
        assert [found.path.name for found in walk([tmp_path])] == ["x.txt"]
    finally:
        # Bottom up: what clears up after the tests goes down by calls.
        Path("x.txt").unlink(missing_ok=True)
        while Path.cwd() != tmp_path:
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(here)


def test_a_folder_left_out_is_so_by_every_link(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "x.txt").write_text("In the index.\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "up").symlink_to(tmp_path / "index")
    assert list(walk([tmp_path], leave_out=tmp_path / "index")) == []


def test_an_inline_date_counts_in_every_format(tmp_path: Path) -> None:
    page = (
        "<html><head><meta name='date' content='2021-01-01'></head><body><p>date 2020-11-10 The"
        " ceasefire was signed at night and it held until the morning of the next day.</p></body>"
    )
    document = _read(tmp_path, "a.html", page)
    assert (document.date, document.date_origin) == ("2020-11-10", "inline")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "encrypted DOCX"),
        ("a.rtf", b"{\\rtf1\\ansi Some text.}", "not text but RTF"),
        ("a.ps", b"%!PS-Adobe-3.0\n(Some text) show\n", "not text but PostScript"),
    ],
)
def test_more_files_that_are_not_read(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        _read(tmp_path, name, data)
