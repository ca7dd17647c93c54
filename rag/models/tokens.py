"""Counts the embedder's own tokens without loading torch."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import ModelUnavailable
from rag.models.bundled import BUNDLED_EMBEDDER, bundled_embedder_path

__all__ = ["EmbedderTokens", "hub_folder", "local_path", "model_folder", "placed", "token_counter"]

_DEFAULT_WINDOW = 256
_FILES = ("*.json", "*.txt", "*.safetensors")


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
    path = local_path(name)
    if path is not None and path.is_dir():
        return path
    return hub_folder(name, _FILES, "--embedder", _is_whole)


def local_path(name: str) -> Path | None:
    """The folder or file of that name, `~` for the home folder; None where nothing can be."""
    path = os.path.expanduser(name)  # noqa: PTH111 (pathlib raises where nobody has that name)
    return Path(path) if os.path.exists(path) else None  # noqa: PTH110 (it raises too)


def placed(name: str, base: Path) -> str:
    """The name as a model of it can be opened from here.

    An index names a folder as it was named where its sources are relative to, its `base`.
    """
    if name == BUNDLED_EMBEDDER or local_path(name) is not None:
        return name
    below = local_path(str(base / name))
    return name if below is None else str(below)


def _is_whole(folder: Path) -> bool:
    """Whether a folder fetched earlier holds what an embedder needs."""
    return any(folder.rglob("*.safetensors")) and (folder / "tokenizer.json").exists()


def hub_folder(
    name: str, wanted: Sequence[str], option: str, whole: Callable[[Path], bool] = lambda _: True
) -> Path:
    """The folder of a hub model: as fetched before, without asking the network, else fetched.

    `wanted` are the patterns of its files (never pickled weights), `option` is the flag that named
    it, and `whole` says whether what was fetched before will do. Raises `ModelUnavailable`.
    """
    from huggingface_hub import snapshot_download

    patterns = list(wanted)
    try:
        folder = Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
        if whole(folder):
            return folder
    except Exception:  # not fetched yet, or not a hub name: the next call says which
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=patterns))
    except Exception as error:  # network, hub and name errors come in many classes
        raise ModelUnavailable(
            f"The model {name!r} is neither a folder here nor to be had from the model hub now.",
            hint=f"Give the path of a local folder, or leave {option} out for the bundled model.",
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
