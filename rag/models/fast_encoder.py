"""The bundled kind of embedder run without padding, in bfloat16 where the processor has it.

A BERT that pools by the mean is a few products of matrices; run one text at a time, with weights
laid out beforehand, they keep a core as busy as a padded batch does, and each core has its own
text. A text's vector then depends on that text alone, bit for bit, whatever it is encoded with.
"""

from __future__ import annotations

import math
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from rag.models.processor import has_bfloat16
from rag.types import Span

__all__ = ["PackedEncoder", "packed_encoder"]

#: The least cosine to the plain vectors of `PROBES`; less, and the plain path is taken.
LIKENESS = 0.999
#: Between these a sum of exponentials has lost nothing to the ends of the number range.
SMALLEST, LARGEST = 1e-30, 1e38
PROBES = (
    "The harbour was closed on 3 May 2021.",
    "Who signed the agreement, and when? The ministers of both countries signed it in the evening "
    "of 14 March, after nine hours of talks; the text was published the day after.",
)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights: (packed matrix, bias) of each product, (weight, bias, eps) of each norm.

    `attended` makes queries, keys and values in one product; queries are scaled already.
    """

    attended: tuple[Any, Any]
    projected: tuple[Any, Any]
    widened: tuple[Any, Any]
    narrowed: tuple[Any, Any]
    norms: tuple[tuple[Any, Any, float], tuple[Any, Any, float]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's float32 (d,) vector and those of its parts, (parts, d), all L2-normalised."""

    vector: Any
    parts: Any


class PackedEncoder:
    """Encodes texts by the weights of a `BertModel`; to be had from `packed_encoder`."""

    def __init__(self, network: Any, tokenizer: Any, window: int, kind: Any) -> None:
        import torch

        self._torch = torch
        self._tokenizer, self._window, self._kind = tokenizer, window, kind
        self._heads = network.config.num_attention_heads
        self._linear = torch.ops.mkldnn._linear_pointwise.default
        self._add = torch.ops.mkldnn._linear_pointwise.binary
        self._ones = torch.ones((self._heads, window, 1), dtype=kind)
        with torch.inference_mode():
            embeddings = network.embeddings
            self._words = embeddings.word_embeddings.weight
            self._places = (
                embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
            )
            self._first_norm = _norm(embeddings.LayerNorm, torch.float32)
            self._layers = [_layer(at, self._heads, kind) for at in network.encoder.layer]
        self._pool: ThreadPoolExecutor | None = None

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
        results = self._workers().map(self._encode, [jobs[i] for i in order])
        for i, encoded in zip(order, results, strict=True):
            found[i] = encoded
            if progress is not None:
                progress(1)
        return [f for f in found if f is not None]

    def _workers(self) -> ThreadPoolExecutor:
        """As many threads as torch would use, each of them alone with its text."""
        if self._pool is None:
            count = max(1, self._torch.get_num_threads())
            started = threading.Barrier(count + 1)

            def start() -> None:
                self._torch.set_num_threads(1)
                # A thread that was never asked looks up what all others have when it first works.
                self._torch.get_num_threads()
                started.wait()

            self._pool = ThreadPoolExecutor(count, thread_name_prefix="encode", initializer=start)
            for _ in range(count):
                self._pool.submit(int)
            started.wait()
            # What a thread sets also holds for threads begun later; they are to have what was.
            self._torch.set_num_threads(count)
        return self._pool

    def _encode(self, job: tuple[list[int], list[tuple[int, int]], Sequence[Span]]) -> Encoded:
        ids, offsets, parts = job
        torch = self._torch
        with torch.inference_mode():
            tokens = self._forward(torch.tensor(ids))
            whole = torch.nn.functional.normalize(tokens.mean(0), dim=0)
            if not math.isfinite(float(whole[0])):
                raise ArithmeticError("a vector that is not finite")
            return Encoded(whole.numpy(), self._pooled(tokens, offsets, parts, whole).numpy())

    def _forward(self, ids: Any) -> Any:
        """float32 (t, d): the vectors of one text's tokens, int64 (t,)."""
        linear, add, norm = self._linear, self._add, self._torch.nn.functional.layer_norm
        shape = (self._words.shape[1],)
        x = self._words[ids].add_(self._places[: len(ids)])
        x = norm(x, shape, *self._first_norm).to(self._kind)
        for layer in self._layers:
            seen = self._attend(linear(x, *layer.attended, "none", [], ""))
            x = norm(add(seen, x, *layer.projected, "add"), shape, *layer.norms[0])
            wide = linear(x, *layer.widened, "gelu", [], "none")
            x = norm(add(wide, x, *layer.narrowed, "add"), shape, *layer.norms[1])
        return x.float()

    def _attend(self, made: Any) -> Any:
        """(t, d) from the queries, keys and values of one text, (t, 3d).

        Softmax mostly without the subtraction of the largest: weights are exponentials, and a
        column of ones among the values sums them up.
        """
        torch = self._torch
        length, size = len(made), made.shape[1] // (3 * self._heads)
        queries, keys, values = made.view(length, 3, self._heads, size).permute(1, 2, 0, 3)
        keys = keys.transpose(-1, -2)
        counted = torch.cat((values, self._ones[:, :length]), -1)
        summed = torch.bmm(torch.bmm(queries, keys).exp_(), counted)
        least, most = torch.aminmax(summed[..., size:])
        if not SMALLEST < least.item() <= most.item() < LARGEST:
            summed = torch.bmm(torch.softmax(torch.bmm(queries, keys), -1), counted)
        out = torch.empty((length, self._heads, size), dtype=self._kind)
        torch.div(summed[..., :size], summed[..., size:], out=out.transpose(0, 1))
        return out.view(length, self._heads * size)

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

    None where the model is no plain BERT on a processor, or this torch has not the products, or
    their vectors are not those of the model: it encodes `PROBES` both ways and compares.
    """
    import torch

    network = getattr(model[0], "auto_model", None)
    if (
        network is None
        or not _plain_bert(network)
        or window > network.config.max_position_embeddings
    ):
        return None
    kind = torch.bfloat16 if has_bfloat16(torch) else torch.float32
    try:
        encoder = PackedEncoder(network, model.tokenizer, window, kind)
        found = encoder.encode(PROBES, [()] * len(PROBES))
        plain = model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False)
    except (RuntimeError, AttributeError, ArithmeticError, NotImplementedError):
        # The products are no public part of torch: another build may lack or change them.
        return None
    likeness = [float(a.vector @ b) for a, b in zip(found, plain, strict=True)]
    return encoder if min(likeness) >= LIKENESS else None


def _plain_bert(network: Any) -> bool:
    from transformers import BertModel

    if type(network) is not BertModel or network.device.type != "cpu":
        return False
    config = network.config
    return (
        config.hidden_act == "gelu"
        and not config.is_decoder
        and not config.add_cross_attention
        and getattr(config, "position_embedding_type", "absolute") in (None, "absolute")
    )


def _layer(layer: Any, heads: int, kind: Any) -> _Layer:
    attention, output = layer.attention.self, layer.attention.output
    scale = (output.dense.weight.shape[1] // heads) ** -0.5
    pack = partial(_packed, kind=kind)
    return _Layer(
        attended=pack((attention.query, attention.key, attention.value), scale=scale),
        projected=pack((output.dense,)),
        widened=pack((layer.intermediate.dense,)),
        narrowed=pack((layer.output.dense,)),
        norms=(_norm(output.LayerNorm, kind), _norm(layer.output.LayerNorm, kind)),
    )


def _packed(linears: Sequence[Any], kind: Any, scale: float = 1.0) -> tuple[Any, Any]:
    """The matrices of products of one input, the first times `scale`, as oneDNN wants them."""
    import torch

    factors = (scale, *[1.0] * (len(linears) - 1))
    weight = torch.cat([f * part.weight for f, part in zip(factors, linears, strict=True)])
    bias = torch.cat([f * part.bias for f, part in zip(factors, linears, strict=True)])
    packed = torch.ops.mkldnn._reorder_linear_weight(weight.to(kind).contiguous(), 256)
    return packed, bias.to(kind)


def _norm(norm: Any, kind: Any) -> tuple[Any, Any, float]:
    return norm.weight.to(kind), norm.bias.to(kind), norm.eps
