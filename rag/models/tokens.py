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
    return _from_hub(name)


def _from_hub(name: str) -> Path:
    """The folder of a hub model: as fetched before, without asking the network, else fetched.

    Pickled weights are never fetched.
    """
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", "*.safetensors"]
    try:
        folder = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        if any(folder.rglob("*.safetensors")) and (folder / "tokenizer.json").exists():
            return folder
    except Exception:  # not fetched yet, or not a hub name: the next call says which
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except Exception as error:  # network, hub and name errors come in many classes
        raise ModelUnavailable(
            f"The model {name!r} is neither a folder here nor to be had from the model hub now.",
            hint="Give the path of a local folder, or leave --embedder out for the bundled model.",
        ) from error


def _window(folder: Path) -> int:
    """The tokens that the embedder reads, specials included, as its own settings say."""
    sentence = _setting(folder / "sentence_bert_config.json", "max_seq_length")
    if sentence is not None:
        return sentence
    limits = (
        _setting(folder / "tokenizer_config.json", "model_max_length"),
        _setting(folder / "config.json", "max_position_embeddings"),
    )
    return min((n for n in limits if n is not None), default=_DEFAULT_WINDOW)


def _setting(path: Path, name: str) -> int | None:
    """A positive whole number of a settings file; libraries write 10**30 for "no limit"."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get(name)
    except (OSError, ValueError, AttributeError):
        return None
    return found if type(found) is int and 0 < found < 1_000_000 else None
