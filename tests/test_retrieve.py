"""Retrieval as a whole: filters, ranking and history, against brute force."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.asking.question import understand
from rag.retrieve import DENSE_WEIGHT, POOL, SENTENCE_WEIGHT, fuse, retrieve
from rag.store.index import Index
from rag.types import Filters, Turn
from tests.store.fakes import FakeEmbedder, Store

WORDS = "raven crow owl heron stork swift robin finch lark dove gull tern".split()
FILES = 240


@pytest.fixture(scope="module")
def birds(tmp_path_factory) -> Iterator[Index]:
    """More passages than a leg hands on, dated a day each, in three folders; some are equal."""
    with pytest.MonkeyPatch.context() as patch:
        base = tmp_path_factory.mktemp("birds")
        patch.chdir(base)
        store = Store(base)
        generator = np.random.default_rng(5)
        for number in range(FILES):
            day = np.datetime64("2020-01-01") + number
            chosen = generator.choice(WORDS, size=4)
            text = f"A {chosen[0]} and a {chosen[1]}. Then a {chosen[2]} met one {chosen[3]}.\n"
            store.write(f"{'abc'[number % 3]}/{day}.txt", text)
        store.update("a", "b", "c")
        with store.open() as index:
            yield index


def brute_force(index: Index, query: str, rows: list[int]) -> list[tuple[int, float]]:
    """Every given row by the weighted sum of both scores, each over its best among them."""
    vector = FakeEmbedder().encode_queries([query])[0]
    dense = np.array(
        [whole @ vector + SENTENCE_WEIGHT * max(parts @ vector) for whole, parts in
         index.vectors(rows)]
    )  # fmt: skip
    lexical = dict(index.lexical(query, FILES))
    words = np.array([lexical.get(row, 0.0) for row in rows])
    total = DENSE_WEIGHT * np.maximum(dense, 0) / max(dense.max(), 1e-9)
    total = total + (1 - DENSE_WEIGHT) * words / max(words.max(), 1e-9)
    return sorted(zip(rows, total.tolist(), strict=True), key=lambda r: (-round(r[1], 5), r[0]))


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(0, FILES - 1),
    days=st.integers(0, POOL - 1),
    folder=st.sampled_from([None, "a/*", "b/*"]),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_under_a_filter_the_ranking_is_that_of_brute_force(
    birds, first, days, folder, query
) -> None:
    begin = np.datetime64("2020-01-01") + first
    since, until = str(begin), str(begin + days)
    allowed = [
        p.row
        for p in birds.passages(range(1, FILES + 1))
        if since <= (p.date or "") <= until and (folder is None or p.source[0] == folder[0])
    ]
    hits = retrieve(birds, FakeEmbedder(), understand(query), Filters(since, until, folder), FILES)
    wanted = dict(brute_force(birds, query, allowed)) if allowed else {}
    assert {h.passage.row for h in hits} == set(wanted)
    assert [h.score for h in hits] == pytest.approx([wanted[h.passage.row] for h in hits], abs=1e-5)
    assert [(-h.score, h.passage.row) for h in hits] == sorted(
        (-h.score, h.passage.row) for h in hits
    )


@pytest.mark.parametrize("source", [None, "a/*", "a/2020-01-01.txt", "nothing/*"])
def test_as_many_hits_as_were_asked_for_wherever_so_many_are_allowed(birds, source) -> None:
    allowed = birds.allowed(Filters(source=source))
    possible = FILES if allowed is None else len(allowed)
    for top_k in (1, POOL + 20, FILES + 5):
        hits = retrieve(birds, FakeEmbedder(), understand("raven"), Filters(source=source), top_k)
        assert len(hits) == min(top_k, possible)
        assert len({h.passage.row for h in hits}) == len(hits)


def test_a_hit_says_what_each_leg_made_of_it(birds) -> None:
    [hit] = retrieve(birds, FakeEmbedder(), understand("raven crow"), Filters(), 1)
    vector = FakeEmbedder().encode_queries(["raven crow"])[0]
    dense = birds.dense(vector, POOL)
    lexical = birds.lexical("raven crow", POOL)
    for name, ranking in (("dense", dense), ("lexical", lexical)):
        places = {row: (rank, score) for rank, (row, score) in enumerate(ranking, start=1)}
        leg = hit.legs.get(name)
        assert (None if leg is None else (leg.rank, leg.score)) == places.get(hit.passage.row)
    [(_, parts)] = birds.vectors([hit.passage.row])
    assert hit.sentences == pytest.approx((parts @ vector).tolist())


def test_a_question_without_a_known_word_is_ranked_by_vectors_alone(birds) -> None:
    hits = retrieve(birds, FakeEmbedder(), understand("zzz"), Filters(), 5)
    assert len(hits) == 5
    assert hits[0].score == pytest.approx(DENSE_WEIGHT)
    assert all("lexical" not in hit.legs for hit in hits)


@settings(max_examples=50, deadline=None)
@given(
    scores=st.lists(
        st.tuples(st.integers(-3, 3), st.integers(0, 3)), min_size=0, max_size=12
    ),
    order=st.randoms(use_true_random=False),
)  # fmt: skip
def test_fusion_depends_on_the_order_of_candidates_only_among_equals(scores, order) -> None:
    rows = list(range(len(scores)))
    shuffled = rows.copy()
    order.shuffle(shuffled)
    dense = np.array([s[0] for s in scores], dtype=np.float32)
    lexical = np.array([s[1] for s in scores], dtype=np.float32)
    ranked = fuse(rows, dense, lexical)
    other = fuse(shuffled, dense[shuffled], lexical[shuffled])
    assert sorted(ranked) == sorted(other)
    assert other == sorted(other, key=lambda pair: (-pair[1], shuffled.index(pair[0])))
    assert all(0.0 <= score <= 1.0 + 1e-6 for _, score in ranked)
    assert sorted(row for row, _ in ranked) == rows


class StrictEmbedder(FakeEmbedder):
    """Encodes once, and no text twice."""

    def encode_queries(self, texts):
        assert not self.texts, "asked a second time"
        assert len(set(texts)) == len(texts)
        self.texts += texts
        return super().encode_queries(texts)


SAID = (Turn("user", "Which bird sings?"), Turn("assistant", "The heron and the stork. [1]"))


def test_what_was_said_before_is_looked_for_too(birds) -> None:
    embedder = StrictEmbedder()
    hits = retrieve(birds, embedder, understand("Why?", SAID), Filters(), 5)
    assert all("heron" in h.passage.text or "stork" in h.passage.text for h in hits)
    assert all("lexical" not in h.legs for h in hits)  # no passage holds a word of "Why?"
    assert {"Why?", "The heron and the stork.", "Which bird sings?"} < set(embedder.texts)


def test_the_question_itself_weighs_most(birds) -> None:
    for text in ("And the raven?", "raven raven"):
        hits = retrieve(birds, StrictEmbedder(), understand(text, SAID), Filters(), 5)
        assert all("raven" in h.passage.text for h in hits)


def test_sentences_are_compared_with_the_question_as_the_reader_sees_it(birds) -> None:
    question = understand("Why?", SAID)
    [hit] = retrieve(birds, FakeEmbedder(), question, Filters(), 1)
    asked = FakeEmbedder().encode_queries([question.full])[0]
    [(_, parts)] = birds.vectors([hit.passage.row])
    assert hit.sentences == pytest.approx((parts @ asked).tolist())


def test_filters_hold_for_what_was_said_before(birds) -> None:
    filters = Filters(since="2020-02-10", until="2020-02-20")
    hits = retrieve(birds, FakeEmbedder(), understand("Why?", SAID), filters, 50)
    assert len(hits) == 11
    assert all("2020-02-10" <= (h.passage.date or "") <= "2020-02-20" for h in hits)
