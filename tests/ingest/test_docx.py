"""DOCX: all the text that a reader of the document sees, however Word has wrapped it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingest.read import read_documents

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def cell(*inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(inner)}</w:tc>"


def read(tmp_path: Path, body: str) -> str:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    for child in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, child)
    document.save(str(tmp_path / "a.docx"))
    return read_documents(tmp_path / "a.docx", "a.docx")[0].text


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:ins>{}</w:ins>",
        "<w:moveTo>{}</w:moveTo>",
        "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:fldSimple w:instr=" DATE ">{}</w:fldSimple>',
        "<w:smartTag><w:smartTagPr/>{}</w:smartTag>",
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:ins><w:hyperlink><w:smartTag>{}</w:smartTag></w:hyperlink></w:ins>",
    ],
)
def test_text_is_read_in_every_wrapper(tmp_path: Path, wrapped: str) -> None:
    inner = run("It cost ") + wrapped.format(run("7 million")) + run(" euros.")
    assert read(tmp_path, paragraph(inner)) == "It cost 7 million euros."


@pytest.mark.parametrize(
    "left_out",
    [
        "<w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>",
        f"<w:moveFrom>{run('gone')}</w:moveFrom>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        "<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>",
        f"<w:r><w:pict><w:txbxContent>{paragraph(run('box'))}</w:txbxContent></w:pict></w:r>",
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here.')}"
        "</w:sdtContent></w:sdt>",
        f"<w:r><mc:AlternateContent><mc:Fallback>{run('twice')}</mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    ],
)
def test_what_no_longer_counts_is_left_out(tmp_path: Path, left_out: str) -> None:
    assert read(tmp_path, paragraph(left_out + run("It stands."))) == "It stands."


def test_tabs_and_line_ends_are_kept(tmp_path: Path) -> None:
    inner = (
        "<w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:cr/><w:t>x</w:t></w:r>"
    )
    assert read(tmp_path, paragraph(inner)) == "One\ttwo\nthree\nx"


def test_content_controls_and_insertions_around_paragraphs_are_read(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run('Two.'))}</w:sdtContent></w:sdt>"
    nested = f"<w:sdt><w:sdtContent>{control}{paragraph(run('Three.'))}</w:sdtContent></w:sdt>"
    body = f"{paragraph(run('One.'))}{nested}<w:customXml>{paragraph(run('Four.'))}</w:customXml>"
    assert read(tmp_path, body) == "One.\n\nTwo.\n\nThree.\n\nFour."


def test_a_table_in_a_cell_is_read(tmp_path: Path) -> None:
    inner = (
        f"<w:tbl><w:tr>{cell(paragraph(run('Oslo')))}{cell(paragraph(run('12')))}</w:tr></w:tbl>"
    )
    outer = cell(paragraph(run("City")), inner, paragraph(run("(all)"))) + cell(paragraph(run("x")))
    assert read(tmp_path, f"<w:tbl><w:tr>{outer}</w:tr></w:tbl>") == "City Oslo 12 (all) | x"


def test_rows_and_cells_in_content_controls_are_read(tmp_path: Path) -> None:
    held = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = f"<w:tr>{cell(paragraph(run('a')))}{held.format(cell(paragraph(run('b'))))}</w:tr>"
    table = f"<w:tbl>{row}{held.format(row.replace('>a<', '>c<'))}</w:tbl>"
    assert read(tmp_path, table) == "a | b\nc | b"


def test_merged_cells_are_told_in_each_of_their_rows(tmp_path: Path) -> None:
    wide = cell(paragraph(run("wide")), properties='<w:gridSpan w:val="2"/>')
    begun = cell(paragraph(run("both")), properties='<w:vMerge w:val="restart"/>')
    goes_on = cell(paragraph(""), properties="<w:vMerge/>")
    table = (
        f"<w:tbl><w:tr>{wide}{begun}</w:tr>"
        f"<w:tr>{cell(paragraph(run('a')))}{cell(paragraph(run('b')))}{goes_on}</w:tr></w:tbl>"
    )
    assert read(tmp_path, table) == "wide | both\na | b | both"


HIGH = '<w:vertAlign w:val="superscript"/>'


def test_raised_figures_are_apart_from_a_number(tmp_path: Path) -> None:
    inner = (
        run("It killed 1,960") + f"<w:r><w:rPr>{HIGH}</w:rPr><w:t>3</w:t></w:r>" + run(" on the 4")
    )
    inner += f"<w:r><w:rPr>{HIGH}</w:rPr><w:t>th</w:t></w:r>" + run(" day.")
    assert read(tmp_path, paragraph(inner)) == "It killed 1,960³ on the 4th day."


@pytest.mark.parametrize("gone", ["del", "moveFrom"])
def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path: Path, gone: str) -> None:
    mark = f"<w:pPr><w:rPr><w:{gone} w:id='1' w:author='x'/></w:rPr></w:pPr>"
    body = paragraph(mark + run("It was ")) + paragraph(run("signed.")) + paragraph(run("Then?"))
    assert read(tmp_path, body) == "It was signed.\n\nThen?"


def test_deleted_rows_and_hidden_runs_are_left_out(tmp_path: Path) -> None:
    row = f"<w:tr>{{}}{cell(paragraph(run('a')))}{cell(paragraph(run('b')))}</w:tr>"
    gone = row.format("<w:trPr><w:del w:id='1' w:author='x'/></w:trPr>")
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"
    shown = "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>Seen.</w:t></w:r>"
    body = f"<w:tbl>{row.format('')}{gone}</w:tbl>{paragraph(hidden + shown)}"
    assert read(tmp_path, body) == "a | b\n\nSeen."


def test_footnotes_follow_the_text(tmp_path: Path) -> None:
    import docx
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    document = docx.Document()
    reference = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    inner = run("It held.") + reference.format(3) + run(" Nobody came.") + reference.format(2)
    for child in parse_xml(f"<w:p {NAMESPACES}>{inner}</w:p>"):
        document.add_paragraph()._p.append(child)
    note = "<w:footnote w:id='{}'>{}</w:footnote>"
    notes = "".join(note.format(n, paragraph(run(f"Note {n}."))) for n in (0, 2, 3))
    blob = f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    )
    document.save(str(tmp_path / "a.docx"))
    text = read_documents(tmp_path / "a.docx", "a.docx")[0].text
    assert text == "It held.\n\nNobody came.\n\nNote 3.\n\nNote 2."
