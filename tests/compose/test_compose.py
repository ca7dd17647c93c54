"""The extractive composer and its citations: verbatim, numbered, complete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose.cite import Draft, cite
from rag.compose.extractive import compose_extractive, marked_text
from rag.read import Reading
from rag.types import Document, Evidence, EvidenceSentence, Hit, Paragraph, Passage, Span

TEXT = (
    "Mediators met in Minsk. They proposed a phased plan.\n\n"
    "Yerevan refused it. The president resigned soon after."
)
SECOND = TEXT.index("Yerevan")
DOCUMENT = Document(
    source="notes.txt",
    text=TEXT,
    sha256="ab" * 32,
    format="text",
    paragraphs=(Paragraph(1, 0, SECOND - 2), Paragraph(2, SECOND, len(TEXT))),
    date="1998-02-03",
)
PASSAGE = Passage("p1", 1, "notes.txt", 0, len(TEXT), TEXT, 1, 1)
HIT = Hit(PASSAGE, 1.0)


def span_of(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def reading(*found: tuple[str, float]) -> Reading:
    sentences = tuple(EvidenceSentence(span_of(words), p, company=p) for words, p in found)
    return Reading((Evidence(1, HIT, sentences, None, sentences[0].support),), 0.9)


def test_one_good_sentence_is_enough() -> None:
    made = compose_extractive(
        reading(("Yerevan refused it.", 0.9), ("Mediators met in Minsk.", 0.3)),
        {"notes.txt": DOCUMENT},
    )
    assert [s.text for s in made.statements] == ["Yerevan refused it."]
    citation = made.citations[0]
    assert (citation.paragraph, citation.line, citation.date) == (2, 3, "1998-02-03")
    assert TEXT[citation.start : citation.end] == citation.quote


def test_a_sentence_that_leans_back_brings_the_one_before() -> None:
    made = compose_extractive(
        reading(("They proposed a phased plan.", 0.9)), {"notes.txt": DOCUMENT}
    )
    assert marked_text(made.statements) == (
        "Mediators met in Minsk. [1] They proposed a phased plan. [2]"
    )


def parted(*paragraphs: str, headings: tuple[int, ...] = ()) -> Document:
    """A document of paragraphs, some of which are headings."""
    made, at = [], 0
    for n, text in enumerate(paragraphs):
        made.append(Paragraph(n + 1, at, at + len(text), heading=n in headings))
        at += len(text) + 2
    return Document("notes.txt", "\n\n".join(paragraphs), "ab" * 32, "text", tuple(made))


def composed_of(document: Document, words: str) -> str:
    start = document.text.index(words)
    found = EvidenceSentence(Span(start, start + len(words)), 0.9, 0.9)
    hit = Hit(Passage("p1", 1, "notes.txt", 0, len(document.text), document.text, 1, 1), 1.0)
    read = Reading((Evidence(1, hit, (found,), None, 0.9),), 0.9)
    return marked_text(compose_extractive(read, {"notes.txt": document}).statements)


PROMISED, LEFT = "Olof Strand had promised to go.", "He left on 3 May."


@pytest.mark.parametrize(
    ("paragraphs", "headings", "wanted", "shown"),
    [
        (("Ida Krog won.", PROMISED, LEFT), (), LEFT, f"{PROMISED} [1] {LEFT} [2]"),
        ((PROMISED, "The mayor", LEFT), (1,), LEFT, f"{LEFT} [1]"),
        (("Subject: Olof Strand", LEFT), (), LEFT, f"{LEFT} [1]"),
        ((f"STRAND: {PROMISED}", f"KROG: {LEFT}"), (), LEFT, f"{LEFT} [1]"),
        ((PROMISED, "@krog He left on 3 May."), (), LEFT, f"{LEFT} [1]"),
        ((f"{PROMISED} In May 2021 he left.",), (), "In May 2021 he left.",
         f"{PROMISED} [1] In May 2021 he left. [2]"),
        ((f"{PROMISED} Two days later, they met.",), (), "Two days later, they met.",
         f"{PROMISED} [1] Two days later, they met. [2]"),
        ((f"{PROMISED} After Krog won he left.",), (), "After Krog won he left.",
         "After Krog won he left. [1]"),
        ((f"{PROMISED} The mayor said he left.",), (), "The mayor said he left.",
         "The mayor said he left. [1]"),
        ((PROMISED, "However, rain fell."), (), "However, rain fell.", "However, rain fell. [1]"),
        (
            (f"Rain fell. {PROMISED} He was old. {LEFT}",), (), LEFT,
            f"{PROMISED} [1] He was old. [2] {LEFT} [3]",
        ),
    ],
)  # fmt: skip
def test_what_a_pronoun_means_is_looked_for_further_back(
    paragraphs: tuple[str, ...], headings: tuple[int, ...], wanted: str, shown: str
) -> None:
    assert composed_of(parted(*paragraphs, headings=headings), wanted) == shown


def test_at_most_three_sentences_back() -> None:
    made = parted("Olof rose. He ate. He sat. He rode. He slept.")
    assert composed_of(made, "He slept.") == ("He ate. [1] He sat. [2] He rode. [3] He slept. [4]")


def test_a_speaker_named_by_a_pronoun_is_not_named_twice() -> None:
    made = parted("Mira Holt built the dam. She knew it. According to her, frost broke it.")
    assert composed_of(made, "According to her, frost broke it.") == (
        "Mira Holt built the dam. [1] She knew it. [2] According to her, frost broke it. [3]"
    )


def test_sentences_of_a_document_keep_their_order() -> None:
    made = compose_extractive(
        reading(("The president resigned soon after.", 0.9), ("Yerevan refused it.", 0.88)),
        {"notes.txt": DOCUMENT},
    )
    assert [s.text for s in made.statements] == [
        "Yerevan refused it.",
        "The president resigned soon after.",
    ]


def test_no_evidence_makes_no_statement() -> None:
    assert compose_extractive(Reading((), 0.0), {}).statements == ()


def test_a_draft_without_a_span_is_dropped_with_its_reason() -> None:
    statements, citations, dropped = cite(
        [Draft("Hearsay.", HIT, (), 0.9)], {"notes.txt": DOCUMENT}
    )
    assert (statements, citations) == ((), ())
    assert [(d.text, d.reason) for d in dropped] == [("Hearsay.", "uncited")]


def test_a_span_outside_every_paragraph_is_dropped() -> None:
    gap = Span(SECOND - 2, SECOND)
    _, citations, dropped = cite([Draft("x", HIT, (gap,), 0.9)], {"notes.txt": DOCUMENT})
    assert citations == ()
    assert dropped[0].reason == "quote_not_found"


def test_equal_quotes_share_a_citation() -> None:
    span = span_of("Yerevan refused it.")
    statements, citations, _ = cite(
        [Draft("One.", HIT, (span,), 0.9), Draft("Two.", HIT, (span,), 0.8)],
        {"notes.txt": DOCUMENT},
    )
    assert [s.citations for s in statements] == [(1,), (1,)]
    assert len(citations) == 1


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), max_size=6))
def test_whatever_is_cited_is_verbatim_and_nothing_is_unused(pairs: list[tuple[int, int]]) -> None:
    drafts = [Draft("d", HIT, (Span(min(p), max(p)),), 0.5) for p in pairs]
    statements, citations, dropped = cite(drafts, {"notes.txt": DOCUMENT})
    assert len(statements) + len(dropped) == len(drafts)
    used = {n for s in statements for n in s.citations}
    assert used == {c.id for c in citations} == set(range(1, len(citations) + 1))
    assert all(TEXT[c.start : c.end] == c.quote and c.quote.strip() for c in citations)
