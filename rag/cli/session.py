"""Opens what the commands ask: the index, or the assistant with the models of the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from rag.config import Settings
from rag.errors import BadInput, IndexBroken, IndexMismatch

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.store.index import Index
    from rag.store.protocol import Store

__all__ = [
    "Limits",
    "embedder_of",
    "limits",
    "open_assistant",
    "open_index",
    "opened_store",
    "watched",
]


class Limits(TypedDict):
    """What `Assistant.ask`, `search` and `stream` take beside the question."""

    top_k: int
    since: str | None
    until: str | None
    as_of: str | None
    source: str | None
    speaker: str | None


def limits(settings: Settings) -> Limits:
    """The part of the settings that goes with each question."""
    return {
        "top_k": settings.top_k,
        "since": settings.since,
        "until": settings.until,
        "as_of": settings.as_of,
        "source": settings.source,
        "speaker": settings.speaker,
    }


def open_index(settings: Settings) -> Index:
    """The index on this machine for reading; no model is loaded."""
    from rag.store.index import Index

    return Index.open(settings.index)


def opened_store(settings: Settings) -> Store:
    """The store of the settings, else the index; no model is loaded."""
    from rag.store.opening import open_store

    return open_store(settings.index, settings.store)


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the index; a setting that it cannot follow is refused."""
    if settings.model is not None and settings.composer != "generative":
        raise BadInput(
            "A writing model is used by the generative composer alone.",
            hint="Add --composer generative, or leave --model out.",
        )
    from rag.assistant import Assistant

    assistant = Assistant.open(
        settings.index,
        store=settings.store,
        top_k=settings.top_k,
        reader=settings.reader,
        risk=settings.risk,
        read_ms=settings.read_ms,
        composer=settings.composer,
        model=settings.model,
    )
    built_with = assistant.index.manifest.embedder
    if settings.embedder not in (None, built_with):
        assistant.close()
        raise BadInput(
            f"The index was built with the embedder {built_with}, not {settings.embedder}.",
            hint="Leave --embedder out, or build the index anew: rag index --rebuild --embedder …",
        )
    return assistant


def watched(index: Store) -> Callable[[], bool]:
    """Says at any time whether an index on this machine was written to after it was opened."""
    from rag.store.history import marked
    from rag.store.index import Index

    if not isinstance(index, Index):
        return lambda: False
    directory, opened = index.directory, index.generation
    return lambda: (marked(directory) or opened) != opened


def embedder_of(settings: Settings, *, rebuild: bool = False) -> str | None:
    """The embedder an index is to be written with: as given, else the one it was built with.

    An index that cannot be read has none to keep; that matters only when it is not rebuilt.
    """
    if settings.embedder is not None:
        return settings.embedder
    from rag.store.opening import built_with

    try:
        return built_with(settings.index)
    except (IndexMismatch, IndexBroken):
        if not rebuild:
            raise
        return None
