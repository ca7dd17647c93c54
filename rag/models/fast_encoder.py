"""The bundled kind of embedder, a BERT that pools by the mean, on `PackedBert`."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rag.models.packed_bert import PackedBert, packed_bert
from rag.types import Span

__all__ = ["PackedEncoder", "packed_encoder"]

#: The least cosine to the plain vectors of `PROBES`; less, and the plain path is taken.
LIKENESS = 0.999
PROBES = (
    "The harbour was closed on 3 May 2021.",
    "Who signed the agreement, and when? The ministers of both countries signed it in the evening "
    "of 14 March, after nine hours of talks; the text was published the day after.",
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's float32 (d,) vector and those of its parts, (parts, d), all L2-normalised."""

    vector: Any
    parts: Any


class PackedEncoder:
    """Encodes texts by the weights of a `BertModel`; to be had from `packed_encoder`."""

    def __init__(self, bert: PackedBert, tokenizer: Any, window: int) -> None:
        import torch

        self._torch = torch
        self._bert, self._tokenizer, self._window = bert, tokenizer, window

    def encode(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[Encoded]:
        """Vectors of texts and of their parts, in order; `progress` hears of each text done.

        A part's vector is the mean of the tokens that touch it, the text's own where none does.
        Raises `ArithmeticError` where numbers outgrow the arithmetic; the plain path takes those.
        """
        if not texts:
            return []
        tokens = self._tokenizer(
            list(texts), truncation=True, max_length=self._window, return_offsets_mapping=True
        )
        jobs = list(zip(tokens["input_ids"], tokens["offset_mapping"], parts, strict=True))
        # Longest first, so that the cores end together.
        order = sorted(range(len(jobs)), key=lambda i: -len(jobs[i][0]))
        found: list[Encoded | None] = [None] * len(jobs)
        results = self._bert.each(self._encode, [jobs[i] for i in order])
        for i, encoded in zip(order, results, strict=True):
            found[i] = encoded
            if progress is not None:
                progress(1)
        return [f for f in found if f is not None]

    def _encode(self, job: tuple[list[int], list[tuple[int, int]], Sequence[Span]]) -> Encoded:
        ids, offsets, parts = job
        torch = self._torch
        with torch.inference_mode():
            tokens = self._bert.hidden(torch.tensor(ids))
            whole = torch.nn.functional.normalize(tokens.mean(0), dim=0)
            if not math.isfinite(float(whole[0])):
                raise ArithmeticError("a vector that is not finite")
            return Encoded(whole.numpy(), self._pooled(tokens, offsets, parts, whole).numpy())

    def _pooled(
        self,
        tokens: Any,
        offsets: Sequence[tuple[int, int]],
        parts: Sequence[Span],
        whole: Any,
    ) -> Any:
        """float32 (parts, d): the mean of each part's tokens; `whole` for one that was cut off."""
        torch = self._torch
        if not parts:
            return torch.zeros((0, len(whole)))
        # Those that stand for no text are (0, 0).
        real = [i for i, (begin, end) in enumerate(offsets) if end > begin]
        begins = [offsets[i][0] for i in real]
        ends = [offsets[i][1] for i in real]
        rows = []
        for part in parts:
            first, last = bisect_right(ends, part.start), bisect_left(begins, part.end)
            inside = tokens[real[first] : real[last - 1] + 1] if first < last else None
            rows.append(whole if inside is None else inside.mean(0))
        return torch.nn.functional.normalize(torch.stack(rows), dim=1)


def packed_encoder(model: Any, window: int) -> PackedEncoder | None:
    """An encoder by the weights of a sentence-transformers model that pools by the mean.

    None where `packed_bert` has none for it, or its vectors are not those of the model: it
    encodes `PROBES` both ways and compares.
    """
    bert = packed_bert(getattr(model[0], "auto_model", None), window)
    if bert is None:
        return None
    encoder = PackedEncoder(bert, model.tokenizer, window)
    try:
        found = encoder.encode(PROBES, [()] * len(PROBES))
        plain = model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False)
    except (RuntimeError, AttributeError, ArithmeticError, NotImplementedError):
        return None
    likeness = [float(a.vector @ b) for a, b in zip(found, plain, strict=True)]
    return encoder if min(likeness) >= LIKENESS else None
