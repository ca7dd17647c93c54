"""How the index behaves as it grows: asking, opening, memory, updates, beside the plain way.

For each size an index of generated passages is written straight into the database (see
generated.py). Then, each in a fresh process: opening it, asking, adding and removing one document.
Recall@10 is that of the dense leg against exact search over the same vectors. The plain way (a flat
FAISS index and bm25s, built whole from what the database holds) is measured over the same passages
and questions up to --plain passages. Dates are another span for each question.

    python benchmarks/scale.py 1000 10000 100000 --folder FOLDER
    python benchmarks/scale.py --build 1000000 --folder FOLDER   # only writes it; then without
    python benchmarks/scale.py --files 10000 --folder FOLDER     # a run that finds nothing to do
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from generated import PER_DOCUMENT, STOPPED, D, World, build, chunks, peak, unit

QUESTIONS = 300
WARM = 20
DEPTH = 100


class Asked:
    """The questions of a size, with the exact ten nearest of each."""

    def __init__(self, passages: int) -> None:
        world = World(passages)
        chance = np.random.default_rng(99)
        picked = np.sort(chance.choice(passages, min(QUESTIONS, passages), replace=False))
        texts, vectors = [], []
        for first, words, some, _ in chunks(world):
            begin = first * PER_DOCUMENT
            for at in picked[(picked >= begin) & (picked < begin + len(some))] - begin:
                terms = [w for w in words[at] if w >= STOPPED]
                texts.append(" ".join(world.words[chance.choice(terms, 6, replace=False)]))
                vectors.append(some[at])
        self.texts, self.vectors = texts, world.beside(chance, np.stack(vectors))
        self.nearest = self._exact(world)

    def _exact(self, world: World) -> np.ndarray:
        """int (n, 10) rows nearest to each question, by comparing all."""
        best = np.full((len(self.texts), 10), -np.inf), np.zeros((len(self.texts), 10), dtype=int)
        for first, _, some, _ in chunks(world):
            scores = self.vectors @ some.T
            rows = np.tile(np.arange(len(some)) + first * PER_DOCUMENT + 1, (len(scores), 1))
            scores = np.concatenate([best[0], scores], axis=1)
            rows = np.concatenate([best[1], rows], axis=1)
            order = np.argsort(-scores, axis=1)[:, :10]
            best = np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)
        return best[1]

    def save(self, path: Path) -> None:
        """Keeps them for the processes that ask."""
        np.savez(path, texts=np.array(self.texts), vectors=self.vectors, nearest=self.nearest)


def resident() -> float:
    """MiB of memory now, mapped files that were touched included."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20


def timed(ask: Callable[[int], object], count: int) -> tuple[float, float]:
    """p50 and p95 milliseconds, warm."""
    for number in range(min(WARM, count)):
        ask(number)
    times = []
    for number in range(count):
        started = time.perf_counter()
        ask(number)
        times.append(1e3 * (time.perf_counter() - started))
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def ask_here(folder: Path) -> dict[str, Any]:
    """Opens an index and asks."""
    import faiss  # noqa: F401  (loading libraries is not opening an index)
    import scipy.sparse  # noqa: F401

    from rag.store.index import Index
    from rag.store.plan import read_plan
    from rag.types import Filters

    asked = np.load(folder / "asked.npz")
    texts, vectors, nearest = asked["texts"].tolist(), asked["vectors"], asked["nearest"]
    years = np.random.default_rng(5).integers(2000, 2020, size=len(texts)).tolist()
    filters = [Filters(since=f"{y}-03-{y % 28 + 1:02d}", until=f"{y + n % 5}-08")
               for n, y in enumerate(years)]  # fmt: skip
    started = time.perf_counter()
    index = Index.open(folder / "index")
    index.dense(vectors[0], 10)
    index.lexical(texts[0], 10)
    opened = time.perf_counter() - started
    index.allowed(filters[0])
    with_filters = time.perf_counter() - started

    def both(n: int, allowed: np.ndarray | None) -> None:
        index.dense(vectors[n], DEPTH, allowed)
        index.lexical(texts[n], DEPTH, allowed)

    found = [{row for row, _ in index.dense(v, 10)} for v in vectors]
    hits = [len(f & set(n)) / len(n) for f, n in zip(found, nearest.tolist(), strict=True)]
    count = len(texts)
    return {
        "dense": timed(lambda n: index.dense(vectors[n], DEPTH), count),
        "lexical": timed(lambda n: index.lexical(texts[n], DEPTH), count),
        "both": timed(lambda n: both(n, None), count),
        "dates": timed(lambda n: both(n, index.allowed(filters[n])), count),
        "folder": timed(lambda n: index.allowed(Filters(source=f"docs/000{n % 10}/{n}*")), 40),
        "open_s": opened,
        "open_filter_s": with_filters,
        "rss_mib": resident(),
        **asdict(read_plan(folder / "index" / "vectors")),
        "recall": float(np.mean(hits)),
    }


def update_here(folder: Path) -> dict[str, Any]:
    """Adds one document and removes it again."""
    from many_files import WordTokens

    from rag.store.update import update_index

    new = folder / "new"
    new.mkdir(exist_ok=True)
    result = {}
    for name in ("add", "remove"):
        if name == "add":
            (new / "one.txt").write_text("Mabeken dilofun.\n\nSarupin tovelan mabeken.\n")
        else:
            (new / "one.txt").unlink()
        started = time.perf_counter()
        done = update_index(folder / "index", [new], embedder=Noise, tokens=WordTokens())
        result[f"{name}_s"] = time.perf_counter() - started
        if (done.added, done.removed) != ((1, 0) if name == "add" else (0, 1)):
            raise SystemExit(f"the update did not {name} one document: {done}")
    return result


class Noise:
    """`Embedder` without a model."""

    name, revision, dimension = "generated", "1", D

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return unit(np.random.default_rng(0).standard_normal((len(texts), D), dtype=np.float32))

    def encode_passages(self, texts: Sequence[str], *, progress: object = None) -> np.ndarray:
        return self.encode_queries(texts)

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Any]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode_queries(texts), [self.encode_queries(["x"] * len(p)) for p in parts]


def plain_here(folder: Path) -> dict[str, Any]:
    """The plain way: everything built from the database, flat FAISS and bm25s."""
    import bm25s
    import faiss

    from rag.store.database import Database
    from rag.store.stored import stored_vectors

    asked = np.load(folder / "asked.npz")
    texts, vectors = asked["texts"].tolist(), asked["vectors"]
    database = Database(folder / "index")
    started = time.perf_counter()
    flat = faiss.IndexFlatIP(D)
    for _, some in stored_vectors(database, D):
        flat.add(some)
    vocabulary: dict[str, int] = {}
    ids = [
        [vocabulary.setdefault(t, len(vocabulary)) for t in tokens.split()]
        for (tokens,) in database.rows("SELECT tokens FROM passages ORDER BY row")
    ]
    model = bm25s.BM25(method="lucene", k1=0.6, b=0.5)
    model.index((ids, vocabulary), show_progress=False)
    built = time.perf_counter() - started

    def lexical(n: int) -> None:
        scores = model.get_scores(texts[n].split())
        np.argpartition(scores, -min(DEPTH, len(scores)))[-DEPTH:]

    def both(n: int) -> None:
        flat.search(vectors[n : n + 1], DEPTH)
        lexical(n)

    return {
        "dense": timed(lambda n: flat.search(vectors[n : n + 1], DEPTH), len(texts)),
        "lexical": timed(lexical, len(texts)),
        "both": timed(both, len(texts)),
        "add_s": built,  # all of it again, whatever has changed
        "peak_mib": peak(),
    }


def unchanged_here(folder: Path, count: int) -> dict[str, Any]:
    """Indexes some files, then does so again, with nothing to do."""
    from many_files import WordTokens

    from rag.store.update import update_index

    docs = folder / f"files-{count}" / "docs"
    for number in range(count):
        path = docs / f"{number // 500:03d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"File {number} tells of a river and a town.\n")
    os.chdir(docs.parent)
    seconds = []
    for _ in range(4):
        started = time.perf_counter()
        done = update_index(Path("index"), [docs], embedder=Noise, tokens=WordTokens())
        seconds.append(time.perf_counter() - started)
    if done.unchanged != count:
        raise SystemExit(f"not all were unchanged: {done}")
    return {"first_s": seconds[0], "unchanged_s": sorted(seconds[1:])[1]}


PARTS = {"ask": ask_here, "update": update_here, "plain": plain_here}


def in_a_process(part: str, folder: Path, *more: str) -> dict[str, Any]:
    """Runs a part in a fresh process and reads what it prints."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def prepare(folder: Path, passages: int) -> None:
    """Writes the index and the questions of a size, where they are not there."""
    if (folder / "asked.npz").exists():
        return
    print(f"writing {passages} passages …", file=sys.stderr)
    if not (folder / "built.json").exists():
        in_a_process("build", folder, "--size", str(passages))
    Asked(passages).save(folder / "asked.npz")


def _cells(found: dict[str, Any], name: str) -> str:
    return "{:.1f} / {:.1f}".format(*found[name]) if name in found else "–"


def report(passages: int, found: dict[str, Any], plain: dict[str, Any] | None) -> None:
    """Prints what was measured at a size."""
    kind = found["kind"] if found["kind"] == "flat" else (
        f"ivf, {found['probes']} of {found['lists']} lists, {found['codes']}"
    )  # fmt: skip
    print(f"\n{passages:,} passages ({kind}; recall@10 {found['recall']:.4f}, "
          f"{found['built_recall']:.4f} when it was built)")  # fmt: skip
    print("  p50 / p95 ms        " + "".join(f"{n:>16}" for n in ("rag", "plain")))
    for name, label in (("dense", "dense"), ("lexical", "lexical"), ("both", "both"),
                        ("dates", "both, dates"), ("folder", "new glob alone")):  # fmt: skip
        other = _cells(plain, name) if plain else "–"
        print(f"  {label:20}{_cells(found, name):>16}{other:>16}")
    print(f"  open {found['open_s']:.2f} s, with a filter {found['open_filter_s']:.2f} s;"
          f" memory {found['rss_mib']:.0f} MiB")  # fmt: skip
    print(f"  add one document {found['add_s']:.2f} s, remove it {found['remove_s']:.2f} s"
          + (f"; plain {plain['add_s']:.1f} s" if plain else ""))  # fmt: skip
    print(f"  search indexes built in {found['legs_s']:.0f} s (peak {found['peak_mib']:.0f} MiB),"
          f" database written in {found['write_s']:.0f} s")  # fmt: skip


def measure(folder: Path, passages: int, plain_up_to: int) -> None:
    """All of a size."""
    prepare(folder, passages)
    built = json.loads((folder / "built.json").read_text(encoding="utf-8"))
    found = in_a_process("ask", folder)
    recall, built_recall = found["recall"], built["recall"]
    found |= built | in_a_process("update", folder)
    found |= {"recall": recall, "built_recall": built_recall}
    plain = in_a_process("plain", folder) if passages <= plain_up_to else None
    (folder / "measured.json").write_text(json.dumps({"rag": found, "plain": plain}, indent=1))
    report(passages, found, plain)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--build", action="store_true", help="write the indexes and no more")
    parser.add_argument("--plain", type=int, default=100_000, metavar="N")
    parser.add_argument("--files", type=int, metavar="N")
    parser.add_argument("--part", choices=(*PARTS, "build", "unchanged"), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = given.folder.resolve()
    if given.part == "build":
        print(json.dumps(build(folder, given.size)))
    elif given.part == "unchanged":
        print(json.dumps(unchanged_here(folder, given.size)))
    elif given.part:
        print(json.dumps(PARTS[given.part](folder)))
    else:
        for size in given.sizes:
            place = folder / str(size)
            prepare(place, size) if given.build else measure(place, size, given.plain)
        if given.files:
            found = in_a_process("unchanged", folder, "--size", str(given.files))
            print(f"{given.files:,} files: first {found['first_s']:.2f} s, again, with nothing"
                  f" to do, {found['unchanged_s']:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
