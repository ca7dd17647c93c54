"""The date and title that a page states of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingest.read import read_documents
from rag.types import Document

LINKED = '<script type="application/ld+json">{}</script>'
PROSE = "<p>The commission met in the spring and heard both sides on the border.</p>"


def read(tmp_path: Path, head: str, body: str = PROSE) -> Document:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    return read_documents(tmp_path / "a.html", "a.html")[0]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="date" content=""><meta name="date" content="2020-11-10">', ""),
        (LINKED.format('{"datePublished": "2020-11-10", "about": "one\ntwo"}'), ""),
        (LINKED.format('{"@graph": [{"@type": "x"}, {"datePublished": "2020-11-10"}]}'), ""),
        (LINKED.format('{"@graph": {"datePublished": "2020-11-10"}}'), ""),
        (LINKED.format('[5, {"datePublished": "2020-11-10"}]'), ""),
        ("", '<time datetime="2020-11-10" pubdate>then</time>'),
        ("", '<time datetime="2020-11-10" itemprop="datePublished">then</time>'),
        ("", '<article><header><time datetime="2020-11-10">then</time></header></article>'),
    ],
)
def test_the_date_of_a_page(tmp_path: Path, head: str, body: str) -> None:
    changed = '<meta property="article:modified_time" content="2023-01-01">'
    aside = '<p>It began on <time datetime="1994-05-12">12 May</time>, as is known.</p>'
    document = read(tmp_path, changed + head, aside + body + PROSE)
    assert (document.date, document.date_origin) == ("2020-11-10", "html")


def test_when_a_page_was_changed_counts_last(tmp_path: Path) -> None:
    document = read(tmp_path, '<meta property="article:modified_time" content="2023-01-01">')
    assert (document.date, document.date_origin) == ("2023-01-01", "html")


def test_a_time_in_the_prose_is_not_the_date_of_the_page(tmp_path: Path) -> None:
    told = '<p>It began on <time datetime="1994-05-12">12 May</time>.</p>'
    changed = '<header><time itemprop="dateModified" datetime="2023-01-01">now</time></header>'
    assert read(tmp_path, "", changed + told + PROSE).date is None


@pytest.mark.parametrize(
    "linked", ['{"@graph": 5}', '{"@graph": "x"}', '{"@graph": [5]}', "5", "{"]
)
def test_odd_metadata_does_not_make_a_page_unreadable(tmp_path: Path, linked: str) -> None:
    document = read(tmp_path, LINKED.format(linked))
    assert document.date is None
    assert "The commission met" in document.text


def test_an_empty_title_gives_way_to_a_filled_one(tmp_path: Path) -> None:
    metas = '<meta property="og:title" content=""><meta property="og:title" content="Border">'
    assert read(tmp_path, metas).title == "Border"
