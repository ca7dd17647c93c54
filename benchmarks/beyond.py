"""Beyond one machine: an engine beside the plain way, and a store beside the index it copies.

    python benchmarks/beyond.py same --index INDEX --questions eval/questions.jsonl [--store URL]
    python benchmarks/beyond.py fill 10000 --folder FOLDER [--store URL]
    python benchmarks/beyond.py engine PATH… --folder FOLDER [--nodes 2]

`same` fills a store from an index (a Milvus Lite file beside it, unless another is named) and asks
both the same questions: how many of the first five passages are the same ones, in the same places.
`fill` copies generated passages (see generated.py) and says what they take. `engine` indexes real
files twice with the bundled embedder: as ever, and on a Ray cluster of so many nodes of one core.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

TOP = 5


def same(index_folder: Path, questions: Path, url: str, limit: int) -> dict[str, Any]:
    """The first passages and scores of both, over questions that name no dates."""
    from rag.asking.question import understand
    from rag.models.embedder import load_embedder
    from rag.retrieve import retrieve
    from rag.store.index import Index
    from rag.store.milvus import MilvusStore
    from rag.store.publish import publish
    from rag.types import Filters

    asked = [json.loads(line)["text"] for line in questions.read_text("utf-8").splitlines()]
    with Index.open(index_folder) as index:
        publish(index, url)
        embedder = load_embedder(index.manifest.embedder)
        with MilvusStore.open(url) as store:
            kept, placed, apart, times = [], [], [], {"index": [], "store": []}
            for text in asked[:limit]:
                found = {}
                for name, opened in (("index", index), ("store", store)):
                    before = time.perf_counter()
                    found[name] = retrieve(opened, embedder, understand(text), Filters(), 10)
                    times[name].append(1e3 * (time.perf_counter() - before))
                ours, theirs = ([h.passage.id for h in hits[:TOP]] for hits in found.values())
                kept.append(len(set(ours) & set(theirs)) / max(1, len(ours)))
                placed.append(ours == theirs)
                pairs = zip(found["index"], found["store"], strict=True)
                apart.append(max((abs(a.score - b.score) for a, b in pairs), default=0.0))
    return {
        "questions": len(kept),
        "top 5 kept": float(np.mean(kept)),
        "same order": float(np.mean(placed)),
        "scores apart, at most": float(max(apart)),
        "p50 ms": {name: float(np.median(some[1:])) for name, some in times.items()},
    }


def fill(passages: int, folder: Path, url: str) -> dict[str, Any]:
    """Seconds and bytes of a copy of generated passages, and of a small change to it."""
    from generated import build

    from rag.store.index import Index
    from rag.store.milvus import MilvusStore
    from rag.store.publish import publish

    build(folder, passages)
    with Index.open(folder / "index") as index:
        filled = publish(index, url, refill=True)
        again = publish(index, url)
        count = index.size
    with MilvusStore.open(url) as store:
        vector = np.ones(store.manifest.dimension, dtype=np.float32) / 20
        times = []
        for _ in range(20):
            before = time.perf_counter()
            store.dense(vector, 100)
            times.append(1e3 * (time.perf_counter() - before))
    report = {
        "passages": count,
        "fill seconds": filled.seconds,
        "passages per second": count / filled.seconds,
        "nothing to do, seconds": again.seconds,
        "dense p50 ms": float(np.median(times)),
        "index bytes per passage": _bytes(folder / "index") / count,
    }
    if url.startswith("milvus:"):
        report["store bytes per passage"] = _bytes(Path(url.removeprefix("milvus:"))) / count
    return report


def engine(paths: list[Path], folder: Path, nodes: int) -> dict[str, Any]:
    """Both ways over the same files, from nothing; and how far their vectors are apart."""
    from rag.engines.ray import on_ray
    from rag.models.embedder import load_embedder
    from rag.models.tokens import token_counter
    from rag.store.index import Index
    from rag.store.update import update_index

    report: dict[str, Any] = {"nodes": nodes}
    with _cluster(nodes) as address, on_ray(None, address) as load:
        for name, way in (("plain", lambda: load_embedder(None)), ("ray", load)):
            shutil.rmtree(folder / name, ignore_errors=True)
            model = way()
            model.encode_passages(["So that loading it is not counted."] * 200)
            done = update_index(
                folder / name, paths, embedder=lambda m=model: m, tokens=token_counter(None)
            )
            report[name] = {"texts": done.embedded, "per second": done.embedded / done.seconds}
    with Index.open(folder / "plain") as plain, Index.open(folder / "ray") as ray:
        ours, theirs = plain.passages(plain.rows()), ray.passages(ray.rows())
        report["same passages"] = [p.id for p in ours] == [p.id for p in theirs]
        pairs = zip(plain.vectors(plain.rows()), ray.vectors(ray.rows()), strict=True)
        report["vectors apart, at most"] = max(float(abs(a - b).max()) for (a, _), (b, _) in pairs)
    return report


@contextlib.contextmanager
def _cluster(nodes: int) -> Iterator[str]:
    from ray.cluster_utils import Cluster

    made = Cluster()
    try:
        for _ in range(nodes):
            made.add_node(num_cpus=1, object_store_memory=100 << 20, include_dashboard=False)
        made.wait_for_nodes()
        yield made.address
    finally:
        made.shutdown()


def _bytes(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("same", "fill", "engine"))
    parser.add_argument("arguments", nargs="*", help="passages, or paths")
    parser.add_argument("--folder", type=Path, default=Path("beyond"))
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--store")
    parser.add_argument("--nodes", type=int, default=2)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    url = given.store or f"milvus:{given.folder / 'store.db'}"
    if given.what == "same":
        told = same(given.index, given.questions, url, given.limit)
    elif given.what == "fill":
        told = fill(int(given.arguments[0]), given.folder, url)
    else:
        told = engine([Path(p) for p in given.arguments], given.folder, given.nodes)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
