"""Retrieval beside its baselines: BM25, MiniLM, and the reciprocal rank fusion of both.

Every system sees the same passages behind their titles, the same embedder, the same words and the
same questions in one run; BM25 has its usual parameters. Only questions that have an answer count.
Intervals are 95 % percentile bootstraps over questions; `change` is paired against the better
baseline of that suite and metric.

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

from rag.asking.question import understand
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.ranking import ranking_scores
from rag.evaluate.suites import build_index, find_suite, suite_index
from rag.models.embedder import Embedder, load_embedder
from rag.retrieve import retrieve
from rag.store.index import Index
from rag.store.lexical import LexicalIndex, analyse, lexical_index, query_terms
from rag.types import Filters

METRICS = ("hit@1", "hit@10", "recall@5", "ndcg@10")
DEPTH = 100
TOP = 40
RRF_K = 60
USUAL_K1, USUAL_B = 1.2, 0.75


class Remembering:
    """An embedder that encodes no query twice, and those it knows beforehand in batches."""

    def __init__(self, embedder: Embedder, texts: Sequence[str] = ()) -> None:
        self.name, self.revision = embedder.name, embedder.revision
        self.dimension = embedder.dimension
        self.encode_passages = embedder.encode_passages
        self.encode_with_parts = embedder.encode_with_parts
        self._embedder = embedder
        self._known: dict[str, np.ndarray] = {}
        self.encode_queries(texts)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        if new:
            self._known |= zip(new, self._embedder.encode_queries(new), strict=True)
        return np.array([self._known[t] for t in texts])


class Baselines:
    """What peers do: BM25, passage vectors, and both fused by their ranks."""

    def __init__(self, index: Index, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        passages = index.passages(index.rows())
        self.ids = {p.row: p.source.split("#", 1)[-1] for p in passages}
        languages = {d.source: d.language for d in index.documents()}
        self._languages = index.languages
        self._bm25: LexicalIndex = lexical_index(
            ((p.row, analyse(f"{p.title or ''} {p.text}", languages[p.source])) for p in passages),
            k1=USUAL_K1,
            b=USUAL_B,
        )

    def bm25(self, question: str) -> list[int]:
        terms = query_terms(question, self._languages)
        return [row for row, _ in self._bm25.search(terms, DEPTH)]

    def dense(self, question: str) -> list[int]:
        vector = self._embedder.encode_queries([question])[0]
        return [row for row, _ in self._index.dense(vector, DEPTH)]

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
        hits = retrieve(index, embedder, asked, Filters(), TOP)
        return [p.row for h in hits for p in (h.passage, *h.copies)]

    return {
        "BM25": lambda q: baselines.bm25(q.text),
        "MiniLM": lambda q: baselines.dense(q.text),
        "RRF of both": lambda q: baselines.rrf(q.text),
        "rag": lambda q: ours(q, history=False),
        "rag, history": lambda q: ours(q, history=True),
    }


def open_suite(folder: Path, parent: Path) -> tuple[Index, list[Question]]:
    """The index of a suite, built where it is not there, and its questions with an answer."""
    suite = find_suite(folder)
    if suite.corpus is None:
        raise SystemExit(f"{folder} has no corpus.")
    place = suite_index(suite, parent, None)
    build_index(place, suite.corpus, None)
    questions = [q for q in read_questions(suite.questions) if q.relevant and q.answerable]
    return Index.open(place), questions


def measure(folder: Path, parent: Path) -> list[dict[str, Any]]:
    """The table of one suite."""
    opened, questions = open_suite(folder, parent)
    with opened as index:
        embedder = Remembering(load_embedder(None), [q.text for q in questions])
        baselines = Baselines(index, embedder)
        scores: dict[str, list[dict[str, float]]] = {}
        talk = any(q.history for q in questions)
        for name, ask in systems(index, embedder, baselines).items():
            if name != "rag, history" or talk:
                scores[name] = [score(ask(q), baselines.ids, q) for q in questions]
    return _table(folder.name, scores)


def score(rows: Sequence[int], ids: dict[int, str], question: Question) -> dict[str, float]:
    """The metrics of one question, for passage rows ranked best first."""
    ranked = list(dict.fromkeys(ids[row] for row in rows))[:10]
    return ranking_scores(ranked, question.relevant or ())


def _table(suite: str, scores: dict[str, list[dict[str, float]]]) -> list[dict[str, Any]]:
    values = {
        name: {metric: np.array([one[metric] for one in found]) for metric in METRICS}
        for name, found in scores.items()
    }
    rows = []
    for name, mine in values.items():
        row: dict[str, Any] = {"suite": suite, "questions": len(scores[name]), "system": name}
        for metric in METRICS:
            row[metric] = {"mean": float(mine[metric].mean()), "interval": interval(mine[metric])}
            if name.startswith("rag"):
                others = {n: v[metric] for n, v in values.items() if not n.startswith("rag")}
                best = max(others, key=lambda n: float(others[n].mean()))
                gap = mine[metric] - others[best]
                row[metric]["change"] = {"over": best, "interval": interval(gap)}
        rows.append(row)
    return rows


def interval(values: np.ndarray, draws: int = 2000) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of a mean."""
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

    embedder = load_embedder(None)
    opened, found = open_suite(folder, parent)
    with opened as index:
        vectors = np.stack([whole for whole, _ in index.vectors(index.rows())])
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        plain, ours = [], []
        for number, text in enumerate([q.text for q in found][:400]):
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
