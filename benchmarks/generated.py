"""Passages by the million, drawn so that they behave like real ones, written into an index."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

D = 384
PER_DOCUMENT = 5
PER_FOLDER = 2000
WORDS_EACH = 60
VOCABULARY = 600_000
#: The commonest words would be stop words: they are neither indexed nor asked for.
STOPPED = 40
LANGUAGE = "xx"  # no stop words and no stemmer: the words of a text are its terms
#: Shares of a vector's variance: of its field, its topic, its document, its own. The spectrum
#: resembles that of MiniLM vectors of articles, and the cosines of the nearest neighbours those of
#: real questions: 0.56 for the nearest passage, about 0.3 for the tenth.
FIELD, TOPIC, DOCUMENT, OWN = 0.15, 0.15, 0.25, 0.45
PER_FIELD, PER_TOPIC = 5000, 50
#: The cosine of a question and the passage it was made from.
NEAR = 0.55


def word(number: int) -> str:
    """A pronounceable name of a number, another one for each."""
    letters, syllables = "bdfgklmnprstvz", []
    while True:
        number, rest = divmod(number, 70)
        syllables.append(letters[rest // 5] + "aeiou"[rest % 5])
        if number == 0:
            return "".join(syllables) + "n"


class World:
    """What the passages are drawn from; the same for the same seed."""

    def __init__(self, passages: int) -> None:
        self.passages = passages
        ranks = np.arange(VOCABULARY)
        weights = 1.0 / (ranks + 2.7) ** 1.05
        self._cumulative = np.cumsum(weights / weights.sum())
        self.words = np.array([word(n) for n in range(VOCABULARY)], dtype=object)
        at = np.arange(D)
        spectrum = (at + 6.0) ** -0.7 * np.exp(-at / 170)
        self._deviation = np.sqrt(spectrum / spectrum.sum()).astype(np.float32)
        chance = np.random.default_rng(1)
        fields = self.noise(chance, max(1, passages // PER_FIELD))
        topics = self.noise(chance, max(1, passages // PER_TOPIC))
        of_field = chance.integers(len(fields), size=len(topics))
        self._topics = np.sqrt(FIELD) * fields[of_field] + np.sqrt(TOPIC) * topics

    def noise(self, chance: np.random.Generator, count: int) -> np.ndarray:
        """float32 (n, d) of unit variance, more of it in the first dimensions."""
        return chance.standard_normal((count, D), dtype=np.float32) * self._deviation

    def texts(self, chance: np.random.Generator, count: int) -> np.ndarray:
        """int (n, WORDS_EACH) numbers of words."""
        drawn = np.searchsorted(self._cumulative, chance.random((count, WORDS_EACH)))
        return np.minimum(drawn, VOCABULARY - 1)

    def vectors(self, chance: np.random.Generator, documents: int) -> np.ndarray:
        """float32 (documents * PER_DOCUMENT, d), L2-normalised."""
        topics = self._topics[chance.integers(len(self._topics), size=documents)]
        each = topics + np.sqrt(DOCUMENT) * self.noise(chance, documents)
        own = np.sqrt(OWN) * self.noise(chance, documents * PER_DOCUMENT)
        return unit(np.repeat(each, PER_DOCUMENT, axis=0) + own)

    def beside(self, chance: np.random.Generator, vectors: np.ndarray) -> np.ndarray:
        """float32 (n, d): of each vector one that a question would have."""
        other = unit(self.noise(chance, len(vectors)))
        return unit(NEAR * vectors + np.sqrt(1 - NEAR**2) * other)


def unit(vectors: np.ndarray) -> np.ndarray:
    """float32, each row of length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


def chunks(world: World) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.random.Generator]]:
    """Number of the first document, words and vectors of some documents at a time."""
    documents = world.passages // PER_DOCUMENT
    for first in range(0, documents, 4000):
        chance = np.random.default_rng([7, first])
        count = min(4000, documents - first)
        words = world.texts(chance, count * PER_DOCUMENT)
        yield first, words, world.vectors(chance, count), chance


def source_of(document: int) -> str:
    return f"docs/{document // PER_FOLDER:04d}/{document:08d}.txt"


def build(folder: Path, passages: int) -> dict[str, float]:
    """Writes an index of generated passages, its legs included; seconds, memory and recall.

    The database is written once; broken off after that, the legs are built by the next call.
    """
    from rag.store.database import Database
    from rag.store.legs import bring_up
    from rag.store.plan import read_plan

    written = folder / "written.json"
    if not written.exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "index").mkdir(parents=True)
        started = time.perf_counter()
        write(folder / "index", passages)
        seconds = time.perf_counter() - started
        written.write_text(json.dumps({"write_s": seconds}), encoding="utf-8")
    database = Database(folder / "index")
    started = time.perf_counter()
    bring_up(database, lambda _: None)
    result = {
        **json.loads(written.read_text(encoding="utf-8")),
        "legs_s": time.perf_counter() - started,
        "peak_mib": peak(),
        "recall": read_plan(folder / "index" / "vectors").recall,
    }
    (folder / "built.json").write_text(json.dumps(result), encoding="utf-8")
    return result


def write(index: Path, passages: int) -> None:
    """Writes the database alone, in one transaction."""
    from rag.ingest.chunk import ChunkConfig
    from rag.store.database import Database
    from rag.store.history import record
    from rag.store.manifest import Manifest, write_manifest

    database = Database(index, create=True)
    execute = database.connection.execute
    # Only here: nothing is lost if this is broken off.
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -800000"):
        execute(f"PRAGMA {setting}").fetchall()
    execute("BEGIN")
    write_manifest(database, Manifest("generated", "1", D, ChunkConfig(), ".."))
    world = World(passages)
    for first, words, vectors, chance in chunks(world):
        insert(database, world, first, words, vectors, chance)
    database.put("generation", "1")
    record(database, 1, passages // PER_DOCUMENT * PER_DOCUMENT)
    execute("COMMIT")
    execute("PRAGMA journal_mode = WAL").fetchall()
    database.close()


def insert(
    database: Any,
    world: World,
    first: int,
    words: np.ndarray,
    vectors: np.ndarray,
    chance: np.random.Generator,
) -> None:
    from rag.store.database import date_range
    from rag.store.names import passage_id, text_sha
    from rag.store.schema import SEALED, seal
    from rag.types import Span

    def statement(table: str, key: str) -> str:
        names = (key, *SEALED[table], "seal")
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"

    files, documents, passages, stored = [], [], [], []
    days = np.datetime64("2000-01-01") + chance.integers(0, 9000, size=len(words) // PER_DOCUMENT)
    parts = [unit(vectors + 0.5 * world.noise(chance, len(vectors))) for _ in range(3)]
    sentences = np.stack(parts, axis=1).astype("<f2")
    spelled = [" ".join(world.words[some]) for some in words]
    for at in range(len(days)):
        number = first + at + 1
        mine = spelled[at * PER_DOCUMENT : (at + 1) * PER_DOCUMENT]
        text, source, date = "\n\n".join(mine), source_of(number - 1), str(days[at])
        sha = text_sha(text)
        values: tuple[Any, ...] = (source, len(text), 1, sha)
        files.append((number, *values, seal(*values)))
        values = (number, source, "text", None, None, date, "file name", *date_range(date),
                  "utf-8", LANGUAGE, 0, seal(repr([])), text)  # fmt: skip
        documents.append((number, *values, seal(*values)))
        start = 0
        for n, passage in enumerate(mine):
            row = (number - 1) * PER_DOCUMENT + n + 1
            i = at * PER_DOCUMENT + n
            end, key = start + len(passage), text_sha(f"{row}")
            tokens = " ".join(world.words[w] for w in words[i] if w >= STOPPED)
            values = (passage_id(source, sha, Span(start, end)), number, start, end, n + 1,
                      2 * n + 1, None, key, tokens)  # fmt: skip
            passages.append((row, *values, seal(*values)))
            values = (key, vectors[i].tobytes(), sentences[i].tobytes())
            stored.append((row, *values, seal(*values)))
            start = end + 2
    for table, key, rows in (
        ("files", "id", files), ("documents", "id", documents),
        ("passages", "row", passages), ("vectors", "id", stored),
    ):  # fmt: skip
        database.connection.executemany(statement(table, key), rows)


def peak() -> float:
    """MiB of memory at most so far."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)
