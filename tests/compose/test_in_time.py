"""Passages come forward that tell of the time asked about."""

from __future__ import annotations

import pytest

from rag.compose.in_time import nearer_in_time, tells_of
from rag.compose.period import Period
from rag.types import Document, Hit, Passage, Span
from tests.compose.made import document

SPRING = Period("2016-04-01", "2016-04-30")


def hit(made: Document, score: float) -> Hit:
    size = len(made.text)
    return Hit(
        Passage(made.source, 1, made.source, 0, size, made.text, 1, 1, date=made.date), score
    )


@pytest.mark.parametrize(
    ("text", "written", "tells"),
    [
        ("On 3 April 2016 the lock broke.", "2019-01-01", "named"),
        ("On 27/4 the lock broke.", "2016-05-02", "named"),
        ("Last month the lock broke.", "2016-05-20", "named"),
        ("The lock broke.", "2016-04-10", "written"),
        ("The lock broke.", "2016-06-01", "written"),
        ("The lock broke.", "2016-09-01", None),
        ("The lock broke in 2014.", "2016-04-10", "other"),
        ("The lock broke.", None, None),
        # What lasts over the time; "the last ten years" date nothing.
        ("From 2014 to 2018 the lock was shut.", None, "named"),
        ("In 2014–2018 the lock was repaired.", None, "named"),
        ("Since 2014 the lock has been shut.", "2018-04-10", None),
        ("Until 2018 the lock was shut.", None, None),
        ("Until 2014 the lock was shut.", None, "other"),
        ("The lock has been shut for the last ten years.", "2020-04-10", None),
        ("It was built by Jo Berg (1950–2020).", None, None),
    ],
)
def test_how_a_text_stands_to_a_month(text: str, written: str | None, tells: str | None) -> None:
    made = document("a.txt", text, written)
    assert tells_of(made, Span(0, len(text)), SPRING) == tells


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("On 3 April the lock broke.", "named"),
        ("On 4 April the lock broke.", "other"),
        ("The lock broke in 2016.", "written"),
    ],
)
def test_how_a_text_stands_to_a_day_of_any_year(text: str, tells: str) -> None:
    day = Period("2026-04-03", "2026-04-03", yearly=True)
    assert tells_of(document("a.txt", text, "2016-04-10"), Span(0, len(text)), day) == tells


def test_a_passage_of_the_time_comes_forward_and_nothing_is_lost() -> None:
    other = document("other.txt", "The lock broke in 2014.", "2014-05-01")
    then = document("then.txt", "In April 2016 the lock broke.", "2020-01-01")
    off = document("off.txt", "In April 2016 it rained.", "2020-01-01")
    documents = {d.source: d for d in (other, then, off)}
    found = nearer_in_time([hit(other, 0.9), hit(then, 0.85), hit(off, 0.4)], documents, SPRING)
    assert [h.passage.source for h in found] == ["then.txt", "other.txt", "off.txt"]
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


def test_a_document_of_the_time_counts_though_it_looks_back() -> None:
    brief = document("brief.txt", "The lock, which broke in 2014 too, broke.", "2016-04-02")
    late = document("late.txt", "The lock broke.", "2021-04-02")
    documents = {d.source: d for d in (brief, late)}
    found = nearer_in_time([hit(late, 0.9), hit(brief, 0.8)], documents, SPRING)
    assert found[0].passage.source == "brief.txt"
