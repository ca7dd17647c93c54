"""Opens what is to be answered from: the index on this machine, or its copy on another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import named_path
from rag.errors import BadInput, IndexNotFound, RagError
from rag.store.protocol import Store

if TYPE_CHECKING:
    from rag.ingest.chunk import TokenCounter
    from rag.models.embedder import Embedder
    from rag.store.summary import UpdateSummary

__all__ = ["bring_up_to_date", "built_with", "model_for", "open_store"]


def open_store(index: Path, url: str | None) -> Store:
    """The store at a URL, or without one the index in a folder; each error says what to do."""
    if url is not None:
        from rag.store.milvus import MilvusStore

        return MilvusStore.open(url)
    from rag.store.index import Index

    return Index.open(index)


def built_with(index: Path) -> str | None:
    """The embedder that an index was built with; None where there is no index yet."""
    from rag.store.index import Index

    try:
        with Index.open(index) as opened:
            return opened.manifest.embedder
    except IndexNotFound:
        return None


def model_for(index: Path, name: str | None) -> tuple[Callable[[], Embedder], TokenCounter]:
    """What loads the embedder that an index is to be written with, and what counts its tokens."""
    from rag.models.embedder import load_embedder
    from rag.models.tokens import placed, token_counter
    from rag.store.index import Index

    where = name
    if name is not None:
        with suppress(RagError), Index.open(index) as opened:
            where = placed(name, opened.base)

    def load() -> Embedder:
        embedder = load_embedder(where)
        if name is not None and where != name:
            embedder.name = name
        return embedder

    return load, token_counter(where)


def bring_up_to_date(
    index: Path, paths: str | PathLike[str] | Iterable[str | PathLike[str]], embedder: str | None
) -> UpdateSummary:
    """Builds an index, or updates it, with its own embedder unless one is named."""
    from rag.store.update import UpdateOptions, update_index

    named, name = _named(paths), embedder or built_with(index)
    load, tokens = model_for(index, name)
    return update_index(
        index, named, embedder=load, tokens=tokens, options=UpdateOptions(embedder=name)
    )


def _named(paths: object) -> list[Path]:
    """The paths to index; what finds none, as a glob may, is no wish to index what was before."""
    if isinstance(paths, str | PathLike):
        return [named_path(paths)]
    if not isinstance(paths, Iterable):
        raise BadInput(f"The paths must be a list of paths, not {paths!r}.")
    named = [named_path(path) for path in paths]
    if not named:
        raise BadInput("Nothing was named to index.", hint="Name a file or folder.")
    return named
