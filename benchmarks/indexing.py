"""What reading ahead in processes saves, and what `rag index` costs where nothing has changed.

Writes N web pages of about 12 kB and indexes them in fresh processes, reading in one process and
reading ahead in several, in turn, with an embedder that costs nothing; both have to end in the same
passages. Then it indexes them again, unchanged.

    python benchmarks/indexing.py --pages 600 --repeats 3
    python benchmarks/indexing.py --pages 0 --texts 10000
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from many_files import WORDS, HashEmbedder, WordTokens

PARAGRAPHS, SENTENCES = 20, 6


def page(number: int) -> str:
    """A page with a menu, a footer and an article."""
    chance = random.Random(number)
    links = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in WORDS * 3)
    body = "".join(
        "<p>"
        + " ".join(
            f"The {' '.join(chance.choices(WORDS, k=9))} of {chance.randrange(9999)}."
            for _ in range(SENTENCES)
        )
        + "</p>\n"
        for _ in range(PARAGRAPHS)
    )
    return (
        f"<html><head><title>Page {number}</title></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>Page {number}</h1>{body}</article><footer>{links}</footer></body></html>"
    )


def generate(folder: Path, pages: int, texts: int) -> None:
    for number in range(pages):
        (folder / f"{number:05d}.html").write_text(page(number), encoding="utf-8")
    for number in range(texts):
        words = " ".join(random.Random(number).choices(WORDS, k=45))
        (folder / f"{number:06d}.txt").write_text(f"Note {number}. {words}.\n", encoding="utf-8")


def index_here(folder: Path, index: Path, workers: int | None) -> None:
    """Indexes in this process and prints what happened as JSON."""
    from rag.ingest import ahead
    from rag.store.update import update_index

    if workers is not None:
        ahead.MOST_WORKERS = workers
    started = time.perf_counter()
    done = update_index(index, [folder], embedder=HashEmbedder, tokens=WordTokens())
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "passages": done.passages, "digest": digest(index)}))


def digest(index: Path) -> str:
    """A hash of all passages and their vectors."""
    from rag.store.database import Database

    database, found = Database(index), hashlib.sha256()
    for row in database.rows(
        "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.text_key = p.text_key"
        " ORDER BY p.id"
    ):
        found.update(repr(row).encode())
    database.close()
    return found.hexdigest()


def run(folder: Path, index: Path, workers: int | None) -> dict:
    command = [sys.executable, __file__, "--here", str(folder), str(index)]
    command += [] if workers is None else ["--workers", str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--here", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        index_here(*given.here, given.workers)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "files"
        folder.mkdir()
        generate(folder, given.pages, given.texts)
        pairs = []
        for turn in range(given.repeats):
            one = run(folder, Path(temporary) / f"one-{turn}", 1)
            many = run(folder, Path(temporary) / f"many-{turn}", None)
            if one["digest"] != many["digest"]:
                raise SystemExit("the two indexes differ")
            pairs.append((one["seconds"], many["seconds"]))
        again = [run(folder, Path(temporary) / "many-0", None)["seconds"] for _ in range(3)]
    print(f"{given.pages + given.texts} files, {many['passages']} passages, the same both ways")
    print(f"  reading in one process {statistics.median(a for a, _ in pairs):6.1f} s")
    print(f"  reading ahead          {statistics.median(b for _, b in pairs):6.1f} s")
    ratios = sorted(a / b for a, b in pairs)
    print(f"  ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"  again, unchanged       {statistics.median(again):6.2f} s")


if __name__ == "__main__":
    main()
