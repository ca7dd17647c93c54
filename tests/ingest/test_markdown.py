"""The title of a Markdown file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingest.read import read_documents


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("```sh\n# a comment\n```\n\n# The title\n", "The title"),
        ("~~~\n```\n# a comment\n~~~~\n# The title\n", "The title"),
        ("````\n```\n# a comment\n````\n# The title #\n", "The title"),
        ("```x = 1``` is code.\n\n# The title\n", "The title"),
        ("```\n# never closed\n", None),
        ("The title\n=====\n\nText.\n", "The title"),
        ("\ufeffThe title\r\n===\r\n\r\n# Later\r\n", "The title"),
        ("=====\nThe title\n=====\n", "The title"),
        ("```\nTitle\n=====\n```\nText.\n", None),
        ("| a | b |\n=====\n\n# The title\n", "The title"),
        ("Text.\n\n=====\n\n# The title\n", "The title"),
        ("\ufeff# The title\n", "The title"),
        ("## Second level\n\nText.\n", None),
        ("---\ndate: 2020-01-01\n---\nThe title\n=\n", "The title"),
    ],
)
def test_the_title_is_the_first_heading(tmp_path: Path, text: str, title: str | None) -> None:
    (tmp_path / "a.md").write_bytes(text.encode())
    assert read_documents(tmp_path / "a.md", "a.md")[0].title == title
