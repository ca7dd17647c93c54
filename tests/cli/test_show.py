"""`rag show`: the way from a citation to the paragraph, and every way to name a source."""

from __future__ import annotations

import json

import pytest


def test_a_paragraph_stands_in_its_context(rag, index) -> None:
    fake = index()
    done = rag("show", "corpus/file.txt:2")
    assert done.out == (
        "corpus/file.txt · 2023-11-07 (from file name) · markdown · 3 paragraphs\n"
        "Notes\n"
        "\n"
        "     line 1  # Notes\n"
        "  1  line 3  The war ended in November.\n"
        "> 2  line 5  Russia brokered the ceasefire.\n"
        "  3  line 7  Peacekeepers came after it.\n"
    )
    assert fake.closed


@pytest.mark.parametrize("name", ["corpus/file.txt", "file.txt"])
def test_without_a_paragraph_the_head(rag, index, name) -> None:
    index()
    done = rag("show", name)
    assert ">" not in done.out
    assert "  3  line 7  Peacekeepers came after it.\n" in done.out


def test_a_path_from_the_working_directory(rag, index, tmp_path, monkeypatch) -> None:
    index().base = tmp_path
    (tmp_path / "corpus" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "corpus" / "deep")
    for place in ("../file.txt:2", str(tmp_path / "corpus" / "file.txt") + ":2"):
        assert "> 2  line 5" in rag("show", place).out


def test_json_has_the_text_as_it_stands(rag, index) -> None:
    index()
    shown = json.loads(rag("show", "a/note.md:1", "--json").out)
    assert (shown["source"], shown["paragraph"]) == ("corpus/a/note.md", 1)
    assert (shown["paragraph_count"], shown["date_origin"]) == (3, "file name")
    assert [(p["number"], p["heading"], p["line"]) for p in shown["paragraphs"]] == [
        (1, True, 1), (1, False, 3), (2, False, 5),
    ]  # fmt: skip
    assert shown["paragraphs"][1]["text"] == "The war ended in November."


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("note.md", "“note.md” may mean 2 documents.\n     corpus/a/note.md, corpus/b/note.md."),
        ("fiel.txt", "No document is called “fiel.txt”.\n     Did you mean corpus/file.txt?"),
        ("FILE", "No document is called “FILE”.\n     Did you mean corpus/file.txt?"),
        ("zzz", "No document is called “zzz”.\n     rag status says"),
        ("file.txt:9", "corpus/file.txt has no paragraph 9.\n     Its paragraphs are 1 to 3."),
        ("file.txt:0", "corpus/file.txt has no paragraph 0."),
        ("", "No source is named.\n     Name a file, for example: rag show FILE:4"),
        (" ", "No source is named."),
    ],
)
def test_what_cannot_be_shown(rag, index, place, words) -> None:
    index()
    done = rag("show", place)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("rag: " + words)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("corpus/Minutes  of  May.txt", "corpus/Minutes of May.txt"),
        ("corpus/Minutes  of  May.txt", "Minutes of May.txt"),
        ("corpus/a\u00a0b.txt", "a b.txt"),
        ("corpus/list.jsonl#x\ty", "list.jsonl#x y"),
        ("corpus/\u202egpj.txt", "\ufffdgpj.txt"),
    ],
)
def test_a_source_may_be_named_as_it_is_shown(rag, index, source, shown) -> None:
    index(source, "corpus/other.txt")
    done = rag("show", f"{shown}:2")
    assert (done.code, done.err) == (0, "")
    assert "> 2  line 5" in done.out


def test_the_very_name_comes_before_one_that_looks_like_it(rag, index) -> None:
    index("corpus/a  b.txt", "corpus/a b.txt")
    assert rag("show", "a b.txt").out.startswith("corpus/a b.txt ·")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("2-3", "“2-3” is no number of a paragraph."),
        ("2, line 5", "“2, line 5” is no number of a paragraph."),
        ("-1", "“-1” is no number of a paragraph."),
        ("99999999999", "“99999999999” is no number of a paragraph."),
        ("", "No paragraph is named."),
    ],
)
def test_what_is_no_number_of_a_paragraph(rag, index, number, words) -> None:
    index()
    done = rag("show", f"file.txt:{number}")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"rag: {words}\n     Its paragraphs are 1 to 3.\n"


@pytest.mark.parametrize("number", [" 2", "02", "٢"])
def test_a_number_as_people_write_it(rag, index, number) -> None:
    index()
    assert "> 2  line 5" in rag("show", f"file.txt:{number}").out


def test_a_source_may_end_in_a_colon_and_digits(rag, index) -> None:
    index("corpus/odd:12")
    assert rag("show", "corpus/odd:12").out.startswith("corpus/odd:12 ·")
    assert "> 3  line 7" in rag("show", "corpus/odd:12:3").out
