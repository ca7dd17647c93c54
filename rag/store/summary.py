"""What an update is told and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.ingest.chunk import ChunkConfig
from rag.store.database import Database

__all__ = ["Progress", "Skipped", "UpdateOptions", "UpdateSummary", "skipped_sources"]


class Progress(Protocol):
    """Hears how far an update has come."""

    def start(self, total: int) -> None: ...

    def advance(self, n: int) -> None: ...

    def note(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    """`rebuild` starts from nothing; `chunking` says how documents are cut.

    `embedder` and `chunking`, where they are given, have to be those the index was built with.
    `purge` removes at once from every file of the index what the update removes from the index;
    `compact` does so for whatever was removed before, and frees unused space. `faiss` says how
    vectors are searched from now on: `flat`, `ivf`, or `auto`, by their number. `alone` forgets
    what other paths than those named gave to the index, wherever they are now.
    """

    rebuild: bool = False
    purge: bool = False
    compact: bool = False
    embedder: str | None = None
    chunking: ChunkConfig | None = None
    faiss: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that is not in the index as it stands on disk, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """What an update did, counted in files.

    `documents`, `passages` and `skipped` are the whole index's after it; `embedded` counts texts.
    """

    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    embedded: int
    seconds: float


def skipped_sources(database: Database) -> tuple[Skipped, ...]:
    """Everything that is listed as left out, by source."""
    found = database.rows("SELECT source, reason FROM skipped ORDER BY source")
    return tuple(Skipped(source, reason) for source, reason in found)
