"""`--store` and `--engine`: what the commands make of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import StoreUnavailable
from tests.cli.test_index_status import SmallEmbedder, Words


@pytest.fixture
def _models(monkeypatch) -> None:
    monkeypatch.setattr("rag.models.embedder.load_embedder", lambda _: SmallEmbedder())
    monkeypatch.setattr("rag.finding.load_embedder", lambda _: SmallEmbedder())
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: Words())
    Path("docs").mkdir()
    Path("docs/2020-05-06-a.txt").write_text("Ravens came.\n\nThey stayed.\n", encoding="utf-8")
    Path("docs/b.txt").write_text("Rivers froze.\n", encoding="utf-8")


@pytest.mark.usefixtures("_models")
def test_a_store_is_filled_and_asked(rag) -> None:
    pytest.importorskip("milvus_lite")
    url = "milvus:copy.db"
    done = rag("index", "docs", "--store", url)
    assert done.code == 0, done.err
    assert "store: 2 added, 0 removed, 0 unchanged; 2 passages in milvus:copy.db" in done.out
    told = json.loads(rag("index", "--store", url, "--json").out)
    assert (told["unchanged"], told["published"]["unchanged"]) == (2, 2)
    # Whoever asks the store needs no index.
    elsewhere = ("--store", url, "--index", "nowhere")
    status = rag("status", *elsewhere)
    assert (status.code, "documents   2" in status.out) == (0, True)
    assert json.loads(rag("status", *elsewhere, "--json").out)["size"] == 2
    shown = rag("show", "2020-05-06-a.txt:2", *elsewhere)
    assert "They stayed." in shown.out
    local = [json.loads(line) for line in rag("search", "ravens", "--json").out.splitlines()]
    copied = rag("search", "ravens", "--json", *elsewhere).out.splitlines()
    assert [json.loads(line)["text"] for line in copied] == [hit["text"] for hit in local]
    found = rag("search", "ravens", "--since", "2020", "--json", *elsewhere).out.splitlines()
    assert [json.loads(line)["source"] for line in found] == ["docs/2020-05-06-a.txt"]


@pytest.mark.usefixtures("_models")
@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StoreUnavailable("It does not listen."), 1, "rag: It does not listen.\n"),
        (KeyboardInterrupt(), 130, "rag: Stopped; the index is up to date, its copy is not."),
    ],
)
def test_the_index_is_told_of_whatever_becomes_of_its_copy(
    rag, monkeypatch, error, code, words
) -> None:
    def refused(*_: object) -> None:
        raise error

    monkeypatch.setattr("rag.cli.index.fill_store", refused)
    done = rag("index", "docs", "--rebuild", "--store", "http://localhost:1")
    assert (done.code, words in done.err) == (code, True)
    assert "2 documents, 2 passages in index\n" in done.out


@pytest.mark.parametrize("command", [("ask", "Q"), ("search", "q"), ("status",), ("show", "a.txt")])
def test_a_store_that_is_not_there_is_told(rag, command) -> None:
    pytest.importorskip("pymilvus")
    done = rag(*command, "--store", "milvus:none.db")
    assert (done.code, done.out) == (2, "")
    assert "There is no store" in done.err
    assert "rag index PATH --store milvus:none.db" in " ".join(done.err.split())


@pytest.mark.usefixtures("_models")
def test_an_engine_embeds(rag, monkeypatch) -> None:
    asked = []

    @contextlib.contextmanager
    def on_ray(name, address) -> Iterator[object]:
        asked.append((name, address))
        yield SmallEmbedder

    monkeypatch.setattr("rag.engines.ray.on_ray", on_ray)
    done = rag("index", "docs", "--engine", "ray", "--engine-address", "host:6379")
    assert done.code == 0, done.err
    assert asked == [(None, "host:6379")]
    assert "2 texts embedded" in done.out


@pytest.mark.usefixtures("_models")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--engine", "steam"), "must be ray"),
        (("--engine-address", "host:1"), "An address needs an engine."),
        (("--store", "here.db"), "not the address of a store"),
    ],
)
def test_what_cannot_be_meant_is_refused(rag, flags, words) -> None:
    done = rag("index", "docs", *flags)
    assert done.code == 2
    assert words in " ".join(done.err.split())
