"""Opens what is to be answered from: the index on this machine, or its copy on another."""

from __future__ import annotations

from pathlib import Path

from rag.store.protocol import Store

__all__ = ["open_store"]


def open_store(index: Path, url: str | None) -> Store:
    """The store at a URL, or without one the index in a folder; each error says what to do."""
    if url is not None:
        from rag.store.milvus import MilvusStore

        return MilvusStore.open(url)
    from rag.store.index import Index

    return Index.open(index)
