"""When a cited paragraph covers gold evidence."""

from __future__ import annotations

import pytest

from rag.evaluate.cover import covers
from rag.evaluate.questions import GoldEvidence
from tests.evaluate.samples import place

TABLE = "Revenue: Subscription $ 16,388 $ 14,573 Product 532 555 Services 686 663 Total 17,606"


@pytest.mark.parametrize(
    ("text", "quote", "covered"),
    [
        ("By 110 votes to 17 it asked Moscow.", "by 110 votes to 17", True),
        ("It ended in 1932 after all.", "32", False),
        ("The toll: 32 dead.", "32", True),
        ("It asked Moscow.", "Most voted. It asked Moscow. Then they left.", True),
        ("Moscow", "Most voted. It asked Moscow. Then they left.", False),
        ("Something else entirely.", "By 110 votes", False),
        ("Anything at all here.", "", False),
        ("“We’re done” – so he said.", '"We\'re done" - so he said', True),
        ("The vote—110 to 17—went to Moscow.", "110 to 17", True),
    ],
)
def test_without_pages_words_decide(text, quote, covered) -> None:
    assert covers(place(text), GoldEvidence("a.txt", quote)) is covered


@pytest.mark.parametrize(
    ("source", "gold", "covered"),
    [
        ("corpus/deep/a.txt", "a.txt", True),
        ("a.txt", "a.txt", True),
        ("corpus/b.txt", "a.txt", False),
        ("corpus/aa.txt", "a.txt", False),
        ("corpus/a.jsonl#7", "a.jsonl", True),
        ("corpus/a.jsonl#7", "a.jsonl#7", True),
        ("corpus/a.jsonl#8", "a.jsonl#7", False),
        ("notes/c#/a.txt", "a.txt", True),
        ("notes/c#/b.txt", "a.txt", False),
    ],
)
def test_the_file_is_the_gold_one(source, gold, covered) -> None:
    where = place("the very words", source)
    assert covers(where, GoldEvidence(gold, "the very words")) is covered


def test_gold_pages_count_from_zero_and_cited_ones_from_one() -> None:
    gold = GoldEvidence("a.txt", "net income of 805 million", page=11)
    assert covers(place("It had a net income of 805 million.", page=12), gold)
    assert not covers(place("It had a net income of 805 million.", page=11), gold)
    assert covers(place("It had a net income of 805 million."), gold)  # a source without pages


def test_on_the_gold_page_a_table_may_be_set_out_otherwise() -> None:
    gold = GoldEvidence("a.txt", TABLE, page=3)
    row_by_row = "Subscription | 16,388 | 14,573 | Revenue | Services | 686 | 663"
    assert covers(place(row_by_row, page=4), gold)
    assert not covers(place(row_by_row, page=5), gold)
    assert not covers(place(row_by_row), gold)  # without a page the words must follow each other


def test_the_page_alone_is_not_enough() -> None:
    gold = GoldEvidence("a.txt", TABLE, page=3)
    assert not covers(place("The board met twice to discuss the outlook.", page=4), gold)
    assert not covers(place("Page 532", page=4), gold)


def test_a_start_says_which_of_equal_words_is_meant() -> None:
    gold = GoldEvidence("a.txt", "32 dead", start=100)
    assert covers(place("32 dead", start=95), gold)
    assert not covers(place("32 dead", start=10), gold)
    assert not covers(place("32 dead", start=107), gold)
