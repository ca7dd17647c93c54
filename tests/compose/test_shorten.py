"""A quote that is too long is cut at a boundary around the answer, and stays a slice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.compose.shorten import LONGEST, ROOM, shortened
from rag.types import Span

TABLE = "\n".join(f"Town {n} had {n * 7} boats and {n} mills" for n in range(200))


def test_a_sentence_of_ordinary_length_stays_whole() -> None:
    whole = Span(0, LONGEST)
    assert shortened(TABLE, whole, Span(3, 5)) == whole


def test_a_table_is_cut_at_its_lines_around_the_answer() -> None:
    at = TABLE.index("Town 100 had 700")
    cut = shortened(TABLE, Span(0, len(TABLE)), Span(at + 13, at + 16))
    lines = cut.of(TABLE).split("\n")
    assert "Town 100 had 700 boats and 100 mills" in lines
    assert all(line in TABLE.split("\n") for line in lines)
    assert len(cut.of(TABLE)) <= 2 * ROOM + 3


def test_without_an_answer_the_beginning_is_shown() -> None:
    cut = shortened(TABLE, Span(0, len(TABLE)), None)
    assert cut.start == 0
    assert TABLE[cut.end] == "\n"


@settings(deadline=None)
@given(st.text(alphabet="ab ;\n", min_size=1, max_size=3000), st.data())
def test_the_cut_is_a_part_that_holds_the_answer(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 50)))
    cut = shortened(text, Span(0, len(text)), Span(start, end))
    assert cut.start >= 0 and cut.end <= len(text)
    if len(text) > LONGEST and text[start:end].strip() == text[start:end]:
        assert cut.start <= start and end <= cut.end
        assert cut.end - cut.start <= 2 * ROOM + 50
