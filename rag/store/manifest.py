"""What shaped an index: whoever opens it with something else is told, never served worse."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rag.errors import BadInput, IndexBroken, IndexMismatch, IndexNotFound
from rag.ingest.chunk import ChunkConfig
from rag.store.database import Database

__all__ = ["TEXT_VERSION", "Manifest", "check_embedder", "read_manifest", "write_manifest"]

#: Changes whenever reading, chunking, `passage_text` or `analyse` give another result for the same
#: file.
TEXT_VERSION = "7"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a passage's text, span and vector depend on.

    `base` is the folder that sources are relative to, itself relative to the index folder.
    """

    embedder: str
    revision: str
    dimension: int
    chunking: ChunkConfig
    base: str
    text_version: str = TEXT_VERSION


def read_manifest(database: Database) -> Manifest:
    """The manifest of an index; `IndexNotFound` where there is none yet, `IndexBroken` where it
    cannot be read, `IndexMismatch` where it is of a version that cuts texts another way."""
    text = database.get("manifest")
    if text is None:
        raise IndexNotFound(
            f"The index in {database.directory} was begun and never finished.",
            hint=f"Go on with `rag index PATH --index {database.directory}`.",
        )
    try:
        values = json.loads(text)
        manifest = Manifest(**{**values, "chunking": ChunkConfig(**values["chunking"])})
    except (ValueError, KeyError, TypeError, RecursionError, BadInput) as error:
        raise IndexBroken(
            f"The manifest of the index in {database.directory} cannot be read.",
            hint=f"Build it again with `rag index --rebuild --index {database.directory}`.",
        ) from error
    if manifest.text_version != TEXT_VERSION:
        raise IndexMismatch(
            f"The index in {database.directory} was made by a version that read texts another way.",
            hint=f"Build it again with `rag index --rebuild --index {database.directory}`.",
        )
    return manifest


def write_manifest(database: Database, manifest: Manifest) -> None:
    """Writes the manifest inside the transaction that is open."""
    database.put("manifest", json.dumps(asdict(manifest), sort_keys=True))


def check_embedder(
    manifest: Manifest, name: str, revision: str, dimension: int | None = None
) -> None:
    """Raises `IndexMismatch` unless the embedder is the one that the index was built with."""
    wide = manifest.dimension if dimension is None else dimension
    if (name, revision, wide) != (manifest.embedder, manifest.revision, manifest.dimension):
        raise IndexMismatch(
            f"The index was built with the embedder {manifest.embedder} ({manifest.revision}, "
            f"{manifest.dimension} dimensions), not {name} ({revision}, {wide}).",
            hint="Build it again with `rag index --rebuild`, or name another --index.",
        )
