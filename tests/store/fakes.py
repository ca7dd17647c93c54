"""An embedder and a token counter without a model, and a helper that updates an index with them."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.store.index import Index
from rag.store.update import UpdateOptions, UpdateSummary, update_index
from rag.types import Span

DIMENSION = 32


class FakeEmbedder:
    """Hashed character trigrams, L2-normalised; counts what it is asked for."""

    revision = "1"
    dimension = DIMENSION

    def __init__(self, name: str = "fake", die_at: int | None = None) -> None:
        self.name = name
        self.texts: list[str] = []
        self.calls = 0
        self._die_at = die_at

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([_vector(t) for t in texts]).astype(np.float32)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        self.calls += 1
        if self.calls == self._die_at:
            os._exit(9)
        self.texts += texts
        return self.encode_queries(texts)

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        vectors = self.encode_passages(texts)
        return vectors, [
            self.encode_queries([s.of(text) for s in spans] or [text])
            for text, spans in zip(texts, parts, strict=True)
        ]


class FakeTokens:
    """Words are tokens."""

    window = 60

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]


def _vector(text: str) -> np.ndarray:
    padded = f"  {text.lower()} "
    vector = np.full(DIMENSION, 1e-3)
    for at in range(len(padded) - 2):
        code = zlib.crc32(padded[at : at + 3].encode(errors="replace"))
        vector[code % DIMENSION] += 1.0 if code & 0x10000 else -1.0
    return vector / np.linalg.norm(vector)


class Store:
    """A folder of files and its index, in a working directory of their own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.directory = base / "index"
        self.embedder = FakeEmbedder()
        self.loaded = 0

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        # No two writes of a test fall into one tick of the clock.
        stamp = 1_700_000_000_000_000_000 + int(
            hashlib.sha256(path.read_bytes()).hexdigest()[:8], 16
        )
        os.utime(path, ns=(stamp, stamp))
        return path

    def update(self, *names: str, embedder: FakeEmbedder | None = None, **options) -> UpdateSummary:
        def load() -> FakeEmbedder:
            self.loaded += 1
            return embedder or self.embedder

        return update_index(
            self.directory,
            [self.base / n for n in names],
            embedder=load,
            tokens=FakeTokens(),
            options=UpdateOptions(**options),
        )

    def open(self) -> Index:
        return Index.open(self.directory)

    def contents(self) -> list[tuple[object, ...]]:
        """Every passage of the index, as far as it does not depend on history."""
        with self.open() as index:
            return [
                (p.id, None, p.source, p.start, p.end, p.text, p.paragraph, p.line, p.date)
                for p in index.passages(index.rows())
            ]

    def found(self, query: str, k: int = 5) -> list[tuple[str, list[tuple[str, float]]]]:
        """What both legs find, by the ids of passages: rows depend on history."""
        with self.open() as index:
            vector = self.embedder.encode_queries([query])[0]
            legs = {"dense": index.dense(vector, k), "lexical": index.lexical(query, k)}
            return [
                (
                    name,
                    [
                        (passage.id, score)
                        for passage, (_, score) in zip(
                            index.passages([row for row, _ in found]), found, strict=True
                        )
                    ],
                )
                for name, found in legs.items()
            ]


def counts(summary: UpdateSummary) -> tuple[int, int, int, int, int]:
    s = summary
    return s.added, s.changed, s.moved, s.removed, s.unchanged
