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
        ("", '<header><h1>A dam</h1><time datetime="2020-11-10">then</time></header>'),
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
    changed += '<header><b>The Orn Daily</b> <time datetime="2023-01-02">today</time></header>'
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


LONG = "<p>It found that neither had kept the terms to which they had put their names then.</p>" * 4


@pytest.mark.parametrize("more", ["", LONG])
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>It killed 1,960<sup>3</sup> birds.</p>", "It killed 1,960³ birds."),
        ("<p>It is 10<sup><b>6</b></sup> m, CO<sub>2</sub>.</p>", "It is 10⁶ m, CO2."),
        ("<p>On the 4<sup>th</sup> day<sup>[1]</sup>.</p>", "On the 4th day[1]."),
        ("<p>It cost <del>5</del><ins>7</ins> euros.</p>", "It cost 7 euros."),
        ("<p>Ida <a href=x>Krog</a>, <em>mayor</em>, said no.</p>", "Ida Krog, mayor, said no."),
        ("<p>It was calm on<br>Friday.<br><br>So.</p>", "It was calm on\nFriday.\n\nSo."),
        ("<pre>It was calm\non Friday.\n\nSo.</pre>", "It was calm\non Friday.\n\nSo."),
        ("<figure><img src=x><figcaption>The dam in May</figcaption></figure>", "The dam in May"),
        (
            "<table><tr><td rowspan=2>2020<br>(war)<td>12</tr><tr><td>7</tr></table>",
            "| 2020 (war) | 12 |\n| 2020 (war) | 7 |",
        ),
    ],
)
def test_nothing_of_a_page_runs_together(tmp_path: Path, body: str, text: str, more: str) -> None:
    found = read(tmp_path, "", f"<article>{more}{body}{PROSE}</article>").text
    assert f"{text}\n\nThe commission met" in found


def test_a_short_page_is_read_without_its_menu_and_banner(tmp_path: Path) -> None:
    menu = "<div><ul><li><a href=a>Home</a></li><li><a href=b>World</a></li></ul></div>"
    banner = "<div class='cookie-note'>We use cookies.</div><footer>2020</footer>"
    found = read(tmp_path, "", f"{menu}<h1>A dam</h1>{PROSE}{banner}").text
    assert found == "A dam\n\nThe commission met in the spring and heard both sides on the border."


def test_a_page_that_a_script_fills(tmp_path: Path) -> None:
    words = "The commission met in the spring and heard both sides. " * 3
    found = read(tmp_path, LINKED.format(f'{{"articleBody": "{words}"}}'), "<div></div>")
    assert found.text == words.strip()
