"""Indexes of another format, embedder or dimension, through the program: refused, and mended."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_index_status import SmallEmbedder, Words

COMMANDS = (("index",), ("status",), ("status", "--check"), ("search", "war"), ("show", "a.txt"))


@pytest.fixture
def models(monkeypatch) -> dict[str, type]:
    """Puts in place what is loaded; a test may exchange the embedder."""
    loaded: dict[str, type] = {"embedder": SmallEmbedder}
    for place in ("rag.models.embedder", "rag.finding"):
        monkeypatch.setattr(f"{place}.load_embedder", lambda *_, **__: loaded["embedder"]())
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda *_, **__: Words())
    return loaded


@pytest.fixture
def indexed(rag, models) -> Path:
    Path("corpus").mkdir()
    Path("corpus/2020-11-10-a.txt").write_text("The war ended in November.\n")
    assert rag("index").code == 0
    return Path("index/rag.db")


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("version", [1, 2, 99])
def test_another_format_is_refused_with_what_mends_it(rag, indexed, command, version) -> None:
    change(indexed, f"PRAGMA user_version = {version}")
    done = rag(*command)
    assert (done.code, done.out) == (2, "")
    assert f"has format {version}, this version reads" in done.err
    assert "rag index --rebuild --index index" in done.err


def test_the_command_that_is_named_mends_it(rag, indexed) -> None:
    change(indexed, "PRAGMA user_version = 1")
    assert rag("index", "--rebuild", "--index", "index").code == 0
    assert rag("status", "--check").code == 0
    assert "The war ended" in rag("search", "war").out


def test_another_embedder_is_refused(rag, indexed) -> None:
    done = rag("index", "--embedder", "other")
    assert done.code == 2
    assert "built with the embedder small" in done.err
    assert "--rebuild" in done.err


def test_the_same_name_with_another_revision_or_dimension_is_refused(rag, indexed, models) -> None:
    class Revised(SmallEmbedder):
        revision = "2"

    class Wider(SmallEmbedder):
        dimension = 12

        def encode_queries(self, texts):
            return np.pad(super().encode_queries(texts), ((0, 0), (0, 4)))

    Path("corpus/b.txt").write_text("Another text.\n")
    for embedder in (Revised, Wider):
        models["embedder"] = embedder
        for command in (("index",), ("search", "war")):
            done = rag(*command)
            assert (done.code, done.out) == (2, "")
            assert "--rebuild" in done.err
    models["embedder"] = SmallEmbedder
    assert "1 added" in rag("index").out


def test_check_names_the_damage_and_mends_it(rag, indexed) -> None:
    change(indexed, "UPDATE documents SET text = replace(text, 'November', 'December')")
    done = rag("status", "--check")
    assert done.code == 1
    assert "A row of documents has changed on disk: corpus/2020-11-10-a.txt." in done.out
    assert "Mend it with: rag index --rebuild --index index" in done.out
    searched = rag("search", "war")
    assert (searched.code, searched.out) == (1, "")
    assert "damaged" in searched.err
    assert rag("index", "--rebuild").code == 0
    assert "whole (checked 1 document" in rag("status", "--check").out


def test_check_as_json(rag, indexed) -> None:
    import json

    assert json.loads(rag("status", "--check", "--json").out)["checked"]["damage"] == []
    change(indexed, "UPDATE paragraphs SET page = 7")
    done = rag("status", "--check", "--json")
    found = json.loads(done.out)
    assert (done.code, found["whole"]) == (1, False)
    assert found["checked"]["damage"][0]["mend"] == "rag index --rebuild --index index"
    assert json.loads(rag("status", "--json").out)["checked"] is None
