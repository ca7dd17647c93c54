"""The embedder's tokens: offsets into the text, the window, and models that are not at hand."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelUnavailable
from rag.models.bundled import bundled_embedder_path
from rag.models.tokens import EmbedderTokens, model_folder, token_counter


@pytest.fixture(scope="module")
def counter() -> EmbedderTokens:
    return token_counter(None)


@pytest.fixture
def folder(tmp_path):
    """A model folder with a small word tokenizer that adds two specials."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "one": 3, "two": 4}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def put(path, **settings) -> None:
    path.write_text(json.dumps(settings))


def test_the_bundled_window_leaves_room_for_the_specials(counter) -> None:
    assert counter.window == 254


def test_no_token_is_cut_off_or_padded(folder) -> None:
    assert EmbedderTokens(folder).offsets("one two  three") == [(0, 3), (4, 7), (9, 14)]


def test_a_text_longer_than_the_window_is_counted_whole(counter) -> None:
    assert len(counter.offsets("war " * 1000)) == 1000


@settings(deadline=None)  # the first call reads the tokenizer
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_offsets_are_code_points_in_order_inside_the_text(text: str) -> None:
    found = token_counter_once().offsets(text)
    assert all(0 <= start <= end <= len(text) for start, end in found)
    assert found == sorted(found)


_ONCE: list[EmbedderTokens] = []


def token_counter_once() -> EmbedderTokens:
    if not _ONCE:
        _ONCE.append(token_counter(None))
    return _ONCE[0]


def test_offsets_count_code_points_not_bytes(counter) -> None:
    text = "\ufeff🙂 Շուշի é naïve"
    words = {text[start:end] for start, end in counter.offsets(text)}
    assert "naïve" in words
    assert counter.offsets("🙂 war")[-1] == (2, 5)


def test_the_window_is_what_the_model_itself_says(folder) -> None:
    assert EmbedderTokens(folder).window == 256 - 2
    put(folder / "config.json", max_position_embeddings=512)
    assert EmbedderTokens(folder).window == 510
    put(folder / "tokenizer_config.json", model_max_length=10**30)
    assert EmbedderTokens(folder).window == 510
    put(folder / "tokenizer_config.json", model_max_length=128)
    assert EmbedderTokens(folder).window == 126
    put(folder / "sentence_bert_config.json", max_seq_length=64)
    assert EmbedderTokens(folder).window == 62
    put(folder / "sentence_bert_config.json", max_seq_length=None)
    assert EmbedderTokens(folder).window == 126


def test_a_folder_without_a_tokenizer_is_refused(tmp_path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no readable tokenizer\.json"):
        token_counter(str(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ModelUnavailable, match=r"no readable tokenizer\.json"):
        token_counter(str(tmp_path))


def test_names_of_the_bundled_model_and_of_folders(tmp_path) -> None:
    assert model_folder(None) == model_folder("all-MiniLM-L6-v2") == bundled_embedder_path()
    assert model_folder(str(tmp_path)) == tmp_path


@pytest.fixture
def hub(monkeypatch):
    """Stands in for the hub's client: (call, whether local only) in, a folder or an error out."""
    import huggingface_hub

    calls: list[bool] = []
    answers: list[object] = []

    def download(name, *, allow_patterns, local_files_only=False):
        assert not any("bin" in p or "pt" in p for p in allow_patterns), "pickles are not fetched"
        calls.append(local_files_only)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    return calls, answers


def test_a_hub_model_fetched_before_is_taken_without_the_network(hub, folder) -> None:
    calls, answers = hub
    (folder / "model.safetensors").write_bytes(b"w")
    answers.append(folder)
    assert model_folder("some/model") == folder
    assert calls == [True]


def test_a_hub_model_half_fetched_is_fetched_again(hub, folder) -> None:
    calls, answers = hub
    answers.extend([folder, folder])
    assert model_folder("some/model") == folder
    assert calls == [True, False]


def test_a_model_that_cannot_be_had_is_told_in_one_sentence(hub) -> None:
    calls, answers = hub
    answers.extend([OSError("not here"), ConnectionError("no network")])
    with pytest.raises(ModelUnavailable, match="neither a folder here nor to be had") as caught:
        model_folder("no/such-model")
    assert calls == [True, False]
    assert caught.value.exit_status == 1


def test_counting_loads_no_torch() -> None:
    code = (
        "import sys; from rag.models.tokens import token_counter; token_counter(None).offsets('a');"
        "print([m for m in ('torch', 'transformers', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
