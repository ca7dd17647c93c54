"""The names of records: no text is lost to a name that a line happens to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingest.read import read_file


@pytest.mark.parametrize(
    ("lines", "names", "skipped"),
    [
        (['{"text":"One is here.","id":2}', '{"text":"Two is here."}'], ["2", "line-2"], []),
        (['{"text":"One is here."}', '{"text":"Two is here.","id":1}'], ["line-1", "1"], []),
        (
            ['{"text":"One.","id":"line-3"}', '{"text":"Two.","id":3}', '{"text":"Three."}'],
            ["line-3", "3", "line-line-3"],
            [],
        ),
        (['{"text":"One.","id":"a"}', '{"text":"Two.","id":"a"}'], ["a"], ["2"]),
        (['{"text":"One.","_id":" ","id":"a"}', '{"text":"Two."}'], ["a", "2"], []),
    ],
)
def test_names_of_records(
    tmp_path: Path, lines: list[str], names: list[str], skipped: list[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = read_file(path, "a")
    assert [document.source for document in result.documents] == [f"a#{name}" for name in names]
    assert [source for source, _ in result.skipped] == [f"a#{name}" for name in skipped]


def test_lines_ids_authors_and_dates_of_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'{"text":"One.","id":true,"author":["Ida","Bo"],"publishedAt":"2023-11-07T10:00:00Z"}\r'
        b'{"text":"Two.","title":7,"authors":[{"name":"Ida"}],"created_utc":1605000000}\r'
    )
    found = [(d.source, d.title, d.author, d.date) for d in read_file(path, "a").documents]
    assert found == [("a#1", None, "Ida, Bo", "2023-11-07"), ("a#2", "7", "Ida", "2020-11-10")]
