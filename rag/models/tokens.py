"""Counts the embedder's own tokens without loading torch."""

from __future__ import annotations

import json
from pathlib import Path

from rag.errors import ModelUnavailable
from rag.models.bundled import BUNDLED_EMBEDDER, bundled_embedder_path

__all__ = ["EmbedderTokens", "model_folder", "token_counter"]

_DEFAULT_WINDOW = 256


class EmbedderTokens:
    """`TokenCounter` on a folder with `tokenizer.json`; `window` leaves room for the specials."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises plain Exception
            raise ModelUnavailable(f"There is no readable tokenizer.json in {folder}.") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        specials = self._tokenizer.num_special_tokens_to_add(False)
        self.window = _window(folder) - specials

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Half-open code-point offsets of the tokens of `text`, in order."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [(start, end) for start, end in encoding.offsets]


def token_counter(name: str | None) -> EmbedderTokens:
    """The counter that goes with an embedder; `ModelUnavailable` where it is not at hand."""
    return EmbedderTokens(model_folder(name))


def model_folder(name: str | None) -> Path:
    """The local folder of an embedder: bundled, a folder, or a hub id (fetched or cached)."""
    if name is None or name == BUNDLED_EMBEDDER:
        return bundled_embedder_path()
    path = Path(name)
    if path.is_dir():
        return path
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.txt", "*.safetensors"]))
    except Exception as error:  # network, hub and name errors come in many classes
        raise ModelUnavailable(
            f"The model {name!r} is neither a folder here nor to be had from the model hub now.",
            hint="Give the path of a local folder, or leave --embedder out for the bundled model.",
        ) from error


def _window(folder: Path) -> int:
    try:
        settings = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _DEFAULT_WINDOW
    return int(settings.get("max_seq_length") or _DEFAULT_WINDOW)
