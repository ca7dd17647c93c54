"""What shaped an index."""

from __future__ import annotations

import json

import pytest

from rag.errors import IndexBroken, IndexMismatch, IndexNotFound
from rag.ingest.chunk import ChunkConfig
from rag.store.database import Database
from rag.store.manifest import Manifest, check_embedder, read_manifest, write_manifest

MANIFEST = Manifest("model", "abc", 32, ChunkConfig(target_tokens=50), "..")


@pytest.fixture
def database(tmp_path) -> Database:
    return Database(tmp_path, create=True)


def test_a_manifest_survives_the_way_through_the_database(database: Database) -> None:
    write_manifest(database, MANIFEST)
    assert read_manifest(database) == MANIFEST


def test_an_index_that_was_never_finished(database: Database) -> None:
    with pytest.raises(IndexNotFound, match="never finished"):
        read_manifest(database)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"chunking": {"x": 1}}', '{"chunking": 3}'])
def test_a_manifest_that_cannot_be_read(database: Database, text: str) -> None:
    database.put("manifest", text)
    with pytest.raises(IndexBroken, match="cannot be read"):
        read_manifest(database)


def test_another_text_version_is_refused(database: Database) -> None:
    write_manifest(database, MANIFEST)
    values = json.loads(database.get("manifest") or "")
    database.put("manifest", json.dumps({**values, "text_version": "0"}))
    with pytest.raises(IndexMismatch) as raised:
        read_manifest(database)
    assert "--rebuild" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "revision", "dimension"),
    [("model", "abd", 32), ("other", "abc", 32), ("model", "abc", 9)],
)
def test_another_embedder_is_refused(name: str, revision: str, dimension: int) -> None:
    check_embedder(MANIFEST, "model", "abc")
    check_embedder(MANIFEST, "model", "abc", 32)
    with pytest.raises(IndexMismatch, match=f"not {name}"):
        check_embedder(MANIFEST, name, revision, dimension)
