"""Retrieval beside its baselines: BM25, MiniLM, and the reciprocal rank fusion of both.

Every system sees the same passages, the same embedder and the same questions in one run.
Only questions that have an answer count. Intervals are 95 % percentile bootstraps over questions;
`change` is paired against the better baseline of that suite and metric.

    python benchmarks/retrieval.py SUITE... [--index FOLDER] [--json FILE]
    python benchmarks/retrieval.py --latency SUITE
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.evaluate.questions import Question, read_questions
from rag.evaluate.ranking import ranking_scores
from rag.evaluate.run import find_suite, suite_index
from rag.models.embedder import Embedder, load_embedder
from rag.models.tokens import token_counter
from rag.question import leans_on_history, understand
from rag.retrieve import retrieve
from rag.store.index import Index
from rag.store.update import update_index
from rag.types import Filters

METRICS = ("hit@1", "hit@10", "recall@5", "ndcg@10")
DEPTH = 100
TOP = 40
RRF_K = 60


class Baselines:
    """What peers do: BM25, plain passage vectors, and both fused by their ranks."""

    def __init__(self, index: Index, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        passages = index.passages(range(1, 1 + index.size))
        self.ids = {p.row: p.source.split("#", 1)[-1] for p in passages}
        self._rows = [p.row for p in passages]
        cache = index.directory / "plain.npy"
        if not cache.is_file():
            np.save(cache, embedder.encode_passages([p.text for p in passages]))
        self.vectors = np.load(cache)

    def bm25(self, question: str) -> list[int]:
        return [row for row, _ in self._index.lexical(question, DEPTH)]

    def dense(self, question: str) -> list[int]:
        scores = self.vectors @ self._embedder.encode_queries([question])[0]
        return [self._rows[i] for i in np.argsort(-scores, kind="stable")[:DEPTH]]

    def rrf(self, question: str) -> list[int]:
        scores: dict[int, float] = {}
        for ranking in (self.bm25(question), self.dense(question)):
            for rank, row in enumerate(ranking, start=1):
                scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
        return sorted(scores, key=lambda row: (-scores[row], row))


def systems(
    index: Index, embedder: Embedder, baselines: Baselines
) -> dict[str, Callable[[Question], list[int]]]:
    """Each turns a question into passage rows, best first."""

    def ours(question: Question, *, history: bool) -> list[int]:
        asked = understand(question.text, question.history if history else ())
        return [h.passage.row for h in retrieve(index, embedder, asked, Filters(), TOP)]

    return {
        "BM25": lambda q: baselines.bm25(q.text),
        "MiniLM": lambda q: baselines.dense(q.text),
        "RRF of both": lambda q: baselines.rrf(q.text),
        "rag": lambda q: ours(q, history=False),
        "rag, history": lambda q: ours(q, history=True),
    }


def measure(folder: Path, parent: Path) -> list[dict[str, Any]]:
    """The table of one suite; conversations also as the turns that lean on earlier ones."""
    suite = find_suite(folder)
    if suite.corpus is None:
        raise SystemExit(f"{folder} has no corpus.")
    embedder = load_embedder(None)
    place = suite_index(suite, parent, None)
    update_index(place, [suite.corpus], embedder=lambda: embedder, tokens=token_counter(None))
    questions = [q for q in read_questions(suite.questions) if q.relevant and q.answerable]
    with Index.open(place) as index:
        baselines = Baselines(index, embedder)
        scores: dict[str, list[dict[str, float]]] = {}
        talk = any(q.history for q in questions)
        for name, ask in systems(index, embedder, baselines).items():
            if name != "rag, history" or talk:
                scores[name] = [_score(ask(q), baselines.ids, q) for q in questions]
    rows = _table(suite.name, scores, range(len(questions)))
    leaning = [i for i, q in enumerate(questions) if leans_on_history(q.text, q.history)]
    if talk:
        turns = [i for i, q in enumerate(questions) if q.history]
        rows += _table(f"{suite.name}, later turns", scores, turns)
        rows += _table(f"{suite.name}, leaning turns", scores, leaning)
    return rows


def _score(rows: Sequence[int], ids: dict[int, str], question: Question) -> dict[str, float]:
    ranked = list(dict.fromkeys(ids[row] for row in rows))[:10]
    return ranking_scores(ranked, question.relevant or ())


def _table(
    suite: str, scores: dict[str, list[dict[str, float]]], chosen: Sequence[int]
) -> list[dict[str, Any]]:
    rows = []
    for name, found in scores.items():
        row: dict[str, Any] = {"suite": suite, "questions": len(chosen), "system": name}
        for metric in METRICS:
            values = np.array([found[i][metric] for i in chosen])
            row[metric] = {"mean": float(values.mean()), "interval": _interval(values)}
            if name.startswith("rag"):
                others = {
                    n: np.array([scores[n][i][metric] for i in chosen])
                    for n in scores
                    if not n.startswith("rag")
                }
                best = max(others, key=lambda n: float(others[n].mean()))
                gap = values - others[best]
                row[metric]["change"] = {"over": best, "interval": _interval(gap)}
        rows.append(row)
    return rows


def _interval(values: np.ndarray, draws: int = 2000) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    picked = generator.integers(0, len(values), size=(draws, len(values)))
    low, high = np.percentile(values[picked].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _print(rows: Sequence[dict[str, Any]]) -> None:
    suite = None
    for row in rows:
        if row["suite"] != suite:
            suite = row["suite"]
            print(f"\n{suite} ({row['questions']} questions)")
            print(f"  {'':14}" + "".join(f"{m:>26}" for m in METRICS))
        cells = []
        for metric in METRICS:
            low, high = row[metric]["interval"]
            mark = " "
            if "change" in row[metric]:
                below, above = row[metric]["change"]["interval"]
                mark = "+" if below > 0 else "-" if above < 0 else " "
            cells.append(f"{row[metric]['mean']:.3f} [{low:.3f}, {high:.3f}]{mark}")
        print(f"  {row['system']:14}" + "".join(f"{c:>26}" for c in cells))
    print("\n+ and -: significantly above or below the best baseline (paired, 95 %)")


def latency(folder: Path, parent: Path) -> None:
    """Warm milliseconds a question: retrieval beside encoding alone plus a flat FAISS search."""
    import faiss

    suite = find_suite(folder)
    embedder = load_embedder(None)
    place = suite_index(suite, parent, None)
    questions = [q.text for q in read_questions(suite.questions)][:400]
    with Index.open(place) as index:
        baselines = Baselines(index, embedder)
        flat = faiss.IndexFlatIP(baselines.vectors.shape[1])
        flat.add(baselines.vectors)
        plain, ours = [], []
        for number, text in enumerate(questions):
            started = time.perf_counter()
            flat.search(embedder.encode_queries([text]), 10)
            middle = time.perf_counter()
            retrieve(index, embedder, understand(text), Filters(), 10)
            if number >= 20:
                plain.append(1e3 * (middle - started))
                ours.append(1e3 * (time.perf_counter() - middle))
    for name, times in (("encode + flat search", plain), ("rag retrieve", ours)):
        p50, p95 = statistics.median(times), float(np.percentile(times, 95))
        print(f"{name:22} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    ratios = [b / a for a, b in zip(plain, ours, strict=True)]
    print(f"ratio                  median {statistics.median(ratios):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--latency", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.latency:
        latency(given.suites[0], given.index)
        return
    rows = []
    for folder in given.suites:
        print(f"asking {folder.name} …", file=sys.stderr)
        rows += measure(folder, given.index)
    _print(rows)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
