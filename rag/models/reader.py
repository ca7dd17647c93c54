"""The trained reader: one cross-encoder that ranks, finds the span and knows when there is none.

The only file, with the embedder's, that imports torch and transformers; both on first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import ModelUnavailable
from rag.models.bundled import check_sha256
from rag.models.processor import has_bfloat16

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CrossEncoder", "PassageReading", "SpanModel", "bundled_reader_path", "load_reader"]

#: Tokens of question and passage together; a passage of the chunker's size fits.
MAX_TOKENS = 320
BUNDLED_SHA256 = "643d59e7f9c55815412b7808d97f21486f09474b0ce7d1c4766b6b2eb22fd7a4"
BATCH = 16


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the model says of one (question, passage) pair.

    `answerable` is a logit: above zero, the passage more likely answers than not. `starts` and
    `ends` are float32 (t,) logits of the passage's tokens, `null` the score of "no span here",
    `offsets` their half-open code-point offsets into the passage's text.
    """

    answerable: float
    null: float
    starts: np.ndarray
    ends: np.ndarray
    offsets: tuple[tuple[int, int], ...]


class SpanModel(Protocol):
    """Reads a question against passages, all pairs in one call."""

    name: str

    def read(self, question: str, passages: Sequence[str]) -> list[PassageReading]: ...


def network(config: Any) -> Any:
    """The untrained network: a BERT encoder, a span head and an answerability head.

    Span logits are (batch, tokens, 2); the answerability logit, read off the first token, (batch,).
    """
    from torch import nn
    from transformers import BertModel, BertPreTrainedModel

    class ReaderNetwork(BertPreTrainedModel):  # type: ignore[misc]
        def __init__(self, config: Any) -> None:
            super().__init__(config)
            self.bert = BertModel(config, add_pooling_layer=False)
            self.qa_outputs = nn.Linear(config.hidden_size, 2)
            self.answerable = nn.Linear(config.hidden_size, 1)
            self.post_init()

        def forward(self, **inputs: Any) -> tuple[Any, Any]:
            hidden = self.bert(**inputs).last_hidden_state
            return self.qa_outputs(hidden), self.answerable(hidden[:, 0])[:, 0]

    return ReaderNetwork if config is None else ReaderNetwork(config)


class CrossEncoder:
    """`SpanModel` on a folder that holds the trained network and its tokenizer."""

    def __init__(self, folder: Path, name: str) -> None:
        import torch
        from transformers import AutoTokenizer

        self.name = name
        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = network(None).from_pretrained(folder, local_files_only=True)
        self._model = model.float().eval()

    @classmethod
    def of(cls, model: Any, tokenizer: Any, name: str) -> CrossEncoder:
        """A reader on a network in memory, for instance one that is being trained."""
        import torch

        reader = cls.__new__(cls)
        reader.name, reader._torch = name, torch
        reader._tokenizer, reader._model = tokenizer, model
        return reader

    def read(self, question: str, passages: Sequence[str]) -> list[PassageReading]:
        """One reading a passage, in the order given; pairs of like length share a batch."""
        order = sorted(range(len(passages)), key=lambda i: len(passages[i]))
        readings: list[PassageReading | None] = [None] * len(passages)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = self._read_batch(question, [passages[i] for i in chosen])
            for i, reading in zip(chosen, batch, strict=True):
                readings[i] = reading
        return [r for r in readings if r is not None]

    def _read_batch(self, question: str, passages: list[str]) -> list[PassageReading]:
        torch = self._torch
        tokens = self._tokenizer(
            [question] * len(passages),
            passages,
            truncation="only_second",
            max_length=MAX_TOKENS,
            padding=True,
            return_offsets_mapping=True,
            return_token_type_ids=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping").tolist()
        device = self._model.device
        half = torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_bfloat16(torch))
        with torch.inference_mode(), half:
            spans, answerable = self._model(**tokens.to(device))
        readings = []
        for i in range(len(passages)):
            places = [k for k, part in enumerate(tokens.sequence_ids(i)) if part == 1]
            logits = spans[i].float().cpu()
            readings.append(
                PassageReading(
                    answerable=float(answerable[i]),
                    null=float(logits[0].sum()),
                    starts=logits[places, 0].numpy(),
                    ends=logits[places, 1].numpy(),
                    offsets=tuple((offsets[i][k][0], offsets[i][k][1]) for k in places),
                )
            )
        return readings


def bundled_reader_path() -> Path | None:
    """The folder of the reader that ships with this package; None where it was left out.

    Raises `ModelUnavailable` where its weights are not the ones that were shipped.
    """
    folder = Path(__file__).resolve().parents[1] / "data" / "reader"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return None
    check_sha256(weights, BUNDLED_SHA256)
    return folder


def load_reader(folder: str | Path) -> CrossEncoder:
    """Loads a trained reader from a folder; `ModelUnavailable` when it holds none."""
    path = Path(folder)
    if not (path / "model.safetensors").is_file() or not (path / "config.json").is_file():
        raise ModelUnavailable(
            f"There is no trained reader in {path}.",
            hint="It needs model.safetensors, config.json and tokenizer.json.",
        )
    return CrossEncoder(path, path.name)
