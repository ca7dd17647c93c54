"""The bundled model: that it is the one meant, and what the index does with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelUnavailable
from rag.models import bundled
from rag.models.bundled import bundled_embedder_path, check_sha256, remembered_sha256
from rag.models.embedder import load_embedder
from rag.models.tokens import model_folder, token_counter
from rag.models.writer_bundled import unpacked_folder
from rag.store.index import Index
from rag.store.update import update_index


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "rag" / "models.json"


def test_a_file_is_hashed_once_until_it_changes(tmp_path, cache, monkeypatch) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    first = remembered_sha256(path)
    assert json.loads(cache.read_text())[str(path)].endswith(first)
    with monkeypatch.context() as patched:
        patched.setattr(bundled, "file_sha256", lambda _: pytest.fail("hashed again"))
        assert remembered_sha256(path) == first
    path.write_bytes(b"other")
    assert remembered_sha256(path) != first


@pytest.mark.parametrize("memory", ["", "[]", "nonsense", "{}"])
def test_a_damaged_memory_costs_only_time(tmp_path, cache, memory: str) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    cache.parent.mkdir(parents=True)
    cache.write_text(memory)
    assert remembered_sha256(path) == bundled.file_sha256(path)


def test_a_user_without_a_home_folder_has_no_memory(tmp_path, monkeypatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(bundled.Path, "home", nowhere)
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert remembered_sha256(path) == bundled.file_sha256(path)
    with pytest.raises(ModelUnavailable, match="XDG_CACHE_HOME"):
        unpacked_folder()


def test_other_weights_and_missing_ones_are_refused(tmp_path) -> None:
    path = tmp_path / "weights"
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        check_sha256(path, "0" * 64)
    path.write_bytes(b"one")
    with pytest.raises(ModelUnavailable, match="not the one"):
        check_sha256(path, "0" * 64)


def test_a_missing_package_is_said(monkeypatch) -> None:
    monkeypatch.setattr(bundled, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ModelUnavailable, match="not installed"):
        bundled_embedder_path()


def test_a_model_that_is_nowhere_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(ModelUnavailable, match="neither a folder here"):
        model_folder("nobody/no-such-model")
    with pytest.raises(ModelUnavailable, match="tokenizer"):
        token_counter(str(tmp_path))


@pytest.mark.model
def test_tokens_are_the_models_own_and_offsets_are_the_texts() -> None:
    counter = token_counter(None)
    assert counter.window == 254
    text = "Ceasefire – in Čačak, 2020."
    words = [text[s:e] for s, e in counter.offsets(text)]
    assert "".join(words) == text.replace(" ", "")
    assert counter.offsets("") == []


@pytest.mark.model
def test_an_index_with_the_bundled_model(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "a.txt": "Mediators announced that the fighting would stop at midnight.",
        "b.txt": "The bakery sells rye bread and rolls every morning.",
        "c.txt": "Astronomers saw a comet near the edge of the solar system.",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text + "\n")
    model = load_embedder(None)
    update_index(tmp_path / "index", [tmp_path], embedder=lambda: model, tokens=token_counter(None))
    with Index.open(tmp_path / "index") as index:
        assert (index.manifest.embedder, index.manifest.dimension) == ("all-MiniLM-L6-v2", 384)
        vectors = model.encode_queries(["When does the ceasefire begin?"])
        assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)
        (best, score), *rest = index.dense(vectors[0], 3)
        assert index.passages([best])[0].source == "a.txt"
        assert score > rest[0][1] + 0.2
        # Batches and padding change nothing that matters.
        alone = np.stack([model.encode_passages([t + "\n"])[0] for t in texts.values()])
        together = model.encode_passages([t + "\n" for t in texts.values()])
        assert np.allclose(alone, together, atol=1e-5)


def test_a_memory_that_cannot_be_written_is_done_without(tmp_path, cache) -> None:
    cache.parent.parent.write_text("a file where the folder should be")
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert remembered_sha256(path) == bundled.file_sha256(path)


def test_a_package_with_other_weights_is_refused(tmp_path, monkeypatch) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"other weights")

    class Spec:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(bundled.importlib.util, "find_spec", lambda _: Spec)
    with pytest.raises(ModelUnavailable, match="Reinstall its package"):
        bundled_embedder_path()
