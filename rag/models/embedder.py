"""Turns texts into vectors: the one adapter of sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import ModelUnavailable
from rag.models.bundled import BUNDLED_EMBEDDER, remembered_sha256
from rag.models.fast_encoder import PackedEncoder, packed_encoder
from rag.models.quiet import print_errors_only
from rag.models.tokens import model_folder
from rag.types import Span

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Embedder", "SentenceTransformerEmbedder", "load_embedder"]

BATCH = 32

#: With `plain` in this variable, passages too are encoded as sentence-transformers does it.
ENCODER = "RAG_ENCODER"


class Embedder(Protocol):
    """Texts to float32 vectors (n, `dimension`), L2-normalised, so that a dot is a cosine."""

    name: str
    revision: str
    dimension: int

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray: ...

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray: ...

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors of `texts`, and of each text those of its parts, (parts, `dimension`)."""
        ...


class SentenceTransformerEmbedder:
    """`Embedder` on a folder that sentence-transformers can load."""

    def __init__(self, folder: Path, name: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer

        print_errors_only()
        try:
            # The library would also take mps, npu and others, where its arithmetic is another.
            device = "cuda" if torch.cuda.is_available() else "cpu"
            self._model = SentenceTransformer(str(folder), device=device, local_files_only=True)
        except Exception as error:  # whatever a damaged folder makes the library raise
            raise ModelUnavailable(
                f"The embedder {name!r} in {folder} cannot be loaded: {type(error).__name__}.",
                hint="It has to be a folder that sentence-transformers can load.",
            ) from error
        self.name = name
        self.revision = _revision(folder)
        self.dimension = _dimension(self._model)
        self._late = _pools_by_mean(self._model) and not _prompts(folder)
        self._packed: PackedEncoder | None = None
        self._asked = os.environ.get(ENCODER) == "plain"

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, d), L2-normalised, with the model's query prompt where it has one."""
        return self._float32(self._model.encode_query(list(texts), **self._options()))

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """float32 (n, d), L2-normalised; `progress` hears of each batch done."""
        import numpy as np

        packed = self._fast()
        if packed is not None and texts:
            with suppress(ArithmeticError):
                encoded = packed.encode(texts, [()] * len(texts), progress)
                return np.stack([one.vector for one in encoded])
        # Sorted by length, so that a batch is padded little.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = self._model.encode_document([texts[i] for i in chosen], **self._options())
            vectors[chosen] = self._float32(batch)
            if progress is not None:
                progress(len(chosen))
        return vectors

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Texts and their parts, all float32 and L2-normalised, mostly in one pass.

        A part's vector is the mean of its tokens as they stand in the text ("late chunking",
        Günther et al. 2024): it costs nothing and knows what surrounds it. A model that pools its
        tokens otherwise, or puts a prompt before the text, encodes each part on its own.
        """
        if not self._late:
            return self.encode_passages(texts), [
                self.encode_passages([span.of(text) for span in spans])
                for text, spans in zip(texts, parts, strict=True)
            ]
        import numpy as np

        packed = self._fast()
        if packed is not None and texts:
            with suppress(ArithmeticError):
                encoded = packed.encode(texts, parts)
                return np.stack([one.vector for one in encoded]), [one.parts for one in encoded]
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        pooled = [np.zeros((0, self.dimension), dtype=np.float32)] * len(texts)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = [texts[i] for i in chosen]
            encoded = self._model.encode_document(
                batch, output_value=None, show_progress_bar=False, batch_size=BATCH
            )
            offsets = self._offsets(batch)
            for i, found, places in zip(chosen, encoded, offsets, strict=True):
                whole = self._float32(found["sentence_embedding"].cpu())
                vectors[i] = whole / max(float(np.linalg.norm(whole)), 1e-12)
                tokens = self._float32(found["token_embeddings"].cpu())
                pooled[i] = _pooled(tokens, places, parts[i], vectors[i])
        return vectors, pooled

    def _fast(self) -> PackedEncoder | None:
        """The encoder without padding, where it fits the model; made when first needed.

        Questions never ask for it, so that the first answer does not wait for it.
        """
        if not self._asked:
            self._asked = True
            if self._late:
                self._packed = packed_encoder(self._model, int(self._model.max_seq_length))
        return self._packed

    def _offsets(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        """The tokens' code-point offsets; (0, 0) for those that stand for no text."""
        tokens = self._model.tokenizer(
            texts,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
        )
        return [[(a, b) for a, b in offsets] for offsets in tokens["offset_mapping"]]

    @staticmethod
    def _options() -> dict[str, object]:
        return {
            "normalize_embeddings": True,
            "show_progress_bar": False,
            "batch_size": BATCH,
            "convert_to_numpy": True,
        }

    @staticmethod
    def _float32(vectors: object) -> np.ndarray:
        import numpy as np

        return np.ascontiguousarray(vectors, dtype=np.float32)


def load_embedder(name: str | None) -> SentenceTransformerEmbedder:
    """Loads the bundled embedder (None), a local folder or a hub id; else `ModelUnavailable`."""
    folder = model_folder(name)
    return SentenceTransformerEmbedder(folder, name or BUNDLED_EMBEDDER)


def _pooled(
    tokens: np.ndarray, places: Sequence[tuple[int, int]], parts: Sequence[Span], whole: np.ndarray
) -> np.ndarray:
    """float32 (parts, d): the mean of each part's tokens; `whole` for a part that was cut off."""
    import numpy as np

    begins = np.array([a for a, _ in places])
    ends = np.array([b for _, b in places])
    vectors = np.zeros((len(parts), len(whole)), dtype=np.float32)
    for i, span in enumerate(parts):
        inside = (begins < span.end) & (ends > span.start) & (ends > begins)
        mean = tokens[: len(places)][inside].mean(axis=0) if inside.any() else whole
        vectors[i] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return vectors


def _pools_by_mean(model: Any) -> bool:
    """Whether a text's vector is the mean of its tokens' vectors, with nothing learned after."""
    configs = [m.get_config_dict() for m in model if hasattr(m, "get_config_dict")]
    # Two versions of the library's settings.
    mean = any(
        c.get("pooling_mode") == "mean" or c.get("pooling_mode_mean_tokens") for c in configs
    )
    learned = any("Dense" in type(m).__name__ for m in model)
    return mean and not learned and bool(getattr(model.tokenizer, "is_fast", False))


def _dimension(model: Any) -> int:
    """The length of the model's vectors; older versions of the library call it otherwise."""
    ask = getattr(model, "get_embedding_dimension", None)
    return int((ask or model.get_sentence_embedding_dimension)() or 0)


def _revision(folder: Path) -> str:
    """What tells two versions of a model apart: the start of its weights' sha256.

    Prompts go in front of what is encoded, so a model that has some is told apart by them too.
    """
    weights = sorted(p for p in folder.glob("*.safetensors") if p.is_file())
    weights = weights or sorted(folder.rglob("*.safetensors"))
    if not weights:
        return f"files-{sum(p.stat().st_size for p in folder.rglob('*') if p.is_file())}"
    found = [remembered_sha256(p) for p in weights]
    told = found[0] if len(found) == 1 else hashlib.sha256("".join(found).encode()).hexdigest()
    prompts = _prompts(folder)
    if not prompts:
        return told[:12]
    return f"{told[:12]}-{hashlib.sha256(prompts.encode()).hexdigest()[:6]}"


def _prompts(folder: Path) -> str:
    """The prompts of a model as one string; empty where it has none."""
    try:
        text = (folder / "config_sentence_transformers.json").read_text(encoding="utf-8")
        prompts = json.loads(text).get("prompts")
    except (OSError, ValueError, AttributeError):
        return ""
    if not isinstance(prompts, dict) or not any(prompts.values()):
        return ""
    return json.dumps(prompts, sort_keys=True)
