"""Passages without padding: the vectors of the plain way, each text's own business alone."""

from __future__ import annotations

import numpy as np
import pytest

from rag.models import fast_encoder, packed_bert
from rag.models.bundled import bundled_embedder_path
from rag.models.embedder import SentenceTransformerEmbedder
from rag.models.fast_encoder import packed_encoder
from rag.types import Span

TEXTS = [
    "A ceasefire was brokered by Russia in November 2020.",
    "Zwei Eier, etwas Mehl und 250 ml Milch.",
    "Short.",
    "",
    "1 2 3 4 5 6 7 8 9 0 " * 20,
    "A much longer passage about the Lachin corridor. " * 12,
    "Longer than the window, so that the end of it is cut off and nobody reads it. " * 40,
]
PARTS = [[Span(0, len(t) // 2), Span(len(t) // 2, len(t))] if t else [] for t in TEXTS]


@pytest.fixture(scope="module")
def plain() -> SentenceTransformerEmbedder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAG_ENCODER", "plain")
        embedder = SentenceTransformerEmbedder(bundled_embedder_path(), "bundled")
    assert embedder._fast() is None
    return embedder


@pytest.fixture(scope="module")
def fast() -> SentenceTransformerEmbedder:
    embedder = SentenceTransformerEmbedder(bundled_embedder_path(), "bundled")
    if embedder._fast() is None:
        pytest.skip("this torch has no packed products")
    return embedder


@pytest.mark.model
def test_passages_and_their_sentences_are_those_of_the_plain_way(plain, fast) -> None:
    wholes, parts = fast.encode_with_parts(TEXTS, PARTS)
    expected, pieces = plain.encode_with_parts(TEXTS, PARTS)
    assert wholes.dtype == np.float32 and wholes.shape == expected.shape
    assert (wholes * expected).sum(1).min() >= 0.999
    for mine, theirs in zip(parts, pieces, strict=True):
        assert mine.dtype == np.float32 and mine.shape == theirs.shape
        assert not len(mine) or (mine * theirs).sum(1).min() >= 0.999


@pytest.mark.model
def test_a_vector_is_the_same_whatever_is_encoded_beside_it(fast) -> None:
    wholes, parts = fast.encode_with_parts(TEXTS, PARTS)
    for at in (0, 2, 4, 6):
        alone, own = fast.encode_with_parts(TEXTS[at : at + 1], PARTS[at : at + 1])
        assert np.allclose(alone[0], wholes[at], atol=1e-3)
        assert np.allclose(own[0], parts[at], atol=1e-3)
    again = fast.encode_passages(list(reversed(TEXTS)))
    assert np.allclose(again[::-1], wholes, atol=1e-3)


@pytest.mark.model
def test_a_part_that_was_cut_off_gets_the_whole(fast) -> None:
    text = TEXTS[-1]
    wholes, parts = fast.encode_with_parts([text], [[Span(len(text) - 20, len(text))]])
    assert np.allclose(parts[0][0], wholes[0], atol=1e-6)


@pytest.mark.model
def test_sums_that_outgrow_the_numbers_are_taken_the_careful_way(fast, monkeypatch) -> None:
    before = fast.encode_passages(TEXTS)
    monkeypatch.setattr(packed_bert, "LARGEST", 0.0)
    careful = fast.encode_passages(TEXTS)
    assert (before * careful).sum(1).min() >= 0.999


@pytest.mark.model
def test_numbers_that_are_none_send_everything_the_plain_way(plain, fast, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(fast._fast(), "_encode", fail)
    assert np.allclose(fast.encode_passages(TEXTS), plain.encode_passages(TEXTS), atol=1e-5)


@pytest.mark.model
def test_vectors_unlike_the_plain_ones_are_refused(plain, monkeypatch) -> None:
    monkeypatch.setattr(fast_encoder, "LIKENESS", 1.1)
    assert packed_encoder(plain._model, 256) is None


@pytest.mark.model
def test_a_window_that_the_network_has_no_places_for_is_refused(plain) -> None:
    assert packed_encoder(plain._model, 100_000) is None


@pytest.mark.model
def test_threads_begun_later_work_as_before(fast) -> None:
    import threading

    import torch

    fast.encode_passages(TEXTS[:2])
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert seen == [torch.get_num_threads()]
