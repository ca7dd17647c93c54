"""The copy of an index that other machines answer from: fills it, and says what it holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.cli.output import show, write_json
from rag.config import Settings
from rag.render.lines import Line, Piece, counted, line

if TYPE_CHECKING:
    from rag.store.publish import Published
    from rag.store.summary import Progress

__all__ = ["fill_store", "filled_line", "show_store"]

LEAD = 12


def fill_store(settings: Settings, url: str, refill: bool, progress: Progress | None) -> Published:
    """Publishes the index to a store, while no one else writes to the index."""
    from rag.store.files import writer_lock
    from rag.store.index import Index
    from rag.store.publish import publish

    with writer_lock(settings.index), Index.open(settings.index) as index:
        return publish(index, url, refill=refill, progress=progress)


def filled_line(published: Published) -> Line:
    """What a publication did, in a line."""
    done = (
        f"{published.added} added, {published.removed} removed, {published.unchanged} unchanged;"
        f" {counted(published.passages, 'passage')} in {published.url}, {published.seconds:.1f} s"
    )
    return line("store: ", done)


def show_store(url: str, as_json: bool) -> None:
    """What a store holds; whether it is up to date only the machine that fills it can say."""
    from rag.store.milvus import MilvusStore

    with MilvusStore.open(url) as store:
        state = store.state
    if as_json:
        write_json({"store": url, **asdict(state)})
        return
    built = f"{state.manifest.embedder} ({state.manifest.dimension} dimensions)"
    facts: dict[str, Any] = {
        "store": url,
        "documents": state.documents,
        "passages": state.size,
        "embedder": built,
        "languages": ", ".join(state.languages) or "none",
        "published": f"{state.published}, generation {state.generation}",
    }
    show([line(str(value), lead=Piece(f"{name:<{LEAD}}", "dim")) for name, value in facts.items()])
