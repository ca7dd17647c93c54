"""What a store on Milvus says of itself: whose copy it is, of which generation, how large."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from rag.errors import IndexBroken, IndexMismatch
from rag.ingest.chunk import ChunkConfig
from rag.store.manifest import TEXT_VERSION, Manifest
from rag.store.milvus_client import Milvus
from rag.store.milvus_words import term_key

__all__ = ["State", "holding", "read_state", "write_state"]

#: The version of the collections' fields; another one is refused, never guessed at.
FORMAT = 1
_KEY = "state"


@dataclass(frozen=True, slots=True)
class State:
    """One published state. `source_generation` is that of the index it is a copy of.

    `length` counts the terms of all passages; `average` is the mean that the passages' words
    were weighed with, which may lag behind `length / size` a little. Weighing them anew begins
    another `epoch`: entities of an earlier one are the same documents for those who still read it.
    """

    generation: int
    epoch: int
    source_generation: int
    manifest: Manifest
    documents: int
    size: int
    length: int
    average: float
    languages: tuple[str, ...]
    published: str


def read_state(milvus: Milvus) -> State:
    """The state of a store that exists; `IndexBroken` or `IndexMismatch` where it is not ours."""
    url = milvus.address.url
    hint = f"Fill it anew with `rag index --refill --store {url}`."
    found = milvus.by_key("meta", [_KEY], ["value"])
    try:
        values: dict[str, Any] = json.loads(found[0]["value"])
        format_ = values.pop("format")
        manifest = values.pop("manifest")
        manifest = Manifest(**{**manifest, "chunking": ChunkConfig(**manifest["chunking"])})
        state = State(**{**values, "manifest": manifest, "languages": tuple(values["languages"])})
    except (LookupError, ValueError, TypeError) as error:
        raise IndexBroken(f"The store {url} was never filled to its end.", hint=hint) from error
    if format_ != FORMAT or manifest.text_version != TEXT_VERSION:
        raise IndexMismatch(f"The store {url} was filled by another version.", hint=hint)
    return state


def write_state(milvus: Milvus, state: State) -> None:
    """From here on whoever opens the store sees this state: one entity, so all or nothing."""
    value = json.dumps({**asdict(state), "format": FORMAT}, sort_keys=True)
    milvus.put("meta", [{"key": _KEY, "value": value}])


def holding(milvus: Milvus, terms: tuple[str, ...]) -> dict[str, int]:
    """How many passages hold each term; 0 for one that none does."""
    keys = {term_key(term): term for term in terms}
    found = milvus.by_key("terms", list(keys), ["term", "passages"])
    counted = {keys[entity["term"]]: int(entity["passages"]) for entity in found}
    return {term: counted.get(term, 0) for term in terms}
