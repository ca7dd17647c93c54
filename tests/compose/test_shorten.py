"""A quote that is too long is cut at a boundary around the answer, and stays a slice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.compose.cite import verbatim
from rag.compose.extractive import compose_extractive
from rag.compose.shorten import LONGEST, ROOM, shortened
from rag.read import Reading
from rag.types import Evidence, EvidenceSentence, Hit, Passage, Span
from tests.compose.generative_fakes import document

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


CLAUSE = "nothing in this pact shall bind a party whose harbour is closed for repair; "
PACT = "The parties agree that " + CLAUSE * 30 + "and the clerk keeps the seal."
AFTER = "They signed it in May."


def hit_in(text: str) -> Hit:
    return Hit(Passage("p1", 1, "notes.txt", 0, len(text), text, 1, 1), 1.0)


def test_a_sentence_that_was_cut_does_not_read_as_whole() -> None:
    told = document(f"It rained. {PACT} {AFTER}")
    documents, hit = {told.source: told}, hit_in(told.text)
    whole = Span(told.text.index(PACT), told.text.index(AFTER) - 1)
    clerk = told.text.index("the clerk")
    shown = {
        where: verbatim(hit, shortened(told.text, whole, answer), 0.9, documents).text
        for where, answer in (
            ("head", None),
            ("middle", Span(whole.start + 1000, whole.start + 1010)),
            ("tail", Span(clerk, clerk + 9)),
        )
    }
    assert shown["head"].startswith("The parties agree") and shown["head"].endswith(" …")
    assert shown["middle"].startswith("… ") and shown["middle"].endswith(" …")
    assert shown["tail"].startswith("… ") and shown["tail"].endswith("keeps the seal.")
    assert verbatim(hit, Span(0, 10), 0.9, documents).text == "It rained."


def test_a_long_sentence_that_is_leaned_on_is_cut_too_and_shown_once() -> None:
    told = document(f"{PACT} {AFTER}")
    documents, hit = {told.source: told}, hit_in(told.text)
    whole, after = Span(0, len(PACT)), Span(len(PACT) + 1, len(told.text))
    clerk = Span(PACT.index("the clerk"), PACT.index("the clerk") + 9)
    leaning = EvidenceSentence(after, 0.9, 0.9)
    (quote, last) = compose_extractive(
        Reading((Evidence(1, hit, (leaning,), None, 0.9),), 0.9), documents
    ).citations
    assert (quote.start, last.quote) == (0, AFTER)
    assert len(quote.quote) <= LONGEST
    both = (EvidenceSentence(whole, 0.95, 0.95, clerk), leaning)
    made = compose_extractive(Reading((Evidence(1, hit, both, clerk, 0.95),), 0.9), documents)
    assert [c.quote.endswith("the seal.") for c in made.citations] == [True, False]
    assert made.citations[0].end <= made.citations[1].start
