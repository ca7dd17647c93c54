"""The bundled embedder: its vectors, its prompts, its silence."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from rag.errors import ModelUnavailable
from rag.models.bundled import bundled_embedder_path
from rag.models.embedder import SentenceTransformerEmbedder, _revision, load_embedder

TEXTS = [
    "A ceasefire was brokered by Russia in November 2020.",
    "The recipe needs two eggs and some flour.",
    "Short.",
    "",
    "A much longer passage about the Lachin corridor. " * 12,
]


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return load_embedder(None)


@pytest.mark.model
def test_vectors_are_float32_of_unit_length_in_the_order_given(embedder) -> None:
    together = embedder.encode_passages(TEXTS)
    assert together.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.allclose(embedder.encode_passages([text])[0], vector, atol=1e-5)


@pytest.mark.model
def test_a_question_is_nearer_to_its_answer(embedder) -> None:
    question = embedder.encode_queries(["Who brokered the ceasefire?"])[0]
    assert int(np.argmax(embedder.encode_passages(TEXTS) @ question)) == 0


@pytest.mark.model
def test_no_texts_give_no_vectors(embedder) -> None:
    assert embedder.encode_passages([]).shape == (0, 384)


@pytest.mark.model
def test_progress_hears_of_every_text(embedder) -> None:
    heard: list[int] = []
    embedder.encode_passages(["one", "two"] * 20, progress=heard.append)
    assert sum(heard) == 40


@pytest.mark.model
def test_the_name_and_revision_tell_the_bundled_model(embedder) -> None:
    assert (embedder.name, embedder.revision) == ("all-MiniLM-L6-v2", "53aa51172d14")


@pytest.fixture
def twin(tmp_path):
    """A folder with the bundled model's files, for a test to change."""
    for path in bundled_embedder_path().iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


def give_prompts(folder, **prompts) -> None:
    path = folder / "config_sentence_transformers.json"
    settings = json.loads(path.read_text())
    path.unlink()
    path.write_text(json.dumps({**settings, "prompts": prompts}))


@pytest.mark.model
def test_a_models_prompts_are_used_and_pinned(embedder, twin) -> None:
    give_prompts(twin, query="query: ", document="passage: ")
    other = load_embedder(str(twin))
    for mine, theirs, prompt in (
        (other.encode_queries, embedder.encode_queries, "query: "),
        (other.encode_passages, embedder.encode_passages, "passage: "),
    ):
        # Passages without a prompt may be encoded in bfloat16.
        assert float(mine(["peace talks"])[0] @ theirs([f"{prompt}peace talks"])[0]) >= 0.999
    assert other.revision.startswith(f"{embedder.revision}-")


def test_a_revision_changes_with_prompts_and_weights(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"one")
    (folder / "config_sentence_transformers.json").write_text("{}")
    seen = [_revision(folder)]
    give_prompts(folder, query="")
    assert _revision(folder) == seen[0]
    give_prompts(folder, query="query: ")
    seen.append(_revision(folder))
    (folder / "model.safetensors").write_bytes(b"another")
    seen.append(_revision(folder))
    (folder / "model-2.safetensors").write_bytes(b"shard")
    seen.append(_revision(folder))
    (folder / "model.safetensors").unlink()
    (folder / "model-2.safetensors").unlink()
    seen.append(_revision(folder))
    assert len(set(seen)) == len(seen)


@pytest.mark.model
def test_a_folder_that_is_no_model_is_refused_in_one_sentence(tmp_path) -> None:
    (tmp_path / "modules.json").write_text("[{")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_embedder(str(tmp_path))


@pytest.mark.model
def test_loading_prints_nothing_and_asks_no_network() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise RuntimeError('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from rag.models.embedder import load_embedder\n"
        "load_embedder(None).encode_queries(['a question'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
